//! Telling people: a notice in the notice centre and an e-mail, both cut in the transaction of the event.
//!
//! A notice is kept as a kind with arguments and put into words when it is read, in the reader's language. The words
//! are `notice-<kind>-subject` and `notice-<kind>-body` in `language`. In-app notices are exactly once per event and
//! person; e-mails at least once (reliability.md I12).

mod customer_service;
mod mail;
mod read;

use domain::ids::{NoticeId, OrganisationId, UserId};
use domain::mention::Mention;
use domain::outcome::Arguments;
use store::notices::NoticeRow;
use store::{Place, StoreError, Tx};

use crate::App;
use crate::events::Moment;
use crate::jobs::{Handler, NewJob, enqueue_for_notice};

pub(crate) use mail::{Letter, letter, pause_after};
pub use read::{NoticeView, link_of, list, mark_all_read, open, unseen_count};

/// Who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Every enabled user of an organisation.
    Organisation(OrganisationId),
    /// Every enabled user of a seller, and by e-mail the customer-service address of its application: for what its system
    /// does wrong (seller-protocol 1.6, "On failure").
    Seller(OrganisationId),
    /// One person.
    User(UserId),
    /// Every enabled user of the operator.
    Operators,
}

/// What is told.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Who is told.
    pub to: Audience,
    /// A stable code in snake case, with two messages in `language`.
    pub kind: &'static str,
    /// What it is about, so that an event tells a person once: usually the subject's id.
    pub about: String,
    /// What the sentences mention. Never a secret.
    pub arguments: Arguments,
    /// The page that it leads to, from the root.
    pub link: String,
}

/// Words about a person in a notice of this kind and about: names lie sealed in the tables.
pub(crate) fn sealed(app: &App, (kind, about): (&str, &str), words: &str) -> Mention {
    Mention::Sealed { sealed: app.vault.seal(place(&key_of(kind, about)), words) }
}

/// The words again; a mark in their place when they do not open here.
fn opened(app: &App, key: &str, sealed: &str) -> Mention {
    app.vault.open(place(key), sealed).map_or_else(|_| "…".into(), Mention::Text)
}

/// What is sealed for a notice opens in this one only, whoever receives it.
fn place(key: &str) -> Place<'_> {
    Place { table: "notices", column: "arguments", row: key }
}

fn key_of(kind: &str, about: &str) -> String {
    format!("{kind}/{about}")
}

/// The kind of the jobs that send notices as letters.
pub(crate) const MAIL_JOB: &str = mail::KIND;

/// Writes the notices and the jobs of their e-mails.
pub async fn notify(tx: &mut Tx, moment: &Moment, notice: Notice) -> Result<(), StoreError> {
    let mut shared_mailbox = matches!(notice.to, Audience::Seller(_));
    for id in write(tx, moment, notice).await? {
        enqueue_for_notice(tx, moment, NewJob::now(mail::KIND, id, "mail", moment))?;
        // Hangs on the notice of the first of them, so that the same event writes there once, too.
        if std::mem::take(&mut shared_mailbox) {
            enqueue_for_notice(tx, moment, NewJob::now(customer_service::KIND, id, "mail", moment))?;
        }
    }
    Ok(())
}

/// Writes the notices alone: for news about letters that cannot be sent.
pub(crate) async fn notify_without_mail(tx: &mut Tx, moment: &Moment, notice: Notice) -> Result<(), StoreError> {
    write(tx, moment, notice).await.map(drop)
}

/// Writes the notices; says which there would be, some of which people may have had before.
async fn write(tx: &mut Tx, moment: &Moment, notice: Notice) -> Result<Vec<NoticeId>, StoreError> {
    let recipients = match notice.to {
        Audience::Organisation(organisation) | Audience::Seller(organisation) => {
            store::notices::users_of(tx, organisation).await?
        }
        Audience::User(user) => vec![user],
        Audience::Operators => store::notices::operators(tx).await?,
    };
    let arguments: Vec<_> = notice.arguments.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let mut written = Vec::with_capacity(recipients.len());
    for recipient in recipients {
        let key = key_of(notice.kind, &notice.about);
        let id = moment.id::<NoticeId>(&format!("{key}/{recipient}"));
        let row = NoticeRow {
            id,
            recipient,
            key,
            kind: notice.kind.to_owned(),
            arguments: arguments.clone(),
            link: notice.link.clone(),
            created_at: moment.now,
            seen_at: None,
            read_at: None,
            mailed_at: None,
        };
        store::notices::insert(tx, &row)?;
        written.push(id);
    }
    Ok(written)
}

pub(crate) fn handlers() -> Vec<Box<dyn Handler>> {
    vec![Box::new(mail::SendMail), Box::new(customer_service::SendToCustomerService)]
}
