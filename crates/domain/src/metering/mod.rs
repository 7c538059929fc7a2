//! What was used of pay-per-use apps, as sellers report it (functions.md 9.7; seller-protocol 8.4 and 8.5): a pushed record
//! is kept as it came, and judged by itself afterwards.
//!
//! *What is not here.* The shape of a push and its signature (`koogallery`), prices and bills (`billing`).

mod amount;
mod judge;
mod record;

pub use amount::UsageAmount;
pub use judge::{Charging, OLDEST, Resource, SpokenTimes, Taken, judge};
pub use record::{Measured, PushedUsage, UsageFault, UsageMark, UsageRecord, UsageState, UsageStateCode};
