//! What the product needs from the world, as object-safe traits. The promise of each method is its doc comment.
//!
//! Only `app` calls ports; only `outbound`, `search`, `conformance` and the `souk` binary implement them; `testkit` has its own, which
//! never answer anything that a test did not ask for.
#![forbid(unsafe_code)]

mod chance;
mod clock;
mod mailer;
mod report_reader;
mod search_index;
mod seller_link;

pub use chance::Chance;
pub use clock::Clock;
pub use mailer::{Mail, MailFailure, Mailer};
pub use report_reader::{MOST_REPORT_BYTES, ReportProblem, ReportReader};
pub use search_index::*;
pub use seller_link::{CONNECT_LIMIT_MS, FailureClass, LinkFailure, Method, OutgoingCall, SellerAnswer, SellerLink};
