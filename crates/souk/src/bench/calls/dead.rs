//! A dead seller with many calls waiting, beside healthy ones: how long these wait for their turn (reliability.md, F-14).

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::super::figures::Figures;
use super::super::server::{self, free_address};
use super::CallsArguments;
use super::stage::{Seller, Stage, Working};

/// How many orders arrive a second, over all healthy sellers.
const ARRIVALS: u64 = 40;

/// From when a call was opened to when its first attempt began.
const DELAYS: &str = "SELECT MIN(call_attempts.started_at) - seller_calls.opened_at AS number
    FROM seller_calls JOIN call_attempts ON call_attempts.call = seller_calls.id
    WHERE seller_calls.opened_at >= $1 AND seller_calls.state = 'done'
    GROUP BY seller_calls.id, seller_calls.opened_at ORDER BY number";

/// Measures one engine.
pub async fn measure(figures: &mut Figures, arguments: &CallsArguments, ground: (&Path, Option<&str>)) -> Result<()> {
    let engine = if ground.1.is_some() { "PostgreSQL" } else { "SQLite" };
    let nobody = free_address()?;
    let mut stage = Stage::open("dead", ground, &[nobody]).await?;
    let healthy = stage.sellers(arguments.sellers, stage.fast).await?;
    let dead = stage.sellers(1, nobody).await?;
    let (alone, beside) =
        (format!("{engine}: start delay, 95 of 100, all healthy"), format!("{engine}: the same beside a dead seller"));
    // Long enough for the dead seller's calls to come back once after their minute.
    let seconds = arguments.seconds.max(5) * 3;
    let working = Working::start(&stage.app);
    figures.add(&alone, "ms", arrive(&mut stage, &healthy, seconds).await?);
    stage.sell(&dead, arguments.dead).await?;
    figures.add(&beside, "ms", arrive(&mut stage, &healthy, seconds.max(75)).await?);
    working.stop().await?;
    figures.ratio(&beside, &alone);
    let tried = stage.count("SELECT COUNT(*) AS number FROM call_attempts WHERE outcome = 'retry'").await?;
    figures.say(format!("{} calls waited for the dead seller, which was tried {tried} times", arguments.dead));
    stage.close().await
}

/// Lets orders arrive for so long; answers the delay that 95 of 100 calls stayed under, in milliseconds.
async fn arrive(stage: &mut Stage, sellers: &[Seller], seconds: u64) -> Result<u64> {
    let begun_at = domain::time::to_millisecond(stage.app.now());
    let (begun, mut arrived) = (Instant::now(), 0);
    while begun.elapsed() < Duration::from_secs(seconds) {
        let due = u64::try_from(begun.elapsed().as_millis())? * ARRIVALS / 1_000;
        if due > arrived {
            stage.sell(sellers, due - arrived).await?;
            arrived = due;
        }
        server::pause(Duration::from_millis(10)).await;
    }
    server::pause(Duration::from_secs(1)).await;
    let delays = stage.numbers(DELAYS, begun_at).await?;
    Ok(delays.get(delays.len() * 95 / 100).copied().unwrap_or(u64::MAX))
}
