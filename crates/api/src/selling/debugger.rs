//! The debugger for programs: samples, exact requests, runs, cases.

use std::collections::BTreeMap;

use app::selling::debugger::{self, SaveCase, SendSample};
use app::{App, AppError};
use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use domain::ids::{DebugCaseId, DebugRunId, InterfaceAddressId};
use domain::outcome::FieldProblem;
use domain::selling::{Activity, DebugCase, DebugRun, InterfaceAddress, SentRequest, Signing};
use http_kit::{At, Failure, SignedIn, Visit};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::catalog::Body;

fn activity_among(offered: &[Activity], code: &str) -> Result<Activity, Failure> {
    let allowed = || offered.iter().map(|activity| activity.code()).collect::<Vec<_>>().join(", ");
    let known = code.parse().ok().filter(|activity| offered.contains(activity));
    Ok(known.ok_or_else(|| AppError::field(FieldProblem::new("activity", "one_of").with("allowed", allowed())))?)
}

/// One of the calls of the version that the address speaks.
fn activity_of(address: &InterfaceAddress, code: &str) -> Result<Activity, Failure> {
    activity_among(Activity::of(address.protocol), code)
}

/// Which call.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// A call of the protocol that the address speaks, such as `newInstance`, which it is if left out.
    activity: Option<String>,
}

/// Invented values to begin with.
#[derive(Serialize, ToSchema)]
pub(crate) struct Sample {
    activity: &'static str,
    /// By member. `testFlag` is always sent as `1` and is not among them.
    values: BTreeMap<String, String>,
}

/// An invented sample for the debugger, to be changed and sent.
#[utoipa::path(get, path = "/api/v1/interface-addresses/{id}/sample", tag = "seller", params(("id" = String, Path), Which),
    responses((status = 200, body = Sample), (status = 404), (status = 422)))]
pub(crate) async fn sample(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(address): At<InterfaceAddressId>,
    Query(which): Query<Which>,
) -> Result<Json<Sample>, Failure> {
    let bench = debugger::bench(&app, &actor, address).await?;
    let activity = activity_of(&bench.address, which.activity.as_deref().unwrap_or("newInstance"))?;
    Ok(Json(Sample { activity: activity.code(), values: debugger::invented(&app, &bench, activity) }))
}

/// A call to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Call {
    /// Its name on the wire.
    activity: String,
    /// The values by member; all are sent as strings, but for joint operations numbers as numbers and lists, which are given as
    /// JSON text, as lists.
    #[serde(default)]
    values: BTreeMap<String, String>,
    /// Keeps the call as a case under this name when every check passes. Only for runs.
    #[serde(default)]
    save_as: Option<String>,
}

/// A request, byte for byte.
#[derive(Serialize, ToSchema)]
pub(crate) struct RequestBody {
    method: String,
    url: String,
    headers: Vec<HeaderBody>,
    body: String,
    /// The same from a shell, for 60 seconds.
    curl: String,
    /// V2.0, step 1 of the signature: lowercase hex of HMAC-SHA256(key, body).
    #[serde(skip_serializing_if = "Option::is_none")]
    inner: Option<String>,
    /// V2.0, step 2 joins key (here masked), nonce, timestamp and inner; joint operations: the body in the place of inner.
    /// V1.0: key (here masked) and timeStamp, the key of the HMAC.
    canonical: Vec<String>,
    /// V1.0: every parameter but `authToken`, decoded, ascending by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    string_to_sign: Option<String>,
    /// V2.0, step 3: hex of HMAC-SHA256(key, step 2); joint operations: `x-sign`. V1.0: the `authToken`, not yet URL-encoded.
    signature: String,
}

/// One header.
#[derive(Serialize, ToSchema)]
pub(crate) struct HeaderBody {
    name: String,
    value: String,
}

fn headers(headers: &[(String, String)]) -> Vec<HeaderBody> {
    headers.iter().map(|(name, value)| HeaderBody { name: name.clone(), value: value.clone() }).collect()
}

fn request(sent: &SentRequest) -> RequestBody {
    let (inner, canonical, string_to_sign, signature) = match sent.signing.clone() {
        Signing::Steps(steps) => {
            let canonical = vec![steps.masked_key, steps.nonce, steps.timestamp, steps.inner.clone()];
            (Some(steps.inner), canonical, None, steps.signature)
        }
        Signing::Token(steps) => {
            (None, vec![steps.masked_key, steps.time_stamp], Some(steps.string_to_sign), steps.auth_token)
        }
        Signing::Headers(steps) => (None, vec![steps.masked_key, steps.nonce, steps.timestamp], None, steps.x_sign),
    };
    RequestBody {
        method: sent.method.clone(),
        url: sent.url.clone(),
        headers: headers(&sent.headers),
        body: sent.body.clone(),
        curl: sent.curl.clone(),
        inner,
        canonical,
        string_to_sign,
        signature,
    }
}

/// Builds the signed request of a sample without sending it.
#[utoipa::path(post, path = "/api/v1/interface-addresses/{id}/debug-requests", tag = "seller", params(("id" = String, Path)),
    request_body = Call, responses((status = 200, body = RequestBody), (status = 404), (status = 422)))]
pub(crate) async fn generate(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(address): At<InterfaceAddressId>,
    Body(call): Body<Call>,
) -> Result<Json<RequestBody>, Failure> {
    let bench = debugger::bench(&app, &actor, address).await?;
    let activity = activity_of(&bench.address, &call.activity)?;
    Ok(Json(request(&debugger::generate(&app, &actor, &bench.address, activity, &call.values)?)))
}

/// One run.
#[derive(Serialize, ToSchema)]
pub(crate) struct RunBody {
    /// `run_…`
    id: String,
    /// `adr_…`
    address: String,
    /// The case that was run, or that this run became.
    case: Option<String>,
    activity: &'static str,
    values: BTreeMap<String, String>,
    /// RFC 3339
    started_at: String,
    elapsed_ms: u64,
    /// `passed`, `failed` or `no_answer`
    result: &'static str,
    request: RequestBody,
    /// Absent when none came.
    answer: Option<AnswerBody>,
    /// Why no answer came.
    failure: Option<FailureBody>,
    /// Every check, failures first.
    checks: Vec<CheckBody>,
}

/// An answer; passwords are struck out.
#[derive(Serialize, ToSchema)]
pub(crate) struct AnswerBody {
    status: u16,
    headers: Vec<HeaderBody>,
    body: String,
}

/// Why no answer came.
#[derive(Serialize, ToSchema)]
pub(crate) struct FailureBody {
    /// `timed_out`, `refused_by_policy`, …
    class: String,
    detail: String,
}

/// One check.
#[derive(Serialize, ToSchema)]
pub(crate) struct CheckBody {
    code: String,
    /// `pass`, `warn` or `fail`
    verdict: &'static str,
    /// Cause and remedy, in the language asked for.
    text: String,
    /// The section of the protocol.
    rule: String,
}

fn run_body(visit: &Visit, run: DebugRun) -> RunBody {
    let checks = run.checks.into_iter().map(|line| CheckBody {
        code: line.code,
        verdict: line.verdict.code(),
        text: match visit.language {
            domain::text::Language::English => line.en,
            domain::text::Language::Chinese => line.zh,
        },
        rule: line.rule,
    });
    RunBody {
        id: run.id.to_string(),
        address: run.address.to_string(),
        case: run.case.map(|case| case.to_string()),
        activity: run.activity.code(),
        values: run.values,
        started_at: run.started_at.to_string(),
        elapsed_ms: run.elapsed_ms,
        result: run.result.code(),
        request: request(&run.exchange.request),
        answer: run.exchange.answer.map(|answer| AnswerBody {
            status: answer.status,
            headers: headers(&answer.headers),
            body: answer.body,
        }),
        failure: run.exchange.failure.map(|failure| FailureBody { class: failure.class, detail: failure.detail }),
        checks: checks.collect(),
    }
}

/// Sends a sample to the seller's system and checks the answer.
#[utoipa::path(post, path = "/api/v1/interface-addresses/{id}/debug-runs", tag = "seller", params(("id" = String, Path)),
    request_body = Call, responses((status = 201, body = RunBody), (status = 404), (status = 422), (status = 429)))]
pub(crate) async fn send(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At(address): At<InterfaceAddressId>,
    Body(call): Body<Call>,
) -> Result<(StatusCode, Json<RunBody>), Failure> {
    let ask = SendSample {
        address,
        activity: activity_among(&Activity::ALL, &call.activity)?,
        values: call.values,
        save: call.save_as.map_or(SaveCase::No, SaveCase::Named),
    };
    let sent = app.send_debug_sample(&actor, ask).await?;
    Ok((StatusCode::CREATED, Json(run_body(&visit, sent.run))))
}

/// The last runs of an address.
#[derive(Serialize, ToSchema)]
pub(crate) struct Runs {
    /// The latest first, at most 20.
    items: Vec<RunBody>,
}

/// What was sent to this address lately, newest first.
#[utoipa::path(get, path = "/api/v1/interface-addresses/{id}/debug-runs", tag = "seller", params(("id" = String, Path)),
    responses((status = 200, body = Runs), (status = 404)))]
pub(crate) async fn runs(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At(address): At<InterfaceAddressId>,
) -> Result<Json<Runs>, Failure> {
    let bench = debugger::bench(&app, &actor, address).await?;
    Ok(Json(Runs { items: bench.runs.into_iter().map(|run| run_body(&visit, run)).collect() }))
}

/// One run: request, answer and checks.
#[utoipa::path(get, path = "/api/v1/debug-runs/{id}", tag = "seller", params(("id" = String, Path)),
    responses((status = 200, body = RunBody), (status = 404)))]
pub(crate) async fn run(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At(run): At<DebugRunId>,
) -> Result<Json<RunBody>, Failure> {
    Ok(Json(run_body(&visit, debugger::run(&app, &actor, run).await?)))
}

/// The cases of an address.
#[derive(Serialize, ToSchema)]
pub(crate) struct Cases {
    /// In the order they were saved.
    items: Vec<CaseBody>,
}

/// A saved case.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseBody {
    /// `cas_…`
    id: String,
    name: String,
    activity: &'static str,
    values: BTreeMap<String, String>,
    /// RFC 3339
    saved_at: String,
}

impl From<DebugCase> for CaseBody {
    fn from(case: DebugCase) -> CaseBody {
        CaseBody {
            id: case.id.to_string(),
            name: case.name,
            activity: case.activity.code(),
            values: case.values,
            saved_at: case.saved_at.to_string(),
        }
    }
}

/// The saved cases of an address.
#[utoipa::path(get, path = "/api/v1/interface-addresses/{id}/debug-cases", tag = "seller", params(("id" = String, Path)),
    responses((status = 200, body = Cases), (status = 404)))]
pub(crate) async fn cases(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(address): At<InterfaceAddressId>,
) -> Result<Json<Cases>, Failure> {
    let bench = debugger::bench(&app, &actor, address).await?;
    Ok(Json(Cases { items: bench.cases.into_iter().map(CaseBody::from).collect() }))
}

/// Runs a saved case again.
#[utoipa::path(post, path = "/api/v1/debug-cases/{id}/runs", tag = "seller", params(("id" = String, Path)),
    responses((status = 201, body = RunBody), (status = 404), (status = 429)))]
pub(crate) async fn run_case(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At(case): At<DebugCaseId>,
) -> Result<(StatusCode, Json<RunBody>), Failure> {
    let run = app.run_debug_case(&actor, case).await?;
    Ok((StatusCode::CREATED, Json(run_body(&visit, run))))
}

/// Deletes a saved case; its runs stay.
#[utoipa::path(delete, path = "/api/v1/debug-cases/{id}", tag = "seller", params(("id" = String, Path)),
    responses((status = 204), (status = 404)))]
pub(crate) async fn delete_case(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(case): At<DebugCaseId>,
) -> Result<StatusCode, Failure> {
    app.delete_debug_case(&actor, case).await?;
    Ok(StatusCode::NO_CONTENT)
}
