//! The table `notices`, and who is told: users of an organisation or one user.

use db::values;
use domain::ids::{NoticeId, OrganisationId, UserId};
use domain::mention::Mention;
use domain::text::Language;
use domain::time::{Timestamp, to_millisecond};

use crate::decode::{Suspect, to_json};
use crate::{StoreError, Tx};

/// A notice as it is stored: a kind with arguments, put into words when it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRow {
    /// The id.
    pub id: NoticeId,
    /// Whom it tells.
    pub recipient: UserId,
    /// One notice per recipient and key.
    pub key: String,
    /// What it is about, as a stable code.
    pub kind: String,
    /// What the sentence mentions.
    pub arguments: Vec<(String, Mention)>,
    /// The page that it leads to.
    pub link: String,
    /// When.
    pub created_at: Timestamp,
    /// When it was marked read; before looking stopped marking, when the list was opened with it in it.
    pub seen_at: Option<Timestamp>,
    /// When it was opened itself.
    pub read_at: Option<Timestamp>,
    /// When the mail server took the e-mail.
    pub mailed_at: Option<Timestamp>,
}

/// Whom an e-mail reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// The address.
    pub email: String,
    /// How the person is called.
    pub name: String,
    /// In which language they want mail.
    pub language: Language,
}

/// Writes the notice, unless the recipient has one of this key.
pub fn insert(tx: &mut Tx, notice: &NoticeRow) -> Result<(), StoreError> {
    tx.execute_later(
        "INSERT INTO notices (id, recipient, key, kind, arguments, link, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (recipient, key) DO NOTHING",
        values![
            notice.id.to_string(),
            notice.recipient.to_string(),
            notice.key.clone(),
            notice.kind.clone(),
            to_json(&notice.arguments),
            notice.link.clone(),
            to_millisecond(notice.created_at),
        ],
    )?;
    Ok(())
}

/// One notice.
pub async fn find(tx: &mut Tx, id: NoticeId) -> Result<Option<NoticeRow>, StoreError> {
    let row = tx.query_optional("SELECT * FROM notices WHERE id = $1", values![id.to_string()]).await?;
    row.as_ref().map(decode).transpose()
}

/// A person's notices, newest first, older than `before` when given.
pub async fn of_user(
    tx: &mut Tx,
    user: UserId,
    before: Option<NoticeId>,
    most: u32,
) -> Result<Vec<NoticeRow>, StoreError> {
    let rows = tx
        .query(
            "SELECT * FROM notices WHERE recipient = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3",
            values![user.to_string(), before.map(|id| id.to_string()).unwrap_or_default(), most],
        )
        .await?;
    rows.iter().map(decode).collect()
}

/// How many a person has not seen.
pub async fn unseen(tx: &mut Tx, user: UserId) -> Result<i64, StoreError> {
    let row = tx
        .query_one(
            "SELECT COUNT(*) AS unseen FROM notices WHERE recipient = $1 AND seen_at IS NULL",
            values![user.to_string()],
        )
        .await?;
    Ok(row.get("unseen")?)
}

/// The person opened one, or (without an id) says that all are read.
pub async fn mark_read(tx: &mut Tx, user: UserId, id: Option<NoticeId>, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE notices SET read_at = $3, seen_at = COALESCE(seen_at, $3)
         WHERE recipient = $1 AND ($2 = '' OR id = $2) AND read_at IS NULL",
        values![user.to_string(), id.map(|id| id.to_string()).unwrap_or_default(), to_millisecond(at)],
    )
    .await?;
    Ok(())
}

/// The mail server took the e-mail.
pub async fn mark_mailed(tx: &mut Tx, id: NoticeId, at: Timestamp) -> Result<(), StoreError> {
    tx.execute("UPDATE notices SET mailed_at = $2 WHERE id = $1", values![id.to_string(), to_millisecond(at)]).await?;
    Ok(())
}

/// The mail server will not take the e-mail; the notice itself stays.
pub async fn mark_mail_failed(tx: &mut Tx, id: NoticeId, at: Timestamp, why: &str) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE notices SET mail_failed_at = $2, mail_failure = $3 WHERE id = $1",
        values![id.to_string(), to_millisecond(at), why],
    )
    .await?;
    Ok(())
}

/// The enabled users of an organisation, oldest first.
pub async fn users_of(tx: &mut Tx, organisation: OrganisationId) -> Result<Vec<UserId>, StoreError> {
    let rows = tx
        .query(
            "SELECT id FROM users WHERE organisation_id = $1 AND disabled_at IS NULL ORDER BY id",
            values![organisation.to_string()],
        )
        .await?;
    rows.iter().map(|row| Suspect::new("users", row)?.id("id")).collect()
}

/// The enabled users of the operator's organisation.
pub async fn operators(tx: &mut Tx) -> Result<Vec<UserId>, StoreError> {
    let rows = tx
        .query(
            "SELECT u.id FROM users u JOIN organisations o ON o.id = u.organisation_id
             WHERE o.kind = 'operator' AND u.disabled_at IS NULL ORDER BY u.id",
            values![],
        )
        .await?;
    rows.iter().map(|row| Suspect::new("users", row)?.id("id")).collect()
}

fn decode(row: &db::Row) -> Result<NoticeRow, StoreError> {
    let row = Suspect::new("notices", row)?;
    Ok(NoticeRow {
        id: row.id("id")?,
        recipient: row.id("recipient")?,
        key: row.text("key")?,
        kind: row.text("kind")?,
        arguments: row.json("arguments")?,
        link: row.text("link")?,
        created_at: row.instant("created_at")?,
        seen_at: row.optional_instant("seen_at")?,
        read_at: row.optional_instant("read_at")?,
        mailed_at: row.optional_instant("mailed_at")?,
    })
}
