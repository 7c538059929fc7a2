//! What pages and API share: who asks, whether they may, what is said when something goes wrong, and the headers that
//! every answer carries.
//!
//! *Access.* Every route is built with [`route!`], which looks its row up in the authorisation table at compile time: a
//! route without a row does not compile. The row is checked before the handler runs; what is not granted is refused.
//!
//! *Problems.* Handlers answer `Result<_, Failure>`; one middleware renders the failure as a page or as RFC 9457 JSON.
//!
//! *What is not here.* Routes and templates (`web`, `api`), decisions (`app`).
#![forbid(unsafe_code)]

pub mod access;
mod at;
mod body;
mod caller;
mod cookies;
mod csrf;
mod failure;
mod headers;
pub mod health;
mod idempotency;
mod identify;
mod kept;
mod limits;
mod observe;
mod posted;
mod proxies;
mod routes;
mod serve;
mod visit;

pub use at::At;
pub use body::JsonBody;
pub use caller::CalledFrom;
pub use cookies::{clear_session_cookie, preference_cookie, session_cookie, session_token};
pub use failure::{Failure, FieldView, PageRenderer, ProblemView, as_open_api};
pub use idempotency::IdempotencyKey;
pub use kept::Kept;
pub use limits::{ClientAddress, Rates, SignedPace};
pub use posted::Posted;
pub use proxies::{NotAProxy, Proxy};
pub use routes::{Route, Routes};
pub use serve::{Doors, assemble};
pub use visit::{SignedIn, Theme, Visit, own_path};
