//! The table `users`. Password hashes are read and written by their own functions, so that no list carries them.
//! Address and name are sealed in the row (docs/explanation/what-is-sealed.md).

use db::values;
use domain::identity::{User, UserState};
use domain::ids::{OrganisationId, UserId};
use domain::time::to_millisecond;

use crate::decode::Suspect;
use crate::{Place, Safe, StoreError, Tx};

/// The unique rule by which an e-mail address signs in one person.
pub const ONE_EMAIL: &str = "users_email_index_unique";

/// Writes a new user with the hash of the password.
pub async fn insert(tx: &mut Tx, safe: &dyn Safe, user: &User, password_hash: &str) -> Result<(), StoreError> {
    let id = user.id.to_string();
    tx.execute(
        "INSERT INTO users (id, organisation_id, email_index, email_sealed, name_sealed, role, language, password_hash,
                            disabled_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            id.clone(),
            user.organisation.to_string(),
            safe.email_index(&user.email),
            safe.seal(email_place(&id), &user.email),
            safe.seal(name_place(&id), &user.name),
            user.role.code(),
            user.language.code(),
            password_hash,
            disabled_at(user.state),
            to_millisecond(user.created_at),
        ],
    )
    .await?;
    Ok(())
}

/// The user, if it belongs to the organisation.
pub async fn find(
    tx: &mut Tx,
    safe: &dyn Safe,
    organisation: OrganisationId,
    id: UserId,
) -> Result<Option<User>, StoreError> {
    let row = tx
        .query_optional(
            "SELECT * FROM users WHERE id = $1 AND organisation_id = $2",
            values![id.to_string(), organisation.to_string()],
        )
        .await?;
    row.as_ref().map(|row| decode(safe, row)).transpose()
}

/// The user and the hash of the password, by the address that the person signs in with (lower case).
pub async fn find_by_email(tx: &mut Tx, safe: &dyn Safe, email: &str) -> Result<Option<(User, String)>, StoreError> {
    let index = safe.email_index(email);
    let row = tx.query_optional("SELECT * FROM users WHERE email_index = $1", values![index]).await?;
    row.as_ref().map(|row| Ok((decode(safe, row)?, row.get::<String>("password_hash")?))).transpose()
}

/// The user and the hash of the password, by id.
pub async fn find_with_password(
    tx: &mut Tx,
    safe: &dyn Safe,
    id: UserId,
) -> Result<Option<(User, String)>, StoreError> {
    let row = tx.query_optional("SELECT * FROM users WHERE id = $1", values![id.to_string()]).await?;
    row.as_ref().map(|row| Ok((decode(safe, row)?, row.get::<String>("password_hash")?))).transpose()
}

/// As [`find_with_password`], and nobody else changes the user until this transaction ends.
pub async fn lock_with_password(
    tx: &mut Tx,
    safe: &dyn Safe,
    id: UserId,
) -> Result<Option<(User, String)>, StoreError> {
    let row = tx
        .query_optional(concat!("SELECT * FROM users WHERE id = $1", db::for_update!()), values![id.to_string()])
        .await?;
    row.as_ref().map(|row| Ok((decode(safe, row)?, row.get::<String>("password_hash")?))).transpose()
}

/// Everybody in the organisation, in the order they came.
pub async fn list(tx: &mut Tx, safe: &dyn Safe, organisation: OrganisationId) -> Result<Vec<User>, StoreError> {
    let rows = tx
        .query(
            "SELECT * FROM users WHERE organisation_id = $1 ORDER BY created_at, id",
            values![organisation.to_string()],
        )
        .await?;
    rows.iter().map(|row| decode(safe, row)).collect()
}

/// Enabled administrators of the organisation, not counting `without`. Ask with the organisation locked.
pub async fn other_administrators(
    tx: &mut Tx,
    organisation: OrganisationId,
    without: UserId,
) -> Result<usize, StoreError> {
    let row = tx
        .query_one(
            "SELECT count(*) AS administrators FROM users
             WHERE organisation_id = $1 AND id <> $2 AND role = 'administrator' AND disabled_at IS NULL",
            values![organisation.to_string(), without.to_string()],
        )
        .await?;
    Ok(usize::try_from(row.get::<i64>("administrators")?).unwrap_or(0))
}

/// Writes what may change about a user: name, role, language, state.
pub async fn update(tx: &mut Tx, safe: &dyn Safe, user: &User) -> Result<(), StoreError> {
    let id = user.id.to_string();
    let name = safe.seal(name_place(&id), &user.name);
    tx.execute(
        "UPDATE users SET name_sealed = $2, role = $3, language = $4, disabled_at = $5 WHERE id = $1",
        values![id, name, user.role.code(), user.language.code(), disabled_at(user.state)],
    )
    .await?;
    Ok(())
}

/// Replaces the password's hash, if it is still `before`: of two changes at once one wins. Whether it was written.
pub async fn replace_password(tx: &mut Tx, id: UserId, before: &str, after: &str) -> Result<bool, StoreError> {
    let written = tx
        .execute(
            "UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2",
            values![id.to_string(), before, after],
        )
        .await?;
    Ok(written == 1)
}

fn disabled_at(state: UserState) -> Option<i64> {
    match state {
        UserState::Enabled => None,
        UserState::Disabled { at } => Some(to_millisecond(at)),
    }
}

/// Where a user's address is sealed.
fn email_place(user: &str) -> Place<'_> {
    Place { table: "users", column: "email_sealed", row: user }
}

/// Where a user's name is sealed.
pub(crate) fn name_place(user: &str) -> Place<'_> {
    Place { table: "users", column: "name_sealed", row: user }
}

fn decode(safe: &dyn Safe, row: &db::Row) -> Result<User, StoreError> {
    let row = Suspect::new("users", row)?;
    read(safe, &row, "id", "created_at")
}

/// The user in a row of `users`, or in a joined row that calls id and instant otherwise.
pub(super) fn read(
    safe: &dyn Safe,
    row: &Suspect<'_>,
    id: &'static str,
    created_at: &'static str,
) -> Result<User, StoreError> {
    let id: UserId = row.id(id)?;
    let name = id.to_string();
    Ok(User {
        id,
        organisation: row.id("organisation_id")?,
        email: row.opened(safe, "email_sealed", email_place(&name))?,
        name: row.opened(safe, "name_sealed", name_place(&name))?,
        role: row.parsed("role")?,
        language: row.parsed("language")?,
        state: row.optional_instant("disabled_at")?.map_or(UserState::Enabled, |at| UserState::Disabled { at }),
        created_at: row.instant(created_at)?,
    })
}
