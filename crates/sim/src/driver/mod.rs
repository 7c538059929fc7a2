//! The driver: clients of the JSON API that keep a marketplace busy, and write down whatever it promises them.
//!
//! *What is promised.* A client that got no answer asks again with the same key until it has one. It asks for nothing new
//! before its last acknowledgement is on the disk.

mod client;
pub mod market;

use anyhow::Result;
use futures_util::future::try_join_all;

use crate::ground::Ground;
use client::{Buyer, Told};
use market::Market;

/// Runs all clients until they are asked to stop.
pub async fn drive(ground: &Ground) -> Result<()> {
    let market = Market::read(ground)?;
    let told = Told::default();
    let clients = (0..ground.clients).map(|number| Buyer::new(ground, &market, &told, number));
    let clients = clients.collect::<Result<Vec<_>>>()?;
    try_join_all(clients.into_iter().map(Buyer::run)).await?;
    Ok(())
}
