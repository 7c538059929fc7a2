//! Looking at calls with their attempts: a seller at its own, an operator at all; and the list of those that wait for a
//! person.

use domain::fulfilment::{CallStateCode, SellerCall, Step};
use domain::identity::{Actor, Permission};
use domain::ids::{OrganisationId, SellerCallId};
use domain::ordering::Order;
use store::fulfilment::attempts::Attempt;
use store::fulfilment::calls::Filter;

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
}

/// One attempt with its findings in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptView {
    /// The attempt.
    pub attempt: Attempt,
    /// The findings.
    pub checks: Vec<CheckView>,
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

/// The calls to the actor's own system.
pub async fn seller_calls(
    app: &App,
    actor: &Actor,
    state: Option<CallStateCode>,
    step: Option<Step>,
    before: Option<SellerCallId>,
) -> Result<CallPage, AppError> {
    actor.require(Permission::SeeSelling)?;
    page(app, Filter { seller: Some(actor.organisation), state, step, before }).await
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
    details(app, id, Some(actor.organisation)).await
}

/// Anybody's call.
pub async fn any_call(app: &App, actor: &Actor, id: SellerCallId) -> Result<CallDetails, AppError> {
    actor.require(Permission::SeeOperations)?;
    details(app, id, None).await
}

async fn details(app: &App, id: SellerCallId, only_of: Option<OrganisationId>) -> Result<CallDetails, AppError> {
    let (call, order, attempts) = app
        .store
        .read((id, only_of), |tx, (id, only_of)| {
            Box::pin(async move {
                let found = store::fulfilment::calls::find(tx, id).await?;
                let found = found.filter(|call| only_of.is_none_or(|seller| call.seller == seller));
                let call = found.ok_or(AppError::NotFound("call"))?;
                let order = store::ordering::orders::find(tx, call.order).await?.ok_or(AppError::NotFound("order"))?;
                let attempts = store::fulfilment::attempts::of_call(tx, id, 100).await?;
                Ok::<_, AppError>((call, order, attempts))
            })
        })
        .await?;
    let attempts = attempts.into_iter().map(|attempt| view(app, attempt)).collect();
    Ok(CallDetails { call, order, attempts })
}

/// Findings that a newer node wrote differently are left out rather than the whole page.
fn view(app: &App, mut attempt: Attempt) -> AttemptView {
    let id = attempt.id;
    if let Some(finished) = &mut attempt.finished {
        let sealed = finished.answer.take();
        finished.answer = sealed.and_then(|sealed| super::speak::opened_answer(app, id, &sealed));
    }
    let checks = attempt.finished.as_ref().map(|finished| serde_json::from_str(&finished.checks).unwrap_or_default());
    AttemptView { checks: checks.unwrap_or_default(), attempt }
}
