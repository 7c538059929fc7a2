//! Tables of the ledger context: only read and added to, never changed.

mod postings;

pub use postings::{
    Met, StatementLine, account, account_for_update, all_postings, all_transfers, before_transfer, insert_first,
    insert_posted, statement, totals,
};
