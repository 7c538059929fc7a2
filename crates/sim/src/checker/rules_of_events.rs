//! I10, I12: the audit chain verifies, each change of an order left exactly one event, and people were told once.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::Verdict;
use super::evidence::Evidence;
use super::stored::Row;

/// The hash of one event, by the words of ADR 0008: SHA-256 over the previous hash and each member with its length.
pub fn seal_of(previous: &str, event: &Row) -> String {
    let at = event.number("at").unwrap_or_default().to_string();
    let members = [
        previous,
        event.text("id"),
        &at,
        event.text("kind"),
        event.text("actor_user"),
        event.text("actor_key"),
        event.text("organisation"),
        event.text("subject"),
        event.text("facts"),
    ];
    let mut hash = Sha256::new();
    for member in members {
        hash.update((member.len() as u64).to_be_bytes());
        hash.update(member.as_bytes());
    }
    hex::encode(hash.finalize())
}

/// An event older than this, seen from the newest one, is sealed: the job runs every half minute, and a kill may cost it a
/// lease of half a minute each time.
const SEALED_AFTER_MS: i64 = 180_000;

/// I10: seals are numbered without gaps, each over the one before and its own event, and no old event is left out.
pub fn chain_verifies(evidence: &Evidence) -> Verdict {
    let mut verdict = Verdict::new("I10", "the audit chain verifies, hashed by other code");
    let events: BTreeMap<&str, Row> = evidence.stored.rows("events").map(|event| (event.text("id"), event)).collect();
    let mut seals: Vec<Row> = evidence.stored.rows("event_seals").collect();
    seals.sort_by_key(|seal| seal.number("sequence"));
    let mut previous = "";
    for (place, seal) in (1_i64..).zip(&seals) {
        let sequence = seal.number("sequence");
        verdict.look(sequence == Some(place), || format!("seal {place} is missing: {sequence:?} is in its place"));
        let right = events.get(seal.text("event")).is_some_and(|event| seal_of(previous, event) == seal.text("hash"));
        verdict.look(right, || format!("seal {place} does not fit event {}", seal.text("event")));
        previous = seal.text("hash");
    }
    let sealed: BTreeSet<&str> = seals.iter().map(|seal| seal.text("event")).collect();
    let newest = events.values().filter_map(|event| event.number("at")).max().unwrap_or(0);
    for (id, event) in events.iter().filter(|(_, event)| event.number("at") < Some(newest - SEALED_AFTER_MS)) {
        verdict.look(sealed.contains(id), || format!("event {id}, {}, was never sealed", event.text("kind")));
    }
    verdict
}

/// I10: the events of each order are one legal way to its state.
pub fn edges_are_legal(evidence: &Evidence) -> Verdict {
    let mut verdict = Verdict::new("I10", "each order went one legal way, one event per step");
    let mut steps: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for event in evidence.stored.rows("events") {
        if let Some(step) = event.text("kind").strip_prefix("order_") {
            steps.entry(event.text("subject")).or_default().push(step);
        }
    }
    for order in evidence.stored.rows("orders") {
        let mut found = steps.remove(order.text("id")).unwrap_or_default();
        found.sort_unstable();
        let state = order.text("state");
        let mut wanted = match (state, order.text("canceled_by")) {
            ("pending_payment", _) => vec!["placed"],
            ("canceled", "timeout") => vec!["placed", "timed_out"],
            ("canceled", _) => vec!["placed", "canceled"],
            ("processing", _) => vec!["placed", "paid"],
            ("completed", _) => vec!["placed", "paid", "completed"],
            ("failed", _) => vec!["placed", "paid", "failed"],
            (_, _) => vec![],
        };
        wanted.sort_unstable();
        verdict
            .look(found == wanted, || format!("order {} is {state} after {}", order.text("number"), found.join(", ")));
    }
    for order in steps.keys() {
        verdict.look(false, || format!("there are events of order {order}, which is not there"));
    }
    verdict
}

/// I12: nobody has the same notice twice, and every completed order was told of.
pub fn told_once(evidence: &Evidence) -> Verdict {
    let mut verdict = Verdict::new("I12", "each notice stands once in the centre");
    let mut told: BTreeMap<(&str, &str, &str, &str), usize> = BTreeMap::new();
    let mut ready: BTreeMap<&str, usize> = BTreeMap::new();
    for notice in evidence.stored.rows("notices") {
        let (recipient, kind) = (notice.text("recipient"), notice.text("kind"));
        *told.entry((recipient, kind, notice.text("link"), notice.text("arguments"))).or_default() += 1;
        if kind == "order_ready" {
            *ready.entry(notice.text("link")).or_default() += 1;
        }
    }
    for ((recipient, kind, link, _), times) in told.iter().filter(|(told, _)| told.1.starts_with("order_")) {
        verdict.look(*times == 1, || format!("{recipient} was told {times} times of {kind} {link}"));
    }
    for subscription in evidence.stored.rows("subscriptions").filter(|row| row.text("state") == "active") {
        let id = subscription.text("id");
        let link = format!("/my/apps/{id}");
        verdict.look(ready.contains_key(link.as_str()), || format!("nobody was told that {id} is ready"));
    }
    verdict
}
