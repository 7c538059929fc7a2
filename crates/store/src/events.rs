//! The tables `events` and `event_seals`: written once, never changed.

use db::values;
use domain::audit::{Doer, Event};
use domain::ids::{EventId, Id as _, OrganisationId};
use domain::time::{Timestamp, to_millisecond};

use crate::decode::Suspect;
use crate::{StoreError, Tx};

/// Writes one event.
pub fn insert(tx: &mut Tx, event: &Event) -> Result<(), StoreError> {
    let (kind, user, key) = match event.doer {
        Doer::User(user) => ("user", Some(user.to_string()), None),
        Doer::Key(user, key) => ("key", Some(user.to_string()), Some(key.to_string())),
        Doer::System => ("system", None, None),
    };
    tx.execute_later(
        "INSERT INTO events (id, at, kind, actor_kind, actor_user, actor_key, organisation, subject, facts)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![
            event.id.to_string(),
            to_millisecond(event.at),
            event.kind.clone(),
            kind,
            user,
            key,
            event.organisation.map(|organisation| organisation.to_string()),
            event.subject.clone(),
            event.facts.to_string(),
        ],
    )?;
    Ok(())
}

/// What happened to one thing, oldest first and within one act as it was recorded; with `organisation` only what belongs to its timeline.
pub async fn of_subject(
    tx: &mut Tx,
    subject: &str,
    organisation: Option<OrganisationId>,
) -> Result<Vec<Event>, StoreError> {
    let rows = tx
        .query(
            "SELECT * FROM events WHERE subject = $1 AND ($2 = '' OR organisation = $2) ORDER BY at, id",
            values![subject, organisation.map(|organisation| organisation.to_string()).unwrap_or_default()],
        )
        .await?;
    rows.iter().map(decode).collect()
}

/// The events after the youngest sealed one that happened before `before`, in the order of their ids, which is that of
/// time; at most `most`. Reads no more rows than it gives, however many events there are.
pub async fn after_the_sealed(tx: &mut Tx, before: Timestamp, most: u32) -> Result<Vec<Event>, StoreError> {
    let rows = tx
        .query(
            "SELECT * FROM events WHERE id > COALESCE((SELECT MAX(event) FROM event_seals), '') AND at < $1
             ORDER BY id LIMIT $2",
            values![to_millisecond(before), most],
        )
        .await?;
    rows.iter().map(decode).collect()
}

/// Looks back at the next `most` events that happened before `before` and are no younger than the youngest sealed one,
/// and keeps that it did. Gives how many it looked at, and those that no seal names.
pub async fn look_back(tx: &mut Tx, before: Timestamp, most: u32) -> Result<(usize, Vec<Event>), StoreError> {
    let rows = tx
        .query(
            "SELECT piece.*, s.event AS sealed
             FROM (SELECT * FROM events
                   WHERE id > (SELECT looked_back_to FROM seal_progress) AND id < $1
                     AND id <= (SELECT MAX(event) FROM event_seals)
                   ORDER BY id LIMIT $2) AS piece
             LEFT JOIN event_seals s ON s.event = piece.id ORDER BY piece.id",
            values![EventId::make(before, [0; 10]).to_string(), most],
        )
        .await?;
    let mut left_out = Vec::new();
    for row in &rows {
        if row.get::<Option<String>>("sealed")?.is_none() {
            left_out.push(decode(row)?);
        }
    }
    if let Some(last) = rows.last() {
        tx.execute_later("UPDATE seal_progress SET looked_back_to = $1", values![last.get::<String>("id")?])?;
    }
    Ok((rows.len(), left_out))
}

/// How many events that happened before `before` no seal names. Reads every event: for a verifier, not for a job.
pub async fn count_left_out(tx: &mut Tx, before: Timestamp) -> Result<i64, StoreError> {
    let row = tx
        .query_one(
            "SELECT COUNT(*) AS left_out FROM events e LEFT JOIN event_seals s ON s.event = e.id
             WHERE s.event IS NULL AND e.at < $1",
            values![to_millisecond(before)],
        )
        .await?;
    Ok(row.get("left_out")?)
}

/// The last seal: its number and hash. Number 0 and an empty hash when there is none.
pub async fn last_seal(tx: &mut Tx) -> Result<(i64, String), StoreError> {
    let row =
        tx.query_optional("SELECT sequence, hash FROM event_seals ORDER BY sequence DESC LIMIT 1", values![]).await?;
    row.map_or(Ok((0, String::new())), |row| Ok((row.get("sequence")?, row.get("hash")?)))
}

/// Writes the next seal. A second sealer at work is refused by the primary key.
pub fn insert_seal(tx: &mut Tx, sequence: i64, event: &Event, hash: &str) -> Result<(), StoreError> {
    tx.execute_later(
        "INSERT INTO event_seals (sequence, event, hash) VALUES ($1, $2, $3)",
        values![sequence, event.id.to_string(), hash],
    )?;
    Ok(())
}

/// Sealed events after the seal `after`, in order, with number and hash: what a verifier walks over.
pub async fn sealed(tx: &mut Tx, after: i64, most: u32) -> Result<Vec<(i64, String, Event)>, StoreError> {
    let rows = tx
        .query(
            "SELECT e.*, s.sequence, s.hash FROM event_seals s JOIN events e ON e.id = s.event
             WHERE s.sequence > $1 ORDER BY s.sequence LIMIT $2",
            values![after, most],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("sequence")?, row.get("hash")?, decode(row)?))).collect()
}

fn decode(row: &db::Row) -> Result<Event, StoreError> {
    let row = Suspect::new("events", row)?;
    let doer =
        match (row.text("actor_kind")?.as_str(), row.optional_parsed("actor_user")?, row.optional_parsed("actor_key")?)
        {
            ("user", Some(user), None) => Doer::User(user),
            ("key", Some(user), Some(key)) => Doer::Key(user, key),
            ("system", None, None) => Doer::System,
            _ => return Err(row.corrupt("the actor's columns do not fit each other")),
        };
    Ok(Event {
        id: row.id("id")?,
        at: row.instant("at")?,
        kind: row.text("kind")?,
        doer,
        organisation: row.optional_parsed("organisation")?,
        subject: row.text("subject")?,
        facts: row.json("facts")?,
    })
}
