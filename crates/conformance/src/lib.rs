//! Plays the seller: the reference production system, and the forty ways in which a seller can lie.
//!
//! [`seller`] is a whole production system as a library: it verifies signed calls, creates accounts, answers, and shows its customers
//! a small real page where the user name and first password sign in. `souk seller` runs it as a process.
#![forbid(unsafe_code)]

pub mod seller;
