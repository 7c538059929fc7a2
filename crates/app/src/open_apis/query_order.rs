//! A seller's system asks for an order of its own (seller-protocol 8.2).

use domain::catalog::PersonalField;
use domain::identity::{Organisation, Permission, User};
use domain::ids::OrganisationId;
use domain::money::Money;
use domain::ordering::{Order, OrderNumber, OrderState, OrderType, Subscription, SubscriptionState};
use domain::pricing::end_of_periods;
use domain::quantity::Period;
use domain::text::Language;
use domain::time::{SignedDuration, Timestamp};
use koogallery::UtcSecond;
use koogallery::open_api::{
    Amounts, AnswerShape, BuyerInfo, ChargingMode, OpenApiCode, OrderInfo, OrderLine, OrderQuery,
    OrderType as WireType, PeriodLength, PeriodType, ProductInfo, mock_order, query_pairs,
};
use store::Tx;

use super::{OpenAnswer, Pace, SignedCall, Stop, caller};
use crate::vault::Vault;
use crate::{App, AppError};

/// Answers `GET …/order/query`. Own orders only; a foreign one is answered like one that does not exist. So is one that is
/// not paid, or whose money was given back: the answer has no member for it, and a seller would take it for sold.
pub async fn query_order(app: &App, call: &SignedCall, pace: &dyn Pace) -> OpenAnswer {
    OpenAnswer::of(AnswerShape::Result, answer(app, call, pace).await)
}

async fn answer(app: &App, call: &SignedCall, pace: &dyn Pace) -> Result<String, Stop> {
    let caller = caller(app, call, pace, Permission::SeeSelling).await?;
    let asked = OrderQuery::parse(&query_pairs(&call.query))?;
    if let Some(order) = mock_order(&asked)? {
        return Ok(order.to_body());
    }
    let not_yours = || Stop::refused(OpenApiCode::OperationNotAllowed, "you have sold no such order");
    let number: OrderNumber = asked.order_id.as_str().parse().map_err(|()| not_yours())?;
    let found = find(app, caller.actor.organisation, number).await?.ok_or_else(not_yours)?;
    asked.require_line(found.order.line_number().as_str())?;
    Ok(info(app, &found)?.to_body())
}

/// An order that was paid, with everything that its seller may hear of it.
pub(crate) struct PaidOrder {
    order: Order,
    paid_at: Timestamp,
    subscription: Option<Subscription>,
    buyer: Organisation,
    person: Option<User>,
}

impl PaidOrder {
    /// Reads what belongs to an order; none when it is not paid.
    pub(crate) async fn read(tx: &mut Tx, vault: &Vault, order: Order) -> Result<Option<PaidOrder>, AppError> {
        let Some(paid_at) = paid_at(&order.state) else { return Ok(None) };
        let buyer = store::identity::organisations::find(tx, order.buyer).await?;
        let buyer = buyer.ok_or_else(|| AppError::Internal(format!("order {} has no buyer", order.number)))?;
        let person = store::identity::users::find(tx, vault, order.buyer, order.placed_by).await?;
        let subscription = store::ordering::subscriptions::of_order(tx, order.id).await?;
        Ok(Some(PaidOrder { order, paid_at, subscription, buyer, person }))
    }
}

async fn find(app: &App, seller: OrganisationId, number: OrderNumber) -> Result<Option<PaidOrder>, AppError> {
    app.store
        .read((seller, number, app.vault.clone()), |tx, (seller, number, vault)| {
            Box::pin(async move {
                let order = store::ordering::orders::find_by_number(tx, &number).await?;
                let Some(order) = order.filter(|order| order.line.seller == seller) else { return Ok(None) };
                PaidOrder::read(tx, &vault, order).await
            })
        })
        .await
}

fn paid_at(state: &OrderState) -> Option<Timestamp> {
    match state {
        OrderState::PendingPayment { .. } | OrderState::Canceled { .. } | OrderState::Failed { .. } => None,
        OrderState::Processing { paid_at } | OrderState::Completed { paid_at, .. } => Some(*paid_at),
    }
}

fn info(app: &App, found: &PaidOrder) -> Result<OrderInfo, AppError> {
    let order = &found.order;
    Ok(OrderInfo {
        order_id: order.number.to_string(),
        order_type: match order.order_type {
            OrderType::New => WireType::New,
            OrderType::Trial { .. } => WireType::Trial,
        },
        created_at: second(order.placed_at)?,
        lines: vec![line(found)?],
        buyer: Some(buyer(app, found)),
        extend_params: Vec::new(),
    })
}

fn line(found: &PaidOrder) -> Result<OrderLine, AppError> {
    let (order, line) = (&found.order, &found.order.line);
    let period = match (order.order_type, line.period) {
        (OrderType::Trial { days }, _) => Some(PeriodLength { unit: PeriodType::Day, number: days.get() }),
        (OrderType::New, Period::Month) => Some(PeriodLength { unit: PeriodType::Month, number: line.periods }),
        (OrderType::New, Period::Year) => Some(PeriodLength { unit: PeriodType::Year, number: line.periods }),
        (OrderType::New, Period::Once) => None,
    };
    let name = |text: &domain::text::Localised| text.say(Language::English).to_owned();
    Ok(OrderLine {
        order_line_id: order.line_number().as_str().to_owned(),
        charging_mode: if period.is_some() { ChargingMode::Period } else { ChargingMode::OneTime },
        period,
        expires_at: runs_until(found)?.map(second).transpose()?,
        products: vec![ProductInfo {
            product_id: line.product.to_string(),
            sku_code: line.specification.to_string(),
            linear_value: Some(line.count.get()),
            product_name: format!("{}, {}", name(&line.product_name), name(&line.specification_name)),
        }],
        amounts: Some(Amounts { listed: listed(order)?, after_discount: decimal(order.total) }),
        extend_params: Vec::new(),
    })
}

/// The end of what runs, or, before it runs, where it would end had it begun with the payment: approximate, as documented.
pub(crate) fn runs_until(found: &PaidOrder) -> Result<Option<Timestamp>, AppError> {
    if let Some(Subscription { state: SubscriptionState::Active { until, .. }, .. }) = &found.subscription {
        return Ok(*until);
    }
    let line = &found.order.line;
    let fault = |_| AppError::Internal(format!("the time of order {} cannot be counted", found.order.number));
    match found.order.order_type {
        OrderType::New => end_of_periods(found.paid_at, line.period, line.periods).map_err(fault),
        OrderType::Trial { days } => {
            let days = SignedDuration::from_hours(24 * i64::from(days.get()));
            Ok(found.paid_at.checked_add(days).ok())
        }
    }
}

/// What it would cost without any reduction.
fn listed(order: &Order) -> Result<String, AppError> {
    let line = &order.line;
    let whole = line.unit_price.checked_mul(line.count.get()).and_then(|price| price.checked_mul(line.periods));
    let whole = whole.map_err(|error| AppError::Internal(format!("the price of order {}: {error}", order.number)))?;
    Ok(decimal(whole))
}

/// A plain decimal without zeros at its end, as the example has it.
pub(crate) fn decimal(amount: Money) -> String {
    amount.to_decimal().normalize().to_string()
}

pub(crate) fn second(at: Timestamp) -> Result<UtcSecond, AppError> {
    UtcSecond::from_unix_ms(at.as_millisecond())
        .ok_or_else(|| AppError::Internal(format!("{at} is no year of four digits")))
}

/// Who bought: the organisation by a name of its own for each seller, and of the person only what was agreed to.
pub(crate) fn buyer(app: &App, found: &PaidOrder) -> BuyerInfo {
    let order = &found.order;
    let agreed =
        |field: PersonalField| order.consent.handed_over.contains(&field).then_some(found.person.as_ref()).flatten();
    let pseudonym = |what: &str| {
        let index = app.vault.blind_index("open_api_buyer", &format!("{}/{what}", order.line.seller));
        index.chars().take(32).collect::<String>()
    };
    let named = agreed(PersonalField::UserName);
    BuyerInfo {
        customer_id: pseudonym(&order.buyer.to_string()),
        customer_name: found.buyer.name.clone(),
        customer_real_name: None,
        user_id: named.map(|person| pseudonym(&person.id.to_string())),
        user_name: named.map(|person| person.name.clone()),
        // People here have no telephone number yet.
        mobile_phone: String::new(),
        email: agreed(PersonalField::Email).map(|person| person.email.clone()).unwrap_or_default(),
    }
}
