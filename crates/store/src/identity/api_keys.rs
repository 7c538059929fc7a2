//! The table `api_keys`. Sealed secrets are read by their own function only.

use db::values;
use domain::identity::{AccessKey, ApiKey, Organisation, User};
use domain::ids::{ApiKeyId, OrganisationId};
use domain::time::{Timestamp, to_millisecond};

use crate::decode::Suspect;
use crate::{Safe, StoreError, Tx};

/// An access key with all that is needed to act with it.
#[derive(Clone, Debug)]
pub struct KeyHolder {
    /// The key.
    pub key: ApiKey,
    /// The secret, sealed for `api_keys.secret_sealed` of this row.
    pub secret_sealed: String,
    /// Who made it.
    pub maker: User,
    /// Whose it is.
    pub organisation: Organisation,
}

/// Writes a new key with its sealed secret.
pub async fn insert(tx: &mut Tx, key: &ApiKey, secret_sealed: &str) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO api_keys (id, organisation_id, made_by, name, access_key, secret_sealed, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![
            key.id.to_string(),
            key.organisation.to_string(),
            key.made_by.to_string(),
            &key.name,
            key.access_key.as_str(),
            secret_sealed,
            to_millisecond(key.created_at),
        ],
    )
    .await?;
    Ok(())
}

/// The key by its public half, revoked or not.
pub async fn find_holder(
    tx: &mut Tx,
    safe: &dyn Safe,
    access_key: &AccessKey,
) -> Result<Option<KeyHolder>, StoreError> {
    let row = tx
        .query_optional(
            "SELECT k.*, u.email_sealed, u.name_sealed, u.role, u.language, u.disabled_at,
                    u.created_at AS user_created_at,
                    o.kind, o.name AS organisation_name, o.created_at AS organisation_created_at
             FROM api_keys k JOIN users u ON u.id = k.made_by JOIN organisations o ON o.id = k.organisation_id
             WHERE k.access_key = $1",
            values![access_key.as_str()],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let key = decode(&row)?;
    let row = Suspect::new("api_keys", &row)?;
    let maker = super::users::read(safe, &row, "made_by", "user_created_at")?;
    let organisation = Organisation {
        id: key.organisation,
        kind: row.parsed("kind")?,
        name: row.text("organisation_name")?,
        created_at: row.instant("organisation_created_at")?,
    };
    Ok(Some(KeyHolder { key, secret_sealed: row.text("secret_sealed")?, maker, organisation }))
}

/// The organisation's working keys, newest first.
pub async fn list(tx: &mut Tx, organisation: OrganisationId) -> Result<Vec<ApiKey>, StoreError> {
    let rows = tx
        .query(
            "SELECT * FROM api_keys WHERE organisation_id = $1 AND revoked_at IS NULL ORDER BY created_at DESC, id DESC",
            values![organisation.to_string()],
        )
        .await?;
    rows.iter().map(decode).collect()
}

/// Ends a working key of the organisation. Whether there was one.
pub async fn revoke(
    tx: &mut Tx,
    organisation: OrganisationId,
    id: ApiKeyId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let revoked = tx
        .execute(
            "UPDATE api_keys SET revoked_at = $3 WHERE id = $1 AND organisation_id = $2 AND revoked_at IS NULL",
            values![id.to_string(), organisation.to_string(), to_millisecond(now)],
        )
        .await?;
    Ok(revoked == 1)
}

/// Notes the last use; never back in time.
pub async fn touch(tx: &mut Tx, id: ApiKeyId, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE api_keys SET used_at = $2 WHERE id = $1 AND (used_at IS NULL OR used_at < $2)",
        values![id.to_string(), to_millisecond(now)],
    )
    .await?;
    Ok(())
}

fn decode(row: &db::Row) -> Result<ApiKey, StoreError> {
    let row = Suspect::new("api_keys", row)?;
    let access_key = row.text("access_key")?;
    Ok(ApiKey {
        id: row.id("id")?,
        organisation: row.id("organisation_id")?,
        made_by: row.id("made_by")?,
        name: row.text("name")?,
        access_key: access_key.parse().map_err(|()| row.corrupt("access_key is not one"))?,
        created_at: row.instant("created_at")?,
        used_at: row.optional_instant("used_at")?,
        revoked_at: row.optional_instant("revoked_at")?,
    })
}
