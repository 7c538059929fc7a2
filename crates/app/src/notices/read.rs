//! The notice centre: a person's own notices, in their language.

use domain::identity::Actor;
use domain::ids::NoticeId;
use domain::mention::Mention;
use domain::text::Language;
use domain::time::Timestamp;
use language::Words;
use store::notices::NoticeRow;

use crate::{App, AppError};

/// A notice in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeView {
    /// The id.
    pub id: NoticeId,
    /// The kind, as a stable code.
    pub kind: String,
    /// One line.
    pub subject: String,
    /// What happened and what to do.
    pub body: String,
    /// The page that it leads to.
    pub link: String,
    /// When.
    pub created_at: Timestamp,
    /// When it was opened.
    pub read_at: Option<Timestamp>,
}

/// The newest notices of the actor, older than `before` when given. Looking marks nothing (security.md S-12): what was read
/// is said by opening one, or by marking.
pub async fn list(
    app: &App,
    actor: &Actor,
    language: Language,
    before: Option<NoticeId>,
    most: u32,
) -> Result<Vec<NoticeView>, AppError> {
    let input = (actor.user, before, most.min(100));
    let rows: Vec<NoticeRow> = app
        .store
        .read(input, |tx, (user, before, most)| {
            Box::pin(async move { Ok::<_, AppError>(store::notices::of_user(tx, user, before, most).await?) })
        })
        .await?;
    let words = Words::of(language);
    Ok(rows.into_iter().map(|row| view(app, row, words)).collect())
}

/// How many notices the actor has not seen.
pub async fn unseen_count(app: &App, actor: &Actor) -> Result<u32, AppError> {
    let unseen: i64 = app
        .store
        .read(actor.user, |tx, user| {
            Box::pin(async move { Ok::<_, AppError>(store::notices::unseen(tx, user).await?) })
        })
        .await?;
    Ok(u32::try_from(unseen).unwrap_or(u32::MAX))
}

/// Where one of the actor's own notices leads. Marks nothing.
pub async fn link_of(app: &App, actor: &Actor, id: NoticeId) -> Result<String, AppError> {
    app.store
        .read((actor.user, id), |tx, (user, id)| {
            Box::pin(async move {
                let found = store::notices::find(tx, id).await?.filter(|notice| notice.recipient == user);
                Ok(found.ok_or(AppError::NotFound("notice"))?.link)
            })
        })
        .await
}

/// Opens one of the actor's own notices: marks it read and says where it leads. Doing it again is calm.
pub async fn open(app: &App, actor: &Actor, id: NoticeId) -> Result<String, AppError> {
    app.store
        .write((actor.user, id, app.now()), |tx, (user, id, now)| {
            Box::pin(async move {
                let found = store::notices::find(tx, id).await?.filter(|notice| notice.recipient == user);
                let notice = found.ok_or(AppError::NotFound("notice"))?;
                store::notices::mark_read(tx, user, Some(id), now).await?;
                Ok(notice.link)
            })
        })
        .await
}

/// Marks all of the actor's notices as read.
pub async fn mark_all_read(app: &App, actor: &Actor) -> Result<(), AppError> {
    app.store
        .write((actor.user, app.now()), |tx, (user, now)| {
            Box::pin(async move { Ok::<_, AppError>(store::notices::mark_read(tx, user, None, now).await?) })
        })
        .await
}

fn view(app: &App, row: NoticeRow, words: &Words) -> NoticeView {
    let (subject, body) = put_into_words(app, &row, words);
    NoticeView {
        id: row.id,
        kind: row.kind,
        subject,
        body,
        link: row.link,
        created_at: row.created_at,
        read_at: row.read_at,
    }
}

/// Subject and body. A kind that a newer node wrote falls back to its code.
pub(super) fn put_into_words(app: &App, row: &NoticeRow, words: &Words) -> (String, String) {
    let opened = |mention: &Mention| match mention {
        Mention::Sealed { sealed } => super::opened(app, &row.key, sealed),
        Mention::Text(_) | Mention::Number(_) | Mention::Amount(_) | Mention::Named(_) => mention.clone(),
    };
    let arguments: Vec<(&str, Mention)> =
        row.arguments.iter().map(|(name, mention)| (name.as_str(), opened(mention))).collect();
    let say = |part: &str| {
        words.say("notice", &format!("{}_{part}", row.kind), &arguments).unwrap_or_else(|| row.kind.clone())
    };
    (say("subject"), say("body"))
}
