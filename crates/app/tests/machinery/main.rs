//! What carries every use case: jobs, the audit chain, notices, idempotency keys, on both engines.

mod audit;
mod idempotency;
mod jobs;
mod notices;
mod parked;
