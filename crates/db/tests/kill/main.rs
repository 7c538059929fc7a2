//! kill -9 of the storage engine: what was acknowledged is stored, whole, on both engines.
//!
//! *Who is who.* The **writer** is this same program, started again with a variable that makes it write orders from several tasks and
//! append each acknowledged one to a journal before it goes on. The **nemesis** is the test: it kills the writer at an instant drawn
//! from a seed, and starts the next one on the same database. The **checker** reads the journals and the tables with plain drivers, not
//! through `db`.
//!
//! *Numbers.* `SOUK_KILLS` says how often (10 if unset), `SOUK_KILL_SEED` from which seed. With no violation in N kills the 95 % upper
//! bound of the rate is 3/N; the test prints both. *What is not here:* power cuts (the kernel keeps what a killed process wrote).
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says so by panicking")]
#![allow(
    clippy::disallowed_methods,
    reason = "a harness of processes: it waits for real time and reads its own settings"
)]

#[path = "../../../testkit/src/stores.rs"]
#[allow(dead_code, reason = "shared with testkit; each test binary uses a part")]
mod stores;

mod broken_disk;
mod checker;
mod nemesis;
mod writer;
