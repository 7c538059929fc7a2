//! The product index: what customers search. It lives in every process, is rebuilt from the tables at start and fed
//! with changes; it may be some hundred milliseconds behind, and nothing is ever decided by it.

use domain::catalog::{Category, DeliveryMethod};
use domain::ids::ProductId;
use domain::money::{Currency, Money};
use domain::pricing::BillingMode;
use domain::quantity::Period;
use domain::text::{Language, Localised};
use domain::time::Timestamp;

/// What a list of products shows of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductCard {
    /// The product.
    pub id: ProductId,
    /// Its part of the page address.
    pub slug: String,
    /// Its name.
    pub name: Localised,
    /// Its short summary.
    pub overview: Localised,
    /// Who sells it.
    pub seller_name: String,
    /// What it is about.
    pub category: Category,
    /// How it reaches its buyer.
    pub delivery: DeliveryMethod,
    /// How its specifications are billed.
    pub billing: Vec<BillingMode>,
    /// The lowest price, when it has prices.
    pub price_from: Option<PriceFrom>,
    /// The longest free trial in days, when there is one.
    pub trial_days: Option<u32>,
    /// Its version.
    pub version: String,
    /// The address of its picture, when it has one.
    pub logo_hash: Option<String>,
    /// When it was first listed.
    pub listed_at: Timestamp,
}

/// The lowest real price of a product, with its unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceFrom {
    /// The amount.
    pub amount: Money,
    /// For which period.
    pub period: Period,
    /// Of what, in the seller's words: `per database`.
    pub unit: Option<Localised>,
}

impl PriceFrom {
    /// The amount that lists are sorted and narrowed by, in minor units: a year counts as a twelfth, rounded up.
    pub fn comparable_minor(&self) -> i64 {
        match self.period {
            Period::Month | Period::Once => self.amount.minor(),
            Period::Year => self.amount.minor().saturating_add(11) / 12,
        }
    }
}

/// A product with everything that is searched in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductDocument {
    /// What is shown, and searched first.
    pub card: ProductCard,
    /// More words: highlights and description, in all languages.
    pub body: Vec<String>,
}

/// One change of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IndexChange {
    /// The product is shown, or shown otherwise than before.
    Put(Box<ProductDocument>),
    /// The product is not shown any more.
    Remove(ProductId),
}

/// How results are ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// The best match first; without words the newest.
    #[default]
    Match,
    /// The lowest price first; products without a price last.
    Price,
    /// The newest first.
    Newest,
}

/// Whether a product must have a free trial.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TrialFilter {
    /// With or without.
    #[default]
    Any,
    /// Only with one.
    Offered,
}

/// A range of prices in one currency; both ends count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceBand {
    /// The currency. Products priced in another one are outside.
    pub currency: Currency,
    /// At least so many minor units.
    pub least: Option<i64>,
    /// At most so many minor units.
    pub most: Option<i64>,
}

/// What is asked: words and facets. Several values of one facet mean one of them; the facets must all hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchRequest {
    /// What was typed.
    pub words: String,
    /// Categories; none means all.
    pub categories: Vec<Category>,
    /// Delivery methods; none means all.
    pub deliveries: Vec<DeliveryMethod>,
    /// Billing modes; none means all.
    pub billing: Vec<BillingMode>,
    /// Whether a trial is wanted.
    pub trial: TrialFilter,
    /// Prices; none means all.
    pub price: Option<PriceBand>,
    /// The order.
    pub sort: Sort,
    /// How many results to leave out from the start.
    pub offset: usize,
    /// How many results to answer.
    pub most: usize,
}

/// How well the words were met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matching {
    /// Every result has every word.
    AllWords,
    /// Nothing has every word; the results have some of them.
    SomeWords,
}

/// How many results each value of a facet would give, the other facets as they are chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FacetCounts {
    /// Every category with its count.
    pub categories: Vec<(Category, u64)>,
    /// Every delivery method with its count.
    pub deliveries: Vec<(DeliveryMethod, u64)>,
    /// Every billing mode with its count.
    pub billing: Vec<(BillingMode, u64)>,
    /// Products with a free trial.
    pub trial: u64,
    /// The lowest and highest comparable price among the results, price band left aside, by currency.
    pub prices: Vec<(Currency, i64, i64)>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchAnswer {
    /// The wanted part of the results.
    pub cards: Vec<ProductCard>,
    /// How many results there are.
    pub found: u64,
    /// How many products there are at all.
    pub indexed: u64,
    /// How well the words were met.
    pub matching: Matching,
    /// The counts beside the facets.
    pub counts: FacetCounts,
}

/// A product whose name goes on as was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The product's name.
    pub name: String,
    /// Its part of the page address.
    pub slug: String,
}

/// The index could not do it. The text is for the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("search index: {0}")]
pub struct SearchFailure(pub String);

/// Finds products by words and facets.
pub trait SearchIndex: Send + Sync {
    /// Applies the changes, in order, and makes them visible before it returns. The same change again is calm. Takes
    /// some milliseconds of processor time; callers keep it off the threads that answer requests.
    fn apply(&self, changes: Vec<IndexChange>) -> Result<(), SearchFailure>;

    /// Finds products: words of any language in name, summary, seller, highlights and description. Words of five
    /// letters and more forgive one slip, the last word may be unfinished.
    fn search(&self, request: &SearchRequest) -> Result<SearchAnswer, SearchFailure>;

    /// Names that begin with, or have a word that begins with, what was typed; at most `most`.
    fn suggest(&self, typed: &str, language: Language, most: usize) -> Vec<Suggestion>;
}
