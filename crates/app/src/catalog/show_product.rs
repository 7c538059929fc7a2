//! A product as customers see it, and as its seller sees it before they do.

use domain::catalog::{Product, ProductState, Release, Specification};
use domain::identity::{Actor, Permission};
use domain::ids::ProductId;
use domain::money::Money;
use domain::quantity::Period;
use domain::text::Language;
use domain::time::Timestamp;
use ports::PriceFrom;
use store::catalog::products;

use super::description::{Rendered, render_markdown};
use super::drafts;
use crate::{App, AppError};

/// One plan to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanView {
    /// The specification.
    pub specification: Specification,
    /// The period and price that a page shows first.
    pub first: (Period, Money),
}

/// A product page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductView {
    /// The product.
    pub id: ProductId,
    /// Its part of the page address; a preview has none.
    pub slug: Option<String>,
    /// The contents.
    pub release: Release,
    /// The plans that this visitor may choose, in order.
    pub plans: Vec<PlanView>,
    /// The description, safe to be shown, and its language.
    pub description: (Rendered, Language),
    /// How to start after buying, safe to be shown, and its language.
    pub guide: (Rendered, Language),
    /// The service agreement, safe to be shown, and its language.
    pub agreement: (Rendered, Language),
    /// Who sells.
    pub seller_name: String,
    /// Since when the seller is here.
    pub seller_since: Timestamp,
    /// How many products the seller has on sale.
    pub seller_products: u64,
    /// The address of the picture.
    pub logo_hash: Option<String>,
    /// When this version was approved.
    pub reviewed_at: Option<Timestamp>,
    /// When what is shown changed last: for conditional requests.
    pub changed_at: Timestamp,
    /// Whether orders are taken.
    pub purchasable: bool,
    /// Whether search engines may list it: not what is found by its own link only, product or specification.
    pub shown: bool,
}

/// The lowest real price of the shown specifications, by month where there is one (ux.md U-06).
pub fn price_from(release: &Release) -> Option<PriceFrom> {
    let from = |specification: &Specification| {
        let (period, amount) = specification.prices.first();
        PriceFrom { amount, period, unit: specification.unit.clone() }
    };
    release.shown_specifications().map(from).min_by_key(PriceFrom::comparable_minor)
}

/// The page at an address. `specification` is the purchase link of one specification, which may be hidden.
pub async fn show_product(
    app: &App,
    slug: &str,
    specification: Option<domain::ids::SpecificationId>,
    language: Language,
) -> Result<ProductView, AppError> {
    let shown = app
        .store
        .read::<_, _, AppError, _>(slug.to_owned(), |tx, slug| {
            Box::pin(async move {
                let shown = products::by_slug(tx, &slug).await?;
                let shown = shown.filter(|shown| shown.product.state.reachable());
                let shown = shown.ok_or(AppError::NotFound("product"))?;
                let count = products::listed_count(tx, shown.product.seller).await?;
                Ok((shown, count))
            })
        })
        .await?;
    view(shown.0, shown.1, specification, language)
}

/// The same by the product's id: for the API.
pub async fn show_product_by_id(app: &App, id: ProductId, language: Language) -> Result<ProductView, AppError> {
    let shown = app
        .store
        .read::<_, _, AppError, _>(id, |tx, id| {
            Box::pin(async move {
                let shown = products::shown_by_id(tx, id).await?;
                let shown = shown.filter(|shown| shown.product.state.reachable());
                let shown = shown.ok_or(AppError::NotFound("product"))?;
                let count = products::listed_count(tx, shown.product.seller).await?;
                Ok((shown, count))
            })
        })
        .await?;
    view(shown.0, shown.1, None, language)
}

/// The seller's draft as buyers would see it; refused with what is missing while it is no release yet.
pub async fn preview_product(
    app: &App,
    actor: &Actor,
    id: ProductId,
    language: Language,
) -> Result<ProductView, AppError> {
    actor.require(Permission::SeeSelling)?;
    let input = (actor.organisation, id, drafts::Terms::of(app));
    let (shown, count) = app
        .store
        .read::<_, _, AppError, _>(input, |tx, (seller, id, terms)| {
            Box::pin(async move {
                let shown = products::shown_by_id(tx, id).await?;
                let shown = shown.filter(|shown| shown.product.seller == seller);
                let mut shown = shown.ok_or(AppError::NotFound("product"))?;
                let draft = drafts::view(tx, shown.product.clone(), &terms).await?;
                let problems = draft.checklist.problems();
                shown.product.release = Some(problems.or(draft.checklist.release)?);
                shown.logo_hash = draft.logo_hash;
                let count = products::listed_count(tx, seller).await?;
                Ok((shown, count))
            })
        })
        .await?;
    view(shown, count, None, language)
}

fn view(
    shown: products::Shown,
    seller_products: i64,
    wanted: Option<domain::ids::SpecificationId>,
    language: Language,
) -> Result<ProductView, AppError> {
    let products::Shown { product, seller_name, seller_since, logo_hash } = shown;
    let Product { id, slug, state, release, changed_at, approved_at, .. } = product;
    let release = release.ok_or(AppError::NotFound("product"))?;
    let hidden = wanted.and_then(|wanted| release.specification(wanted));
    let hidden = hidden.filter(|one| one.visibility == domain::catalog::Visibility::Hidden);
    let found_by_link = hidden.is_some();
    let plan = |specification: &Specification| PlanView {
        first: specification.prices.first(),
        specification: specification.clone(),
    };
    let plans = hidden.into_iter().chain(release.shown_specifications()).map(plan).collect();
    let rendered = |text: &domain::text::Localised| {
        let (text, language) = text.in_language(language);
        (render_markdown(text), language)
    };
    Ok(ProductView {
        id,
        slug,
        plans,
        description: rendered(&release.description),
        guide: rendered(&release.guide),
        agreement: rendered(&release.agreement),
        seller_name,
        seller_since,
        seller_products: u64::try_from(seller_products).unwrap_or(0),
        logo_hash,
        reviewed_at: approved_at.filter(|_| matches!(state, ProductState::Listed { .. })),
        changed_at,
        purchasable: release.purchasable() && state.reachable(),
        shown: state.shown() && !found_by_link,
        release,
    })
}
