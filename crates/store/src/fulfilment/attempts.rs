//! The table `call_attempts`: every attempt of every call, with request and answer as kept (without secrets).

use db::{Row, values};
use domain::fulfilment::Activity;
use domain::ids::{AttemptId, SellerCallId, UserId};
use domain::time::{Timestamp, to_millisecond};

use crate::decode::Suspect;
use crate::{StoreError, Tx};

/// One attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The id.
    pub id: AttemptId,
    /// Of which call.
    pub call: SellerCallId,
    /// Its number in the call, from 1.
    pub number: i64,
    /// What was asked.
    pub activity: Activity,
    /// The id of this one request (seller-protocol 1.4: differs in every request, also in retries).
    pub business_id: String,
    /// The person who asked for it, when it was not the schedule.
    pub started_by: Option<UserId>,
    /// When it was begun: written before anything left.
    pub started_at: Timestamp,
    /// What was sent; absent when it never came to that.
    pub request: Option<String>,
    /// What came of it; absent while it runs, and for ever when the process died meanwhile.
    pub finished: Option<Finished>,
}

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// When.
    pub at: Timestamp,
    /// A stable word for it: `created`, `described`, `not_yet`, `released`, `retry`, …
    pub outcome: String,
    /// The HTTP status, when there was an answer.
    pub status: Option<i64>,
    /// How long it took.
    pub elapsed_ms: Option<i64>,
    /// The answer as kept, sealed, when there was one.
    pub answer: Option<String>,
    /// The findings, as JSON.
    pub checks: String,
}

/// Writes an attempt that is about to begin.
pub async fn begin(tx: &mut Tx, attempt: &Attempt) -> Result<(), StoreError> {
    tx.execute_later(
        "INSERT INTO call_attempts (id, call, number, activity, business_id, started_by, started_at, request)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            attempt.id.to_string(),
            attempt.call.to_string(),
            attempt.number,
            attempt.activity.code(),
            &attempt.business_id,
            attempt.started_by.map(|user| user.to_string()),
            to_millisecond(attempt.started_at),
            attempt.request.clone(),
        ],
    )?;
    Ok(())
}

/// Writes what came of it. Calm when it was written before.
pub async fn finish(tx: &mut Tx, id: AttemptId, finished: &Finished) -> Result<(), StoreError> {
    tx.execute_later(
        "UPDATE call_attempts SET finished_at = $2, outcome = $3, status = $4, elapsed_ms = $5, answer = $6,
           checks = $7 WHERE id = $1 AND finished_at IS NULL",
        values![
            id.to_string(),
            to_millisecond(finished.at),
            &finished.outcome,
            finished.status,
            finished.elapsed_ms,
            finished.answer.clone(),
            &finished.checks,
        ],
    )?;
    Ok(())
}

/// The attempt.
pub async fn find(tx: &mut Tx, id: AttemptId) -> Result<Option<Attempt>, StoreError> {
    let row = tx.query_optional("SELECT * FROM call_attempts WHERE id = $1", values![id.to_string()]).await?;
    row.as_ref().map(decode).transpose()
}

/// The attempts of a call, newest first.
pub async fn of_call(tx: &mut Tx, call: SellerCallId, most: u32) -> Result<Vec<Attempt>, StoreError> {
    let rows = tx
        .query(
            "SELECT * FROM call_attempts WHERE call = $1 ORDER BY number DESC LIMIT $2",
            values![call.to_string(), most],
        )
        .await?;
    rows.iter().map(decode).collect()
}

/// How many attempts a call had, and when the first began and the last: for a timeline that collapses them.
pub async fn summary(
    tx: &mut Tx,
    call: SellerCallId,
) -> Result<(i64, Option<Timestamp>, Option<Timestamp>), StoreError> {
    let row = tx
        .query_one(
            "SELECT COUNT(*) AS attempts, MIN(started_at) AS first_at, MAX(started_at) AS last_at FROM call_attempts
             WHERE call = $1",
            values![call.to_string()],
        )
        .await?;
    let row = Suspect::named("call_attempts", &row, call.to_string());
    Ok((row.number("attempts")?, row.optional_instant("first_at")?, row.optional_instant("last_at")?))
}

/// Forgets what was sent and answered before `before`; the attempts themselves stay.
pub async fn forget_bodies(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    let changed = tx
        .execute(
            "UPDATE call_attempts SET request = NULL, answer = NULL
             WHERE started_at < $1 AND (request IS NOT NULL OR answer IS NOT NULL)",
            values![to_millisecond(before)],
        )
        .await?;
    Ok(changed)
}

fn decode(row: &Row) -> Result<Attempt, StoreError> {
    let row = Suspect::new("call_attempts", row)?;
    let finished = match (row.optional_instant("finished_at")?, row.optional_text("outcome")?) {
        (None, None) => None,
        (Some(at), Some(outcome)) => Some(Finished {
            at,
            outcome,
            status: row.optional_number("status")?,
            elapsed_ms: row.optional_number("elapsed_ms")?,
            answer: row.optional_text("answer")?,
            checks: row.optional_text("checks")?.unwrap_or_else(|| "[]".to_owned()),
        }),
        (Some(_), None) | (None, Some(_)) => return Err(row.corrupt("half finished")),
    };
    Ok(Attempt {
        id: row.id("id")?,
        call: row.id("call")?,
        number: row.number("number")?,
        activity: row.parsed("activity")?,
        business_id: row.text("business_id")?,
        started_by: row.optional_parsed("started_by")?,
        started_at: row.instant("started_at")?,
        request: row.optional_text("request")?,
        finished,
    })
}
