//! Orders over HTTP beside the bare order transaction, in turns on the same engine and disk; and how fast a seller's
//! system is worked off afterwards.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use axum::http::StatusCode;
use domain::catalog::Agreement;
use domain::ids::SpecificationId;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::AllArguments;
use super::client::{Client, Credentials};
use super::figures::{Figures, Times};
use super::market::{self, Wanted};
use super::server::{self, Place, Schema, Server, free_address};
use super::storage::BareOrders;

/// The key of the seller's production address.
const SELLER_KEY: &str = "benchmark-access-key-0001";
const SCHEMA: &str = "souk_bench_orders";

/// Measures one engine: the embedded one, or the PostgreSQL server at `postgres`.
pub async fn measure(
    figures: &mut Figures,
    folder: &Path,
    arguments: &AllArguments,
    postgres: Option<&str>,
) -> Result<()> {
    let engine = if postgres.is_some() { "PostgreSQL" } else { "SQLite" };
    let folder = folder.join(format!("orders-{engine}"));
    let seller = free_address()?;
    let schema = postgres.map(|url| Schema { url: url.to_owned(), name: SCHEMA.to_owned() });
    if let Some(schema) = &schema {
        schema.remove().await?;
        schema.make().await?;
    }
    let place = Place::make(&folder, schema.as_ref(), Some(seller))?;
    let market = Market::set_up(&place, seller, arguments).await?;
    let mut bare = BareOrders::prepare(&folder.join("bare"), postgres).await?;
    let mut server = Server::start(&place, "web")?;
    server.ready("/readyz").await?;
    let (through, beside) = (format!("{engine}: orders through the API"), format!("{engine}: bare order transaction"));
    figures.heading(format!("Orders, {engine}, {} clients", arguments.clients));
    let mut placed = 0;
    for _ in 0..arguments.runs {
        figures.add(&beside, "a second", bare.run(arguments).await?);
        let (times, elapsed) = market.order(&place, arguments).await?;
        placed += times.count();
        figures.add(&through, "a second", times.per_second(elapsed));
        figures.add(&format!("{through}, slowest of a hundred"), "us", times.slowest_hundredth_us());
        figures.add(&format!("{engine}: resident memory under orders"), "KiB", server.resident_kib()?);
    }
    figures.ratio(&through, &beside);
    server.stop().await?;
    bare.remove().await?;
    deliver(figures, &place, seller, &folder, arguments, (engine, placed)).await?;
    if let Some(schema) = &schema {
        schema.remove().await?;
    }
    Ok(())
}

/// One product on sale, and the customers who buy it.
struct Market {
    specification: SpecificationId,
    agreement: Option<String>,
    customers: Vec<Credentials>,
    keys: Arc<AtomicU64>,
}

impl Market {
    async fn set_up(place: &Place, seller: std::net::SocketAddr, arguments: &AllArguments) -> Result<Market> {
        let app = market::open(&place.config).await?;
        let wanted = Wanted { products: 1, seller: Some((seller, SELLER_KEY)) };
        market::fill(&app, wanted).await?;
        let customers = market::customers(&app, arguments.clients).await?;
        let offer = market::first_offer(&app).await?;
        app.store.close().await;
        Ok(Market {
            specification: offer.specification,
            agreement: offer.agreement.as_ref().map(Agreement::version_hash),
            customers,
            keys: Arc::new(AtomicU64::new(0)),
        })
    }

    /// Every customer orders, one order after another, until the time is over.
    async fn order(&self, place: &Place, arguments: &AllArguments) -> Result<(Times, Duration)> {
        let mut ready = Vec::new();
        for credentials in &self.customers {
            let mut client = Client::connect(place.address).await?;
            let ask = json!({"specification": self.specification.to_string(), "period": "month"}).to_string();
            let (status, answer) = client.post("/api/v1/quotes", credentials, None, ask).await?;
            let answer: Value = serde_json::from_slice(&answer)?;
            let quote = answer.get("quote").and_then(Value::as_str);
            let quote = quote.with_context(|| format!("the quote answered {status}: {answer}"))?;
            let body = json!({"quote": quote, "agreement": self.agreement, "hand_over_data": true}).to_string();
            ready.push((client, credentials.clone(), body, Arc::clone(&self.keys)));
        }
        let (started, end) = (Instant::now(), Duration::from_secs(arguments.seconds));
        let mut clients = JoinSet::new();
        for (mut client, credentials, body, keys) in ready {
            clients.spawn(async move {
                let mut times = Times::default();
                while started.elapsed() < end {
                    let key = format!("order-{}", keys.fetch_add(1, Ordering::Relaxed));
                    let asked = Instant::now();
                    let (status, answer) =
                        client.post("/api/v1/orders", &credentials, Some(&key), body.clone()).await?;
                    if status != StatusCode::CREATED {
                        bail!("an order answered {status}: {}", String::from_utf8_lossy(&answer));
                    }
                    times.add(asked.elapsed());
                }
                Ok(times)
            });
        }
        let mut times = Times::default();
        while let Some(client) = clients.join_next().await {
            times.join(client??);
        }
        Ok((times, started.elapsed()))
    }
}

/// Starts the seller and the jobs, and counts what comes to its end in the measured time.
async fn deliver(
    figures: &mut Figures,
    place: &Place,
    seller: std::net::SocketAddr,
    folder: &Path,
    arguments: &AllArguments,
    (engine, placed): (&str, u64),
) -> Result<()> {
    let key_file = folder.join("seller.key");
    std::fs::write(&key_file, format!("{SELLER_KEY}\n"))?;
    let mut system = Server::seller(seller, &key_file)?;
    system.listens().await?;
    let before = market::delivered(&place.config).await?;
    let mut server = Server::start(place, "all")?;
    let started = Instant::now();
    server.ready("/readyz").await?;
    server::pause(Duration::from_secs(arguments.seconds * 2)).await;
    server.stop().await?;
    let elapsed = u64::try_from(started.elapsed().as_millis())?.max(1);
    let after = market::delivered(&place.config).await?;
    figures.add(
        &format!("{engine}: orders delivered by a seller's system"),
        "a second",
        (after - before) * 1_000 / elapsed,
    );
    figures.say(format!("{placed} orders were placed; {after} of them were delivered when the measurement ended"));
    system.stop().await
}
