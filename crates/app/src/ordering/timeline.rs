//! The timeline of an order and its app: one stream of money, provisioning and people; the attempts of a call collapsed
//! into one entry (ux.md U-51…53).

use domain::audit::Doer;
use domain::fulfilment::{CallStateCode, SellerCall, Step};
use domain::ids::{OrganisationId, SellerCallId};
use domain::money::Money;
use domain::ordering::{Order, Subscription};
use domain::time::Timestamp;
use store::Tx;

use crate::{AppError, Vault};

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineEntry {
    /// What, as a stable code in snake case: `order_paid`, `seller_asked`.
    pub kind: String,
    /// When; for collapsed attempts the first one.
    pub at: Timestamp,
    /// The person who did it, when it was a person of the reader's organisation.
    pub person: Option<String>,
    /// The amount that was paid or refunded.
    pub amount: Option<Money>,
    /// The attempts, for `seller_asked`.
    pub attempts: Option<Collapsed>,
}

/// The attempts of one call, as one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collapsed {
    /// Which call.
    pub call: SellerCallId,
    /// What it is for.
    pub step: Step,
    /// How many attempts there were.
    pub count: i64,
    /// When the last one began.
    pub last_at: Timestamp,
    /// When the next one is due, while there is one.
    pub next_at: Option<Timestamp>,
    /// How far the call has come.
    pub state: CallStateCode,
}

/// Everything that happened to an order and its app, newest first, as `reader` may see it.
pub(super) async fn read(
    tx: &mut Tx,
    vault: &Vault,
    order: &Order,
    subscription: Option<&Subscription>,
    reader: OrganisationId,
) -> Result<Vec<TimelineEntry>, AppError> {
    let mut events = store::events::of_subject(tx, &order.id.to_string(), None).await?;
    if let Some(subscription) = subscription.filter(|subscription| subscription.buyer == reader) {
        events.extend(store::events::of_subject(tx, &subscription.id.to_string(), None).await?);
    }
    let mut entries = Vec::with_capacity(events.len());
    for event in events {
        let user = match event.doer {
            Doer::User(user) | Doer::Key(user, _) => Some(user),
            Doer::System => None,
        };
        let person = match user {
            Some(user) => store::identity::users::find(tx, vault, reader, user).await?.map(|user| user.name),
            None => None,
        };
        let amount = event.facts.get("amount").and_then(|amount| amount.as_str()?.parse().ok());
        entries.push(TimelineEntry { kind: event.kind, at: event.at, person, amount, attempts: None });
    }
    let calls = store::fulfilment::calls::of_order(tx, order.id).await?;
    // That the seller was told is between the marketplace and the seller.
    for call in calls.into_iter().filter(|call| call.step != Step::Notify || reader != order.buyer) {
        entries.extend(collapsed(tx, &call).await?);
    }
    // What one act did at one instant stays in its order: paid is after ordered, and so above it.
    entries.sort_by_key(|entry| entry.at);
    entries.reverse();
    Ok(entries)
}

async fn collapsed(tx: &mut Tx, call: &SellerCall) -> Result<Option<TimelineEntry>, AppError> {
    let (count, first_at, last_at) = store::fulfilment::attempts::summary(tx, call.id).await?;
    let (Some(first_at), Some(last_at)) = (first_at, last_at) else { return Ok(None) };
    let state = call.state.code();
    let next_at = call.due_at().filter(|_| state == CallStateCode::Waiting);
    let attempts = Collapsed { call: call.id, step: call.step, count, last_at, next_at, state };
    Ok(Some(TimelineEntry {
        kind: "seller_asked".to_owned(),
        at: first_at,
        person: None,
        amount: None,
        attempts: Some(attempts),
    }))
}
