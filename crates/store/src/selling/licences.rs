//! The table `business_licences`: what an applicant shows of its company. Sealed before it comes here.

use db::values;
use domain::ids::{BusinessLicenceId, OrganisationId, UserId};
use domain::selling::LicenceFormat;
use domain::time::{Timestamp, to_millisecond};

use crate::decode::Suspect;
use crate::{Place, StoreError, Tx};

/// A licence without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LicenceRow {
    /// The id.
    pub id: BusinessLicenceId,
    /// Whose it is.
    pub organisation: OrganisationId,
    /// How it is kept.
    pub format: LicenceFormat,
    /// How large the file is, in bytes.
    pub byte_count: u32,
    /// When it was uploaded.
    pub uploaded_at: Timestamp,
    /// By whom.
    pub uploaded_by: UserId,
}

/// Where the bytes of a licence are sealed for.
pub fn content_place(id: &str) -> Place<'_> {
    Place { table: "business_licences", column: "content_sealed", row: id }
}

/// Writes a licence with its sealed bytes.
pub async fn insert(tx: &mut Tx, row: &LicenceRow, sealed: Vec<u8>) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO business_licences (id, organisation_id, media_type, byte_count, content_sealed, uploaded_at, uploaded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![
            row.id.to_string(),
            row.organisation.to_string(),
            row.format.media_type(),
            row.byte_count,
            sealed,
            to_millisecond(row.uploaded_at),
            row.uploaded_by.to_string(),
        ],
    )
    .await?;
    Ok(())
}

/// A licence without its bytes.
pub async fn find(tx: &mut Tx, id: BusinessLicenceId) -> Result<Option<LicenceRow>, StoreError> {
    let row = tx
        .query_optional(
            "SELECT id, organisation_id, media_type, byte_count, uploaded_at, uploaded_by FROM business_licences WHERE id = $1",
            values![id.to_string()],
        )
        .await?;
    row.map(|row| {
        let row = Suspect::new("business_licences", &row)?;
        Ok(LicenceRow {
            id: row.id("id")?,
            organisation: row.id("organisation_id")?,
            format: row.parsed("media_type")?,
            byte_count: row.count("byte_count")?,
            uploaded_at: row.instant("uploaded_at")?,
            uploaded_by: row.id("uploaded_by")?,
        })
    })
    .transpose()
}

/// The sealed bytes of a licence.
pub async fn sealed_content(tx: &mut Tx, id: BusinessLicenceId) -> Result<Option<Vec<u8>>, StoreError> {
    let row = tx
        .query_optional("SELECT id, content_sealed FROM business_licences WHERE id = $1", values![id.to_string()])
        .await?;
    row.map(|row| Suspect::new("business_licences", &row)?.bytes("content_sealed")).transpose()
}

/// Removes a licence that no application names any more.
pub async fn delete(tx: &mut Tx, id: BusinessLicenceId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM business_licences WHERE id = $1", values![id.to_string()]).await?;
    Ok(())
}
