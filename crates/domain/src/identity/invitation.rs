//! A person asked to join an organisation: a link that can be used once, within a week, to set a name and a password.
//!
//! An invitation holds no e-mail address in the marketplace: until it is taken up, the person can sign up by themselves.
//! Not here: the link's token, of which only a hash is stored (`app::identity`).

use crate::ids::{InvitationId, OrganisationId, UserId};
use crate::outcome::{Refusal, RefusalKind};
use crate::text::Language;
use crate::time::{SignedDuration, Timestamp};

use super::Role;

/// One open invitation. Taken up or withdrawn, it is gone; the events remember it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The id.
    pub id: InvitationId,
    /// Which organisation asks.
    pub organisation: OrganisationId,
    /// The address the person will sign in with, lower case.
    pub email: String,
    /// How the administrator calls the person; they may change it.
    pub name: String,
    /// What the person will be.
    pub role: Role,
    /// The language of the invitation and, at first, of the person.
    pub language: Language,
    /// Who asks.
    pub invited_by: UserId,
    /// When the link was made; making a new one starts the week anew.
    pub created_at: Timestamp,
}

/// The week is over; an administrator can make a new link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the invitation has expired")]
pub struct InvitationExpired;

impl From<InvitationExpired> for Refusal {
    fn from(_: InvitationExpired) -> Refusal {
        Refusal::new(RefusalKind::Conflict, "invitation_expired")
    }
}

impl Invitation {
    /// How long a link can be used.
    pub const LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);
    /// How many may be open in one organisation, together with its users (functions.md 1.6: 50 sub-users).
    pub const MOST_PEOPLE: usize = 50;

    /// The instant from which the link opens nothing.
    pub fn expires_at(&self) -> Timestamp {
        self.created_at.saturating_add(Invitation::LIFE).unwrap_or(Timestamp::MAX)
    }

    /// Refuses when the week is over.
    pub fn check(&self, now: Timestamp) -> Result<(), InvitationExpired> {
        if now < self.expires_at() { Ok(()) } else { Err(InvitationExpired) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id as _;

    #[test]
    fn a_link_opens_for_a_week_and_not_an_instant_longer() {
        let invitation = Invitation {
            id: InvitationId::from_u128(1),
            organisation: OrganisationId::from_u128(1),
            email: "lin@kestrel.example".to_owned(),
            name: "Lin".to_owned(),
            role: Role::Member,
            language: Language::Chinese,
            invited_by: UserId::from_u128(1),
            created_at: Timestamp::UNIX_EPOCH,
        };
        let end = invitation.expires_at();
        assert_eq!(end.duration_since(Timestamp::UNIX_EPOCH), SignedDuration::from_hours(168));
        assert_eq!(invitation.check(end - SignedDuration::from_millis(1)), Ok(()));
        assert_eq!(invitation.check(end), Err(InvitationExpired));
    }
}
