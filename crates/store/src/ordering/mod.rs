//! Tables of the ordering context.

pub mod orders;
pub mod subscriptions;
