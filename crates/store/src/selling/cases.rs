//! The table `debug_cases`.

use db::values;
use domain::ids::{DebugCaseId, InterfaceAddressId, OrganisationId};
use domain::selling::DebugCase;
use domain::time::to_millisecond;

use crate::decode::{Suspect, to_json};
use crate::{StoreError, Tx};

/// Writes a case; one of the same address and name gives way to it and keeps its id, which is answered.
pub async fn save(tx: &mut Tx, case: &DebugCase) -> Result<DebugCaseId, StoreError> {
    let row = tx
        .query_one(
            "INSERT INTO debug_cases (id, address_id, organisation_id, activity, name, sample, saved_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (address_id, name) DO UPDATE SET
               activity = excluded.activity, sample = excluded.sample, saved_at = excluded.saved_at
             RETURNING id",
            values![
                case.id.to_string(),
                case.address.to_string(),
                case.seller.to_string(),
                case.activity.code(),
                &case.name,
                to_json(&case.values),
                to_millisecond(case.saved_at),
            ],
        )
        .await?;
    Suspect::new("debug_cases", &row)?.id("id")
}

/// The case with this id, when `seller` owns it.
pub async fn find_of(tx: &mut Tx, seller: OrganisationId, id: DebugCaseId) -> Result<Option<DebugCase>, StoreError> {
    let row = tx
        .query_optional(
            "SELECT * FROM debug_cases WHERE id = $1 AND organisation_id = $2",
            values![id.to_string(), seller.to_string()],
        )
        .await?;
    row.as_ref().map(decode).transpose()
}

/// The cases of an address, in the order they were saved.
pub async fn for_address(tx: &mut Tx, address: InterfaceAddressId) -> Result<Vec<DebugCase>, StoreError> {
    let rows = tx
        .query("SELECT * FROM debug_cases WHERE address_id = $1 ORDER BY saved_at, id", values![address.to_string()])
        .await?;
    rows.iter().map(decode).collect()
}

/// The cases of all addresses of a seller, in the order they were saved.
pub async fn of(tx: &mut Tx, seller: OrganisationId) -> Result<Vec<DebugCase>, StoreError> {
    let rows = tx
        .query(
            "SELECT * FROM debug_cases WHERE organisation_id = $1 ORDER BY saved_at, id",
            values![seller.to_string()],
        )
        .await?;
    rows.iter().map(decode).collect()
}

/// Removes a case; its runs stay.
pub async fn delete(tx: &mut Tx, id: DebugCaseId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM debug_cases WHERE id = $1", values![id.to_string()]).await?;
    Ok(())
}

fn decode(row: &db::Row) -> Result<DebugCase, StoreError> {
    let row = Suspect::new("debug_cases", row)?;
    Ok(DebugCase {
        id: row.id("id")?,
        address: row.id("address_id")?,
        seller: row.id("organisation_id")?,
        activity: row.parsed("activity")?,
        name: row.text("name")?,
        values: row.json("sample")?,
        saved_at: row.instant("saved_at")?,
    })
}
