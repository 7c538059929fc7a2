//! The table `debug_runs`.

use db::values;
use domain::ids::{DebugCaseId, DebugRunId, InterfaceAddressId, OrganisationId};
use domain::selling::{CaseResult, DebugRun};
use domain::time::{Timestamp, to_millisecond};

use crate::decode::{Suspect, to_json};
use crate::{StoreError, Tx};

/// Writes a run. What its exchange holds of secrets is sealed or struck out.
pub async fn insert(tx: &mut Tx, run: &DebugRun) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO debug_runs (id, address_id, organisation_id, case_id, activity, sample, run_by, started_at, elapsed_ms,
                                 result, exchange, checks)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        values![
            run.id.to_string(),
            run.address.to_string(),
            run.seller.to_string(),
            run.case.map(|case| case.to_string()),
            run.activity.code(),
            to_json(&run.values),
            run.by.to_string(),
            to_millisecond(run.started_at),
            i64::try_from(run.elapsed_ms).unwrap_or(i64::MAX),
            run.result.code(),
            to_json(&run.exchange),
            to_json(&run.checks),
        ],
    )
    .await?;
    Ok(())
}

/// The run with this id, when `seller` owns it.
pub async fn find_of(tx: &mut Tx, seller: OrganisationId, id: DebugRunId) -> Result<Option<DebugRun>, StoreError> {
    let row = tx
        .query_optional(
            "SELECT * FROM debug_runs WHERE id = $1 AND organisation_id = $2",
            values![id.to_string(), seller.to_string()],
        )
        .await?;
    row.as_ref().map(decode).transpose()
}

/// The last runs of an address, the latest first.
pub async fn of_address(tx: &mut Tx, address: InterfaceAddressId, most: u32) -> Result<Vec<DebugRun>, StoreError> {
    let rows = tx
        .query(
            "SELECT * FROM debug_runs WHERE address_id = $1 ORDER BY started_at DESC, id DESC LIMIT $2",
            values![address.to_string(), most],
        )
        .await?;
    rows.iter().map(decode).collect()
}

/// The last run of each case of an address.
pub async fn last_of_cases(tx: &mut Tx, address: InterfaceAddressId) -> Result<Vec<DebugRun>, StoreError> {
    let rows = tx
        .query(
            "SELECT * FROM (
               SELECT r.*, ROW_NUMBER() OVER (PARTITION BY case_id ORDER BY started_at DESC, id DESC) AS place
               FROM debug_runs r WHERE address_id = $1 AND case_id IS NOT NULL
             ) AS ranked WHERE place = 1 ORDER BY started_at, id",
            values![address.to_string()],
        )
        .await?;
    rows.iter().map(decode).collect()
}

/// Links a run to the case that it became.
pub async fn set_case(tx: &mut Tx, run: DebugRunId, case: DebugCaseId) -> Result<(), StoreError> {
    tx.execute("UPDATE debug_runs SET case_id = $2 WHERE id = $1", values![run.to_string(), case.to_string()]).await?;
    Ok(())
}

/// Notes that a seller sends something, and answers the instants of its sends after `since`, this one included, the
/// earliest first. The caller holds the organisation's row, so that two at once count each other.
pub async fn note_send(
    tx: &mut Tx,
    seller: OrganisationId,
    id: DebugRunId,
    at: Timestamp,
    since: Timestamp,
) -> Result<Vec<Timestamp>, StoreError> {
    tx.execute(
        "DELETE FROM debug_sends WHERE organisation_id = $1 AND sent_at <= $2",
        values![seller.to_string(), to_millisecond(since)],
    )
    .await?;
    tx.execute(
        "INSERT INTO debug_sends (id, organisation_id, sent_at) VALUES ($1, $2, $3)",
        values![id.to_string(), seller.to_string(), to_millisecond(at)],
    )
    .await?;
    let rows = tx
        .query(
            "SELECT id, sent_at FROM debug_sends WHERE organisation_id = $1 ORDER BY sent_at, id",
            values![seller.to_string()],
        )
        .await?;
    rows.iter().map(|row| Suspect::new("debug_sends", row)?.instant("sent_at")).collect()
}

fn decode(row: &db::Row) -> Result<DebugRun, StoreError> {
    let row = Suspect::new("debug_runs", row)?;
    let result: CaseResult = row.parsed("result")?;
    if result == CaseResult::Missing {
        return Err(row.corrupt("a run that was never sent"));
    }
    Ok(DebugRun {
        id: row.id("id")?,
        address: row.id("address_id")?,
        seller: row.id("organisation_id")?,
        case: row.optional_parsed("case_id")?,
        activity: row.parsed("activity")?,
        values: row.json("sample")?,
        by: row.id("run_by")?,
        started_at: row.instant("started_at")?,
        elapsed_ms: u64::try_from(row.number("elapsed_ms")?).map_err(|_| row.corrupt("elapsed_ms is negative"))?,
        result,
        exchange: row.json("exchange")?,
        checks: row.json("checks")?,
    })
}
