//! Adapters of the ports that reach the world: calls to sellers' systems through the guarded client, and mail over SMTP.
//!
//! Every call to a host that somebody else chose goes through [`GuardedClient`]; the reqwest types are banned everywhere
//! else.
#![forbid(unsafe_code)]

pub mod guard;
mod smtp;

pub use guard::{Block, GuardPolicy, GuardedClient, Limits, Resolve, ResolveFailure, SystemResolver};
pub use smtp::{SmtpMailer, SmtpSetup};
