//! The table `sessions`. A session that ended is a row that is gone; the events remember it.

use db::values;
use domain::identity::{Organisation, Session, SessionTimes, User};
use domain::ids::{SessionId, UserId};
use domain::time::{Timestamp, to_millisecond};

use crate::decode::Suspect;
use crate::{Safe, StoreError, Tx};

/// Writes a new session with the SHA-256 of its token.
pub async fn insert(tx: &mut Tx, session: &Session, token_hash: &[u8]) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO sessions (id, user_id, token_hash, opened_at, seen_at, proven_at, address, device)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            session.id.to_string(),
            session.user.to_string(),
            token_hash,
            to_millisecond(session.times.opened_at),
            to_millisecond(session.times.seen_at),
            to_millisecond(session.proven_at),
            &session.address,
            &session.device,
        ],
    )
    .await?;
    Ok(())
}

/// The session with this token, its user and the user's organisation.
pub async fn find_by_token(
    tx: &mut Tx,
    safe: &dyn Safe,
    token_hash: &[u8],
) -> Result<Option<(Session, User, Organisation)>, StoreError> {
    let row = tx
        .query_optional(
            "SELECT s.id AS id, s.user_id, s.opened_at, s.seen_at, s.proven_at, s.address, s.device,
                    u.organisation_id, u.email_sealed, u.name_sealed, u.role, u.language, u.disabled_at,
                    u.created_at AS user_created_at,
                    o.kind, o.name AS organisation_name, o.created_at AS organisation_created_at
             FROM sessions s JOIN users u ON u.id = s.user_id JOIN organisations o ON o.id = u.organisation_id
             WHERE s.token_hash = $1",
            values![token_hash],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let session = decode(&row)?;
    let row = Suspect::new("sessions", &row)?;
    let user = super::users::read(safe, &row, "user_id", "user_created_at")?;
    let organisation = Organisation {
        id: user.organisation,
        kind: row.parsed("kind")?,
        name: row.text("organisation_name")?,
        created_at: row.instant("organisation_created_at")?,
    };
    Ok(Some((session, user, organisation)))
}

/// The sessions of one person, newest sign-in first.
pub async fn list(tx: &mut Tx, user: UserId) -> Result<Vec<Session>, StoreError> {
    let rows = tx
        .query("SELECT * FROM sessions WHERE user_id = $1 ORDER BY opened_at DESC, id DESC", values![user.to_string()])
        .await?;
    rows.iter().map(decode).collect()
}

/// Notes the last request; never back in time.
pub async fn touch(tx: &mut Tx, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE sessions SET seen_at = $2 WHERE id = $1 AND seen_at < $2",
        values![id.to_string(), to_millisecond(now)],
    )
    .await?;
    Ok(())
}

/// Notes that the password was given again. Whether the session is still there.
pub async fn prove(tx: &mut Tx, id: SessionId, now: Timestamp) -> Result<bool, StoreError> {
    let written = tx
        .execute("UPDATE sessions SET proven_at = $2 WHERE id = $1", values![id.to_string(), to_millisecond(now)])
        .await?;
    Ok(written == 1)
}

/// Ends one session of this person. Whether there was one.
pub async fn end(tx: &mut Tx, user: UserId, id: SessionId) -> Result<bool, StoreError> {
    let ended = tx
        .execute("DELETE FROM sessions WHERE id = $1 AND user_id = $2", values![id.to_string(), user.to_string()])
        .await?;
    Ok(ended == 1)
}

/// Ends the session, whosever it is: it was held by the browser that signs in anew.
pub async fn end_by_id(tx: &mut Tx, id: SessionId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM sessions WHERE id = $1", values![id.to_string()]).await?;
    Ok(())
}

/// Ends every session of this person but `keep`. How many ended.
pub async fn end_others(tx: &mut Tx, user: UserId, keep: Option<SessionId>) -> Result<u64, StoreError> {
    let keep = keep.map(|id| id.to_string()).unwrap_or_default();
    Ok(tx.execute("DELETE FROM sessions WHERE user_id = $1 AND id <> $2", values![user.to_string(), keep]).await?)
}

/// Forgets what this person's sign-ins before `opened_before` left behind: they are over by the longest limit.
pub async fn forget_old(tx: &mut Tx, user: UserId, opened_before: Timestamp) -> Result<u64, StoreError> {
    let ended = tx
        .execute(
            "DELETE FROM sessions WHERE user_id = $1 AND opened_at < $2",
            values![user.to_string(), to_millisecond(opened_before)],
        )
        .await?;
    Ok(ended)
}

fn decode(row: &db::Row) -> Result<Session, StoreError> {
    let row = Suspect::new("sessions", row)?;
    Ok(Session {
        id: row.id("id")?,
        user: row.id("user_id")?,
        times: SessionTimes { opened_at: row.instant("opened_at")?, seen_at: row.instant("seen_at")? },
        proven_at: row.instant("proven_at")?,
        address: row.text("address")?,
        device: row.text("device")?,
    })
}
