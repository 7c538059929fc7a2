//! /api/v1/seller/products: a seller's products and drafts.

use std::collections::BTreeMap;

use app::catalog::{self, DraftView, Saved};
use app::{App, AppError};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use domain::catalog::{
    DeliveryMethod, Field, Product, ReleaseApplication, RequirementState, SpecificationField, Visibility,
};
use domain::identity::Actor;
use domain::ids::{ProductId, SpecificationId};
use domain::outcome::{FieldProblem, Problems};
use http_kit::{At, Failure, SignedIn, Visit};
use language::Words;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Body;

/// The seller's products.
#[derive(Serialize, ToSchema)]
pub(crate) struct Products {
    /// The newest first.
    items: Vec<ProductLine>,
}

/// One product in the list.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProductLine {
    /// `prd_…`
    id: String,
    /// `draft`, `in_review`, `listed`, `frozen`, `discontinued`
    state: &'static str,
    /// `public` or `hidden`, when listed.
    visibility: Option<&'static str>,
    /// The page address, when listed.
    slug: Option<String>,
    name: String,
    /// The newest submission: its id and state.
    release: Option<ReleaseLine>,
}

/// A submission in short.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReleaseLine {
    /// `rel_…`
    id: String,
    /// `pending`, `withdrawn`, `approved`, `rejected`
    state: &'static str,
    /// By when the operator promises a decision.
    due_at: String,
}

impl From<&ReleaseApplication> for ReleaseLine {
    fn from(application: &ReleaseApplication) -> ReleaseLine {
        ReleaseLine {
            id: application.id.to_string(),
            state: application.state.name().code(),
            due_at: application.due_at.to_string(),
        }
    }
}

fn line(product: &Product, application: Option<&ReleaseApplication>) -> ProductLine {
    let draft_name = [Field::NameEn, Field::NameZh].map(|field| product.draft.get(field));
    let name = draft_name.into_iter().find(|name| !name.is_empty()).unwrap_or("");
    let visibility = match product.state {
        domain::catalog::ProductState::Listed { visibility, .. }
        | domain::catalog::ProductState::Frozen { visibility, .. } => Some(visibility.code()),
        domain::catalog::ProductState::Draft
        | domain::catalog::ProductState::InReview
        | domain::catalog::ProductState::Discontinued { .. } => None,
    };
    ProductLine {
        id: product.id.to_string(),
        state: product.state.name().code(),
        visibility,
        slug: product.slug.clone(),
        name: name.to_owned(),
        release: application.map(ReleaseLine::from),
    }
}

/// One's own products, drafts included.
#[utoipa::path(get, path = "/api/v1/seller/products", tag = "seller", responses((status = 200, body = Products)))]
pub(crate) async fn list(State(app): State<App>, SignedIn(actor): SignedIn) -> Result<Json<Products>, Failure> {
    let rows = catalog::list_products(&app, &actor).await?;
    Ok(Json(Products { items: rows.iter().map(|row| line(&row.product, row.application.as_ref())).collect() }))
}

/// What sort of product.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewProduct {
    /// `saas`
    delivery: String,
}

/// A new thing's id.
#[derive(Serialize, ToSchema)]
pub(crate) struct Created {
    /// The id.
    pub(super) id: String,
}

/// Begins a draft of a product.
#[utoipa::path(post, path = "/api/v1/seller/products", tag = "seller", request_body = NewProduct,
    responses((status = 201, body = Created), (status = 422)))]
pub(crate) async fn begin(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Body(body): Body<NewProduct>,
) -> Result<(StatusCode, Json<Created>), Failure> {
    let wrong = || AppError::field(FieldProblem::new("delivery", "not_in_list"));
    let delivery: DeliveryMethod = body.delivery.parse().map_err(|()| wrong())?;
    let id = catalog::begin_draft(&app, &actor, delivery).await?;
    Ok((StatusCode::CREATED, Json(Created { id: id.to_string() })))
}

/// A draft with its checklist.
#[derive(Serialize, ToSchema)]
pub(crate) struct DraftBody {
    product: ProductLine,
    /// What was typed, by field.
    fields: BTreeMap<&'static str, String>,
    specifications: Vec<SpecificationDraftBody>,
    /// `img_…`
    logo: Option<String>,
    /// What is met and what is missing.
    checklist: Vec<CheckBody>,
    /// Whether it can be submitted.
    ready: bool,
    saved_at: String,
}

/// A specification as typed.
#[derive(Serialize, ToSchema)]
pub(crate) struct SpecificationDraftBody {
    /// `spc_…`
    id: String,
    fields: BTreeMap<&'static str, String>,
}

/// One line of the checklist.
#[derive(Serialize, ToSchema)]
pub(crate) struct CheckBody {
    /// The field.
    field: String,
    /// `met`, `not_met`, `advice`
    state: &'static str,
    /// Why, as a stable code.
    code: Option<&'static str>,
    /// Why, in words.
    detail: Option<String>,
}

fn draft(view: &DraftView, words: &Words) -> DraftBody {
    let product = &view.product;
    let check = |requirement: &domain::catalog::Requirement| {
        let (state, problem) = match &requirement.state {
            RequirementState::Met => ("met", None),
            RequirementState::NotMet(problem) => ("not_met", Some(problem)),
            RequirementState::Advice(problem) => ("advice", Some(problem)),
        };
        CheckBody {
            field: requirement.field.to_string(),
            state,
            code: problem.map(|problem| problem.code),
            detail: problem.map(|problem| words.field_problem(problem)),
        }
    };
    DraftBody {
        product: line(product, view.application.as_ref()),
        fields: product.draft.fields.iter().map(|(field, text)| (field.code(), text.clone())).collect(),
        specifications: product
            .draft
            .specifications
            .iter()
            .map(|one| SpecificationDraftBody {
                id: one.id.to_string(),
                fields: one.fields.iter().map(|(field, text)| (field.code(), text.clone())).collect(),
            })
            .collect(),
        logo: product.draft.logo.map(|logo| logo.to_string()),
        checklist: view.checklist.requirements.iter().map(check).collect(),
        ready: view.checklist.release.is_some(),
        saved_at: product.draft_saved_at.to_string(),
    }
}

async fn shown(app: &App, actor: &Actor, visit: &Visit, id: ProductId) -> Result<Json<DraftBody>, Failure> {
    let view = catalog::show_draft(app, actor, id).await?;
    Ok(Json(draft(&view, Words::of(visit.language))))
}

/// One of one's own products, with its draft and what is left to do.
#[utoipa::path(get, path = "/api/v1/seller/products/{id}", tag = "seller", params(("id" = String, Path)),
    responses((status = 200, body = DraftBody), (status = 404)))]
pub(crate) async fn show(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At(product): At<ProductId>,
) -> Result<Json<DraftBody>, Failure> {
    shown(&app, &actor, &visit, product).await
}

/// Fields to be kept as typed; others stay.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fields {
    /// By the field's name.
    fields: BTreeMap<String, String>,
}

fn known<F: std::str::FromStr>(fields: BTreeMap<String, String>) -> Result<Vec<(F, String)>, Problems> {
    let mut problems = Problems::new();
    let mut known = Vec::with_capacity(fields.len());
    for (name, text) in fields {
        match name.parse() {
            Ok(field) => known.push((field, text)),
            Err(_) => problems.add(FieldProblem::new(format!("fields.{name}"), "unknown_form_field")),
        }
    }
    problems.or(Some(known))
}

/// Saves fields of the draft; what is left out stays.
#[utoipa::path(patch, path = "/api/v1/seller/products/{id}", tag = "seller", params(("id" = String, Path)),
    request_body = Fields, responses((status = 200, body = DraftBody), (status = 404), (status = 409), (status = 422)))]
pub(crate) async fn change(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At(product): At<ProductId>,
    Body(body): Body<Fields>,
) -> Result<Json<DraftBody>, Failure> {
    let fields: Vec<(Field, String)> = known(body.fields).map_err(AppError::from)?;
    catalog::save_fields(&app, &actor, product, fields).await?;
    shown(&app, &actor, &visit, product).await
}

/// Deletes a draft that was never on sale.
#[utoipa::path(delete, path = "/api/v1/seller/products/{id}", tag = "seller", params(("id" = String, Path)),
    responses((status = 204), (status = 404), (status = 409)))]
pub(crate) async fn delete(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(product): At<ProductId>,
) -> Result<StatusCode, Failure> {
    catalog::delete_draft(&app, &actor, product).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Puts a picture in the place of the logo: PNG, JPEG or WebP.
#[utoipa::path(put, path = "/api/v1/seller/products/{id}/logo", tag = "seller", params(("id" = String, Path)),
    request_body(content = Vec<u8>, description = "PNG, JPEG or WebP, at most 5 MB", content_type = "application/octet-stream"),
    responses((status = 201, body = Created), (status = 404), (status = 422)))]
pub(crate) async fn logo(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(product): At<ProductId>,
    bytes: Bytes,
) -> Result<(StatusCode, Json<Created>), Failure> {
    let logo = catalog::upload_logo(&app, &actor, product, bytes.to_vec()).await?;
    Ok((StatusCode::CREATED, Json(Created { id: logo.to_string() })))
}

/// Adds a specification to the draft.
#[utoipa::path(post, path = "/api/v1/seller/products/{id}/specifications", tag = "seller", params(("id" = String, Path)),
    request_body = Fields, responses((status = 201, body = Created), (status = 404), (status = 409), (status = 422)))]
pub(crate) async fn add_specification(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(product): At<ProductId>,
    Body(body): Body<Fields>,
) -> Result<(StatusCode, Json<Created>), Failure> {
    let fields: Vec<(SpecificationField, String)> = known(body.fields).map_err(AppError::from)?;
    let specification = catalog::add_specification(&app, &actor, product, fields).await?;
    Ok((StatusCode::CREATED, Json(Created { id: specification.to_string() })))
}

/// When it was saved.
#[derive(Serialize, ToSchema)]
pub(crate) struct SavedBody {
    at: String,
}

/// Saves fields of a specification; what is left out stays.
#[utoipa::path(patch, path = "/api/v1/seller/products/{id}/specifications/{specification}", tag = "seller",
    params(("id" = String, Path), ("specification" = String, Path)), request_body = Fields,
    responses((status = 200, body = SavedBody), (status = 404), (status = 409), (status = 422)))]
pub(crate) async fn change_specification(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At((product, specification)): At<(ProductId, SpecificationId)>,
    Body(body): Body<Fields>,
) -> Result<Json<SavedBody>, Failure> {
    let fields: Vec<(SpecificationField, String)> = known(body.fields).map_err(AppError::from)?;
    let Saved { at, .. } = catalog::save_specification(&app, &actor, product, specification, fields, None).await?;
    Ok(Json(SavedBody { at: at.to_string() }))
}

/// Takes a specification out of the draft.
#[utoipa::path(delete, path = "/api/v1/seller/products/{id}/specifications/{specification}", tag = "seller",
    params(("id" = String, Path), ("specification" = String, Path)),
    responses((status = 204), (status = 404), (status = 409)))]
pub(crate) async fn remove_specification(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At((product, specification)): At<(ProductId, SpecificationId)>,
) -> Result<StatusCode, Failure> {
    catalog::remove_specification(&app, &actor, product, specification).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Hands the draft in for review.
#[utoipa::path(post, path = "/api/v1/seller/products/{id}/submit", tag = "seller", params(("id" = String, Path)),
    responses((status = 201, body = Created), (status = 404), (status = 409), (status = 422)))]
pub(crate) async fn submit(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(product): At<ProductId>,
) -> Result<(StatusCode, Json<Created>), Failure> {
    let release = catalog::submit_release(&app, &actor, product).await?;
    Ok((StatusCode::CREATED, Json(Created { id: release.to_string() })))
}

/// Shown or hidden.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewVisibility {
    /// `public` or `hidden`
    visibility: String,
}

/// Shows a listed product in search, or hides it.
#[utoipa::path(post, path = "/api/v1/seller/products/{id}/visibility", tag = "seller", params(("id" = String, Path)),
    request_body = NewVisibility, responses((status = 204), (status = 404), (status = 409), (status = 422)))]
pub(crate) async fn visibility(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(product): At<ProductId>,
    Body(body): Body<NewVisibility>,
) -> Result<StatusCode, Failure> {
    let wrong = || AppError::field(FieldProblem::new("visibility", "not_in_list"));
    let visibility: Visibility = body.visibility.parse().map_err(|()| wrong())?;
    catalog::set_product_visibility(&app, &actor, product, visibility).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends the sale of a product; those who bought it keep it.
#[utoipa::path(post, path = "/api/v1/seller/products/{id}/discontinue", tag = "seller", params(("id" = String, Path)),
    responses((status = 204), (status = 404), (status = 409)))]
pub(crate) async fn discontinue(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(product): At<ProductId>,
) -> Result<StatusCode, Failure> {
    catalog::discontinue_product(&app, &actor, product).await?;
    Ok(StatusCode::NO_CONTENT)
}
