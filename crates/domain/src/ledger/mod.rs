//! The ledger context.
