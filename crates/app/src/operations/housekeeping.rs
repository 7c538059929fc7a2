//! The job that forgets what is kept for some days only. Once an hour, one row for the whole marketplace.

use async_trait::async_trait;
use domain::audit::Doer;
use domain::time::SignedDuration;
use tracing::info;

use crate::jobs::{Handler, Leased, NewJob, Verdict, enqueue_standing};
use crate::{App, AppError};

const KIND: &str = "housekeeping";

pub(super) struct Housekeeping;

/// Makes sure that the job exists and is not parked. Called at every start.
pub async fn start_housekeeping(app: &App) -> Result<(), AppError> {
    let moment = app.moment(Doer::System);
    app.store
        .write(moment, |tx, moment| {
            Box::pin(async move {
                Ok::<(), AppError>(
                    enqueue_standing(tx, &moment, NewJob::now(KIND, "all", "housekeeping", &moment)).await?,
                )
            })
        })
        .await
}

#[async_trait]
impl Handler for Housekeeping {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, app: &App, _: &Leased) -> Result<Verdict, AppError> {
        let keys = crate::idempotency::forget_old(app).await?;
        info!(keys, "Forgot {keys} answers that were kept long enough");
        let calls = crate::open_apis::forget_old(app).await?;
        info!(calls, "Forgot {calls} signed calls that are too old to come again");
        let records = crate::metering::forget_rejected(app).await?;
        info!(records, "Forgot {records} usage records that were rejected long ago");
        Ok(Verdict::Again(SignedDuration::from_hours(1)))
    }
}
