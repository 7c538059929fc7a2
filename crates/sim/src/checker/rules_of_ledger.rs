//! I3, I4: the ledger balances, counted in two independent ways, and every order is charged once and refunded at most once.

use std::collections::{BTreeMap, BTreeSet};

use super::Verdict;
use super::evidence::Evidence;
use super::stored::Row;

/// I3: per transfer the postings sum to nothing and are those of the transfer; per account the numbers have no gap and
/// the running balance is the fold of the postings, and equals the fold of the transfers.
pub fn everything_balances(evidence: &Evidence) -> Verdict {
    let mut verdict = Verdict::new("I3", "the ledger balances, folded from postings and transfers");
    let mut of_transfer: BTreeMap<&str, Vec<(&str, i64)>> = BTreeMap::new();
    let mut of_account: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
    for posting in evidence.stored.rows("ledger_postings") {
        let (account, amount) = (posting.text("account"), posting.number("amount_minor").unwrap_or(0));
        of_transfer.entry(posting.text("transfer")).or_default().push((account, amount));
        of_account.entry(account).or_default().push(posting);
    }
    let mut from_transfers: BTreeMap<String, i64> = BTreeMap::new();
    for transfer in evidence.stored.rows("ledger_transfers") {
        let id = transfer.text("id");
        let amount = transfer.number("amount_minor").unwrap_or(0);
        let account = |side| format!("{}:{}", transfer.text(side), transfer.text("currency"));
        let (from, to) = (account("from_name"), account("to_name"));
        let mut found = of_transfer.remove(id).unwrap_or_default();
        found.sort_unstable();
        let mut wanted = vec![(from.as_str(), -amount), (to.as_str(), amount)];
        wanted.sort_unstable();
        verdict.look(found == wanted, || format!("transfer {id} has postings {found:?} instead of {wanted:?}"));
        *from_transfers.entry(from).or_default() -= amount;
        *from_transfers.entry(to).or_default() += amount;
    }
    for (id, postings) in of_transfer {
        verdict.look(false, || format!("{} postings name the transfer {id}, which is not there", postings.len()));
    }
    for (account, mut postings) in of_account {
        postings.sort_by_key(|posting| posting.number("sequence"));
        let mut balance = 0_i64;
        for (place, posting) in (1_i64..).zip(&postings) {
            balance += posting.number("amount_minor").unwrap_or(0);
            let numbered = posting.number("sequence") == Some(place);
            verdict.look(numbered, || format!("{account} has no posting number {place}, or two"));
            let running = posting.number("balance_after_minor");
            verdict.look(running == Some(balance), || {
                format!("{account} says {running:?} after posting {place}, the fold {balance}")
            });
        }
        let other = from_transfers.remove(account).unwrap_or(0);
        verdict.look(other == balance, || {
            format!("{account} holds {balance} by its postings and {other} by the transfers")
        });
        verdict
            .look(balance >= 0 || account.starts_with("cash:"), || format!("{account} stands below zero: {balance}"));
    }
    verdict
}

/// I4: a paid order has one charge of its total, a failed one exactly one refund of the same, others none; and money
/// moves for no other reason.
pub fn one_charge_at_most_one_refund(evidence: &Evidence) -> Verdict {
    let mut verdict = Verdict::new("I4", "one charge and at most one refund per order");
    let mut moved: BTreeMap<(&str, &str), Vec<Row>> = BTreeMap::new();
    for transfer in evidence.stored.rows("ledger_transfers") {
        moved.entry((transfer.text("purpose"), transfer.text("reference"))).or_default().push(transfer);
    }
    let mut known = BTreeSet::new();
    for order in evidence.stored.rows("orders") {
        let (id, number) = (order.text("id"), order.text("number"));
        let total = order.number("total_minor").unwrap_or(0);
        let paid = order.number("paid_at").is_some() && total > 0;
        let failed = order.text("state") == "failed" && total > 0;
        known.insert(id);
        for (purpose, wanted) in [("charge", usize::from(paid)), ("refund", usize::from(failed))] {
            let found = moved.get(&(purpose, id)).map_or(&[][..], Vec::as_slice);
            verdict
                .look(found.len() == wanted, || format!("order {number} has {} of {wanted} {purpose}s", found.len()));
            for transfer in found {
                let amount = transfer.number("amount_minor");
                verdict.look(amount == Some(total), || {
                    format!("the {purpose} of order {number} is {amount:?}, its total {total}")
                });
            }
        }
    }
    for (purpose, reference) in moved.keys().filter(|(purpose, _)| *purpose != "top_up") {
        verdict.look(known.contains(reference), || format!("a {purpose} for {reference}, which is no order"));
    }
    verdict
}
