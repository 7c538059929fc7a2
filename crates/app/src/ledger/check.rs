//! The whole ledger recomputed from its rows, for the operator's page and for `souk ledger-verify`.

use domain::ledger::{Finding, audit};
use domain::money::Money;

use crate::{App, AppError};

/// What all accounts of one kind hold together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerTotal {
    /// `cash`, `customer` or `held`.
    pub kind: String,
    /// The sum.
    pub amount: Money,
    /// How many accounts.
    pub accounts: i64,
}

/// What the check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerReport {
    /// How many transfers were looked at.
    pub transfers: usize,
    /// How many postings.
    pub postings: usize,
    /// What accounts of each kind hold.
    pub totals: Vec<LedgerTotal>,
    /// What does not fit; empty when everything balances.
    pub findings: Vec<Finding>,
}

/// Recomputes every balance (reliability.md I3). Reads the whole ledger: not for a page that is opened often. Who may ask
/// is the caller's business: the operator's page asks for `SeeOperations`, the command line is the operator.
pub async fn check(app: &App) -> Result<LedgerReport, AppError> {
    app.store
        .read((), |tx, ()| {
            Box::pin(async move {
                let transfers = store::ledger::all_transfers(tx).await?;
                let postings = store::ledger::all_postings(tx).await?;
                let totals = store::ledger::totals(tx).await?;
                let totals =
                    totals.into_iter().map(|(kind, amount, accounts)| LedgerTotal { kind, amount, accounts }).collect();
                let findings = audit(&transfers, &postings);
                Ok(LedgerReport { transfers: transfers.len(), postings: postings.len(), totals, findings })
            })
        })
        .await
}
