//! The job that seals events. There is one row of it for the whole marketplace, so one node seals at a time; the
//! primary key of the seals refuses a second one all the same.

use async_trait::async_trait;
use domain::audit::Doer;
use domain::time::SignedDuration;

use crate::jobs::{Handler, Leased, NewJob, Verdict, enqueue_standing};
use crate::{App, AppError};

const KIND: &str = "seal_events";

/// How long an event waits, so that older ones still in their transaction come before it.
const SETTLE: SignedDuration = SignedDuration::from_secs(5);

/// How long after its instant an event is looked back at. Whatever was committed later than [`SETTLE`] allows, because
/// its transaction was slow or the clock of its node behind, is sealed then, after younger ones.
const LOOK_BACK: SignedDuration = SignedDuration::from_mins(2);

/// How many events are sealed, and how many are looked back at, in one transaction.
const BATCH: u32 = 500;

pub(super) struct SealEvents;

/// Makes sure that the sealing job exists and is not parked. Called at every start.
pub async fn start(app: &App) -> Result<(), AppError> {
    let moment = app.moment(Doer::System);
    app.store
        .write(moment, |tx, moment| {
            Box::pin(async move {
                enqueue_standing(tx, &moment, NewJob::now(KIND, "all", "audit", &moment)).await?;
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
        let now = app.now();
        let more: bool = app
            .store
            .write_bulk((job.clone(), now), |tx, (job, now)| {
                Box::pin(async move {
                    job.check(tx).await?;
                    let (looked_at, left_out) = store::events::look_back(tx, now - LOOK_BACK, BATCH).await?;
                    let young = store::events::after_the_sealed(tx, now - SETTLE, BATCH).await?;
                    let (mut sequence, mut hash) = store::events::last_seal(tx).await?;
                    for event in left_out.iter().chain(&young) {
                        sequence += 1;
                        hash = domain::audit::seal(&hash, event);
                        store::events::insert_seal(tx, sequence, event, &hash)?;
                    }
                    Ok::<_, AppError>(young.len() == BATCH as usize || looked_at == BATCH as usize)
                })
            })
            .await?;
        Ok(Verdict::Again(if more { SignedDuration::ZERO } else { SignedDuration::from_secs(30) }))
    }
}
