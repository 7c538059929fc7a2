//! GET /api/v1/products, /api/v1/products/suggestions, /api/v1/products/{id}

use app::catalog::{ProductView, search_products, show_product, show_product_by_id, suggest_products};
use app::{App, AppError, PriceBand, SearchAnswer, SearchRequest, Sort, TrialFilter};
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use domain::catalog::{Category, DeliveryMethod, Specification};
use domain::ids::ProductId;
use domain::money::{Currency, Money};
use domain::outcome::{FieldProblem, Problems};
use domain::pricing::BillingMode;
use http_kit::{Failure, Visit};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Amount, Text};

/// Products that were found.
#[derive(Serialize, ToSchema)]
pub(crate) struct Found {
    /// The page.
    items: Vec<Card>,
    /// How many products were found.
    found: u64,
    /// How many products there are.
    indexed: u64,
    /// `all_words`, or `some_words` when nothing has every word.
    matching: &'static str,
    /// Counts beside each value of each facet, the other facets as chosen.
    facets: Vec<Facet>,
    /// Give this as `cursor` to go on; absent on the last page.
    next: Option<String>,
}

/// One facet.
#[derive(Serialize, ToSchema)]
pub(crate) struct Facet {
    /// The parameter that chooses: `category`, `delivery`, `billing`, `trial`.
    name: &'static str,
    /// Its values.
    values: Vec<FacetValue>,
}

/// One value of a facet.
#[derive(Serialize, ToSchema)]
pub(crate) struct FacetValue {
    /// The value of the parameter.
    value: &'static str,
    /// How many products it would give.
    count: u64,
}

/// A product in a list.
#[derive(Serialize, ToSchema)]
pub(crate) struct Card {
    /// `prd_…`
    id: String,
    /// The page is `/products/{slug}`.
    slug: String,
    name: Text,
    overview: Text,
    seller: String,
    category: &'static str,
    delivery: &'static str,
    version: String,
    /// The lowest price.
    price_from: Option<PriceOf>,
    /// Days of the longest free trial.
    trial_days: Option<u32>,
    /// When it was first listed.
    listed_at: String,
}

/// A price and its period.
#[derive(Serialize, ToSchema)]
pub(crate) struct PriceOf {
    /// `month`, `year` or `once`.
    period: &'static str,
    price: Amount,
}

const PAGE: usize = 20;
const MOST: usize = 100;

/// Words, facets, order, place. A value that is not known is said to be wrong.
fn request(query: &str, currency: Currency) -> Result<SearchRequest, Problems> {
    let mut band = PriceBand { currency, least: None, most: None };
    let mut problems = Problems::new();
    let mut request = SearchRequest { most: PAGE, ..SearchRequest::default() };
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let wrong = |field: &'static str| FieldProblem::new(field, "not_in_list");
        match name.as_ref() {
            "q" => request.words = value.into_owned(),
            "category" => {
                request.categories.extend(problems.take(value.parse::<Category>().map_err(|()| wrong("category"))))
            }
            "delivery" => request
                .deliveries
                .extend(problems.take(value.parse::<DeliveryMethod>().map_err(|()| wrong("delivery")))),
            "billing" => {
                request.billing.extend(problems.take(value.parse::<BillingMode>().map_err(|()| wrong("billing"))))
            }
            "trial" if value == "offered" => request.trial = TrialFilter::Offered,
            "trial" => problems.add(wrong("trial")),
            "sort" => match value.as_ref() {
                "match" => request.sort = Sort::Match,
                "price" => request.sort = Sort::Price,
                "newest" => request.sort = Sort::Newest,
                _ => problems.add(wrong("sort")),
            },
            "cursor" => match value.parse() {
                Ok(offset) if offset <= 100_000 => request.offset = offset,
                Ok(_) | Err(_) => problems.add(FieldProblem::new("cursor", "cursor")),
            },
            "limit" => match value.parse() {
                Ok(most) if (1..=MOST).contains(&most) => request.most = most,
                Ok(_) | Err(_) => {
                    let problem = FieldProblem::new("limit", "whole_number").with("least", 1).with("most", MOST);
                    problems.add(problem);
                }
            },
            "price_min" => band.least = problems.take(amount("price_min", &value, currency)),
            "price_max" => band.most = problems.take(amount("price_max", &value, currency)),
            "lang" => {}
            _ => problems.add(FieldProblem::new(name.into_owned(), "unknown_parameter")),
        }
    }
    request.price = (band.least.is_some() || band.most.is_some()).then_some(band);
    problems.or(Some(request))
}

/// Whole units with decimals, as people write them: `19.50`.
fn amount(field: &'static str, text: &str, currency: Currency) -> Result<i64, FieldProblem> {
    let minor = Money::parse(text, currency).map(Money::minor).ok().filter(|minor| *minor >= 0);
    minor.ok_or_else(|| FieldProblem::new(field, "amount").with("entered", text))
}

/// Searches the products on sale.
#[utoipa::path(get, path = "/api/v1/products", tag = "products", params(
    ("q" = Option<String>, Query, description = "Words"),
    ("category" = Option<Vec<String>>, Query, description = "Several mean one of them"),
    ("delivery" = Option<Vec<String>>, Query, description = "`saas`, `image`, `licence`, `professional_service`, `consulting`"),
    ("billing" = Option<Vec<String>>, Query, description = "`period`, `once`"),
    ("trial" = Option<String>, Query, description = "`offered`"),
    ("price_min" = Option<String>, Query, description = "The lowest price by month, such as `9.50`"),
    ("price_max" = Option<String>, Query, description = "The highest price by month"),
    ("sort" = Option<String>, Query, description = "`match`, `price`, `newest`"),
    ("cursor" = Option<String>, Query, description = "The `next` of the page before"),
    ("limit" = Option<u32>, Query, description = "1 to 100, else 20"),
), responses((status = 200, body = Found)))]
pub(crate) async fn search(State(app): State<App>, RawQuery(query): RawQuery) -> Result<Json<Found>, Failure> {
    let request = request(query.as_deref().unwrap_or_default(), app.settings.site.currency).map_err(AppError::from)?;
    let (offset, most) = (request.offset, request.most);
    let answer = search_products(&app, request)?;
    let until = offset + answer.cards.len();
    let next = (answer.cards.len() == most && (until as u64) < answer.found).then(|| until.to_string());
    Ok(Json(found(answer, next)))
}

fn found(answer: SearchAnswer, next: Option<String>) -> Found {
    let facet = |name, values: Vec<(&'static str, u64)>| Facet {
        name,
        values: values.into_iter().map(|(value, count)| FacetValue { value, count }).collect(),
    };
    let counts = &answer.counts;
    let facets = vec![
        facet("category", counts.categories.iter().map(|(one, count)| (one.code(), *count)).collect()),
        facet("delivery", counts.deliveries.iter().map(|(one, count)| (one.code(), *count)).collect()),
        facet("billing", counts.billing.iter().map(|(one, count)| (one.code(), *count)).collect()),
        facet("trial", vec![("offered", counts.trial)]),
    ];
    let card = |card: app::ProductCard| Card {
        id: card.id.to_string(),
        slug: card.slug,
        name: Text::from(&card.name),
        overview: Text::from(&card.overview),
        seller: card.seller_name,
        category: card.category.code(),
        delivery: card.delivery.code(),
        version: card.version,
        price_from: card.price_from.map(|from| PriceOf { period: from.period.code(), price: from.amount.into() }),
        trial_days: card.trial_days,
        listed_at: card.listed_at.to_string(),
    };
    let matching = match answer.matching {
        app::Matching::AllWords => "all_words",
        app::Matching::SomeWords => "some_words",
    };
    Found {
        items: answer.cards.into_iter().map(card).collect(),
        found: answer.found,
        indexed: answer.indexed,
        matching,
        facets,
        next,
    }
}

/// Names that go on as was typed.
#[derive(Serialize, ToSchema)]
pub(crate) struct Suggestions {
    /// At most eight.
    items: Vec<SuggestedName>,
}

/// One of them.
#[derive(Serialize, ToSchema)]
pub(crate) struct SuggestedName {
    name: String,
    slug: String,
}

/// Names that begin as the text does.
#[utoipa::path(get, path = "/api/v1/products/suggestions", tag = "products",
    params(("q" = String, Query, description = "The beginning of a word")), responses((status = 200, body = Suggestions)))]
pub(crate) async fn suggestions(State(app): State<App>, visit: Visit, RawQuery(query): RawQuery) -> Json<Suggestions> {
    let query = query.unwrap_or_default();
    let typed = url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "q")
        .map(|(_, value)| value.into_owned());
    let found = suggest_products(&app, &typed.unwrap_or_default(), visit.language);
    Json(Suggestions { items: found.into_iter().map(|one| SuggestedName { name: one.name, slug: one.slug }).collect() })
}

/// A product with everything that a buyer may know.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProductBody {
    id: String,
    slug: Option<String>,
    name: Text,
    version: String,
    category: &'static str,
    delivery: &'static str,
    overview: Text,
    highlights: Highlights,
    /// HTML that is safe to show, in the language asked for or the other one.
    description_html: String,
    guide_html: String,
    agreement_html: String,
    specifications: Vec<SpecificationBody>,
    seller: SellerBody,
    support: SupportBody,
    /// What of the buyer's data the seller gets.
    handed_over: Vec<&'static str>,
    /// Whether an order needs the seller's people.
    supervised: bool,
    /// Whether orders are taken.
    purchasable: bool,
    /// Where a conversation starts, for what is not traded here.
    contact_link: Option<String>,
    reviewed_at: Option<String>,
}

/// Lines in both languages.
#[derive(Serialize, ToSchema)]
pub(crate) struct Highlights {
    en: Vec<String>,
    zh: Vec<String>,
}

/// One thing to choose.
#[derive(Serialize, ToSchema)]
pub(crate) struct SpecificationBody {
    /// `spc_…`
    id: String,
    name: Text,
    summary: Option<Text>,
    /// What is counted.
    unit: Option<Text>,
    prices: Vec<PriceOf>,
    trial_days: Option<u32>,
}

/// Who sells.
#[derive(Serialize, ToSchema)]
pub(crate) struct SellerBody {
    name: String,
    since: String,
    products: u64,
}

/// Where a buyer gets help.
#[derive(Serialize, ToSchema)]
pub(crate) struct SupportBody {
    email: Option<String>,
    phone: Option<String>,
    hours: Option<Text>,
}

/// One product on sale, with its specifications and prices.
#[utoipa::path(get, path = "/api/v1/products/{id}", tag = "products",
    params(("id" = String, Path, description = "The id, or the slug of the product's page")),
    responses((status = 200, body = ProductBody), (status = 404)))]
pub(crate) async fn show(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Json<ProductBody>, Failure> {
    let view = match id.parse::<ProductId>() {
        Ok(id) => show_product_by_id(&app, id, visit.language).await?,
        Err(_) => show_product(&app, &id, None, visit.language).await?,
    };
    Ok(Json(body(view)))
}

fn body(view: ProductView) -> ProductBody {
    let release = view.release;
    ProductBody {
        id: view.id.to_string(),
        slug: view.slug,
        name: Text::from(&release.name),
        version: release.version.to_string(),
        category: release.category.code(),
        delivery: release.delivery.code(),
        overview: Text::from(&release.overview),
        highlights: Highlights { en: release.highlights.en, zh: release.highlights.zh },
        description_html: view.description.0.html().to_owned(),
        guide_html: view.guide.0.html().to_owned(),
        agreement_html: view.agreement.0.html().to_owned(),
        specifications: view.plans.iter().map(|plan| specification(&plan.specification)).collect(),
        seller: SellerBody {
            name: view.seller_name,
            since: view.seller_since.to_string(),
            products: view.seller_products,
        },
        support: SupportBody {
            email: release.support.email,
            phone: release.support.phone,
            hours: release.support.hours.as_ref().map(Text::from),
        },
        handed_over: release.handed_over.iter().map(|field| field.code()).collect(),
        supervised: release.supervision == domain::catalog::Supervision::Supervised,
        purchasable: view.purchasable,
        contact_link: release.contact_link,
        reviewed_at: view.reviewed_at.map(|at| at.to_string()),
    }
}

fn specification(one: &Specification) -> SpecificationBody {
    SpecificationBody {
        id: one.id.to_string(),
        name: Text::from(&one.name),
        summary: one.summary.as_ref().map(Text::from),
        unit: one.unit.as_ref().map(Text::from),
        prices: one
            .prices
            .each()
            .map(|(period, price)| PriceOf { period: period.code(), price: price.into() })
            .collect(),
        trial_days: one.trial.map(u32::from),
    }
}
