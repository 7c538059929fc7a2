//! A buyer asks the seller's system for fresh access data. The page shows the stored copy meanwhile, with its time.

use domain::fulfilment::{Activity, CallState, CallStateCode, SellerCall, Step};
use domain::identity::{Actor, Permission};
use domain::ids::{SellerCallId, SubscriptionId};
use domain::ordering::SubscriptionState;
use domain::outcome::Outcome;
use domain::time::SignedDuration;

use crate::{App, AppError};

/// Asked again sooner, nothing new is sent.
const PAUSE: SignedDuration = SignedDuration::from_secs(30);

/// Asks once.
#[derive(Clone, Copy, Debug)]
pub struct RefreshAccess {
    /// For which app.
    pub subscription: SubscriptionId,
}

impl RefreshAccess {
    /// Asks, unless somebody asked within the last half minute. Refuses with `app_not_active` when there is nothing to ask
    /// for.
    pub async fn run(self, app: &App, actor: &Actor) -> Result<Outcome<SellerCallId>, AppError> {
        actor.require(Permission::UseApps)?;
        let input = (self.subscription, actor.organisation, app.moment(actor));
        let asked = app
            .store
            .write(input, |tx, (id, buyer, moment)| {
                Box::pin(async move {
                    let found = store::ordering::subscriptions::lock(tx, id).await?;
                    let found = found.filter(|found| found.buyer == buyer).ok_or(AppError::NotFound("subscription"))?;
                    let SubscriptionState::Active { instance, .. } = &found.state else {
                        return Err(AppError::conflict("app_not_active"));
                    };
                    let last = store::fulfilment::calls::last_of_subscription(tx, id, Step::Refresh).await?;
                    let lately = last.is_some_and(|last| {
                        last.state.code() == CallStateCode::Waiting || moment.now.duration_since(last.opened_at) < PAUSE
                    });
                    if lately {
                        return Ok(Outcome::AlreadyApplied);
                    }
                    let order = store::ordering::orders::find(tx, found.order).await?;
                    let order = order.ok_or(AppError::NotFound("order"))?;
                    let call = SellerCall {
                        id: moment.id::<SellerCallId>("refresh"),
                        step: Step::Refresh,
                        order: order.id,
                        subscription: id,
                        seller: found.seller,
                        address: order.line.interface_address,
                        instance: Some(instance.clone()),
                        presumed: Vec::new(),
                        doubt: None,
                        opened_at: moment.now,
                        closes_at: None,
                        state: CallState::Waiting {
                            activity: Activity::QueryInstance,
                            due_at: moment.now,
                            failures: 0,
                            strikes: 0,
                        },
                    };
                    super::open_call(tx, &moment, &call).await?;
                    Ok(Outcome::Applied(call.id))
                })
            })
            .await?;
        app.job_bell.ring();
        Ok(asked)
    }
}
