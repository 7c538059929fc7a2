//! One attempt: the exact bytes, sent once, and what came back, examined.

use domain::fulfilment::{Activity, Heard, SellerCall};
use domain::ids::AttemptId;
use domain::selling::InterfaceAddress;
use koogallery::v2::{Examined, Limits};
use koogallery::{Check, CheckCode, InstanceId, Language, Outcome};
use ports::{LinkFailure, SellerAnswer};
use serde_json::json;
use store::Place;
use store::fulfilment::attempts::{Attempt, Finished};

use super::reply;
use super::wording::{self, Matter, Worded};
use crate::ordering::AccessData;
use crate::selling::{SignedWire, Worth};
use crate::{App, AppError};

/// A call that is ready to be sent.
pub(super) struct Prepared {
    attempt: AttemptId,
    /// What is asked, as the seller hears it.
    pub activity: Activity,
    signed: SignedWire,
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

/// Signs the next call. A fresh instant each time, and a fresh nonce where the version has one; the attempt's id is the
/// businessId.
pub(super) fn prepare(
    app: &App,
    matter: &Matter<'_>,
    address: &InterfaceAddress,
    (want, attempt): (Activity, AttemptId),
) -> Result<Prepared, AppError> {
    let Worded { wire, activity } = wording::words(app, matter, address, (want, attempt))?;
    Ok(Prepared { attempt, activity, signed: SignedWire::new(app, address, wire)? })
}

impl Prepared {
    /// The request as it is kept. One that is worthless after a minute holds no secret; one that its reader could send again
    /// lies sealed in its row.
    pub fn kept(&self, app: &App) -> String {
        let text = self.signed.wire_text();
        match self.signed.worth() {
            Worth::AMinute => text,
            Worth::ForEver => app.vault.seal(request_place(&self.attempt.to_string()), &text),
        }
    }
}

/// A request again, as it was kept; none when it does not open.
pub(super) fn opened_request(app: &App, attempt: AttemptId, kept: &str) -> Option<String> {
    if kept.starts_with("POST ") {
        return Some(kept.to_owned());
    }
    app.vault.open(request_place(&attempt.to_string()), kept).ok()
}

fn request_place(row: &str) -> Place<'_> {
    Place { table: "call_attempts", column: "request", row }
}

/// Sends once and examines what comes back. No transaction is open.
pub(super) async fn speak(
    app: &App,
    call: &SellerCall,
    activity: Activity,
    prepared: &Prepared,
) -> Result<Spoken, AppError> {
    let deadline_ms = app.settings.fulfilment.deadline_ms;
    let answer = app.seller_link.send(prepared.signed.outgoing(deadline_ms)).await;
    let known = call.instance.as_ref().and_then(|known| InstanceId::parse(known.as_str()).ok());
    let limits = Limits { time_ms: deadline_ms, ..Limits::default() };
    let mut examined = prepared.signed.examine(&reply::reply_of(&answer), limits, known.as_ref());
    crate::selling::refuse_inside(&mut examined, &app.settings.selling.open_endpoints);
    let pause = reply::retry_after(&answer, app.now());
    let (heard, access) = reply::heard(&examined, call, activity, pause);
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
        Heard::Delivered { .. } => "delivered",
        Heard::Exists { .. } => "exists",
        Heard::Described => "described",
        Heard::NotYet => "not_yet",
        Heard::Denied => "denied",
        Heard::Released => "released",
        Heard::Noticed => "noticed",
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

/// Status, headers and body as they came, all of them, without passwords. The client takes no more than 64 KiB of body and
/// 16 KiB of headers.
fn kept_answer(answer: &SellerAnswer) -> String {
    let headers: String = answer.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    let body = crate::selling::redacted(&String::from_utf8_lossy(&answer.body));
    format!("HTTP {}\n{headers}\n{body}", answer.status).replace('\0', "\u{fffd}")
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
