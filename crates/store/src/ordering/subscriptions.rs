//! The table `subscriptions`: what a buyer has, with the sealed access data.

use db::{Row, values};
use domain::ids::{InstanceId, InterfaceAddressId, OrderId, OrganisationId, SubscriptionId};
use domain::ordering::{Subscription, SubscriptionState, SubscriptionStateCode};
use domain::time::{Timestamp, to_millisecond};

use crate::decode::Suspect;
use crate::{StoreError, Tx};

/// The unique rule by which a seller's instance belongs to one subscription.
pub const ONE_INSTANCE: &str = "subscriptions_seller_instance_unique";

/// Access data as it lies in the table: sealed by the vault under `subscriptions` and the row's id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedAccess {
    /// Addresses, user name and note; column `access_sealed`.
    pub access: String,
    /// The first password; column `password_sealed`.
    pub password: Option<String>,
    /// When the seller said so.
    pub at: Timestamp,
}

/// Writes a new subscription, without access data.
pub fn insert(tx: &mut Tx, subscription: &Subscription) -> Result<(), StoreError> {
    let facts = StateColumns::of(&subscription.state);
    tx.execute_later(
        "INSERT INTO subscriptions (id, order_id, buyer, seller, created_at, state, instance, active_since,
           active_until, not_delivered_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            subscription.id.to_string(),
            subscription.order.to_string(),
            subscription.buyer.to_string(),
            subscription.seller.to_string(),
            to_millisecond(subscription.created_at),
            facts.state,
            facts.instance,
            facts.since,
            facts.until,
            facts.not_delivered_at,
        ],
    )?;
    Ok(())
}

/// Writes how far it has come. Read it with [`lock`] before.
pub async fn save_state(tx: &mut Tx, subscription: &Subscription) -> Result<(), StoreError> {
    let facts = StateColumns::of(&subscription.state);
    tx.execute_later(
        "UPDATE subscriptions SET state = $2, instance = $3, active_since = $4, active_until = $5,
           not_delivered_at = $6 WHERE id = $1",
        values![
            subscription.id.to_string(),
            facts.state,
            facts.instance,
            facts.since,
            facts.until,
            facts.not_delivered_at,
        ],
    )?;
    Ok(())
}

/// Keeps what the seller said about getting in; replaces what was said before.
pub async fn save_access(tx: &mut Tx, id: SubscriptionId, access: &SealedAccess) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE subscriptions SET access_sealed = $2, password_sealed = $3, access_at = $4 WHERE id = $1",
        values![id.to_string(), &access.access, access.password.clone(), to_millisecond(access.at)],
    )
    .await?;
    Ok(())
}

/// What the seller said about getting in, still sealed.
pub async fn access(tx: &mut Tx, id: SubscriptionId) -> Result<Option<SealedAccess>, StoreError> {
    let row = tx
        .query_optional(
            "SELECT id, access_sealed, password_sealed, access_at FROM subscriptions WHERE id = $1",
            values![id.to_string()],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let row = Suspect::new("subscriptions", &row)?;
    match (
        row.optional_text("access_sealed")?,
        row.optional_text("password_sealed")?,
        row.optional_instant("access_at")?,
    ) {
        (Some(access), password, Some(at)) => Ok(Some(SealedAccess { access, password, at })),
        (None, None, None) => Ok(None),
        _ => Err(row.corrupt("access data without a time")),
    }
}

/// The subscription.
pub async fn find(tx: &mut Tx, id: SubscriptionId) -> Result<Option<Subscription>, StoreError> {
    let row = tx.query_optional("SELECT * FROM subscriptions WHERE id = $1", values![id.to_string()]).await?;
    row.as_ref().map(decode).transpose()
}

/// The subscription, and nobody else changes it until this transaction ends.
pub async fn lock(tx: &mut Tx, id: SubscriptionId) -> Result<Option<Subscription>, StoreError> {
    let row = tx
        .query_optional(
            concat!("SELECT * FROM subscriptions WHERE id = $1", db::for_update!()),
            values![id.to_string()],
        )
        .await?;
    row.as_ref().map(decode).transpose()
}

/// The subscription that an order brought.
pub async fn of_order(tx: &mut Tx, order: OrderId) -> Result<Option<Subscription>, StoreError> {
    let row = tx.query_optional("SELECT * FROM subscriptions WHERE order_id = $1", values![order.to_string()]).await?;
    row.as_ref().map(decode).transpose()
}

/// The subscription that a seller's instance belongs to.
pub async fn of_instance(
    tx: &mut Tx,
    seller: OrganisationId,
    instance: &InstanceId,
) -> Result<Option<Subscription>, StoreError> {
    let row = tx
        .query_optional(
            "SELECT * FROM subscriptions WHERE seller = $1 AND instance = $2",
            values![seller.to_string(), instance.as_str()],
        )
        .await?;
    row.as_ref().map(decode).transpose()
}

/// So many instances are looked for at once.
pub const MOST_INSTANCES: usize = 50;

/// So many subscriptions of one name are looked at when nobody says whose it is: as many sellers as may use it.
pub const MOST_OF_A_NAME: u32 = 100;

macro_rules! of_names {
    ($first:literal $(, $place:literal)*) => {
        concat!(
            "SELECT o.interface_address AS id FROM (", of_names!(@one $first), $(" UNION ALL ", of_names!(@one $place),)*
            ") AS named JOIN orders o ON o.id = named.order_id
             GROUP BY o.interface_address ORDER BY COUNT(DISTINCT named.instance) DESC, o.interface_address LIMIT $1"
        )
    };
    (@one $place:literal) => {
        concat!("SELECT * FROM (SELECT order_id, instance FROM subscriptions WHERE instance = ", $place, " LIMIT $2) AS one")
    };
}

/// Each name by itself, so that no name costs more than [`MOST_OF_A_NAME`] rows.
const OF_ANYONE: &str = of_names!(
    "$3", "$4", "$5", "$6", "$7", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$16", "$17", "$18", "$19",
    "$20", "$21", "$22", "$23", "$24", "$25", "$26", "$27", "$28", "$29", "$30", "$31", "$32", "$33", "$34", "$35",
    "$36", "$37", "$38", "$39", "$40", "$41", "$42", "$43", "$44", "$45", "$46", "$47", "$48", "$49", "$50", "$51",
    "$52"
);

/// A seller has each name once, so this reads no more rows than names.
const OF_A_SELLER: &str = "SELECT o.interface_address AS id FROM subscriptions s JOIN orders o ON o.id = s.order_id
     WHERE s.seller = $2 AND s.instance IN
       ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
        $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43,
        $44, $45, $46, $47, $48, $49, $50, $51, $52)
     GROUP BY o.interface_address ORDER BY COUNT(DISTINCT s.instance) DESC, o.interface_address LIMIT $1";

/// The interface addresses that serve instances of these names, those that serve most of them first: of `seller`, or
/// whoever's they are, because several sellers may use one name. More instances than [`MOST_INSTANCES`] are not looked for, and of
/// a name that more sellers use than [`MOST_OF_A_NAME`] only so many.
pub async fn addresses_of_instances(
    tx: &mut Tx,
    instances: &[InstanceId],
    seller: Option<OrganisationId>,
    most: usize,
) -> Result<Vec<InterfaceAddressId>, StoreError> {
    if instances.is_empty() {
        return Ok(Vec::new());
    }
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let (sql, mut values) = match seller {
        Some(seller) => (OF_A_SELLER, values![most, seller.to_string()]),
        None => (OF_ANYONE, values![most, MOST_OF_A_NAME]),
    };
    // The statement has a place for each; nothing equals what is left over.
    let names = instances.iter().map(|name| Some(name.to_string())).chain(std::iter::repeat(None));
    values.extend(names.take(MOST_INSTANCES).map(db::Value::from));
    let rows = tx.query(sql, values).await?;
    rows.iter().map(|row| Suspect::new("orders", row)?.id("id")).collect()
}

/// The buyer's subscriptions, newest first.
pub async fn of_buyer(
    tx: &mut Tx,
    buyer: OrganisationId,
    before: Option<SubscriptionId>,
    most: u32,
) -> Result<Vec<Subscription>, StoreError> {
    let rows = tx
        .query(
            "SELECT * FROM subscriptions WHERE buyer = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3",
            values![buyer.to_string(), before.map(|id| id.to_string()).unwrap_or_default(), most],
        )
        .await?;
    rows.iter().map(decode).collect()
}

struct StateColumns {
    state: &'static str,
    instance: Option<String>,
    since: Option<i64>,
    until: Option<i64>,
    not_delivered_at: Option<i64>,
}

impl StateColumns {
    fn of(state: &SubscriptionState) -> StateColumns {
        let code = state.code().code();
        let ms = to_millisecond;
        let text = |instance: &InstanceId| instance.to_string();
        match state {
            SubscriptionState::SettingUp { instance } => StateColumns {
                state: code,
                instance: instance.as_ref().map(text),
                since: None,
                until: None,
                not_delivered_at: None,
            },
            SubscriptionState::Active { instance, since, until } => StateColumns {
                state: code,
                instance: Some(text(instance)),
                since: Some(ms(*since)),
                until: until.map(ms),
                not_delivered_at: None,
            },
            SubscriptionState::NotDelivered { at, instance } => StateColumns {
                state: code,
                instance: instance.as_ref().map(text),
                since: None,
                until: None,
                not_delivered_at: Some(ms(*at)),
            },
        }
    }
}

fn decode(row: &Row) -> Result<Subscription, StoreError> {
    let row = Suspect::new("subscriptions", row)?;
    let facts = (
        row.parsed::<SubscriptionStateCode>("state")?,
        row.optional_parsed::<InstanceId>("instance")?,
        row.optional_instant("active_since")?,
        row.optional_instant("active_until")?,
        row.optional_instant("not_delivered_at")?,
    );
    let state = match facts {
        (SubscriptionStateCode::SettingUp, instance, None, None, None) => SubscriptionState::SettingUp { instance },
        (SubscriptionStateCode::Active, Some(instance), Some(since), until, None) => {
            SubscriptionState::Active { instance, since, until }
        }
        (SubscriptionStateCode::NotDelivered, instance, None, None, Some(at)) => {
            SubscriptionState::NotDelivered { at, instance }
        }
        (state, ..) => return Err(row.corrupt(format_args!("the facts do not fit the state {}", state.code()))),
    };
    Ok(Subscription {
        id: row.id("id")?,
        order: row.id("order_id")?,
        buyer: row.id("buyer")?,
        seller: row.id("seller")?,
        created_at: row.instant("created_at")?,
        state,
    })
}
