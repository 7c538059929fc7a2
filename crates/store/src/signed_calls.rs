//! The table `signed_calls`: which signed calls were taken already.

use db::values;
use domain::time::{Timestamp, to_millisecond};

use crate::{StoreError, Tx};

/// Remembers a call until then. `false` when it was seen before.
pub async fn remember(tx: &mut Tx, id: &str, forgotten_at: Timestamp) -> Result<bool, StoreError> {
    let written = tx
        .execute(
            "INSERT INTO signed_calls (id, forgotten_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING",
            values![id, to_millisecond(forgotten_at)],
        )
        .await?;
    Ok(written == 1)
}

/// Forgets calls whose time is over; says how many.
pub async fn forget_before(tx: &mut Tx, now: Timestamp) -> Result<u64, StoreError> {
    Ok(tx.execute("DELETE FROM signed_calls WHERE forgotten_at < $1", values![to_millisecond(now)]).await?)
}
