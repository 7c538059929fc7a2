//! Jobs that wait for a person: operators look at them and send them back to work. Not here: when a job is parked
//! (`app::jobs`).

use domain::identity::{Actor, Permission};
use domain::ids::{JobId, OrderId, SellerCallId};
use domain::ordering::OrderNumber;
use domain::time::Timestamp;
use serde_json::json;
use store::Tx;
use store::jobs::JobRow;

use crate::fulfilment::CALL_JOB;
use crate::{App, AppError};

/// How many jobs one part of the list holds.
const PAGE: u32 = 50;

/// Keys of jobs of which there is one for the whole marketplace.
const WHOLE: &str = "all";

/// What a parked job is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// The whole marketplace.
    Marketplace,
    /// A call to a seller.
    Call(SellerCallId),
    /// An order.
    Order(OrderNumber),
    /// Something else, as its key names it: an id, a day.
    Thing(String),
}

/// A job that waits for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParkedJob {
    /// The id.
    pub id: JobId,
    /// What it does, as a stable code; the words are `job-kind-<code>`.
    pub kind: String,
    /// What it is about, as it was enqueued.
    pub key: String,
    /// What it is about, for people.
    pub about: About,
    /// Since when it waits; nothing once it was sent back to work.
    pub parked_at: Option<Timestamp>,
    /// What the last attempt said.
    pub last_error: Option<String>,
    /// How many times it was begun since it last got anywhere.
    pub attempts: u32,
    /// When it was enqueued.
    pub created_at: Timestamp,
}

/// A part of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParkedJobs {
    /// The jobs, those that were enqueued first at the head.
    pub jobs: Vec<ParkedJob>,
    /// The id to ask for the next ones with, when there are more.
    pub next: Option<JobId>,
}

async fn view(tx: &mut Tx, row: JobRow) -> ParkedJob {
    let about = about(tx, &row).await;
    let JobRow { id, kind, key, parked_at, last_error, attempts, created_at, .. } = row;
    ParkedJob { id, kind, key, about, parked_at, last_error, attempts, created_at }
}

/// The row that a job fails at may be one that does not read: then its key must do.
async fn about(tx: &mut Tx, job: &JobRow) -> About {
    if job.key == WHOLE {
        return About::Marketplace;
    }
    if let Ok(call) = job.key.parse::<SellerCallId>() {
        return About::Call(call);
    }
    if let Ok(id) = job.key.parse::<OrderId>()
        && let Ok(Some(order)) = store::ordering::orders::find(tx, id).await
    {
        return About::Order(order.number);
    }
    About::Thing(job.key.clone())
}

/// The jobs that wait for a person, those enqueued after `after` when given.
pub async fn parked_jobs(app: &App, actor: &Actor, after: Option<JobId>) -> Result<ParkedJobs, AppError> {
    actor.require(Permission::SeeOperations)?;
    app.store
        .read(after, |tx, after| {
            Box::pin(async move {
                let mut rows = store::jobs::parked(tx, after, PAGE + 1).await?;
                let more = rows.len() > PAGE as usize;
                rows.truncate(PAGE as usize);
                let mut jobs = Vec::with_capacity(rows.len());
                for row in rows {
                    jobs.push(view(tx, row).await);
                }
                let next = jobs.last().filter(|_| more).map(|job: &ParkedJob| job.id);
                Ok(ParkedJobs { jobs, next })
            })
        })
        .await
}

/// How many jobs wait for a person.
pub async fn count_parked(app: &App, actor: &Actor) -> Result<usize, AppError> {
    actor.require(Permission::SeeOperations)?;
    let (_, parked) = super::job_counts(app).await?;
    Ok(usize::try_from(parked).unwrap_or(0))
}

/// Sends a parked job back to work, now. The job of a call takes its call along.
#[derive(Clone, Copy, Debug)]
pub struct RestartJob {
    /// Which job.
    pub job: JobId,
}

impl RestartJob {
    /// Restarts it. Refused with `job_not_parked` when it works by itself.
    pub async fn run(self, app: &App, actor: &Actor) -> Result<ParkedJob, AppError> {
        actor.require(Permission::ManageOperations)?;
        let policy = app.settings.fulfilment.policy.clone();
        let input = (self.job, actor.user, app.moment(actor), policy);
        let restarted = app
            .store
            .write(input, |tx, (id, user, moment, policy)| {
                Box::pin(async move {
                    let job = store::jobs::lock(tx, id).await?.ok_or(AppError::NotFound("job"))?;
                    if job.parked_at.is_none() {
                        return Err(AppError::conflict("job_not_parked"));
                    }
                    if job.kind == CALL_JOB {
                        crate::fulfilment::restart_parked_job(tx, &moment, (&job.key, user), &policy).await?;
                    } else {
                        store::jobs::restart(tx, &job.kind, &job.key, moment.now).await?;
                    }
                    moment.record(tx, "job_restarted", None, id, json!({ "kind": job.kind })).await?;
                    Ok(view(tx, JobRow { parked_at: None, attempts: 0, ..job }).await)
                })
            })
            .await?;
        app.job_bell.ring();
        Ok(restarted)
    }
}
