//! The job that sends an invitation's link to the invited person. At least once.
//!
//! The token travels in the job sealed, because only its hash is stored elsewhere. A link that was renewed, withdrawn
//! or used meanwhile is not sent.

use async_trait::async_trait;
use domain::ids::InvitationId;
use language::Words;
use ports::MailFailure;
use store::identity::{invitations, organisations};
use store::{StoreError, Tx};
use tracing::warn;

use super::contact::Contact;
use super::people::PATH;
use super::token::{Token, TokenKind, hash_of};
use crate::events::Moment;
use crate::jobs::{Handler, Leased, NewJob, Verdict, enqueue};
use crate::notices::{Letter, letter, pause_after};
use crate::vault::Place;
use crate::{App, AppError};

const KIND: &str = "invitation_mail";

fn place(key: &str) -> Place<'_> {
    Place { table: "jobs", column: "payload", row: key }
}

/// The job for one link: the key names link and not only invitation, because a renewed link is another letter.
pub(super) fn job(app: &App, invitation: InvitationId, token: &Token, moment: &Moment) -> NewJob {
    let link: String = token.hash().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let key = format!("{invitation}/{link}");
    let payload = app.vault.seal(place(&key), token.reveal());
    NewJob { payload: serde_json::Value::String(payload).to_string(), ..NewJob::now(KIND, key, "mail", moment) }
}

/// Writes the job in the transaction that writes the invitation.
pub(super) async fn send_later(tx: &mut Tx, moment: &Moment, job: NewJob) -> Result<(), StoreError> {
    enqueue(tx, moment, job).await
}

pub(super) struct SendInvitation;

#[async_trait]
impl Handler for SendInvitation {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, app: &App, job: &Leased) -> Result<Verdict, AppError> {
        let sealed: String = serde_json::from_str(job.payload())
            .map_err(|error| AppError::Internal(format!("the payload of an invitation's mail: {error}")))?;
        let token = app.vault.open(place(job.key()), &sealed)?;
        let Some(hash) = hash_of(TokenKind::Invitation, &token) else { return Ok(Verdict::Done) };
        let found = app
            .store
            .read::<_, _, AppError, _>((hash, app.vault.clone()), |tx, (hash, vault)| {
                Box::pin(async move {
                    let Some(invitation) = invitations::find_by_token(tx, &vault, &hash).await? else {
                        return Ok(None);
                    };
                    let organisation = organisations::find(tx, invitation.organisation).await?;
                    Ok(organisation.map(|organisation| (invitation, organisation.name)))
                })
            })
            .await?;
        let Some((invitation, organisation)) = found else { return Ok(Verdict::Done) };
        if invitation.check(app.now()).is_err() {
            return Ok(Verdict::Done);
        }
        let words = Words::of(invitation.language);
        let until = words.date_time(invitation.expires_at());
        let says = Letter {
            subject: words.identity_invitation_mail_subject(&organisation),
            body: words.identity_invitation_mail_body(&organisation, until),
            link: format!("{PATH}?token={token}"),
        };
        let to = Contact { email: invitation.email, name: invitation.name, language: invitation.language };
        match app.mailer.send(&letter(app, job.key().replace('/', "-"), &to, &says)).await {
            Ok(()) => Ok(Verdict::Done),
            Err(MailFailure::Temporary(why)) => {
                let pause = pause_after(app.now().duration_since(invitation.created_at));
                warn!(invitation.id = %invitation.id, why, "An invitation's e-mail is tried again in {} minutes", pause.as_mins());
                Ok(Verdict::Again(pause))
            }
            // The administrator has the link as well; nothing is lost by an address that takes no mail.
            Err(MailFailure::Permanent(why)) => {
                warn!(invitation.id = %invitation.id, why, "An invitation's e-mail was refused");
                Ok(Verdict::Done)
            }
        }
    }
}
