//! Searches and product pages: the index by itself, and over HTTP from several clients with connections that are kept.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use ports::{SearchIndex, SearchRequest};
use serde_json::Value;
use tokio::task::JoinSet;

use super::AllArguments;
use super::client::Client;
use super::figures::{Figures, Times};
use super::market::{self, Wanted};
use super::server::{Place, Server};

/// What people type: one word, several, Chinese, a slip, a beginning, nothing.
const TYPED: [&str; 12] = [
    "backup",
    "备份",
    "backup bakeries",
    "数据库 银行",
    "single sign-on",
    "bakup",
    "postgres nordic",
    "日志",
    "monit",
    "Danube hotels",
    "invoice",
    "",
];

/// Measures on the storage that [`super::start`] filled.
pub async fn measure(figures: &mut Figures, folder: &Path, arguments: &AllArguments) -> Result<()> {
    let AllArguments { products, runs, .. } = *arguments;
    let place = Place::make(&folder.join("search"), None, None)?;
    let app = market::open(&place.config).await?;
    market::fill(&app, Wanted { products, seller: None }).await?;
    app.store.close().await;
    drop(app);
    figures.heading(format!("Search and pages, {products} products, {} clients", arguments.clients));
    let index = indexed(&place).await?;
    for _ in 0..runs {
        alone(figures, &index, arguments).await?;
    }
    drop(index);
    let mut server = Server::start(&place, "web")?;
    server.ready("/readyz").await?;
    let fed = wait_for_index(&place, products).await?;
    figures.add("from ready to every product found", "ms", u64::try_from(fed.as_millis())?);
    figures.add(&format!("resident memory idle, {products} products found"), "KiB", server.resident_kib()?);
    let slugs = slugs(&place).await?;
    for _ in 0..runs {
        for (name, paths) in [
            ("searches over the API", typed("/api/v1/products?q=")),
            ("search pages", typed("/search?q=")),
            ("product pages", slugs.iter().map(|slug| format!("/products/{slug}")).collect()),
        ] {
            let (times, elapsed) = over_http(&place, paths, arguments).await.context(name)?;
            figures.add(name, "a second", times.per_second(elapsed));
            figures.add(&format!("{name}, slowest of a hundred"), "us", times.slowest_hundredth_us());
        }
    }
    figures.add(&format!("resident memory under load, {products} products"), "KiB", server.resident_kib()?);
    server.stop().await
}

fn typed(start: &str) -> Vec<String> {
    let escaped = |words: &str| url::form_urlencoded::byte_serialize(words.as_bytes()).collect::<String>();
    TYPED.iter().map(|words| format!("{start}{}", escaped(words))).collect()
}

/// The index is fed beside the first requests.
#[expect(clippy::disallowed_methods, reason = "a benchmark waits for another process, in real time")]
async fn wait_for_index(place: &Place, products: u32) -> Result<Duration> {
    let started = Instant::now();
    let mut client = Client::connect(place.address).await?;
    while started.elapsed() < Duration::from_secs(60) {
        let found: Value = serde_json::from_slice(&client.read("/api/v1/products?limit=1").await?)?;
        if found.get("indexed").and_then(Value::as_u64) >= Some(products.into()) {
            return Ok(started.elapsed());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    bail!("the index is not complete after 60 s")
}

/// Some product pages.
async fn slugs(place: &Place) -> Result<Vec<String>> {
    let mut client = Client::connect(place.address).await?;
    let found: Value = serde_json::from_slice(&client.read("/api/v1/products?limit=100").await?)?;
    let items = found.get("items").and_then(Value::as_array).context("no products")?;
    Ok(items.iter().filter_map(|item| item.get("slug")?.as_str()).map(str::to_owned).collect())
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
    figures.add("searches in the index, slowest of a hundred", "us", times.slowest_hundredth_us());
    Ok(())
}

/// Reads paths in turn over HTTP, from as many clients as are wanted.
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
