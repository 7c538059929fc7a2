//! The runner: leases due jobs, runs their handlers, keeps leases alive, records what they said.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use domain::time::{SignedDuration, Timestamp};
use futures_util::FutureExt as _;
use store::StoreError;
use store::jobs::{JobRow, Limits};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use crate::settings::Jobs;
use crate::{App, AppError};

use super::{Handler, Leased, Verdict, handlers, parking};

/// How long a worker that came free waits for others before the tables are asked for work again.
const GATHER_FOR: Duration = Duration::from_millis(3);

/// Runs the jobs of one marketplace in one process.
pub struct Runner {
    app: App,
    handlers: HashMap<&'static str, Arc<dyn Handler>>,
}

impl Runner {
    /// A runner with every handler.
    pub fn new(app: App) -> Runner {
        Runner::with(app, handlers())
    }

    /// A runner that knows these kinds of jobs only.
    pub fn with(app: App, handlers: Vec<Box<dyn Handler>>) -> Runner {
        let handlers = handlers.into_iter().map(|handler| (handler.kind(), Arc::from(handler))).collect();
        Runner { app, handlers }
    }

    /// Works until `stop` is cancelled, then lets what it began come to an end.
    pub async fn work(self: Arc<Self>, stop: CancellationToken) {
        let mut running = JoinSet::new();
        while !stop.is_cancelled() {
            let free = self.free(&running);
            let leased = if free == 0 { Ok(Vec::new()) } else { self.lease(free).await };
            let found = match leased {
                Ok(jobs) => {
                    let found = jobs.len();
                    for job in jobs {
                        let runner = Arc::clone(&self);
                        running.spawn(async move { runner.one(job).await });
                    }
                    found
                }
                Err(error) => {
                    warn!(%error, "Jobs cannot be leased now");
                    0
                }
            };
            if found == 0 {
                self.pause(&mut running, &stop).await;
            } else if found == free as usize {
                self.gather(&mut running, &stop).await;
            }
            while running.try_join_next().is_some() {}
        }
        while running.join_next().await.is_some() {}
    }

    fn free(&self, running: &JoinSet<()>) -> u32 {
        self.app.settings.jobs.at_once.saturating_sub(u32::try_from(running.len()).unwrap_or(u32::MAX))
    }

    /// All workers are busy and more waits: lets several come free before the tables are asked again, because asking for
    /// eight costs hardly more than asking for one. Not for long, because some may hang.
    #[expect(clippy::disallowed_methods, reason = "the runner itself: milliseconds for workers to come free")]
    async fn gather(&self, running: &mut JoinSet<()>, stop: &CancellationToken) {
        let worth_asking = self.app.settings.jobs.at_once.div_ceil(4);
        if running.join_next().await.is_none() {
            return;
        }
        let mut patience = std::pin::pin!(tokio::time::sleep(GATHER_FOR));
        while self.free(running) < worth_asking {
            tokio::select! {
                () = stop.cancelled() => return,
                Some(_) = running.join_next(), if !running.is_empty() => {}
                () = &mut patience => return,
            }
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the runner itself: jobs of other nodes become due without a bell here"
    )]
    async fn pause(&self, running: &mut JoinSet<()>, stop: &CancellationToken) {
        let wait = Duration::try_from(self.app.settings.jobs.poll_every).unwrap_or(Duration::from_millis(500));
        tokio::select! {
            () = stop.cancelled() => {}
            () = self.app.job_bell.heard() => {}
            Some(_) = running.join_next(), if !running.is_empty() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }

    /// Runs what is due now, one job after another, until nothing is due; says how many ran. For tests, whose clocks
    /// stand still.
    pub async fn settle(&self) -> Result<u32, AppError> {
        let mut ran = 0;
        loop {
            let jobs = self.lease(1).await?;
            if jobs.is_empty() {
                return Ok(ran);
            }
            for job in jobs {
                self.one(job).await;
                ran += 1;
            }
        }
    }

    async fn lease(&self, most: u32) -> Result<Vec<JobRow>, StoreError> {
        let now = self.app.now();
        let Jobs { lease, per_lane, per_crowd, .. } = self.app.settings.jobs;
        let input = (now, now + lease, Limits { most, per_lane, per_crowd });
        self.app
            .store
            .write(input, |tx, (now, until, limits)| {
                Box::pin(async move { store::jobs::lease(tx, now, until, limits).await })
            })
            .await
    }

    async fn one(&self, job: JobRow) {
        let leased = Leased(job);
        let verdict = self.run(&leased).await;
        if let Err(error) = self.record(&leased, verdict).await {
            // The lease runs out and another attempt is made.
            warn!(job.kind = leased.0.kind, job.key = leased.0.key, %error, "A job's end could not be recorded");
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the runner itself: the heartbeat of a lease")]
    async fn run(&self, leased: &Leased) -> Result<Verdict, AppError> {
        let job = &leased.0;
        if job.attempts > self.app.settings.jobs.crashes_before_parking {
            let last = job.last_error.clone().unwrap_or_else(|| "no attempt came to its end".to_owned());
            return Ok(Verdict::Park(last));
        }
        let Some(handler) = self.handlers.get(job.kind.as_str()) else {
            return Ok(Verdict::Park(format!("this node knows no job of kind {}", job.kind)));
        };
        let work = std::panic::AssertUnwindSafe(handler.run(&self.app, leased)).catch_unwind();
        let mut work = std::pin::pin!(work);
        let beat = Duration::try_from(self.app.settings.jobs.lease / 3).unwrap_or(Duration::from_secs(10));
        loop {
            tokio::select! {
                done = &mut work => {
                    return done.unwrap_or_else(|_| Err(AppError::Internal(format!("the handler of {} panicked", job.kind))));
                }
                () = tokio::time::sleep(beat) => self.keep(job).await,
            }
        }
    }

    async fn keep(&self, job: &JobRow) {
        let input = (job.clone(), self.app.now() + self.app.settings.jobs.lease);
        let kept: Result<bool, StoreError> = self
            .app
            .store
            .write(input, |tx, (job, until)| Box::pin(async move { store::jobs::extend(tx, &job, until).await }))
            .await;
        if !matches!(kept, Ok(true)) {
            warn!(job.kind, job.key, "The lease of a job could not be kept");
        }
    }

    async fn record(&self, leased: &Leased, verdict: Result<Verdict, AppError>) -> Result<(), AppError> {
        let now = self.app.now();
        let job = leased.0.clone();
        let next = match verdict {
            Ok(Verdict::Recorded) => return Ok(()),
            Ok(Verdict::Done) => None,
            Ok(Verdict::Again(after)) => Some((now + after, 0, None)),
            Ok(Verdict::Park(reason)) => {
                error!(job.kind, job.key, reason, "A job waits for a person");
                return parking::set_aside(&self.app, leased, &reason, self.handlers.get(job.kind.as_str())).await;
            }
            Err(error) if error.code() == "lease_lost" => {
                info!(job.kind, job.key, "Another worker has taken a job over");
                return Ok(());
            }
            Err(error) => {
                warn!(job.kind, job.key, job.attempts, %error, "An attempt of a job failed");
                Some((now + pause_after_crash(job.attempts), job.attempts, Some(error.to_string())))
            }
        };
        self.app
            .store
            .write((job, next), |tx, (job, next)| {
                Box::pin(async move {
                    match next {
                        None => store::jobs::finish(tx, &job).await?,
                        Some((due_at, attempts, error)) => {
                            store::jobs::put_back(tx, &job, due_at, attempts, error.as_deref()).await?
                        }
                    };
                    Ok::<(), AppError>(())
                })
            })
            .await
    }

    /// When the next job falls due: for tests that move their clock there.
    pub async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        self.app.store.read((), |tx, ()| Box::pin(async move { store::jobs::next_due(tx).await })).await
    }
}

/// 1 s, 4 s, 16 s, 64 s … at most 10 minutes.
fn pause_after_crash(attempts: u32) -> SignedDuration {
    let seconds = 4_i64.saturating_pow(attempts.saturating_sub(1)).min(600);
    SignedDuration::from_secs(seconds)
}
