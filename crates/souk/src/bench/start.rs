//! From the start of the process to `/readyz`, and the memory it takes then, with an empty storage and with products.

use std::path::Path;

use anyhow::Result;

use super::figures::Figures;
use super::market::{self, Wanted};
use super::server::{Place, Server};

/// Measures `runs` starts on a storage with so many products.
pub async fn measure(figures: &mut Figures, folder: &Path, products: u32, runs: usize) -> Result<()> {
    let place = Place::make(&folder.join(format!("start-{products}")), None, None)?;
    let app = market::open(&place.config).await?;
    if products > 0 {
        market::fill(&app, Wanted { products, seller: None }).await?;
    }
    app.store.close().await;
    drop(app);
    figures.heading(format!("Start, {products} products, SQLite"));
    for _ in 0..runs {
        let mut server = Server::start(&place, "all")?;
        let ready = server.ready("/readyz").await?;
        figures.add(&format!("process start to /readyz, {products} products"), "ms", u64::try_from(ready.as_millis())?);
        figures.add(&format!("resident memory when ready, {products} products"), "KiB", server.resident_kib()?);
        server.stop().await?;
    }
    Ok(())
}
