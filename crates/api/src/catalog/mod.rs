//! The catalog resources of the API: products, quotes, drafts, submissions, review.

mod drafts;
mod products;
mod quotes;
mod releases;
mod reports;
mod review;

use domain::money::Money;
use domain::text::Localised;
use http_kit::{Routes, route};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

/// What this slice adds to the description.
#[derive(OpenApi)]
#[openapi(paths(
    products::search,
    products::suggestions,
    products::show,
    quotes::create,
    drafts::list,
    drafts::begin,
    drafts::show,
    drafts::change,
    drafts::delete,
    drafts::logo,
    reports::show,
    reports::attach,
    reports::remove,
    reports::carried,
    drafts::add_specification,
    drafts::change_specification,
    drafts::remove_specification,
    drafts::submit,
    drafts::visibility,
    drafts::discontinue,
    releases::list,
    releases::show,
    releases::withdraw,
    review::queue,
    review::show,
    review::claim,
    review::unclaim,
    review::approve,
    review::reject,
    review::freeze,
    review::unfreeze
))]
pub(crate) struct Description;

/// The routes of this slice.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .with(route!(GET "/api/v1/products" => products::search))
        .with(route!(GET "/api/v1/products/suggestions" => products::suggestions))
        .with(route!(GET "/api/v1/products/{id}" => products::show))
        .with(route!(POST "/api/v1/quotes" => quotes::create))
        .with(route!(GET "/api/v1/seller/products" => drafts::list))
        .with(route!(POST "/api/v1/seller/products" => drafts::begin))
        .with(route!(GET "/api/v1/seller/products/{id}" => drafts::show))
        .with(route!(PATCH "/api/v1/seller/products/{id}" => drafts::change))
        .with(route!(DELETE "/api/v1/seller/products/{id}" => drafts::delete))
        .with(route!(PUT "/api/v1/seller/products/{id}/logo" => drafts::logo))
        .with(route!(GET "/api/v1/seller/products/{id}/report" => reports::show))
        .with(route!(PUT "/api/v1/seller/products/{id}/report" => reports::attach))
        .with(route!(DELETE "/api/v1/seller/products/{id}/report" => reports::remove))
        .with(route!(GET "/api/v1/operator/releases/{id}/report" => reports::carried))
        .with(route!(POST "/api/v1/seller/products/{id}/specifications" => drafts::add_specification))
        .with(route!(PATCH "/api/v1/seller/products/{id}/specifications/{specification}" => drafts::change_specification))
        .with(route!(DELETE "/api/v1/seller/products/{id}/specifications/{specification}" => drafts::remove_specification))
        .with(route!(POST "/api/v1/seller/products/{id}/submit" => drafts::submit))
        .with(route!(POST "/api/v1/seller/products/{id}/visibility" => drafts::visibility))
        .with(route!(POST "/api/v1/seller/products/{id}/discontinue" => drafts::discontinue))
        .with(route!(GET "/api/v1/seller/releases" => releases::list))
        .with(route!(GET "/api/v1/seller/releases/{id}" => releases::show))
        .with(route!(POST "/api/v1/seller/releases/{id}/withdraw" => releases::withdraw))
        .with(route!(GET "/api/v1/operator/releases" => review::queue))
        .with(route!(GET "/api/v1/operator/releases/{id}" => review::show))
        .with(route!(POST "/api/v1/operator/releases/{id}/claim" => review::claim))
        .with(route!(POST "/api/v1/operator/releases/{id}/unclaim" => review::unclaim))
        .with(route!(POST "/api/v1/operator/releases/{id}/approve" => review::approve))
        .with(route!(POST "/api/v1/operator/releases/{id}/reject" => review::reject))
        .with(route!(POST "/api/v1/operator/products/{id}/freeze" => review::freeze))
        .with(route!(POST "/api/v1/operator/products/{id}/unfreeze" => review::unfreeze))
}

pub(crate) use http_kit::JsonBody as Body;

/// An amount in minor units.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Amount {
    /// In the smallest unit of the currency: cents.
    minor: i64,
    /// Three letters of ISO 4217.
    currency: String,
}

impl From<Money> for Amount {
    fn from(money: Money) -> Amount {
        Amount { minor: money.minor(), currency: money.currency().code().to_owned() }
    }
}

/// A text in one or both languages.
#[derive(Serialize, ToSchema)]
pub(super) struct Text {
    /// English.
    #[serde(skip_serializing_if = "Option::is_none")]
    en: Option<String>,
    /// Simplified Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    zh: Option<String>,
}

impl From<&Localised> for Text {
    fn from(text: &Localised) -> Text {
        Text { en: text.en.clone(), zh: text.zh.clone() }
    }
}
