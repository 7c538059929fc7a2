//! What follows from each change of an order, inside the transaction of the change: money, subscription, calls, events,
//! notices.

use domain::fulfilment::{Activity, CallState, Policy, SellerCall, Step};
use domain::ids::{InstanceId, SellerCallId, SubscriptionId};
use domain::ledger::{Account, Transfer};
use domain::ordering::{Act, FailureReason, Order, OrderType, Subscription, SubscriptionState};
use domain::outcome::Outcome;
use domain::selling::OrderNotices;
use domain::time::{SignedDuration, Timestamp};
use serde_json::json;
use store::Tx;

use crate::AppError;
use crate::events::Moment;
use crate::jobs::{NewJob, enqueue};
use crate::notices::{Audience, Notice, notify};

/// An order was placed.
pub(super) async fn placed(tx: &mut Tx, moment: &Moment, order: &Order) -> Result<(), AppError> {
    let facts = json!({
        "number": order.number.as_str(),
        "total": order.total.to_string(),
        "type": order.order_type.code(),
        "seller": order.line.seller.to_string(),
    });
    Ok(moment.record(tx, "order_placed", Some(order.buyer), order.id, facts).await?)
}

/// An order waits for payment, until `until`.
pub(super) async fn pending(tx: &mut Tx, moment: &Moment, order: &Order, until: Timestamp) -> Result<(), AppError> {
    let job = NewJob {
        kind: super::time_out::KIND,
        key: order.id.to_string(),
        lane: "orders".to_owned(),
        payload: "{}".to_owned(),
        due_at: until,
    };
    enqueue(tx, moment, job).await?;
    let mut arguments = arguments(order);
    arguments.push(("hours", until.duration_since(moment.now).as_hours().into()));
    let notice = Notice {
        to: Audience::Organisation(order.buyer),
        kind: "order_pending",
        about: order.id.to_string(),
        arguments,
        link: format!("/my/orders/{}", order.number),
    };
    Ok(notify(tx, moment, notice).await?)
}

/// How long calls for a paid order are tried.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tried {
    /// The call that delivers it.
    pub create: SignedDuration,
    /// The notice of it; none where the seller wants none.
    pub notice: Option<SignedDuration>,
}

impl Tried {
    pub(super) fn of(policy: &Policy, notices: OrderNotices) -> Tried {
        let notice = (notices == OrderNotices::On).then_some(policy.retries.notify.horizon);
        Tried { create: policy.retries.create.horizon, notice }
    }
}

/// An order is paid from `account`, the buyer's, which is locked: takes the money, begins the subscription and the call
/// that delivers it.
pub(super) async fn paid(
    tx: &mut Tx,
    moment: &Moment,
    (order, account): (&Order, &Account),
    tried: Tried,
) -> Result<(), AppError> {
    if !order.total.zero_amount() {
        crate::ledger::charge(tx, account, Transfer::charge(order.buyer, order.id, order.total, moment.now))?;
    }
    let subscription = Subscription {
        id: moment.id::<SubscriptionId>(&order.id.to_string()),
        order: order.id,
        buyer: order.buyer,
        seller: order.line.seller,
        created_at: moment.now,
        state: SubscriptionState::SettingUp { instance: None },
    };
    store::ordering::subscriptions::insert(tx, &subscription)?;
    let call = SellerCall {
        id: moment.id::<SellerCallId>(&order.id.to_string()),
        step: Step::Create,
        order: order.id,
        subscription: subscription.id,
        seller: order.line.seller,
        address: order.line.interface_address,
        instance: None,
        presumed: Vec::new(),
        doubt: None,
        opened_at: moment.now,
        closes_at: moment.now.checked_add(tried.create).ok(),
        state: CallState::Waiting { activity: Activity::NewInstance, due_at: moment.now, failures: 0, strikes: 0 },
    };
    crate::fulfilment::open_first_call(tx, moment, &call).await?;
    if let Some(horizon) = tried.notice {
        let notice = SellerCall {
            id: moment.id::<SellerCallId>(&format!("notice/{}", order.id)),
            step: Step::Notify,
            closes_at: moment.now.checked_add(horizon).ok(),
            state: CallState::Waiting { activity: Activity::OrderNotify, due_at: moment.now, failures: 0, strikes: 0 },
            ..call
        };
        crate::fulfilment::open_call(tx, moment, &notice).await?;
    }
    let facts = json!({"number": order.number.as_str(), "amount": order.total.to_string()});
    moment.record(tx, "order_paid", Some(order.buyer), order.id, facts).await?;
    tell_paid(tx, moment, order).await
}

/// Both sides hear that it is paid (a trial: begun).
async fn tell_paid(tx: &mut Tx, moment: &Moment, order: &Order) -> Result<(), AppError> {
    let (to_buyer, to_seller) = match order.order_type {
        OrderType::New => ("order_paid", "order_received"),
        OrderType::Trial { .. } => ("trial_begun", "trial_received"),
    };
    let to_buyer = Notice {
        to: Audience::Organisation(order.buyer),
        kind: to_buyer,
        about: order.id.to_string(),
        arguments: arguments(order),
        link: format!("/my/orders/{}", order.number),
    };
    notify(tx, moment, to_buyer).await?;
    let to_seller = Notice {
        to: Audience::Organisation(order.line.seller),
        kind: to_seller,
        about: order.id.to_string(),
        arguments: arguments(order),
        link: format!("/seller/orders/{}", order.number),
    };
    Ok(notify(tx, moment, to_seller).await?)
}

/// The seller delivered: the subscription runs and the order is completed. A repeat changes nothing.
pub(crate) async fn complete(
    tx: &mut Tx,
    moment: &Moment,
    subscription: SubscriptionId,
    instance: &InstanceId,
) -> Result<(), AppError> {
    let Some(mut found) = store::ordering::subscriptions::lock(tx, subscription).await? else {
        return Err(AppError::Internal(format!("a call for the missing subscription {subscription}")));
    };
    let mut order = lock(tx, &found).await?;
    let activated = found.activate(instance, &order.line, order.order_type, moment.now)?;
    let completed = order.apply(Act::Complete, moment.now)?;
    if activated == Outcome::Applied(()) {
        store::ordering::subscriptions::save_state(tx, &found).await?;
    }
    if completed == Outcome::Applied(()) {
        store::ordering::orders::save_state(tx, &order).await?;
        let facts = json!({"number": order.number.as_str(), "instance": instance.as_str()});
        moment.record(tx, "order_completed", Some(order.buyer), order.id, facts).await?;
        let notice = Notice {
            to: Audience::Organisation(order.buyer),
            kind: "order_ready",
            about: order.id.to_string(),
            arguments: arguments(&order),
            link: format!("/my/apps/{}", found.id),
        };
        notify(tx, moment, notice).await?;
    }
    Ok(())
}

/// The order is given up: refunded once, and the subscription never runs. A repeat changes nothing.
pub(crate) async fn fail(
    tx: &mut Tx,
    moment: &Moment,
    subscription: SubscriptionId,
    reason: FailureReason,
) -> Result<(), AppError> {
    let Some(mut found) = store::ordering::subscriptions::lock(tx, subscription).await? else {
        return Err(AppError::Internal(format!("a call for the missing subscription {subscription}")));
    };
    let mut order = lock(tx, &found).await?;
    if order.apply(Act::Fail(reason), moment.now)? == Outcome::AlreadyApplied {
        return Ok(());
    }
    store::ordering::orders::save_state(tx, &order).await?;
    found.state = SubscriptionState::NotDelivered { at: moment.now, instance: found.instance().cloned() };
    store::ordering::subscriptions::save_state(tx, &found).await?;
    crate::licensing::withdraw(tx, moment, order.id).await?;
    if reason == FailureReason::NotDelivered {
        crate::selling::failed_orders::plan(tx, moment, &order).await?;
    }
    if !order.total.zero_amount() {
        crate::ledger::post(tx, Transfer::refund(order.buyer, order.id, order.total, moment.now)).await?;
    }
    let facts = json!({
        "number": order.number.as_str(),
        "reason": reason.code(),
        "amount": order.total.to_string(),
    });
    moment.record(tx, "order_failed", Some(order.buyer), order.id, facts).await?;
    let notice = Notice {
        to: Audience::Organisation(order.buyer),
        kind: if order.total.zero_amount() { "trial_failed" } else { "order_failed" },
        about: order.id.to_string(),
        arguments: arguments(&order),
        link: format!("/my/orders/{}", order.number),
    };
    Ok(notify(tx, moment, notice).await?)
}

async fn lock(tx: &mut Tx, subscription: &Subscription) -> Result<Order, AppError> {
    let order = store::ordering::orders::lock(tx, subscription.order).await?;
    order.ok_or_else(|| AppError::Internal(format!("subscription {} has no order", subscription.id)))
}

/// What sentences about an order mention.
pub(crate) fn arguments(order: &Order) -> domain::outcome::Arguments {
    vec![
        ("number", order.number.to_string().into()),
        ("product", (&order.line.product_name).into()),
        ("amount", order.total.into()),
    ]
}
