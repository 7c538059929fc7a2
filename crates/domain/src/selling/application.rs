//! A wish to sell here: from draft to decision (functions.md 1.1 and 1.3). One organisation has one application.
//!
//! ```text
//! draft -> pending_review -> approved
//!                         -> rejected -> (changed) -> pending_review
//! ```
//!
//! The text fields live in [`ApplicationForm`] exactly as typed while they are a draft, so that nothing typed is lost; what
//! was submitted has been read as a [`SellerProfile`](super::SellerProfile) first.

use crate::ids::{OrganisationId, SellerApplicationId, UserId};
use crate::outcome::{Outcome, Refusal, RefusalKind};
use crate::time::{Timestamp, after_working_days};

use super::{ApplicationForm, Papers};

/// Where an application stands, with the facts of that state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApplicationState {
    /// Being filled in; the operator does not see it.
    Draft,
    /// Waits for an operator.
    PendingReview {
        /// When it was submitted, the last time.
        submitted_at: Timestamp,
        /// Until when we promised an answer.
        due_at: Timestamp,
    },
    /// The organisation sells here.
    Approved {
        /// When it was submitted, the last time.
        submitted_at: Timestamp,
        /// When it was decided.
        decided_at: Timestamp,
        /// The operator's person who decided.
        decided_by: UserId,
    },
    /// Not now; it may be changed and submitted again.
    Rejected {
        /// When it was submitted, the last time.
        submitted_at: Timestamp,
        /// When it was decided.
        decided_at: Timestamp,
        /// The operator's person who decided.
        decided_by: UserId,
        /// What the applicant reads.
        reason: String,
    },
}

/// The name of a state, without its facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ApplicationStage {
    /// See [`ApplicationState::Draft`].
    Draft,
    /// See [`ApplicationState::PendingReview`].
    PendingReview,
    /// See [`ApplicationState::Approved`].
    Approved,
    /// See [`ApplicationState::Rejected`].
    Rejected,
}

impl ApplicationStage {
    /// Every stage.
    pub const ALL: [ApplicationStage; 4] = [
        ApplicationStage::Draft,
        ApplicationStage::PendingReview,
        ApplicationStage::Approved,
        ApplicationStage::Rejected,
    ];

    /// The word in columns and JSON.
    pub fn code(self) -> &'static str {
        match self {
            ApplicationStage::Draft => "draft",
            ApplicationStage::PendingReview => "pending_review",
            ApplicationStage::Approved => "approved",
            ApplicationStage::Rejected => "rejected",
        }
    }
}

impl std::str::FromStr for ApplicationStage {
    type Err = ();
    fn from_str(code: &str) -> Result<ApplicationStage, ()> {
        ApplicationStage::ALL.into_iter().find(|stage| stage.code() == code).ok_or(())
    }
}

/// What somebody does to an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ApplicationCommand {
    /// The applicant changes a field.
    Change,
    /// The applicant hands it in.
    Submit,
    /// An operator says yes.
    Approve,
    /// An operator says not now, with a reason.
    Reject,
}

impl ApplicationCommand {
    /// Every command.
    pub const ALL: [ApplicationCommand; 4] = [
        ApplicationCommand::Change,
        ApplicationCommand::Submit,
        ApplicationCommand::Approve,
        ApplicationCommand::Reject,
    ];
}

/// Every allowed step: from where, by what, to where. What is not here is refused.
pub const TRANSITIONS: [(ApplicationStage, ApplicationCommand, ApplicationStage); 6] = [
    (ApplicationStage::Draft, ApplicationCommand::Change, ApplicationStage::Draft),
    (ApplicationStage::Draft, ApplicationCommand::Submit, ApplicationStage::PendingReview),
    (ApplicationStage::PendingReview, ApplicationCommand::Approve, ApplicationStage::Approved),
    (ApplicationStage::PendingReview, ApplicationCommand::Reject, ApplicationStage::Rejected),
    (ApplicationStage::Rejected, ApplicationCommand::Change, ApplicationStage::Rejected),
    (ApplicationStage::Rejected, ApplicationCommand::Submit, ApplicationStage::PendingReview),
];

/// Why a command on an application was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApplicationRefusal {
    /// It waits for review; nobody may change it meanwhile.
    #[error("the application waits for review")]
    UnderReview,
    /// It is approved; a decided application does not change.
    #[error("the application is approved")]
    AlreadyApproved,
    /// It does not wait for a decision.
    #[error("the application does not wait for a decision")]
    NotUnderReview,
    /// Somebody saved another version meanwhile.
    #[error("the application was changed meanwhile")]
    ChangedMeanwhile,
}

impl From<ApplicationRefusal> for Refusal {
    fn from(refusal: ApplicationRefusal) -> Refusal {
        let code = match refusal {
            ApplicationRefusal::UnderReview => "application_under_review",
            ApplicationRefusal::AlreadyApproved => "application_already_approved",
            ApplicationRefusal::NotUnderReview => "application_not_under_review",
            ApplicationRefusal::ChangedMeanwhile => "application_changed_meanwhile",
        };
        Refusal::new(RefusalKind::Conflict, code)
    }
}

/// One organisation's application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SellerApplication {
    /// The id.
    pub id: SellerApplicationId,
    /// Who wants to sell.
    pub organisation: OrganisationId,
    /// What was typed.
    pub form: ApplicationForm,
    /// What was uploaded.
    pub papers: Papers,
    /// Where it stands.
    pub state: ApplicationState,
    /// When the draft was begun.
    pub created_at: Timestamp,
    /// When a field was last saved.
    pub changed_at: Timestamp,
    /// Grows with each write; a save that knows an older one is refused.
    pub revision: u32,
}

impl SellerApplication {
    /// A new, empty draft.
    pub fn begin(
        id: SellerApplicationId,
        organisation: OrganisationId,
        form: ApplicationForm,
        now: Timestamp,
    ) -> SellerApplication {
        SellerApplication {
            id,
            organisation,
            form,
            papers: Papers::default(),
            state: ApplicationState::Draft,
            created_at: now,
            changed_at: now,
            revision: 1,
        }
    }

    /// The name of the state.
    pub fn stage(&self) -> ApplicationStage {
        match self.state {
            ApplicationState::Draft => ApplicationStage::Draft,
            ApplicationState::PendingReview { .. } => ApplicationStage::PendingReview,
            ApplicationState::Approved { .. } => ApplicationStage::Approved,
            ApplicationState::Rejected { .. } => ApplicationStage::Rejected,
        }
    }

    /// Keeps what was typed. A save on top of another revision than `known` is refused, so that two tabs cannot
    /// overwrite each other silently.
    pub fn change(
        &mut self,
        form: ApplicationForm,
        known: Option<u32>,
        now: Timestamp,
    ) -> Result<Outcome<()>, ApplicationRefusal> {
        self.allow(ApplicationCommand::Change)?;
        if known.is_some_and(|known| known != self.revision) {
            return Err(ApplicationRefusal::ChangedMeanwhile);
        }
        if self.form == form {
            return Ok(Outcome::AlreadyApplied);
        }
        self.form = form;
        self.touch(now);
        Ok(Outcome::Applied(()))
    }

    /// Puts an uploaded file beside the form, in the place of the one before.
    pub fn change_papers(&mut self, papers: Papers, now: Timestamp) -> Result<(), ApplicationRefusal> {
        self.allow(ApplicationCommand::Change)?;
        self.papers = papers;
        self.touch(now);
        Ok(())
    }

    /// Hands it in. The caller has read the form as a profile first.
    pub fn submit(&mut self, now: Timestamp, review_days: u32) -> Result<(), ApplicationRefusal> {
        self.allow(ApplicationCommand::Submit)?;
        self.state =
            ApplicationState::PendingReview { submitted_at: now, due_at: after_working_days(now, review_days) };
        self.touch(now);
        Ok(())
    }

    /// An operator says yes.
    pub fn approve(&mut self, by: UserId, now: Timestamp) -> Result<(), ApplicationRefusal> {
        let submitted_at = self.under_review(ApplicationCommand::Approve)?;
        self.state = ApplicationState::Approved { submitted_at, decided_at: now, decided_by: by };
        self.touch(now);
        Ok(())
    }

    /// An operator says not now.
    pub fn reject(&mut self, by: UserId, reason: String, now: Timestamp) -> Result<(), ApplicationRefusal> {
        let submitted_at = self.under_review(ApplicationCommand::Reject)?;
        self.state = ApplicationState::Rejected { submitted_at, decided_at: now, decided_by: by, reason };
        self.touch(now);
        Ok(())
    }

    fn touch(&mut self, now: Timestamp) {
        self.changed_at = now;
        self.revision = self.revision.saturating_add(1);
    }

    fn under_review(&self, command: ApplicationCommand) -> Result<Timestamp, ApplicationRefusal> {
        self.allow(command)?;
        match &self.state {
            ApplicationState::PendingReview { submitted_at, .. } => Ok(*submitted_at),
            ApplicationState::Draft | ApplicationState::Approved { .. } | ApplicationState::Rejected { .. } => {
                Err(ApplicationRefusal::NotUnderReview)
            }
        }
    }

    fn allow(&self, command: ApplicationCommand) -> Result<(), ApplicationRefusal> {
        let stage = self.stage();
        if TRANSITIONS.iter().any(|(from, by, _)| *from == stage && *by == command) {
            return Ok(());
        }
        Err(match (command, stage) {
            (ApplicationCommand::Approve | ApplicationCommand::Reject, _) => ApplicationRefusal::NotUnderReview,
            (ApplicationCommand::Change | ApplicationCommand::Submit, ApplicationStage::Approved) => {
                ApplicationRefusal::AlreadyApproved
            }
            (ApplicationCommand::Change | ApplicationCommand::Submit, _) => ApplicationRefusal::UnderReview,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id as _;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    fn in_stage(stage: ApplicationStage) -> SellerApplication {
        let (now, by) = (at("2026-01-05T09:00:00Z"), UserId::from_u128(7));
        let form = ApplicationForm::default();
        let mut application =
            SellerApplication::begin(SellerApplicationId::from_u128(1), OrganisationId::from_u128(2), form, now);
        if stage != ApplicationStage::Draft {
            application.submit(now, 3).expect("a draft can be submitted");
        }
        match stage {
            ApplicationStage::Draft | ApplicationStage::PendingReview => {}
            ApplicationStage::Approved => application.approve(by, now).expect("it waits"),
            ApplicationStage::Rejected => application.reject(by, "No licence.".to_owned(), now).expect("it waits"),
        }
        assert_eq!(application.stage(), stage);
        application
    }

    fn run(application: &mut SellerApplication, command: ApplicationCommand) -> Result<(), ApplicationRefusal> {
        let (now, by) = (at("2026-01-06T09:00:00Z"), UserId::from_u128(8));
        match command {
            ApplicationCommand::Change => {
                let form = ApplicationForm { company_name: "Another".to_owned(), ..ApplicationForm::default() };
                application.change(form, None, now).map(|_| ())
            }
            ApplicationCommand::Submit => application.submit(now, 3),
            ApplicationCommand::Approve => application.approve(by, now),
            ApplicationCommand::Reject => application.reject(by, "Why.".to_owned(), now),
        }
    }

    #[test]
    fn exactly_the_steps_of_the_table_are_possible() {
        for stage in ApplicationStage::ALL {
            for command in ApplicationCommand::ALL {
                let mut application = in_stage(stage);
                let before = application.clone();
                let wanted = TRANSITIONS.iter().find(|(from, by, _)| *from == stage && *by == command);
                match (run(&mut application, command), wanted) {
                    (Ok(()), Some((_, _, to))) => assert_eq!(application.stage(), *to, "{stage:?} {command:?}"),
                    (Err(_), None) => assert_eq!(application, before, "a refused command changed something"),
                    (done, _) => panic!("{stage:?} {command:?}: {done:?}, the table says {wanted:?}"),
                }
            }
        }
    }

    #[test]
    fn files_are_exchanged_only_while_the_form_may_be_changed() {
        let papers = Papers { logo: Some(crate::ids::ImageId::from_u128(5)), licence: None };
        let now = at("2026-01-06T09:00:00Z");
        for (stage, allowed) in [
            (ApplicationStage::Draft, true),
            (ApplicationStage::PendingReview, false),
            (ApplicationStage::Approved, false),
            (ApplicationStage::Rejected, true),
        ] {
            let mut application = in_stage(stage);
            let before = application.clone();
            assert_eq!(application.change_papers(papers, now).is_ok(), allowed, "{stage:?}");
            assert_eq!(application != before, allowed, "{stage:?}");
            assert!(!allowed || application.revision == before.revision + 1);
        }
    }

    #[test]
    fn a_save_that_knows_an_older_version_is_refused_and_the_same_text_is_no_change() {
        let mut application = in_stage(ApplicationStage::Draft);
        let form = ApplicationForm { company_name: "Kestrel".to_owned(), ..ApplicationForm::default() };
        let now = at("2026-01-06T09:00:00Z");
        assert_eq!(application.change(form.clone(), Some(1), now), Ok(Outcome::Applied(())));
        assert_eq!(application.change(form.clone(), Some(2), now), Ok(Outcome::AlreadyApplied));
        assert_eq!(application.revision, 2);
        assert_eq!(application.change(form, Some(1), now), Err(ApplicationRefusal::ChangedMeanwhile));
    }
}
