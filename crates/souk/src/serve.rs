//! `souk serve`, `souk worker`, `souk migrate`: the marketplace as a process, from start to drain.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use app::App;
use app::catalog::IndexFeed;
use app::jobs::Runner;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use http_kit::{Doors, Routes, assemble};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::config::Config;
use crate::ending::signal;
use crate::wiring;

/// What one process of the marketplace does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Role {
    /// Pages, API and jobs.
    All,
    /// Pages and API; another node runs the jobs.
    Web,
}

/// How to serve.
#[derive(clap::Args)]
pub struct ServeArguments {
    /// What this process does.
    #[arg(long, value_enum, default_value = "all")]
    role: Role,
}

/// How long requests and jobs in flight may take after a signal to stop (reliability.md F-04).
const DRAIN: Duration = Duration::from_secs(20);
/// How long start-up waits for the product index.
const INDEX_HEAD_START: Duration = Duration::from_millis(250);

/// Every route of the marketplace.
pub fn routes() -> Routes {
    let description = serde_json::to_value(api::describe()).unwrap_or_default();
    Routes::new().and(http_kit::health::routes()).and(api::routes()).and(web::routes(description))
}

/// Runs the marketplace until a signal, then drains.
pub async fn serve(config: &Config, arguments: ServeArguments) -> anyhow::Result<()> {
    let app = wiring::open(config).await?;
    let greeting = greeting(&app, config).await?;
    run(app, config, arguments.role, greeting).await
}

/// Runs an opened marketplace until a signal, then drains. Says `greeting` once it listens.
pub async fn run(app: App, config: &Config, role: Role, greeting: String) -> anyhow::Result<()> {
    prepare(&app).await?;
    let stop = CancellationToken::new();
    let metrics = metrics(&app, config, stop.clone()).await?;
    let jobs = match role {
        Role::All => Some(start_jobs(&app, stop.clone()).await?),
        Role::Web => None,
    };
    follow_products(&app, stop.clone()).await;
    let listener = listen(config.listen.address).await?;
    let address = listener.local_addr().context("the listening address")?;
    info!(%address, engine = %app.store.engine(), "Ready at {}", config.site.public_url);
    println!("{greeting}");
    let doors = Doors {
        routes: routes(),
        page: web::problem_page,
        rates: config.limits.rates(),
        proxies: config.listen.proxies.clone(),
    };
    let service = assemble(app.clone(), doors).into_make_service_with_connect_info::<SocketAddr>();
    let ending = stop.clone();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        signal().await;
        info!("Draining");
        ending.cancel();
    });
    #[expect(clippy::disallowed_methods, reason = "the drain ends by the wall clock, whatever the jobs say")]
    let forced = async {
        stop.cancelled().await;
        tokio::time::sleep(DRAIN).await;
    };
    tokio::select! {
        served = server => served.context("the listener failed")?,
        () = forced => warn!("Some requests did not end within {} s", DRAIN.as_secs()),
    }
    if let Some(jobs) = jobs {
        let _ = tokio::time::timeout(DRAIN, jobs).await;
    }
    app.store.close().await;
    drop(metrics);
    info!("Stopped");
    Ok(())
}

/// Runs only jobs until a signal.
pub async fn work(config: &Config) -> anyhow::Result<()> {
    let app = wiring::open(config).await?;
    prepare(&app).await?;
    let stop = CancellationToken::new();
    let _metrics = metrics(&app, config, stop.clone()).await?;
    let jobs = start_jobs(&app, stop.clone()).await?;
    info!(engine = %app.store.engine(), "Working");
    signal().await;
    stop.cancel();
    let _ = tokio::time::timeout(DRAIN, jobs).await;
    app.store.close().await;
    Ok(())
}

/// Brings the tables up to date and stops.
pub async fn migrate(config: &Config) -> anyhow::Result<()> {
    let app = wiring::open(config).await?;
    println!("The tables on {} are up to date.", app.store.engine());
    app.store.close().await;
    Ok(())
}

/// What must be there before anything runs.
pub async fn prepare(app: &App) -> anyhow::Result<()> {
    app::audit::start(app).await.context("the audit chain cannot be started")?;
    app::operations::start_housekeeping(app).await.context("housekeeping cannot be started")?;
    app::selling::dial_tests::start_dial_tests(app).await.context("dial tests cannot be started")
}

/// What a person at the terminal needs.
async fn greeting(app: &App, config: &Config) -> anyhow::Result<String> {
    let ready = format!("{} is ready at {}", config.site.name, config.site.public_url);
    Ok(match app::identity::first_operator::make_link(app).await? {
        None => ready,
        Some(link) => format!("{ready}\nNobody operates it yet. The first operator signs up here, once: {link}"),
    })
}

/// Starts to work off jobs, those first that a dead predecessor left in the middle.
#[expect(clippy::disallowed_methods, reason = "the job runner itself is a task of this process")]
pub async fn start_jobs(app: &App, stop: CancellationToken) -> anyhow::Result<tokio::task::JoinHandle<()>> {
    let left = app::jobs::take_over(app).await.context("the jobs of the process before cannot be taken over")?;
    if left > 0 {
        info!(jobs = left, "Took over jobs of a process that ended in the middle");
    }
    Ok(tokio::spawn(Arc::new(Runner::new(app.clone())).work(stop)))
}

/// Fills the product index of this process and keeps it up to date. A small market is whole before the first request; a
/// large one is filled while it is served.
#[expect(
    clippy::disallowed_methods,
    reason = "feeding the index is a task of this process, and start-up waits by the wall clock"
)]
async fn follow_products(app: &App, stop: CancellationToken) {
    let (filled, whole) = tokio::sync::oneshot::channel();
    let app = app.clone();
    tokio::spawn(async move {
        let mut feed = IndexFeed::new();
        if let Err(error) = feed.poll(&app).await {
            warn!(%error, "The product index could not be filled; it is tried again");
        }
        let _ = filled.send(());
        tokio::select! {
            () = feed.run(app) => {}
            () = stop.cancelled() => {}
        }
    });
    let _ = tokio::time::timeout(INDEX_HEAD_START, whole).await;
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("{address} cannot be listened on"))
}

/// Metrics are recorded always and served only where the operator says.
#[expect(clippy::disallowed_methods, reason = "the metrics listener is a task of this process")]
async fn metrics(app: &App, config: &Config, stop: CancellationToken) -> anyhow::Result<PrometheusHandle> {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).context("metrics were set up twice")?;
    let kept_up = handle.clone();
    keep_up(UPKEEP_EVERY, move || kept_up.run_upkeep(), stop.clone());
    if let Some(address) = config.listen.metrics {
        let listener = listen(address).await?;
        let scraped = (app.clone(), handle.clone());
        let router = Router::new().route("/metrics", get(scrape)).with_state(scraped);
        let server = axum::serve(listener, router).with_graceful_shutdown(async move { stop.cancelled().await });
        tokio::spawn(async move {
            if let Err(error) = server.await {
                warn!(%error, "The metrics listener failed");
            }
        });
    }
    Ok(handle)
}

/// How often what was measured is summed up.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// Every measurement of a duration is kept one by one until it is summed up, at a scrape or here: nobody may ever scrape, and then
/// the memory would grow with each request (the recorder leaves this to whoever builds it).
#[expect(clippy::disallowed_methods, reason = "the upkeep of metrics is a task of this process, by the wall clock")]
fn keep_up(
    every: Duration,
    upkeep: impl Fn() + Send + 'static,
    stop: CancellationToken,
) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(every);
        loop {
            tokio::select! {
                _ = tick.tick() => upkeep(),
                () = stop.cancelled() => return,
            }
        }
    })
}

/// What is counted in the tables is read at each scrape; the rest was counted as it happened.
async fn scrape(State((app, handle)): State<(App, PrometheusHandle)>) -> String {
    if let Err(error) = app::operations::measure(&app).await {
        warn!(%error, "The tables could not be measured");
    }
    handle.render()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn measurements_are_summed_up_again_and_again_until_the_process_stops() {
        let stop = CancellationToken::new();
        let (told, mut times) = tokio::sync::mpsc::unbounded_channel();
        let task = keep_up(Duration::from_millis(1), move || told.send(()).unwrap_or_default(), stop.clone());
        for _ in 0..12 {
            times.recv().await.expect("nobody scraped, and it goes on");
        }
        stop.cancel();
        task.await.expect("it ends with the process");
        while times.recv().await.is_some() {}
    }

    /// What the upkeep is for: what a histogram was told is drained from where it would pile up.
    #[test]
    fn the_upkeep_keeps_what_was_measured() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        metrics::with_local_recorder(&recorder, || {
            for _ in 0..1_000 {
                metrics::histogram!("souk_test_seconds").record(0.25);
                handle.run_upkeep();
            }
        });
        assert!(handle.render().contains("souk_test_seconds_count 1000"), "{}", handle.render());
    }
}
