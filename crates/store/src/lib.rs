//! SQL: one file per table family, from row to domain type and back. No decisions.
#![forbid(unsafe_code)]
