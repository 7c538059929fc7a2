//! The table `invitations`: open ones only. Address and name are sealed in the row.

use db::values;
use domain::identity::Invitation;
use domain::ids::{InvitationId, OrganisationId};
use domain::time::to_millisecond;

use crate::decode::Suspect;
use crate::{Place, Safe, StoreError, Tx};

/// The unique rule by which an organisation invites an address once.
pub const ONE_EMAIL: &str = "invitations_organisation_id_email_index_unique";

/// Writes a new invitation with the SHA-256 of its token.
pub async fn insert(
    tx: &mut Tx,
    safe: &dyn Safe,
    invitation: &Invitation,
    token_hash: &[u8],
) -> Result<(), StoreError> {
    let id = invitation.id.to_string();
    tx.execute(
        "INSERT INTO invitations (id, organisation_id, email_index, email_sealed, name_sealed, role, language, invited_by,
                                  token_hash, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            id.clone(),
            invitation.organisation.to_string(),
            safe.email_index(&invitation.email),
            safe.seal(Place { column: "email_sealed", ..place(&id) }, &invitation.email),
            safe.seal(place(&id), &invitation.name),
            invitation.role.code(),
            invitation.language.code(),
            invitation.invited_by.to_string(),
            token_hash,
            to_millisecond(invitation.created_at),
        ],
    )
    .await?;
    Ok(())
}

/// The invitation, if it belongs to the organisation; nobody else changes it until this transaction ends.
pub async fn lock(
    tx: &mut Tx,
    safe: &dyn Safe,
    organisation: OrganisationId,
    id: InvitationId,
) -> Result<Option<Invitation>, StoreError> {
    let row = tx
        .query_optional(
            concat!("SELECT * FROM invitations WHERE id = $1 AND organisation_id = $2", db::for_update!()),
            values![id.to_string(), organisation.to_string()],
        )
        .await?;
    row.as_ref().map(|row| decode(safe, row)).transpose()
}

/// The invitation with this token.
pub async fn find_by_token(tx: &mut Tx, safe: &dyn Safe, token_hash: &[u8]) -> Result<Option<Invitation>, StoreError> {
    let row = tx.query_optional("SELECT * FROM invitations WHERE token_hash = $1", values![token_hash]).await?;
    row.as_ref().map(|row| decode(safe, row)).transpose()
}

/// The open invitations of the organisation, in the order they were made.
pub async fn list(tx: &mut Tx, safe: &dyn Safe, organisation: OrganisationId) -> Result<Vec<Invitation>, StoreError> {
    let rows = tx
        .query(
            "SELECT * FROM invitations WHERE organisation_id = $1 ORDER BY created_at, id",
            values![organisation.to_string()],
        )
        .await?;
    rows.iter().map(|row| decode(safe, row)).collect()
}

/// Gives the invitation a new token and starts its week anew.
pub async fn renew(tx: &mut Tx, invitation: &Invitation, token_hash: &[u8]) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE invitations SET token_hash = $2, created_at = $3 WHERE id = $1",
        values![invitation.id.to_string(), token_hash, to_millisecond(invitation.created_at)],
    )
    .await?;
    Ok(())
}

/// Takes the invitation away, used or withdrawn. Whether it was there: of two uses at once one wins.
pub async fn remove(tx: &mut Tx, organisation: OrganisationId, id: InvitationId) -> Result<bool, StoreError> {
    let removed = tx
        .execute(
            "DELETE FROM invitations WHERE id = $1 AND organisation_id = $2",
            values![id.to_string(), organisation.to_string()],
        )
        .await?;
    Ok(removed == 1)
}

/// Where the name of an invited person is sealed.
fn place(invitation: &str) -> Place<'_> {
    Place { table: "invitations", column: "name_sealed", row: invitation }
}

fn decode(safe: &dyn Safe, row: &db::Row) -> Result<Invitation, StoreError> {
    let row = Suspect::new("invitations", row)?;
    let id: InvitationId = row.id("id")?;
    let name = id.to_string();
    Ok(Invitation {
        id,
        organisation: row.id("organisation_id")?,
        email: row.opened(safe, "email_sealed", Place { column: "email_sealed", ..place(&name) })?,
        name: row.opened(safe, "name_sealed", place(&name))?,
        role: row.parsed("role")?,
        language: row.parsed("language")?,
        invited_by: row.id("invited_by")?,
        created_at: row.instant("created_at")?,
    })
}
