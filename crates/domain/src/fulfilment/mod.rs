//! Getting from a seller's production system what was paid for: which call is next, when, and when to stop.
//!
//! *Who is who.* A [`SellerCall`] is one step towards a seller with all its attempts. What came back of one attempt is a
//! [`Heard`]. [`after`] is the whole engine: call, heard, now, policy in; next state and effects out. Nothing here sends,
//! waits or writes.
//!
//! *What is not here.* Bytes and signatures (`koogallery`), sending (`ports::SellerLink`), leases (`app::jobs`).

mod breaker;
mod call;
mod engine;
mod retries;
mod schedule;

pub use breaker::{Breaker, Gate};
pub use call::{Activity, CallState, CallStateCode, Doubt, GiveUpReason, ParkReason, Said, SellerCall, Step};
pub use engine::{
    CallRefusal, Effect, Heard, Next, Progress, Telling, Trouble, TroubleClass, after, close, give_up, restart,
    set_aside,
};
pub use retries::{Ending, Retries, RetryTable};
pub use schedule::{Jitter, Policy};
