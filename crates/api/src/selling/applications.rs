//! /api/v1/seller-application: the own application; /api/v1/seller-applications: the operator's queue.

use app::selling::applications::{self, Consent, SaveDraft};
use app::selling::papers::{self, LicenceFile};
use app::selling::review::{self, Decision, QueueFrom};
use app::{App, AppError};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use domain::ids::SellerApplicationId;
use domain::outcome::FieldProblem;
use domain::selling::{ApplicationForm, ApplicationState, SellerApplication};
use http_kit::{At, Failure, SignedIn};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::catalog::Body;

macro_rules! form {
    ($( $(#[$doc:meta])* $field:ident, )*) => {
        /// The fields of the application as typed; unknown ones are refused.
        #[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
        #[serde(default, deny_unknown_fields)]
        pub(crate) struct FormBody {
            $( $(#[$doc])* $field: String, )*
            /// The agreements that are accepted: `seller_terms`, `cooperation_rules`, `privacy_statement`.
            agreed: Vec<String>,
        }

        impl From<&ApplicationForm> for FormBody {
            fn from(form: &ApplicationForm) -> FormBody {
                FormBody { $( $field: form.$field.clone(), )* agreed: form.agreed.clone() }
            }
        }

        impl From<FormBody> for ApplicationForm {
            fn from(body: FormBody) -> ApplicationForm {
                ApplicationForm { $( $field: body.$field, )* agreed: body.agreed }
            }
        }
    };
}

form! {
    /// As on the business licence.
    company_name,
    /// Starts with https:// or http://.
    website,
    /// `1-3`, `3-5`, `5-10` or `10+`.
    years_in_business,
    /// `5-49`, `50-199`, `200-999` or `1000+`.
    employees,
    /// With its currency: `CNY 5,000,000`.
    registered_capital,
    /// Of the business licence.
    licence_number,
    /// The contact person.
    contact_name,
    /// Of the contact person.
    contact_mobile,
    /// Of the contact person.
    contact_email,
    /// Country or region.
    country,
    /// State or province; may be empty.
    province,
    /// City.
    city,
    /// Street and number.
    street,
    /// May be empty.
    postcode,
    /// Of customer service.
    support_phone,
    /// Of customer service.
    support_email,
    /// 20 to 2,000 characters without links.
    introduction,
}

/// What is saved.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct DraftBody {
    /// Every field.
    form: FormBody,
    /// The revision that this draft is based on; leave it out to overwrite whatever is there.
    revision: Option<u32>,
}

/// One application.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApplicationBody {
    /// `sap_…`
    id: String,
    /// `org_…`
    organisation: String,
    /// `draft`, `pending_review`, `approved` or `rejected`.
    stage: &'static str,
    /// Grows with each write.
    revision: u32,
    /// Every field as typed.
    form: FormBody,
    /// RFC 3339, when it was handed in.
    submitted_at: Option<String>,
    /// Until when an answer is promised.
    due_at: Option<String>,
    /// When it was decided.
    decided_at: Option<String>,
    /// Why it was sent back.
    reason: Option<String>,
    /// Whether the company logo is uploaded.
    logo: bool,
    /// Whether the business licence is uploaded.
    licence: bool,
    /// What was agreed to; empty in lists.
    agreements: Vec<ConsentBody>,
}

/// A consent.
#[derive(Serialize, ToSchema)]
pub(crate) struct ConsentBody {
    agreement: String,
    version: String,
    agreed_at: String,
}

fn body(application: &SellerApplication, consents: &[Consent]) -> ApplicationBody {
    let (submitted_at, due_at, decided_at, reason) = match &application.state {
        ApplicationState::Draft => (None, None, None, None),
        ApplicationState::PendingReview { submitted_at, due_at } => (Some(submitted_at), Some(due_at), None, None),
        ApplicationState::Approved { submitted_at, decided_at, .. } => {
            (Some(submitted_at), None, Some(decided_at), None)
        }
        ApplicationState::Rejected { submitted_at, decided_at, reason, .. } => {
            (Some(submitted_at), None, Some(decided_at), Some(reason.clone()))
        }
    };
    ApplicationBody {
        id: application.id.to_string(),
        organisation: application.organisation.to_string(),
        stage: application.stage().code(),
        revision: application.revision,
        form: FormBody::from(&application.form),
        submitted_at: submitted_at.map(ToString::to_string),
        due_at: due_at.map(ToString::to_string),
        decided_at: decided_at.map(ToString::to_string),
        reason,
        logo: application.papers.logo.is_some(),
        licence: application.papers.licence.is_some(),
        agreements: consents
            .iter()
            .map(|consent| ConsentBody {
                agreement: consent.agreement.clone(),
                version: consent.version.clone(),
                agreed_at: consent.agreed_at.to_string(),
            })
            .collect(),
    }
}

/// The own organisation's application, as saved.
#[utoipa::path(get, path = "/api/v1/seller-application", tag = "seller",
    responses((status = 200, body = ApplicationBody), (status = 404)))]
pub(crate) async fn mine(State(app): State<App>, SignedIn(actor): SignedIn) -> Result<Json<ApplicationBody>, Failure> {
    let mine = applications::mine(&app, &actor).await?;
    let application = mine.application.ok_or(AppError::NotFound("seller_application"))?;
    Ok(Json(body(&application, &mine.consents)))
}

/// Saves the application as a draft.
#[utoipa::path(put, path = "/api/v1/seller-application", tag = "seller", request_body = DraftBody,
    responses((status = 200, body = ApplicationBody), (status = 409), (status = 422)))]
pub(crate) async fn save(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Body(draft): Body<DraftBody>,
) -> Result<Json<ApplicationBody>, Failure> {
    let ask = SaveDraft { form: draft.form.into(), known_revision: draft.revision };
    let saved = app.save_seller_application(&actor, ask).await?;
    Ok(Json(body(&saved, &[])))
}

/// Hands the application in.
#[utoipa::path(post, path = "/api/v1/seller-application/submit", tag = "seller",
    responses((status = 200, body = ApplicationBody), (status = 404), (status = 409), (status = 422)))]
pub(crate) async fn submit(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
) -> Result<Json<ApplicationBody>, Failure> {
    let draft = applications::mine(&app, &actor).await?.application.ok_or(AppError::NotFound("seller_application"))?;
    let ask = SaveDraft { form: draft.form, known_revision: Some(draft.revision) };
    app.submit_seller_application(&actor, ask).await?;
    let mine = applications::mine(&app, &actor).await?;
    let application = mine.application.ok_or(AppError::NotFound("seller_application"))?;
    Ok(Json(body(&application, &mine.consents)))
}

/// Puts the company logo beside the own application: PNG, JPEG or WebP.
#[utoipa::path(put, path = "/api/v1/seller-application/logo", tag = "seller",
    request_body(content = Vec<u8>, description = "PNG, JPEG or WebP, at most 5 MB", content_type = "application/octet-stream"),
    responses((status = 200, body = ApplicationBody), (status = 409), (status = 422)))]
pub(crate) async fn logo(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    bytes: Bytes,
) -> Result<Json<ApplicationBody>, Failure> {
    Ok(Json(body(&app.upload_company_logo(&actor, bytes.to_vec()).await?, &[])))
}

/// Puts the business licence beside the own application: PDF, PNG, JPEG or WebP.
#[utoipa::path(put, path = "/api/v1/seller-application/licence", tag = "seller",
    request_body(content = Vec<u8>, description = "PDF, PNG, JPEG or WebP, at most 5 MB", content_type = "application/octet-stream"),
    responses((status = 200, body = ApplicationBody), (status = 409), (status = 422)))]
pub(crate) async fn put_licence(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    bytes: Bytes,
) -> Result<Json<ApplicationBody>, Failure> {
    Ok(Json(body(&app.upload_business_licence(&actor, bytes.to_vec()).await?, &[])))
}

/// The own business licence: a picture as JPEG, a PDF as it was uploaded.
#[utoipa::path(get, path = "/api/v1/seller-application/licence", tag = "seller",
    responses((status = 200, content_type = "application/octet-stream"), (status = 404)))]
pub(crate) async fn licence(State(app): State<App>, SignedIn(actor): SignedIn) -> Result<Response, Failure> {
    Ok(handed_out(papers::my_licence(&app, &actor).await?))
}

/// The business licence beside an application.
#[utoipa::path(get, path = "/api/v1/seller-applications/{id}/licence", tag = "operator", params(("id" = String, Path)),
    responses((status = 200, content_type = "application/octet-stream"), (status = 404)))]
pub(crate) async fn licence_of(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(id): At<SellerApplicationId>,
) -> Result<Response, Failure> {
    Ok(handed_out(papers::licence_of(&app, &actor, id).await?))
}

/// To be saved, whatever is in it.
fn handed_out(file: LicenceFile) -> Response {
    let headers = [
        (header::CONTENT_TYPE, file.format.media_type()),
        (header::CONTENT_DISPOSITION, "attachment"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, file.bytes).into_response()
}

/// The queue.
#[derive(Serialize, ToSchema)]
pub(crate) struct Queue {
    /// Waiting, the oldest first.
    waiting: Vec<ApplicationBody>,
    /// `?waiting=` for the next page of those; absent on the last one.
    next_waiting: Option<String>,
    /// Decided, the latest first.
    decided: Vec<ApplicationBody>,
    /// `?decided=` for the next page of those; absent on the last one.
    next_decided: Option<String>,
}

/// From where on the two lists are read.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct QueuePage {
    /// `next_waiting` of the page before.
    waiting: Option<String>,
    /// `next_decided` of the page before.
    decided: Option<String>,
}

/// Applications that wait, the oldest first, and those decided, the latest first: 50 of each at a time.
#[utoipa::path(get, path = "/api/v1/seller-applications", tag = "operator", params(QueuePage),
    responses((status = 200, body = Queue), (status = 422)))]
pub(crate) async fn queue(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Query(page): Query<QueuePage>,
) -> Result<Json<Queue>, Failure> {
    let cursor = |field: &'static str, id: Option<String>| {
        let id = id.map(|id| id.parse::<SellerApplicationId>()).transpose();
        id.map_err(|_| AppError::field(FieldProblem::new(field, "not_a_choice")))
    };
    let from = QueueFrom { waiting: cursor("waiting", page.waiting)?, decided: cursor("decided", page.decided)? };
    let queue = review::queue(&app, &actor, from, review::PAGE).await?;
    let all = |found: &[SellerApplication]| found.iter().map(|application| body(application, &[])).collect();
    let next = |id: Option<SellerApplicationId>| id.map(|id| id.to_string());
    Ok(Json(Queue {
        waiting: all(&queue.waiting),
        next_waiting: next(queue.more_waiting),
        decided: all(&queue.decided),
        next_decided: next(queue.more_decided),
    }))
}

/// One application.
#[utoipa::path(get, path = "/api/v1/seller-applications/{id}", tag = "operator", params(("id" = String, Path)),
    responses((status = 200, body = ApplicationBody), (status = 404)))]
pub(crate) async fn show(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(application): At<SellerApplicationId>,
) -> Result<Json<ApplicationBody>, Failure> {
    let dossier = review::dossier(&app, &actor, application).await?;
    Ok(Json(body(&dossier.application, &dossier.consents)))
}

/// Approves an application; the organisation may sell from now on.
#[utoipa::path(post, path = "/api/v1/seller-applications/{id}/approve", tag = "operator", params(("id" = String, Path)),
    responses((status = 200, body = ApplicationBody), (status = 404), (status = 409)))]
pub(crate) async fn approve(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(id): At<SellerApplicationId>,
) -> Result<Json<ApplicationBody>, Failure> {
    Ok(Json(body(&app.decide_seller_application(&actor, id, Decision::Approve).await?, &[])))
}

/// Why an application is sent back.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Rejection {
    /// 10 to 1,000 characters; the applicant reads them.
    reason: String,
}

/// Rejects an application with a reason.
#[utoipa::path(post, path = "/api/v1/seller-applications/{id}/reject", tag = "operator", params(("id" = String, Path)),
    request_body = Rejection, responses((status = 200, body = ApplicationBody), (status = 404), (status = 409), (status = 422)))]
pub(crate) async fn reject(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(id): At<SellerApplicationId>,
    Body(rejection): Body<Rejection>,
) -> Result<Json<ApplicationBody>, Failure> {
    let decision = Decision::Reject { reason: rejection.reason };
    Ok(Json(body(&app.decide_seller_application(&actor, id, decision).await?, &[])))
}
