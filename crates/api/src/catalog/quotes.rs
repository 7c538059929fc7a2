//! POST /api/v1/quotes

use app::pricing::{SealedQuote, make_quote};
use app::{App, AppError};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::outcome::{FieldProblem, Problems};
use domain::pricing::{Purchase, QuoteRequest, TrialDays};
use domain::quantity::Count;
use http_kit::Failure;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Amount, Body};

/// What is to be priced.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewQuote {
    /// `spc_…`
    specification: String,
    /// `month`, `year` or `once`.
    period: String,
    /// How many; 1 when left out.
    #[serde(default = "one")]
    count: u32,
    /// How many periods at once; 1 when left out.
    #[serde(default = "one")]
    periods: u32,
    /// For a free trial: its days, as the product offers it.
    #[serde(default)]
    trial_days: Option<u32>,
}

fn one() -> u32 {
    1
}

/// A price kept for 15 minutes.
#[derive(Serialize, ToSchema)]
pub(crate) struct QuoteBody {
    /// `quo_…`
    id: String,
    /// Give this with the order. Whoever changes a letter of it has no quote.
    quote: String,
    unit_price: Amount,
    count: u32,
    periods: u32,
    /// Unit price × count × periods.
    subtotal: Amount,
    /// What is paid when the order is placed.
    total_today: Amount,
    next_charge: Option<NextChargeBody>,
    expires_at: String,
}

/// When the next money is due.
#[derive(Serialize, ToSchema)]
pub(crate) struct NextChargeBody {
    at: String,
    amount: Amount,
}

/// A price that holds for a while: what an order costs today and next.
#[utoipa::path(post, path = "/api/v1/quotes", tag = "products", request_body = NewQuote,
    responses((status = 201, body = QuoteBody), (status = 404), (status = 409), (status = 422)))]
pub(crate) async fn create(
    State(app): State<App>,
    Body(body): Body<NewQuote>,
) -> Result<(StatusCode, Json<QuoteBody>), Failure> {
    let request = parse(body).map_err(AppError::from)?;
    let SealedQuote { quote, sealed } = make_quote(&app, request).await?;
    let next = quote.next_charge.map(|next| NextChargeBody { at: next.at.to_string(), amount: next.amount.into() });
    let body = QuoteBody {
        id: quote.id.to_string(),
        quote: sealed,
        unit_price: quote.unit_price.into(),
        count: quote.count,
        periods: quote.periods,
        subtotal: quote.subtotal.into(),
        total_today: quote.total_today.into(),
        next_charge: next,
        expires_at: quote.expires_at.to_string(),
    };
    Ok((StatusCode::CREATED, Json(body)))
}

fn parse(body: NewQuote) -> Result<QuoteRequest, Problems> {
    let mut problems = Problems::new();
    let wrong = |field| FieldProblem::new(field, "not_in_list");
    let specification = problems.take(body.specification.parse().map_err(|_| wrong("specification")));
    let period = problems.take(body.period.parse().map_err(|()| wrong("period")));
    let range = |field, most: u32| FieldProblem::new(field, "whole_number").with("least", 1).with("most", most);
    let count = problems.take(Count::new(body.count).ok_or_else(|| range("count", Count::MAX)));
    let purchase = match body.trial_days {
        None => Some(Purchase::Paid),
        Some(days) => {
            let problem = || {
                FieldProblem::new("trial_days", "trial_days")
                    .with("least", TrialDays::LEAST)
                    .with("most", TrialDays::MOST)
                    .with("entered", days)
            };
            problems.take(TrialDays::new(days).ok_or_else(problem)).map(|days| Purchase::Trial { days })
        }
    };
    let request =
        specification.zip(period).zip(count.zip(purchase)).map(|((specification, period), (count, purchase))| {
            QuoteRequest { specification, period, count, periods: body.periods, purchase }
        });
    problems.or(request)
}
