//! The calls that must reach nothing (`crates/outbound/tests/canary`), made in a network of their own: there 169.254.169.254 and a public
//! address are this machine's, so that somebody can listen at them, and nothing gets out of it.
//!
//! Where the machine permits no such network, the stage says so and counts as skipped; the same tests ran before it without these two
//! addresses.

use std::process::Command;

use anyhow::Result;

use crate::counts::{self, Counts};
use crate::{gate, process};

/// Makes the network and becomes the program that follows.
const IN_IT: &str =
    "ip link set lo up && ip address add 169.254.169.254/32 dev lo && ip address add 8.8.8.8/32 dev lo && exec \"$@\"";

/// The tests, so many.
const TESTS: u64 = 4;

/// Runs them.
pub fn run() -> Result<Counts> {
    let Some(kind) = permitted() else {
        println!(
            "this machine permits no network of our own (`unshare --net`): connections to 169.254.169.254 and calls that a \
             public seller receives are NOT covered by this run"
        );
        return Ok(Counts { skipped: TESTS, ..Counts::default() });
    };
    let cargo = process::cargo();
    let mut command = in_network(kind);
    command.arg(cargo.get_program()).current_dir(process::root()).env("SOUK_TEST_CANARY", "whole");
    command.args(["test", "--quiet", "--offline", "--workspace", "--test", "canary", "--", "--nocapture"]);
    gate::counted(&mut command, counts::of_cargo_test)
}

/// How a network can be had.
#[derive(Clone, Copy)]
enum Kind {
    /// By the superuser.
    Plain,
    /// By anyone, who is the superuser inside.
    WithUser,
}

fn permitted() -> Option<Kind> {
    let works = |kind: &Kind| process::run_quietly(in_network(*kind).arg("true")).is_ok();
    [Kind::Plain, Kind::WithUser].into_iter().find(works)
}

fn in_network(kind: Kind) -> Command {
    let mut command = Command::new("unshare");
    match kind {
        Kind::Plain => command.arg("--net"),
        Kind::WithUser => command.args(["--user", "--map-root-user", "--net"]),
    };
    command.args(["sh", "-c", IN_IT, "sh"]);
    command
}
