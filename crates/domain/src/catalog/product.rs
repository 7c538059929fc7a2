//! A product and its way: draft, in review, listed, frozen, discontinued (functions.md 3.6).
//!
//! The listed contents stay sold while a change of them is in review: the product holds both the draft and the release.

use std::str::FromStr;

use crate::ids::{OrganisationId, ProductId};
use crate::outcome::{Outcome, Refusal, RefusalKind};
use crate::time::Timestamp;

use super::{DeliveryMethod, Draft, Release, Visibility};

/// Where a product stands, with the facts of standing there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProductState {
    /// Never listed; the seller works on it.
    Draft,
    /// Never listed; its first release is with the operator.
    InReview,
    /// On sale.
    Listed {
        /// Since when.
        listed_at: Timestamp,
        /// Shown, or reached by address only.
        visibility: Visibility,
    },
    /// Stopped by the operator: no trade, not shown.
    Frozen {
        /// When it was listed.
        listed_at: Timestamp,
        /// What it will be again.
        visibility: Visibility,
        /// Since when it is stopped.
        frozen_at: Timestamp,
        /// Why.
        because: FreezeReason,
    },
    /// Ended for good.
    Discontinued {
        /// When it was listed.
        listed_at: Timestamp,
        /// When it ended.
        discontinued_at: Timestamp,
    },
}

/// Why trade in a product was stopped (functions.md 6 "Sanction", 11 "Freeze / hide / remove").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FreezeReason {
    /// An operator decided so.
    Operator,
    /// Its system failed the dial tests for too many days in a row.
    DialTests,
}

impl FreezeReason {
    /// Every reason.
    pub const ALL: [FreezeReason; 2] = [FreezeReason::Operator, FreezeReason::DialTests];

    /// The word in columns and JSON.
    pub fn code(self) -> &'static str {
        match self {
            FreezeReason::Operator => "operator",
            FreezeReason::DialTests => "dial_tests",
        }
    }
}

impl FromStr for FreezeReason {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        FreezeReason::ALL.into_iter().find(|reason| reason.code() == code).ok_or(())
    }
}

/// The state without its facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProductStateName {
    /// See [`ProductState::Draft`].
    Draft,
    /// See [`ProductState::InReview`].
    InReview,
    /// See [`ProductState::Listed`].
    Listed,
    /// See [`ProductState::Frozen`].
    Frozen,
    /// See [`ProductState::Discontinued`].
    Discontinued,
}

impl ProductStateName {
    /// Every state.
    pub const ALL: [ProductStateName; 5] = [
        ProductStateName::Draft,
        ProductStateName::InReview,
        ProductStateName::Listed,
        ProductStateName::Frozen,
        ProductStateName::Discontinued,
    ];

    /// The word in columns and JSON.
    pub fn code(self) -> &'static str {
        match self {
            ProductStateName::Draft => "draft",
            ProductStateName::InReview => "in_review",
            ProductStateName::Listed => "listed",
            ProductStateName::Frozen => "frozen",
            ProductStateName::Discontinued => "discontinued",
        }
    }
}

impl FromStr for ProductStateName {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        ProductStateName::ALL.into_iter().find(|name| name.code() == code).ok_or(())
    }
}

impl ProductState {
    /// The state without its facts.
    pub fn name(&self) -> ProductStateName {
        match self {
            ProductState::Draft => ProductStateName::Draft,
            ProductState::InReview => ProductStateName::InReview,
            ProductState::Listed { .. } => ProductStateName::Listed,
            ProductState::Frozen { .. } => ProductStateName::Frozen,
            ProductState::Discontinued { .. } => ProductStateName::Discontinued,
        }
    }

    /// Whether storefront and search show it.
    pub fn shown(&self) -> bool {
        matches!(self, ProductState::Listed { visibility: Visibility::Public, .. })
    }

    /// Whether its page is there for whoever has the address.
    pub fn reachable(&self) -> bool {
        matches!(self, ProductState::Listed { .. })
    }
}

/// What can happen to a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProductAct {
    /// The seller submits the first release.
    Submit,
    /// The seller takes the first release back, or the operator rejects it.
    Return,
    /// The operator approves a release or a change.
    List,
    /// The seller hides or shows it.
    SetVisibility,
    /// The operator stops trade, or failed dial tests do.
    Freeze,
    /// The operator allows trade again.
    Unfreeze,
    /// The seller ends it, or the operator removes it.
    Discontinue,
}

impl ProductAct {
    /// Every act.
    pub const ALL: [ProductAct; 7] = [
        ProductAct::Submit,
        ProductAct::Return,
        ProductAct::List,
        ProductAct::SetVisibility,
        ProductAct::Freeze,
        ProductAct::Unfreeze,
        ProductAct::Discontinue,
    ];
}

/// The one transition table. What is not here is refused.
pub const TRANSITIONS: &[(ProductStateName, ProductAct, ProductStateName)] = {
    use ProductAct as Act;
    use ProductStateName as State;
    &[
        (State::Draft, Act::Submit, State::InReview),
        (State::InReview, Act::Return, State::Draft),
        (State::InReview, Act::List, State::Listed),
        (State::Listed, Act::List, State::Listed),
        (State::Listed, Act::SetVisibility, State::Listed),
        (State::Listed, Act::Freeze, State::Frozen),
        // By an operator what dial tests stopped: the reason changes.
        (State::Frozen, Act::Freeze, State::Frozen),
        (State::Listed, Act::Discontinue, State::Discontinued),
        (State::Frozen, Act::Unfreeze, State::Listed),
        (State::Frozen, Act::Discontinue, State::Discontinued),
    ]
};

/// Why an act on a product is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProductError {
    /// The state does not allow the act.
    #[error("a product that is {} does not allow this", .state.code())]
    WrongState {
        /// The state it is in.
        state: ProductStateName,
    },
}

impl From<ProductError> for Refusal {
    fn from(error: ProductError) -> Refusal {
        match error {
            ProductError::WrongState { state } => {
                Refusal::new(RefusalKind::Conflict, "product_wrong_state").with("state", state.code())
            }
        }
    }
}

/// A product, whatever state it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// The id.
    pub id: ProductId,
    /// Who sells it.
    pub seller: OrganisationId,
    /// How it reaches its buyer. It never changes.
    pub delivery: DeliveryMethod,
    /// Its part of the page address, from the first listing on.
    pub slug: Option<String>,
    /// Where it stands.
    pub state: ProductState,
    /// What the seller typed so far.
    pub draft: Draft,
    /// Counts every change of the draft, so that two windows notice each other.
    pub draft_version: i64,
    /// When the draft was saved last.
    pub draft_saved_at: Timestamp,
    /// What is on sale, from the first listing on.
    pub release: Option<Release>,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When what customers may see of it changed; saving the draft does not count.
    pub changed_at: Timestamp,
    /// When trade was allowed again after it had been stopped, the last time.
    pub unfrozen_at: Option<Timestamp>,
    /// When it got the production address that it is sold with; none before the first.
    pub addressed_at: Option<Timestamp>,
    /// When the contents on sale were approved, the last time; none before the first.
    pub approved_at: Option<Timestamp>,
}

impl Product {
    /// A new draft.
    pub fn begin(id: ProductId, seller: OrganisationId, delivery: DeliveryMethod, now: Timestamp) -> Product {
        Product {
            id,
            seller,
            delivery,
            slug: None,
            state: ProductState::Draft,
            draft: Draft::default(),
            draft_version: 1,
            draft_saved_at: now,
            release: None,
            created_at: now,
            changed_at: now,
            unfrozen_at: None,
            addressed_at: None,
            approved_at: None,
        }
    }

    /// Refuses unless the transition table allows the act.
    pub fn require(&self, act: ProductAct) -> Result<(), ProductError> {
        let state = self.state.name();
        let allowed = TRANSITIONS.iter().any(|(from, by, _)| *from == state && *by == act);
        if allowed { Ok(()) } else { Err(ProductError::WrongState { state }) }
    }

    /// Refuses unless the draft may be changed: not while the first release is in review, not after the end.
    pub fn require_editable(&self) -> Result<(), ProductError> {
        match self.state {
            ProductState::Draft | ProductState::Listed { .. } => Ok(()),
            ProductState::InReview | ProductState::Frozen { .. } | ProductState::Discontinued { .. } => {
                Err(ProductError::WrongState { state: self.state.name() })
            }
        }
    }

    /// The first release goes to review. A change of a listed product leaves the product as it is.
    pub fn submit(&mut self, now: Timestamp) -> Result<(), ProductError> {
        if let ProductState::Listed { .. } = self.state {
            return Ok(());
        }
        self.require(ProductAct::Submit)?;
        (self.state, self.changed_at) = (ProductState::InReview, now);
        Ok(())
    }

    /// The first release comes back to the seller. A product that was listed before stays as it is.
    pub fn take_back(&mut self, now: Timestamp) -> Result<(), ProductError> {
        if self.release.is_some() {
            return Ok(());
        }
        self.require(ProductAct::Return)?;
        (self.state, self.changed_at) = (ProductState::Draft, now);
        Ok(())
    }

    /// Lists `release`, for the first time or in place of the one before.
    pub fn list(&mut self, release: Release, slug: String, now: Timestamp) -> Result<(), ProductError> {
        self.require(ProductAct::List)?;
        let listed_at = match self.state {
            ProductState::Listed { listed_at, .. } => listed_at,
            ProductState::Draft
            | ProductState::InReview
            | ProductState::Frozen { .. }
            | ProductState::Discontinued { .. } => now,
        };
        self.state = ProductState::Listed { listed_at, visibility: release.visibility };
        self.slug.get_or_insert(slug);
        let before = self.release.as_ref().and_then(|release| release.interface_address);
        if release.interface_address != before {
            self.addressed_at = Some(now);
        }
        self.release = Some(release);
        (self.changed_at, self.approved_at) = (now, Some(now));
        Ok(())
    }

    /// Hides or shows a listed product.
    pub fn set_visibility(&mut self, to: Visibility, now: Timestamp) -> Result<Outcome<()>, ProductError> {
        self.require(ProductAct::SetVisibility)?;
        let ProductState::Listed { listed_at, visibility } = self.state else {
            return Err(ProductError::WrongState { state: self.state.name() });
        };
        if visibility == to {
            return Ok(Outcome::AlreadyApplied);
        }
        self.state = ProductState::Listed { listed_at, visibility: to };
        if let Some(release) = &mut self.release {
            release.visibility = to;
        }
        self.changed_at = now;
        Ok(Outcome::Applied(()))
    }

    /// Stops trade. An operator's reason takes the place of failed dial tests, so that a test that passes is no reason to
    /// let trade go on; otherwise one that is stopped stays so for the first reason.
    pub fn freeze(&mut self, because: FreezeReason, now: Timestamp) -> Result<Outcome<()>, ProductError> {
        if let ProductState::Frozen { because: known, .. } = &mut self.state {
            return Ok(match (*known, because) {
                (FreezeReason::DialTests, FreezeReason::Operator) => {
                    *known = because;
                    self.changed_at = now;
                    Outcome::Applied(())
                }
                (FreezeReason::Operator, _) | (FreezeReason::DialTests, FreezeReason::DialTests) => {
                    Outcome::AlreadyApplied
                }
            });
        }
        self.require(ProductAct::Freeze)?;
        if let ProductState::Listed { listed_at, visibility } = self.state {
            self.state = ProductState::Frozen { listed_at, visibility, frozen_at: now, because };
        }
        self.changed_at = now;
        Ok(Outcome::Applied(()))
    }

    /// Allows trade again.
    pub fn unfreeze(&mut self, now: Timestamp) -> Result<Outcome<()>, ProductError> {
        if let ProductState::Listed { .. } = self.state {
            return Ok(Outcome::AlreadyApplied);
        }
        self.require(ProductAct::Unfreeze)?;
        if let ProductState::Frozen { listed_at, visibility, .. } = self.state {
            self.state = ProductState::Listed { listed_at, visibility };
        }
        (self.changed_at, self.unfrozen_at) = (now, Some(now));
        Ok(Outcome::Applied(()))
    }

    /// From when on failed dial tests of its address count against it: since it was listed, allowed again, or got that address.
    /// What the address did before is not its own.
    pub fn dial_tests_count_from(&self) -> Option<Timestamp> {
        match self.state {
            ProductState::Listed { listed_at, .. } => {
                Some([self.unfrozen_at, self.addressed_at].into_iter().flatten().fold(listed_at, Timestamp::max))
            }
            ProductState::Draft
            | ProductState::InReview
            | ProductState::Frozen { .. }
            | ProductState::Discontinued { .. } => None,
        }
    }

    /// Ends it for good. What was bought goes on.
    pub fn discontinue(&mut self, now: Timestamp) -> Result<Outcome<()>, ProductError> {
        if let ProductState::Discontinued { .. } = self.state {
            return Ok(Outcome::AlreadyApplied);
        }
        self.require(ProductAct::Discontinue)?;
        if let ProductState::Listed { listed_at, .. } | ProductState::Frozen { listed_at, .. } = self.state {
            self.state = ProductState::Discontinued { listed_at, discontinued_at: now };
        }
        self.changed_at = now;
        Ok(Outcome::Applied(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::release::tests::a_release;
    use crate::ids::Id as _;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("small")
    }

    fn product_in(name: ProductStateName) -> Product {
        let mut product =
            Product::begin(ProductId::from_u128(1), OrganisationId::from_u128(2), DeliveryMethod::Saas, at(1));
        let visibility = Visibility::Public;
        if name != ProductStateName::Draft && name != ProductStateName::InReview {
            product.release = Some(a_release());
            product.slug = Some("granary".to_owned());
        }
        product.state = match name {
            ProductStateName::Draft => ProductState::Draft,
            ProductStateName::InReview => ProductState::InReview,
            ProductStateName::Listed => ProductState::Listed { listed_at: at(2), visibility },
            ProductStateName::Frozen => {
                let because = FreezeReason::DialTests;
                ProductState::Frozen { listed_at: at(2), visibility, frozen_at: at(3), because }
            }
            ProductStateName::Discontinued => ProductState::Discontinued { listed_at: at(2), discontinued_at: at(3) },
        };
        product
    }

    fn act_on(product: &mut Product, act: ProductAct) -> Result<bool, ProductError> {
        let applied = |outcome| matches!(outcome, Outcome::Applied(()));
        match act {
            ProductAct::Submit => product.submit(at(9)).map(|()| true),
            ProductAct::Return => product.take_back(at(9)).map(|()| true),
            ProductAct::List => product.list(a_release(), "granary".to_owned(), at(9)).map(|()| true),
            ProductAct::SetVisibility => product.set_visibility(Visibility::Hidden, at(9)).map(applied),
            ProductAct::Freeze => product.freeze(FreezeReason::Operator, at(9)).map(applied),
            ProductAct::Unfreeze => product.unfreeze(at(9)).map(applied),
            ProductAct::Discontinue => product.discontinue(at(9)).map(applied),
        }
    }

    #[test]
    fn every_act_in_every_state_follows_the_table_and_nothing_else_changes_a_product() {
        for from in ProductStateName::ALL {
            for act in ProductAct::ALL {
                let mut product = product_in(from);
                let before = product.clone();
                let answer = act_on(&mut product, act);
                let row = TRANSITIONS.iter().find(|(state, by, _)| *state == from && *by == act);
                match (row, answer) {
                    (Some((_, _, to)), Ok(true)) => assert_eq!(product.state.name(), *to, "{from:?} {act:?}"),
                    // A change of a listed product in review, and saying the same thing twice, leave it as it is.
                    (None, Ok(_)) => assert_eq!(product, before, "{from:?} {act:?}"),
                    (None, Err(error)) => {
                        assert_eq!(error, ProductError::WrongState { state: from });
                        assert_eq!(product, before);
                    }
                    (Some(row), answer) => panic!("{row:?} but {answer:?}"),
                }
            }
        }
    }

    #[test]
    fn an_operators_reason_to_stop_trade_replaces_failed_dial_tests_and_nothing_replaces_it() {
        let mut product = product_in(ProductStateName::Frozen);
        assert_eq!(product.freeze(FreezeReason::DialTests, at(7)), Ok(Outcome::AlreadyApplied));
        assert_eq!(product.freeze(FreezeReason::Operator, at(8)), Ok(Outcome::Applied(())));
        let stopped_by_operator = product.clone();
        let ProductState::Frozen { because, frozen_at, .. } = stopped_by_operator.state else {
            panic!("it is stopped")
        };
        assert_eq!(
            (because, frozen_at, product.changed_at),
            (FreezeReason::Operator, at(3), at(8)),
            "stopped since then"
        );
        for because in FreezeReason::ALL {
            assert_eq!(product.freeze(because, at(9)), Ok(Outcome::AlreadyApplied), "{because:?}");
        }
        assert_eq!(product, stopped_by_operator);
    }

    #[test]
    fn discontinued_is_final_and_every_other_state_can_be_left() {
        for state in ProductStateName::ALL {
            let ways_out = TRANSITIONS.iter().filter(|(from, _, to)| *from == state && *to != state).count();
            assert_eq!(ways_out == 0, state == ProductStateName::Discontinued, "{state:?}");
        }
    }

    #[test]
    fn an_approved_change_keeps_the_address_and_the_first_listing() {
        let mut product = product_in(ProductStateName::Listed);
        product.list(a_release(), "another".to_owned(), at(9)).expect("a change is approved");
        assert_eq!(product.slug.as_deref(), Some("granary"));
        assert_eq!(product.state, ProductState::Listed { listed_at: at(2), visibility: Visibility::Public });
        assert_eq!(product.changed_at, at(9));
    }
}
