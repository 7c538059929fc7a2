//! `cargo xtask test` and `cargo xtask check`: the stages that stand between a change and the main branch.
//!
//! A stage that fails does not stop the next one: one run tells everything. The last line is the sum.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::counts::{self, Counts};
use crate::postgres::{Cluster, Disk};
use crate::process::{self, Said};
use crate::{assets, canary, layers, packages, sellers};

/// What one stage came to.
struct Stage {
    name: &'static str,
    counts: Counts,
    took: Duration,
}

/// The stages run so far.
#[derive(Default)]
struct Gate {
    stages: Vec<Stage>,
}

impl Gate {
    /// Runs one stage, shows its name and time, and remembers what it came to.
    fn stage(&mut self, name: &'static str, work: impl FnOnce() -> Result<Counts>) {
        println!("\n=== {name}");
        let started = Instant::now();
        let counts = work().unwrap_or_else(|error| {
            eprintln!("{error:#}");
            Counts::ONE_FAILED
        });
        let took = started.elapsed();
        let verdict = if counts.failed == 0 { "ok" } else { "FAILED" };
        println!("=== {name}: {verdict} in {:.1} s", took.as_secs_f32());
        self.stages.push(Stage { name, counts, took });
    }

    /// Prints the table and, as the very last line, the sum.
    fn close(self) -> ExitCode {
        println!("\n{:24} {:>8} {:>8} {:>8} {:>9}", "stage", "passed", "failed", "skipped", "seconds");
        let mut sum = Counts::default();
        for Stage { name, counts, took } in &self.stages {
            let Counts { passed, failed, skipped } = counts;
            println!("{name:24} {passed:>8} {failed:>8} {skipped:>8} {:>9.1}", took.as_secs_f32());
            sum = sum.plus(*counts);
        }
        println!("\n{} passed, {} failed", sum.passed, sum.failed);
        if sum.failed > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}

/// The quick half: nothing is started, nothing but cargo is needed.
pub fn check() -> ExitCode {
    let mut gate = Gate::default();
    static_stages(&mut gate);
    gate.close()
}

/// Everything: sets up what is missing, then runs all stages.
pub fn test() -> ExitCode {
    let mut gate = Gate::default();
    gate.stage("packages", || packages::install_for_tests().map(|()| Counts::ONE_PASSED));
    let mut cluster = None;
    gate.stage("postgres", || {
        let started = Cluster::start(Disk::NotWaitedFor)?;
        println!("SOUK_TEST_POSTGRES={}", started.address());
        cluster = Some(started);
        Ok(Counts::ONE_PASSED)
    });
    gate.stage("assets", || assets::run().map(|()| Counts::ONE_PASSED));
    static_stages(&mut gate);
    let postgres = cluster.as_ref().map(Cluster::address);
    // With tests and binaries in one build, crates are compiled with one set of features, and once.
    gate.stage("build", || one_check(process::cargo().args(["build", "--quiet", "--workspace", "--bins", "--tests"])));
    gate.stage("tests", || tests(postgres.as_deref()));
    gate.stage("calls that reach nothing", canary::run);
    gate.stage("examples in the docs", || doc_tests(postgres.as_deref()));
    product_stages(&mut gate, postgres.as_deref());
    drop(cluster);
    gate.close()
}

/// One stage by itself, for whoever works on it.
pub fn one_stage(name: &'static str, work: fn() -> Result<Counts>) -> Result<()> {
    let mut gate = Gate::default();
    gate.stage(name, work);
    let failed: u64 = gate.stages.iter().map(|stage| stage.counts.failed).sum();
    gate.close();
    if failed > 0 { bail!("{name} failed") } else { Ok(()) }
}

fn static_stages(gate: &mut Gate) {
    gate.stage("format", || one_check(process::cargo().args(["fmt", "--all", "--check"])));
    gate.stage("layers", || layers::run().map(|()| Counts::ONE_PASSED));
    gate.stage("lints", || {
        one_check(process::cargo().args(["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"]))
    });
    if process::find("cargo-deny").is_some() {
        gate.stage("licences", || {
            one_check(process::cargo().args(["deny", "--offline", "check", "licenses", "bans", "sources"]))
        });
    }
}

/// A few kills on each engine; `cargo xtask sim` does sixty.
fn few_kills(postgres: Option<&str>) -> Result<Counts> {
    let mut command = with_postgres(Command::new(process::target().join("debug/sim")), postgres);
    script_checks(command.args(["--kills", "3", "--longest-ms", "700", "--settle-s", "60", "--side-by-side"]))
}

fn product_stages(gate: &mut Gate, postgres: Option<&str>) {
    let root = process::root();
    gate.stage("kill -9", || few_kills(postgres));
    gate.stage("sellers of the docs", sellers::run);
    if has_scripts(&root.join("docs/how-to")) {
        gate.stage("how-to scripts", || script_checks(&mut node("browser/howto.mjs", postgres)));
    }
    if root.join("browser/package-lock.json").is_file() {
        gate.stage("browser", || {
            let folder = process::root().join("browser");
            let mut install = Command::new("npm");
            install.current_dir(&folder).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
            process::run_quietly(&mut install)?;
            script_checks(&mut node("browser/run.mjs", postgres))
        });
    }
}

fn has_scripts(folder: &Path) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries.map(|entry| entry.path()).any(|path| path.extension().is_some_and(|extension| extension == "sh"))
}

/// A script of ours for Node, told where the binary under test is.
fn node(script: &str, postgres: Option<&str>) -> Command {
    let mut command = with_postgres(Command::new("node"), postgres);
    command.current_dir(process::root()).arg(script).env("SOUK_PROGRAM", process::target().join("debug/souk"));
    command
}

fn tests(postgres: Option<&str>) -> Result<Counts> {
    let mut command = with_postgres(process::cargo(), postgres);
    if process::find("cargo-nextest").is_some() {
        command.args(["nextest", "run", "--workspace", "--no-fail-fast", "--no-tests=pass"]);
        command.args(["--status-level=slow", "--final-status-level=fail", "--cargo-quiet"]);
        return counted(&mut command, counts::of_nextest);
    }
    command.args(["test", "--quiet", "--workspace", "--lib", "--bins", "--tests", "--no-fail-fast"]);
    counted(&mut command, counts::of_cargo_test)
}

fn doc_tests(postgres: Option<&str>) -> Result<Counts> {
    let mut command = with_postgres(process::cargo(), postgres);
    counted(command.args(["test", "--quiet", "--workspace", "--doc", "--no-fail-fast"]), counts::of_cargo_test)
}

fn script_checks(command: &mut Command) -> Result<Counts> {
    counted(command, counts::of_script)
}

/// Runs a program that is one check in itself.
fn one_check(command: &mut Command) -> Result<Counts> {
    process::run(command).map(|()| Counts::ONE_PASSED)
}

/// Runs a program and counts what it reports. Failing without saying why is one failure more, and so is silence.
pub fn counted(command: &mut Command, count: fn(&str) -> Option<Counts>) -> Result<Counts> {
    let Said { text, succeeded } = process::run_and_keep(command)?;
    match (count(&text), succeeded) {
        (Some(counts), true) => Ok(counts),
        (Some(counts), false) if counts.failed > 0 => Ok(counts),
        (Some(counts), false) => Ok(counts.plus(Counts::ONE_FAILED)),
        (None, _) => bail!("the program reported no checks"),
    }
}

fn with_postgres(mut command: Command, postgres: Option<&str>) -> Command {
    if let Some(address) = postgres {
        command.env("SOUK_TEST_POSTGRES", address);
    }
    command
}
