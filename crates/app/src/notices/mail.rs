//! The job that sends one notice as an e-mail. At least once: mail programs recognise a repeat by its `Message-ID`.

use async_trait::async_trait;
use domain::ids::NoticeId;
use domain::time::SignedDuration;
use language::Words;
use ports::{Mail, MailFailure};
use store::notices::NoticeRow;
use tracing::warn;

use crate::identity::contact::{Contact, contact_of};
use crate::jobs::{Handler, Leased, Verdict};
use crate::{App, AppError};

pub(super) const KIND: &str = "notice_mail";

/// After this long a mail that no server takes is given up; the notice stays (reliability.md F-90).
pub(super) const GIVE_UP_AFTER: SignedDuration = SignedDuration::from_hours(24);

pub(super) struct SendMail;

#[async_trait]
impl Handler for SendMail {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, app: &App, job: &Leased) -> Result<Verdict, AppError> {
        let id: NoticeId =
            job.key().parse().map_err(|_| AppError::Internal("a mail job without a notice".to_owned()))?;
        let found = app
            .store
            .read(id, |tx, id| Box::pin(async move { Ok::<_, AppError>(store::notices::find(tx, id).await?) }))
            .await?;
        let Some(notice) = found.filter(|notice| notice.mailed_at.is_none()) else { return Ok(Verdict::Done) };
        let Some(contact) = contact_of(app, notice.recipient).await? else { return Ok(Verdict::Done) };
        let sent = app.mailer.send(&compose(app, &notice, &contact)).await;
        let sent = sent.map_err(|failure| without_address(failure, &contact));
        let now = app.now();
        let failure = match sent {
            Ok(()) => None,
            Err(MailFailure::Temporary(why)) if now.duration_since(notice.created_at) < GIVE_UP_AFTER => {
                let pause = pause_after(now.duration_since(notice.created_at));
                warn!(notice.id = %id, why, "An e-mail is tried again in {} minutes", pause.as_mins());
                return Ok(Verdict::Again(pause));
            }
            Err(MailFailure::Temporary(why) | MailFailure::Permanent(why)) => Some(why),
        };
        let job = job.clone();
        app.store
            .write((job, id, failure, now), |tx, (job, id, failure, now)| {
                Box::pin(async move {
                    match failure {
                        None => store::notices::mark_mailed(tx, id, now).await?,
                        Some(why) => store::notices::mark_mail_failed(tx, id, now, &why).await?,
                    }
                    job.finish(tx).await
                })
            })
            .await?;
        Ok(Verdict::Recorded)
    }
}

/// A mail that has waited is tried again after as long again, at least a minute and at most an hour: soon where a server
/// was away for a moment, and not three hundred times a day where there is none.
pub(crate) fn pause_after(waited: SignedDuration) -> SignedDuration {
    waited.clamp(SignedDuration::from_mins(1), SignedDuration::from_mins(60))
}

/// Mail servers like to name the address they refuse; it belongs neither into the log nor into the tables.
pub(super) fn without_address(failure: MailFailure, contact: &Contact) -> MailFailure {
    let masked = |why: String| {
        // Byte by byte as the address is ASCII; a server may spell it in capitals.
        let (address, mut text) = (contact.email.to_ascii_lowercase(), why);
        while let Some(at) = text.to_ascii_lowercase().find(&address).filter(|_| !address.is_empty()) {
            text.replace_range(at..at + address.len(), "the recipient");
        }
        text
    };
    match failure {
        MailFailure::Temporary(why) => MailFailure::Temporary(masked(why)),
        MailFailure::Permanent(why) => MailFailure::Permanent(masked(why)),
    }
}

/// The letter that says a notice.
pub(super) fn compose(app: &App, notice: &NoticeRow, contact: &Contact) -> Mail {
    let (subject, body) = super::read::put_into_words(app, notice, Words::of(contact.language));
    letter(app, notice.id.to_string(), contact, &Letter { subject, body, link: notice.link.clone() })
}

/// What one e-mail says.
pub(crate) struct Letter {
    /// One line.
    pub(crate) subject: String,
    /// What happened and what to do.
    pub(crate) body: String,
    /// The page that it leads to, from the root.
    pub(crate) link: String,
}

/// The letter as plain text and as HTML, with greeting and closing in the person's language.
pub(crate) fn letter(app: &App, id: String, contact: &Contact, letter: &Letter) -> Mail {
    let words = Words::of(contact.language);
    let site = &app.settings.site;
    let (body, link) = (&letter.body, format!("{}{}", site.public_url, letter.link));
    let greeting = words.notices_mail_greeting(contact.name.as_str());
    let closing = words.notices_mail_closing(site.name.as_str());
    let text = format!("{greeting}\n\n{body}\n\n{link}\n\n{closing}\n");
    let html = format!(
        "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\"><body><p>{}</p><p>{}</p><p><a href=\"{}\">{}</a></p><p>{}</p></body></html>",
        contact.language.tag(),
        escape(&greeting),
        escape(body),
        escape(&link),
        escape(words.notices_mail_open()),
        escape(&closing),
    );
    Mail { id, to: contact.email.clone(), subject: letter.subject.replace(['\r', '\n'], " "), text, html }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
