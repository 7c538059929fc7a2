//! I1, I2, I8: what was acknowledged is stored, one order per key, and whoever paid is served or has the money back.

use std::collections::{BTreeMap, BTreeSet};

use super::Verdict;
use super::evidence::Evidence;
use super::stored::Row;
use crate::journal::Fact;

/// I1: each acknowledged write is in the tables, as it was acknowledged.
pub fn acknowledged_is_stored(evidence: &Evidence) -> Verdict {
    let mut verdict = Verdict::new("I1", "what was acknowledged is stored");
    let orders = by(evidence, "orders", "number");
    let users = by(evidence, "users", "id");
    let top_ups: BTreeMap<&str, Row> = evidence
        .stored
        .rows("ledger_transfers")
        .filter(|transfer| transfer.text("purpose") == "top_up")
        .map(|transfer| (transfer.text("reference"), transfer))
        .collect();
    for fact in &evidence.facts {
        match fact {
            Fact::SignedUp { email, user } => {
                verdict.look(users.contains_key(user.as_str()), || {
                    format!("the sign-up of {email} was acknowledged and is not stored")
                });
            }
            Fact::Ordered { buyer, key, number, total_minor } => {
                let found = orders.get(number.as_str());
                verdict.look(found.is_some(), || format!("order {number} was acknowledged and is lost"));
                if let Some(row) = found {
                    let same = row.text("buyer") == buyer
                        && row.text("client_key") == key
                        && row.number("total_minor") == Some(*total_minor);
                    verdict.look(same, || format!("order {number} is stored otherwise than it was acknowledged"));
                }
            }
            Fact::ToppedUp { organisation, key, amount_minor } => {
                let found = top_ups.get(format!("{organisation}/{key}").as_str());
                let stored = found.is_some_and(|row| row.number("amount_minor") == Some(*amount_minor));
                verdict.look(stored, || format!("top-up {key} was acknowledged and is not stored"));
            }
            Fact::ReadAgain { request, status } => {
                verdict.look(*status == 200, || format!("{request} was acknowledged and answers {status}"));
            }
            Fact::Asked { .. }
            | Fact::Broken { .. }
            | Fact::KeyReused { .. }
            | Fact::Foreign { .. }
            | Fact::Surprise { .. } => {}
        }
    }
    verdict
}

fn by<'a>(evidence: &'a Evidence, table: &str, column: &str) -> BTreeMap<&'a str, Row<'a>> {
    evidence.stored.rows(table).map(|row| (row.text(column), row)).collect()
}

/// I2: one order per buyer and key, one answer per key, and nothing that nobody asked for.
pub fn one_order_per_key(evidence: &Evidence) -> Verdict {
    let mut verdict = Verdict::new("I2", "one order and one answer per key, none unasked");
    let asked: BTreeSet<&str> = evidence
        .facts
        .iter()
        .filter_map(|fact| match fact {
            Fact::Asked { key, .. } => Some(key.as_str()),
            _ => None,
        })
        .collect();
    let mut stored: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for row in evidence.stored.rows("orders") {
        let key = row.text("client_key");
        stored.entry((row.text("buyer"), key)).or_default().push(row.text("number"));
        verdict
            .look(asked.contains(key), || format!("order {} has the key {key}, which nobody sent", row.text("number")));
    }
    for ((_, key), numbers) in stored {
        verdict.look(numbers.len() == 1, || format!("key {key} made several orders: {}", numbers.join(", ")));
    }
    let mut answered: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for fact in &evidence.facts {
        if let Fact::Ordered { buyer, key, number, .. } = fact {
            answered.entry((buyer, key)).or_default().insert(number);
        }
        if let Fact::KeyReused { request, status } = fact {
            verdict.look(*status == 422, || format!("a used key took another {request}: {status}"));
        }
    }
    for ((_, key), orders) in answered {
        verdict.look(orders.len() == 1, || format!("key {key} was answered with {} orders", orders.len()));
    }
    verdict
}

/// I8: every paid order is active, or failed (its refund is I4's), or waits for a person where people can see it.
pub fn paid_ends_well(evidence: &Evidence) -> Verdict {
    let mut verdict = Verdict::new("I8", "whoever paid is served, refunded, or on a list for people");
    let subscriptions = by(evidence, "subscriptions", "order_id");
    let calls: BTreeMap<&str, Row> = evidence
        .stored
        .rows("seller_calls")
        .filter(|call| call.text("step") == "create")
        .map(|call| (call.text("order_id"), call))
        .collect();
    for order in evidence.stored.rows("orders") {
        let (id, number) = (order.text("id"), order.text("number"));
        let subscription = subscriptions.get(id).map_or("missing", |row| row.text("state"));
        let call = calls.get(id).map_or("missing", |row| row.text("state"));
        let fine = match order.text("state") {
            "completed" => subscription == "active" && call == "done",
            "failed" => subscription == "not_delivered" && call == "given_up",
            "processing" => call == "parked",
            "pending_payment" | "canceled" => subscription == "missing" && call == "missing",
            _ => false,
        };
        verdict.look(fine, || {
            format!("order {number} is {}, its subscription {subscription}, its call {call}", order.text("state"))
        });
    }
    verdict
}
