//! The tables `debug_reports` and `release_reports`: reports of the debugging kit, byte for byte, and which submission carried which.

use db::values;
use domain::ids::{DebugReportId, OrganisationId, ProductId, ReleaseApplicationId, UserId};
use domain::time::{Timestamp, to_millisecond};

use crate::decode::Suspect;
use crate::{StoreError, Tx};

/// A report as it was uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRow {
    /// The id.
    pub id: DebugReportId,
    /// Beside which product's release.
    pub product: ProductId,
    /// The seller.
    pub seller: OrganisationId,
    /// Exactly what was uploaded.
    pub content: Vec<u8>,
    /// The fingerprint of the key that signed it.
    pub key_fingerprint: String,
    /// Who uploaded it.
    pub uploaded_by: UserId,
    /// When.
    pub uploaded_at: Timestamp,
}

/// Makes it the report of its product's draft; the one before gives way. The caller holds the product's row.
pub async fn attach(tx: &mut Tx, report: &ReportRow) -> Result<(), StoreError> {
    detach(tx, report.product).await?;
    tx.execute(
        "INSERT INTO debug_reports (id, product_id, organisation_id, content, key_fingerprint, uploaded_by, uploaded_at,
                                    attached)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 1)",
        values![
            report.id.to_string(),
            report.product.to_string(),
            report.seller.to_string(),
            report.content.clone(),
            &report.key_fingerprint,
            report.uploaded_by.to_string(),
            to_millisecond(report.uploaded_at),
        ],
    )
    .await?;
    Ok(())
}

/// Takes the report away from a product's draft; says whether there was one. One that a submission carries stays for that
/// submission, another is gone.
pub async fn detach(tx: &mut Tx, product: ProductId) -> Result<bool, StoreError> {
    let detached = tx
        .execute(
            "UPDATE debug_reports SET attached = 0 WHERE product_id = $1 AND attached = 1",
            values![product.to_string()],
        )
        .await?;
    tx.execute(
        "DELETE FROM debug_reports WHERE product_id = $1 AND attached = 0
           AND NOT EXISTS (SELECT 1 FROM release_reports carried WHERE carried.report_id = debug_reports.id)",
        values![product.to_string()],
    )
    .await?;
    Ok(detached > 0)
}

/// Remembers that a submission carries the report that its product's draft has now, when it has one.
pub async fn carry(tx: &mut Tx, application: ReleaseApplicationId, product: ProductId) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO release_reports (application_id, report_id)
         SELECT $1, id FROM debug_reports WHERE product_id = $2 AND attached = 1",
        values![application.to_string(), product.to_string()],
    )
    .await?;
    Ok(())
}

/// The report of a product's draft.
pub async fn of_draft(tx: &mut Tx, product: ProductId) -> Result<Option<ReportRow>, StoreError> {
    let row = tx
        .query_optional(
            "SELECT * FROM debug_reports WHERE product_id = $1 AND attached = 1",
            values![product.to_string()],
        )
        .await?;
    row.as_ref().map(decode).transpose()
}

/// The report that a submission carried.
pub async fn of_release(tx: &mut Tx, application: ReleaseApplicationId) -> Result<Option<ReportRow>, StoreError> {
    let row = tx
        .query_optional(
            "SELECT d.* FROM debug_reports d JOIN release_reports r ON r.report_id = d.id WHERE r.application_id = $1",
            values![application.to_string()],
        )
        .await?;
    row.as_ref().map(decode).transpose()
}

/// Who else signed with this key: how many reports of the same seller carry it, this one included, and of how many other
/// sellers.
pub async fn signed_with(tx: &mut Tx, key_fingerprint: &str, seller: OrganisationId) -> Result<(u32, u32), StoreError> {
    let row = tx
        .query_one(
            "SELECT COALESCE(SUM(CASE WHEN organisation_id = $2 THEN 1 ELSE 0 END), 0) AS own,
                    COUNT(DISTINCT CASE WHEN organisation_id <> $2 THEN organisation_id END) AS others
             FROM debug_reports WHERE key_fingerprint = $1",
            values![key_fingerprint, seller.to_string()],
        )
        .await?;
    let row = Suspect::named("debug_reports", &row, key_fingerprint);
    Ok((row.count("own")?, row.count("others")?))
}

fn decode(row: &db::Row) -> Result<ReportRow, StoreError> {
    let row = Suspect::new("debug_reports", row)?;
    Ok(ReportRow {
        id: row.id("id")?,
        product: row.id("product_id")?,
        seller: row.id("organisation_id")?,
        content: row.bytes("content")?,
        key_fingerprint: row.text("key_fingerprint")?,
        uploaded_by: row.id("uploaded_by")?,
        uploaded_at: row.instant("uploaded_at")?,
    })
}
