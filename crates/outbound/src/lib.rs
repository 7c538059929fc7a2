//! Adapters of the ports that reach the world: calls to sellers' systems through the guarded client, and mail over SMTP.
//!
//! Every call to a host that somebody else chose goes through [`GuardedClient`]; the reqwest types are banned everywhere
//! else.
#![forbid(unsafe_code)]

pub mod guard;
mod smtp;

pub use guard::{
    AuthoritiesError, Authority, Block, Expiry, GuardPolicy, GuardedClient, Limits, Resolve, ResolveFailure,
    SystemResolver, TlsFacts,
};
pub use smtp::{SmtpMailer, SmtpSetup};
