//! POST /api/v1/notices/read and POST /api/v1/notices/{id}/read

use app::App;
use axum::extract::State;
use axum::http::StatusCode;
use domain::ids::NoticeId;
use http_kit::{At, Failure, SignedIn};

/// Marks all of one's own notices as read. Saying it twice is calm.
#[utoipa::path(post, path = "/api/v1/notices/read", responses((status = 204)), tag = "notices")]
pub(crate) async fn all(State(app): State<App>, SignedIn(actor): SignedIn) -> Result<StatusCode, Failure> {
    app::notices::mark_all_read(&app, &actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Marks one of one's own notices as read. Saying it twice is calm.
#[utoipa::path(post, path = "/api/v1/notices/{id}/read", params(("id" = String, Path)),
    responses((status = 204), (status = 404)), tag = "notices")]
pub(crate) async fn one(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(id): At<NoticeId>,
) -> Result<StatusCode, Failure> {
    app::notices::open(&app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
