//! Calls a second through the engine, in turns with a bare loop of the same HTTP client against the same seller.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use app::App;
use domain::time::to_millisecond;
use koogallery::v2::{self, NewInstance, ProductionAddress, TestFlag};
use koogallery::{AccessKey, Id, Nonce};
use ports::{Method, OutgoingCall};
use tokio::task::JoinSet;

use super::super::figures::{Figures, Times};
use super::super::server;
use super::CallsArguments;
use super::stage::{KEY, Stage, Working};

const FINISHED: &str = "SELECT COUNT(*) AS number FROM call_attempts WHERE finished_at IS NOT NULL";

/// Measures both in turns.
pub async fn measure(figures: &mut Figures, arguments: &CallsArguments, ground: (&Path, Option<&str>)) -> Result<()> {
    let engine = if ground.1.is_some() { "PostgreSQL" } else { "SQLite" };
    let mut stage = Stage::open("rate", ground, &[]).await?;
    let sellers = stage.sellers(arguments.sellers, stage.fast).await?;
    let (through, beside) = (format!("{engine}: calls through the engine"), format!("{engine}: bare calls"));
    for _ in 0..arguments.runs {
        let (times, elapsed) = bare(&stage, arguments).await?;
        figures.add(&beside, "a second", times.per_second(elapsed));
        // Two calls an order: more than the bare loop could make.
        let enough = times.count().max(1_000);
        stage.sell(&sellers, enough).await?;
        let before = stage.count(FINISHED).await?;
        let working = Working::start(&stage.app);
        server::pause(Duration::from_secs(arguments.seconds)).await;
        let elapsed = working.stop().await?;
        let made = stage.count(FINISHED).await? - before;
        ensure!(made > 0, "no call was made");
        figures.add(&through, "a second", made * 1_000 / u64::try_from(elapsed.as_millis())?.max(1));
    }
    figures.ratio(&through, &beside);
    stage.close().await
}

/// As many loops as the engine has workers, each of which signs and sends one call after another.
async fn bare(stage: &Stage, arguments: &CallsArguments) -> Result<(Times, Duration)> {
    let jobs = &stage.app.settings.jobs;
    let lanes = u32::try_from(arguments.sellers)?.saturating_mul(jobs.per_lane);
    let (started, end) = (Instant::now(), Duration::from_secs(arguments.seconds));
    let url = Arc::new(ProductionAddress::parse(&format!("http://{}/produce", stage.fast))?);
    let mut loops = JoinSet::new();
    for number in 0..jobs.at_once.min(lanes) {
        let (app, url) = (stage.app.clone(), Arc::clone(&url));
        loops.spawn(async move {
            let mut times = Times::default();
            while started.elapsed() < end {
                let asked = Instant::now();
                let call = signed(&app, &url, &format!("{number}-{}", times.count()))?;
                let answer = app.seller_link.send(call).await.map_err(|failure| anyhow::anyhow!("{failure:?}"))?;
                ensure!(answer.status == 200, "the seller answered {}", answer.status);
                times.add(asked.elapsed());
            }
            Ok(times)
        });
    }
    let mut times = Times::default();
    while let Some(done) = loops.join_next().await {
        times.join(done??);
    }
    Ok((times, started.elapsed()))
}

fn signed(app: &App, url: &ProductionAddress, name: &str) -> Result<OutgoingCall> {
    let call = NewInstance {
        order_id: Id::parse(&format!("bare-{name}"))?,
        order_line_id: Id::parse(&format!("bare-{name}-000001"))?,
        business_id: Id::parse(&hex::encode(app.random::<12>()))?,
        test_flag: TestFlag::Production,
    };
    let (key, nonce) = (AccessKey::parse(KEY)?, Nonce::from_random(app.random()));
    let request = v2::sign(call.into(), url, &key, &nonce, to_millisecond(app.now()));
    let headers = request.headers().iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Ok(OutgoingCall {
        method: Method::Post,
        url: request.url().to_owned(),
        headers: headers.collect(),
        body: request.body().to_vec(),
        deadline_ms: app.settings.fulfilment.deadline_ms,
    })
}
