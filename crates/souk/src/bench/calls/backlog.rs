//! A backlog after an outage: how fast it drains, and whether every seller has its share (reliability.md, F-71).

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};

use super::super::figures::Figures;
use super::super::server;
use super::CallsArguments;
use super::stage::{Stage, Working};

const LEFT: &str = "SELECT COUNT(*) AS number FROM seller_calls WHERE state = 'waiting' AND step = 'create'";
const DONE: &str = "SELECT COUNT(*) AS number FROM seller_calls WHERE state = 'done' AND opened_at >= $1
    GROUP BY seller ORDER BY number";
/// Calls that were begun far from their place among the calls of their seller, the oldest first. Calls of one instant have no
/// order among themselves, and four of a seller are at work at once.
const OVERTAKEN: &str = "SELECT COUNT(*) AS number FROM (
    SELECT ROW_NUMBER() OVER (PARTITION BY seller ORDER BY opened_at, begun.at, seller_calls.id) AS place,
      ROW_NUMBER() OVER (PARTITION BY seller ORDER BY begun.at, opened_at, seller_calls.id) AS turn
    FROM seller_calls JOIN (SELECT call, MIN(started_at) AS at FROM call_attempts GROUP BY call) AS begun
      ON begun.call = seller_calls.id
  ) AS turns WHERE turn < place - 4 OR turn > place + 4";

/// Measures one engine.
pub async fn measure(figures: &mut Figures, arguments: &CallsArguments, ground: (&Path, Option<&str>)) -> Result<()> {
    if arguments.backlog == 0 {
        return Ok(());
    }
    let engine = if ground.1.is_some() { "PostgreSQL" } else { "SQLite" };
    let mut stage = Stage::open("backlog", ground, &[]).await?;
    let sellers = stage.sellers(arguments.sellers, stage.fast).await?;
    let begun_at = domain::time::to_millisecond(stage.app.now());
    stage.sell(&sellers, arguments.backlog).await?;
    let working = Working::start(&stage.app);
    let (mut half, mut left, mut still) = (None, u64::MAX, 0);
    // One order is the template's, of a seller beside these.
    while left > 0 {
        server::pause(Duration::from_millis(500)).await;
        let now_left = stage.count(LEFT).await?;
        still = if now_left < left { 0 } else { still + 1 };
        ensure!(still < 120, "nothing moves any more; {now_left} deliveries are left");
        left = now_left;
        if half.is_none() && left <= arguments.backlog / 2 {
            half = Some(stage.numbers(DONE, begun_at).await?);
        }
    }
    let elapsed = working.stop().await?;
    let per_second = arguments.backlog * 1_000 / u64::try_from(elapsed.as_millis())?.max(1);
    figures.add(&format!("{engine}: deliveries of a backlog of {}", arguments.backlog), "a second", per_second);
    if let Some(half) = half
        && let (Some(fewest), Some(most)) = (half.first(), half.last())
    {
        figures
            .say(format!("half way, the seller with the fewest deliveries had {fewest}, the one with the most {most}"));
    }
    let overtaken = stage.count(OVERTAKEN).await?;
    figures.say(format!("{overtaken} calls were begun more than four places out of the order of their seller"));
    stage.close().await
}
