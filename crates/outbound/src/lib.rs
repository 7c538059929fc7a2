//! Adapters of the ports: the guarded HTTP client, calls to sellers, SMTP.
#![forbid(unsafe_code)]

mod smtp;

pub use smtp::{SmtpMailer, SmtpSetup};
