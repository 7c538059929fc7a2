//! The operator's side: the queue of applications, one of them, and the decision (functions.md 11, "Seller review").

use domain::identity::{Actor, Organisation, OrganisationKind, Permission};
use domain::ids::SellerApplicationId;
use domain::outcome::Refusal;
use domain::selling::SellerApplication;
use domain::text::{self, Lines};
use serde_json::json;
use store::Tx;
use store::identity::organisations;
use store::selling::applications;
use store::selling::applications::Consent;

use crate::events::{Moment, fingerprint};
use crate::notices::{Audience, Notice, notify};
use crate::{App, AppError, Vault};

/// The longest list that one page shows.
const MOST: u32 = 200;

/// The queue and what was decided lately.
#[derive(Clone, Debug)]
pub struct Queue {
    /// Waiting, the oldest first.
    pub waiting: Vec<SellerApplication>,
    /// Decided, the latest first, at most 20.
    pub decided: Vec<SellerApplication>,
}

/// One application with what an operator needs to decide.
#[derive(Clone, Debug)]
pub struct Dossier {
    /// The application.
    pub application: SellerApplication,
    /// Who applies.
    pub organisation: Organisation,
    /// What was agreed to.
    pub consents: Vec<Consent>,
}

/// What waits, the oldest first.
pub async fn queue(app: &App, actor: &Actor) -> Result<Queue, AppError> {
    actor.require(Permission::SeeOperations)?;
    app.store
        .read::<_, _, AppError, _>(app.vault.clone(), |tx, vault| {
            Box::pin(async move {
                let waiting = applications::waiting(tx, &vault, MOST).await?;
                Ok(Queue { waiting, decided: applications::decided(tx, &vault, 20).await? })
            })
        })
        .await
}

/// How many wait: for the operator's overview.
pub async fn count_waiting(app: &App, actor: &Actor) -> Result<i64, AppError> {
    actor.require(Permission::SeeOperations)?;
    app.store
        .read::<_, _, AppError, _>((), |tx, ()| Box::pin(async move { Ok(applications::count_waiting(tx).await?) }))
        .await
}

/// One application. A draft that was never handed in is not the operator's to see.
pub async fn dossier(app: &App, actor: &Actor, id: SellerApplicationId) -> Result<Dossier, AppError> {
    actor.require(Permission::SeeOperations)?;
    app.store
        .read::<_, _, AppError, _>((id, app.vault.clone()), |tx, (id, vault)| {
            Box::pin(async move {
                let application = applications::find(tx, &vault, id)
                    .await?
                    .filter(|found| found.stage() != domain::selling::ApplicationStage::Draft);
                let application = application.ok_or(AppError::NotFound("seller_application"))?;
                let organisation = organisations::find(tx, application.organisation).await?;
                let organisation = organisation.ok_or(AppError::NotFound("organisation"))?;
                let consents = applications::consents(tx, application.organisation).await?;
                Ok(Dossier { application, organisation, consents })
            })
        })
        .await
}

/// What an operator decides.
#[derive(Clone, Debug)]
pub enum Decision {
    /// The organisation becomes a seller.
    Approve,
    /// Not now.
    Reject {
        /// What the applicant reads, 10 to 1,000 characters.
        reason: String,
    },
}

impl App {
    /// Decides an application that waits. The applicant is told.
    pub async fn decide_seller_application(
        &self,
        actor: &Actor,
        id: SellerApplicationId,
        decision: Decision,
    ) -> Result<SellerApplication, AppError> {
        actor.require(Permission::ReviewSellers)?;
        let decision = match decision {
            Decision::Approve => Decision::Approve,
            Decision::Reject { reason } => Decision::Reject {
                reason: text::text("reason", &reason, Lines::Many, 10, 1_000).map_err(AppError::field)?,
            },
        };
        let input = (actor.clone(), id, decision, self.moment(actor), self.vault.clone());
        let decided = self
            .store
            .write::<_, _, AppError, _>(input, |tx, (actor, id, decision, moment, vault)| {
                Box::pin(async move { decide(tx, &vault, &actor, id, decision, &moment).await })
            })
            .await?;
        self.job_bell.ring();
        Ok(decided)
    }
}

async fn decide(
    tx: &mut Tx,
    vault: &Vault,
    actor: &Actor,
    id: SellerApplicationId,
    decision: Decision,
    moment: &Moment,
) -> Result<SellerApplication, AppError> {
    let application = applications::lock(tx, vault, id).await?;
    let mut application = application.ok_or(AppError::NotFound("seller_application"))?;
    let (kind, link, facts, mut arguments) = match decision {
        Decision::Approve => {
            application.approve(actor.user, moment.now).map_err(Refusal::from)?;
            organisations::set_kind(tx, application.organisation, OrganisationKind::Seller).await?;
            ("seller_application_approved", "/seller", json!({}), Vec::new())
        }
        Decision::Reject { reason } => {
            application.reject(actor.user, reason.clone(), moment.now).map_err(Refusal::from)?;
            let facts = json!({ "reason_sha256": fingerprint(&reason) });
            ("seller_application_rejected", "/seller/application", facts, vec![("reason", reason.into())])
        }
    };
    applications::update(tx, vault, &application).await?;
    moment.record(tx, kind, Some(application.organisation), application.id, facts).await?;
    arguments.push(("company", application.form.company_name.trim().into()));
    let notice = Notice {
        to: Audience::Organisation(application.organisation),
        kind,
        about: format!("{}/{}", application.id, application.revision),
        arguments,
        link: link.to_owned(),
    };
    notify(tx, moment, notice).await?;
    Ok(application)
}
