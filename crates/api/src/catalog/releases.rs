//! /api/v1/seller/releases: a seller's submissions.

use app::App;
use app::catalog::{self, ReleaseView};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::catalog::{ApplicationState, ReleaseApplication};
use domain::ids::ReleaseApplicationId;
use http_kit::{At, Failure, SignedIn};
use serde::Serialize;
use utoipa::ToSchema;

use super::Text;

/// Submissions, the newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct Releases {
    pub(super) items: Vec<ReleaseBody>,
    /// Give this as `cursor` to go on; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<String>,
}

/// One submission.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReleaseBody {
    /// `rel_…`
    pub(super) id: String,
    /// `prd_…`
    product: String,
    name: Text,
    version: String,
    /// `release` or `modify`
    kind: &'static str,
    /// `pending`, `withdrawn`, `approved`, `rejected`
    pub(super) state: &'static str,
    submitted_at: String,
    due_at: String,
    decided_at: Option<String>,
    /// The operator's note.
    reason: Option<String>,
    /// Reasons of single fields.
    fields: Vec<FieldReasonBody>,
    /// How many saved cases answered well.
    cases_replayed: u32,
}

/// Why one field goes back.
#[derive(Serialize, ToSchema)]
pub(crate) struct FieldReasonBody {
    field: String,
    reason: String,
}

pub(super) fn body(application: &ReleaseApplication) -> ReleaseBody {
    let (decided_at, reason, fields) = match &application.state {
        ApplicationState::Pending { .. } => (None, None, &[][..]),
        ApplicationState::Withdrawn { at } | ApplicationState::Approved { at, .. } => (Some(at), None, &[][..]),
        ApplicationState::Rejected { at, reason, fields, .. } => (Some(at), Some(reason.clone()), fields.as_slice()),
    };
    let field =
        |one: &domain::catalog::FieldReason| FieldReasonBody { field: one.field.clone(), reason: one.reason.clone() };
    ReleaseBody {
        id: application.id.to_string(),
        product: application.product.to_string(),
        name: Text::from(&application.release.name),
        version: application.release.version.to_string(),
        kind: application.kind.code(),
        state: application.state.name().code(),
        submitted_at: application.submitted_at.to_string(),
        due_at: application.due_at.to_string(),
        decided_at: decided_at.map(ToString::to_string),
        reason,
        fields: fields.iter().map(field).collect(),
        cases_replayed: application.cases_replayed,
    }
}

/// One's own submissions, newest first.
#[utoipa::path(get, path = "/api/v1/seller/releases", tag = "seller", responses((status = 200, body = Releases)))]
pub(crate) async fn list(State(app): State<App>, SignedIn(actor): SignedIn) -> Result<Json<Releases>, Failure> {
    let releases = catalog::list_releases(&app, &actor).await?;
    Ok(Json(Releases { items: releases.iter().map(body).collect(), next: None }))
}

/// One of one's own submissions, with the decision.
#[utoipa::path(get, path = "/api/v1/seller/releases/{id}", tag = "seller", params(("id" = String, Path)),
    responses((status = 200, body = ReleaseBody), (status = 404)))]
pub(crate) async fn show(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(release): At<ReleaseApplicationId>,
) -> Result<Json<ReleaseBody>, Failure> {
    let ReleaseView { application, .. } = catalog::show_release(&app, &actor, release).await?;
    Ok(Json(body(&application)))
}

/// Takes a submission back before it is decided.
#[utoipa::path(post, path = "/api/v1/seller/releases/{id}/withdraw", tag = "seller", params(("id" = String, Path)),
    responses((status = 204), (status = 404), (status = 409)))]
pub(crate) async fn withdraw(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(release): At<ReleaseApplicationId>,
) -> Result<StatusCode, Failure> {
    catalog::withdraw_release(&app, &actor, release).await?;
    Ok(StatusCode::NO_CONTENT)
}
