//! The checker: reads what there is from outside and judges it by the invariants of reliability.md.
//!
//! *What is promised.* It uses none of the product's code: its own readers of the tables, its own sums, its own hash of
//! the audit chain. A rule that had nothing to look at says so, and the run does not count as good.
//!
//! *What is not here.* Rules about what this marketplace does not have yet: usage (I9) and settlement (I11).

pub mod evidence;
mod rules_of_access;
mod rules_of_calls;
mod rules_of_events;
mod rules_of_ledger;
mod rules_of_orders;
pub mod stored;
#[cfg(test)]
mod tests;

use anyhow::Result;

use crate::ground::Ground;
use evidence::Evidence;
pub use stored::{UnderWay, under_way};

/// When the look is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Phase {
    /// Right after a kill: safety only.
    UnderWay,
    /// After the load has ended and everything had time to come to its end: liveness as well.
    Settled,
}

/// What one rule came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The invariant's id in reliability.md.
    pub id: &'static str,
    /// What it promises.
    pub promise: &'static str,
    /// How many things were looked at.
    pub looked: usize,
    /// What is wrong, one sentence each.
    pub findings: Vec<String>,
}

impl Verdict {
    /// A rule that has looked at nothing yet.
    pub fn new(id: &'static str, promise: &'static str) -> Verdict {
        Verdict { id, promise, looked: 0, findings: Vec::new() }
    }

    /// Looks at one thing: what is wrong is said only when it is.
    pub fn look(&mut self, fine: bool, finding: impl FnOnce() -> String) {
        self.looked += 1;
        if !fine {
            self.findings.push(finding());
        }
    }
}

/// Judges all evidence.
pub fn judge(evidence: &Evidence, phase: Phase) -> Vec<Verdict> {
    let mut verdicts = vec![
        rules_of_orders::acknowledged_is_stored(evidence),
        rules_of_orders::one_order_per_key(evidence),
        rules_of_ledger::everything_balances(evidence),
        rules_of_ledger::one_charge_at_most_one_refund(evidence),
        rules_of_calls::one_instance_per_line(evidence),
        rules_of_calls::one_step_one_name(evidence),
        rules_of_events::chain_verifies(evidence),
        rules_of_events::edges_are_legal(evidence),
        rules_of_events::told_once(evidence),
        rules_of_access::nothing_foreign(evidence),
        rules_of_access::no_surprise(evidence),
    ];
    if phase == Phase::Settled {
        verdicts.push(rules_of_calls::extra_attempts_are_cut_ones(evidence));
        verdicts.push(rules_of_orders::paid_ends_well(evidence));
        verdicts.push(rules_of_access::no_secret_in_plain(evidence));
        verdicts.push(faults_were_reached(evidence));
    }
    verdicts
}

/// I15: the kills really hit load.
fn faults_were_reached(evidence: &Evidence) -> Verdict {
    use crate::journal::Fact;
    let mut verdict = Verdict::new("I15", "the kills hit a marketplace at work");
    for kill in &evidence.kills {
        verdict
            .look(kill.acknowledged > 0, || format!("kill {} hit a life that had acknowledged nothing", kill.number));
    }
    let broken = evidence.facts.iter().filter(|fact| matches!(fact, Fact::Broken { .. })).count();
    verdict.look(broken >= evidence.kills.len(), || {
        format!("{} kills broke only {broken} requests in flight", evidence.kills.len())
    });
    let cut = rules_of_calls::cut_attempts(evidence);
    verdict.look(cut > 0 || evidence.kills.len() < 20, || "no kill hit a call to the seller in flight".to_owned());
    verdict
}

/// Whether there is nothing to complain about, and everything was looked at.
pub fn good(verdicts: &[Verdict], phase: Phase) -> bool {
    let empty = |verdict: &Verdict| verdict.looked == 0 && phase == Phase::Settled;
    verdicts.iter().all(|verdict| verdict.findings.is_empty() && !empty(verdict))
}

/// The table for people: one line per rule, and what is wrong below it.
pub fn table(verdicts: &[Verdict]) -> String {
    const SHOWN: usize = 12;
    let mut text = format!("{:4} {:58} {:>9} {:>8}\n", "", "always", "looked at", "findings");
    for Verdict { id, promise, looked, findings } in verdicts {
        text.push_str(&format!("{id:4} {promise:58} {looked:>9} {:>8}\n", findings.len()));
        for finding in findings.iter().take(SHOWN) {
            text.push_str(&format!("       {finding}\n"));
        }
        if findings.len() > SHOWN {
            text.push_str(&format!("       and {} more\n", findings.len() - SHOWN));
        }
    }
    text
}

/// Reads and judges a run, prints the table when it is wanted or something is wrong; says whether all is good.
pub async fn check(ground: &Ground, phase: Phase) -> Result<bool> {
    let evidence = Evidence::read(ground).await?;
    let verdicts = judge(&evidence, phase);
    let good = good(&verdicts, phase);
    if !good || phase == Phase::Settled {
        print!("{}", table(&verdicts));
    }
    Ok(good)
}
