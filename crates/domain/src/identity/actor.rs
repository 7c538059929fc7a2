//! Who asks for something. Every use case is handed an [`Actor`] and asks it first.

use crate::ids::{ApiKeyId, OrganisationId, SessionId, UserId};
use crate::outcome::{Refusal, RefusalKind};
use crate::text::Language;
use crate::time::{SignedDuration, Timestamp};

use super::{OrganisationKind, Permission, Role, grants};

/// By what the actor proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// A session of a browser or program, opened with a password.
    Session {
        /// The session.
        id: SessionId,
        /// When the password was last given in this session: for acts that need it fresh (security.md S-23).
        proven_at: Timestamp,
    },
    /// An access key of the organisation. It has no person; the user is the one who made the key.
    ApiKey {
        /// The key.
        id: ApiKeyId,
    },
}

/// A signed-in person or program, and what they may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The person, or the one who made the access key.
    pub user: UserId,
    /// How the person is called.
    pub user_name: String,
    /// Whose things the actor sees. Nobody sees another organisation's.
    pub organisation: OrganisationId,
    /// The organisation's name.
    pub organisation_name: String,
    /// What the organisation is here for.
    pub kind: OrganisationKind,
    /// The person's part in it.
    pub role: Role,
    /// The person's language.
    pub language: Language,
    /// How they proved it.
    pub credential: Credential,
}

impl Actor {
    /// Whether the actor may do what `permission` names.
    pub fn may(&self, permission: Permission) -> bool {
        let by_person = match self.credential {
            Credential::Session { .. } => true,
            Credential::ApiKey { .. } => false,
        };
        (by_person || !permission.needs_person()) && grants(self.kind, self.role, permission)
    }

    /// The session, or the refusal `person_needed` for an access key: passwords and sessions belong to people.
    pub fn session(&self) -> Result<SessionId, Refusal> {
        match self.credential {
            Credential::Session { id, .. } => Ok(id),
            Credential::ApiKey { .. } => Err(Refusal::new(RefusalKind::Forbidden, "person_needed")),
        }
    }

    /// Refuses with `not_allowed` unless the actor may.
    pub fn require(&self, permission: Permission) -> Result<(), Refusal> {
        if self.may(permission) { Ok(()) } else { Err(Refusal::new(RefusalKind::Forbidden, "not_allowed")) }
    }

    /// Refuses with `fresh_sign_in_needed` unless the password was given within `window` before `now`, and with
    /// `person_needed` for an access key: a key that was stolen must not show further secrets (security.md S-23).
    pub fn require_fresh(&self, now: Timestamp, window: SignedDuration) -> Result<(), Refusal> {
        match self.credential {
            Credential::Session { proven_at, .. } if now.duration_since(proven_at) <= window => Ok(()),
            Credential::Session { .. } => Err(Refusal::new(RefusalKind::Forbidden, "fresh_sign_in_needed")),
            Credential::ApiKey { .. } => Err(Refusal::new(RefusalKind::Forbidden, "person_needed")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id as _;

    fn administrator(credential: Credential) -> Actor {
        Actor {
            user: UserId::from_u128(1),
            user_name: "Lin".to_owned(),
            organisation: OrganisationId::from_u128(1),
            organisation_name: "Kestrel Freight".to_owned(),
            kind: OrganisationKind::Customer,
            role: Role::Administrator,
            language: Language::English,
            credential,
        }
    }

    #[test]
    fn an_access_key_buys_like_its_maker_but_manages_neither_people_nor_keys() {
        let key = administrator(Credential::ApiKey { id: ApiKeyId::from_u128(1) });
        assert!(key.may(Permission::Buy));
        assert!(!key.may(Permission::ManageUsers));
        assert!(!key.may(Permission::ManageApiKeys));
        assert_eq!(key.session().map_err(|refusal| refusal.code), Err("person_needed"));
    }

    #[test]
    fn an_access_key_is_never_a_fresh_password() {
        let key = administrator(Credential::ApiKey { id: ApiKeyId::from_u128(1) });
        let fresh = key.require_fresh(Timestamp::UNIX_EPOCH, SignedDuration::from_mins(5));
        assert_eq!(fresh.map_err(|refusal| refusal.code), Err("person_needed"));
    }

    #[test]
    fn a_password_is_fresh_for_the_window_and_no_longer() {
        let proven_at = Timestamp::UNIX_EPOCH;
        let person = administrator(Credential::Session { id: SessionId::from_u128(1), proven_at });
        let window = SignedDuration::from_mins(5);
        assert!(person.may(Permission::ManageUsers));
        assert_eq!(person.require_fresh(proven_at + window, window), Ok(()));
        let late = person.require_fresh(proven_at + window + SignedDuration::from_millis(1), window);
        assert_eq!(late.map_err(|refusal| refusal.code), Err("fresh_sign_in_needed"));
    }
}
