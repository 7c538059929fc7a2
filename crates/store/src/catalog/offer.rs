//! What ordering reads of the catalogue: one specification as it is sold now.

use db::values;
use domain::catalog::{
    Agreement, DeliveryMethod, Offer, OfferState, PersonalField, ProductState, Release, Specification, UnitPrice,
    Visibility,
};
use domain::ids::SpecificationId;
use domain::selling::OrderNotices;

use super::products;
use crate::decode::Suspect;
use crate::{StoreError, Tx};

/// The specification with what pages and orders need of its product and seller; not the draft, which is as long as the rest.
const OFFER: &str = "SELECT s.id, s.content AS specification, s.discontinued_at AS specification_discontinued_at,
    p.id AS product_id, p.seller_id, p.delivery, p.slug, p.state, p.visibility, p.listed_at, p.frozen_at, p.frozen_because,
    p.discontinued_at,
    p.content, o.name AS seller_name,
    (SELECT a.order_notices FROM interface_addresses a WHERE a.id = p.interface_address) AS order_notices
  FROM specifications s JOIN products p ON p.id = s.product_id JOIN organisations o ON o.id = p.seller_id WHERE s.id = $1";

/// The offer of a specification of a product that was listed; `None` when there is none or it cannot be bought at all
/// (it has no production system behind it).
pub async fn offer(tx: &mut Tx, id: SpecificationId) -> Result<Option<Offer>, StoreError> {
    Ok(offer_to_order(tx, id).await?.map(|(offer, _)| offer))
}

/// As [`offer`], and whether the system behind it is told of each paid order.
pub async fn offer_to_order(tx: &mut Tx, id: SpecificationId) -> Result<Option<(Offer, OrderNotices)>, StoreError> {
    let Some(row) = tx.query_optional(OFFER, values![id.to_string()]).await? else { return Ok(None) };
    let notices: Option<OrderNotices> = Suspect::new("specifications", &row)?.optional_parsed("order_notices")?;
    Ok(decode(&row)?.map(|offer| (offer, notices.unwrap_or_default())))
}

fn decode(row: &db::Row) -> Result<Option<Offer>, StoreError> {
    let row = Suspect::new("specifications", row)?;
    let (Some(_), Some(slug)) = (row.optional_text("content")?, row.optional_text("slug")?) else { return Ok(None) };
    let (release, specification): (Release, Specification) = (row.json("content")?, row.json("specification")?);
    let delivery: DeliveryMethod = row.parsed("delivery")?;
    let Some(interface_address) = release.interface_address.filter(|_| delivery.purchasable()) else {
        return Ok(None);
    };
    let discontinued_at = row.optional_instant("specification_discontinued_at")?;
    let state = match (&products::decode_state(&row)?, discontinued_at) {
        (ProductState::Draft | ProductState::InReview, _) => return Ok(None),
        (ProductState::Discontinued { .. }, _) | (_, Some(_)) => OfferState::Discontinued,
        (ProductState::Frozen { .. }, None) => OfferState::Frozen,
        (ProductState::Listed { visibility, .. }, None) => match (visibility, specification.visibility) {
            (Visibility::Public, Visibility::Public) => OfferState::Public,
            (Visibility::Hidden, _) | (_, Visibility::Hidden) => OfferState::Hidden,
        },
    };
    let prices = specification.prices.each().map(|(period, amount)| UnitPrice { period, amount }).collect();
    Ok(Some(Offer {
        product: row.id("product_id")?,
        product_slug: slug,
        product_name: release.name,
        product_logo: release.logo,
        specification: specification.id,
        specification_name: specification.name,
        seller: row.id("seller_id")?,
        seller_name: row.text("seller_name")?,
        prices,
        trial_days: specification.trial.map(u32::from),
        interface_address,
        // What older releases ask for and nobody has is not asked for.
        handed_over: release.handed_over.into_iter().filter(|one| PersonalField::OFFERED.contains(one)).collect(),
        agreement: Some(Agreement { text: release.agreement }),
        support: release.support,
        state,
    }))
}
