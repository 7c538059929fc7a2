//! Tables of the ledger context: only read and added to, never changed.

mod postings;

pub use postings::{
    StatementLine, account, account_for_update, all_postings, all_transfers, insert_posted, statement, totals, transfer,
};
