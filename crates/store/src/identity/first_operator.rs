//! The table `first_operator_links`: the hash of the one link by which the first operator signs up.

use db::values;
use domain::time::{Timestamp, to_millisecond};

use crate::{StoreError, Tx};

/// Puts the hash of a new link in the place of any older one.
pub async fn replace(tx: &mut Tx, token_hash: &[u8], now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO first_operator_links (one, token_hash, created_at) VALUES (1, $1, $2)
         ON CONFLICT (one) DO UPDATE SET token_hash = excluded.token_hash, created_at = excluded.created_at",
        values![token_hash, to_millisecond(now)],
    )
    .await?;
    Ok(())
}

/// Whether this is the hash of the link in force.
pub async fn matches(tx: &mut Tx, token_hash: &[u8]) -> Result<bool, StoreError> {
    let row = tx
        .query_optional("SELECT 1 AS found FROM first_operator_links WHERE token_hash = $1", values![token_hash])
        .await?;
    Ok(row.is_some())
}

/// Uses the link up. Whether it was in force: of two uses at once one wins.
pub async fn take(tx: &mut Tx, token_hash: &[u8]) -> Result<bool, StoreError> {
    Ok(tx.execute("DELETE FROM first_operator_links WHERE token_hash = $1", values![token_hash]).await? == 1)
}
