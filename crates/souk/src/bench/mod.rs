//! `souk bench`: what this machine does per second. Figures are printed, never asserted.

pub mod storage;

use anyhow::Result;

/// What to measure.
#[derive(clap::Args)]
pub struct BenchArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Order transactions per second on each storage engine, beside what the disk can do.
    Storage(storage::StorageArguments),
}

/// Measures and prints.
pub async fn run(arguments: BenchArguments) -> Result<()> {
    match arguments.what {
        What::Storage(arguments) => storage::run(arguments).await,
    }
}
