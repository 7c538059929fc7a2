//! The applicant's side: look at one's own application, save the draft, hand it in.

use domain::identity::{Actor, OrganisationKind, Permission};
use domain::ids::SellerApplicationId;
use domain::outcome::{Outcome, Problems, Refusal, RefusalKind};
use domain::selling::{ApplicationForm, Papers, SellerAgreement, SellerApplication};
use serde_json::json;
use store::selling::applications;
pub use store::selling::applications::Consent;
use store::{StoreError, Tx};

use super::agreements::Agreements;
use super::papers::{self, PapersView};
use crate::events::Moment;
use crate::notices::{Audience, Notice, notify};
use crate::{App, AppError, Vault};

/// What an applicant sees.
#[derive(Clone, Debug)]
pub struct MyApplication {
    /// The application; `None` before anything was typed.
    pub application: Option<SellerApplication>,
    /// What was agreed to, with version and time.
    pub consents: Vec<Consent>,
    /// What was uploaded.
    pub papers: PapersView,
}

/// The own organisation's application, for everybody of it.
pub async fn mine(app: &App, actor: &Actor) -> Result<MyApplication, AppError> {
    actor.require(Permission::SeePurchases)?;
    app.store
        .read::<_, _, AppError, _>((actor.organisation, app.vault.clone()), |tx, (organisation, vault)| {
            Box::pin(async move {
                let application = applications::of(tx, &vault, organisation).await?;
                let consents = applications::consents(tx, organisation).await?;
                let papers = application.as_ref().map(|application| application.papers).unwrap_or_default();
                let papers = papers::view(tx, papers).await?;
                Ok(MyApplication { application, consents, papers })
            })
        })
        .await
}

/// Keeps what was typed so far; begins the application when there is none.
#[derive(Clone, Debug)]
pub struct SaveDraft {
    /// Every field as typed.
    pub form: ApplicationForm,
    /// The revision on which the form was filled in; `None` overwrites whatever is there.
    pub known_revision: Option<u32>,
}

impl App {
    /// Saves a draft. Nothing is judged but that the text can be kept; saving the same text again changes nothing.
    pub async fn save_seller_application(&self, actor: &Actor, ask: SaveDraft) -> Result<SellerApplication, AppError> {
        actor.require(Permission::ApplyAsSeller)?;
        ask.form.judge_draft()?;
        let input = (actor.organisation, ask, self.moment(actor), self.vault.clone());
        self.store
            .write::<_, _, AppError, _>(input, |tx, (organisation, ask, moment, vault)| {
                Box::pin(async move {
                    let Some(mut application) = applications::lock_of(tx, &vault, organisation).await? else {
                        let id = moment.id("seller application");
                        let application = SellerApplication::begin(id, organisation, ask.form, moment.now);
                        return insert(tx, &vault, application).await;
                    };
                    if let Outcome::Applied(()) =
                        application.change(ask.form, ask.known_revision, moment.now).map_err(Refusal::from)?
                    {
                        applications::update(tx, &vault, &application).await?;
                    }
                    Ok(application)
                })
            })
            .await
    }

    /// Hands the application in: the whole form must hold, and both files must be there. Operators are told; so is the applicant.
    pub async fn submit_seller_application(
        &self,
        actor: &Actor,
        ask: SaveDraft,
    ) -> Result<SellerApplication, AppError> {
        actor.require(Permission::ApplyAsSeller)?;
        ask.form.judge_draft()?;
        let selling = &self.settings.selling;
        let submission = Submission {
            vault: self.vault.clone(),
            review_days: selling.review_days,
            agreements: selling.agreements.clone(),
        };
        let input = (actor.clone(), ask, self.moment(actor), submission);
        let done = self
            .store
            .write::<_, _, AppError, _>(input, |tx, (actor, ask, moment, submission)| {
                Box::pin(async move { submit(tx, &actor, ask, &moment, &submission).await })
            })
            .await?;
        self.job_bell.ring();
        Ok(done)
    }
}

/// Two tabs that begin at once: the second one is told, and finds the draft of the first.
pub(super) async fn insert(
    tx: &mut Tx,
    vault: &Vault,
    application: SellerApplication,
) -> Result<SellerApplication, AppError> {
    match applications::insert(tx, vault, &application).await {
        Ok(()) => Ok(application),
        Err(error) if error.duplicate_of(applications::ONE_PER_ORGANISATION) => {
            Err(Refusal::new(RefusalKind::Conflict, "application_changed_meanwhile").into())
        }
        Err(error) => Err(error.into()),
    }
}

/// What handing in needs beside the text.
#[derive(Clone)]
struct Submission {
    vault: Vault,
    review_days: u32,
    agreements: Agreements,
}

async fn submit(
    tx: &mut Tx,
    actor: &Actor,
    ask: SaveDraft,
    moment: &Moment,
    Submission { vault, review_days, agreements }: &Submission,
) -> Result<SellerApplication, AppError> {
    let organisation = store::identity::organisations::lock(tx, actor.organisation).await?;
    let organisation = organisation.ok_or(AppError::NotFound("organisation"))?;
    if organisation.kind != OrganisationKind::Customer {
        return Err(AppError::conflict("already_a_seller"));
    }
    let found = applications::lock_of(tx, vault, actor.organisation).await?;
    judge(&ask.form, found.as_ref().map(|found| found.papers).unwrap_or_default())?;
    let mut application = match found {
        Some(mut application) => {
            application.change(ask.form, ask.known_revision, moment.now).map_err(Refusal::from)?;
            application
        }
        None => {
            let id: SellerApplicationId = moment.id("seller application");
            insert(tx, vault, SellerApplication::begin(id, actor.organisation, ask.form, moment.now)).await?
        }
    };
    application.submit(moment.now, *review_days).map_err(Refusal::from)?;
    applications::update(tx, vault, &application).await?;
    for agreement in SellerAgreement::ALL {
        let version = agreements.in_force(agreement);
        applications::insert_consent(tx, actor.organisation, (agreement, version), actor.user, moment.now).await?;
    }
    let facts = json!({ "company": application.form.company_name.trim(), "revision": application.revision });
    moment.record(tx, "seller_application_submitted", Some(actor.organisation), application.id, facts).await?;
    tell_submission(tx, moment, &application).await?;
    Ok(application)
}

/// Everything that keeps an application from being handed in, at once.
fn judge(form: &ApplicationForm, papers: Papers) -> Result<(), Problems> {
    let mut problems = match form.read() {
        Ok(_) => Problems::new(),
        Err(problems) => problems,
    };
    papers.judge(&mut problems);
    problems.or(Some(()))
}

async fn tell_submission(tx: &mut Tx, moment: &Moment, application: &SellerApplication) -> Result<(), StoreError> {
    let arguments = vec![("company", application.form.company_name.trim().into())];
    let about = format!("{}/{}", application.id, application.revision);
    let to_operators = Notice {
        to: Audience::Operators,
        kind: "seller_application_waiting",
        about: about.clone(),
        arguments: arguments.clone(),
        link: format!("/operator/applications/{}", application.id),
    };
    notify(tx, moment, to_operators).await?;
    let to_applicant = Notice {
        to: Audience::Organisation(application.organisation),
        kind: "seller_application_received",
        about,
        arguments,
        link: "/seller/application".to_owned(),
    };
    notify(tx, moment, to_applicant).await
}
