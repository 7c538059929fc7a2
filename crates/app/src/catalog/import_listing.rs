//! The operator's import: a whole listing at once, without review, for a market that is being set up. Entries of
//! delivery methods that cannot be bought yet are listed with what they are and whom to ask.

use domain::audit::Doer;
use domain::catalog::{
    Category, DeliveryMethod, Draft, Field, LocalisedList, PersonalField, Product, ProductState, Release,
    ReleaseVersion, Specification, SpecificationDraft, SpecificationField, Supervision, SupportContact, Visibility,
};
use domain::ids::{InterfaceAddressId, OrganisationId, ProductId, SpecificationId};
use domain::pricing::{Prices, TrialDays};
use domain::text::Localised;
use serde_json::json;
use store::catalog::{images, products};

use super::upload_logo::imported;
use super::{feed_index, review};
use crate::{App, AppError};

/// One specification of a listing.
#[derive(Clone, Debug)]
pub struct ListingSpecification {
    /// What it is called.
    pub name: Localised,
    /// What it holds, in a line.
    pub summary: Option<Localised>,
    /// What is counted: `per database`.
    pub unit: Option<Localised>,
    /// What it costs.
    pub prices: Prices,
    /// The free trial.
    pub trial: Option<TrialDays>,
}

/// A whole listing.
#[derive(Clone, Debug)]
pub struct Listing {
    /// Who sells.
    pub seller: OrganisationId,
    /// The wanted address; another one is taken when it is not free.
    pub slug: String,
    /// How it reaches its buyer.
    pub delivery: DeliveryMethod,
    /// What it is called.
    pub name: Localised,
    /// Its version.
    pub version: ReleaseVersion,
    /// What it is about.
    pub category: Category,
    /// The short summary.
    pub overview: Localised,
    /// What speaks for it.
    pub highlights: LocalisedList,
    /// The description, in Markdown.
    pub description: Localised,
    /// How to start after buying, in Markdown.
    pub guide: Localised,
    /// Whether an order needs the seller's people.
    pub supervision: Supervision,
    /// Where the seller's system is called; without one it cannot be bought.
    pub interface_address: Option<InterfaceAddressId>,
    /// What of the buyer's data the seller gets.
    pub handed_over: Vec<PersonalField>,
    /// What can be bought.
    pub specifications: Vec<ListingSpecification>,
    /// The service agreement.
    pub agreement: Localised,
    /// Where a buyer gets help.
    pub support: SupportContact,
    /// Where a conversation starts, for what is not traded here.
    pub contact_link: Option<String>,
    /// A picture, PNG of at least 120 × 120.
    pub logo: Option<Vec<u8>>,
}

/// Lists it. The same slug of the same seller again changes nothing and answers the product that is there.
pub async fn import_listing(app: &App, listing: Listing) -> Result<ProductId, AppError> {
    let moment = app.moment(Doer::System);
    let logo = listing.logo.as_deref().map(|bytes| imported(app, listing.seller, bytes)).transpose()?;
    let id = app
        .store
        .write_bulk::<_, _, AppError, _>((listing, logo, moment), |tx, (listing, logo, moment)| {
            Box::pin(async move {
                if let Some(there) = products::by_slug(tx, &listing.slug).await?
                    && there.product.seller == listing.seller
                {
                    return Ok(there.product.id);
                }
                let id: ProductId = moment.id("product");
                let mut product = Product::begin(id, listing.seller, listing.delivery, moment.now);
                product.state = ProductState::InReview;
                let logo = match &logo {
                    Some(logo) => Some(images::keep(tx, logo).await?),
                    None => None,
                };
                let ids = |index: usize| moment.id::<SpecificationId>(&format!("specification/{index}"));
                let release = release_of(&listing, logo, ids);
                product.draft = draft_of(&release);
                products::insert(tx, &product).await?;
                review::list(tx, &mut product, release, Some(&listing.slug), moment.now).await?;
                let facts = json!({ "delivery": listing.delivery.code(), "slug": product.slug });
                moment.record(tx, "listing_imported", Some(listing.seller), id, facts).await?;
                Ok(id)
            })
        })
        .await?;
    feed_index::nudge(app).await;
    Ok(id)
}

fn release_of(
    listing: &Listing,
    logo: Option<domain::ids::ImageId>,
    ids: impl Fn(usize) -> SpecificationId,
) -> Release {
    let specification = |(index, one): (usize, &ListingSpecification)| Specification {
        id: ids(index),
        name: one.name.clone(),
        summary: one.summary.clone(),
        unit: one.unit.clone(),
        prices: one.prices,
        trial: one.trial,
        visibility: Visibility::Public,
    };
    Release {
        name: listing.name.clone(),
        version: listing.version,
        category: listing.category,
        overview: listing.overview.clone(),
        highlights: listing.highlights.clone(),
        logo,
        description: listing.description.clone(),
        guide: listing.guide.clone(),
        delivery: listing.delivery,
        supervision: listing.supervision,
        interface_address: listing.interface_address,
        handed_over: listing.handed_over.clone(),
        specifications: listing.specifications.iter().enumerate().map(specification).collect(),
        agreement: listing.agreement.clone(),
        support: listing.support.clone(),
        visibility: Visibility::Public,
        contact_link: listing.contact_link.clone(),
        search_title: None,
        search_description: None,
    }
}

/// The draft that the release would have come from, so that the seller can go on with it.
fn draft_of(release: &Release) -> Draft {
    let mut draft = Draft { logo: release.logo, ..Draft::default() };
    let mut put = |field: Field, text: Option<String>| {
        draft.fields.extend(text.map(|text| (field, text)));
    };
    let lines = |lines: &[String]| (!lines.is_empty()).then(|| lines.join("\n"));
    put(Field::NameEn, release.name.en.clone());
    put(Field::NameZh, release.name.zh.clone());
    put(Field::Version, Some(release.version.to_string()));
    put(Field::Category, Some(release.category.code().to_owned()));
    put(Field::OverviewEn, release.overview.en.clone());
    put(Field::OverviewZh, release.overview.zh.clone());
    put(Field::HighlightsEn, lines(&release.highlights.en));
    put(Field::HighlightsZh, lines(&release.highlights.zh));
    put(Field::DescriptionEn, release.description.en.clone());
    put(Field::DescriptionZh, release.description.zh.clone());
    put(Field::GuideEn, release.guide.en.clone());
    put(Field::GuideZh, release.guide.zh.clone());
    put(Field::Supervision, Some(release.supervision.code().to_owned()));
    put(Field::InterfaceAddress, release.interface_address.map(|address| address.to_string()));
    let handed_over: Vec<&str> = release.handed_over.iter().map(|field| field.code()).collect();
    put(Field::HandedOver, Some(handed_over.join(",")));
    put(Field::AgreementEn, release.agreement.en.clone());
    put(Field::AgreementZh, release.agreement.zh.clone());
    put(Field::SupportEmail, release.support.email.clone());
    put(Field::SupportPhone, release.support.phone.clone());
    put(Field::SupportHoursEn, release.support.hours.as_ref().and_then(|hours| hours.en.clone()));
    put(Field::SupportHoursZh, release.support.hours.as_ref().and_then(|hours| hours.zh.clone()));
    put(Field::Visibility, Some(release.visibility.code().to_owned()));
    draft.specifications = release.specifications.iter().map(specification_draft).collect();
    draft
}

fn specification_draft(specification: &Specification) -> SpecificationDraft {
    use SpecificationField as F;
    let mut draft = SpecificationDraft::new(specification.id);
    let mut put = |field: F, text: Option<String>| {
        draft.fields.extend(text.map(|text| (field, text)));
    };
    put(F::NameEn, specification.name.en.clone());
    put(F::NameZh, specification.name.zh.clone());
    if let Some(summary) = &specification.summary {
        put(F::SummaryEn, summary.en.clone());
        put(F::SummaryZh, summary.zh.clone());
    }
    if let Some(unit) = &specification.unit {
        put(F::UnitEn, unit.en.clone());
        put(F::UnitZh, unit.zh.clone());
    }
    for (period, price) in specification.prices.each() {
        let field = match period {
            domain::quantity::Period::Month => F::Month,
            domain::quantity::Period::Year => F::Year,
            domain::quantity::Period::Once => F::Once,
        };
        put(field, Some(price.to_decimal().to_string()));
    }
    put(F::TrialDays, specification.trial.map(|days| days.get().to_string()));
    put(F::Visibility, Some(specification.visibility.code().to_owned()));
    draft
}
