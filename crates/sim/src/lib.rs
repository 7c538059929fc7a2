//! kill -9 of a whole marketplace under load, judged by a checker that shares no code with it (reliability.md, F-01).
//!
//! *Who is who.* The **driver** is clients of the JSON API with journals of their own ([`driver`]). The **nemesis** starts
//! `souk serve`, kills it at instants drawn from a seed, and starts it again on the same storage ([`nemesis`]). The
//! **seller** is `souk seller`, a real process with a log of its own. The **checker** reads journals, log and tables and
//! judges them by the invariants ([`checker`]). Each is a process; the files of a [`ground`] are all that they share.
//!
//! *What is not here.* Power cuts (the kernel keeps what a killed process wrote), kills of PostgreSQL itself, several nodes.
#![forbid(unsafe_code)]

pub mod chance;
pub mod checker;
pub mod driver;
pub mod ground;
pub mod http;
pub mod journal;
pub mod life;
pub mod nemesis;
