//! Small things that every page with products needs: prices in words, pictures, names of fixed lists.

use std::fmt;

use app::PriceFrom;
use app::catalog::Rendered;
use askama::filters::HtmlSafe;
use domain::catalog::{Category, DeliveryMethod};
use domain::ids::ProductId;
use domain::money::Money;
use domain::quantity::Period;
use domain::text::Localised;
use language::Words;

use crate::parts::Price;

/// HTML that the sanitiser let through (`app::catalog::render_markdown`), to be printed as it is. There is no other way
/// to make one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SafeHtml(Rendered);

impl From<Rendered> for SafeHtml {
    fn from(rendered: Rendered) -> SafeHtml {
        SafeHtml(rendered)
    }
}

impl fmt::Display for SafeHtml {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0.html())
    }
}

impl HtmlSafe for SafeHtml {}

/// The address of a product's picture; a drawn one where it brought none, the same from its first draft on.
pub fn logo_url(hash: Option<&str>, product: ProductId) -> String {
    match hash {
        Some(hash) => format!("/images/{hash}.png"),
        None => format!("/images/{product}.svg"),
    }
}

/// The icon of a delivery method (look.md, "Icons").
pub fn delivery_icon(delivery: DeliveryMethod) -> &'static str {
    match delivery {
        DeliveryMethod::Saas => "cloud",
        DeliveryMethod::Image => "server",
        DeliveryMethod::Licence => "key-round",
        DeliveryMethod::ProfessionalService => "wrench",
        DeliveryMethod::Consulting => "message-square",
    }
}

/// The icon of a category.
pub fn category_icon(category: Category) -> &'static str {
    match category {
        Category::Backup => "archive",
        Category::Databases => "database",
        Category::Security => "shield-check",
        Category::Operations => "activity",
        Category::Development => "code",
        Category::Analytics => "chart-column",
        Category::Office => "briefcase",
        Category::Finance => "receipt-text",
        Category::Commerce => "store",
        Category::People => "users",
        Category::Websites => "globe",
        Category::Advice => "compass",
    }
}

/// A delivery method in words.
pub fn delivery_name(words: &Words, delivery: DeliveryMethod) -> &'static str {
    let words = Words::of(words.language());
    match delivery {
        DeliveryMethod::Saas => words.catalog_delivery_saas(),
        DeliveryMethod::Image => words.catalog_delivery_image(),
        DeliveryMethod::Licence => words.catalog_delivery_licence(),
        DeliveryMethod::ProfessionalService => words.catalog_delivery_professional_service(),
        DeliveryMethod::Consulting => words.catalog_delivery_consulting(),
    }
}

/// A period in words.
pub fn period_name(words: &'static Words, period: Period) -> &'static str {
    match period {
        Period::Month => words.catalog_period_month(),
        Period::Year => words.catalog_period_year(),
        Period::Once => words.catalog_period_once(),
    }
}

/// An amount with its currency, as the language writes it.
pub fn money(words: &Words, amount: Money) -> String {
    words.money(amount.currency().code(), amount.minor(), amount.currency().decimals())
}

/// What a price is for: `per database and month`.
pub fn price_unit(words: &'static Words, period: Period, unit: Option<&Localised>) -> String {
    let unit = unit.map(|unit| unit.say(words.language()));
    match (unit, period) {
        (Some(unit), Period::Month) => words.catalog_unit_each_month(unit),
        (Some(unit), Period::Year) => words.catalog_unit_each_year(unit),
        (Some(unit), Period::Once) => words.catalog_unit_each_once(unit),
        (None, Period::Month) => words.catalog_unit_month().to_owned(),
        (None, Period::Year) => words.catalog_unit_year().to_owned(),
        (None, Period::Once) => words.catalog_unit_once().to_owned(),
    }
}

/// The price of a card. Without prices, that it must be asked for.
pub fn price_of(words: &'static Words, price: Option<&PriceFrom>) -> Price {
    let Some(price) = price else { return Price::new("", words.catalog_ask_price(), "") };
    let unit = price_unit(words, price.period, price.unit.as_ref());
    if price.amount.zero_amount() {
        return Price::new("", words.catalog_free(), unit);
    }
    let currency = price.amount.currency();
    Price::new(currency.code(), words.amount(price.amount.minor(), currency.decimals()), unit)
}
