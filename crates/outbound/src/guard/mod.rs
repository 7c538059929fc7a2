//! The guarded client: one HTTP call to an address that a seller chose, without becoming a tool against our own network.
//!
//! *How it works.* The spelling is judged first (`domain::selling::InterfaceUrl`). Then the name is resolved here, once,
//! and **every** address it has must be public ([`address`]); a name that does not resolve is a refusal. The connection
//! is made to exactly those addresses, and the peer is looked at once more. All of this happens at each call, so a name
//! that changes its mind between two calls is caught.
//!
//! *What else is kept.* No proxy from the environment, no redirect, no cookie, no ambient header; deadlines and sizes by
//! [`Limits`]. What a seller is told about a failure never holds an address.
//!
//! *What is not here.* The protocol (`koogallery`), retries (`app`), and a second wall around the process: no setting sends calls
//! through a proxy, because then the proxy would resolve the name and what was judged here would not be what is connected to.
//! docs/how-to/second-wall.md says what operators put around it.

mod client;
mod failure;
mod handshake;
mod policy;
mod resolve;
#[cfg(test)]
mod tests;

use domain::selling::public_ip as address;

pub use client::{AuthoritiesError, GuardedClient, Limits};
pub use handshake::{Authority, Expiry, TlsFacts};
pub use policy::{Block, GuardPolicy};
pub use resolve::{Resolve, ResolveFailure, SystemResolver};
