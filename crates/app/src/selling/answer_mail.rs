//! The letter that takes the answer to an application to the company's customer service (functions.md 1.1): an address that need
//! not belong to anybody with an account. Members of the organisation get a notice of their own.

use async_trait::async_trait;
use domain::ids::OrganisationId;
use domain::selling::SellerApplication;
use domain::text::Language;
use domain::time::Timestamp;
use language::Words;
use ports::MailFailure;
use serde::{Deserialize, Serialize};
use store::identity::users;
use store::notices::Contact;
use store::{Place, Tx};
use tracing::warn;

use crate::events::Moment;
use crate::jobs::{Handler, Leased, NewJob, Verdict, enqueue};
use crate::notices::{Letter, letter, pause_after};
use crate::{App, AppError, Vault};

const KIND: &str = "application_answer_mail";

/// After this long a letter that no server takes is given up; the notice in the market stays (reliability.md F-90).
const GIVE_UP_AFTER_HOURS: i64 = 24;

/// What the letter says, sealed in the job: address and reason are nobody else's business.
#[derive(Serialize, Deserialize)]
struct Answer {
    email: String,
    name: String,
    company: String,
    organisation: OrganisationId,
    kind: String,
    reason: String,
    link: String,
    decided_at: Timestamp,
}

fn place(key: &str) -> Place<'_> {
    Place { table: "jobs", column: "payload", row: key }
}

/// Writes the job in the transaction of the decision. Whoever reads the address as a member is told already.
pub(super) async fn send_later(
    tx: &mut Tx,
    vault: &Vault,
    moment: &Moment,
    application: &SellerApplication,
    (kind, link, reason): (&str, &str, &str),
) -> Result<(), AppError> {
    let email = application.form.support_email.trim();
    let member = users::find_by_email(tx, vault, &email.to_lowercase()).await?;
    if member.is_some_and(|(user, _)| user.organisation == application.organisation && user.enabled()) {
        return Ok(());
    }
    let answer = Answer {
        email: email.to_owned(),
        name: application.form.company_name.trim().to_owned(),
        company: application.form.company_name.trim().to_owned(),
        organisation: application.organisation,
        kind: kind.to_owned(),
        reason: reason.to_owned(),
        link: link.to_owned(),
        decided_at: moment.now,
    };
    let key = format!("{}/{}", application.id, application.revision);
    let text = serde_json::to_string(&answer).map_err(|error| AppError::Internal(error.to_string()))?;
    let payload = serde_json::Value::String(vault.seal(place(&key), &text)).to_string();
    Ok(enqueue(tx, moment, NewJob { payload, ..NewJob::now(KIND, key, "mail", moment) }).await?)
}

pub(super) struct SendAnswer;

#[async_trait]
impl Handler for SendAnswer {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, app: &App, job: &Leased) -> Result<Verdict, AppError> {
        let fault = |error: serde_json::Error| AppError::Internal(format!("the payload of an answer: {error}"));
        let sealed: String = serde_json::from_str(job.payload()).map_err(fault)?;
        let answer: Answer = serde_json::from_str(&app.vault.open(place(job.key()), &sealed)?).map_err(fault)?;
        let language = language_of(app, answer.organisation).await?;
        let words = Words::of(language);
        let arguments = [("company", answer.company.as_str().into()), ("reason", answer.reason.as_str().into())];
        let say = |part: &str| {
            words.say("notice", &format!("{}_{part}", answer.kind), &arguments).unwrap_or_else(|| answer.kind.clone())
        };
        let says = Letter { subject: say("subject"), body: say("body"), link: answer.link.clone() };
        let to = Contact { email: answer.email.clone(), name: answer.name.clone(), language };
        let waited = app.now().duration_since(answer.decided_at);
        match app.mailer.send(&letter(app, job.key().replace('/', "-"), &to, &says)).await {
            Ok(()) => Ok(Verdict::Done),
            Err(MailFailure::Temporary(_)) if waited.as_hours() < GIVE_UP_AFTER_HOURS => {
                Ok(Verdict::Again(pause_after(waited)))
            }
            // Servers like to name the address that they refuse, so their words are not logged; the members were told.
            Err(MailFailure::Temporary(_) | MailFailure::Permanent(_)) => {
                warn!(job.key = job.key(), "The answer to an application did not reach the customer service's address");
                Ok(Verdict::Done)
            }
        }
    }
}

/// The language of whoever has been in the organisation longest.
async fn language_of(app: &App, organisation: OrganisationId) -> Result<Language, AppError> {
    app.store
        .read::<_, _, AppError, _>((organisation, app.vault.clone()), |tx, (organisation, vault)| {
            Box::pin(async move {
                let Some(first) = store::notices::users_of(tx, organisation).await?.into_iter().min() else {
                    return Ok(Language::English);
                };
                let found = users::find_with_password(tx, &vault, first).await?;
                Ok(found.map_or(Language::English, |(user, _)| user.language))
            })
        })
        .await
}
