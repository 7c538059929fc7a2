//! `/operator/applications/{id}`: one application and the decision.

use app::selling::review::{self, Decision, Dossier};
use app::{App, AppError};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::identity::{Actor, Permission};
use domain::ids::SellerApplicationId;
use domain::selling::{ApplicationStage, ApplicationState};
use domain::time::Timestamp;
use http_kit::{At, Failure, SignedIn, Visit};

use super::application::{consents, facts};
use super::papers::Papers;
use super::{in_query, stage_status, with_said};
use crate::form::Form;
use crate::frame::PageFrame;
use crate::identity::{answer, refused};
use crate::parts::{Cell, Facts, Status};
use crate::render;

/// `GET /operator/applications/{id}`.
#[derive(Clone, Debug, Template)]
#[template(path = "selling/review.html")]
pub struct ReviewPage {
    /// Around it.
    pub page: PageFrame,
    /// The id.
    pub id: String,
    /// How far it is.
    pub status: Status,
    /// Who applies, and when an answer is due.
    pub summary: Facts,
    /// What was handed in.
    pub facts: Facts,
    /// What was uploaded.
    pub papers: Papers,
    /// What was agreed to.
    pub consents: Facts,
    /// The form of the decision, while one is due and the person may decide.
    pub form: Option<Form>,
}

impl ReviewPage {
    fn new(frame: PageFrame, actor: &Actor, dossier: &Dossier, form: Form, now: Timestamp) -> ReviewPage {
        let words = frame.words;
        let application = &dossier.application;
        let mut summary =
            Facts::new().fact(words.selling_review_organisation(), Cell::text(&dossier.organisation.name));
        match &application.state {
            ApplicationState::Draft => {}
            ApplicationState::PendingReview { submitted_at, due_at } => {
                let age = format!("{} ({})", words.date_time(*submitted_at), words.relative(*submitted_at, now));
                summary = summary.fact(words.selling_queue_age(), Cell::text(age));
                summary = summary.fact(words.selling_queue_due(), Cell::text(words.date_with_weekday(*due_at)));
            }
            ApplicationState::Approved { decided_at, .. } => {
                summary = summary.fact(words.selling_review_decision(), Cell::text(words.date_time(*decided_at)));
            }
            ApplicationState::Rejected { decided_at, reason, .. } => {
                let decision = Cell::Pair(reason.clone(), words.date_time(*decided_at));
                summary = summary.fact(words.selling_review_decision(), decision);
            }
        }
        let open = application.stage() == ApplicationStage::PendingReview && actor.may(Permission::ReviewSellers);
        let form = open.then_some(form);
        let page = frame.below(words.selling_queue_title(), "/operator/applications");
        let page = page.titled(words.selling_review_title(application.form.company_name.trim()));
        ReviewPage {
            page: match &form {
                Some(form) => page.with_form(form),
                None => page,
            },
            id: application.id.to_string(),
            status: stage_status(words, application.stage()),
            summary,
            facts: facts(words, &application.form),
            papers: Papers::new(words, &dossier.papers, &format!("/operator/applications/{}", application.id)),
            consents: consents(words, &dossier.consents),
            form,
        }
    }
}

pub(super) async fn show(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    At(id): At<SellerApplicationId>,
) -> Result<Response, Failure> {
    let dossier = review::dossier(&app, &actor, id).await?;
    let mut frame = with_said(PageFrame::of(&visit));
    if in_query(&frame, "said").as_deref() == Some("approved") {
        frame.said = Some(frame.words.selling_review_approved(dossier.application.form.company_name.trim()));
    }
    let form = Form::new(frame.words);
    Ok(render::page(&ReviewPage::new(frame, &actor, &dossier, form, app.now())))
}

pub(super) async fn act(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    At(id): At<SellerApplicationId>,
    axum::Form(pairs): axum::Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let frame = PageFrame::of(&visit);
    let form = Form::typed(frame.words, pairs);
    let (decision, said) = match form.value("act") {
        "approve" => (Decision::Approve, "approved"),
        "reject" => (Decision::Reject { reason: form.value("reason").to_owned() }, "rejected"),
        _ => return Err(AppError::rule("unreadable_request").into()),
    };
    match app.decide_seller_application(&actor, id, decision).await {
        Ok(_) => Ok(render::see_other(&format!("/operator/applications/{id}?said={said}"))),
        Err(error) => {
            let (status, form, wait) = refused(form, error)?;
            let dossier = review::dossier(&app, &actor, id).await?;
            Ok(answer(status, wait, &ReviewPage::new(frame, &actor, &dossier, form, app.now())))
        }
    }
}

#[cfg(test)]
pub(super) fn sample(at: Timestamp) -> domain::selling::SellerApplication {
    use domain::ids::{Id as _, OrganisationId};
    let form = domain::selling::ApplicationForm {
        company_name: "Kestrel <script>".to_owned(),
        website: "https://kestrel.example/<script>".to_owned(),
        introduction: "We plan <script>routes</script>.".to_owned(),
        ..Default::default()
    };
    let mut application = domain::selling::SellerApplication::begin(
        SellerApplicationId::from_u128(1),
        OrganisationId::from_u128(2),
        form,
        at,
    );
    application.submit(at, 3).expect("a draft can be handed in");
    application
}

#[cfg(test)]
impl crate::samples::Samples for ReviewPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        use domain::identity::{Credential, Organisation, OrganisationKind, Role};
        use domain::ids::{Id as _, OrganisationId, SessionId, UserId};
        use domain::outcome::{FieldProblem, Problems};
        let at: Timestamp = "2026-05-14T13:28:00Z".parse().expect("an instant");
        let application = sample(at);
        let actor = Actor {
            user: UserId::from_u128(3),
            user_name: "Op".to_owned(),
            organisation: OrganisationId::from_u128(4),
            organisation_name: "Harbour".to_owned(),
            kind: OrganisationKind::Operator,
            role: Role::Administrator,
            language: page.language(),
            credential: Credential::Session { id: SessionId::from_u128(5), proven_at: at },
        };
        let organisation = Organisation {
            id: application.organisation,
            kind: OrganisationKind::Customer,
            name: "Kestrel <script>".to_owned(),
            created_at: at,
        };
        let mut rejected = application.clone();
        rejected.reject(actor.user, "Because <script>.".to_owned(), at).expect("it waits");
        let dossier = |application| Dossier {
            application,
            organisation: organisation.clone(),
            consents: Vec::new(),
            papers: super::papers::sample(),
        };
        let form = Form::new(page.words);
        let problem = FieldProblem::new("reason", "too_short").with("least", 10).with("count", 3);
        let wrong = form.clone().with("reason", "<script>").with_problems(&Problems::one(problem));
        vec![
            ReviewPage::new(page.clone(), &actor, &dossier(application.clone()), form.clone(), at),
            ReviewPage::new(page.clone(), &actor, &dossier(application), wrong, at),
            ReviewPage::new(page, &actor, &dossier(rejected), form, at),
        ]
    }
}
