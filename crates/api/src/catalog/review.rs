//! /api/v1/operator/releases: the operator's review.

use std::collections::BTreeMap;

use app::App;
use app::catalog::{self, QueueRow};
use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use domain::catalog::FieldDifference;
use domain::ids::{ProductId, ReleaseApplicationId};
use domain::outcome::FieldProblem;
use domain::time::{Timestamp, from_millisecond, to_millisecond};
use http_kit::{At, Failure, SignedIn};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Body;
use super::releases::{ReleaseBody, Releases, body};

/// Which part of the queue.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Place {
    /// The `next` of the page before.
    cursor: Option<String>,
}

const PAGE: u32 = 50;

fn place(cursor: &str) -> Option<(Timestamp, ReleaseApplicationId)> {
    let (at, id) = cursor.split_once('.')?;
    Some((from_millisecond(at.parse().ok()?)?, id.parse().ok()?))
}

/// Submissions that wait for a decision, the oldest first.
#[utoipa::path(get, path = "/api/v1/operator/releases", tag = "operator", params(Place),
    responses((status = 200, body = Releases)))]
pub(crate) async fn queue(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Query(asked): Query<Place>,
) -> Result<Json<Releases>, Failure> {
    let wrong = || app::AppError::field(FieldProblem::new("cursor", "cursor"));
    let after = asked.cursor.map(|cursor| place(&cursor).ok_or_else(wrong)).transpose()?;
    let rows = catalog::review_queue(&app, &actor, after, PAGE).await?;
    let cursor = |row: &QueueRow| format!("{}.{}", to_millisecond(row.application.submitted_at), row.application.id);
    let next = (rows.len() == PAGE as usize).then(|| rows.last().map(cursor)).flatten();
    Ok(Json(Releases { items: rows.iter().map(|row| body(&row.application)).collect(), next }))
}

/// A submission with what it changes.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReviewBody {
    release: ReleaseBody,
    seller: String,
    claimed_by: Option<String>,
    /// Fields that differ from what is on sale; all of them for a first release.
    changes: Vec<ChangeBody>,
    /// Fields of which raw HTML or pictures do not reach the page.
    removed_markup: Vec<&'static str>,
}

/// One field, before and after.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChangeBody {
    field: String,
    before: Option<String>,
    after: Option<String>,
}

/// One submission, with what it changes.
#[utoipa::path(get, path = "/api/v1/operator/releases/{id}", tag = "operator", params(("id" = String, Path)),
    responses((status = 200, body = ReviewBody), (status = 404)))]
pub(crate) async fn show(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(release): At<ReleaseApplicationId>,
) -> Result<Json<ReviewBody>, Failure> {
    let view = catalog::show_review(&app, &actor, release).await?;
    let change = |one: FieldDifference| ChangeBody { field: one.field, before: one.before, after: one.after };
    Ok(Json(ReviewBody {
        release: body(&view.application),
        seller: view.seller_name,
        claimed_by: view.claimed_by,
        changes: view.differences.into_iter().filter(FieldDifference::changed).map(change).collect(),
        removed_markup: view.removed_markup,
    }))
}

/// Says that one reviews this submission.
#[utoipa::path(post, path = "/api/v1/operator/releases/{id}/claim", tag = "operator", params(("id" = String, Path)),
    responses((status = 204), (status = 404), (status = 409)))]
pub(crate) async fn claim(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(release): At<ReleaseApplicationId>,
) -> Result<StatusCode, Failure> {
    catalog::claim_release(&app, &actor, release).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a claimed submission back to the queue.
#[utoipa::path(post, path = "/api/v1/operator/releases/{id}/unclaim", tag = "operator", params(("id" = String, Path)),
    responses((status = 204), (status = 404), (status = 409)))]
pub(crate) async fn unclaim(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(release): At<ReleaseApplicationId>,
) -> Result<StatusCode, Failure> {
    catalog::unclaim_release(&app, &actor, release).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Approves a submission; the product is on sale from now on.
#[utoipa::path(post, path = "/api/v1/operator/releases/{id}/approve", tag = "operator", params(("id" = String, Path)),
    responses((status = 204), (status = 404), (status = 409)))]
pub(crate) async fn approve(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(release): At<ReleaseApplicationId>,
) -> Result<StatusCode, Failure> {
    catalog::approve_release(&app, &actor, release).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Why not.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rejection {
    /// The note to the seller.
    reason: String,
    /// Reasons of single fields, by field.
    #[serde(default)]
    fields: BTreeMap<String, String>,
}

/// Rejects a submission with reasons.
#[utoipa::path(post, path = "/api/v1/operator/releases/{id}/reject", tag = "operator", params(("id" = String, Path)),
    request_body = Rejection, responses((status = 204), (status = 404), (status = 409), (status = 422)))]
pub(crate) async fn reject(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(release): At<ReleaseApplicationId>,
    Body(body): Body<Rejection>,
) -> Result<StatusCode, Failure> {
    let fields: Vec<(String, String)> = body.fields.into_iter().collect();
    catalog::reject_release(&app, &actor, release, &body.reason, &fields).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Stops the sale of a listed product for a while.
#[utoipa::path(post, path = "/api/v1/operator/products/{id}/freeze", tag = "operator", params(("id" = String, Path)),
    responses((status = 204), (status = 404), (status = 409)))]
pub(crate) async fn freeze(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(product): At<ProductId>,
) -> Result<StatusCode, Failure> {
    catalog::freeze_product(&app, &actor, product).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets a frozen product be sold again.
#[utoipa::path(post, path = "/api/v1/operator/products/{id}/unfreeze", tag = "operator", params(("id" = String, Path)),
    responses((status = 204), (status = 404), (status = 409)))]
pub(crate) async fn unfreeze(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(product): At<ProductId>,
) -> Result<StatusCode, Failure> {
    catalog::unfreeze_product(&app, &actor, product).await?;
    Ok(StatusCode::NO_CONTENT)
}
