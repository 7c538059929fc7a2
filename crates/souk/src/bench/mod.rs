//! `souk bench`: what this machine does per second, in one run. Figures are printed, never asserted.
//!
//! Each figure is measured several times, in turns with those it is compared with, so that a noisy machine disturbs all
//! alike; the lowest, the median and the highest run are printed.

mod calls;
mod client;
mod figures;
mod machine;
mod market;
mod orders;
mod search;
mod server;
mod start;
pub mod storage;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use figures::Figures;

/// What to measure.
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct BenchArguments {
    #[command(flatten)]
    all: AllArguments,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(clap::Subcommand)]
enum What {
    /// Order transactions per second on each storage engine, beside what the disk can do.
    Storage(storage::StorageArguments),
    /// Production calls per second beside a bare loop of the same client, a backlog, a dead seller, memory per call.
    Calls(calls::CallsArguments),
}

/// How everything is measured.
#[derive(Clone, Debug, clap::Args)]
pub struct AllArguments {
    /// How often each figure is measured.
    #[arg(long, default_value_t = 3)]
    pub runs: usize,
    /// How long each rate is measured, in seconds, each time.
    #[arg(long, default_value_t = 5)]
    pub seconds: u64,
    /// How many clients ask at once.
    #[arg(long, default_value_t = 32)]
    pub clients: u32,
    /// How many products the market has for search, pages and start.
    #[arg(long, default_value_t = 10_000)]
    pub products: u32,
    /// A PostgreSQL database that schemas may be made in, as postgres://user:password@host/database.
    #[arg(long)]
    pub postgres: Option<String>,
    /// A folder on the disk to measure. Files made in it are removed.
    #[arg(long, default_value = ".")]
    pub folder: PathBuf,
}

/// Measures and prints.
pub async fn run(arguments: BenchArguments) -> Result<()> {
    match arguments.what {
        Some(What::Storage(arguments)) => storage::run(arguments).await,
        Some(What::Calls(arguments)) => calls::run(arguments).await,
        None => run_all(&arguments.all).await,
    }
}

async fn run_all(arguments: &AllArguments) -> Result<()> {
    ensure!(
        arguments.runs > 0 && arguments.seconds > 0 && arguments.clients > 0,
        "runs, seconds and clients must be 1 or more"
    );
    let folder = std::path::absolute(&arguments.folder)?.join(format!("souk-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut figures = Figures::default();
    machine::facts().into_iter().for_each(|fact| figures.say(fact));
    let measured = measure(&mut figures, arguments, &folder).await;
    print!("{}", figures.table());
    std::fs::remove_dir_all(&folder).with_context(|| format!("{} stays behind", folder.display()))?;
    measured
}

/// One part after the other; a part that fails says so among the figures, and the others are measured all the same.
async fn measure(figures: &mut Figures, arguments: &AllArguments, folder: &Path) -> Result<()> {
    let mut failed = Vec::new();
    let mut part = |name: &'static str, figures: &mut Figures, done: Result<()>| {
        if let Err(error) = done {
            figures.say(format!("{name} could not be measured: {error:#}"));
            failed.push(name);
        }
    };
    let done = start::measure(figures, folder, 0, arguments.runs).await;
    part("start on an empty storage", figures, done);
    let done = start::measure(figures, folder, arguments.products, arguments.runs).await;
    part("start with products", figures, done);
    let done = orders::measure(figures, folder, arguments, None).await;
    part("orders on SQLite", figures, done);
    if let Some(url) = &arguments.postgres {
        let done = orders::measure(figures, folder, arguments, Some(url)).await;
        part("orders on PostgreSQL", figures, done);
    }
    let done = search::measure(figures, folder, arguments).await;
    part("search and pages", figures, done);
    ensure!(failed.is_empty(), "not everything could be measured: {}", failed.join(", "));
    Ok(())
}
