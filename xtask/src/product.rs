//! Commands that build the product and start it: demo, benchmarks, simulation.

use std::process::Command;

use anyhow::{Result, bail};

use crate::{assets, process};

/// Builds the marketplace and starts it with demo data; stays until it is stopped.
pub fn demo(rest: &[String]) -> Result<()> {
    assets::run()?;
    process::run(process::cargo().args(["build", "--quiet", "--package", "souk"]))?;
    process::run(Command::new(process::target().join("debug/souk")).arg("demo").args(rest))
}

/// Builds with optimisation and runs the benchmarks.
pub fn bench(rest: &[String]) -> Result<()> {
    assets::run()?;
    process::run(process::cargo().args(["build", "--quiet", "--release", "--package", "souk"]))?;
    process::run(Command::new(process::target().join("release/souk")).arg("bench").args(rest))
}

/// Builds the marketplace and its simulation, and runs the simulation.
pub fn sim(rest: &[String]) -> Result<()> {
    if !process::root().join("crates/sim/src/main.rs").is_file() {
        bail!("the simulation has no program yet");
    }
    assets::run()?;
    process::run(process::cargo().args(["build", "--quiet", "--package", "souk", "--package", "sim"]))?;
    process::run(Command::new(process::target().join("debug/sim")).args(rest))
}
