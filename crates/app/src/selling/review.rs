//! The operator's side: the queue of applications, one of them, and the decision (functions.md 11, "Seller review").

use domain::identity::{Actor, Organisation, OrganisationKind, Permission};
use domain::ids::SellerApplicationId;
use domain::outcome::Refusal;
use domain::selling::{ApplicationState, SellerApplication};
use domain::text::{self, Lines};
use serde_json::json;
use store::Tx;
use store::identity::organisations;
use store::selling::applications;
use store::selling::applications::{Consent, Position};

use super::papers::{self, PapersView};
use crate::events::{Moment, fingerprint};
use crate::notices::{Audience, Notice, notify};
use crate::{App, AppError, Vault};

/// How many applications one page of a list shows at most.
pub const PAGE: u32 = 50;

/// A page of the queue and a page of what was decided.
#[derive(Clone, Debug)]
pub struct Queue {
    /// Waiting, the oldest first.
    pub waiting: Vec<SellerApplication>,
    /// The last one shown, when more wait after it.
    pub more_waiting: Option<SellerApplicationId>,
    /// Decided, the latest first.
    pub decided: Vec<SellerApplication>,
    /// The last one shown, when more were decided before it.
    pub more_decided: Option<SellerApplicationId>,
}

/// After which application each list goes on; from its beginning without one.
#[derive(Clone, Copy, Debug, Default)]
pub struct QueueFrom {
    /// Of those that wait.
    pub waiting: Option<SellerApplicationId>,
    /// Of those decided.
    pub decided: Option<SellerApplicationId>,
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
    /// What was uploaded.
    pub papers: PapersView,
}

/// What waits, the oldest first, and what was decided, the latest first, at most so many of each. A cursor that names nothing begins anew.
pub async fn queue(app: &App, actor: &Actor, from: QueueFrom, most: u32) -> Result<Queue, AppError> {
    actor.require(Permission::SeeOperations)?;
    app.store
        .read::<_, _, AppError, _>((from, most.min(PAGE), app.vault.clone()), |tx, (from, most, vault)| {
            Box::pin(async move {
                let after = position(tx, &vault, from.waiting).await?;
                let mut waiting = applications::waiting(tx, &vault, after.0, most + 1).await?;
                let after = position(tx, &vault, from.decided).await?;
                let mut decided = applications::decided(tx, &vault, after.1, most + 1).await?;
                let (more_waiting, more_decided) = (cut(&mut waiting, most), cut(&mut decided, most));
                Ok(Queue { waiting, more_waiting, decided, more_decided })
            })
        })
        .await
}

/// Where an application stands in the list of those that wait, and in the list of those decided. One that was submitted keeps its
/// place when it is decided meanwhile.
async fn position(
    tx: &mut Tx,
    vault: &Vault,
    id: Option<SellerApplicationId>,
) -> Result<(Option<Position>, Option<Position>), AppError> {
    let Some(id) = id else { return Ok((None, None)) };
    let Some(found) = applications::find(tx, vault, id).await? else { return Ok((None, None)) };
    Ok(match found.state {
        ApplicationState::Draft => (None, None),
        ApplicationState::PendingReview { submitted_at, .. } => (Some((submitted_at, id)), None),
        ApplicationState::Approved { submitted_at, decided_at, .. }
        | ApplicationState::Rejected { submitted_at, decided_at, .. } => {
            (Some((submitted_at, id)), Some((decided_at, id)))
        }
    })
}

/// Takes off what was read to see whether there is more, and names the last one shown when there is.
fn cut(found: &mut Vec<SellerApplication>, most: u32) -> Option<SellerApplicationId> {
    let page = usize::try_from(most).unwrap_or(usize::MAX);
    let more = found.len() > page;
    found.truncate(page);
    if more { found.last().map(|last| last.id) } else { None }
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
                let papers = papers::view(tx, application.papers).await?;
                Ok(Dossier { application, organisation, consents, papers })
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
    let (kind, link, facts, reason) = match decision {
        Decision::Approve => {
            application.approve(actor.user, moment.now).map_err(Refusal::from)?;
            organisations::set_kind(tx, application.organisation, OrganisationKind::Seller).await?;
            ("seller_application_approved", "/seller", json!({}), None)
        }
        Decision::Reject { reason } => {
            application.reject(actor.user, reason.clone(), moment.now).map_err(Refusal::from)?;
            let facts = json!({ "reason_sha256": fingerprint(&reason) });
            ("seller_application_rejected", "/seller/application", facts, Some(reason))
        }
    };
    applications::update(tx, vault, &application).await?;
    moment.record(tx, kind, Some(application.organisation), application.id, facts).await?;
    let mut arguments: Vec<_> = reason.into_iter().map(|reason| ("reason", reason.into())).collect();
    arguments.push(("company", application.form.company_name.trim().into()));
    let notice = Notice {
        // To the customer-service address as well (functions.md 1.1).
        to: Audience::Seller(application.organisation),
        kind,
        about: format!("{}/{}", application.id, application.revision),
        arguments,
        link: link.to_owned(),
    };
    notify(tx, moment, notice).await?;
    Ok(application)
}
