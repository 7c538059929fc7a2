//! `GET /products/{slug}/price`: what the chosen plan, period and count come to. The product page shows the same block;
//! htmx puts the answer in its place, without a script the whole page is loaded again.

use app::catalog::{PlanView, ProductView, show_product};
use app::pricing::{SealedQuote, make_quote};
use app::{App, AppError};
use askama::Template;
use askama::filters::HtmlSafe;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse as _, Response};
use domain::outcome::FieldProblem;
use domain::pricing::{Purchase, Quote, QuoteRequest};
use domain::quantity::{Count, Period};
use domain::text;
use http_kit::{Failure, Visit};
use language::Words;

use super::cards::money;
use crate::frame::form_value;
use crate::parts::{Line, Sum};
use crate::render;

/// What a visitor has chosen; what is not known or not sold falls back to what the page shows first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    /// Which plan, by its place on the page.
    pub(crate) plan: usize,
    /// Which period.
    pub(crate) period: Period,
    /// How many, as typed.
    pub(crate) count: String,
    /// How many periods at once, as typed.
    pub(crate) periods: String,
}

impl Choice {
    pub(crate) fn of(plans: &[PlanView], query: &str) -> Choice {
        let value = |name: &str| form_value(query, name).map(|value| value.trim().chars().take(12).collect::<String>());
        let wanted = form_value(query, "specification").unwrap_or_default();
        let plan = plans.iter().position(|plan| plan.specification.id.to_string() == wanted).unwrap_or(0);
        let first = plans.get(plan).map_or(Period::Month, |plan| plan.first.0);
        let asked = form_value(query, "period").and_then(|code| code.parse().ok());
        let sold =
            |period: &Period| plans.get(plan).is_some_and(|plan| plan.specification.prices.of(*period).is_some());
        Choice {
            plan,
            period: asked.filter(sold).unwrap_or(first),
            count: value("count").filter(|count| !count.is_empty()).unwrap_or_else(|| "1".to_owned()),
            periods: value("periods").filter(|count| !count.is_empty()).unwrap_or_else(|| "1".to_owned()),
        }
    }

    fn counts(&self) -> Result<(Count, u32), FieldProblem> {
        let most = self.period.most_periods();
        let count = text::whole_number("count", &self.count, 1, i64::from(Count::MAX))?;
        let periods = match self.period {
            Period::Once => 1,
            Period::Month | Period::Year => text::whole_number("periods", &self.periods, 1, i64::from(most))?,
        };
        let range = || FieldProblem::new("count", "whole_number").with("least", 1).with("most", Count::MAX);
        let count = u32::try_from(count).ok().and_then(Count::new).ok_or_else(range)?;
        Ok((count, u32::try_from(periods).unwrap_or(1)))
    }
}

/// The price, or why there is none.
#[derive(Clone, Debug, Template)]
#[template(path = "storefront/price.html")]
pub struct PriceBlock {
    /// The words.
    pub words: &'static Words,
    /// The sums and what goes on from here; nothing when it cannot be priced.
    pub area: Option<PriceArea>,
    /// Why there is no price.
    pub problem: Option<String>,
}

/// A price that is held.
#[derive(Clone, Debug)]
pub struct PriceArea {
    /// The lines.
    pub sum: Sum,
    /// The sealed quote.
    pub quote: String,
    /// The sealed quote of the free trial, with its days.
    pub trial: Option<(String, String)>,
    /// Until when it is held, in words.
    pub held: String,
}

impl HtmlSafe for PriceBlock {}

impl PriceBlock {
    /// Prices the choice.
    pub(crate) async fn of(
        app: &App,
        words: &'static Words,
        view: &ProductView,
        choice: &Choice,
    ) -> Result<PriceBlock, Failure> {
        let none = |problem: String| Ok(PriceBlock { words, area: None, problem: Some(problem) });
        let Some(plan) = view.plans.get(choice.plan) else {
            return none(words.product_not_on_sale().to_owned());
        };
        let (count, periods) = match choice.counts() {
            Ok(counts) => counts,
            Err(problem) => return none(words.field_problem(&problem)),
        };
        let request = |purchase| QuoteRequest {
            specification: plan.specification.id,
            period: choice.period,
            count,
            periods,
            purchase,
        };
        let SealedQuote { quote, sealed } = match make_quote(app, request(Purchase::Paid)).await {
            Ok(sealed) => sealed,
            Err(AppError::Refused(refusal)) => return none(words.refusal(&refusal)),
            Err(error) => return Err(error.into()),
        };
        let trial = match plan.specification.trial {
            Some(days) if choice.period != Period::Once => {
                let trial = make_quote(app, request(Purchase::Trial { days })).await?;
                Some((trial.sealed, words.product_try(days.get())))
            }
            Some(_) | None => None,
        };
        let held = words.product_held_until(words.time_of_day(quote.expires_at));
        let name = plan.specification.name.say(words.language());
        let area = PriceArea { sum: sum(words, name, &quote), quote: sealed, trial, held };
        Ok(PriceBlock { words, area: Some(area), problem: None })
    }
}

fn sum(words: &'static Words, plan: &str, quote: &Quote) -> Sum {
    let each = money(words, quote.unit_price);
    let count = words.integer(i64::from(quote.count));
    let label = match quote.period {
        Period::Month => words.product_line_month(&count, &each, quote.periods),
        Period::Year => words.product_line_year(&count, &each, quote.periods),
        Period::Once => words.product_line_once(&count, &each),
    };
    let next = match quote.next_charge {
        Some(next) => Line::new(words.product_next_charge_on(words.date(next.at)), money(words, next.amount)),
        None => Line::new(words.product_no_next_charge(), words.product_no_next_charge_value()),
    };
    Sum {
        caption: words.product_price_caption(count, plan, quote.unit_price.currency().code()),
        lines: vec![
            Line::new(label, money(words, quote.subtotal)),
            Line::new(words.product_tax(), words.product_tax_none()),
        ],
        total: Some(Line::new(words.common_total_today(), money(words, quote.total_today))),
        next: vec![next],
    }
}

pub(super) async fn show(
    State(app): State<App>,
    visit: Visit,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let query = query.unwrap_or_default();
    if !visit.partial {
        // Somebody opened the part on its own: the page has it.
        return Ok(render::see_other(&format!("/products/{}?{query}", path_part(&slug))).into_response());
    }
    let wanted = form_value(&query, "specification").and_then(|id| id.parse().ok());
    let view = show_product(&app, &slug, wanted, visit.language).await?;
    let choice = Choice::of(&view.plans, &query);
    Ok(render::page(&PriceBlock::of(&app, Words::of(visit.language), &view, &choice).await?))
}

/// A slug has only these letters; anything else would be an address of somebody else's making.
fn path_part(slug: &str) -> String {
    slug.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect()
}
