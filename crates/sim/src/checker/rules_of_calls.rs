//! I5, I6, I7: what the seller's own log says about what the marketplace asked of it.

use std::collections::{BTreeMap, BTreeSet};

use super::Verdict;
use super::evidence::{Evidence, Heard};
use super::stored::Row;

const CREATE: &str = "newInstance";

fn creations(evidence: &Evidence) -> impl Iterator<Item = &Heard> {
    evidence.heard.iter().filter(|call| call.activity == CREATE && call.real())
}

/// I5: the seller made one instance per order and line, and the marketplace knows each instance under one order only,
/// the one it was made for.
pub fn one_instance_per_line(evidence: &Evidence) -> Verdict {
    let mut verdict = Verdict::new("I5", "one live instance per order and line");
    let mut made: BTreeMap<(String, String), BTreeSet<&str>> = BTreeMap::new();
    let mut made_for: BTreeMap<&str, String> = BTreeMap::new();
    for call in creations(evidence) {
        let Some(instance) = call.instance_id.as_deref() else { continue };
        made.entry((call.member("orderId"), call.member("orderLineId"))).or_default().insert(instance);
        made_for.insert(instance, call.member("orderId"));
    }
    for ((order, line), instances) in &made {
        verdict.look(instances.len() == 1, || format!("order {order}, line {line}: {} instances", instances.len()));
    }
    let numbers: BTreeMap<&str, &str> =
        evidence.stored.rows("orders").map(|order| (order.text("id"), order.text("number"))).collect();
    let mut kept: BTreeMap<&str, usize> = BTreeMap::new();
    for subscription in evidence.stored.rows("subscriptions").filter(|row| !row.text("instance").is_empty()) {
        let (instance, order) = (subscription.text("instance"), subscription.text("order_id"));
        *kept.entry(instance).or_default() += 1;
        let owner = made_for.get(instance).map(String::as_str);
        let same = owner.is_some_and(|owner| owner == order || numbers.get(order) == Some(&owner));
        verdict.look(same, || format!("instance {instance} serves order {order}; the seller made it for {owner:?}"));
    }
    for (instance, times) in kept {
        verdict.look(times == 1, || format!("instance {instance} serves {times} orders"));
    }
    verdict
}

/// I6: every creation of an order carries the same order line, each call a nonce of its own (the seller refuses others),
/// and names an order that is stored and was paid.
pub fn one_step_one_name(evidence: &Evidence) -> Verdict {
    let mut verdict = Verdict::new("I6", "all calls of one step carry the same order and line");
    let paid: BTreeSet<&str> = evidence
        .stored
        .rows("orders")
        .filter(|order| order.number("paid_at").is_some())
        .flat_map(|order| [order.text("id"), order.text("number")])
        .collect();
    let mut lines: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for call in creations(evidence) {
        let order = call.member("orderId");
        verdict.look(paid.contains(order.as_str()), || {
            format!("the seller was called for {order}, which is no paid order")
        });
        lines.entry(order).or_default().insert(call.member("orderLineId"));
    }
    for (order, lines) in lines {
        let one = lines.len() == 1 && !lines.contains("");
        verdict.look(one, || format!("calls for order {order} carried {} order lines", lines.len()));
    }
    verdict
}

/// Attempts that began and never ended: a kill cut them.
pub fn cut_attempts(evidence: &Evidence) -> usize {
    evidence.stored.rows("call_attempts").filter(|attempt| attempt.number("finished_at").is_none()).count()
}

/// I7: the seller heard no call without an attempt that was written before, and each creation beyond the first of an
/// order follows one that a kill cut, or one that came to nothing.
pub fn extra_attempts_are_cut_ones(evidence: &Evidence) -> Verdict {
    let mut verdict = Verdict::new("I7", "extra calls only for calls that were in flight at a kill");
    let numbers: BTreeMap<&str, &str> =
        evidence.stored.rows("orders").map(|order| (order.text("id"), order.text("number"))).collect();
    let order_of_call: BTreeMap<&str, &str> =
        evidence.stored.rows("seller_calls").map(|call| (call.text("id"), call.text("order_id"))).collect();
    let mut attempts: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
    for attempt in evidence.stored.rows("call_attempts").filter(|attempt| attempt.text("activity") == CREATE) {
        let order = order_of_call.get(attempt.text("call")).copied().unwrap_or_default();
        attempts.entry(order).or_default().push(attempt);
    }
    let mut heard: BTreeMap<String, usize> = BTreeMap::new();
    for call in creations(evidence) {
        *heard.entry(call.member("orderId")).or_default() += 1;
    }
    for (order, attempts) in &attempts {
        let number = numbers.get(order).copied().unwrap_or_default();
        let times = heard.remove(*order).or_else(|| heard.remove(number)).unwrap_or(0);
        verdict.look(times <= attempts.len(), || {
            format!("order {number}: heard {times} times, {} attempts", attempts.len())
        });
        let good = |row: &&Row| matches!(row.text("outcome"), "created" | "being_created");
        let useless = attempts.iter().filter(|row| !good(row)).count();
        verdict.look(attempts.len() <= useless + 1, || {
            format!("order {number}: {} attempts, of which only {useless} were cut or came to nothing", attempts.len())
        });
    }
    for (order, times) in heard {
        verdict.look(false, || format!("the seller heard {times} calls for order {order} without any attempt"));
    }
    verdict
}
