//! The operator's review of submissions: the queue, one submission with what it changes, claim, approve, reject.

use domain::catalog::{
    ApplicationState, FieldDifference, FieldReason, Product, Release, ReleaseApplication, differences, slug_of,
    with_suffix,
};
use domain::identity::{Actor, Permission};
use domain::ids::{InterfaceAddressId, ReleaseApplicationId, UserId};
use domain::outcome::{FieldProblem, Outcome, Problems};
use domain::text::{self, Language, Lines};
use domain::time::Timestamp;
use serde_json::json;
use store::catalog::{images, products, release_applications, specifications};
use store::{StoreError, Tx};

use super::description::{Rendered, render_markdown, something_removed};
use super::drafts::Terms;
use crate::events::{Moment, fingerprint};
use crate::notices::{Audience, Notice, notify};
use crate::{App, AppError, Vault};

/// One line of the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueRow {
    /// The submission.
    pub application: ReleaseApplication,
    /// Who sells.
    pub seller_name: String,
    /// Who claimed it.
    pub claimed_by: Option<String>,
    /// Whether the promised date has passed.
    pub overdue: bool,
}

/// A submission as the reviewer sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewView {
    /// The submission.
    pub application: ReleaseApplication,
    /// Who sells.
    pub seller_name: String,
    /// Who claimed it.
    pub claimed_by: Option<String>,
    /// What is on sale now, when it is a change.
    pub live: Option<Release>,
    /// Every field, before and after.
    pub differences: Vec<FieldDifference>,
    /// Fields of which raw HTML or pictures do not reach the page.
    pub removed_markup: Vec<&'static str>,
    /// The submitted description as buyers will see it, in both languages where there are two.
    pub descriptions: Vec<(Language, Rendered)>,
    /// The address of the submitted picture, and of the one on sale.
    pub logos: (Option<String>, Option<String>),
    /// Earlier and later submissions of the product, the newest first.
    pub history: Vec<ReleaseApplication>,
    /// The next one in the queue, and the one before.
    pub next: Option<ReleaseApplicationId>,
    /// See `next`.
    pub previous: Option<ReleaseApplicationId>,
    /// The addresses of sellers' systems that the contents name, each with its URL.
    pub address_urls: Vec<(InterfaceAddressId, String)>,
}

/// What waits for a decision, the oldest first; after the named one when given.
pub async fn review_queue(
    app: &App,
    actor: &Actor,
    after: Option<(Timestamp, ReleaseApplicationId)>,
    most: u32,
) -> Result<Vec<QueueRow>, AppError> {
    actor.require(Permission::SeeOperations)?;
    let now = app.now();
    let queued = app
        .store
        .read::<_, _, AppError, _>((after, most, app.vault.clone()), |tx, (after, most, vault)| {
            Box::pin(async move { Ok(release_applications::queue(tx, &vault, after, most).await?) })
        })
        .await?;
    let row = |queued: release_applications::Queued| QueueRow {
        overdue: now > queued.application.due_at,
        application: queued.application,
        seller_name: queued.seller_name,
        claimed_by: queued.claimed_by_name,
    };
    Ok(queued.into_iter().map(row).collect())
}

/// One submission with everything a decision needs.
pub async fn show_review(app: &App, actor: &Actor, id: ReleaseApplicationId) -> Result<ReviewView, AppError> {
    actor.require(Permission::SeeOperations)?;
    let input = (id, app.vault.clone());
    app.store
        .read::<_, _, AppError, _>(input, |tx, (id, vault)| Box::pin(async move { view(tx, &vault, id).await }))
        .await
}

async fn view(tx: &mut Tx, vault: &Vault, id: ReleaseApplicationId) -> Result<ReviewView, AppError> {
    let queued = release_applications::find_with_names(tx, vault, id).await?.ok_or(AppError::NotFound("release"))?;
    let release_applications::Queued { application, seller_name, claimed_by_name } = queued;
    let product = products::find(tx, application.product).await?.ok_or(AppError::NotFound("product"))?;
    // What a decided submission changed is not known any more; it is shown whole.
    let pending = matches!(application.state, ApplicationState::Pending { .. });
    let live = product.release.filter(|_| pending);
    let queue = release_applications::queue(tx, vault, None, 500).await?;
    let place = queue.iter().position(|row| row.application.id == id);
    let at = |place: Option<usize>| place.and_then(|place| queue.get(place)).map(|row| row.application.id);
    let (next, previous) = (at(place.map(|place| place + 1)), at(place.and_then(|place| place.checked_sub(1))));
    let mut logos = (None, None);
    if let Some(logo) = application.release.logo {
        logos.0 = images::hash_of(tx, logo).await?;
    }
    if let Some(logo) = live.as_ref().and_then(|live| live.logo) {
        logos.1 = images::hash_of(tx, logo).await?;
    }
    let mut address_urls = Vec::new();
    for id in [Some(&application.release), live.as_ref()].into_iter().flatten().filter_map(|one| one.interface_address)
    {
        address_urls.extend(store::selling::addresses::find(tx, id).await?.map(|address| (id, address.url)));
    }
    let history = release_applications::of_product(tx, application.product).await?;
    let description = &application.release.description;
    let texts = [(Language::English, &description.en), (Language::Chinese, &description.zh)];
    let rendered = |(language, text): (Language, &Option<String>)| Some((language, render_markdown(text.as_deref()?)));
    Ok(ReviewView {
        differences: differences(live.as_ref(), &application.release),
        removed_markup: removed_markup(&application.release),
        descriptions: texts.into_iter().filter_map(rendered).collect(),
        application,
        seller_name,
        claimed_by: claimed_by_name,
        live,
        logos,
        address_urls,
        history,
        next,
        previous,
    })
}

fn removed_markup(release: &Release) -> Vec<&'static str> {
    let fields = [
        ("description_en", &release.description.en),
        ("description_zh", &release.description.zh),
        ("guide_en", &release.guide.en),
        ("guide_zh", &release.guide.zh),
        ("agreement_en", &release.agreement.en),
        ("agreement_zh", &release.agreement.zh),
    ];
    let removed = fields.into_iter().filter(|(_, text)| text.as_deref().is_some_and(something_removed));
    removed.map(|(field, _)| field).collect()
}

/// Locks a submission and its product, the product first.
async fn locked(tx: &mut Tx, id: ReleaseApplicationId) -> Result<(Product, ReleaseApplication), AppError> {
    let product = release_applications::find(tx, id).await?.ok_or(AppError::NotFound("release"))?.product;
    let product = products::lock(tx, product).await?.ok_or(AppError::NotFound("product"))?;
    let application = release_applications::lock(tx, id).await?.ok_or(AppError::NotFound("release"))?;
    Ok((product, application))
}

/// Takes a submission up, so that no second operator works on it.
pub async fn claim_release(app: &App, actor: &Actor, id: ReleaseApplicationId) -> Result<Outcome<()>, AppError> {
    actor.require(Permission::ReviewProducts)?;
    let input = (id, actor.user, app.moment(actor));
    app.store
        .write::<_, _, AppError, _>(input, |tx, (id, user, moment)| {
            Box::pin(async move {
                let (_, mut application) = locked(tx, id).await?;
                let outcome = application.claim(user, moment.now)?;
                if outcome != Outcome::AlreadyApplied {
                    release_applications::save_state(tx, &application).await?;
                    moment.record(tx, "release_claimed", None, id, json!({})).await?;
                }
                Ok(outcome)
            })
        })
        .await
}

/// Gives a claim back.
pub async fn unclaim_release(app: &App, actor: &Actor, id: ReleaseApplicationId) -> Result<Outcome<()>, AppError> {
    actor.require(Permission::ReviewProducts)?;
    let input = (id, app.moment(actor));
    app.store
        .write::<_, _, AppError, _>(input, |tx, (id, moment)| {
            Box::pin(async move {
                let (_, mut application) = locked(tx, id).await?;
                let outcome = application.unclaim()?;
                if outcome != Outcome::AlreadyApplied {
                    release_applications::save_state(tx, &application).await?;
                    moment.record(tx, "release_unclaimed", None, id, json!({})).await?;
                }
                Ok(outcome)
            })
        })
        .await
}

/// Says yes: the submitted contents are on sale from this moment, and searchable.
pub async fn approve_release(app: &App, actor: &Actor, id: ReleaseApplicationId) -> Result<Outcome<()>, AppError> {
    actor.require(Permission::ReviewProducts)?;
    let input = (id, actor.user, app.moment(actor), Terms::of(app));
    let outcome = app
        .store
        .write::<_, _, AppError, _>(input, |tx, (id, user, moment, terms)| {
            Box::pin(async move { approve(tx, id, user, &moment, &terms).await })
        })
        .await?;
    app.job_bell.ring();
    super::feed_index::nudge(app).await;
    Ok(outcome)
}

async fn approve(
    tx: &mut Tx,
    id: ReleaseApplicationId,
    user: UserId,
    moment: &Moment,
    terms: &Terms,
) -> Result<Outcome<()>, AppError> {
    let (mut product, mut application) = locked(tx, id).await?;
    if application.approve(user, moment.now)? == Outcome::AlreadyApplied {
        return Ok(Outcome::AlreadyApplied);
    }
    terms.require_proven_domain(tx, product.seller, application.release.interface_address).await?;
    list(tx, &mut product, application.release.clone(), None, moment.now).await?;
    release_applications::save_state(tx, &application).await?;
    let facts = json!({ "product": product.id.to_string(), "version": application.release.version.to_string() });
    moment.record(tx, "release_approved", Some(product.seller), id, facts).await?;
    let notice = Notice {
        to: Audience::Organisation(product.seller),
        kind: "release_approved",
        about: id.to_string(),
        arguments: vec![
            ("product", (&application.release.name).into()),
            ("version", application.release.version.to_string().into()),
        ],
        link: format!("/seller/products/{}", product.id),
    };
    notify(tx, moment, notice).await?;
    Ok(Outcome::Applied(()))
}

/// Puts a release on sale: address, state, specifications, in the caller's transaction.
pub(super) async fn list(
    tx: &mut Tx,
    product: &mut Product,
    release: Release,
    slug: Option<&str>,
    now: Timestamp,
) -> Result<(), AppError> {
    let slug = match (&product.slug, slug) {
        (Some(slug), _) => slug.clone(),
        (None, wanted) => free_slug(tx, product, &release, wanted).await?,
    };
    specifications::replace(tx, product.id, &release, now).await?;
    product.list(release, slug, now)?;
    products::save_state(tx, product).await.map_err(slug_lost)?;
    Ok(())
}

/// Two products of one name listed at one moment: one of the two tries again and finds the next address.
fn slug_lost(error: StoreError) -> AppError {
    if error.duplicate_of(products::ONE_SLUG) {
        AppError::Unavailable("address taken".to_owned())
    } else {
        error.into()
    }
}

async fn free_slug(
    tx: &mut Tx,
    product: &Product,
    release: &Release,
    wanted: Option<&str>,
) -> Result<String, AppError> {
    let names = [wanted, release.name.en.as_deref(), release.name.zh.as_deref()];
    let fallback = || format!("product-{}", product.id.to_string().chars().rev().take(6).collect::<String>());
    let base = names.into_iter().flatten().find_map(slug_of).unwrap_or_else(fallback);
    for attempt in 1..=200 {
        let slug = with_suffix(&base, attempt);
        if !products::slug_taken(tx, &slug).await? {
            return Ok(slug);
        }
    }
    Ok(format!("{base}-{}", product.id.to_string().trim_start_matches("prd_")))
}

/// Says no, with a note and reasons of single fields. The seller can change the draft and submit again.
pub async fn reject_release(
    app: &App,
    actor: &Actor,
    id: ReleaseApplicationId,
    reason: &str,
    fields: &[(String, String)],
) -> Result<Outcome<()>, AppError> {
    actor.require(Permission::ReviewProducts)?;
    let mut problems = Problems::new();
    let reason = problems.take(text::text("reason", reason, Lines::Many, 1, 2_000));
    let mut reasons = Vec::new();
    for (field, why) in fields.iter().take(100) {
        match text::text("field_reason", why, Lines::Many, 1, 500) {
            Ok(why) => reasons.push(FieldReason { field: field.chars().take(120).collect(), reason: why }),
            Err(problem) => problems.add(FieldProblem { field: format!("reasons.{field}").into(), ..problem }),
        }
    }
    let reason = problems.or(reason)?;
    let input = (id, actor.user, reason, reasons, app.moment(actor));
    let outcome = app
        .store
        .write::<_, _, AppError, _>(input, |tx, (id, user, reason, fields, moment)| {
            Box::pin(async move { reject(tx, id, user, reason, fields, &moment).await })
        })
        .await?;
    app.job_bell.ring();
    Ok(outcome)
}

async fn reject(
    tx: &mut Tx,
    id: ReleaseApplicationId,
    user: UserId,
    reason: String,
    fields: Vec<FieldReason>,
    moment: &Moment,
) -> Result<Outcome<()>, AppError> {
    let (mut product, mut application) = locked(tx, id).await?;
    let outcome = application.reject(user, moment.now, reason.clone(), fields)?;
    product.take_back(moment.now)?;
    release_applications::save_state(tx, &application).await?;
    products::save_state(tx, &product).await?;
    let facts = json!({ "product": product.id.to_string(), "reason_sha256": fingerprint(&reason) });
    moment.record(tx, "release_rejected", Some(product.seller), id, facts).await?;
    let notice = Notice {
        to: Audience::Organisation(product.seller),
        kind: "release_rejected",
        about: id.to_string(),
        arguments: vec![("product", application.release.name.into()), ("reason", reason.into())],
        link: format!("/seller/products/{}", product.id),
    };
    notify(tx, moment, notice).await?;
    Ok(outcome)
}
