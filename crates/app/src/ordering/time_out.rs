//! The timer of orders that wait for payment: the job that cancels them.

use async_trait::async_trait;
use domain::audit::Doer;
use domain::ids::OrderId;
use domain::ordering::{Act, OrderState};
use domain::outcome::Outcome;
use serde_json::json;

use super::outcome::arguments;
use crate::jobs::{Handler, Leased, Verdict};
use crate::notices::{Audience, Notice, notify};
use crate::{App, AppError};

pub(super) const KIND: &str = "order_time_out";

pub(super) struct TimeOut;

#[async_trait]
impl Handler for TimeOut {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, app: &App, job: &Leased) -> Result<Verdict, AppError> {
        let id: OrderId = job.key().parse().map_err(|_| AppError::Internal("a timer without an order".to_owned()))?;
        app.store
            .write((job.clone(), id, app.moment(Doer::System)), |tx, (job, id, moment)| {
                Box::pin(async move {
                    job.check(tx).await?;
                    let Some(mut order) = store::ordering::orders::lock(tx, id).await? else {
                        return job.finish(tx).await;
                    };
                    // Paid or cancelled meanwhile: nothing is left to do.
                    if !matches!(order.state, OrderState::PendingPayment { .. }) {
                        return job.finish(tx).await;
                    }
                    if order.apply(Act::TimeOut, moment.now)? == Outcome::Applied(()) {
                        store::ordering::orders::save_state(tx, &order).await?;
                        let facts = json!({"number": order.number.as_str()});
                        moment.record(tx, "order_timed_out", Some(order.buyer), order.id, facts).await?;
                        let notice = Notice {
                            to: Audience::Organisation(order.buyer),
                            kind: "order_timed_out",
                            about: order.id.to_string(),
                            arguments: arguments(&order),
                            link: format!("/my/orders/{}", order.number),
                        };
                        notify(tx, &moment, notice).await?;
                    }
                    job.finish(tx).await
                })
            })
            .await?;
        Ok(Verdict::Recorded)
    }
}
