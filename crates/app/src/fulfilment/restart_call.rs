//! A person presses Restart on a call: the seller on its own, an operator on any.

use domain::fulfilment::{CallStateCode, SellerCall, restart};
use domain::identity::{Actor, Permission};
use domain::ids::SellerCallId;
use domain::outcome::Refusal;
use serde_json::json;
use store::fulfilment::calls::Asked;

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
                    let before: CallStateCode = call.state.code();
                    let next = restart(&call, moment.now, &policy).map_err(Refusal::from)?;
                    store::fulfilment::calls::save(tx, &next, Asked::ByPerson(user)).await?;
                    enqueue(tx, &moment, super::job_of(&next, &moment)).await?;
                    // A job that crashed too often is set aside; a person's restart takes it back.
                    store::jobs::restart(tx, super::work_call::KIND, &id.to_string(), moment.now).await?;
                    let facts = json!({"was": before.code()});
                    moment.record(tx, "call_restarted", None, id, facts).await?;
                    Ok::<_, AppError>(next)
                })
            })
            .await?;
        app.job_bell.ring();
        Ok(restarted)
    }
}
