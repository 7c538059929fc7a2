//! Plays both sides of the protocol: the marketplace towards a seller's system, to find out what is wrong with it, and the seller, as
//! the reference production system and in the forty ways in which a seller can lie.
//!
//! [`kit`] is `souk debug` as a library: it calls one address as a marketplace does, well and badly, and says what it found.
//!
//! [`seller`] is a whole production system as a library: it verifies signed calls, creates accounts, answers, and shows its customers
//! a small real page where the user name and first password sign in. `souk seller` runs it as a process.
#![forbid(unsafe_code)]

pub mod kit;
pub mod seller;
