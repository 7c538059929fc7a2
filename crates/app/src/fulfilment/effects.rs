//! What follows from an attempt or a person's decision, in the transaction that writes the call.

use domain::fulfilment::{Activity, CallState, Effect, GiveUpReason, Next, SellerCall, Step, Telling};
use domain::ids::{InstanceId, SellerCallId};
use domain::ordering::{FailureReason, SubscriptionState};
use domain::time::SignedDuration;
use serde_json::json;
use store::Tx;
use store::ordering::subscriptions::SealedAccess;

use crate::AppError;
use crate::events::Moment;
use crate::notices::{Audience, Notice, notify};

/// Everything that effects need beside the transaction.
pub(super) struct Setting<'a> {
    /// When, and by whom.
    pub moment: &'a Moment,
    /// The access data that came with the answer, sealed for its row.
    pub access: Option<SealedAccess>,
    /// How long a release is tried.
    pub release_horizon: SignedDuration,
}

/// Does everything that follows, in order.
pub(super) async fn apply(tx: &mut Tx, setting: &Setting<'_>, next: &Next) -> Result<(), AppError> {
    let call = &next.call;
    for effect in &next.effects {
        match effect {
            Effect::LearnInstance(instance) => learn(tx, call, instance).await?,
            Effect::Activate(instance) => {
                keep_access(tx, setting, call).await?;
                crate::ordering::complete(tx, setting.moment, call.subscription, instance).await?;
            }
            Effect::KeepAccess => {
                keep_access(tx, setting, call).await?;
                let facts = json!({"order": call.order.to_string()});
                setting.moment.record(tx, "access_refreshed", None, call.subscription, facts).await?;
            }
            Effect::FailOrder(reason) => {
                let reason = match reason {
                    GiveUpReason::Exhausted | GiveUpReason::Once => FailureReason::NotDelivered,
                    GiveUpReason::Operator => FailureReason::Operator,
                };
                crate::ordering::fail(tx, setting.moment, call.subscription, reason).await?;
            }
            Effect::Release(instance) => release(tx, setting, call, instance).await?,
            Effect::Tell(telling) => tell(tx, setting.moment, call, *telling).await?,
        }
    }
    Ok(())
}

async fn learn(tx: &mut Tx, call: &SellerCall, instance: &InstanceId) -> Result<(), AppError> {
    let Some(mut subscription) = store::ordering::subscriptions::lock(tx, call.subscription).await? else {
        return Err(AppError::Internal(format!("call {} has no subscription", call.id)));
    };
    if let SubscriptionState::SettingUp { instance: known } = &mut subscription.state {
        *known = Some(instance.clone());
        store::ordering::subscriptions::save_state(tx, &subscription).await?;
    }
    Ok(())
}

async fn keep_access(tx: &mut Tx, setting: &Setting<'_>, call: &SellerCall) -> Result<(), AppError> {
    if let Some(access) = &setting.access {
        store::ordering::subscriptions::save_access(tx, call.subscription, access).await?;
    }
    Ok(())
}

/// Opens the call that takes an instance back, unless the instance is another order's.
async fn release(tx: &mut Tx, setting: &Setting<'_>, call: &SellerCall, instance: &InstanceId) -> Result<(), AppError> {
    let owner = store::ordering::subscriptions::of_instance(tx, call.seller, instance).await?;
    if owner.is_some_and(|owner| owner.id != call.subscription) {
        return tell(tx, setting.moment, call, Telling::Security).await;
    }
    let now = setting.moment.now;
    let release = SellerCall {
        id: setting.moment.id::<SellerCallId>(&format!("release/{instance}")),
        step: Step::Release,
        instance: Some(instance.clone()),
        presumed: Vec::new(),
        doubt: None,
        opened_at: now,
        closes_at: now.checked_add(setting.release_horizon).ok(),
        state: CallState::Waiting { activity: Activity::ReleaseInstance, due_at: now, failures: 0, strikes: 0 },
        ..call.clone()
    };
    super::open_call(tx, setting.moment, &release).await
}

async fn tell(tx: &mut Tx, moment: &Moment, call: &SellerCall, telling: Telling) -> Result<(), AppError> {
    let order = store::ordering::orders::find(tx, call.order).await?.ok_or(AppError::NotFound("order"))?;
    let (seller, operators) = match telling {
        Telling::FirstFailure => (Some("call_failing"), None),
        Telling::Parked => (Some("call_parked"), Some("call_parked")),
        Telling::Security => (Some("call_security"), Some("call_security")),
        Telling::GivenUp => (Some("call_given_up"), None),
        Telling::Crashed => (None, Some("call_crashed")),
    };
    let mut arguments = crate::ordering::order_arguments(&order);
    arguments.push(("seller", (&order.line.seller_name).into()));
    // One notice for each call and kind; of a crash one each time, because a person sent the call back to work between.
    let about = match telling {
        Telling::Crashed => format!("{}/{}", call.id, moment.now.as_millisecond()),
        Telling::FirstFailure | Telling::Parked | Telling::Security | Telling::GivenUp => call.id.to_string(),
    };
    let notice = |to, kind, link| Notice { to, kind, about: about.clone(), arguments: arguments.clone(), link };
    if let Some(kind) = seller {
        let link = format!("/seller/messages/{}", call.id);
        notify(tx, moment, notice(Audience::Seller(call.seller), kind, link)).await?;
    }
    if let Some(kind) = operators {
        notify(tx, moment, notice(Audience::Operators, kind, format!("/operator/calls/{}", call.id))).await?;
        moment.record(tx, kind, None, call.id, json!({"number": order.number.as_str()})).await?;
    }
    Ok(())
}
