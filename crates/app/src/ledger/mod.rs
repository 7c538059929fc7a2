//! Use cases of the ledger: topping up, looking at balances, checking the whole.
//!
//! Orders and refunds move money through [`post`], inside their own transaction.

mod check;
mod customers;
mod statement;
mod top_up;

pub use check::{LedgerReport, LedgerTotal, check};
pub use customers::{CustomerBalance, customer, customers};
pub use statement::{Statement, balance, statement};
pub use store::ledger::StatementLine;
pub use top_up::{TopUp, ToppedUp};

use domain::ledger::{Account, Posted, Transfer, post as decide};
use domain::outcome::{Outcome, Refusal};
use store::Tx;

use crate::AppError;

/// Posts one transfer in the caller's transaction. A repeat is calm. Both accounts are locked in the order of their
/// names, so that two transfers never wait for each other.
pub(crate) async fn post(tx: &mut Tx, transfer: Transfer) -> Result<Outcome<Posted>, AppError> {
    let (from, to) = lock_both(tx, &transfer).await?;
    let known = store::ledger::transfer(tx, transfer.id).await?;
    let decided = decide(transfer, known.as_ref(), &from, &to).map_err(Refusal::from)?;
    if let Outcome::Applied(posted) = &decided {
        store::ledger::insert_posted(tx, posted).await?;
    }
    Ok(decided)
}

async fn lock_both(tx: &mut Tx, transfer: &Transfer) -> Result<(Account, Account), AppError> {
    let currency = transfer.amount.currency();
    if transfer.from.to_string() <= transfer.to.to_string() {
        let from = store::ledger::account_for_update(tx, transfer.from, currency).await?;
        let to = store::ledger::account_for_update(tx, transfer.to, currency).await?;
        Ok((from, to))
    } else {
        let to = store::ledger::account_for_update(tx, transfer.to, currency).await?;
        let from = store::ledger::account_for_update(tx, transfer.from, currency).await?;
        Ok((from, to))
    }
}
