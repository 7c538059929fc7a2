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

/// The columns of a new job, in the order of [`new_row`].
macro_rules! into_jobs {
    () => {
        "INSERT INTO jobs (id, kind, key, lane, payload, due_at, created_at) "
    };
}

/// The values of a new job.
fn new_row(job: &JobRow) -> Vec<db::Value> {
    values![
        job.id.to_string(),
        job.kind.clone(),
        job.key.clone(),
        job.lane.clone(),
        job.payload.clone(),
        to_millisecond(job.due_at),
        to_millisecond(job.created_at),
    ]
}

/// Writes a job; when one of its kind and key is there, that one becomes due at the earlier instant instead.
pub fn enqueue(tx: &mut Tx, job: &JobRow) -> Result<(), StoreError> {
    let sql = concat!(
        into_jobs!(),
        "VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (kind, key) DO UPDATE SET
           due_at = CASE WHEN excluded.due_at < jobs.due_at THEN excluded.due_at ELSE jobs.due_at END"
    );
    Ok(tx.execute_later(sql, new_row(job))?)
}

/// As [`enqueue`], if there is a notice of the job's key: one that was written a moment ago, and not one that a person had
/// already.
pub fn enqueue_for_notice(tx: &mut Tx, job: &JobRow) -> Result<(), StoreError> {
    let sql = concat!(
        into_jobs!(),
        "SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS BIGINT),
           CAST($7 AS BIGINT)
         WHERE EXISTS (SELECT 1 FROM notices WHERE notices.id = CAST($3 AS TEXT))
         ON CONFLICT (kind, key) DO NOTHING"
    );
    Ok(tx.execute_later(sql, new_row(job))?)
}

/// How many jobs may be at work.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// So many are leased now, at most.
    pub most: u32,
    /// Of one lane, with those that are leased already.
    pub per_lane: u32,
    /// Of one crowd, with those that are leased already; see [`CROWD`].
    pub per_crowd: u32,
}

/// How the name of a lane begins that belongs to a crowd: lanes which are many, one for each seller, and may together have a
/// bounded part of the workers only, so that the rest is left for everything else. Four letters name the crowd, as in
/// `crowd/dial/org_1`; a lane of a crowd has one job at work.
pub const CROWD: &str = "crowd/";

/// Leases due jobs until `until`: oldest first within a lane, and lanes with the fewest at work first, within the limits.
/// Attempts and fencing token grow before the work begins, so that a crash counts. What it costs depends on the lanes and on
/// `most`, not on how much waits.
pub async fn lease(tx: &mut Tx, now: Timestamp, until: Timestamp, limits: Limits) -> Result<Vec<JobRow>, StoreError> {
    // Whose lease is over is silent or dead: the next worker may have the job. The fencing token stays until then.
    tx.execute(END_LEASES, values![to_millisecond(now)]).await?;
    let Limits { most, per_lane, per_crowd } = limits;
    let chosen = tx.query(CHOOSE, values![to_millisecond(now), per_lane, most, per_crowd]).await?;
    let mut ids = chosen.iter().map(|row| row.get("id")).collect::<Result<Vec<String>, _>>()?;
    let mut leased = Vec::with_capacity(ids.len());
    while !ids.is_empty() {
        let mut piece: Vec<Option<String>> = ids.drain(..ids.len().min(TAKEN_AT_ONCE)).map(Some).collect();
        piece.resize(TAKEN_AT_ONCE, None);
        let mut values = values![to_millisecond(until), to_millisecond(now)];
        values.extend(piece.into_iter().map(db::Value::from));
        let taken = tx.query(TAKE, values).await?;
        leased.extend(taken.iter().map(decode).collect::<Result<Vec<_>, _>>()?);
    }
    leased.sort_by_key(|job: &JobRow| (job.due_at, job.id));
    Ok(leased)
}

/// Walks the index `jobs_leased`. More than a hundred at once are left for the next time. The condition stands twice because a row
/// that another node leased meanwhile is judged again by the outer one only.
const END_LEASES: &str = "
    UPDATE jobs SET leased_until = NULL
    WHERE leased_until <= $1 AND id IN (SELECT id FROM jobs WHERE leased_until <= $1 ORDER BY lane, leased_until LIMIT 100)";

/// Walks the index `jobs_free`: `lanes` steps from one lane to the next, `heads` is the oldest due job of each lane with
/// room, `oldest` the first of them with no more of a crowd than it has room for, `queue` goes on from there within each lane.
/// `busy` steps through `jobs_leased` in the same way. `place` counts those that are at work already.
///
/// Every step asks an index for one row and says so by a LIMIT: a planner that knows nothing of the table yet, because it was
/// filled a moment ago, would read it whole. What is MATERIALIZED is used twice and would be asked for twice.
const CHOOSE: &str = "
    WITH RECURSIVE lanes (lane) AS (
      SELECT (SELECT lane FROM jobs WHERE parked_at IS NULL AND leased_until IS NULL ORDER BY lane LIMIT 1)
      UNION ALL
      SELECT (SELECT jobs.lane FROM jobs WHERE jobs.parked_at IS NULL AND jobs.leased_until IS NULL
                AND jobs.lane > lanes.lane ORDER BY jobs.lane LIMIT 1)
      FROM lanes WHERE lanes.lane IS NOT NULL
    ), busy (lane) AS (
      SELECT (SELECT lane FROM jobs WHERE leased_until IS NOT NULL ORDER BY lane LIMIT 1)
      UNION ALL
      SELECT (SELECT jobs.lane FROM jobs WHERE jobs.leased_until IS NOT NULL AND jobs.lane > busy.lane ORDER BY jobs.lane LIMIT 1)
      FROM busy WHERE busy.lane IS NOT NULL
    ), rooms (lane, held, room, crowd) AS MATERIALIZED (
      SELECT lane,
        (SELECT COUNT(*) FROM
          (SELECT 1 FROM jobs WHERE jobs.leased_until IS NOT NULL AND jobs.lane = lanes.lane
           ORDER BY jobs.leased_until LIMIT $2) AS at_work),
        CASE WHEN lane LIKE 'crowd/%' THEN CAST(1 AS BIGINT) ELSE CAST($2 AS BIGINT) END,
        CASE WHEN lane LIKE 'crowd/%' THEN substr(lane, 1, 11) END
      FROM lanes WHERE lane IS NOT NULL
    ), heads (lane, held, room, crowd, id) AS MATERIALIZED (
      SELECT lane, held, room, crowd,
        (SELECT jobs.id FROM jobs WHERE jobs.parked_at IS NULL AND jobs.leased_until IS NULL AND jobs.lane = rooms.lane
           AND jobs.due_at <= $1 ORDER BY jobs.due_at, jobs.id LIMIT 1)
      FROM rooms WHERE held < room
    ), dated (lane, held, room, crowd, id, due_at) AS (
      SELECT lane, held, room, crowd, id, (SELECT jobs.due_at FROM jobs WHERE jobs.id = heads.id)
      FROM heads WHERE id IS NOT NULL
    ), ranked (lane, held, room, crowd, id, due_at, place) AS (
      SELECT lane, held, room, crowd, id, due_at, ROW_NUMBER() OVER (PARTITION BY crowd ORDER BY held, due_at, id) FROM dated
    ), oldest (lane, held, room, id) AS (
      SELECT lane, held, room, id FROM ranked
      WHERE crowd IS NULL OR place <= CAST($4 AS BIGINT)
        - (SELECT COUNT(*) FROM busy WHERE substr(busy.lane, 1, 11) = ranked.crowd)
      ORDER BY held, due_at, id LIMIT $3
    ), queue (lane, place, room, id) AS (
      SELECT lane, held + 1, room, id FROM oldest
      UNION ALL
      SELECT queue.lane, queue.place + 1, queue.room,
        (SELECT jobs.id FROM jobs WHERE jobs.parked_at IS NULL AND jobs.leased_until IS NULL AND jobs.lane = queue.lane
           AND jobs.due_at <= $1
           AND (jobs.due_at, jobs.id) > (SELECT last.due_at, last.id FROM jobs AS last WHERE last.id = queue.id)
         ORDER BY jobs.due_at, jobs.id LIMIT 1)
      FROM queue WHERE queue.place < queue.room AND queue.id IS NOT NULL
    )
    SELECT id FROM queue WHERE id IS NOT NULL
    ORDER BY place, (SELECT jobs.due_at FROM jobs WHERE jobs.id = queue.id), id LIMIT $3";

/// How many jobs one statement takes: the text has a place for each.
const TAKEN_AT_ONCE: usize = 32;

/// Empty places are NULL, which is no id. The conditions are written so that no index but that of the ids fits them: a planner
/// that knows nothing of the table yet would rather read all that is due.
const TAKE: &str = "
    UPDATE jobs SET leased_until = $1, lease = lease + 1, attempts = attempts + 1
    WHERE id IN ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
        $26, $27, $28, $29, $30, $31, $32, $33, $34)
      AND COALESCE(parked_at, leased_until) IS NULL AND due_at + 0 <= $2
    RETURNING *";

/// Takes every lease away; says how many there were. Only for a process that knows that no other is at work: the one that
/// has the embedded database open. Fencing tokens stay, so a worker that lives after all records nothing once another has begun.
pub async fn free_all(tx: &mut Tx) -> Result<u64, StoreError> {
    let freed = tx.execute("UPDATE jobs SET leased_until = NULL WHERE leased_until IS NOT NULL", values![]).await?;
    Ok(freed)
}

/// Whether there is a job of this kind and key.
pub async fn exists(tx: &mut Tx, kind: &str, key: &str) -> Result<bool, StoreError> {
    Ok(find(tx, kind, key).await?.is_some())
}

/// The job of this kind and key; one that is parked as well.
pub async fn find(tx: &mut Tx, kind: &str, key: &str) -> Result<Option<JobRow>, StoreError> {
    let row = tx.query_optional("SELECT * FROM jobs WHERE kind = $1 AND key = $2", values![kind, key]).await?;
    row.as_ref().map(decode).transpose()
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

/// A parked job goes back to work, due at `due_at`, with its crashes forgotten; says whether it was parked.
pub async fn restart(tx: &mut Tx, kind: &str, key: &str, due_at: Timestamp) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "UPDATE jobs SET parked_at = NULL, leased_until = NULL, attempts = 0, due_at = $3
             WHERE kind = $1 AND key = $2 AND parked_at IS NOT NULL",
            values![kind, key, to_millisecond(due_at)],
        )
        .await?;
    Ok(changed == 1)
}

/// Parked jobs, those that were enqueued first at the head, after the job `after` where one is named.
pub async fn parked(tx: &mut Tx, after: Option<JobId>, most: u32) -> Result<Vec<JobRow>, StoreError> {
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let rows = tx
        .query("SELECT * FROM jobs WHERE parked_at IS NOT NULL AND id > $1 ORDER BY id LIMIT $2", values![after, most])
        .await?;
    rows.iter().map(decode).collect()
}

/// The job of this id, parked or not, held until the transaction ends.
pub async fn lock(tx: &mut Tx, id: JobId) -> Result<Option<JobRow>, StoreError> {
    let row = tx
        .query_optional(concat!("SELECT * FROM jobs WHERE id = $1", db::for_update!()), values![id.to_string()])
        .await?;
    row.as_ref().map(decode).transpose()
}

/// Takes a parked job away: what it was for is decided otherwise.
pub async fn forget_parked(tx: &mut Tx, kind: &str, key: &str) -> Result<(), StoreError> {
    tx.execute("DELETE FROM jobs WHERE kind = $1 AND key = $2 AND parked_at IS NOT NULL", values![kind, key]).await?;
    Ok(())
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
