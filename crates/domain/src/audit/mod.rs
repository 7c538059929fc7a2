//! What happened, as it is remembered: who did what to which thing, when, with which facts.
//!
//! Events are written with the change. The audit chain, timelines, notices and the search index read them.

use sha2::{Digest, Sha256};

use crate::identity::{Actor, Credential};
use crate::ids::{ApiKeyId, EventId, OrganisationId, UserId};
use crate::time::{Timestamp, to_millisecond};

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doer {
    /// A person in a session.
    User(UserId),
    /// A program with an access key that the person made.
    Key(UserId, ApiKeyId),
    /// The marketplace itself: jobs, timers.
    System,
}

impl From<&Actor> for Doer {
    fn from(actor: &Actor) -> Doer {
        match actor.credential {
            Credential::Session { .. } => Doer::User(actor.user),
            Credential::ApiKey { id } => Doer::Key(actor.user, id),
        }
    }
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The id.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// What, as a stable code in snake case: `order_paid`.
    pub kind: String,
    /// Who.
    pub doer: Doer,
    /// Whose timeline it belongs to; `None` for the marketplace's own.
    pub organisation: Option<OrganisationId>,
    /// The id of what it is about, as text.
    pub subject: String,
    /// What a reader needs to understand it. Never a secret, never a personal field in clear.
    pub facts: serde_json::Value,
}

/// The hash of one event in the audit chain: SHA-256 over the previous hash and every member of the event, each with
/// its length, so that no two events have one encoding.
pub fn seal(previous: &str, event: &Event) -> String {
    let (actor, key) = match event.doer {
        Doer::User(user) => (user.to_string(), String::new()),
        Doer::Key(user, key) => (user.to_string(), key.to_string()),
        Doer::System => (String::new(), String::new()),
    };
    let members = [
        previous.to_owned(),
        event.id.to_string(),
        to_millisecond(event.at).to_string(),
        event.kind.clone(),
        actor,
        key,
        event.organisation.map(|organisation| organisation.to_string()).unwrap_or_default(),
        event.subject.clone(),
        event.facts.to_string(),
    ];
    let mut hash = Sha256::new();
    for member in members {
        hash.update((member.len() as u64).to_be_bytes());
        hash.update(member.as_bytes());
    }
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;

    #[test]
    fn a_seal_depends_on_the_one_before_and_on_every_member() {
        let event = Event {
            id: EventId::from_u128(1),
            at: Timestamp::UNIX_EPOCH,
            kind: "order_paid".into(),
            doer: Doer::System,
            organisation: None,
            subject: "ord_1".into(),
            facts: serde_json::json!({"amount": "USD 1.00"}),
        };
        let first = seal("", &event);
        assert_eq!(first.len(), 64);
        assert_ne!(seal(&first, &event), first);
        assert_ne!(seal("", &Event { subject: "ord_2".into(), ..event.clone() }), first);
        assert_ne!(seal("", &Event { doer: Doer::User(UserId::from_u128(1)), ..event.clone() }), first);
        assert_ne!(seal("", &Event { facts: serde_json::json!({}), ..event }), first);
    }
}
