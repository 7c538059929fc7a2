//! A person presses Restart on a call: the seller on its own, an operator on any.

use domain::fulfilment::{CallState, CallStateCode, Policy, SellerCall, restart};
use domain::identity::{Actor, Permission};
use domain::ids::{SellerCallId, UserId};
use domain::outcome::Refusal;
use serde_json::json;
use store::Tx;
use store::fulfilment::calls::Asked;

use crate::events::Moment;
use crate::jobs::enqueue;
use crate::{App, AppError};

/// Makes the next attempt due now. It passes the breaker.
#[derive(Clone, Copy, Debug)]
pub struct RestartCall {
    /// Which call.
    pub call: SellerCallId,
}

impl RestartCall {
    /// Restarts. A seller restarts its own calls, an operator any.
    pub async fn run(self, app: &App, actor: &Actor) -> Result<SellerCall, AppError> {
        let any = actor.may(Permission::ManageOperations);
        if !any {
            actor.require(Permission::RestartCalls)?;
        }
        let only_of = (!any).then_some(actor.organisation);
        let policy = app.settings.fulfilment.policy.clone();
        let input = (self.call, only_of, actor.user, app.moment(actor), policy);
        let restarted = app
            .store
            .write(input, |tx, (id, only_of, user, moment, policy)| {
                Box::pin(async move {
                    let found = store::fulfilment::calls::lock(tx, id).await?.map(|(call, _)| call);
                    let found = found.filter(|call| only_of.is_none_or(|seller| call.seller == seller));
                    let call = found.ok_or(AppError::NotFound("call"))?;
                    again(tx, &moment, (&call, user), &policy).await
                })
            })
            .await?;
        app.job_bell.ring();
        Ok(restarted)
    }
}

/// The call goes on now, and its job with it.
async fn again(
    tx: &mut Tx,
    moment: &Moment,
    (call, user): (&SellerCall, UserId),
    policy: &Policy,
) -> Result<SellerCall, AppError> {
    let before: CallStateCode = call.state.code();
    let next = restart(call, moment.now, policy).map_err(Refusal::from)?;
    store::fulfilment::calls::save(tx, &next, Asked::ByPerson(user)).await?;
    enqueue(tx, moment, super::job_of(&next, moment)).await?;
    // A job that crashed too often is set aside; a person's restart takes it back.
    store::jobs::restart(tx, super::work_call::KIND, &call.id.to_string(), moment.now).await?;
    let facts = json!({"was": before.code()});
    moment.record(tx, "call_restarted", None, call.id, facts).await?;
    Ok(next)
}

/// An operator restarts the parked job of a call: the call goes on with it, unless it is over and the job has only to end.
pub(crate) async fn restart_parked_job(
    tx: &mut Tx,
    moment: &Moment,
    (key, user): (&str, UserId),
    policy: &Policy,
) -> Result<(), AppError> {
    if let Ok(id) = key.parse::<SellerCallId>()
        && let Some((call, _)) = store::fulfilment::calls::lock(tx, id).await?
    {
        match call.state {
            CallState::Waiting { .. } | CallState::Parked { .. } => {
                again(tx, moment, (&call, user), policy).await?;
            }
            CallState::Done { .. } | CallState::GivenUp { .. } => {}
        }
    }
    store::jobs::restart(tx, super::work_call::KIND, key, moment.now).await?;
    Ok(())
}
