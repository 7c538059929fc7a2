//! The table `seller_breakers`: how each seller has answered lately.

use db::{Row, values};
use domain::fulfilment::Breaker;
use domain::ids::OrganisationId;
use domain::time::to_millisecond;

use crate::decode::Suspect;
use crate::{StoreError, Tx};

/// The breaker of a seller as it is. Closed when nothing is known.
pub async fn find(tx: &mut Tx, seller: OrganisationId) -> Result<Breaker, StoreError> {
    let row = tx
        .query_optional(
            "SELECT failures, open_until FROM seller_breakers WHERE seller = $1",
            values![seller.to_string()],
        )
        .await?;
    row.as_ref().map_or(Ok(Breaker::default()), |row| decode(row, seller))
}

/// The breaker of a seller, and nobody else changes it until this transaction ends. Closed when nothing is known.
pub async fn lock(tx: &mut Tx, seller: OrganisationId) -> Result<Breaker, StoreError> {
    tx.execute(
        "INSERT INTO seller_breakers (seller, failures) VALUES ($1, 0) ON CONFLICT (seller) DO NOTHING",
        values![seller.to_string()],
    )
    .await?;
    let row = tx
        .query_one(
            concat!("SELECT failures, open_until FROM seller_breakers WHERE seller = $1", db::for_update!()),
            values![seller.to_string()],
        )
        .await?;
    decode(&row, seller)
}

fn decode(row: &Row, seller: OrganisationId) -> Result<Breaker, StoreError> {
    let row = Suspect::named("seller_breakers", row, seller.to_string());
    Ok(Breaker { failures: row.count("failures")?, open_until: row.optional_instant("open_until")? })
}

/// Writes the breaker.
pub async fn save(tx: &mut Tx, seller: OrganisationId, breaker: Breaker) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE seller_breakers SET failures = $2, open_until = $3 WHERE seller = $1",
        values![seller.to_string(), breaker.failures, breaker.open_until.map(to_millisecond)],
    )
    .await?;
    Ok(())
}
