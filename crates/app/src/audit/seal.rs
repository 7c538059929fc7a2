//! The job that seals events. There is one row of it for the whole marketplace, so one node seals at a time; the
//! primary key of the seals refuses a second one all the same.

use async_trait::async_trait;
use domain::audit::Doer;
use domain::time::SignedDuration;

use crate::jobs::{Handler, Leased, NewJob, Verdict, enqueue};
use crate::{App, AppError};

const KIND: &str = "seal_events";

/// How long an event waits, so that older ones still in their transaction come before it.
const SETTLE: SignedDuration = SignedDuration::from_secs(5);

/// How many events are sealed in one transaction.
const BATCH: u32 = 500;

pub(super) struct SealEvents;

/// Makes sure that the sealing job exists. Called at every start.
pub async fn start(app: &App) -> Result<(), AppError> {
    let moment = app.moment(Doer::System);
    app.store
        .write(moment, |tx, moment| {
            Box::pin(async move {
                enqueue(tx, &moment, NewJob::now(KIND, "all", "audit", &moment)).await?;
                Ok::<(), AppError>(())
            })
        })
        .await
}

#[async_trait]
impl Handler for SealEvents {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, app: &App, job: &Leased) -> Result<Verdict, AppError> {
        let before = app.now() - SETTLE;
        let sealed: u32 = app
            .store
            .write_bulk((job.clone(), before), |tx, (job, before)| {
                Box::pin(async move {
                    job.check(tx).await?;
                    let (mut sequence, mut hash) = store::events::last_seal(tx).await?;
                    let events = store::events::unsealed(tx, before, BATCH).await?;
                    for event in &events {
                        sequence += 1;
                        hash = domain::audit::seal(&hash, event);
                        store::events::insert_seal(tx, sequence, event, &hash)?;
                    }
                    Ok::<_, AppError>(u32::try_from(events.len()).unwrap_or(u32::MAX))
                })
            })
            .await?;
        let pause = if sealed == BATCH { SignedDuration::ZERO } else { SignedDuration::from_secs(30) };
        Ok(Verdict::Again(pause))
    }
}
