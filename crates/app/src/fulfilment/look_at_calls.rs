//! Looking at calls with their attempts: a seller at its own, an operator at all; and the list of those that wait for a
//! person.

use domain::fulfilment::{Activity, CallStateCode, SellerCall, Step};
use domain::identity::{Actor, Permission};
use domain::ids::{AttemptId, InterfaceAddressId, OrganisationId, SellerCallId};
use domain::ordering::Order;
use domain::selling::{DebugValues, ProtocolVersion, Signing};
use domain::time::Timestamp;
use koogallery::AccessKey;
use store::fulfilment::attempts::Attempt;
use store::fulfilment::calls::Filter;

pub use store::fulfilment::calls::Course;

use crate::{App, AppError};

/// A page of calls, newest first, each with its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallPage {
    /// The calls.
    pub calls: Vec<(SellerCall, Order)>,
    /// The id to ask older calls with, when there are more.
    pub older: Option<SellerCallId>,
}

/// One call with everything that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallDetails {
    /// The call.
    pub call: SellerCall,
    /// Its order.
    pub order: Order,
    /// The attempts, newest first, at most 100.
    pub attempts: Vec<AttemptView>,
    /// Whether it waits because our own program failed at it again and again.
    pub crash: Option<Crash>,
}

/// Our own program failed at a call again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crash {
    /// What the program said at last; for operators only.
    pub error: Option<String>,
}

/// One attempt with its findings in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptView {
    /// The attempt.
    pub attempt: Attempt,
    /// The findings.
    pub checks: Vec<CheckView>,
    /// The way to the signature; none when nothing is kept of the request, or its key has been replaced since.
    pub signing: Option<Signing>,
}

/// One finding, as it was said at the time.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct CheckView {
    /// The stable code.
    pub code: String,
    /// `pass`, `warn` or `fail`.
    pub outcome: String,
    /// The section of the protocol.
    pub rule: String,
    /// In English.
    pub en: CheckWords,
    /// In Chinese.
    pub zh: CheckWords,
}

/// A finding in one language.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct CheckWords {
    /// What was found.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

/// Which of the own calls are looked for. Everything by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallSearch {
    /// Only those in this state.
    pub state: Option<CallStateCode>,
    /// Only those for this purpose.
    pub step: Option<Step>,
    /// Only those older than this one.
    pub before: Option<SellerCallId>,
    /// Only those for the order of this number.
    pub order_number: Option<String>,
    /// Only those of which an attempt asked this.
    pub activity: Option<Activity>,
    /// Only those that went so.
    pub course: Course,
    /// Only those begun then or later.
    pub from: Option<Timestamp>,
    /// Only those begun before then.
    pub until: Option<Timestamp>,
}

/// The calls to the actor's own system.
pub async fn seller_calls(app: &App, actor: &Actor, search: CallSearch) -> Result<CallPage, AppError> {
    actor.require(Permission::SeeSelling)?;
    let CallSearch { state, step, before, order_number, activity, course, from, until } = search;
    let seller = Some(actor.organisation);
    page(app, Filter { seller, state, step, before, order_number, activity, course, from, until }).await
}

/// The values of an attempt's request, to be changed and sent again in the debugger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptSample {
    /// To which address it went.
    pub address: InterfaceAddressId,
    /// What it asked, in the debugger's words.
    pub activity: domain::selling::Activity,
    /// Its members, without `activity` and `testFlag`.
    pub values: DebugValues,
    /// For which order.
    pub order_number: String,
    /// Its number in the call.
    pub number: i64,
}

/// What an attempt of the actor's own system sent, as a sample. What was sent is kept for 90 days.
pub async fn attempt_sample(app: &App, actor: &Actor, id: AttemptId) -> Result<AttemptSample, AppError> {
    actor.require(Permission::SeeSelling)?;
    let (call, order, attempt) = app
        .store
        .read((actor.organisation, id), |tx, (seller, id)| {
            Box::pin(async move {
                let missing = || AppError::NotFound("attempt");
                let attempt = store::fulfilment::attempts::find(tx, id).await?.ok_or_else(missing)?;
                let call = store::fulfilment::calls::find(tx, attempt.call).await?;
                let call = call.filter(|call| call.seller == seller).ok_or_else(missing)?;
                let order = store::ordering::orders::find(tx, call.order).await?.ok_or_else(missing)?;
                Ok::<_, AppError>((call, order, attempt))
            })
        })
        .await?;
    let kept = attempt.request.as_deref().and_then(|kept| super::speak::opened_request(app, attempt.id, kept));
    let kept = kept.ok_or(AppError::NotFound("attempt"))?;
    let sent = crate::selling::said_in(&kept).ok_or(AppError::NotFound("attempt"))?;
    let value = |name: &str| sent.iter().find(|(said, _)| said == name).map(|(_, value)| value.clone());
    let activity = value("activity").and_then(|code| code.parse().ok()).ok_or(AppError::NotFound("attempt"))?;
    let protocol = if kept.starts_with("GET ") { ProtocolVersion::V1 } else { ProtocolVersion::V2 };
    // What was sent encrypted is typed plain: it is not carried over.
    let value = |name: &str| value(name).filter(|_| !crate::selling::ENCRYPTED.contains(&name)).unwrap_or_default();
    let fields = crate::selling::debugger::fields(protocol, activity).into_iter();
    Ok(AttemptSample {
        address: call.address,
        activity,
        values: fields.map(|field| (field.name.to_owned(), value(field.name))).collect(),
        order_number: order.number.to_string(),
        number: attempt.number,
    })
}

/// Everybody's calls that wait for a person.
pub async fn parked_calls(app: &App, actor: &Actor, before: Option<SellerCallId>) -> Result<CallPage, AppError> {
    actor.require(Permission::SeeOperations)?;
    page(app, Filter { state: Some(CallStateCode::Parked), before, ..Filter::default() }).await
}

async fn page(app: &App, filter: Filter) -> Result<CallPage, AppError> {
    const MOST: usize = 50;
    app.store
        .read(filter, |tx, filter| {
            Box::pin(async move {
                let found = store::fulfilment::calls::list(tx, filter, 51).await?;
                let more = found.len() > MOST;
                let mut calls = Vec::with_capacity(MOST);
                for call in found.into_iter().take(MOST) {
                    let order = store::ordering::orders::find(tx, call.order).await?;
                    calls.push((call, order.ok_or(AppError::NotFound("order"))?));
                }
                let older = calls.last().filter(|_| more).map(|(call, _)| call.id);
                Ok(CallPage { calls, older })
            })
        })
        .await
}

/// One call to the actor's own system.
pub async fn own_call(app: &App, actor: &Actor, id: SellerCallId) -> Result<CallDetails, AppError> {
    actor.require(Permission::SeeSelling)?;
    let reader = if actor.may(Permission::ManageInterfaces) { Reader::HoldsTheKey } else { Reader::HoldsNoKey };
    details(app, id, Some(actor.organisation), reader).await
}

/// Anybody's call.
pub async fn any_call(app: &App, actor: &Actor, id: SellerCallId) -> Result<CallDetails, AppError> {
    actor.require(Permission::SeeOperations)?;
    details(app, id, None, Reader::HoldsNoKey).await
}

async fn details(
    app: &App,
    id: SellerCallId,
    only_of: Option<OrganisationId>,
    reader: Reader,
) -> Result<CallDetails, AppError> {
    let (call, order, attempts, address, job) = app
        .store
        .read((id, only_of), |tx, (id, only_of)| {
            Box::pin(async move {
                let found = store::fulfilment::calls::find(tx, id).await?;
                let found = found.filter(|call| only_of.is_none_or(|seller| call.seller == seller));
                let call = found.ok_or(AppError::NotFound("call"))?;
                let order = store::ordering::orders::find(tx, call.order).await?.ok_or(AppError::NotFound("order"))?;
                let attempts = store::fulfilment::attempts::of_call(tx, id, 100).await?;
                let address = store::selling::addresses::find(tx, call.address).await?;
                let job = match call.state.code() {
                    CallStateCode::Parked => store::jobs::find(tx, super::CALL_JOB, &id.to_string()).await?,
                    CallStateCode::Waiting | CallStateCode::Done | CallStateCode::GivenUp => None,
                };
                Ok::<_, AppError>((call, order, attempts, address, job))
            })
        })
        .await?;
    // A job that goes on by itself has no error: it is written only where the program failed.
    let crash = job.and_then(|job| job.last_error).map(|error| Crash { error: only_of.is_none().then_some(error) });
    let notice_key = address.as_ref().and_then(|address| crate::selling::notice_key(app, address).ok().flatten());
    let keys = address.and_then(|address| crate::selling::live_keys(app, &address).ok());
    let keys: Vec<AccessKey> =
        keys.map_or_else(Vec::new, |keys| [keys.present].into_iter().chain(keys.retiring).chain(notice_key).collect());
    let attempts = attempts.into_iter().map(|attempt| view(app, &keys, attempt, reader)).collect();
    Ok(CallDetails { call, order, attempts, crash })
}

/// Who looks at what was sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// Whoever manages the seller's interfaces: may see the key, and could sign anything.
    HoldsTheKey,
    /// Operators, and other people of the seller: see no token that would let anybody send the call again.
    HoldsNoKey,
}

/// Findings that a newer node wrote differently are left out rather than the whole page.
fn view(app: &App, keys: &[AccessKey], mut attempt: Attempt, reader: Reader) -> AttemptView {
    let id = attempt.id;
    if let Some(finished) = &mut attempt.finished {
        let sealed = finished.answer.take();
        finished.answer = sealed.and_then(|sealed| super::speak::opened_answer(app, id, &sealed));
    }
    let checks = attempt.finished.as_ref().map(|finished| serde_json::from_str(&finished.checks).unwrap_or_default());
    let kept = attempt.request.take().and_then(|kept| super::speak::opened_request(app, id, &kept));
    let signing = kept.as_deref().and_then(|kept| keys.iter().find_map(|key| crate::selling::signing_of(key, kept)));
    let shown = |signing: &Signing| match (reader, signing) {
        (Reader::HoldsTheKey, _) | (Reader::HoldsNoKey, Signing::Steps(_) | Signing::Headers(_)) => true,
        (Reader::HoldsNoKey, Signing::Token(_)) => false,
    };
    attempt.request = match reader {
        Reader::HoldsTheKey => kept,
        Reader::HoldsNoKey => kept.as_deref().map(crate::selling::without_token),
    };
    AttemptView { checks: checks.unwrap_or_default(), attempt, signing: signing.filter(shown) }
}
