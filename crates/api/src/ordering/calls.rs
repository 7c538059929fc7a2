//! Calls to sellers' production systems: a seller's own, and those that wait for an operator.

use std::str::FromStr;

use app::fulfilment::{
    AttemptView, CallDetails, CallPage, CallSearch, Course, GiveUpCall, RestartCall, any_call, own_call, parked_calls,
    seller_calls,
};
use app::{App, AppError};
use axum::Json;
use axum::extract::{Query, State};
use domain::fulfilment::{CallStateCode, SellerCall};
use domain::ids::SellerCallId;
use domain::ordering::Order;
use domain::outcome::{FieldProblem, Problems};
use http_kit::{At, Failure, SignedIn};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// One step towards a seller's system, with all its attempts.
#[derive(Serialize, ToSchema)]
pub(crate) struct CallBody {
    /// `cal_…`
    id: String,
    /// What it is for: `create`, `refresh` or `release`.
    step: &'static str,
    /// `waiting`, `parked`, `done` or `given_up`.
    state: &'static str,
    /// The order's number.
    order: String,
    /// The seller's name for the instance.
    instance: Option<String>,
    opened_at: String,
    /// When the next attempt is due.
    due_at: Option<String>,
    /// When retries end.
    closes_at: Option<String>,
}

fn body(call: &SellerCall, order: &Order) -> CallBody {
    CallBody {
        id: call.id.to_string(),
        step: call.step.code(),
        state: call.state.code().code(),
        order: order.number.to_string(),
        instance: call.instance.as_ref().map(ToString::to_string),
        opened_at: call.opened_at.to_string(),
        due_at: call.due_at().map(|at| at.to_string()),
        closes_at: call.closes_at.map(|at| at.to_string()),
    }
}

/// A call with its attempts.
#[derive(Serialize, ToSchema)]
pub(crate) struct CallWhole {
    /// The call.
    call: CallBody,
    /// Its attempts, oldest first. Passwords and keys are masked.
    attempts: Vec<AttemptBody>,
}

/// One attempt.
#[derive(Serialize, ToSchema)]
pub(crate) struct AttemptBody {
    /// From 1.
    number: i64,
    activity: &'static str,
    business_id: String,
    started_at: String,
    /// What was sent.
    request: Option<String>,
    /// What came of it; absent while it runs.
    outcome: Option<String>,
    status: Option<i64>,
    elapsed_ms: Option<i64>,
    /// The answer.
    answer: Option<String>,
    /// What was found in the answer.
    checks: Vec<CheckBody>,
}

/// One finding.
#[derive(Serialize, ToSchema)]
pub(crate) struct CheckBody {
    code: String,
    /// `pass`, `warn` or `fail`.
    outcome: String,
    message: String,
    remedy: String,
    /// Where the rule stands.
    rule: String,
}

impl From<AttemptView> for AttemptBody {
    fn from(view: AttemptView) -> AttemptBody {
        let checks = view.checks.into_iter().map(|check| CheckBody {
            code: check.code,
            outcome: check.outcome,
            message: check.en.message,
            remedy: check.en.remedy,
            rule: check.rule,
        });
        let finished = view.attempt.finished;
        AttemptBody {
            number: view.attempt.number,
            activity: view.attempt.activity.code(),
            business_id: view.attempt.business_id,
            started_at: view.attempt.started_at.to_string(),
            request: view.attempt.request,
            outcome: finished.as_ref().map(|finished| finished.outcome.clone()),
            status: finished.as_ref().and_then(|finished| finished.status),
            elapsed_ms: finished.as_ref().and_then(|finished| finished.elapsed_ms),
            answer: finished.and_then(|finished| finished.answer),
            checks: checks.collect(),
        }
    }
}

impl From<CallDetails> for CallWhole {
    fn from(details: CallDetails) -> CallWhole {
        CallWhole {
            call: body(&details.call, &details.order),
            attempts: details.attempts.into_iter().map(AttemptBody::from).collect(),
        }
    }
}

/// Calls, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct Calls {
    /// At most 50.
    items: Vec<CallBody>,
    /// Give this as `before` to go on; absent on the last page.
    next: Option<String>,
}

impl From<CallPage> for Calls {
    fn from(page: CallPage) -> Calls {
        Calls {
            items: page.calls.iter().map(|(call, order)| body(call, order)).collect(),
            next: page.older.map(|id| id.to_string()),
        }
    }
}

/// Which calls.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// Only calls in this state: `waiting`, `parked`, `done` or `given_up`.
    state: Option<String>,
    /// Only those for the order of this number.
    order: Option<String>,
    /// Only those of which an attempt asked this: `newInstance`, `queryInstance` or `releaseInstance`.
    activity: Option<String>,
    /// `troubled`: only those of which an attempt came to nothing; `any` like leaving it out.
    course: Option<String>,
    /// Only those begun then or later, RFC 3339.
    from: Option<String>,
    /// Only those begun before then, RFC 3339.
    until: Option<String>,
    /// Only older ones than this: the `next` of the page before.
    before: Option<String>,
}

impl Asked {
    fn read(self) -> Result<CallSearch, AppError> {
        let mut problems = Problems::new();
        let state: Option<Option<CallStateCode>> = parsed(&mut problems, "state", "not_in_list", self.state.as_deref());
        let activity = parsed(&mut problems, "activity", "not_in_list", self.activity.as_deref());
        let course = match self.course.as_deref() {
            None | Some("any") => Some(Course::Any),
            Some("troubled") => Some(Course::Troubled),
            Some(_) => problems.take(Err(FieldProblem::new("course", "not_in_list"))),
        };
        let from = parsed(&mut problems, "from", "instant", self.from.as_deref());
        let until = parsed(&mut problems, "until", "instant", self.until.as_deref());
        let before = parsed(&mut problems, "before", "cursor", self.before.as_deref());
        let whole = || {
            Some(CallSearch {
                state: state?,
                step: None,
                before: before?,
                order_number: self.order.map(|number| number.trim().to_uppercase()),
                activity: activity?,
                course: course?,
                from: from?,
                until: until?,
            })
        };
        Ok(problems.or(whole())?)
    }
}

/// A parameter that may be left out; nothing when it is there and wrong.
fn parsed<T: FromStr>(
    problems: &mut Problems,
    name: &'static str,
    code: &'static str,
    value: Option<&str>,
) -> Option<Option<T>> {
    problems.take(value.map(str::parse).transpose().map_err(|_| FieldProblem::new(name, code)))
}

/// Which part of a list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Before {
    /// Only older ones than this: the `next` of the page before.
    before: Option<String>,
}

/// Calls to the organisation's own system.
#[utoipa::path(get, path = "/api/v1/seller/calls", tag = "selling", params(Asked),
    responses((status = 200, body = Calls), (status = 401), (status = 403), (status = 422)))]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Json<Calls>, Failure> {
    Ok(Json(seller_calls(&app, &actor, asked.read()?).await?.into()))
}

/// One call to the organisation's own system.
#[utoipa::path(get, path = "/api/v1/seller/calls/{id}", tag = "selling", params(("id" = String, Path, description = "cal_…")),
    responses((status = 200, body = CallWhole), (status = 401), (status = 403), (status = 404)))]
pub(crate) async fn show(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(call): At<SellerCallId>,
) -> Result<Json<CallWhole>, Failure> {
    Ok(Json(own_call(&app, &actor, call).await?.into()))
}

/// Calls once more, now.
#[utoipa::path(post, path = "/api/v1/seller/calls/{id}/restart", tag = "selling",
    params(("id" = String, Path, description = "cal_…")),
    responses((status = 200, body = CallWhole), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(crate) async fn restart(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(call): At<SellerCallId>,
) -> Result<Json<CallWhole>, Failure> {
    RestartCall { call }.run(&app, &actor).await?;
    Ok(Json(own_call(&app, &actor, call).await?.into()))
}

/// Everybody's calls that wait for a person.
#[utoipa::path(get, path = "/api/v1/operator/parked-calls", tag = "operating", params(Before),
    responses((status = 200, body = Calls), (status = 401), (status = 403), (status = 422)))]
pub(crate) async fn parked(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Query(asked): Query<Before>,
) -> Result<Json<Calls>, Failure> {
    let mut problems = Problems::new();
    let before = parsed(&mut problems, "before", "cursor", asked.before.as_deref());
    let before = problems.or(before).map_err(AppError::from)?;
    Ok(Json(parked_calls(&app, &actor, before).await?.into()))
}

/// Anybody's call, for operators.
#[utoipa::path(get, path = "/api/v1/operator/calls/{id}", tag = "operating", params(("id" = String, Path, description = "cal_…")),
    responses((status = 200, body = CallWhole), (status = 401), (status = 403), (status = 404)))]
pub(crate) async fn parked_one(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(call): At<SellerCallId>,
) -> Result<Json<CallWhole>, Failure> {
    Ok(Json(any_call(&app, &actor, call).await?.into()))
}

/// Calls anybody's system once more, now.
#[utoipa::path(post, path = "/api/v1/operator/calls/{id}/restart", tag = "operating",
    params(("id" = String, Path, description = "cal_…")),
    responses((status = 200, body = CallWhole), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(crate) async fn restart_any(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(call): At<SellerCallId>,
) -> Result<Json<CallWhole>, Failure> {
    RestartCall { call }.run(&app, &actor).await?;
    Ok(Json(any_call(&app, &actor, call).await?.into()))
}

/// Gives a call up; a creation's order fails and its money goes back.
#[utoipa::path(post, path = "/api/v1/operator/calls/{id}/give-up", tag = "operating",
    params(("id" = String, Path, description = "cal_…")),
    responses((status = 200, body = CallWhole), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(crate) async fn give_up(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(call): At<SellerCallId>,
) -> Result<Json<CallWhole>, Failure> {
    GiveUpCall { call }.run(&app, &actor).await?;
    Ok(Json(any_call(&app, &actor, call).await?.into()))
}
