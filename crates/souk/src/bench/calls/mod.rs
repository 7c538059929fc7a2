//! `souk bench calls`: the call engine. How many production calls a second it makes beside a bare loop of the same HTTP
//! client, how a backlog drains, what a dead seller does to the others, and what a call in flight costs in memory.
//!
//! *How.* Everything stands in the tables first, as a sale would have left it; then the real job runner works in this process
//! through the real guarded client, against `souk seller` as a process of its own. Ratios are of one run on one machine.

mod backlog;
mod dead;
mod memory;
mod rate;
mod stage;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::figures::Figures;
use super::machine;

/// How the call engine is measured.
#[derive(Clone, Debug, clap::Args)]
pub struct CallsArguments {
    /// How often each rate is measured.
    #[arg(long, default_value_t = 3)]
    pub runs: usize,
    /// How long each rate is measured, in seconds, each time.
    #[arg(long, default_value_t = 5)]
    pub seconds: u64,
    /// Over how many sellers the calls are spread.
    #[arg(long, default_value_t = 20)]
    pub sellers: usize,
    /// How many deliveries wait when the backlog is drained.
    #[arg(long, default_value_t = 100_000)]
    pub backlog: u64,
    /// How many calls wait for the seller that is dead.
    #[arg(long, default_value_t = 10_000)]
    pub dead: u64,
    /// How many calls hang at once when their memory is measured.
    #[arg(long, default_value_t = 256)]
    pub hanging: u32,
    /// A PostgreSQL database that schemas may be made in, as postgres://user:password@host/database.
    #[arg(long)]
    pub postgres: Option<String>,
    /// A folder on the disk to measure. Files made in it are removed.
    #[arg(long, default_value = ".")]
    pub folder: PathBuf,
}

/// Measures and prints.
pub async fn run(arguments: CallsArguments) -> Result<()> {
    let fine = arguments.runs > 0 && arguments.seconds > 0 && arguments.sellers > 0 && arguments.hanging > 0;
    ensure!(fine, "runs, seconds, sellers and hanging must be 1 or more");
    let folder = std::path::absolute(&arguments.folder)?.join(format!("souk-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut figures = Figures::default();
    machine::facts().into_iter().for_each(|fact| figures.say(fact));
    let measured = measure(&mut figures, &arguments, &folder).await;
    print!("{}", figures.table());
    std::fs::remove_dir_all(&folder).with_context(|| format!("{} stays behind", folder.display()))?;
    measured
}

async fn measure(figures: &mut Figures, arguments: &CallsArguments, folder: &Path) -> Result<()> {
    // Memory first: nothing has grown yet.
    memory::measure(figures, arguments, folder).await.context("memory")?;
    for postgres in std::iter::once(None).chain(arguments.postgres.as_deref().map(Some)) {
        let engine = if postgres.is_some() { "PostgreSQL" } else { "SQLite" };
        figures.heading(format!("Calls, {engine}, {} sellers", arguments.sellers));
        rate::measure(figures, arguments, (folder, postgres)).await.context("calls a second")?;
        backlog::measure(figures, arguments, (folder, postgres)).await.context("backlog")?;
        dead::measure(figures, arguments, (folder, postgres)).await.context("a dead seller")?;
    }
    Ok(())
}
