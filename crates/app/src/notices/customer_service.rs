//! The job that sends a seller's notice to the customer-service address of its application as well (seller-protocol 1.6: "e-mail
//! to the seller's customer-service address and to the account's mailbox"). At least once.
//!
//! The job holds the id of a notice and nothing else. The address is read where it lies sealed when the mail is sent, and
//! whose mailbox it is, if one of the seller's people, has the letter already.

use async_trait::async_trait;
use domain::ids::NoticeId;
use domain::selling::ApplicationStage;
use domain::text;
use ports::MailFailure;
use store::identity::users;
use store::notices::{Contact, NoticeRow};
use store::selling::applications;
use tracing::warn;

use super::mail::{GIVE_UP_AFTER, compose, pause_after, without_address};
use crate::jobs::{Handler, Leased, Verdict};
use crate::{App, AppError};

pub(super) const KIND: &str = "customer_service_mail";

pub(super) struct SendToCustomerService;

#[async_trait]
impl Handler for SendToCustomerService {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, app: &App, job: &Leased) -> Result<Verdict, AppError> {
        let id: NoticeId =
            job.key().parse().map_err(|_| AppError::Internal("a mail job without a notice".to_owned()))?;
        let Some((notice, contact)) = read(app, id).await? else { return Ok(Verdict::Done) };
        let mut letter = compose(app, &notice, &contact);
        // Another letter than the one to the person whose notice it is.
        letter.id = format!("{id}-service");
        let now = app.now();
        let sent = app.mailer.send(&letter).await.map_err(|failure| without_address(failure, &contact));
        match sent {
            Ok(()) => {}
            Err(MailFailure::Temporary(why)) if now.duration_since(notice.created_at) < GIVE_UP_AFTER => {
                let pause = pause_after(now.duration_since(notice.created_at));
                warn!(notice.id = %id, why, "An e-mail to a customer service is tried again in {} minutes", pause.as_mins());
                return Ok(Verdict::Again(pause));
            }
            // The seller's people have the notice; nothing is lost by an address that takes no mail.
            Err(MailFailure::Temporary(why) | MailFailure::Permanent(why)) => {
                warn!(notice.id = %id, why, "An e-mail to a customer service was given up");
            }
        }
        Ok(Verdict::Done)
    }
}

/// The notice, and the mailbox that it goes to: none when the seller never named one, or it is that of one of its people. The
/// language is that of the person whose notice it is: an organisation has none of its own.
async fn read(app: &App, id: NoticeId) -> Result<Option<(NoticeRow, Contact)>, AppError> {
    app.store
        .read::<_, _, AppError, _>((id, app.vault.clone()), |tx, (id, vault)| {
            Box::pin(async move {
                let Some(notice) = store::notices::find(tx, id).await? else { return Ok(None) };
                let Some((person, _)) = users::find_with_password(tx, &vault, notice.recipient).await? else {
                    return Ok(None);
                };
                let application = applications::of(tx, &vault, person.organisation).await?;
                let decided = application.filter(|found| match found.stage() {
                    ApplicationStage::Approved | ApplicationStage::Rejected => true,
                    ApplicationStage::Draft | ApplicationStage::PendingReview => false,
                });
                let Some(form) = decided.map(|found| found.form) else { return Ok(None) };
                let Ok(email) = text::email("support_email", &form.support_email) else { return Ok(None) };
                let people = users::list(tx, &vault, person.organisation).await?;
                if people.iter().any(|one| one.enabled() && one.email.eq_ignore_ascii_case(&email)) {
                    return Ok(None);
                }
                let contact = Contact { email, name: form.company_name, language: person.language };
                Ok(Some((notice, contact)))
            })
        })
        .await
}
