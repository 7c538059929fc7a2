//! The table `domain_proofs`.

use std::collections::BTreeSet;

use db::values;
use domain::ids::OrganisationId;
use domain::selling::DomainProof;
use domain::time::to_millisecond;

use crate::decode::Suspect;
use crate::{StoreError, Tx};

/// How the proof of an origin stands; one that was never looked for has no row.
pub async fn find(tx: &mut Tx, seller: OrganisationId, origin: &str) -> Result<Option<DomainProof>, StoreError> {
    let row = tx
        .query_optional(
            "SELECT * FROM domain_proofs WHERE organisation_id = $1 AND origin = $2",
            values![seller.to_string(), origin],
        )
        .await?;
    row.as_ref().map(decode).transpose()
}

/// The origins that a seller has proven.
pub async fn proven(tx: &mut Tx, seller: OrganisationId) -> Result<BTreeSet<String>, StoreError> {
    let rows = tx
        .query(
            "SELECT origin FROM domain_proofs WHERE organisation_id = $1 AND proven_at IS NOT NULL",
            values![seller.to_string()],
        )
        .await?;
    rows.iter().map(|row| Ok(row.get::<String>("origin")?)).collect()
}

/// Writes what a look came to. What is proven stays proven.
pub async fn save(tx: &mut Tx, proof: &DomainProof) -> Result<(), StoreError> {
    let (failure, failed_at) = proof.last_failure.map(|(failure, at)| (failure.code(), to_millisecond(at))).unzip();
    tx.execute(
        "INSERT INTO domain_proofs (organisation_id, origin, proven_at, failure, failed_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (organisation_id, origin) DO UPDATE SET
           proven_at = excluded.proven_at, failure = excluded.failure, failed_at = excluded.failed_at
         WHERE domain_proofs.proven_at IS NULL",
        values![
            proof.seller.to_string(),
            &proof.origin,
            proof.proven_at.map(to_millisecond),
            failure.map(str::to_owned),
            failed_at,
        ],
    )
    .await?;
    Ok(())
}

fn decode(row: &db::Row) -> Result<DomainProof, StoreError> {
    let row = Suspect::named("domain_proofs", row, row.get::<String>("origin")?);
    let last_failure = match (row.optional_parsed("failure")?, row.optional_instant("failed_at")?) {
        (Some(failure), Some(at)) => Some((failure, at)),
        (None, None) => None,
        _ => return Err(row.corrupt("a failure without its time")),
    };
    Ok(DomainProof {
        seller: row.id("organisation_id")?,
        origin: row.text("origin")?,
        proven_at: row.optional_instant("proven_at")?,
        last_failure,
    })
}
