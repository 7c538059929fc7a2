//! A seller's drafts: begun, saved part by part, looked at with their checklist, thrown away.

use domain::catalog::{
    AddressFacts, CaseNeeds, Checklist, DeliveryMethod, Draft, Facts, Field, Product, ProductState, ReleaseApplication,
    Section, SpecificationDraft, SpecificationField, check,
};
use domain::identity::{Actor, Permission};
use domain::ids::{InterfaceAddressId, OrganisationId, ProductId, SpecificationId};
use domain::money::Currency;
use domain::outcome::{Problems, Refusal, RefusalKind};
use domain::selling::{BillingMode, DomainProofRule, ProtocolVersion, UrlRules, required_activities};
use domain::time::Timestamp;
use serde_json::json;
use store::Tx;
use store::catalog::{images, products, release_applications};
use store::selling::{addresses, cases, proofs};

use crate::events::Moment;
use crate::selling::prove_domain::{origin_of, proven};
use crate::{App, AppError};

/// An interface address that a product may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressChoice {
    /// The address.
    pub id: InterfaceAddressId,
    /// Where it leads.
    pub url: String,
    /// Which protocol it speaks.
    pub protocol: ProtocolVersion,
    /// The activities with a saved case.
    pub saved_activities: Vec<String>,
    /// Whether the seller has proven that the domain is its own, or nobody asks.
    pub domain_proven: bool,
}

/// A draft with everything that the release form shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftView {
    /// The product.
    pub product: Product,
    /// What is met and what is missing.
    pub checklist: Checklist,
    /// The newest submission, when there is one.
    pub application: Option<ReleaseApplication>,
    /// The addresses to choose between.
    pub addresses: Vec<AddressChoice>,
    /// The address of the draft's picture.
    pub logo_hash: Option<String>,
    /// The market's currency.
    pub currency: Currency,
}

/// A product in the seller's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductRow {
    /// The product.
    pub product: Product,
    /// The newest submission, when there is one.
    pub application: Option<ReleaseApplication>,
}

/// What an autosave answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saved {
    /// How often the part was saved; to be given with the next saving.
    pub version: i64,
    /// When.
    pub at: Timestamp,
}

/// Begins a new draft.
pub async fn begin_draft(app: &App, actor: &Actor, delivery: DeliveryMethod) -> Result<ProductId, AppError> {
    actor.require(Permission::ManageProducts)?;
    if !delivery.purchasable() {
        return Err(AppError::rule("delivery_not_offered_yet"));
    }
    let moment = app.moment(actor);
    let product = Product::begin(moment.id("product"), actor.organisation, delivery, moment.now);
    let id = product.id;
    app.store
        .write::<_, _, AppError, _>((product, moment), |tx, (product, moment)| {
            Box::pin(async move {
                products::insert(tx, &product).await?;
                let facts = json!({ "delivery": product.delivery.code() });
                moment.record(tx, "product_begun", Some(product.seller), product.id, facts).await?;
                Ok(())
            })
        })
        .await?;
    Ok(id)
}

/// The seller's products, the newest first.
pub async fn list_products(app: &App, actor: &Actor) -> Result<Vec<ProductRow>, AppError> {
    actor.require(Permission::SeeSelling)?;
    app.store
        .read::<_, _, AppError, _>(actor.organisation, |tx, seller| {
            Box::pin(async move {
                let mut rows = Vec::new();
                for product in products::of_seller(tx, seller).await? {
                    let application = release_applications::latest_of(tx, product.id).await?;
                    rows.push(ProductRow { product, application });
                }
                Ok(rows)
            })
        })
        .await
}

/// A draft with its checklist.
pub async fn show_draft(app: &App, actor: &Actor, id: ProductId) -> Result<DraftView, AppError> {
    actor.require(Permission::SeeSelling)?;
    let input = (actor.organisation, id, Terms::of(app));
    app.store
        .read::<_, _, AppError, _>(input, |tx, (seller, id, terms)| {
            Box::pin(async move {
                let product = products::find_of(tx, seller, id).await?.ok_or(AppError::NotFound("product"))?;
                view(tx, product, &terms).await
            })
        })
        .await
}

/// What this marketplace asks of every draft.
#[derive(Clone, Debug)]
pub(super) struct Terms {
    currency: Currency,
    domain_proof: DomainProofRule,
    rules: UrlRules,
}

impl Terms {
    pub(super) fn of(app: &App) -> Terms {
        let selling = &app.settings.selling;
        let rules = selling.url_rules();
        Terms { currency: app.settings.site.currency, domain_proof: selling.domain_proof, rules }
    }

    /// Refuses a release whose address is of a domain that its seller has not proven.
    pub(super) async fn require_proven_domain(
        &self,
        tx: &mut Tx,
        seller: OrganisationId,
        address: Option<InterfaceAddressId>,
    ) -> Result<(), AppError> {
        let Some(address) = address else { return Ok(()) };
        let address = addresses::find_of(tx, seller, address).await?.ok_or(AppError::NotFound("interface_address"))?;
        if proven(tx, seller, &address.url, (self.domain_proof, &self.rules)).await? {
            Ok(())
        } else {
            Err(AppError::rule("release_domain_not_proven"))
        }
    }
}

/// Puts the draft together with what the checklist must know.
pub(super) async fn view(tx: &mut Tx, product: Product, terms: &Terms) -> Result<DraftView, AppError> {
    let currency = terms.currency;
    let addresses = choices(tx, product.seller, terms).await?;
    let application = release_applications::latest_of(tx, product.id).await?;
    let logo_hash = match product.draft.logo {
        Some(logo) => images::hash_of(tx, logo).await?,
        None => None,
    };
    let known: Vec<AddressFacts> = addresses
        .iter()
        .map(|address| AddressFacts {
            id: address.id,
            saved_activities: address.saved_activities.clone(),
            needs: needs(address.protocol),
            domain_proven: address.domain_proven,
        })
        .collect();
    let facts = Facts { delivery: product.delivery, currency, addresses: &known, live: product.release.as_ref() };
    let checklist = check(&product.draft, facts);
    Ok(DraftView { product, checklist, application, addresses, logo_hash, currency })
}

async fn choices(tx: &mut Tx, seller: OrganisationId, terms: &Terms) -> Result<Vec<AddressChoice>, AppError> {
    let saved = cases::of(tx, seller).await?;
    let proven = proofs::proven(tx, seller).await?;
    let domain_proven = |url: &str| match terms.domain_proof {
        DomainProofRule::NotAsked => true,
        DomainProofRule::Asked => origin_of(url, &terms.rules).is_some_and(|origin| proven.contains(&origin)),
    };
    let of = |address: InterfaceAddressId| {
        let mut activities: Vec<String> =
            saved.iter().filter(|case| case.address == address).map(|case| case.activity.code().to_owned()).collect();
        activities.sort();
        activities.dedup();
        activities
    };
    let choice = |address: domain::selling::InterfaceAddress| AddressChoice {
        id: address.id,
        saved_activities: of(address.id),
        domain_proven: domain_proven(&address.url),
        protocol: address.protocol,
        url: address.url,
    };
    Ok(addresses::of(tx, seller).await?.into_iter().map(choice).collect())
}

/// The cases that products of an address need, by how they are paid.
fn needs(protocol: ProtocolVersion) -> CaseNeeds {
    let codes = |billing| required_activities(protocol, billing).iter().map(|activity| activity.code()).collect();
    CaseNeeds { one_time: codes(BillingMode::OneTime), period: codes(BillingMode::Period) }
}

/// The seller's own product, locked, in a state in which its draft may be changed.
pub(super) async fn editable(tx: &mut Tx, seller: OrganisationId, id: ProductId) -> Result<Product, AppError> {
    let product = products::lock(tx, id).await?.filter(|product| product.seller == seller);
    let product = product.ok_or(AppError::NotFound("product"))?;
    product.require_editable()?;
    if let Some(application) = release_applications::latest_of(tx, id).await?
        && matches!(application.state, domain::catalog::ApplicationState::Pending { .. })
    {
        return Err(AppError::conflict("release_pending"));
    }
    Ok(product)
}

/// Writes the changed draft.
pub(super) async fn keep(tx: &mut Tx, mut product: Product, now: Timestamp) -> Result<(), AppError> {
    product.draft_version += 1;
    product.draft_saved_at = now;
    products::save_draft(tx, &product).await?;
    Ok(())
}

/// Saves what was typed into fields of one section. `seen` is the version that the form was shown with.
pub async fn save_section(
    app: &App,
    actor: &Actor,
    id: ProductId,
    section: Section,
    inputs: Vec<(Field, String)>,
    seen: Option<i64>,
) -> Result<Saved, AppError> {
    actor.require(Permission::ManageProducts)?;
    let input = (actor.organisation, id, section, inputs, seen, app.now());
    app.store
        .write::<_, _, AppError, _>(input, |tx, (seller, id, section, inputs, seen, now)| {
            Box::pin(async move {
                let mut product = editable(tx, seller, id).await?;
                let version = product.draft.count_saving(section.code(), seen)?;
                product.draft.set(section, &inputs)?;
                keep(tx, product, now).await?;
                Ok(Saved { version, at: now })
            })
        })
        .await
}

/// Saves what was typed into fields of any sections, all of it or nothing: for programs, which have no windows.
pub async fn save_fields(
    app: &App,
    actor: &Actor,
    id: ProductId,
    inputs: Vec<(Field, String)>,
) -> Result<Saved, AppError> {
    actor.require(Permission::ManageProducts)?;
    let input = (actor.organisation, id, inputs, app.now());
    app.store
        .write::<_, _, AppError, _>(input, |tx, (seller, id, inputs, now)| {
            Box::pin(async move {
                let mut product = editable(tx, seller, id).await?;
                for section in Section::ALL {
                    let inputs: Vec<_> =
                        inputs.iter().filter(|(field, _)| field.section() == section).cloned().collect();
                    if !inputs.is_empty() {
                        product.draft.count_saving(section.code(), None)?;
                        product.draft.set(section, &inputs)?;
                    }
                }
                let version = product.draft_version + 1;
                keep(tx, product, now).await?;
                Ok(Saved { version, at: now })
            })
        })
        .await
}

/// Adds a specification at the end, with what was typed already.
pub async fn add_specification(
    app: &App,
    actor: &Actor,
    id: ProductId,
    inputs: Vec<(SpecificationField, String)>,
) -> Result<SpecificationId, AppError> {
    actor.require(Permission::ManageProducts)?;
    let moment = app.moment(actor);
    let input = (actor.organisation, id, moment.id::<SpecificationId>("specification"), inputs, moment.now);
    app.store
        .write::<_, _, AppError, _>(input, |tx, (seller, id, specification, inputs, now)| {
            Box::pin(async move {
                let mut product = editable(tx, seller, id).await?;
                if product.draft.specifications.len() >= Draft::MOST_SPECIFICATIONS {
                    let refusal = Refusal::new(RefusalKind::Rule, "too_many_specifications");
                    return Err(refusal.with("most", Draft::MOST_SPECIFICATIONS).into());
                }
                let mut draft = SpecificationDraft::new(specification);
                let mut problems = Problems::new();
                for (field, input) in &inputs {
                    problems.take(draft.set(*field, input));
                }
                problems.or(Some(()))?;
                product.draft.specifications.push(draft);
                keep(tx, product, now).await?;
                Ok(specification)
            })
        })
        .await
}

/// Saves what was typed into fields of one specification.
pub async fn save_specification(
    app: &App,
    actor: &Actor,
    id: ProductId,
    specification: SpecificationId,
    inputs: Vec<(SpecificationField, String)>,
    seen: Option<i64>,
) -> Result<Saved, AppError> {
    actor.require(Permission::ManageProducts)?;
    let input = (actor.organisation, id, specification, inputs, seen, app.now());
    app.store
        .write::<_, _, AppError, _>(input, |tx, (seller, id, specification, inputs, seen, now)| {
            Box::pin(async move {
                let mut product = editable(tx, seller, id).await?;
                let version = product.draft.count_saving(&specification.to_string(), seen)?;
                let draft = product.draft.specification_mut(specification);
                let draft = draft.ok_or(AppError::NotFound("specification"))?;
                let mut problems = Problems::new();
                for (field, input) in &inputs {
                    problems.take(draft.set(*field, input));
                }
                problems.or(Some(()))?;
                keep(tx, product, now).await?;
                Ok(Saved { version, at: now })
            })
        })
        .await
}

/// Takes a specification out of the draft. One that is on sale goes off sale when the change is approved.
pub async fn remove_specification(
    app: &App,
    actor: &Actor,
    id: ProductId,
    specification: SpecificationId,
) -> Result<(), AppError> {
    actor.require(Permission::ManageProducts)?;
    let input = (actor.organisation, id, specification, app.now());
    app.store
        .write::<_, _, AppError, _>(input, |tx, (seller, id, specification, now)| {
            Box::pin(async move {
                let mut product = editable(tx, seller, id).await?;
                product.draft.specifications.retain(|draft| draft.id != specification);
                product.draft.versions.remove(&specification.to_string());
                keep(tx, product, now).await
            })
        })
        .await
}

/// Throws a draft away that was never listed, with its submissions. What happened to it stays in the audit trail.
pub async fn delete_draft(app: &App, actor: &Actor, id: ProductId) -> Result<(), AppError> {
    actor.require(Permission::ManageProducts)?;
    let input = (actor.organisation, id, app.moment(actor));
    app.store
        .write::<_, _, AppError, _>(input, |tx, (seller, id, moment): (_, _, Moment)| {
            Box::pin(async move {
                let product = editable(tx, seller, id).await?;
                if product.state != ProductState::Draft {
                    return Err(AppError::conflict("only_drafts_are_deleted"));
                }
                products::delete(tx, id).await?;
                moment.record(tx, "product_draft_deleted", Some(seller), id, json!({})).await?;
                Ok(())
            })
        })
        .await
}
