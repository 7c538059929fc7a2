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

/// Posts one transfer in the caller's transaction. A repeat is calm.
pub(crate) async fn post(tx: &mut Tx, transfer: Transfer) -> Result<Outcome<Posted>, AppError> {
    let met = store::ledger::before_transfer(tx, &transfer).await?;
    let decided = decide(transfer, met.known.as_ref(), &met.from, &met.to).map_err(Refusal::from)?;
    if let Outcome::Applied(posted) = &decided {
        store::ledger::insert_posted(tx, posted)?;
    }
    Ok(decided)
}

/// Charges a buyer for an order that is paid now: `from` is the buyer's account, which the caller has locked. What is
/// held for an order begins with its charge, and an order is paid once: its state, under lock, says so, and a second charge
/// would meet the id of the first.
pub(crate) fn charge(tx: &mut Tx, from: &Account, transfer: Transfer) -> Result<(), AppError> {
    let held = Account::empty(transfer.to, transfer.amount.currency());
    if let Outcome::Applied(posted) = decide(transfer, None, from, &held).map_err(Refusal::from)? {
        store::ledger::insert_first(tx, &posted)?;
    }
    Ok(())
}
