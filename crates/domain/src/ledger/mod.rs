//! The ledger: double entry, append only. Every balance is a fold over postings; corrections are new transfers.
//!
//! *Who is who.* An [`AccountName`] says whose money it is and why. A [`Transfer`] moves one amount from one account to
//! another and makes two [`Posting`]s that add up to nothing. [`post`] decides; [`audit`] recomputes everything from
//! the rows and lists what does not fit.
//!
//! *What is not here.* Orders and refunds as acts (`app::ordering`): the ledger knows no other context.

mod account;
mod audit;
mod transfer;

pub use account::{Account, AccountName, Overdraft};
pub use audit::{AccountFinding, Finding, PostingRow, TransferRow, audit};
pub use transfer::{PostRefusal, Posted, Posting, Purpose, Transfer, post};
