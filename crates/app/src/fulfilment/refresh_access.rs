//! A buyer asks the seller's system for fresh access data. The page shows the stored copy meanwhile, with its time.
//!
//! The reference asks while the page is made (seller-protocol 1.5). Here opening a page changes nothing and waits for nobody: a
//! page with an old copy asks from the browser when it is there (docs/reference/calls.md).

use domain::fulfilment::{Activity, CallState, CallStateCode, Gate, Policy, SellerCall, Step, restart};
use domain::identity::{Actor, Permission};
use domain::ids::{InstanceId, SellerCallId, SubscriptionId, UserId};
use domain::ordering::{Order, Standing, Subscription, SubscriptionState};
use domain::outcome::{Outcome, Refusal};
use domain::time::{SignedDuration, Timestamp};
use store::Tx;
use store::fulfilment::calls::Asked;

use crate::events::Moment;
use crate::jobs::enqueue;
use crate::{App, AppError};

/// Asked again sooner, nothing new is sent.
const PAUSE: SignedDuration = SignedDuration::from_secs(30);

/// What made somebody ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// A person pressed the button. The call passes the breaker (reliability.md, "a buyer's try now").
    Pressed,
    /// A page with a copy that is old was opened. At most once in the time that makes a copy old, whatever came of it; and a
    /// seller that is left alone stays so.
    Opened,
}

/// Asks once.
#[derive(Clone, Copy, Debug)]
pub struct RefreshAccess {
    /// For which app.
    pub subscription: SubscriptionId,
    /// Why.
    pub wish: Wish,
}

/// Whether the page of an app asks by itself: the app runs, the copy is as old as `fresh_for`, and nobody asked in that
/// time. A span of nothing means never.
pub(crate) fn asks_by_itself(
    subscription: &Subscription,
    copy_at: Option<Timestamp>,
    last: Option<&SellerCall>,
    now: Timestamp,
    fresh_for: SignedDuration,
) -> bool {
    let old = |at: Timestamp| now.duration_since(at) >= fresh_for;
    let runs = matches!(subscription.state, SubscriptionState::Active { .. });
    fresh_for.is_positive()
        && runs
        && subscription.standing(now) != Standing::Ended
        && copy_at.is_none_or(old)
        && last.is_none_or(|last| last.state.code() != CallStateCode::Waiting && old(last.opened_at))
}

impl RefreshAccess {
    /// Asks, unless somebody asked within the last half minute, or a page need not ask. Refuses with `app_not_active` when
    /// there is nothing to ask for.
    pub async fn run(self, app: &App, actor: &Actor) -> Result<Outcome<SellerCallId>, AppError> {
        actor.require(Permission::UseApps)?;
        let fresh_for = app.settings.fulfilment.access_fresh_for;
        let policy = app.settings.fulfilment.policy.clone();
        let input = (self, (actor.organisation, actor.user), app.moment(actor), (fresh_for, policy));
        let asked = app
            .store
            .write(
                input,
                |tx, (RefreshAccess { subscription: id, wish }, (buyer, person), moment, (fresh_for, policy))| {
                    Box::pin(async move {
                        let found = store::ordering::subscriptions::lock(tx, id).await?;
                        let found =
                            found.filter(|found| found.buyer == buyer).ok_or(AppError::NotFound("subscription"))?;
                        let SubscriptionState::Active { instance, .. } = &found.state else {
                            return Err(AppError::conflict("app_not_active"));
                        };
                        let last = store::fulfilment::calls::last_of_subscription(tx, id, Step::Refresh).await?;
                        let asked = match wish {
                            Wish::Pressed => {
                                if let Some(waits) = last.as_ref().filter(|last| put_off(last, moment.now)) {
                                    return hurry(tx, waits.id, person, &moment, &policy).await;
                                }
                                Asked::ByPerson(person)
                            }
                            Wish::Opened => {
                                let copy_at = store::ordering::subscriptions::access(tx, id).await?.map(|copy| copy.at);
                                if !asks_by_itself(&found, copy_at, last.as_ref(), moment.now, fresh_for) {
                                    return Ok(Outcome::AlreadyApplied);
                                }
                                let breaker = store::fulfilment::breakers::find(tx, found.seller).await?;
                                if breaker.ask(moment.now, &policy) != Gate::Open {
                                    return Ok(Outcome::AlreadyApplied);
                                }
                                Asked::BySchedule
                            }
                        };
                        let lately = last.is_some_and(|last| {
                            last.state.code() == CallStateCode::Waiting
                                || moment.now.duration_since(last.opened_at) < PAUSE
                        });
                        if lately {
                            return Ok(Outcome::AlreadyApplied);
                        }
                        let order = store::ordering::orders::find(tx, found.order).await?;
                        let order = order.ok_or(AppError::NotFound("order"))?;
                        let call = question(&moment, &found, (&order, instance), &policy);
                        super::open_call_asked(tx, &moment, &call, asked).await?;
                        Ok(Outcome::Applied(call.id))
                    })
                },
            )
            .await?;
        app.job_bell.ring();
        Ok(asked)
    }
}

/// Whether a call waits for a seller that is left alone.
fn put_off(call: &SellerCall, now: Timestamp) -> bool {
    matches!(call.state, CallState::Waiting { failures: 0, due_at, .. } if due_at > now)
}

/// A call that waits is due now, because a person asks.
async fn hurry(
    tx: &mut Tx,
    id: SellerCallId,
    person: UserId,
    moment: &Moment,
    policy: &Policy,
) -> Result<Outcome<SellerCallId>, AppError> {
    let found = store::fulfilment::calls::lock(tx, id).await?.map(|(call, _)| call);
    let Some(call) = found.filter(|call| put_off(call, moment.now)) else { return Ok(Outcome::AlreadyApplied) };
    let next = restart(&call, moment.now, policy).map_err(Refusal::from)?;
    store::fulfilment::calls::save(tx, &next, Asked::ByPerson(person)).await?;
    enqueue(tx, moment, super::job_of(&next, moment)).await?;
    Ok(Outcome::Applied(id))
}

/// The call that asks once more for what runs.
fn question(
    moment: &Moment,
    found: &Subscription,
    (order, instance): (&Order, &InstanceId),
    policy: &Policy,
) -> SellerCall {
    SellerCall {
        id: moment.id::<SellerCallId>("refresh"),
        step: Step::Refresh,
        order: order.id,
        subscription: found.id,
        seller: found.seller,
        address: order.line.interface_address,
        instance: Some(instance.clone()),
        presumed: Vec::new(),
        doubt: None,
        opened_at: moment.now,
        closes_at: policy.retries.refresh.closes_at(moment.now),
        state: CallState::Waiting { activity: Activity::QueryInstance, due_at: moment.now, failures: 0, strikes: 0 },
    }
}
