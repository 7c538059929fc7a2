//! What a call in flight costs in memory: many calls that hang at sellers that take connections and say nothing.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use app::settings::Jobs;

use super::super::figures::Figures;
use super::super::{machine, server};
use super::CallsArguments;
use super::stage::{Stage, Working, with_jobs};

const BEGUN: &str = "SELECT COUNT(*) AS number FROM call_attempts";

/// Measures with the embedded engine; the calls themselves know nothing of it.
pub async fn measure(figures: &mut Figures, arguments: &CallsArguments, folder: &Path) -> Result<()> {
    let silent = tokio::net::TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
    let mut stage = Stage::open("memory", (folder, None), &[silent.local_addr()?]).await?;
    let jobs = Jobs { at_once: arguments.hanging, ..stage.app.settings.jobs.clone() };
    let count = usize::try_from(arguments.hanging.div_ceil(jobs.per_lane))?;
    let sellers = stage.sellers(count, silent.local_addr()?).await?;
    let resident = || machine::resident_kib(std::process::id()).context("the memory of this process cannot be read");
    stage.sell(&sellers, u64::from(arguments.hanging)).await?;
    server::pause(Duration::from_secs(1)).await;
    let before = resident()?;
    let working = Working::start(&with_jobs(&stage.app, jobs));
    let mut begun = 0;
    while begun < u64::from(arguments.hanging) && working.since.elapsed() < Duration::from_secs(15) {
        server::pause(Duration::from_millis(100)).await;
        begun = stage.count(BEGUN).await?;
    }
    ensure!(begun > 0, "no call was begun");
    server::pause(Duration::from_secs(1)).await;
    let grown = resident()?.saturating_sub(before);
    working.abandon();
    figures.heading("Memory");
    figures.add(&format!("{begun} calls in flight, each"), "KiB", grown / begun);
    stage.close().await
}
