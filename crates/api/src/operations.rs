//! Jobs that wait for an operator.

use app::operations::{About, ParkedJob, ParkedJobs, RestartJob, parked_jobs};
use app::{App, AppError};
use axum::Json;
use axum::extract::{Query, State};
use domain::ids::JobId;
use domain::outcome::{FieldProblem, Problems};
use http_kit::{At, Failure, Routes, SignedIn, route};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

/// What this slice adds to the description.
#[derive(OpenApi)]
#[openapi(paths(list, restart))]
pub(crate) struct Description;

/// The routes of this slice.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .with(route!(GET "/api/v1/operator/parked-jobs" => list))
        .with(route!(POST "/api/v1/operator/jobs/{id}/restart" => restart))
}

/// A job that came to nothing again and again.
#[derive(Serialize, ToSchema)]
pub(crate) struct JobBody {
    /// `job_…`
    id: String,
    /// What it does: `seller_call`, `seal_events`, `notice_mail`, …
    kind: String,
    /// What it is about: an id, a day, or `all`.
    key: String,
    /// The number of the order, where it is about one.
    order: Option<String>,
    /// Since when it waits, RFC 3339; absent once it was sent back to work.
    parked_at: Option<String>,
    /// What the last attempt said.
    last_error: Option<String>,
    /// How many times it was begun since it last got anywhere.
    attempts: u32,
    /// When it was enqueued.
    created_at: String,
}

impl From<ParkedJob> for JobBody {
    fn from(job: ParkedJob) -> JobBody {
        let order = match &job.about {
            About::Order(number) => Some(number.to_string()),
            About::Marketplace | About::Call(_) | About::Thing(_) => None,
        };
        JobBody {
            id: job.id.to_string(),
            kind: job.kind,
            key: job.key,
            order,
            parked_at: job.parked_at.map(|at| at.to_string()),
            last_error: job.last_error,
            attempts: job.attempts,
            created_at: job.created_at.to_string(),
        }
    }
}

/// Parked jobs, those that were enqueued first at the head.
#[derive(Serialize, ToSchema)]
pub(crate) struct JobList {
    /// At most 50.
    items: Vec<JobBody>,
    /// Give this as `after` to go on; absent on the last page.
    next: Option<String>,
}

impl From<ParkedJobs> for JobList {
    fn from(found: ParkedJobs) -> JobList {
        let next = found.next.map(|id| id.to_string());
        JobList { items: found.jobs.into_iter().map(JobBody::from).collect(), next }
    }
}

/// Which part of the list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct After {
    /// Only younger ones than this: the `next` of the page before.
    after: Option<String>,
}

/// Jobs that wait for a person: they crashed too often, or no node knows them.
#[utoipa::path(get, path = "/api/v1/operator/parked-jobs", tag = "operating", params(After),
    responses((status = 200, body = JobList), (status = 401), (status = 403), (status = 422)))]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Query(asked): Query<After>,
) -> Result<Json<JobList>, Failure> {
    let mut problems = Problems::new();
    let after: Result<Option<JobId>, _> = asked.after.as_deref().map(str::parse).transpose();
    let after = problems.take(after.map_err(|_| FieldProblem::new("after", "cursor")));
    let after = problems.or(after).map_err(AppError::from)?;
    Ok(Json(parked_jobs(&app, &actor, after).await?.into()))
}

/// Sends a parked job back to work, now. The job of a call takes its call along.
#[utoipa::path(post, path = "/api/v1/operator/jobs/{id}/restart", tag = "operating",
    params(("id" = String, Path, description = "job_…")),
    responses((status = 200, body = JobBody), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(crate) async fn restart(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(job): At<JobId>,
) -> Result<Json<JobBody>, Failure> {
    Ok(Json(RestartJob { job }.run(&app, &actor).await?.into()))
}
