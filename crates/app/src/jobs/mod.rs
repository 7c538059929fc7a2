//! Work after commit: enqueueing in the transaction of the change, and the runner that does it.
//!
//! *What is promised.* A job runs at least once. It is leased with a fencing token, runs with no transaction open, and
//! records its result in a second short transaction that names the token; a worker that lost its lease records nothing.
//! Attempts are counted before the work begins, so that a job that kills its process is set aside after some crashes.
//! Jobs of one lane (a seller, the mail server) share a bounded part of the workers; oldest first within a lane.
//!
//! *What is not here.* What a job does: each handler is a file beside this one or in its context.

mod bell;
mod parking;
mod runner;

use async_trait::async_trait;
use domain::ids::JobId;
use domain::time::{SignedDuration, Timestamp};
use store::jobs::JobRow;
use store::{Engine, StoreError, Tx};

use crate::events::Moment;
use crate::{App, AppError};

pub use bell::Bell;
pub use runner::Runner;

/// A job to be enqueued.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Which handler does it; one of [`handlers`].
    pub kind: &'static str,
    /// What it is about. Enqueueing the same kind and key again is calm.
    pub key: String,
    /// With whom it shares workers.
    pub lane: String,
    /// What the handler needs, as JSON text; small, and without secrets.
    pub payload: String,
    /// Not before.
    pub due_at: Timestamp,
}

impl NewJob {
    /// A job that is due at once and needs nothing but its key.
    pub fn now(kind: &'static str, key: impl ToString, lane: impl ToString, moment: &Moment) -> NewJob {
        let (key, lane) = (key.to_string(), lane.to_string());
        NewJob { kind, key, lane, payload: "{}".to_owned(), due_at: moment.now }
    }
}

/// Writes the job in the transaction of the change.
pub async fn enqueue(tx: &mut Tx, moment: &Moment, job: NewJob) -> Result<(), StoreError> {
    store::jobs::enqueue(tx, &row_of(job, moment))
}

/// As [`enqueue`], for a job that the marketplace cannot do without and that every start makes sure of: one that was parked
/// lives again, because after a start with a newer program it may well succeed.
pub(crate) async fn enqueue_standing(tx: &mut Tx, moment: &Moment, job: NewJob) -> Result<(), StoreError> {
    store::jobs::restart(tx, job.kind, &job.key, job.due_at).await?;
    enqueue(tx, moment, job).await
}

/// As [`enqueue`], for the e-mail of a notice that was written just now; where the person had it already there is none.
pub(crate) fn enqueue_for_notice(tx: &mut Tx, moment: &Moment, job: NewJob) -> Result<(), StoreError> {
    store::jobs::enqueue_for_notice(tx, &row_of(job, moment))
}

fn row_of(job: NewJob, moment: &Moment) -> JobRow {
    JobRow {
        id: moment.id::<JobId>(&format!("{}/{}", job.kind, job.key)),
        kind: job.kind.to_owned(),
        key: job.key,
        lane: job.lane,
        payload: job.payload,
        due_at: job.due_at,
        attempts: 0,
        lease: 0,
        parked_at: None,
        last_error: None,
        created_at: moment.now,
    }
}

/// Takes over from a process that ended with jobs in its hands, so that they need not wait for their leases to end. Only
/// where no other process can be at work: the embedded database is open in this process alone. With PostgreSQL the
/// leases decide. Called at the start, before a runner works; says how many there were.
pub async fn take_over(app: &App) -> Result<u64, AppError> {
    match app.store.engine() {
        Engine::Postgres => Ok(0),
        Engine::Sqlite => {
            app.store
                .write((), |tx, ()| Box::pin(async move { Ok::<_, AppError>(store::jobs::free_all(tx).await?) }))
                .await
        }
    }
}

/// What a handler says at the end. `Done` and `Again` are recorded by the runner; a handler that must record its
/// result together with the end of the job calls [`Leased::finish`] or [`Leased::again_at`] inside its own transaction
/// and answers `Recorded`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing is left to do.
    Done,
    /// The handler recorded result and end itself.
    Recorded,
    /// To be done again after this long; not counted as a crash.
    Again(SignedDuration),
    /// Only a person can help; the sentence says why.
    Park(String),
}

/// One kind of job. A handler must take a repeat calmly: it may have run before, up to any point.
#[async_trait]
pub trait Handler: Send + Sync {
    /// The kind in [`NewJob::kind`].
    fn kind(&self) -> &'static str;
    /// Does the work. No transaction is open. An error is a crash: it is counted and tried again with growing pauses.
    async fn run(&self, app: &App, job: &Leased) -> Result<Verdict, AppError>;
    /// What else is set aside with a job that crashed too often or asked for a person, in the transaction that parks it.
    /// When this fails, the job alone is parked.
    async fn set_aside(&self, _: &App, _: &mut Tx, _: &Moment, _: &Leased) -> Result<Aside, AppError> {
        Ok(Aside::Parked)
    }
}

/// What becomes of a job that is set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aside {
    /// It waits for a person among the parked jobs, and operators are told.
    Parked,
    /// The same, where the handler told people itself.
    ParkedAndTold,
    /// The handler parked the thing itself; the job comes back then, to end it.
    Until(Timestamp),
    /// The handler brought the thing to its end: nothing is left to do.
    Over,
}

/// A job in the hands of one worker.
#[derive(Clone, Debug)]
pub struct Leased(pub(crate) JobRow);

impl Leased {
    /// What the job is about.
    pub fn key(&self) -> &str {
        &self.0.key
    }

    /// What was enqueued with it.
    pub fn payload(&self) -> &str {
        &self.0.payload
    }

    /// How many times it was begun, this time included.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Refuses with a calm conflict when another worker has taken the job over. The first statement of a transaction
    /// that records a result.
    pub async fn check(&self, tx: &mut Tx) -> Result<(), AppError> {
        if store::jobs::holds_lease(tx, &self.0).await? { Ok(()) } else { Err(AppError::conflict("lease_lost")) }
    }

    /// Ends the job inside the transaction that records its result.
    pub async fn finish(&self, tx: &mut Tx) -> Result<(), AppError> {
        if store::jobs::finish(tx, &self.0).await? { Ok(()) } else { Err(AppError::conflict("lease_lost")) }
    }

    /// Puts the job back for `due_at` inside the transaction that records what came so far.
    pub async fn again_at(&self, tx: &mut Tx, due_at: Timestamp) -> Result<(), AppError> {
        let held = store::jobs::put_back(tx, &self.0, due_at, 0, None).await?;
        if held { Ok(()) } else { Err(AppError::conflict("lease_lost")) }
    }
}

/// Every handler there is. A job of an unknown kind is set aside, not lost: a newer node may know it.
pub fn handlers() -> Vec<Box<dyn Handler>> {
    let mut all: Vec<Box<dyn Handler>> = Vec::new();
    all.extend(crate::notices::handlers());
    all.extend(crate::audit::handlers());
    all.extend(crate::identity::handlers());
    all.extend(crate::operations::handlers());
    all.extend(crate::fulfilment::handlers());
    all.extend(crate::ordering::handlers());
    all.extend(crate::selling::handlers());
    all.extend(crate::catalog::handlers());
    all.extend(crate::metering::handlers());
    all
}
