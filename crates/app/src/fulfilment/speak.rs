//! One attempt: the exact bytes, sent once, and what came back, examined.

use domain::fulfilment::{Activity, Heard, SellerCall};
use domain::ids::AttemptId;
use domain::ordering::Order;
use domain::selling::{BodySignPolicy, InterfaceAddress};
use domain::time::to_millisecond;
use koogallery::v2::{
    self, Examination, Examined, InstanceIds, Limits, NewInstance, ProductionAddress, QueryInstance, ReleaseInstance,
    SignedRequest, TestFlag,
};
use koogallery::{AccessKey, Check, CheckCode, Id, InstanceId, Language, Nonce, Outcome};
use ports::{LinkFailure, Method, OutgoingCall, SellerAnswer};
use serde_json::json;
use store::Place;
use store::fulfilment::attempts::{Attempt, Finished};

use super::reply;
use crate::ordering::AccessData;
use crate::selling::LiveKeys;
use crate::{App, AppError};

/// A call that is ready to be sent. `Debug` would show the key, so there is none.
pub(super) struct Prepared {
    attempt: AttemptId,
    request: SignedRequest,
    key: AccessKey,
    /// What else the answer may be signed with.
    retiring: Option<AccessKey>,
    body_sign: v2::BodySignPolicy,
}

/// What came of an attempt.
pub(super) struct Spoken {
    /// What the engine hears.
    pub heard: Heard,
    /// The access data that came with it.
    pub access: Option<AccessData>,
    /// What is kept of it.
    pub finished: Finished,
    /// Whether the seller's system answered at all in the protocol's form: for the breaker.
    pub answered: bool,
}

/// Signs the next call. A fresh nonce and instant each time; the attempt's id is the businessId.
pub(super) fn prepare(
    app: &App,
    call: &SellerCall,
    order: &Order,
    address: &InterfaceAddress,
    (activity, attempt): (Activity, AttemptId),
) -> Result<Prepared, AppError> {
    let fault = |what: &str| AppError::Internal(format!("call {}: {what} cannot be sent", call.id));
    let id = |text: &str| Id::parse(text).map_err(|_| fault(text));
    let instance = || {
        let known = call.asked_for().ok_or_else(|| fault("an instance nobody named"))?;
        id(known.as_str())
    };
    let body: v2::Activity = match activity {
        Activity::NewInstance => NewInstance {
            order_id: id(order.number.as_str())?,
            order_line_id: id(order.line_number().as_str())?,
            business_id: id(&attempt.to_string())?,
            test_flag: TestFlag::Production,
        }
        .into(),
        Activity::QueryInstance => {
            QueryInstance { instance_id: InstanceIds::one(instance()?), test_flag: TestFlag::Production }.into()
        }
        Activity::ReleaseInstance => ReleaseInstance {
            instance_id: instance()?,
            order_id: None,
            order_line_id: None,
            test_flag: TestFlag::Production,
        }
        .into(),
    };
    let LiveKeys { present: key, retiring } = crate::selling::live_keys(app, address)?;
    let production = ProductionAddress::parse(&address.url).map_err(|_| fault("the address"))?;
    let nonce = Nonce::from_random(app.random());
    let request = v2::sign(body, &production, &key, &nonce, to_millisecond(app.now()));
    let body_sign = match address.body_sign {
        BodySignPolicy::Off => v2::BodySignPolicy::Off,
        BodySignPolicy::IfPresent => v2::BodySignPolicy::IfPresent,
        BodySignPolicy::Required => v2::BodySignPolicy::Required,
    };
    Ok(Prepared { attempt, request, key, retiring, body_sign })
}

impl Prepared {
    /// The request as it is kept: it holds no secret (the signature is worthless after a minute).
    pub fn kept(&self) -> String {
        self.request.wire_text()
    }
}

/// Sends once and examines what comes back. No transaction is open.
pub(super) async fn speak(
    app: &App,
    call: &SellerCall,
    activity: Activity,
    prepared: &Prepared,
) -> Result<Spoken, AppError> {
    let deadline_ms = app.settings.fulfilment.deadline_ms;
    let headers = prepared.request.headers().iter();
    let outgoing = OutgoingCall {
        method: Method::Post,
        url: prepared.request.url().to_owned(),
        headers: headers.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        body: prepared.request.body().to_vec(),
        deadline_ms,
    };
    let answer = app.seller_link.send(outgoing).await;
    let known = call.instance.as_ref().and_then(|known| InstanceId::parse(known.as_str()).ok());
    let examination = Examination {
        activity: prepared.request.activity(),
        key: &prepared.key,
        body_sign: prepared.body_sign,
        limits: Limits { time_ms: deadline_ms, ..Limits::default() },
        known_instance: known.as_ref(),
    };
    let mut examined =
        crate::selling::examine_by_any(&examination, prepared.retiring.as_ref(), &reply::reply_of(&answer));
    crate::selling::refuse_inside(&mut examined, &app.settings.selling.open_endpoints);
    let pause = reply::retry_after(&answer, app.now());
    let (heard, access) = reply::heard(&examined, call.asked_for(), activity, pause);
    let mut heard = reply::weighed(heard, &answer);
    if activity == Activity::NewInstance && reply::says_exists(&examined) {
        let names = names_it_may_have(app, call, prepared.attempt, &examined).await?;
        if call.instance.is_some() || !names.is_empty() {
            heard = Heard::Exists { names };
        }
    }
    let answered = examined.result.is_some();
    let finished = finished(app, prepared.attempt, (&answer, &examined), &heard);
    Ok(Spoken { heard, access, finished, answered })
}

/// Under which names the instance stands that an earlier attempt made without our hearing of it: the one that the refusal
/// mentions, then the businessId of each such attempt, which the protocol advises sellers to take (seller-protocol 3.1).
/// None when no attempt can have made one: then the seller refuses for reasons of its own.
async fn names_it_may_have(
    app: &App,
    call: &SellerCall,
    this: AttemptId,
    examined: &Examined,
) -> Result<Vec<domain::ids::InstanceId>, AppError> {
    const MOST: u32 = 100;
    let attempts = app.store.read(call.id, |tx, id| {
        Box::pin(async move { Ok::<_, AppError>(store::fulfilment::attempts::of_call(tx, id, MOST).await?) })
    });
    let mut names: Vec<domain::ids::InstanceId> = Vec::new();
    let before = attempts.await?;
    for attempt in before.iter().rev().filter(|attempt| attempt.id != this && may_have_been_obeyed(attempt)) {
        names.extend(attempt.business_id.parse().ok());
    }
    if !names.is_empty() {
        let mentioned = examined.refused_with.as_ref().and_then(|named| named.as_str().parse().ok());
        names.splice(..0, mentioned);
    }
    Ok(names)
}

/// Whether a creation may have been obeyed though we do not know it: it was cut off, or what came back cannot be believed.
fn may_have_been_obeyed(attempt: &Attempt) -> bool {
    if attempt.activity != Activity::NewInstance {
        return false;
    }
    let Some(finished) = &attempt.finished else { return true };
    match finished.outcome.as_str() {
        "unknown" | "alarm" | "wrong_instance" => true,
        // An answer that nobody can read, or that was cut for its length, from a system that may have done the work all the same.
        "retry" | "stop" => {
            let said = |code: CheckCode| finished.checks.contains(&format!("\"{}\"", code.as_str()));
            (finished.status == Some(200) || said(CheckCode::BodyTooLong)) && !said(CheckCode::ResultRefused)
        }
        _ => false,
    }
}

fn finished(
    app: &App,
    attempt: AttemptId,
    (answer, examined): (&Result<SellerAnswer, LinkFailure>, &Examined),
    heard: &Heard,
) -> Finished {
    let elapsed_ms = match answer {
        Ok(answer) => answer.elapsed_ms,
        Err(failure) => failure.elapsed_ms,
    };
    Finished {
        at: app.now(),
        outcome: outcome_code(heard).to_owned(),
        status: answer.as_ref().ok().map(|answer| i64::from(answer.status)),
        elapsed_ms: i64::try_from(elapsed_ms).ok(),
        answer: answer.as_ref().ok().map(|answer| sealed_answer(app, attempt, &kept_answer(answer))),
        checks: checks_as_kept(&examined.checks),
    }
}

/// A stable word for what was heard: for lists and texts.
pub(super) fn outcome_code(heard: &Heard) -> &'static str {
    use domain::fulfilment::{Progress, TroubleClass};
    match heard {
        Heard::Created { progress: Progress::Ready, .. } => "created",
        Heard::Created { progress: Progress::InProgress, .. } => "being_created",
        Heard::Exists { .. } => "exists",
        Heard::Described => "described",
        Heard::NotYet => "not_yet",
        Heard::Denied => "denied",
        Heard::Released => "released",
        Heard::Trouble(trouble) => match trouble.class {
            TroubleClass::Retry => "retry",
            TroubleClass::OutcomeUnknown => "unknown",
            TroubleClass::Stop => "stop",
            TroubleClass::Strike => "strike",
            TroubleClass::Alarm => "alarm",
            TroubleClass::WrongInstance => "wrong_instance",
        },
    }
}

/// An answer names accounts and addresses of a buyer: it lies sealed in its row.
fn sealed_answer(app: &App, attempt: AttemptId, answer: &str) -> String {
    app.vault.seal(answer_place(&attempt.to_string()), answer)
}

/// The answer again, as it was kept; none when it does not open.
pub(super) fn opened_answer(app: &App, attempt: AttemptId, sealed: &str) -> Option<String> {
    app.vault.open(answer_place(&attempt.to_string()), sealed).ok()
}

fn answer_place(row: &str) -> Place<'_> {
    Place { table: "call_attempts", column: "answer", row }
}

/// Status, headers and body as they came, without passwords, and no more than is worth keeping.
fn kept_answer(answer: &SellerAnswer) -> String {
    const MOST_CHARACTERS: usize = 20_000;
    let headers: String = answer.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    let body = crate::selling::redacted(&String::from_utf8_lossy(&answer.body));
    let whole = format!("HTTP {}\n{headers}\n{body}", answer.status).replace('\0', "\u{fffd}");
    whole.chars().take(MOST_CHARACTERS).collect()
}

/// The findings with their sentences in both languages, as they were said at the time.
pub(super) fn checks_as_kept(checks: &[Check]) -> String {
    let words = |check: &Check, language| json!({"message": check.message(language), "remedy": check.remedy(language)});
    let kept: Vec<_> = checks
        .iter()
        .map(|check| {
            let outcome = match check.outcome() {
                Outcome::Pass => "pass",
                Outcome::Warn => "warn",
                Outcome::Fail => "fail",
            };
            json!({
                "code": check.code().as_str(),
                "outcome": outcome,
                "rule": check.rule(),
                "en": words(check, Language::English),
                "zh": words(check, Language::Chinese),
            })
        })
        .collect();
    serde_json::Value::from(kept).to_string().replace("\\u0000", "\u{fffd}")
}
