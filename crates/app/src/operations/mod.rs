//! Looking after the running marketplace: readiness, job counts. For operators and platform engineers.

mod housekeeping;

use crate::jobs::Handler;
use crate::{App, AppError};

pub use housekeeping::start_housekeeping;

pub(crate) fn handlers() -> Vec<Box<dyn Handler>> {
    vec![Box::new(housekeeping::Housekeeping)]
}

/// Whether the tables can be read.
pub async fn tables_answer(app: &App) -> Result<(), AppError> {
    job_counts(app).await.map(|_| ())
}

/// How many jobs wait, and how many are parked for a person.
pub async fn job_counts(app: &App) -> Result<(i64, i64), AppError> {
    app.store.read((), |tx, ()| Box::pin(async move { Ok::<_, AppError>(store::jobs::counts(tx).await?) })).await
}
