//! What ordering reads of the catalogue: one specification as it is sold now.

use domain::catalog::{Agreement, Offer, OfferState, ProductState, UnitPrice, Visibility};
use domain::ids::SpecificationId;

use super::{products, specifications};
use crate::{StoreError, Tx};

/// The offer of a specification of a product that was listed; `None` when there is none or it cannot be bought at all
/// (it has no production system behind it).
pub async fn offer(tx: &mut Tx, id: SpecificationId) -> Result<Option<Offer>, StoreError> {
    let Some(row) = specifications::find(tx, id).await? else { return Ok(None) };
    let Some(shown) = products::shown_by_id(tx, row.product).await? else { return Ok(None) };
    let products::Shown { product, seller_name, .. } = shown;
    let (Some(release), Some(slug)) = (product.release, product.slug) else { return Ok(None) };
    let Some(interface_address) = release.interface_address.filter(|_| product.delivery.purchasable()) else {
        return Ok(None);
    };
    let state = match (&product.state, row.discontinued_at) {
        (ProductState::Draft | ProductState::InReview, _) => return Ok(None),
        (ProductState::Discontinued { .. }, _) | (_, Some(_)) => OfferState::Discontinued,
        (ProductState::Frozen { .. }, None) => OfferState::Frozen,
        (ProductState::Listed { visibility, .. }, None) => match (visibility, row.specification.visibility) {
            (Visibility::Public, Visibility::Public) => OfferState::Public,
            (Visibility::Hidden, _) | (_, Visibility::Hidden) => OfferState::Hidden,
        },
    };
    let specification = row.specification;
    let prices = specification.prices.each().map(|(period, amount)| UnitPrice { period, amount }).collect();
    Ok(Some(Offer {
        product: product.id,
        product_slug: slug,
        product_name: release.name,
        product_logo: release.logo,
        specification: specification.id,
        specification_name: specification.name,
        seller: product.seller,
        seller_name,
        prices,
        trial_days: specification.trial.map(u32::from),
        interface_address,
        handed_over: release.handed_over,
        agreement: Some(Agreement { text: release.agreement }),
        support: release.support,
        state,
    }))
}
