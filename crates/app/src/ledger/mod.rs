//! Use cases of ledger.
