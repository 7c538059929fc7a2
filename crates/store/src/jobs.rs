//! The table `jobs`: work after commit, with leases. Which job runs when is decided in `app::jobs`.

use db::values;
use domain::ids::JobId;
use domain::time::{Timestamp, to_millisecond};

use crate::decode::Suspect;
use crate::{StoreError, Tx};

/// A job as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRow {
    /// The id.
    pub id: JobId,
    /// Which handler does it.
    pub kind: String,
    /// What it is about; one job per kind and key.
    pub key: String,
    /// With whom it shares workers.
    pub lane: String,
    /// What the handler needs, as JSON.
    pub payload: String,
    /// Not before.
    pub due_at: Timestamp,
    /// How many times it was leased.
    pub attempts: u32,
    /// The fencing token of the last lease.
    pub lease: i64,
    /// When it was set aside for a person.
    pub parked_at: Option<Timestamp>,
    /// What the last attempt said.
    pub last_error: Option<String>,
    /// When it was enqueued.
    pub created_at: Timestamp,
}

/// Writes a job; when one of its kind and key is there, that one becomes due at the earlier instant instead.
pub async fn enqueue(tx: &mut Tx, job: &JobRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO jobs (id, kind, key, lane, payload, due_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (kind, key) DO UPDATE SET
           due_at = CASE WHEN excluded.due_at < jobs.due_at THEN excluded.due_at ELSE jobs.due_at END",
        values![
            job.id.to_string(),
            job.kind.clone(),
            job.key.clone(),
            job.lane.clone(),
            job.payload.clone(),
            to_millisecond(job.due_at),
            to_millisecond(job.created_at),
        ],
    )
    .await?;
    Ok(())
}

/// Leases due jobs until `until`: oldest first within a lane, at most `per_lane` of a lane at once counting those
/// already leased, at most `most` in all. Attempts and fencing token grow before the work begins, so that a crash counts.
pub async fn lease(
    tx: &mut Tx,
    now: Timestamp,
    until: Timestamp,
    (most, per_lane): (u32, u32),
) -> Result<Vec<JobRow>, StoreError> {
    let chosen = tx
        .query(
            "WITH busy AS (
               SELECT lane, COUNT(*) AS held FROM jobs WHERE leased_until > $1 GROUP BY lane
             ), due AS (
               SELECT id, lane, due_at, ROW_NUMBER() OVER (PARTITION BY lane ORDER BY due_at, id) AS place
               FROM jobs WHERE parked_at IS NULL AND due_at <= $1 AND (leased_until IS NULL OR leased_until <= $1)
             )
             SELECT due.id FROM due LEFT JOIN busy ON busy.lane = due.lane
             WHERE due.place + COALESCE(busy.held, 0) <= $2 ORDER BY due.place, due.due_at, due.id LIMIT $3",
            values![to_millisecond(now), per_lane, most],
        )
        .await?;
    let mut leased = Vec::with_capacity(chosen.len());
    for row in chosen {
        let id: String = row.get("id")?;
        let taken = tx
            .query_optional(
                "UPDATE jobs SET leased_until = $2, lease = lease + 1, attempts = attempts + 1
                 WHERE id = $1 AND parked_at IS NULL AND due_at <= $3 AND (leased_until IS NULL OR leased_until <= $3)
                 RETURNING *",
                values![id, to_millisecond(until), to_millisecond(now)],
            )
            .await?;
        if let Some(row) = taken {
            leased.push(decode(&row)?);
        }
    }
    Ok(leased)
}

/// Whether the lease `lease` of the job still holds: the first statement of every transaction that records a result.
pub async fn holds_lease(tx: &mut Tx, job: &JobRow) -> Result<bool, StoreError> {
    let row = tx
        .query_optional(
            concat!("SELECT lease FROM jobs WHERE id = $1 AND parked_at IS NULL", " ", db::for_update!()),
            values![job.id.to_string()],
        )
        .await?;
    row.map_or(Ok(false), |row| Ok(row.get::<i64>("lease")? == job.lease))
}

/// Lengthens a lease that still holds; says whether it did.
pub async fn extend(tx: &mut Tx, job: &JobRow, until: Timestamp) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "UPDATE jobs SET leased_until = $3 WHERE id = $1 AND lease = $2 AND leased_until IS NOT NULL",
            values![job.id.to_string(), job.lease, to_millisecond(until)],
        )
        .await?;
    Ok(changed == 1)
}

/// The work is done: the job goes, if the lease still holds.
pub async fn finish(tx: &mut Tx, job: &JobRow) -> Result<bool, StoreError> {
    let changed =
        tx.execute("DELETE FROM jobs WHERE id = $1 AND lease = $2", values![job.id.to_string(), job.lease]).await?;
    Ok(changed == 1)
}

/// The work is to be done again at `due_at`, if the lease still holds. `attempts` starts anew when the handler got
/// somewhere, so that only crashes in a row count.
pub async fn put_back(
    tx: &mut Tx,
    job: &JobRow,
    due_at: Timestamp,
    attempts: u32,
    error: Option<&str>,
) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "UPDATE jobs SET due_at = $3, leased_until = NULL, attempts = $4, last_error = $5 WHERE id = $1 AND lease = $2",
            values![job.id.to_string(), job.lease, to_millisecond(due_at), attempts, error.map(str::to_owned)],
        )
        .await?;
    Ok(changed == 1)
}

/// Sets the job aside for a person, if the lease still holds.
pub async fn park(tx: &mut Tx, job: &JobRow, now: Timestamp, error: &str) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "UPDATE jobs SET parked_at = $3, leased_until = NULL, last_error = $4 WHERE id = $1 AND lease = $2",
            values![job.id.to_string(), job.lease, to_millisecond(now), error],
        )
        .await?;
    Ok(changed == 1)
}

/// A person sends a parked job back to work.
pub async fn restart(tx: &mut Tx, kind: &str, key: &str, now: Timestamp) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "UPDATE jobs SET parked_at = NULL, leased_until = NULL, attempts = 0, due_at = $3
             WHERE kind = $1 AND key = $2 AND parked_at IS NOT NULL",
            values![kind, key, to_millisecond(now)],
        )
        .await?;
    Ok(changed == 1)
}

/// Parked jobs, longest waiting first.
pub async fn parked(tx: &mut Tx, most: u32) -> Result<Vec<JobRow>, StoreError> {
    let rows = tx
        .query("SELECT * FROM jobs WHERE parked_at IS NOT NULL ORDER BY parked_at, id LIMIT $1", values![most])
        .await?;
    rows.iter().map(decode).collect()
}

/// When the next job falls due, leased ones when their lease ends.
pub async fn next_due(tx: &mut Tx) -> Result<Option<Timestamp>, StoreError> {
    let row = tx
        .query_one(
            "SELECT MIN(CASE WHEN leased_until IS NOT NULL AND leased_until > due_at THEN leased_until ELSE due_at END) AS due
             FROM jobs WHERE parked_at IS NULL",
            values![],
        )
        .await?;
    Suspect::named("jobs", &row, "next").optional_instant("due")
}

/// How many jobs wait and how many are parked: for metrics.
pub async fn counts(tx: &mut Tx) -> Result<(i64, i64), StoreError> {
    let row = tx
        .query_one(
            "SELECT COUNT(*) AS jobs, COALESCE(SUM(CASE WHEN parked_at IS NULL THEN 0 ELSE 1 END), 0) AS parked FROM jobs",
            values![],
        )
        .await?;
    let (all, parked): (i64, i64) = (row.get("jobs")?, row.get("parked")?);
    Ok((all - parked, parked))
}

fn decode(row: &db::Row) -> Result<JobRow, StoreError> {
    let row = Suspect::new("jobs", row)?;
    Ok(JobRow {
        id: row.id("id")?,
        kind: row.text("kind")?,
        key: row.text("key")?,
        lane: row.text("lane")?,
        payload: row.text("payload")?,
        due_at: row.instant("due_at")?,
        attempts: row.count("attempts")?,
        lease: row.number("lease")?,
        parked_at: row.optional_instant("parked_at")?,
        last_error: row.optional_text("last_error")?,
        created_at: row.instant("created_at")?,
    })
}
