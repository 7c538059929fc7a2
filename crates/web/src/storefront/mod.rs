//! What visitors see: home, search, product page, pictures.

mod cards;
mod drawn_logo;
mod home;
mod pictures;
mod price;
mod product;
mod query;
mod search;

use http_kit::{Routes, route};

pub use cards::{
    SafeHtml, category_icon, delivery_icon, delivery_name, logo_url, money, period_name, price_of, price_unit,
};
pub use drawn_logo::drawn_logo;
pub use price::{PriceArea, PriceBlock};
pub use product::{PlanCard, ProductPage};
pub use search::{Chip, Facet, FacetOption, PageLink, ResultCard, SearchPage};

/// The routes of the storefront.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .with(route!(GET "/" => home::show))
        .with(route!(GET "/search" => search::show))
        .with(route!(GET "/products/{slug}" => product::show))
        .with(route!(GET "/products/{slug}/price" => price::show))
        .with(route!(GET "/images/{name}" => pictures::show))
        .with(route!(GET "/sitemap.xml" => pictures::sitemap))
        .with(route!(GET "/robots.txt" => pictures::robots))
}

pub(crate) use product::page_of;
