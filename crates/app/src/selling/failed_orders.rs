//! Counting orders that failed because a seller's system did not deliver; above the limit of a month the product is put
//! before the operator (functions.md 6 "Sanction"; the rule stands in `domain::selling::FailedOrders`).
//!
//! *What is promised.* Each failed order is counted once: the job that counts is written by the transaction that fails the
//! order, and ends in the one that counts. The operators are told once for each product and month.

use async_trait::async_trait;
use domain::audit::Doer;
use domain::ids::OrderId;
use domain::ordering::{FailureReason, Order, OrderState};
use domain::selling::{Month, Raised};
use serde_json::json;
use store::Tx;
use store::selling::failed_orders;

use crate::events::Moment;
use crate::jobs::{Handler, Leased, NewJob, Verdict, enqueue};
use crate::notices::{Audience, Notice, notify};
use crate::{App, AppError};

const KIND: &str = "count_failed_order";

/// Plans the count, in the transaction that fails the order.
pub(crate) async fn plan(tx: &mut Tx, moment: &Moment, order: &Order) -> Result<(), AppError> {
    Ok(enqueue(tx, moment, NewJob::now(KIND, order.id, "orders", moment)).await?)
}

pub(super) struct CountFailedOrder;

#[async_trait]
impl Handler for CountFailedOrder {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, app: &App, job: &Leased) -> Result<Verdict, AppError> {
        let id: OrderId = job.key().parse().map_err(|_| AppError::Internal("a count without an order".to_owned()))?;
        let settings = &app.settings.selling;
        let input = (
            job.clone(),
            id,
            app.moment(Doer::System),
            settings.dial_tests.hours.clone(),
            settings.failed_orders_allowed,
        );
        app.store
            .write(input, |tx, (job, id, moment, hours, allowed)| {
                Box::pin(async move {
                    job.check(tx).await?;
                    if let Some(order) = store::ordering::orders::find(tx, id).await?
                        && let OrderState::Failed { at, reason: FailureReason::NotDelivered, .. } = order.state
                    {
                        count(tx, &moment, &order, Month::of(hours.day(at)), allowed).await?;
                    }
                    job.finish(tx).await
                })
            })
            .await?;
        Ok(Verdict::Recorded)
    }
}

async fn count(tx: &mut Tx, moment: &Moment, order: &Order, month: Month, allowed: u32) -> Result<(), AppError> {
    let line = &order.line;
    let mut orders = failed_orders::count(tx, line.product, line.seller, month).await?;
    if orders.raise(allowed, moment.now) == Raised::No {
        return Ok(());
    }
    failed_orders::save(tx, &orders).await?;
    let facts = json!({ "month": month.to_string(), "failed": orders.failed });
    moment.record(tx, "failed_orders_raised", Some(line.seller), line.product, facts).await?;
    let notice = Notice {
        to: Audience::Operators,
        kind: "failed_orders_raised",
        about: format!("{}/{month}", line.product),
        arguments: vec![
            ("product", (&line.product_name).into()),
            ("seller", (&line.seller_name).into()),
            ("failed", orders.failed.into()),
            ("month", month.to_string().into()),
        ],
        link: format!("/operator/interfaces/{}", line.product),
    };
    Ok(notify(tx, moment, notice).await?)
}
