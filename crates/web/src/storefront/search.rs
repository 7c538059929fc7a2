//! `GET /search`: words, facets with counts, chips, order and pages, all in the address, without any script.

use app::catalog::search_products;
use app::{App, Matching, ProductCard, SearchAnswer, Sort, TrialFilter};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use domain::money::{Currency, Money};
use domain::pricing::BillingMode;
use http_kit::{Failure, Visit};
use language::Words;

use super::cards::{delivery_icon, delivery_name, logo_url, money, price_of};
use super::query::{PAGE, Query, sort_code};
use crate::frame::PageFrame;
use crate::parts::{Empty, Price, Spoken, spoken};
use crate::render;

/// `GET /search`.
#[derive(Clone, Debug, Template)]
#[template(path = "storefront/search.html")]
pub struct SearchPage {
    /// Around it.
    pub page: PageFrame,
    /// What was typed.
    pub words: String,
    /// The heading.
    pub heading: String,
    /// How many of how many.
    pub counted: String,
    /// Whether no product has all of the words.
    pub some_words: bool,
    /// The facets with check boxes.
    pub facets: Vec<Facet>,
    /// What stands above the price fields.
    pub price_legend: String,
    /// Lowest price as typed.
    pub least: String,
    /// Highest price as typed.
    pub most: String,
    /// What the fields suggest: the lowest and highest price there is.
    pub price_hints: (String, String),
    /// What is wrong with the price fields.
    pub price_problem: Option<&'static str>,
    /// The filters in use.
    pub chips: Vec<Chip>,
    /// Where no filter is in use.
    pub clear: String,
    /// The orders: value, name, chosen.
    pub sorts: Vec<(&'static str, &'static str, bool)>,
    /// The products.
    pub results: Vec<ResultCard>,
    /// First to last of all.
    pub range: String,
    /// The pages.
    pub pages: Vec<PageLink>,
    /// The next page.
    pub next: Option<String>,
    /// What is said when nothing was found.
    pub nothing: Option<Empty>,
    /// One filter less each, with what it would find.
    pub drops: Vec<(String, String)>,
}

/// One facet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    /// The parameter.
    pub name: &'static str,
    /// What it is called.
    pub legend: &'static str,
    /// Its values.
    pub options: Vec<FacetOption>,
}

/// One value of a facet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetOption {
    /// The parameter's value.
    pub value: &'static str,
    /// What it is called.
    pub label: String,
    /// How many products it would give.
    pub count: u64,
    /// Whether it is chosen.
    pub checked: bool,
}

/// A filter in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    /// What it is called.
    pub label: String,
    /// The address without it.
    pub href: String,
}

/// One page of the results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageLink {
    /// Its number.
    pub number: usize,
    /// Its address.
    pub href: String,
    /// Whether it is this one.
    pub current: bool,
}

/// One product.
#[derive(Clone, Debug)]
pub struct ResultCard {
    /// Its page.
    pub href: String,
    /// Its picture.
    pub logo: String,
    /// Its name.
    pub name: Spoken,
    /// Who sells it.
    pub seller: String,
    /// The summary.
    pub sentence: Spoken,
    /// The lowest price.
    pub price: Price,
    /// How it reaches the buyer.
    pub delivery: (&'static str, &'static str),
    /// What it is about.
    pub category: &'static str,
    /// The free trial, in words.
    pub trial: Option<String>,
}

impl FacetOption {
    /// A value without products stays on the page and cannot be chosen; a chosen one can be taken back.
    fn disabled(&self) -> bool {
        self.count == 0 && !self.checked
    }
}

pub(super) async fn show(State(app): State<App>, visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let frame = PageFrame::of(&visit);
    let query = Query::parse(query.as_deref().unwrap_or_default());
    let currency = app.settings.site.currency;
    let answer = search_products(&app, query.request(currency))?;
    let drops = if answer.found == 0 { drops(&app, frame.words, &query, currency)? } else { Vec::new() };
    Ok(render::page(&SearchPage::new(frame, &query, &answer, currency, drops)))
}

/// For each filter in use, what would be found without it.
fn drops(
    app: &App,
    words: &'static Words,
    query: &Query,
    currency: Currency,
) -> Result<Vec<(String, String)>, Failure> {
    let mut drops = Vec::new();
    for (label, without) in reductions(words, query, currency).into_iter().take(8) {
        let found = search_products(app, without.request(currency))?.found;
        if found > 0 {
            drops.push((words.search_nothing_drop(label, words.common_products_count(found)), without.href()));
        }
    }
    Ok(drops)
}

/// The query without one filter each, with the filter's name.
fn reductions(words: &'static Words, query: &Query, currency: Currency) -> Vec<(String, Query)> {
    let language = words.language();
    let base = query.on_page(1);
    let mut all = Vec::new();
    for one in &query.categories {
        let mut without = base.clone();
        without.categories.retain(|other| other != one);
        all.push((one.name(language).to_owned(), without));
    }
    for one in &query.deliveries {
        let mut without = base.clone();
        without.deliveries.retain(|other| other != one);
        all.push((delivery_name(words, *one).to_owned(), without));
    }
    for one in &query.billing {
        let mut without = base.clone();
        without.billing.retain(|other| other != one);
        all.push((billing_name(words, *one).to_owned(), without));
    }
    if query.trial == TrialFilter::Offered {
        all.push((words.search_trial_offered().to_owned(), Query { trial: TrialFilter::Any, ..base.clone() }));
    }
    if let (Some(band), _) = query.band(currency) {
        let say = |minor: i64| money(words, Money::new(minor, currency));
        let label = match (band.least, band.most) {
            (Some(least), Some(most)) => words.search_price_chip_between(say(least), say(most)),
            (Some(least), None) => words.search_price_chip_least(say(least)),
            (None, Some(most)) => words.search_price_chip_most(say(most)),
            (None, None) => String::new(),
        };
        all.push((label, Query { least: String::new(), most: String::new(), ..base }));
    }
    all
}

fn billing_name(words: &'static Words, mode: BillingMode) -> &'static str {
    match mode {
        BillingMode::Period => words.catalog_billing_period(),
        BillingMode::Once => words.catalog_billing_once(),
    }
}

impl SearchPage {
    fn new(
        frame: PageFrame,
        query: &Query,
        answer: &SearchAnswer,
        currency: Currency,
        drops: Vec<(String, String)>,
    ) -> SearchPage {
        let words = frame.words;
        let heading = match query.words.as_str() {
            "" => words.search_heading_all().to_owned(),
            typed => words.search_heading(typed),
        };
        let first = (query.page - 1) * PAGE + 1;
        let last = first + answer.cards.len().saturating_sub(1);
        let pages = pages(query, answer.found);
        let more = (last as u64) < answer.found && !answer.cards.is_empty();
        let hints = answer.counts.prices.iter().find(|(one, _, _)| *one == currency);
        let hint = |minor: i64| words.amount(minor, currency.decimals());
        SearchPage {
            counted: words.search_count(words.integer(signed(answer.found)), words.integer(signed(answer.indexed))),
            words: query.words.clone(),
            some_words: answer.matching == Matching::SomeWords && answer.found > 0,
            facets: facets(words, query, answer),
            price_legend: words.search_facet_price(currency.code()),
            least: query.least.clone(),
            most: query.most.clone(),
            price_hints: hints.map_or_else(Default::default, |(_, least, most)| (hint(*least), hint(*most))),
            price_problem: query.band(currency).1.then(|| words.search_price_wrong()),
            chips: reductions(words, query, currency)
                .into_iter()
                .map(|(label, without)| Chip { label, href: without.href() })
                .collect(),
            clear: Query { words: query.words.clone(), sort: query.sort, page: 1, ..Query::default() }.href(),
            sorts: [
                (Sort::Match, words.search_sort_match()),
                (Sort::Price, words.search_sort_price()),
                (Sort::Newest, words.search_sort_newest()),
            ]
            .map(|(sort, name)| (sort_code(sort), name, sort == query.sort))
            .to_vec(),
            results: answer.cards.iter().map(|card| result(words, card)).collect(),
            range: words.search_range(
                words.integer(signed(first as u64)),
                words.integer(signed(last as u64)),
                words.integer(signed(answer.found)),
            ),
            next: more.then(|| query.on_page(query.page + 1).href()),
            pages,
            nothing: answer.cards.is_empty().then(|| nothing(words, query)),
            drops,
            page: frame.titled(&heading),
            heading,
        }
    }
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn nothing(words: &'static Words, query: &Query) -> Empty {
    let title = match query.words.as_str() {
        "" => words.search_nothing_filtered().to_owned(),
        typed => words.search_nothing_title(typed),
    };
    Empty::filtered(title, words.search_nothing_text()).action(words.common_categories(), "/#categories")
}

fn facets(words: &'static Words, query: &Query, answer: &SearchAnswer) -> Vec<Facet> {
    let language = words.language();
    let counts = &answer.counts;
    let option = |value, label: &str, count, checked| FacetOption { value, label: label.to_owned(), count, checked };
    vec![
        Facet {
            name: "category",
            legend: words.search_facet_category(),
            options: (counts.categories.iter())
                .map(|(one, count)| option(one.code(), one.name(language), *count, query.categories.contains(one)))
                .collect(),
        },
        Facet {
            name: "delivery",
            legend: words.search_facet_delivery(),
            options: (counts.deliveries.iter())
                .map(|(one, count)| {
                    option(one.code(), delivery_name(words, *one), *count, query.deliveries.contains(one))
                })
                .collect(),
        },
        Facet {
            name: "billing",
            legend: words.search_facet_billing(),
            options: (counts.billing.iter())
                .map(|(one, count)| option(one.code(), billing_name(words, *one), *count, query.billing.contains(one)))
                .collect(),
        },
        Facet {
            name: "trial",
            legend: words.search_facet_trial(),
            options: vec![option(
                "offered",
                words.search_trial_offered(),
                counts.trial,
                query.trial == TrialFilter::Offered,
            )],
        },
    ]
}

/// The first, the last, and those around this one.
fn pages(query: &Query, found: u64) -> Vec<PageLink> {
    let last = usize::try_from(found).unwrap_or(usize::MAX).div_ceil(PAGE);
    if last <= 1 {
        return Vec::new();
    }
    let near = query.page.saturating_sub(2)..=query.page + 2;
    let link = |number| PageLink { number, href: query.on_page(number).href(), current: number == query.page };
    (1..=last).filter(|number| *number == 1 || *number == last || near.contains(number)).map(link).collect()
}

fn result(words: &'static Words, card: &ProductCard) -> ResultCard {
    let language = words.language();
    let price = price_of(words, card.price_from.as_ref());
    let several = card.price_from.as_ref().is_some_and(|price| !price.amount.zero_amount());
    ResultCard {
        href: format!("/products/{}", card.slug),
        logo: logo_url(card.logo_hash.as_deref(), card.id),
        name: spoken(&card.name, language),
        seller: card.seller_name.clone(),
        sentence: spoken(&card.overview, language),
        price: if several { price.from(words.search_from()) } else { price },
        delivery: (delivery_icon(card.delivery), delivery_name(words, card.delivery)),
        category: card.category.name(language),
        trial: card.trial_days.map(|days| words.search_trial_days(days)),
    }
}

#[cfg(test)]
impl crate::samples::Samples for SearchPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        use domain::catalog::{Category, DeliveryMethod};
        use domain::ids::{Id as _, ProductId};
        use domain::quantity::Period;
        use domain::text::Localised;

        let both = |en: &str, zh: Option<&str>| Localised { en: Some(en.to_owned()), zh: zh.map(str::to_owned) };
        let card = |name: &str, price: Option<i64>| ProductCard {
            id: ProductId::from_u128(1),
            slug: "granary-backup".to_owned(),
            name: both(name, Some("谷仓备份")),
            overview: both("Hourly backups with a restore test every week.", None),
            seller_name: "Brightwell <script>".to_owned(),
            category: Category::Backup,
            delivery: DeliveryMethod::Saas,
            billing: vec![BillingMode::Period],
            price_from: price.map(|minor| app::PriceFrom {
                amount: Money::new(minor, Currency::USD),
                period: Period::Month,
                unit: Some(both("per database", Some("每个数据库"))),
            }),
            trial_days: Some(14),
            version: "V4.2".to_owned(),
            logo_hash: None,
            listed_at: domain::time::Timestamp::UNIX_EPOCH,
        };
        let counts = app::FacetCounts {
            categories: Category::ALL.iter().map(|one| (*one, u64::from(*one == Category::Backup))).collect(),
            deliveries: DeliveryMethod::ALL.iter().map(|one| (*one, 3)).collect(),
            billing: BillingMode::ALL.iter().map(|one| (*one, 3)).collect(),
            trial: 2,
            prices: vec![(Currency::USD, 900, 240_000)],
        };
        let answer = SearchAnswer {
            cards: vec![card("Granary", Some(900)), card("<script>alert(1)</script>", Some(0)), card("Talk", None)],
            found: 120,
            indexed: 1_284,
            matching: Matching::SomeWords,
            counts,
        };
        let empty = SearchAnswer { cards: Vec::new(), found: 0, ..answer.clone() };
        let query = Query::parse("q=%3Cscript%3E&delivery=saas&trial=offered&min=5&max=x&page=3");
        vec![
            SearchPage::new(page.clone(), &query, &answer, Currency::USD, Vec::new()),
            SearchPage::new(page.clone(), &Query::parse(""), &answer, Currency::USD, Vec::new()),
            SearchPage::new(
                page,
                &query,
                &empty,
                Currency::USD,
                vec![("Without SaaS: 3".to_owned(), "/search".to_owned())],
            ),
        ]
    }
}
