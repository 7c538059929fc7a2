//! `GET /products/{slug}`: what it is, what it costs, what happens after buying, and every fact before it (ux.md
//! U-10…20). The seller's preview is the same page.

use app::App;
use app::catalog::{PlanView, ProductView, show_product};
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use domain::catalog::{PersonalField, Supervision};
use domain::money::Money;
use domain::quantity::{Count, Period};
use domain::text::Language;
use http_kit::{Failure, Visit};
use language::Words;

use super::cards::{SafeHtml, delivery_name, logo_url, money, period_name, price_of, price_unit};
use super::price::{Choice, PriceBlock};
use crate::frame::{Crumb, PageFrame, form_value};
use crate::parts::{Cell, Column, Entry, Facts, Notice, Price, Spoken, Table, Timeline, Tone, spoken};
use crate::render;

/// A product page.
#[derive(Clone, Debug, Template)]
#[template(path = "storefront/product.html")]
pub struct ProductPage {
    /// Whether search engines may list it.
    pub listed: bool,
    /// Around it.
    pub page: PageFrame,
    /// Says that it is a preview.
    pub preview: Option<Notice>,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Its picture.
    pub logo: String,
    /// Its name.
    pub name: Spoken,
    /// The summary.
    pub overview: Spoken,
    /// Short facts under the name.
    pub facts: Vec<String>,
    /// The lowest price.
    pub price_from: Price,
    /// Where the form goes.
    pub action: String,
    /// The part that is loaded when a choice changes.
    pub price_address: String,
    /// The plans to choose between.
    pub plans: Vec<PlanCard>,
    /// The periods to choose between.
    pub periods: Vec<PeriodCard>,
    /// How many, as typed.
    pub count: String,
    /// The most that one order takes.
    pub count_most: String,
    /// How many periods, as typed; nothing for one-time prices.
    pub period_count: Option<(String, &'static str, u32)>,
    /// The price of the choice; nothing when it cannot be bought here.
    pub price: Option<PriceBlock>,
    /// Where a conversation starts.
    pub contact: Option<(String, &'static str)>,
    /// What happens after buying.
    pub after: Timeline,
    /// What speaks for it.
    pub highlights: Vec<String>,
    /// The language of the highlights, when it is not the page's.
    pub highlights_tag: Option<&'static str>,
    /// The description.
    pub description: Text,
    /// How to start after buying.
    pub guide: Text,
    /// The service agreement.
    pub agreement: Text,
    /// The plans side by side.
    pub compare: Option<Table>,
    /// Everything worth knowing before buying.
    pub before: Facts,
    /// What search engines are told.
    pub description_for_search: String,
}

/// A long text with its language.
#[derive(Clone, Debug)]
pub struct Text {
    /// The text.
    pub html: SafeHtml,
    /// Its language, when it is not the page's.
    pub tag: Option<&'static str>,
}

/// One plan to choose.
#[derive(Clone, Debug)]
pub struct PlanCard {
    /// The form's value.
    pub value: String,
    /// Its name.
    pub name: Spoken,
    /// What it holds.
    pub summary: Option<Spoken>,
    /// Its price by the first period.
    pub price: Price,
    /// Whether it is chosen.
    pub checked: bool,
}

/// One period to choose.
#[derive(Clone, Debug)]
pub struct PeriodCard {
    /// The form's value.
    pub value: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What follows from it.
    pub note: &'static str,
    /// Whether it is chosen.
    pub checked: bool,
}

pub(super) async fn show(
    State(app): State<App>,
    visit: Visit,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let query = query.unwrap_or_default();
    let wanted = form_value(&query, "specification").and_then(|id| id.parse().ok());
    let view = show_product(&app, &slug, wanted, visit.language).await?;
    let page = page_of(&app, PageFrame::of(&visit), &view, &query).await?;
    Ok(render::page(&page))
}

/// The page of a product, for the market or as a preview (a view without an address).
pub(crate) async fn page_of(
    app: &App,
    frame: PageFrame,
    view: &ProductView,
    query: &str,
) -> Result<ProductPage, Failure> {
    let choice = Choice::of(&view.plans, query);
    let price = match (&view.slug, view.purchasable) {
        (Some(_), true) => Some(PriceBlock::of(app, frame.words, view, &choice).await?),
        (Some(_) | None, _) => None,
    };
    Ok(ProductPage::new(frame, view, &choice, price))
}

impl ProductPage {
    fn new(frame: PageFrame, view: &ProductView, choice: &Choice, price: Option<PriceBlock>) -> ProductPage {
        let (words, language) = (frame.words, frame.language());
        let release = &view.release;
        let name = spoken(&release.name, language);
        let title = release.search_title.clone().unwrap_or_else(|| release.name.say(language).to_owned());
        let action = view.slug.as_ref().map_or_else(String::new, |slug| format!("/products/{slug}"));
        let contact = view.release.contact_link.as_ref().map(|link| (link.clone(), words.product_contact_open()));
        let mail = release.support.email.as_ref().map(|mail| (format!("mailto:{mail}"), words.product_seller_ask()));
        let (highlights, spoken_in) = release.highlights.in_language(language);
        ProductPage {
            preview: view.slug.is_none().then(|| Notice::new(Tone::Info, words.product_preview_note())),
            crumbs: crumbs(words, view),
            logo: logo_url(view.logo_hash.as_deref(), view.id),
            overview: spoken(&release.overview, language),
            facts: facts(words, view),
            price_from: price_of(words, app::catalog::price_from(release).as_ref()),
            price_address: format!("{action}/price"),
            plans: plans(words, view, choice),
            periods: periods(words, view, choice),
            count: choice.count.clone(),
            count_most: words.integer(i64::from(Count::MAX)),
            period_count: match choice.period {
                Period::Month => {
                    Some((choice.periods.clone(), words.product_periods_month(), choice.period.most_periods()))
                }
                Period::Year => {
                    Some((choice.periods.clone(), words.product_periods_year(), choice.period.most_periods()))
                }
                Period::Once => None,
            },
            contact: contact.or(mail).filter(|_| price.is_none()),
            after: after(words),
            highlights: highlights.to_vec(),
            highlights_tag: (spoken_in != language).then(|| spoken_in.tag()),
            description: text(&view.description, language),
            guide: text(&view.guide, language),
            agreement: text(&view.agreement, language),
            listed: view.shown && view.slug.is_some(),
            compare: compare(words, view),
            before: before(words, view),
            description_for_search: release
                .search_description
                .clone()
                .unwrap_or_else(|| release.overview.say(language).to_owned()),
            action,
            price,
            name,
            page: frame.titled(title),
        }
    }
}

fn text(rendered: &(app::catalog::Rendered, Language), language: Language) -> Text {
    Text { html: SafeHtml::from(rendered.0.clone()), tag: (rendered.1 != language).then(|| rendered.1.tag()) }
}

fn crumbs(words: &'static Words, view: &ProductView) -> Vec<Crumb> {
    let language = words.language();
    let category = view.release.category;
    let crumb = |label: &str, href: Option<String>| Crumb { label: label.to_owned(), href };
    vec![
        crumb(words.search_market(), Some("/".to_owned())),
        crumb(category.name(language), Some(format!("/search?category={}", category.code()))),
        crumb(view.release.name.say(language), None),
    ]
}

fn facts(words: &'static Words, view: &ProductView) -> Vec<String> {
    let mut facts = vec![words.product_by(&view.seller_name), delivery_name(words, view.release.delivery).to_owned()];
    if let Some(reviewed) = view.reviewed_at {
        facts.push(words.product_version_reviewed(view.release.version.to_string(), words.date(reviewed)));
    }
    facts
}

fn plans(words: &'static Words, view: &ProductView, choice: &Choice) -> Vec<PlanCard> {
    let card = |(index, plan): (usize, &PlanView)| {
        let one = &plan.specification;
        let (period, amount) = one.prices.of(choice.period).map_or(plan.first, |amount| (choice.period, amount));
        let price = if amount.zero_amount() {
            Price::new("", words.catalog_free(), price_unit(words, period, one.unit.as_ref()))
        } else {
            let currency = amount.currency();
            let written = words.amount(amount.minor(), currency.decimals());
            Price::new(currency.code(), written, price_unit(words, period, one.unit.as_ref()))
        };
        PlanCard {
            value: one.id.to_string(),
            name: spoken(&one.name, words.language()),
            summary: one.summary.as_ref().map(|summary| spoken(summary, words.language())),
            price: price.at_start(),
            checked: index == choice.plan,
        }
    };
    view.plans.iter().enumerate().map(card).collect()
}

/// The periods of the chosen plan.
fn periods(words: &'static Words, view: &ProductView, choice: &Choice) -> Vec<PeriodCard> {
    let sold = |period: &Period| view.plans.iter().any(|plan| plan.specification.prices.of(*period).is_some());
    let note = |period| match period {
        Period::Month => words.catalog_period_month_note(),
        Period::Year => words.catalog_period_year_note(),
        Period::Once => words.catalog_period_once_note(),
    };
    let card = |period: Period| PeriodCard {
        value: period.code(),
        name: period_name(words, period),
        note: note(period),
        checked: period == choice.period,
    };
    Period::ALL.into_iter().filter(sold).map(card).collect()
}

fn after(words: &'static Words) -> Timeline {
    let entry = |icon, text: &str, detail: &str| Entry {
        icon,
        verdict: None,
        text: text.to_owned(),
        detail: Some(detail.to_owned()),
        link: None,
        at: String::new(),
        when: String::new(),
    };
    Timeline {
        entries: vec![
            entry("credit-card", words.product_after_pay(), words.product_after_pay_note()),
            entry("refresh-cw", words.product_after_set_up(), words.product_after_set_up_note()),
            entry("package", words.product_after_open(), words.product_after_open_note()),
            entry("undo-2", words.product_after_else(), words.product_after_else_note()),
        ],
    }
}

fn compare(words: &'static Words, view: &ProductView) -> Option<Table> {
    if view.plans.len() < 2 {
        return None;
    }
    let language = words.language();
    let mut columns = vec![Column::new("")];
    columns.extend(view.plans.iter().map(|plan| Column::new(plan.specification.name.say(language))));
    let mut table = Table::new(words.product_compare_table(), columns);
    let amount = |amount: Option<Money>| amount.map_or_else(|| "–".to_owned(), |amount| money(words, amount));
    let row = |table: Table, label: &str, cell: &dyn Fn(&PlanView) -> String| {
        let mut cells = vec![Cell::text(label)];
        cells.extend(view.plans.iter().map(|plan| Cell::text(cell(plan))));
        table.row(cells)
    };
    if view.plans.iter().any(|plan| plan.specification.summary.is_some()) {
        let summary =
            |plan: &PlanView| plan.specification.summary.as_ref().map_or("", |text| text.say(language)).to_owned();
        table = row(table, words.product_overview(), &summary);
    }
    let titles = [
        (Period::Month, words.product_compare_month()),
        (Period::Year, words.product_compare_year()),
        (Period::Once, words.product_compare_once()),
    ];
    for (period, title) in titles {
        if view.plans.iter().any(|plan| plan.specification.prices.of(period).is_some()) {
            table = row(table, title, &|plan| amount(plan.specification.prices.of(period)));
        }
    }
    let unit = |plan: &PlanView| plan.specification.unit.as_ref().map_or("–", |unit| unit.say(language)).to_owned();
    table = row(table, words.product_compare_unit(), &unit);
    let trial = |plan: &PlanView| match plan.specification.trial {
        Some(days) => words.product_compare_trial_days(days.get()),
        None => words.product_compare_trial_none().to_owned(),
    };
    Some(row(table, words.product_compare_trial(), &trial))
}

fn before(words: &'static Words, view: &ProductView) -> Facts {
    let release = &view.release;
    let handed_over: Vec<&str> = (release.handed_over.iter().filter(|one| PersonalField::OFFERED.contains(one)))
        .map(|field| match field {
            PersonalField::Email => words.product_data_email(),
            PersonalField::MobilePhone => words.product_data_mobile_phone(),
            PersonalField::UserName => words.product_data_user_name(),
        })
        .collect();
    let data = if handed_over.is_empty() { words.product_data_none().to_owned() } else { handed_over.join(", ") };
    let set_up = match release.supervision {
        Supervision::None => words.product_supervision_none(),
        Supervision::Supervised => words.product_supervision_supervised(),
    };
    let since = words.product_seller_since(&view.seller_name, words.date(view.seller_since));
    let support = &release.support;
    let hours = support.hours.as_ref().map(|hours| hours.say(words.language()).to_owned());
    let reach: Vec<String> = [hours, support.phone.clone(), support.email.clone()].into_iter().flatten().collect();
    let mut facts = Facts::new()
        .fact(words.product_seller(), Cell::Pair(since, words.product_seller_products(view.seller_products)))
        .fact(words.product_delivery(), Cell::text(delivery_name(words, release.delivery)))
        .fact(words.product_version(), Cell::text(release.version));
    if view.purchasable {
        facts = facts
            .fact(words.product_supervision(), Cell::text(set_up))
            .fact(words.product_data(), Cell::text(data))
            .fact(words.product_refund(), Cell::text(words.product_refund_text()));
    }
    facts
        .fact(words.product_support(), Cell::text(reach.join(" · ")))
        .fact(words.product_licence(), Cell::link(words.product_read_agreement(), "#agreement"))
}

#[cfg(test)]
impl crate::samples::Samples for ProductPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        let view = crate::storefront_samples::product_view(page.language());
        let choice = Choice::of(&view.plans, "");
        let words = page.words;
        let block = PriceBlock { words, area: None, problem: Some("Choose 1 to 11 periods. <script>".to_owned()) };
        let sum = crate::parts::Sum { caption: "Price".to_owned(), lines: vec![], total: None, next: vec![] };
        let area = super::price::PriceArea {
            sum,
            quote: "sealed\"<script>".to_owned(),
            trial: Some(("sealed".to_owned(), "Try 14 days free".to_owned())),
            held: "Price held until 16:35.".to_owned(),
        };
        let priced = PriceBlock { words, area: Some(area), problem: None };
        let preview = ProductView { slug: None, plans: Vec::new(), ..view.clone() };
        vec![
            ProductPage::new(page.clone(), &view, &choice, Some(priced)),
            ProductPage::new(page.clone(), &view, &choice, Some(block)),
            ProductPage::new(page, &preview, &choice, None),
        ]
    }
}
