//! From what the link saw to what `koogallery` examines, and from the examination to what the engine hears.

use domain::fulfilment::{Activity, Heard, Progress, SellerCall, Trouble, TroubleClass};
use domain::ids::InstanceId;
use domain::time::{SignedDuration, Timestamp};
use koogallery::v2::{Answer, BodyEnd, Examined, InstanceInfo, Progress as Said, Reply, TransportFailure};
use koogallery::{Advice, CheckCode, Outcome, ResultCode};
use ports::{CONNECT_LIMIT_MS, FailureClass, LinkFailure, SellerAnswer};

use crate::ordering::AccessData;

/// What `koogallery` examines.
pub(super) fn reply_of(answer: &Result<SellerAnswer, LinkFailure>) -> Reply {
    match answer {
        Ok(answer) => Reply::Heard {
            status: answer.status,
            headers: answer.headers.clone(),
            body: answer.body.clone(),
            body_end: BodyEnd::Complete,
            elapsed_ms: answer.elapsed_ms,
        },
        Err(failure) => failed(failure),
    }
}

fn failed(failure: &LinkFailure) -> Reply {
    let heard = |status, body_end| Reply::Heard {
        status,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: Vec::new(),
        body_end,
        elapsed_ms: failure.elapsed_ms,
    };
    match failure.class {
        FailureClass::RefusedByPolicy => Reply::Failed(TransportFailure::AddressRefused),
        FailureClass::NameNotResolved => Reply::Failed(TransportFailure::NameNotFound),
        FailureClass::ConnectFailed => Reply::Failed(TransportFailure::ConnectionRefused),
        FailureClass::ConnectTimedOut => {
            Reply::Failed(TransportFailure::ConnectTimedOut { limit_ms: CONNECT_LIMIT_MS })
        }
        FailureClass::TlsFailed => Reply::Failed(TransportFailure::Tls { reason: failure.detail.clone() }),
        FailureClass::TimedOut => Reply::Failed(TransportFailure::TimedOut),
        FailureClass::Broken => Reply::Failed(TransportFailure::ConnectionBroken),
        FailureClass::TooLarge => heard(200, BodyEnd::CutAtLimit),
        FailureClass::Redirected | FailureClass::RedirectedInside => heard(302, BodyEnd::Complete),
    }
}

/// What the engine hears, and the access data that came with it.
pub(super) fn heard(
    examined: &Examined,
    call: &SellerCall,
    activity: Activity,
    retry_after: Option<SignedDuration>,
) -> (Heard, Option<AccessData>) {
    let asked_for = call.asked_for();
    match &examined.answer {
        // What was taken on and is not ready is asked for by sending its creation again.
        Some(Answer::Created(created))
            if activity == Activity::QueryInstance && created.progress == Said::InProgress =>
        {
            (Heard::NotYet, None)
        }
        Some(Answer::Delivered(entry)) => delivered(entry, asked_for, activity),
        Some(Answer::Created(created)) => match created.instance_id.as_str().parse::<InstanceId>() {
            Ok(instance) => {
                let progress = match created.progress {
                    Said::Ready => Progress::Ready,
                    Said::InProgress => Progress::InProgress,
                };
                (Heard::Created { instance, progress }, None)
            }
            Err(()) => (trouble(TroubleClass::Stop, None), None),
        },
        Some(Answer::Described(entries)) => {
            let ours =
                entries.iter().find(|entry| asked_for.is_some_and(|id| id.as_str() == entry.instance_id.as_str()));
            match ours {
                None => (Heard::NotYet, None),
                Some(entry) => (Heard::Described, entry.app.as_ref().map(access_data)),
            }
        }
        Some(Answer::Done) if activity == Activity::OrderNotify => (Heard::Noticed, None),
        Some(Answer::Done) => (Heard::Released, None),
        // There is nothing to release: as good as released.
        None if activity == Activity::ReleaseInstance && examined.result == Some(ResultCode::NoSuchInstance) => {
            (Heard::Released, None)
        }
        // The instance is denied, and nothing else is wrong with the answer.
        None if activity == Activity::QueryInstance
            && examined.result == Some(ResultCode::NoSuchInstance)
            && class(examined) == TroubleClass::Retry =>
        {
            (Heard::Denied, None)
        }
        // "Being processed", and nothing else is wrong with the answer: to a question that is "not yet". Not while the name of the
        // instance is searched for: there it would mean "not under this name". A wish to be left alone is heard below.
        None if activity == Activity::QueryInstance
            && !call.in_search()
            && retry_after.is_none()
            && examined.result == Some(ResultCode::InProgress)
            && class(examined) == TroubleClass::Retry =>
        {
            (Heard::NotYet, None)
        }
        // The instance is there, only the access data cannot be used: it is learned, asked for again, and taken back at last.
        None => match examined.created.as_ref().map(|created| created.as_str().parse()) {
            Some(Ok(instance)) if activity == Activity::NewInstance => {
                (Heard::Created { instance, progress: Progress::Ready }, None)
            }
            Some(_) | None => (trouble(class(examined), retry_after), None),
        },
    }
}

/// Version 1.0 creates and describes in one answer, whether that was asked for the first time or again. That the instance
/// is still the same one was examined before.
fn delivered(entry: &InstanceInfo, asked_for: Option<&InstanceId>, activity: Activity) -> (Heard, Option<AccessData>) {
    let access = entry.app.as_ref().map(access_data);
    let instance: Result<InstanceId, ()> = entry.instance_id.as_str().parse();
    match (instance, activity) {
        (Ok(instance), Activity::QueryInstance) if asked_for == Some(&instance) => (Heard::Described, access),
        (Ok(instance), Activity::NewInstance) => (Heard::Delivered { instance }, access),
        (Ok(_), Activity::QueryInstance | Activity::ReleaseInstance | Activity::OrderNotify) => {
            (trouble(TroubleClass::WrongInstance, None), None)
        }
        (Err(()), _) => (trouble(TroubleClass::Stop, None), None),
    }
}

/// The same, with what only the way there tells: a gateway that gave up waiting may stand before a system that went on working (L-16), and
/// a redirect into an internal network is no slip (L-22).
pub(super) fn weighed(heard: Heard, answer: &Result<SellerAnswer, LinkFailure>) -> Heard {
    let Heard::Trouble(trouble) = heard else { return heard };
    let class = match answer {
        Ok(answer) if answer.status == GATEWAY_TIMEOUT => TroubleClass::OutcomeUnknown,
        Err(failure) if failure.class == FailureClass::RedirectedInside => TroubleClass::Alarm,
        Ok(_) | Err(_) => trouble.class,
    };
    Heard::Trouble(Trouble { class, ..trouble })
}

const GATEWAY_TIMEOUT: u16 = 504;

/// Whether a creation was refused with a code that says that the buyer has it already, and nothing else is wrong with the
/// answer. What that means depends on what was sent before.
pub(super) fn says_exists(examined: &Examined) -> bool {
    let code = matches!(examined.result, Some(ResultCode::AlreadyPurchased | ResultCode::BenefitHeld));
    code && examined.answer.is_none() && class(examined) == TroubleClass::Retry
}

fn trouble(class: TroubleClass, retry_after: Option<SignedDuration>) -> Heard {
    Heard::Trouble(Trouble { class, retry_after })
}

fn access_data(app: &koogallery::v2::AppInfo) -> AccessData {
    AccessData {
        front_end_url: app.front_end_url.as_str().to_owned(),
        admin_url: app.admin_url.as_ref().map(|url| url.as_str().to_owned()),
        user_name: app.user_name.clone(),
        password: app.password.clone(),
        memo: app.memo.clone(),
    }
}

/// The classes of reliability.md, from the advice of the worst finding.
fn class(examined: &Examined) -> TroubleClass {
    let found = |code: CheckCode| examined.of(Outcome::Fail).any(|check| check.code() == code);
    if found(CheckCode::InstanceIdChanged) || found(CheckCode::InstanceIdTaken) {
        return TroubleClass::WrongInstance;
    }
    // Taken on, to be finished later, and the name forgotten: a failed attempt, to be called again (seller-protocol 3.1).
    let nameless = |check: &koogallery::Check| check.code() == CheckCode::InstanceIdMissing;
    if examined.result == Some(ResultCode::InProgress) && examined.of(Outcome::Fail).all(nameless) {
        return TroubleClass::Retry;
    }
    match examined.advice() {
        Advice::Settle | Advice::Retry => TroubleClass::Retry,
        Advice::AskFirst => TroubleClass::OutcomeUnknown,
        Advice::Stop if found(CheckCode::StatusRefusal) => TroubleClass::Strike,
        Advice::Stop => TroubleClass::Stop,
        Advice::Alarm => TroubleClass::Alarm,
    }
}

/// How long the seller asked to be left alone: `Retry-After` in seconds or as a date.
pub(super) fn retry_after(answer: &Result<SellerAnswer, LinkFailure>, now: Timestamp) -> Option<SignedDuration> {
    let answer = answer.as_ref().ok()?;
    let (_, value) = answer.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("retry-after"))?;
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u32>() {
        return Some(SignedDuration::from_secs(i64::from(seconds)));
    }
    let at = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
    Some(at.duration_since(now)).filter(|pause| pause.is_positive())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(retry_after: &str) -> Result<SellerAnswer, LinkFailure> {
        let headers = vec![("retry-after".to_owned(), retry_after.to_owned())];
        Ok(SellerAnswer { status: 503, headers, body: Vec::new(), elapsed_ms: 1 })
    }

    #[test]
    fn the_pause_a_seller_asks_for_is_read_in_both_spellings() {
        let now: Timestamp = "2026-05-14T13:28:00Z".parse().expect("an instant");
        let seconds = |text| retry_after(&answer(text), now).map(|pause| pause.as_secs());
        assert_eq!(seconds("120"), Some(120));
        assert_eq!(seconds("Thu, 14 May 2026 13:30:00 GMT"), Some(120));
        assert_eq!(seconds("Thu, 14 May 2026 13:00:00 GMT"), None);
        assert_eq!(seconds("soon"), None);
        assert_eq!(seconds("-5"), None);
    }
}
