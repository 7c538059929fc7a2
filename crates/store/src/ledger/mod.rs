//! Tables of the ledger context.
