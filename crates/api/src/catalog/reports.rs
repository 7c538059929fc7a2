//! …/report: the signed report of the debugging kit beside a draft, and the one that a submission carries.

use app::catalog::{self, AttachedReport};
use app::{App, AppError};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use domain::ids::{ProductId, ReleaseApplicationId};
use domain::selling::{ReportCase, ReportCheck};
use http_kit::{At, Failure, SignedIn, Visit};
use language::Words;
use serde::Serialize;
use utoipa::ToSchema;

use super::drafts::Created;

/// A report as it is kept and as it reads now.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReportBody {
    /// `rpt_…`
    id: String,
    attached_at: String,
    /// How large the file is.
    bytes: usize,
    /// `valid`, or `invalid` when the kept file does not verify; then `told` is absent.
    signature: &'static str,
    /// Why it does not verify, in words.
    problem: Option<String>,
    /// What it says.
    told: Option<ToldBody>,
    /// What a reviewer should notice, the gravest first.
    concerns: Vec<ConcernBody>,
}

/// What a report says.
#[derive(Serialize, ToSchema)]
pub(crate) struct ToldBody {
    /// The fingerprint of the key that signed it.
    key: String,
    /// How many reports of this seller the key signed, this one included.
    key_own_reports: u32,
    /// How many other sellers handed in reports that it signed.
    key_other_sellers: u32,
    /// By the seller's clock.
    made_at: String,
    /// The program and its version.
    tool: String,
    /// `v1` or `v2`
    protocol: String,
    /// `period`, `one-time`, `pay-per-use`
    billing: String,
    address: String,
    passed: bool,
    cases: Vec<ReportCaseBody>,
}

/// One case of a report.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReportCaseBody {
    activity: String,
    /// `pass`, `warn`, `fail`, `skip`
    outcome: &'static str,
    elapsed_ms: u64,
    checks: Vec<ReportCheckBody>,
}

/// One check of a case.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReportCheckBody {
    code: String,
    /// `pass`, `warn`, `fail`, `skip`
    outcome: &'static str,
    message: String,
}

/// Something to notice.
#[derive(Serialize, ToSchema)]
pub(crate) struct ConcernBody {
    /// `failed`, `other_address`, `no_address`, `other_protocol`, `not_tried`, `old`, `from_the_future`
    code: &'static str,
    detail: String,
}

fn check(check: &ReportCheck) -> ReportCheckBody {
    ReportCheckBody { code: check.code.clone(), outcome: check.outcome.code(), message: check.message.clone() }
}

fn case(case: &ReportCase) -> ReportCaseBody {
    ReportCaseBody {
        activity: case.activity.clone(),
        outcome: case.outcome.code(),
        elapsed_ms: case.elapsed_ms,
        checks: case.checks.iter().map(check).collect(),
    }
}

fn body(attached: Option<AttachedReport>, words: &Words) -> Result<Json<ReportBody>, AppError> {
    let attached = attached.ok_or(AppError::NotFound("debug_report"))?;
    let read = attached.reading.as_ref();
    let concerns = read.map(|reading| reading.concerns.as_slice()).unwrap_or_default();
    let told = read.ok().map(|reading| ToldBody {
        key: reading.report.key_fingerprint.clone(),
        key_own_reports: reading.key.own,
        key_other_sellers: reading.key.other_sellers,
        made_at: reading.report.made_at.to_string(),
        tool: reading.report.tool.clone(),
        protocol: reading.report.protocol.clone(),
        billing: reading.report.billing.clone(),
        address: reading.report.address.clone(),
        passed: reading.report.passed,
        cases: reading.report.cases.iter().map(case).collect(),
    });
    Ok(Json(ReportBody {
        id: attached.id.to_string(),
        attached_at: attached.uploaded_at.to_string(),
        bytes: attached.bytes,
        signature: if told.is_some() { "valid" } else { "invalid" },
        problem: read.err().map(|problem| words.field_problem(problem)),
        concerns: concerns
            .iter()
            .map(|concern| ConcernBody { code: concern.code(), detail: words.report_concern(concern) })
            .collect(),
        told,
    }))
}

/// The report beside one's own draft.
#[utoipa::path(get, path = "/api/v1/seller/products/{id}/report", tag = "seller", params(("id" = String, Path)),
    responses((status = 200, body = ReportBody), (status = 404)))]
pub(crate) async fn show(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At(product): At<ProductId>,
) -> Result<Json<ReportBody>, Failure> {
    let attached = catalog::draft_report(&app, &actor, product).await?;
    Ok(body(attached, Words::of(visit.language))?)
}

/// Puts a report beside the draft, in the place of the one before: the file that `souk debug --report` wrote, byte for byte.
#[utoipa::path(put, path = "/api/v1/seller/products/{id}/report", tag = "seller", params(("id" = String, Path)),
    request_body(content = Vec<u8>, description = "The report file, at most 512 KiB", content_type = "application/octet-stream"),
    responses((status = 201, body = Created), (status = 404), (status = 409), (status = 422)))]
pub(crate) async fn attach(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(product): At<ProductId>,
    bytes: Bytes,
) -> Result<(StatusCode, Json<Created>), Failure> {
    let report = catalog::attach_report(&app, &actor, product, bytes.to_vec()).await?;
    Ok((StatusCode::CREATED, Json(Created { id: report.to_string() })))
}

/// Takes the report away from the draft. A submission keeps the one that it carries.
#[utoipa::path(delete, path = "/api/v1/seller/products/{id}/report", tag = "seller", params(("id" = String, Path)),
    responses((status = 204), (status = 404), (status = 409)))]
pub(crate) async fn remove(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(product): At<ProductId>,
) -> Result<StatusCode, Failure> {
    catalog::remove_report(&app, &actor, product).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The report that a submission carries.
#[utoipa::path(get, path = "/api/v1/operator/releases/{id}/report", tag = "operator", params(("id" = String, Path)),
    responses((status = 200, body = ReportBody), (status = 404)))]
pub(crate) async fn carried(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At(release): At<ReleaseApplicationId>,
) -> Result<Json<ReportBody>, Failure> {
    let attached = catalog::release_report(&app, &actor, release).await?;
    Ok(body(attached, Words::of(visit.language))?)
}
