//! Looking after the running marketplace: readiness, job counts, jobs that wait for a person. For operators and platform engineers.

mod housekeeping;
mod parked_jobs;

use crate::jobs::Handler;
use crate::{App, AppError};

pub use housekeeping::start_housekeeping;
pub use parked_jobs::{About, ParkedJob, ParkedJobs, RestartJob, count_parked, parked_jobs};

pub(crate) fn handlers() -> Vec<Box<dyn Handler>> {
    vec![Box::new(housekeeping::Housekeeping)]
}

/// Whether the tables can be read. One look into an index: it costs the same however much waits.
pub async fn tables_answer(app: &App) -> Result<(), AppError> {
    let look = app.store.read((), |tx, ()| {
        Box::pin(async move { Ok::<_, AppError>(store::jobs::exists(tx, "housekeeping", "all").await?) })
    });
    look.await.map(|_| ())
}

/// How many jobs wait, and how many are parked for a person.
pub async fn job_counts(app: &App) -> Result<(i64, i64), AppError> {
    app.store.read((), |tx, ()| Box::pin(async move { Ok::<_, AppError>(store::jobs::counts(tx).await?) })).await
}

/// Writes what the tables say into the process's gauges, for Prometheus.
pub async fn measure(app: &App) -> Result<(), AppError> {
    let (waiting, parked) = job_counts(app).await?;
    metrics::describe_gauge!("souk_jobs_waiting", "Jobs that are due or will be");
    metrics::describe_gauge!("souk_jobs_parked", "Jobs that wait for a person");
    metrics::gauge!("souk_jobs_waiting").set(as_float(waiting));
    metrics::gauge!("souk_jobs_parked").set(as_float(parked));
    Ok(())
}

/// Gauges are floats by their format; counts of rows are far below the 2^53 that a float holds exactly.
fn as_float(count: i64) -> f64 {
    i32::try_from(count).map_or(f64::from(i32::MAX), f64::from)
}
