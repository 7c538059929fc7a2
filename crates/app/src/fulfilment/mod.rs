//! Use cases of fulfilment: the job that works a seller call, and what people do about calls.
//!
//! *What is promised.* An attempt is written before it leaves. What came of it, the next state and everything that follows
//! are one transaction under the fencing token of the job's lease. The seller may see a call more than once, always with
//! the same order and order line, each time with another businessId (seller-protocol 1.4).
//!
//! *What is not here.* What follows from an answer (`domain::fulfilment`), bytes and checks (`koogallery`).

mod effects;
mod forget;
mod give_up_call;
mod look_at_calls;
mod refresh_access;
mod reply;
mod restart_call;
mod speak;
mod wording;
mod work_call;

pub use give_up_call::GiveUpCall;
pub use look_at_calls::{
    AttemptSample, AttemptView, CallDetails, CallPage, CallSearch, CheckView, CheckWords, Course, Crash, any_call,
    attempt_sample, own_call, parked_calls, seller_calls,
};
pub(crate) use refresh_access::asks_by_itself;
pub use refresh_access::{RefreshAccess, Wish};
pub use restart_call::RestartCall;
pub(crate) use restart_call::restart_parked_job;
pub(crate) use work_call::KIND as CALL_JOB;

use domain::fulfilment::{Policy, SellerCall, Step};
use domain::time::SignedDuration;
use store::Tx;
use store::fulfilment::calls::Asked;

use crate::AppError;
use crate::events::Moment;
use crate::jobs::{Handler, NewJob, enqueue};

/// What an operator chooses about calls to sellers.
#[derive(Clone, Debug)]
pub struct FulfilmentSettings {
    /// Pauses, horizons, breaker.
    pub policy: Policy,
    /// After how many milliseconds a call is cut off. 20,000, so that nothing fails here that passes on the reference
    /// (seller-protocol 1.1).
    pub deadline_ms: u64,
    /// For how long request and answer of an attempt are kept.
    pub bodies_kept_for: SignedDuration,
    /// A copy of the access data that is so old is asked for again when its page is opened; nothing switches that off.
    pub access_fresh_for: SignedDuration,
}

impl Default for FulfilmentSettings {
    fn default() -> FulfilmentSettings {
        FulfilmentSettings {
            policy: Policy::default(),
            deadline_ms: 20_000,
            bodies_kept_for: SignedDuration::from_hours(90 * 24),
            access_fresh_for: SignedDuration::from_mins(10),
        }
    }
}

/// Writes a new call with its job. A second one for the same thing is not written (an order is created once, an instance
/// released once).
pub async fn open_call(tx: &mut Tx, moment: &Moment, call: &SellerCall) -> Result<(), AppError> {
    open_call_asked(tx, moment, call, Asked::BySchedule).await
}

/// As [`open_call`], with who asked for the first attempt: a person's passes the breaker.
async fn open_call_asked(tx: &mut Tx, moment: &Moment, call: &SellerCall, asked: Asked) -> Result<(), AppError> {
    if store::fulfilment::calls::insert(tx, call, asked).await? {
        enqueue(tx, moment, job_of(call, moment)).await?;
    }
    Ok(())
}

/// As [`open_call`], for the call that delivers an order which has just become paid: it is the first, so nothing is asked.
pub(crate) async fn open_first_call(tx: &mut Tx, moment: &Moment, call: &SellerCall) -> Result<(), AppError> {
    store::fulfilment::calls::insert_first(tx, call)?;
    Ok(enqueue(tx, moment, job_of(call, moment)).await?)
}

/// The job of a call, due when the call is. Calls to one seller share a lane: one seller never takes all workers.
fn job_of(call: &SellerCall, moment: &Moment) -> NewJob {
    NewJob {
        kind: work_call::KIND,
        key: call.id.to_string(),
        lane: lane_of(call),
        payload: "{}".to_owned(),
        due_at: call.due_at().unwrap_or(moment.now),
    }
}

/// The lane that a call shares with others to the same seller.
fn lane_of(call: &SellerCall) -> String {
    match call.step {
        Step::Create | Step::Refresh | Step::Release => format!("seller/{}", call.seller),
        // Notices have a crowd of their own: however slowly they are heard, deliveries have their lane and the workers.
        Step::Notify => format!("crowd/note/{}", call.seller),
    }
}

pub(crate) fn handlers() -> Vec<Box<dyn Handler>> {
    vec![Box::new(work_call::WorkCall), Box::new(forget::Forget)]
}
