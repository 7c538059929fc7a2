//! The seller submits a draft to review, looks at submissions, takes one back.

use domain::catalog::{ApplicationKind, ApplicationState, Product, ProductState, Release, ReleaseApplication};
use domain::identity::{Actor, Permission};
use domain::ids::{ProductId, ReleaseApplicationId};
use domain::outcome::{Outcome, Refusal, RefusalKind};
use domain::pricing;
use domain::selling::{BillingMode, CaseOutcome, CaseResult, InterfaceAddress, Verdict};
use domain::text::Language;
use serde_json::json;
use store::catalog::{debug_reports, products, release_applications};
use store::selling::addresses;
use store::{StoreError, Tx};

use super::drafts;
use crate::events::Moment;
use crate::notices::{Audience, Notice, notify};
use crate::{App, AppError};

/// A submission with its product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseView {
    /// The submission.
    pub application: ReleaseApplication,
    /// Whether the product may be changed and submitted again now.
    pub product: Product,
}

/// What was checked before anything was sent to the seller's system.
struct Checked {
    release: Release,
    address: Option<InterfaceAddress>,
    draft_version: i64,
}

async fn checked(app: &App, actor: &Actor, id: ProductId) -> Result<Checked, AppError> {
    let input = (actor.organisation, id, drafts::Terms::of(app));
    app.store
        .read::<_, _, AppError, _>(input, |tx, (seller, id, terms)| {
            Box::pin(async move {
                let product = products::find_of(tx, seller, id).await?.ok_or(AppError::NotFound("product"))?;
                product.require_editable()?;
                let view = drafts::view(tx, product, &terms).await?;
                if let Some(ApplicationState::Pending { .. }) = view.application.map(|application| application.state) {
                    return Err(AppError::conflict("release_pending"));
                }
                let problems = view.checklist.problems();
                let release = problems.or(view.checklist.release)?;
                let address = match release.interface_address {
                    Some(address) => addresses::find_of(tx, seller, address).await?,
                    None => None,
                };
                Ok(Checked { release, address, draft_version: view.product.draft_version })
            })
        })
        .await
}

/// Calls the saved cases once more, with no transaction open. Refused with the first that does not pass.
async fn replay(app: &App, checked: &Checked, language: Language) -> Result<u32, AppError> {
    let Some(address) = &checked.address else { return Ok(0) };
    let outcomes = crate::selling::replay_cases(app, address, billing_of(&checked.release)).await?;
    match outcomes.iter().find(|outcome| outcome.result != CaseResult::Passed) {
        None => Ok(u32::try_from(outcomes.len()).unwrap_or(u32::MAX)),
        Some(failing) => Err(case_failed(failing, language).into()),
    }
}

/// Which cases a product needs: those of periods when anything of it is sold by the month or year.
pub(crate) fn billing_of(release: &Release) -> BillingMode {
    let mut modes = release.specifications.iter().map(|specification| specification.prices.billing_mode());
    if modes.any(|mode| mode == pricing::BillingMode::Period) { BillingMode::Period } else { BillingMode::OneTime }
}

fn case_failed(outcome: &CaseOutcome, language: Language) -> Refusal {
    let activity = outcome.activity.code();
    let Some((_, name)) = &outcome.case else {
        return Refusal::new(RefusalKind::Rule, "release_case_missing").with("activity", activity);
    };
    let line = outcome.checks.iter().find(|line| line.verdict == Verdict::Fail);
    let reason = line.map_or("", |line| match language {
        Language::English => line.en.as_str(),
        Language::Chinese => line.zh.as_str(),
    });
    let refusal = Refusal::new(RefusalKind::Rule, "release_case_failed");
    refusal.with("activity", activity).with("case", name).with("reason", reason)
}

/// Checks the draft, calls the saved cases, and hands the product to the operator's review.
pub async fn submit_release(app: &App, actor: &Actor, id: ProductId) -> Result<ReleaseApplicationId, AppError> {
    actor.require(Permission::ManageProducts)?;
    let checked = checked(app, actor, id).await?;
    let cases_replayed = replay(app, &checked, actor.language).await?;
    let moment = app.moment(actor);
    let application = ReleaseApplication {
        id: moment.id("release"),
        product: id,
        seller: actor.organisation,
        kind: ApplicationKind::Release,
        release: checked.release,
        cases_replayed,
        submitted_by: actor.user,
        submitted_at: moment.now,
        due_at: domain::time::after_working_days(moment.now, app.settings.catalog.review_working_days),
        state: ApplicationState::Pending { claim: None },
    };
    let release = application.id;
    let input = (application, checked.draft_version, actor.organisation_name.clone(), moment);
    app.store
        .write::<_, _, AppError, _>(input, |tx, (application, version, seller_name, moment)| {
            Box::pin(async move { submit(tx, application, version, &seller_name, &moment).await })
        })
        .await?;
    app.job_bell.ring();
    Ok(release)
}

async fn submit(
    tx: &mut Tx,
    mut application: ReleaseApplication,
    draft_version: i64,
    seller_name: &str,
    moment: &Moment,
) -> Result<(), AppError> {
    let mut product = drafts::editable(tx, application.seller, application.product).await?;
    if product.draft_version != draft_version {
        return Err(AppError::conflict("draft_changed_elsewhere"));
    }
    if let ProductState::Listed { .. } = product.state {
        application.kind = ApplicationKind::Modify;
    }
    product.submit(moment.now)?;
    release_applications::insert(tx, &application).await.map_err(pending_already)?;
    debug_reports::carry(tx, application.id, application.product).await?;
    products::save_state(tx, &product).await?;
    let facts = json!({
        "product": application.product.to_string(),
        "kind": application.kind.code(),
        "version": application.release.version.to_string(),
        "cases_replayed": application.cases_replayed,
    });
    moment.record(tx, "release_submitted", Some(application.seller), application.id, facts).await?;
    let notice = Notice {
        to: Audience::Operators,
        kind: "release_submitted",
        about: application.id.to_string(),
        arguments: vec![("product", (&application.release.name).into()), ("seller", seller_name.into())],
        link: format!("/operator/releases/{}", application.id),
    };
    notify(tx, moment, notice).await?;
    let receipt = Notice {
        to: Audience::Organisation(application.seller),
        kind: "release_received",
        about: application.id.to_string(),
        arguments: vec![("product", (&application.release.name).into())],
        link: format!("/seller/products/{}", application.product),
    };
    notify(tx, moment, receipt).await?;
    Ok(())
}

fn pending_already(error: StoreError) -> AppError {
    if error.duplicate_of(release_applications::ONE_PENDING) {
        AppError::conflict("release_pending")
    } else {
        error.into()
    }
}

/// The seller's submissions, the newest first.
pub async fn list_releases(app: &App, actor: &Actor) -> Result<Vec<ReleaseApplication>, AppError> {
    actor.require(Permission::SeeSelling)?;
    app.store
        .read::<_, _, AppError, _>(actor.organisation, |tx, seller| {
            Box::pin(async move { Ok(release_applications::of_seller(tx, seller).await?) })
        })
        .await
}

/// One submission of the seller.
pub async fn show_release(app: &App, actor: &Actor, id: ReleaseApplicationId) -> Result<ReleaseView, AppError> {
    actor.require(Permission::SeeSelling)?;
    app.store
        .read::<_, _, AppError, _>((actor.organisation, id), |tx, (seller, id)| {
            Box::pin(async move {
                let application = release_applications::find(tx, id).await?;
                let application = application.filter(|application| application.seller == seller);
                let application = application.ok_or(AppError::NotFound("release"))?;
                let product = products::find(tx, application.product).await?.ok_or(AppError::NotFound("product"))?;
                Ok(ReleaseView { application, product })
            })
        })
        .await
}

/// Takes a submission back that is not decided yet. Saying it twice is calm.
pub async fn withdraw_release(app: &App, actor: &Actor, id: ReleaseApplicationId) -> Result<Outcome<()>, AppError> {
    actor.require(Permission::ManageProducts)?;
    let input = (actor.organisation, id, actor.organisation_name.clone(), app.moment(actor));
    let outcome = app
        .store
        .write::<_, _, AppError, _>(input, |tx, (seller, id, seller_name, moment)| {
            Box::pin(async move {
                let application = release_applications::find(tx, id).await?;
                let application = application.filter(|application| application.seller == seller);
                let product = application.ok_or(AppError::NotFound("release"))?.product;
                // The product first, as everywhere: two acts on one product wait for each other in one order.
                let mut product = products::lock(tx, product).await?.ok_or(AppError::NotFound("product"))?;
                let mut application = release_applications::lock(tx, id).await?.ok_or(AppError::NotFound("release"))?;
                let outcome = application.withdraw(moment.now)?;
                if outcome == Outcome::AlreadyApplied {
                    return Ok(outcome);
                }
                product.take_back(moment.now)?;
                release_applications::save_state(tx, &application).await?;
                products::save_state(tx, &product).await?;
                let facts = json!({ "product": product.id.to_string() });
                moment.record(tx, "release_withdrawn", Some(seller), id, facts).await?;
                let notice = Notice {
                    to: Audience::Operators,
                    kind: "release_withdrawn",
                    about: id.to_string(),
                    arguments: vec![("product", application.release.name.into()), ("seller", seller_name.into())],
                    link: format!("/operator/releases/{id}"),
                };
                notify(tx, &moment, notice).await?;
                Ok(outcome)
            })
        })
        .await?;
    app.job_bell.ring();
    Ok(outcome)
}
