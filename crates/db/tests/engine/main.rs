//! The storage engine on SQLite and PostgreSQL: every promise of `db` that a caller can see.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says so by panicking")]
#![allow(clippy::disallowed_methods, reason = "tests let tasks race on purpose")]

#[path = "../../../testkit/src/stores.rs"]
#[allow(dead_code, reason = "shared with testkit; each test binary uses a part")]
mod stores;

mod disk;
mod gate;
mod groups;
mod isolation;
mod lost_connections;
mod migrations;
mod statements;
mod tls;
mod transactions;
