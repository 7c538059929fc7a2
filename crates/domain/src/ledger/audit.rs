//! The ledger recomputed from its rows: what an accountant would check, as a pure function over what is stored.
//!
//! Shares no code with [`super::post`], so that a mistake there is found here.

use std::collections::BTreeMap;

use crate::ids::TransferId;

/// One stored posting, as plainly as the table has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostingRow {
    /// The transfer it belongs to.
    pub transfer: TransferId,
    /// The account, as the column spells it.
    pub account: String,
    /// The currency's code.
    pub currency: String,
    /// Its number in the account.
    pub sequence: i64,
    /// What it adds, in minor units.
    pub amount_minor: i64,
    /// What the row says the account holds after it.
    pub balance_after_minor: i64,
}

/// One stored transfer, as plainly as the table has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferRow {
    /// Its id.
    pub id: TransferId,
    /// The amount it says it moved, in minor units.
    pub amount_minor: i64,
    /// The currency's code.
    pub currency: String,
}

/// An account whose rows do not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountFinding {
    /// The numbers have a gap or a double before this one.
    Sequence {
        /// The number that was found.
        found: i64,
        /// The number that should have come.
        expected: i64,
    },
    /// The stored balance differs from the sum of the lines.
    Balance {
        /// The number of the line.
        sequence: i64,
        /// The stored balance, in minor units.
        stored: i64,
        /// The sum, in minor units.
        computed: i128,
    },
    /// Somebody's account stands below zero.
    BelowZero {
        /// The number of the line.
        sequence: i64,
    },
}

/// Something in the ledger that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// A transfer's lines do not add up to nothing, or do not move its amount.
    Unbalanced {
        /// The transfer.
        transfer: TransferId,
        /// The sum of its lines, in minor units.
        sum: i128,
    },
    /// A transfer has lines of several currencies, or of another one than it says.
    Currency {
        /// The transfer.
        transfer: TransferId,
    },
    /// A line whose transfer does not exist, or a transfer without its two lines.
    Lines {
        /// The transfer.
        transfer: TransferId,
        /// How many lines there are.
        count: usize,
    },
    /// An account whose rows do not fit.
    Account {
        /// The account.
        account: String,
        /// The currency's code.
        currency: String,
        /// What is wrong.
        finding: AccountFinding,
    },
}

/// Recomputes everything. An empty answer means: per transfer and currency the lines add up to nothing, and every
/// stored balance is the fold of its account's lines (reliability.md I3). Rows may come in any order.
pub fn audit(transfers: &[TransferRow], postings: &[PostingRow]) -> Vec<Finding> {
    let mut findings = audit_transfers(transfers, postings);
    let mut accounts: BTreeMap<(&str, &str), Vec<&PostingRow>> = BTreeMap::new();
    for row in postings {
        accounts.entry((&row.account, &row.currency)).or_default().push(row);
    }
    for ((account, currency), mut rows) in accounts {
        rows.sort_by_key(|row| row.sequence);
        let found = audit_account(account, &rows);
        let (account, currency) = (account.to_owned(), currency.to_owned());
        findings.extend(found.into_iter().map(|finding| Finding::Account {
            account: account.clone(),
            currency: currency.clone(),
            finding,
        }));
    }
    findings
}

fn audit_transfers(transfers: &[TransferRow], postings: &[PostingRow]) -> Vec<Finding> {
    let mut lines: BTreeMap<TransferId, Vec<&PostingRow>> = BTreeMap::new();
    for transfer in transfers {
        lines.entry(transfer.id).or_default();
    }
    for row in postings {
        lines.entry(row.transfer).or_default().push(row);
    }
    let known: BTreeMap<TransferId, &TransferRow> = transfers.iter().map(|row| (row.id, row)).collect();
    let mut findings = Vec::new();
    for (transfer, rows) in lines {
        let Some(said) = known.get(&transfer).filter(|_| rows.len() == 2) else {
            findings.push(Finding::Lines { transfer, count: rows.len() });
            continue;
        };
        if rows.iter().any(|row| row.currency != said.currency) {
            findings.push(Finding::Currency { transfer });
        }
        let sum: i128 = rows.iter().map(|row| i128::from(row.amount_minor)).sum();
        if sum != 0 || rows.iter().any(|row| row.amount_minor.unsigned_abs() != said.amount_minor.unsigned_abs()) {
            findings.push(Finding::Unbalanced { transfer, sum });
        }
    }
    findings
}

fn audit_account(account: &str, rows: &[&PostingRow]) -> Vec<AccountFinding> {
    let mut findings = Vec::new();
    let mut computed = 0_i128;
    for (row, expected) in rows.iter().zip(1_i64..) {
        if row.sequence != expected {
            findings.push(AccountFinding::Sequence { found: row.sequence, expected });
        }
        computed += i128::from(row.amount_minor);
        if computed != i128::from(row.balance_after_minor) {
            findings.push(AccountFinding::Balance {
                sequence: row.sequence,
                stored: row.balance_after_minor,
                computed,
            });
        }
        if computed < 0 && account != "cash" {
            findings.push(AccountFinding::BelowZero { sequence: row.sequence });
        }
    }
    findings
}
