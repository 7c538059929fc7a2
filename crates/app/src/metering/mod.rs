//! Use cases of metering: judging what sellers' systems reported, and looking at it.
//!
//! *What is promised.* A record is judged once, in the order of its push; of two with one span the first counts. What was
//! judged stands until the seller sends a rejected record again: then it is judged in its place of that push. A rejected
//! record is forgotten when it could not be pushed any more for its age.
//!
//! *What is not here.* Taking a push (`open_apis`), bills (not built yet).

mod forget_rejected;
mod judge_usage;
mod look_at_usage;

pub use forget_rejected::forget_rejected;
pub(crate) use judge_usage::rejected_notice;
pub use look_at_usage::{UsagePage, usage_records};

use domain::ids::{OrganisationId, UsageBatchId};

use crate::events::Moment;
use crate::jobs::{Handler, NewJob};

/// The job that judges the records of a push. Pushes of one seller share a lane.
pub(crate) fn job_of(batch: UsageBatchId, seller: OrganisationId, moment: &Moment) -> NewJob {
    NewJob::now(judge_usage::KIND, batch, format!("usage/{seller}"), moment)
}

pub(crate) fn handlers() -> Vec<Box<dyn Handler>> {
    vec![Box::new(judge_usage::JudgeUsage)]
}
