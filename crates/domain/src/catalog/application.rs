//! One submission of a product to the operator's review (functions.md 3.5): a record of its own, with the contents as
//! they were submitted, so that the listed version stays on sale while a change of it is judged.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ids::{OrganisationId, ProductId, ReleaseApplicationId, UserId};
use crate::outcome::{Outcome, Refusal, RefusalKind};
use crate::time::Timestamp;

use super::Release;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApplicationKind {
    /// A product is to be listed for the first time.
    Release,
    /// A listed product is to be changed.
    Modify,
}

impl ApplicationKind {
    /// Both.
    pub const ALL: [ApplicationKind; 2] = [ApplicationKind::Release, ApplicationKind::Modify];

    /// The word in columns and JSON.
    pub fn code(self) -> &'static str {
        match self {
            ApplicationKind::Release => "release",
            ApplicationKind::Modify => "modify",
        }
    }
}

impl FromStr for ApplicationKind {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        ApplicationKind::ALL.into_iter().find(|kind| kind.code() == code).ok_or(())
    }
}

/// Who of the operator's people looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The person.
    pub by: UserId,
    /// Since when.
    pub at: Timestamp,
}

/// Why one field goes back to the seller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldReason {
    /// The field, as the difference names it.
    pub field: String,
    /// The reason, in the operator's words.
    pub reason: String,
}

/// Where an application stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApplicationState {
    /// Waits for a decision.
    Pending {
        /// Who looks at it, when somebody does.
        claim: Option<Claim>,
    },
    /// The seller took it back.
    Withdrawn {
        /// When.
        at: Timestamp,
    },
    /// The operator said yes; the contents are on sale.
    Approved {
        /// When.
        at: Timestamp,
        /// Who decided.
        by: UserId,
    },
    /// The operator said no, with reasons; the draft can be changed and submitted again.
    Rejected {
        /// When.
        at: Timestamp,
        /// Who decided.
        by: UserId,
        /// The note to the seller.
        reason: String,
        /// Reasons of single fields.
        fields: Vec<FieldReason>,
    },
}

/// The state without its facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ApplicationStateName {
    /// See [`ApplicationState::Pending`].
    Pending,
    /// See [`ApplicationState::Withdrawn`].
    Withdrawn,
    /// See [`ApplicationState::Approved`].
    Approved,
    /// See [`ApplicationState::Rejected`].
    Rejected,
}

impl ApplicationStateName {
    /// Every state.
    pub const ALL: [ApplicationStateName; 4] = [
        ApplicationStateName::Pending,
        ApplicationStateName::Withdrawn,
        ApplicationStateName::Approved,
        ApplicationStateName::Rejected,
    ];

    /// The word in columns and JSON.
    pub fn code(self) -> &'static str {
        match self {
            ApplicationStateName::Pending => "pending",
            ApplicationStateName::Withdrawn => "withdrawn",
            ApplicationStateName::Approved => "approved",
            ApplicationStateName::Rejected => "rejected",
        }
    }
}

impl FromStr for ApplicationStateName {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        ApplicationStateName::ALL.into_iter().find(|name| name.code() == code).ok_or(())
    }
}

impl ApplicationState {
    /// The state without its facts.
    pub fn name(&self) -> ApplicationStateName {
        match self {
            ApplicationState::Pending { .. } => ApplicationStateName::Pending,
            ApplicationState::Withdrawn { .. } => ApplicationStateName::Withdrawn,
            ApplicationState::Approved { .. } => ApplicationStateName::Approved,
            ApplicationState::Rejected { .. } => ApplicationStateName::Rejected,
        }
    }
}

/// What can happen to an application. All of it only while it is pending; every decision is final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ApplicationAct {
    /// The seller takes it back.
    Withdraw,
    /// The operator says yes.
    Approve,
    /// The operator says no.
    Reject,
}

/// The one transition table.
pub const TRANSITIONS: &[(ApplicationStateName, ApplicationAct, ApplicationStateName)] = &[
    (ApplicationStateName::Pending, ApplicationAct::Withdraw, ApplicationStateName::Withdrawn),
    (ApplicationStateName::Pending, ApplicationAct::Approve, ApplicationStateName::Approved),
    (ApplicationStateName::Pending, ApplicationAct::Reject, ApplicationStateName::Rejected),
];

/// Why an act on an application is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApplicationError {
    /// It was decided or withdrawn before.
    #[error("the application is {} already", .state.code())]
    Decided {
        /// What it is.
        state: ApplicationStateName,
    },
    /// Somebody else looks at it.
    #[error("somebody else has claimed it")]
    ClaimedByOther,
}

impl From<ApplicationError> for Refusal {
    fn from(error: ApplicationError) -> Refusal {
        match error {
            ApplicationError::Decided { state } => {
                Refusal::new(RefusalKind::Conflict, "release_decided").with("state", state.code())
            }
            ApplicationError::ClaimedByOther => Refusal::new(RefusalKind::Conflict, "release_claimed_by_other"),
        }
    }
}

/// One submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseApplication {
    /// The id.
    pub id: ReleaseApplicationId,
    /// The product.
    pub product: ProductId,
    /// Whose it is.
    pub seller: OrganisationId,
    /// First release or change.
    pub kind: ApplicationKind,
    /// The contents as submitted.
    pub release: Release,
    /// How many saved cases answered well when it was submitted.
    pub cases_replayed: u32,
    /// Who submitted it.
    pub submitted_by: UserId,
    /// When.
    pub submitted_at: Timestamp,
    /// By when the operator promises a decision.
    pub due_at: Timestamp,
    /// Where it stands.
    pub state: ApplicationState,
}

impl ReleaseApplication {
    /// Working days until the promised decision (functions.md 3.5).
    pub const REVIEW_WORKING_DAYS: u32 = 3;

    fn pending(&self) -> Result<Option<&Claim>, ApplicationError> {
        match &self.state {
            ApplicationState::Pending { claim } => Ok(claim.as_ref()),
            ApplicationState::Withdrawn { .. }
            | ApplicationState::Approved { .. }
            | ApplicationState::Rejected { .. } => Err(ApplicationError::Decided { state: self.state.name() }),
        }
    }

    fn pending_for(&self, by: UserId) -> Result<(), ApplicationError> {
        match self.pending()? {
            Some(claim) if claim.by != by => Err(ApplicationError::ClaimedByOther),
            Some(_) | None => Ok(()),
        }
    }

    /// Whether the table has this act in this state.
    fn allow(&self, act: ApplicationAct) -> Result<(), ApplicationError> {
        let state = self.state.name();
        let allowed = TRANSITIONS.iter().any(|(from, by, _)| *from == state && *by == act);
        if allowed { Ok(()) } else { Err(ApplicationError::Decided { state }) }
    }

    /// An operator takes it up, so that no second one works on it.
    pub fn claim(&mut self, by: UserId, at: Timestamp) -> Result<Outcome<()>, ApplicationError> {
        self.pending_for(by)?;
        if self.pending()?.is_some() {
            return Ok(Outcome::AlreadyApplied);
        }
        self.state = ApplicationState::Pending { claim: Some(Claim { by, at }) };
        Ok(Outcome::Applied(()))
    }

    /// The claim is given back. Anybody of the operator may do so: people go on holiday.
    pub fn unclaim(&mut self) -> Result<Outcome<()>, ApplicationError> {
        if self.pending()?.is_none() {
            return Ok(Outcome::AlreadyApplied);
        }
        self.state = ApplicationState::Pending { claim: None };
        Ok(Outcome::Applied(()))
    }

    /// The seller takes it back.
    pub fn withdraw(&mut self, at: Timestamp) -> Result<Outcome<()>, ApplicationError> {
        if let ApplicationState::Withdrawn { .. } = self.state {
            return Ok(Outcome::AlreadyApplied);
        }
        self.allow(ApplicationAct::Withdraw)?;
        self.state = ApplicationState::Withdrawn { at };
        Ok(Outcome::Applied(()))
    }

    /// The operator says yes.
    pub fn approve(&mut self, by: UserId, at: Timestamp) -> Result<Outcome<()>, ApplicationError> {
        if let ApplicationState::Approved { .. } = self.state {
            return Ok(Outcome::AlreadyApplied);
        }
        self.allow(ApplicationAct::Approve)?;
        self.pending_for(by)?;
        self.state = ApplicationState::Approved { at, by };
        Ok(Outcome::Applied(()))
    }

    /// The operator says no.
    pub fn reject(
        &mut self,
        by: UserId,
        at: Timestamp,
        reason: String,
        fields: Vec<FieldReason>,
    ) -> Result<Outcome<()>, ApplicationError> {
        self.allow(ApplicationAct::Reject)?;
        self.pending_for(by)?;
        self.state = ApplicationState::Rejected { at, by, reason, fields };
        Ok(Outcome::Applied(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::release::tests::a_release;
    use crate::ids::Id as _;
    use crate::time::after_working_days;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("the test writes RFC 3339")
    }

    fn application() -> ReleaseApplication {
        let submitted_at = at("2026-05-14T08:20:00Z");
        ReleaseApplication {
            id: ReleaseApplicationId::from_u128(1),
            product: ProductId::from_u128(2),
            seller: OrganisationId::from_u128(3),
            kind: ApplicationKind::Release,
            release: a_release(),
            cases_replayed: 5,
            submitted_by: UserId::from_u128(4),
            submitted_at,
            due_at: after_working_days(submitted_at, ReleaseApplication::REVIEW_WORKING_DAYS),
            state: ApplicationState::Pending { claim: None },
        }
    }

    #[test]
    fn a_decision_is_final_and_follows_the_table() {
        let (me, now) = (UserId::from_u128(9), at("2026-05-15T08:00:00Z"));
        let act = |application: &mut ReleaseApplication, act| match act {
            ApplicationAct::Withdraw => application.withdraw(now),
            ApplicationAct::Approve => application.approve(me, now),
            ApplicationAct::Reject => application.reject(me, now, "no".to_owned(), Vec::new()),
        };
        for (_, first, to) in TRANSITIONS {
            let mut decided = application();
            assert_eq!(act(&mut decided, *first), Ok(Outcome::Applied(())));
            assert_eq!(decided.state.name(), *to);
            for (_, second, would_be) in TRANSITIONS {
                let again = act(&mut decided.clone(), *second);
                let calm = *to == *would_be && *to != ApplicationStateName::Rejected;
                let expected =
                    if calm { Ok(Outcome::AlreadyApplied) } else { Err(ApplicationError::Decided { state: *to }) };
                assert_eq!(again, expected, "{first:?} then {second:?}");
            }
        }
    }

    #[test]
    fn what_one_operator_claimed_another_cannot_decide() {
        let (me, other, now) = (UserId::from_u128(9), UserId::from_u128(8), at("2026-05-15T08:00:00Z"));
        let mut claimed = application();
        assert_eq!(claimed.claim(me, now), Ok(Outcome::Applied(())));
        assert_eq!(claimed.claim(me, now), Ok(Outcome::AlreadyApplied));
        assert_eq!(claimed.claim(other, now), Err(ApplicationError::ClaimedByOther));
        assert_eq!(claimed.approve(other, now), Err(ApplicationError::ClaimedByOther));
        assert_eq!(claimed.unclaim(), Ok(Outcome::Applied(())));
        assert_eq!(claimed.approve(other, now), Ok(Outcome::Applied(())));
    }
}
