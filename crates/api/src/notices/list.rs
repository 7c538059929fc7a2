//! GET /api/v1/notices

use app::{App, AppError};
use axum::Json;
use axum::extract::{Query, State};
use domain::ids::NoticeId;
use domain::outcome::FieldProblem;
use http_kit::{Failure, SignedIn, Visit};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which notices.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    /// Only older ones than this: the `next` of the page before.
    before: Option<String>,
}

/// Notices, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct Notices {
    /// At most 50.
    items: Vec<Notice>,
    /// Give this as `before` to go on; absent on the last page.
    next: Option<String>,
}

/// Something that the person was told.
#[derive(Serialize, ToSchema)]
pub(crate) struct Notice {
    /// The id, `ntc_…`.
    id: String,
    /// A stable code.
    kind: String,
    /// One line, in the language asked for.
    subject: String,
    /// What happened and what to do.
    body: String,
    /// The page that it leads to.
    link: String,
    /// When, RFC 3339.
    created_at: String,
    /// When it was opened.
    read_at: Option<String>,
}

const PAGE: u32 = 50;

/// One's own notices, newest first. Reading the list marks nothing as read.
#[utoipa::path(get, path = "/api/v1/notices", params(Page), responses((status = 200, body = Notices)), tag = "notices")]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    Query(page): Query<Page>,
) -> Result<Json<Notices>, Failure> {
    let before = page.before.map(|text| text.parse::<NoticeId>()).transpose();
    let before = before.map_err(|_| AppError::field(FieldProblem::new("before", "cursor")))?;
    let views = app::notices::list(&app, &actor, visit.language, before, PAGE).await?;
    let next = (views.len() == PAGE as usize).then(|| views.last().map(|view| view.id.to_string())).flatten();
    let items = views
        .into_iter()
        .map(|view| Notice {
            id: view.id.to_string(),
            kind: view.kind,
            subject: view.subject,
            body: view.body,
            link: view.link,
            created_at: view.created_at.to_string(),
            read_at: view.read_at.map(|at| at.to_string()),
        })
        .collect();
    Ok(Json(Notices { items, next }))
}
