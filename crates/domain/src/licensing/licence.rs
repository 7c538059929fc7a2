//! How far a licence has come.

use std::str::FromStr;

use crate::ids::{LicenceId, OrderId, OrganisationId};
use crate::outcome::Outcome;
use crate::time::Timestamp;

/// How far a licence has come. Each state holds exactly the facts that exist once it is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LicenceState {
    /// The marketplace has made a code; the buyer has not seen it.
    Issued,
    /// The buyer has fetched the code.
    Received {
        /// When.
        at: Timestamp,
    },
    /// The software was activated.
    Active {
        /// When the buyer fetched the code.
        received_at: Timestamp,
        /// When the software was first activated.
        activated_at: Timestamp,
        /// When it was last heard of.
        heard_at: Timestamp,
        /// The fingerprint of the device, hashed; the last one that was said.
        device: Option<String>,
    },
    /// Taken back: the order ended.
    Withdrawn {
        /// When.
        at: Timestamp,
    },
}

/// The name of a state, without its facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LicenceStateCode {
    /// [`LicenceState::Issued`].
    Issued,
    /// [`LicenceState::Received`].
    Received,
    /// [`LicenceState::Active`].
    Active,
    /// [`LicenceState::Withdrawn`].
    Withdrawn,
}

impl LicenceStateCode {
    /// Every state.
    pub const ALL: [LicenceStateCode; 4] =
        [LicenceStateCode::Issued, LicenceStateCode::Received, LicenceStateCode::Active, LicenceStateCode::Withdrawn];

    /// The word in columns.
    pub fn code(self) -> &'static str {
        match self {
            LicenceStateCode::Issued => "issued",
            LicenceStateCode::Received => "received",
            LicenceStateCode::Active => "active",
            LicenceStateCode::Withdrawn => "withdrawn",
        }
    }
}

impl FromStr for LicenceStateCode {
    type Err = ();
    fn from_str(code: &str) -> Result<LicenceStateCode, ()> {
        LicenceStateCode::ALL.into_iter().find(|state| state.code() == code).ok_or(())
    }
}

impl LicenceState {
    /// The name of the state.
    pub fn code(&self) -> LicenceStateCode {
        match self {
            LicenceState::Issued => LicenceStateCode::Issued,
            LicenceState::Received { .. } => LicenceStateCode::Received,
            LicenceState::Active { .. } => LicenceStateCode::Active,
            LicenceState::Withdrawn { .. } => LicenceStateCode::Withdrawn,
        }
    }
}

/// Why software is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LicenceRefusal {
    /// The buyer has not fetched the code.
    #[error("the buyer has not fetched the code")]
    NotReceived,
    /// A heartbeat before the activation.
    #[error("the licence was not activated")]
    NotActivated,
    /// It was taken back.
    #[error("the licence was taken back")]
    Withdrawn,
}

/// One licence. Its code is kept apart, sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Licence {
    /// The id.
    pub id: LicenceId,
    /// The order that it belongs to; one each.
    pub order: OrderId,
    /// Whose software it opens.
    pub seller: OrganisationId,
    /// Who bought it.
    pub buyer: OrganisationId,
    /// When the code was made.
    pub issued_at: Timestamp,
    /// How far it has come.
    pub state: LicenceState,
}

impl Licence {
    /// The buyer fetches the code. Fetching it again changes nothing.
    pub fn receive(&mut self, now: Timestamp) -> Result<Outcome<()>, LicenceRefusal> {
        match self.state {
            LicenceState::Issued => {
                self.state = LicenceState::Received { at: now };
                Ok(Outcome::Applied(()))
            }
            LicenceState::Received { .. } | LicenceState::Active { .. } => Ok(Outcome::AlreadyApplied),
            LicenceState::Withdrawn { .. } => Err(LicenceRefusal::Withdrawn),
        }
    }

    /// The software is activated, on a device if it says which. On how many devices a licence may run is the seller's rule:
    /// another device takes the place of the one before.
    pub fn activate(&mut self, device: Option<String>, now: Timestamp) -> Result<Outcome<()>, LicenceRefusal> {
        let (received_at, activated_at) = match &self.state {
            LicenceState::Issued => return Err(LicenceRefusal::NotReceived),
            LicenceState::Withdrawn { .. } => return Err(LicenceRefusal::Withdrawn),
            LicenceState::Active { device: known, .. } if *known == device => return Ok(Outcome::AlreadyApplied),
            LicenceState::Active { received_at, activated_at, .. } => (*received_at, *activated_at),
            LicenceState::Received { at } => (*at, now),
        };
        self.state = LicenceState::Active { received_at, activated_at, heard_at: now, device };
        Ok(Outcome::Applied(()))
    }

    /// The software says that it runs.
    pub fn hear(&mut self, now: Timestamp) -> Result<Outcome<()>, LicenceRefusal> {
        match &mut self.state {
            LicenceState::Issued => Err(LicenceRefusal::NotReceived),
            LicenceState::Received { .. } => Err(LicenceRefusal::NotActivated),
            LicenceState::Withdrawn { .. } => Err(LicenceRefusal::Withdrawn),
            LicenceState::Active { heard_at, .. } if now <= *heard_at => Ok(Outcome::AlreadyApplied),
            LicenceState::Active { heard_at, .. } => {
                *heard_at = now;
                Ok(Outcome::Applied(()))
            }
        }
    }

    /// The order ended: the code opens nothing any more.
    pub fn withdraw(&mut self, now: Timestamp) -> Outcome<()> {
        match self.state {
            LicenceState::Withdrawn { .. } => Outcome::AlreadyApplied,
            LicenceState::Issued | LicenceState::Received { .. } | LicenceState::Active { .. } => {
                self.state = LicenceState::Withdrawn { at: now };
                Outcome::Applied(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id as _;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(60 * minute).expect("an instant")
    }

    fn issued() -> Licence {
        Licence {
            id: LicenceId::from_u128(1),
            order: OrderId::from_u128(1),
            seller: OrganisationId::from_u128(1),
            buyer: OrganisationId::from_u128(2),
            issued_at: at(0),
            state: LicenceState::Issued,
        }
    }

    #[test]
    fn a_licence_is_fetched_then_activated_then_heard() {
        let mut licence = issued();
        let device = || Some("a".to_owned());
        assert_eq!(licence.activate(device(), at(1)), Err(LicenceRefusal::NotReceived));
        assert_eq!(licence.hear(at(1)), Err(LicenceRefusal::NotReceived));
        assert_eq!(licence.receive(at(2)), Ok(Outcome::Applied(())));
        assert_eq!(licence.receive(at(3)), Ok(Outcome::AlreadyApplied));
        assert_eq!(licence.hear(at(3)), Err(LicenceRefusal::NotActivated));
        assert_eq!(licence.activate(device(), at(4)), Ok(Outcome::Applied(())));
        assert_eq!(licence.activate(device(), at(5)), Ok(Outcome::AlreadyApplied));
        assert_eq!(licence.hear(at(6)), Ok(Outcome::Applied(())));
        assert_eq!(licence.hear(at(6)), Ok(Outcome::AlreadyApplied));
        assert_eq!(licence.activate(None, at(7)), Ok(Outcome::Applied(())), "on another device");
        let active = LicenceState::Active { received_at: at(2), activated_at: at(4), heard_at: at(7), device: None };
        assert_eq!(licence.state, active);
    }

    #[test]
    fn what_was_taken_back_opens_nothing() {
        for steps in 0..3 {
            let mut licence = issued();
            if steps > 0 {
                licence.receive(at(1)).expect("it was issued");
            }
            if steps > 1 {
                licence.activate(None, at(2)).expect("it was fetched");
            }
            assert_eq!(licence.withdraw(at(3)), Outcome::Applied(()));
            assert_eq!(licence.withdraw(at(4)), Outcome::AlreadyApplied);
            assert_eq!(licence.state, LicenceState::Withdrawn { at: at(3) });
            assert_eq!(licence.receive(at(5)), Err(LicenceRefusal::Withdrawn));
            assert_eq!(licence.activate(None, at(5)), Err(LicenceRefusal::Withdrawn));
            assert_eq!(licence.hear(at(5)), Err(LicenceRefusal::Withdrawn));
        }
    }
}
