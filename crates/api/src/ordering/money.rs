//! The prepaid balance: what is in it and what happened, and how an operator adds to it.

use app::ledger::{self, CustomerBalance, TopUp};
use app::{App, AppError};
use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use domain::ids::OrganisationId;
use domain::outcome::{FieldProblem, Outcome};
use http_kit::{At, Failure, IdempotencyKey, SignedIn};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{PAGE, Page};
use crate::catalog::{Amount, Body};

/// The balance with its lines.
#[derive(Serialize, ToSchema)]
pub(crate) struct BalanceBody {
    balance: Amount,
    /// The newest first.
    lines: Vec<LineBody>,
    /// Give this as `before` to go on; absent on the last page.
    next: Option<String>,
}

/// One line.
#[derive(Serialize, ToSchema)]
pub(crate) struct LineBody {
    /// Counted from 1 without a gap.
    number: i64,
    /// Below zero where money went.
    amount: Amount,
    balance_after: Amount,
    /// `top_up`, `payment`, `refund`, …
    purpose: &'static str,
    note: String,
    at: String,
}

/// What your organisation has, and what happened.
#[utoipa::path(get, path = "/api/v1/balance", tag = "orders", params(Page), responses((status = 200, body = BalanceBody)))]
pub(crate) async fn balance(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Query(page): Query<Page>,
) -> Result<Json<BalanceBody>, Failure> {
    let before = page.before.map(|text| text.parse::<i64>()).transpose();
    let before = before.map_err(|_| AppError::field(FieldProblem::new("before", "cursor")))?;
    let statement = ledger::statement(&app, &actor, before, PAGE).await?;
    let lines = statement.lines.iter().map(|line| LineBody {
        number: line.sequence,
        amount: line.amount.into(),
        balance_after: line.balance_after.into(),
        purpose: line.purpose.code(),
        note: line.note.clone(),
        at: line.at.to_string(),
    });
    Ok(Json(BalanceBody {
        balance: statement.balance.into(),
        lines: lines.collect(),
        next: statement.older.map(|number| number.to_string()),
    }))
}

/// Which customers.
#[derive(Deserialize, IntoParams)]
pub(crate) struct Wanted {
    /// A part of the name.
    #[serde(default)]
    name: String,
}

/// A customer and what it has.
#[derive(Serialize, ToSchema)]
pub(crate) struct CustomerBody {
    /// `org_…`
    id: String,
    name: String,
    balance: Amount,
}

impl From<&CustomerBalance> for CustomerBody {
    fn from(found: &CustomerBalance) -> CustomerBody {
        CustomerBody {
            id: found.organisation.id.to_string(),
            name: found.organisation.name.clone(),
            balance: found.balance.into(),
        }
    }
}

/// Customers by name, at most 100.
#[derive(Serialize, ToSchema)]
pub(crate) struct Customers {
    items: Vec<CustomerBody>,
}

/// Who buys here, and what they have.
#[utoipa::path(get, path = "/api/v1/operator/customers", tag = "operator", params(Wanted),
    responses((status = 200, body = Customers)))]
pub(crate) async fn customers(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Customers>, Failure> {
    let found = ledger::customers(&app, &actor, &wanted.name).await?;
    Ok(Json(Customers { items: found.iter().map(CustomerBody::from).collect() }))
}

/// Money that arrived.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTopUp {
    /// In the marketplace's currency: `250.00`.
    amount: String,
    /// Why, for both sides.
    note: String,
}

/// A top-up that is booked.
#[derive(Serialize, ToSchema)]
pub(crate) struct TopUpBody {
    amount: Amount,
    /// What the customer has now.
    balance: Amount,
}

/// Adds to a customer's balance. The same `Idempotency-Key` is the same top-up.
#[utoipa::path(post, path = "/api/v1/operator/customers/{id}/top-ups", tag = "operator", request_body = NewTopUp,
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 201, body = TopUpBody), (status = 200, body = TopUpBody, description = "sent before"), (status = 404), (status = 422)))]
pub(crate) async fn top_up(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    IdempotencyKey(key): IdempotencyKey,
    At(customer): At<OrganisationId>,
    Body(body): Body<NewTopUp>,
) -> Result<(StatusCode, Json<TopUpBody>), Failure> {
    let form = TopUp { organisation: customer, amount: body.amount, note: body.note, key };
    let done = form.run(&app, &actor).await?;
    let status = match done.outcome {
        Outcome::Applied(()) => StatusCode::CREATED,
        Outcome::AlreadyApplied => StatusCode::OK,
    };
    Ok((status, Json(TopUpBody { amount: done.amount.into(), balance: done.balance.into() })))
}
