//! The table `orders`: an order with its one line.

use db::{Row, values};
use domain::ids::{OrderId, OrganisationId, ProductId};
use domain::ordering::{
    CancelCause, Consent, FailureReason, Order, OrderLine, OrderNumber, OrderState, OrderType, StateCode,
};
use domain::pricing::TrialDays;
use domain::quantity::Count;
use domain::time::{Timestamp, to_millisecond};

use crate::decode::{Suspect, to_json};
use crate::{StoreError, Tx};

/// The unique rule by which a buyer's key names one order.
pub const ONE_KEY: &str = "orders_buyer_client_key_unique";
/// The unique rule of order numbers.
pub const ONE_NUMBER: &str = "orders_number_unique";
/// The unique rule by which a buyer tries a product once.
pub const ONE_TRIAL: &str = "orders_trial_once_unique";

/// Writes a new order. Awaited, because who draws the number must hear of [`ONE_NUMBER`] here.
pub async fn insert(tx: &mut Tx, order: &Order) -> Result<(), StoreError> {
    let (line, facts) = (&order.line, StateColumns::of(&order.state));
    let trial_days = match order.order_type {
        OrderType::New => None,
        OrderType::Trial { days } => Some(i64::from(days.get())),
    };
    tx.execute(
        "INSERT INTO orders (id, number, buyer, placed_by, client_key, content, order_type, trial_days, product,
           product_slug, product_name, product_logo, specification, specification_name, seller, seller_name,
           interface_address, support, period, count, periods, unit_price_minor, total_minor, currency, handed_over,
           agreement, placed_at, state, pending_until, canceled_at, canceled_by, paid_at, completed_at, failed_at,
           failed_for)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
           $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35)",
        values![
            order.id.to_string(),
            order.number.as_str(),
            order.buyer.to_string(),
            order.placed_by.to_string(),
            &order.client_key,
            &order.content,
            order.order_type.code(),
            trial_days,
            line.product.to_string(),
            &line.product_slug,
            to_json(&line.product_name),
            line.product_logo.map(|logo| logo.to_string()),
            line.specification.to_string(),
            to_json(&line.specification_name),
            line.seller.to_string(),
            &line.seller_name,
            line.interface_address.to_string(),
            to_json(&line.support),
            line.period.code(),
            line.count.get(),
            line.periods,
            line.unit_price.minor(),
            order.total.minor(),
            order.total.currency().code(),
            to_json(&order.consent.handed_over),
            order.consent.agreement.clone(),
            to_millisecond(order.placed_at),
            facts.state,
            facts.pending_until,
            facts.canceled_at,
            facts.canceled_by,
            facts.paid_at,
            facts.completed_at,
            facts.failed_at,
            facts.failed_for,
        ],
    )
    .await?;
    Ok(())
}

/// Writes how far the order has come. Read it with [`lock`] before.
pub async fn save_state(tx: &mut Tx, order: &Order) -> Result<(), StoreError> {
    let facts = StateColumns::of(&order.state);
    tx.execute(
        "UPDATE orders SET state = $2, pending_until = $3, canceled_at = $4, canceled_by = $5, paid_at = $6,
           completed_at = $7, failed_at = $8, failed_for = $9 WHERE id = $1",
        values![
            order.id.to_string(),
            facts.state,
            facts.pending_until,
            facts.canceled_at,
            facts.canceled_by,
            facts.paid_at,
            facts.completed_at,
            facts.failed_at,
            facts.failed_for,
        ],
    )
    .await?;
    Ok(())
}

/// The order.
pub async fn find(tx: &mut Tx, id: OrderId) -> Result<Option<Order>, StoreError> {
    let row = tx.query_optional("SELECT * FROM orders WHERE id = $1", values![id.to_string()]).await?;
    row.as_ref().map(decode).transpose()
}

/// The order, and nobody else changes it until this transaction ends.
pub async fn lock(tx: &mut Tx, id: OrderId) -> Result<Option<Order>, StoreError> {
    let row = tx
        .query_optional(concat!("SELECT * FROM orders WHERE id = $1", db::for_update!()), values![id.to_string()])
        .await?;
    row.as_ref().map(decode).transpose()
}

/// The order by the number that people say.
pub async fn find_by_number(tx: &mut Tx, number: &OrderNumber) -> Result<Option<Order>, StoreError> {
    let row = tx.query_optional("SELECT * FROM orders WHERE number = $1", values![number.as_str()]).await?;
    row.as_ref().map(decode).transpose()
}

/// The order that a buyer placed under its key.
pub async fn find_by_key(tx: &mut Tx, buyer: OrganisationId, key: &str) -> Result<Option<Order>, StoreError> {
    let row = tx
        .query_optional("SELECT * FROM orders WHERE buyer = $1 AND client_key = $2", values![buyer.to_string(), key])
        .await?;
    row.as_ref().map(decode).transpose()
}

/// Whether the buyer has tried the product, or is trying it.
pub async fn has_trial(tx: &mut Tx, buyer: OrganisationId, product: ProductId) -> Result<bool, StoreError> {
    let row = tx
        .query_optional(
            "SELECT id FROM orders WHERE buyer = $1 AND product = $2 AND order_type = 'trial' AND state <> 'failed' LIMIT 1",
            values![buyer.to_string(), product.to_string()],
        )
        .await?;
    Ok(row.is_some())
}

/// Which orders a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this buyer's.
    pub buyer: Option<OrganisationId>,
    /// Only this seller's.
    pub seller: Option<OrganisationId>,
    /// Only those in this state.
    pub state: Option<StateCode>,
    /// Only those older than this one.
    pub before: Option<OrderId>,
}

/// Orders, newest first.
pub async fn list(tx: &mut Tx, filter: Filter, most: u32) -> Result<Vec<Order>, StoreError> {
    let text = |id: Option<String>| id.unwrap_or_default();
    let rows = tx
        .query(
            "SELECT * FROM orders WHERE ($1 = '' OR buyer = $1) AND ($2 = '' OR seller = $2)
               AND ($3 = '' OR state = $3) AND ($4 = '' OR id < $4) ORDER BY id DESC LIMIT $5",
            values![
                text(filter.buyer.map(|id| id.to_string())),
                text(filter.seller.map(|id| id.to_string())),
                filter.state.map_or("", StateCode::code),
                text(filter.before.map(|id| id.to_string())),
                most,
            ],
        )
        .await?;
    rows.iter().map(decode).collect()
}

/// The orders of a product that failed because its system did not deliver, within this span, the latest first.
pub async fn failed_of_product(
    tx: &mut Tx,
    product: ProductId,
    (from, until): (Timestamp, Timestamp),
    most: u32,
) -> Result<Vec<Order>, StoreError> {
    let rows = tx
        .query(
            "SELECT * FROM orders WHERE product = $1 AND failed_at >= $2 AND failed_at < $3 AND failed_for = 'not_delivered'
             ORDER BY failed_at DESC, id DESC LIMIT $4",
            values![product.to_string(), to_millisecond(from), to_millisecond(until), most],
        )
        .await?;
    rows.iter().map(decode).collect()
}

struct StateColumns {
    state: &'static str,
    pending_until: Option<i64>,
    canceled_at: Option<i64>,
    canceled_by: Option<&'static str>,
    paid_at: Option<i64>,
    completed_at: Option<i64>,
    failed_at: Option<i64>,
    failed_for: Option<&'static str>,
}

impl StateColumns {
    fn of(state: &OrderState) -> StateColumns {
        let none = StateColumns {
            state: state.code().code(),
            pending_until: None,
            canceled_at: None,
            canceled_by: None,
            paid_at: None,
            completed_at: None,
            failed_at: None,
            failed_for: None,
        };
        let ms = |at| Some(to_millisecond(at));
        match *state {
            OrderState::PendingPayment { until } => StateColumns { pending_until: ms(until), ..none },
            OrderState::Canceled { at, cause } => {
                StateColumns { canceled_at: ms(at), canceled_by: Some(cause.code()), ..none }
            }
            OrderState::Processing { paid_at } => StateColumns { paid_at: ms(paid_at), ..none },
            OrderState::Completed { paid_at, at } => {
                StateColumns { paid_at: ms(paid_at), completed_at: ms(at), ..none }
            }
            OrderState::Failed { paid_at, at, reason } => {
                StateColumns { paid_at: ms(paid_at), failed_at: ms(at), failed_for: Some(reason.code()), ..none }
            }
        }
    }
}

fn decode(row: &Row) -> Result<Order, StoreError> {
    let row = Suspect::new("orders", row)?;
    let count = Count::kept(row.count("count")?).ok_or_else(|| row.corrupt("count is out of range"))?;
    Ok(Order {
        id: row.id("id")?,
        number: row.parsed("number")?,
        buyer: row.id("buyer")?,
        placed_by: row.id("placed_by")?,
        client_key: row.text("client_key")?,
        content: row.text("content")?,
        order_type: decode_type(&row)?,
        line: OrderLine {
            product: row.id("product")?,
            product_slug: row.text("product_slug")?,
            product_name: row.json("product_name")?,
            product_logo: row.optional_parsed("product_logo")?,
            specification: row.id("specification")?,
            specification_name: row.json("specification_name")?,
            seller: row.id("seller")?,
            seller_name: row.text("seller_name")?,
            interface_address: row.id("interface_address")?,
            support: row.json("support")?,
            period: row.parsed("period")?,
            count,
            periods: row.count("periods")?,
            unit_price: row.money("unit_price_minor", "currency")?,
        },
        total: row.money("total_minor", "currency")?,
        consent: Consent { handed_over: row.json("handed_over")?, agreement: row.optional_text("agreement")? },
        placed_at: row.instant("placed_at")?,
        state: decode_state(&row)?,
    })
}

fn decode_type(row: &Suspect<'_>) -> Result<OrderType, StoreError> {
    let days = row.optional_number("trial_days")?;
    match (row.text("order_type")?.as_str(), days) {
        ("new", None) => Ok(OrderType::New),
        ("trial", Some(days)) => {
            let days = u32::try_from(days).ok().and_then(TrialDays::new);
            days.map(|days| OrderType::Trial { days }).ok_or_else(|| row.corrupt("trial_days is out of range"))
        }
        (other, _) => Err(row.corrupt(format_args!("type {other} does not fit its days"))),
    }
}

/// Every row that is not exactly one of the five states is refused; the table's CHECK says the same.
fn decode_state(row: &Suspect<'_>) -> Result<OrderState, StoreError> {
    let facts = (
        row.parsed::<StateCode>("state")?,
        row.optional_instant("pending_until")?,
        (row.optional_instant("canceled_at")?, row.optional_parsed::<CancelCause>("canceled_by")?),
        row.optional_instant("paid_at")?,
        row.optional_instant("completed_at")?,
        (row.optional_instant("failed_at")?, row.optional_parsed::<FailureReason>("failed_for")?),
    );
    match facts {
        (StateCode::PendingPayment, Some(until), (None, None), None, None, (None, None)) => {
            Ok(OrderState::PendingPayment { until })
        }
        (StateCode::Canceled, None, (Some(at), Some(cause)), None, None, (None, None)) => {
            Ok(OrderState::Canceled { at, cause })
        }
        (StateCode::Processing, None, (None, None), Some(paid_at), None, (None, None)) => {
            Ok(OrderState::Processing { paid_at })
        }
        (StateCode::Completed, None, (None, None), Some(paid_at), Some(at), (None, None)) => {
            Ok(OrderState::Completed { paid_at, at })
        }
        (StateCode::Failed, None, (None, None), Some(paid_at), None, (Some(at), Some(reason))) => {
            Ok(OrderState::Failed { paid_at, at, reason })
        }
        (state, ..) => Err(row.corrupt(format_args!("the facts do not fit the state {}", state.code()))),
    }
}
