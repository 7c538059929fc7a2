//! The table `organisations`.

use db::values;
use domain::identity::{Organisation, OrganisationKind};
use domain::ids::OrganisationId;
use domain::time::to_millisecond;

use crate::decode::Suspect;
use crate::{StoreError, Tx};

/// The unique rule by which there is one operator organisation.
pub const ONE_OPERATOR: &str = "organisations_kind_unique";

/// Writes a new organisation.
pub async fn insert(tx: &mut Tx, organisation: &Organisation) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO organisations (id, kind, name, created_at) VALUES ($1, $2, $3, $4)",
        values![
            organisation.id.to_string(),
            organisation.kind.code(),
            &organisation.name,
            to_millisecond(organisation.created_at),
        ],
    )
    .await?;
    Ok(())
}

/// The organisation with this id.
pub async fn find(tx: &mut Tx, id: OrganisationId) -> Result<Option<Organisation>, StoreError> {
    let row = tx.query_optional("SELECT * FROM organisations WHERE id = $1", values![id.to_string()]).await?;
    row.as_ref().map(decode).transpose()
}

/// As [`find`], and nobody else changes who is in the organisation until this transaction ends.
pub async fn lock(tx: &mut Tx, id: OrganisationId) -> Result<Option<Organisation>, StoreError> {
    let row = tx
        .query_optional(
            concat!("SELECT * FROM organisations WHERE id = $1", db::for_update!()),
            values![id.to_string()],
        )
        .await?;
    row.as_ref().map(decode).transpose()
}

/// The operator organisation, once somebody has used the first link.
pub async fn operator(tx: &mut Tx) -> Result<Option<Organisation>, StoreError> {
    let row = tx.query_optional("SELECT * FROM organisations WHERE kind = 'operator'", values![]).await?;
    row.as_ref().map(decode).transpose()
}

/// Changes what the organisation is here for: an approved application makes a customer a seller (functions.md 1.1).
pub async fn set_kind(tx: &mut Tx, id: OrganisationId, kind: OrganisationKind) -> Result<(), StoreError> {
    tx.execute("UPDATE organisations SET kind = $2 WHERE id = $1", values![id.to_string(), kind.code()]).await?;
    Ok(())
}

/// Organisations that buy or sell, by name, for the operator's choice of an account; names that contain `part`,
/// whatever the case.
pub async fn search(tx: &mut Tx, part: &str, most: u32) -> Result<Vec<Organisation>, StoreError> {
    let pattern = format!("%{}%", part.trim().to_lowercase().replace(['%', '_'], " "));
    let rows = tx
        .query(
            "SELECT * FROM organisations WHERE kind <> 'operator' AND lower(name) LIKE $1 ORDER BY name, id LIMIT $2",
            values![pattern, most],
        )
        .await?;
    rows.iter().map(decode).collect()
}

fn decode(row: &db::Row) -> Result<Organisation, StoreError> {
    let row = Suspect::new("organisations", row)?;
    Ok(Organisation {
        id: row.id("id")?,
        kind: row.parsed("kind")?,
        name: row.text("name")?,
        created_at: row.instant("created_at")?,
    })
}
