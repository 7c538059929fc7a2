//! Searches and product pages: the index by itself, and over HTTP from several clients with connections that are kept.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use ports::{SearchIndex, SearchRequest};
use tokio::task::JoinSet;

use super::AllArguments;
use super::client::Client;
use super::figures::{Figures, Times};
use super::market::{self, Wanted};
use super::server::{Place, Server};

/// What people type: one word, several, Chinese, a slip, a beginning, nothing.
const TYPED: [&str; 12] = [
    "backup", "备份", "backup bakeries", "数据库 银行", "single sign-on", "bakup", "postgres nordic", "日志", "monit",
    "Danube hotels", "invoice", "",
];

/// Measures on the storage that [`super::start`] filled.
pub async fn measure(figures: &mut Figures, folder: &Path, arguments: &AllArguments) -> Result<()> {
    let AllArguments { products, runs, .. } = *arguments;
    let place = Place::make(&folder.join("search"), None, None)?;
    let app = market::open(&place.config).await?;
    market::fill(&app, Wanted { products, seller: None }).await?;
    app.store.close().await;
    drop(app);
    figures.heading(format!("Search and pages, {products} products"));
    let index = indexed(&place).await?;
    let mut server = Server::start(&place, "web")?;
    server.ready("/readyz").await?;
    for _ in 0..runs {
        alone(figures, &index, arguments).await?;
    }
    server.stop().await
}

/// The index by itself, in this process.
async fn indexed(place: &Place) -> Result<Arc<dyn SearchIndex>> {
    let app = crate::wiring::open(&place.config).await?;
    app::catalog::IndexFeed::new().poll(&app).await?;
    app.store.close().await;
    Ok(app.search.clone())
}

async fn alone(figures: &mut Figures, index: &Arc<dyn SearchIndex>, arguments: &AllArguments) -> Result<()> {
    let end = Duration::from_secs(arguments.seconds);
    let started = Instant::now();
    let mut threads = JoinSet::new();
    for thread in 0..std::thread::available_parallelism().map_or(1, usize::from) {
        let index = Arc::clone(index);
        threads.spawn_blocking(move || {
            let mut times = Times::default();
            let mut place = thread;
            while started.elapsed() < end {
                let words = TYPED[place % TYPED.len()].to_owned();
                place += 1;
                let asked = Instant::now();
                index.search(&SearchRequest { words, most: 24, ..SearchRequest::default() })?;
                times.add(asked.elapsed());
            }
            Ok::<_, ports::SearchFailure>(times)
        });
    }
    let mut times = Times::default();
    while let Some(thread) = threads.join_next().await {
        times.join(thread.context("a thread")??);
    }
    figures.add("searches in the index", "a second", times.per_second(started.elapsed()));
    figures.add("  slowest of a hundred", "us", times.slowest_hundredth_us());
    Ok(())
}

/// Reads paths in turn over HTTP, from as many clients as are wanted.
#[expect(dead_code, reason = "the pages land with their slice")]
async fn over_http(place: &Place, paths: Vec<String>, arguments: &AllArguments) -> Result<(Times, Duration)> {
    let paths = Arc::new(paths);
    let end = Duration::from_secs(arguments.seconds);
    let started = Instant::now();
    let mut clients = JoinSet::new();
    for number in 0..arguments.clients {
        let (paths, mut client) = (Arc::clone(&paths), Client::connect(place.address).await?);
        clients.spawn(async move {
            let (mut times, mut turn) = (Times::default(), number as usize);
            while started.elapsed() < end {
                let asked = Instant::now();
                client.read(&paths[turn % paths.len()]).await?;
                times.add(asked.elapsed());
                turn += 1;
            }
            Ok::<_, anyhow::Error>(times)
        });
    }
    let mut times = Times::default();
    while let Some(client) = clients.join_next().await {
        times.join(client??);
    }
    Ok((times, started.elapsed()))
}
