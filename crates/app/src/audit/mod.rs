//! The audit chain: sealing what happened in order, and verifying that nothing was changed since.
//!
//! Events are written in the transaction of the change without touching a shared row, so that transactions do not wait
//! for each other; one job seals them afterwards, oldest first, each seal hashing the one before (ADR 0008). An event
//! is sealed some seconds after it happened, when no older one can still be on its way.

mod seal;
mod verify;

use crate::jobs::Handler;

pub use seal::start;
pub use verify::{Finding, Verified, verify};

pub(crate) fn handlers() -> Vec<Box<dyn Handler>> {
    vec![Box::new(seal::SealEvents)]
}
