//! The table `idempotency_keys`: what was asked with a key, and what was answered.

use db::values;
use domain::time::{Timestamp, to_millisecond};

use crate::decode::Suspect;
use crate::{StoreError, Tx};

/// How far the request of a key has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Somebody is at it until then.
    Running {
        /// When it counts as given up.
        until: Timestamp,
    },
    /// It was answered.
    Answered {
        /// The HTTP status.
        status: u16,
        /// The content type.
        content_type: String,
        /// The body, sealed.
        answer: String,
    },
}

/// Takes the key for this request; `false` when it is taken already.
pub async fn begin(tx: &mut Tx, id: &str, request: &str, now: Timestamp, until: Timestamp) -> Result<bool, StoreError> {
    let written = tx
        .execute(
            "INSERT INTO idempotency_keys (id, request, begun_at, running_until) VALUES ($1, $2, $3, $4)
             ON CONFLICT (id) DO NOTHING",
            values![id, request, to_millisecond(now), to_millisecond(until)],
        )
        .await?;
    Ok(written == 1)
}

/// What was asked with the key and how far it has come. The row is locked until the transaction ends.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Option<(String, Progress)>, StoreError> {
    let row = tx
        .query_optional(concat!("SELECT * FROM idempotency_keys WHERE id = $1", " ", db::for_update!()), values![id])
        .await?;
    let Some(row) = row else { return Ok(None) };
    let row = Suspect::new("idempotency_keys", &row)?;
    let progress = match (row.optional_instant("running_until")?, row.optional_number("status")?) {
        (Some(until), None) => Progress::Running { until },
        (None, Some(status)) => Progress::Answered {
            status: u16::try_from(status).map_err(|_| row.corrupt("status is no HTTP status"))?,
            content_type: row.text("content_type")?,
            answer: row.text("answer")?,
        },
        (Some(_), Some(_)) | (None, None) => return Err(row.corrupt("neither running nor answered")),
    };
    Ok(Some((row.text("request")?, progress)))
}

/// Takes a given-up request over.
pub async fn take_over(tx: &mut Tx, id: &str, until: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE idempotency_keys SET running_until = $2 WHERE id = $1 AND running_until IS NOT NULL",
        values![id, to_millisecond(until)],
    )
    .await?;
    Ok(())
}

/// Keeps the answer.
pub async fn answer(tx: &mut Tx, id: &str, status: u16, content_type: &str, sealed: &str) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE idempotency_keys SET running_until = NULL, status = $2, content_type = $3, answer = $4 WHERE id = $1",
        values![id, u32::from(status), content_type, sealed],
    )
    .await?;
    Ok(())
}

/// Forgets a request that had no effect, so that it can be sent again.
pub async fn forget(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    tx.execute("DELETE FROM idempotency_keys WHERE id = $1 AND running_until IS NOT NULL", values![id]).await?;
    Ok(())
}

/// Forgets keys begun before this instant; says how many.
pub async fn forget_before(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    Ok(tx.execute("DELETE FROM idempotency_keys WHERE begun_at < $1", values![to_millisecond(before)]).await?)
}
