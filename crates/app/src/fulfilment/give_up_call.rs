//! An operator gives a parked call up: an order is refunded, a release is marked as solved by other means.

use domain::fulfilment::{SellerCall, give_up};
use domain::identity::{Actor, Permission};
use domain::ids::SellerCallId;
use domain::outcome::Refusal;
use serde_json::json;
use store::fulfilment::calls::Asked;

use super::effects::{self, Setting};
use crate::{App, AppError};

/// Gives a parked call up.
#[derive(Clone, Copy, Debug)]
pub struct GiveUpCall {
    /// Which call.
    pub call: SellerCallId,
}

impl GiveUpCall {
    /// Gives it up.
    pub async fn run(self, app: &App, actor: &Actor) -> Result<SellerCall, AppError> {
        actor.require(Permission::ManageOperations)?;
        let horizon = app.settings.fulfilment.policy.retries.release.horizon;
        let input = (self.call, app.moment(actor), horizon);
        let given_up = app
            .store
            .write(input, |tx, (id, moment, release_horizon)| {
                Box::pin(async move {
                    let found = store::fulfilment::calls::lock(tx, id).await?.map(|(call, _)| call);
                    let call = found.ok_or(AppError::NotFound("call"))?;
                    let next = give_up(&call, moment.now).map_err(Refusal::from)?;
                    store::fulfilment::calls::save(tx, &next.call, Asked::BySchedule).await?;
                    store::jobs::forget_parked(tx, super::work_call::KIND, &id.to_string()).await?;
                    moment.record(tx, "call_given_up", None, id, json!({})).await?;
                    effects::apply(tx, &Setting { moment: &moment, access: None, release_horizon }, &next).await?;
                    Ok::<_, AppError>(next.call)
                })
            })
            .await?;
        app.job_bell.ring();
        Ok(given_up)
    }
}
