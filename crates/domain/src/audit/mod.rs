//! The audit context.
