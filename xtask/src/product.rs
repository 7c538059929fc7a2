//! Commands that build the product and start it: demo, benchmarks, simulation.

use std::process::Command;

use anyhow::Result;

use crate::postgres::{Cluster, Disk};
use crate::{assets, process};

/// Builds the marketplace and starts it with demo data; stays until it is stopped.
pub fn demo(rest: &[String]) -> Result<()> {
    assets::run()?;
    process::run(process::cargo().args(["build", "--package", "souk"]))?;
    process::run(Command::new(process::target().join("debug/souk")).arg("demo").args(rest))
}

/// Builds with optimisation and runs the benchmarks, on both engines: PostgreSQL is a throw-away cluster that waits for its disk,
/// unless `--postgres` names one or a part of the benchmarks is asked for by name.
pub fn bench(rest: &[String]) -> Result<()> {
    assets::run()?;
    process::run(process::cargo().args(["build", "--release", "--package", "souk"]))?;
    let mut command = Command::new(process::target().join("release/souk"));
    if std::env::var_os("SOUK_LOG").is_none() {
        command.env("SOUK_LOG", "warn");
    }
    command.arg("bench").args(rest);
    let whole = rest.first().is_none_or(|word| word.starts_with("--") && word != "--help");
    let cluster = match whole && !rest.iter().any(|word| word.starts_with("--postgres")) {
        true => Some(Cluster::start(Disk::WaitedFor)?),
        false => None,
    };
    if let Some(cluster) = &cluster {
        command.arg("--postgres").arg(cluster.address());
    }
    process::run(&mut command)
}

/// Builds the marketplace and its simulation, and runs the simulation. PostgreSQL is a throw-away cluster unless
/// `--postgres` or `SOUK_TEST_POSTGRES` names one.
pub fn sim(rest: &[String]) -> Result<()> {
    assets::run()?;
    process::run(process::cargo().args(["build", "--package", "souk", "--package", "sim"]))?;
    let named =
        rest.iter().any(|word| word.starts_with("--postgres")) || std::env::var_os("SOUK_TEST_POSTGRES").is_some();
    let sqlite_only =
        rest.windows(2).any(|two| two == ["--engine", "sqlite"]) || rest.contains(&"--engine=sqlite".to_owned());
    let needed = !named && !sqlite_only;
    let cluster = if needed { Some(Cluster::start(Disk::NotWaitedFor)?) } else { None };
    let mut command = Command::new(process::target().join("debug/sim"));
    if let Some(cluster) = &cluster {
        command.env("SOUK_TEST_POSTGRES", cluster.address());
    }
    process::run(command.args(rest))
}
