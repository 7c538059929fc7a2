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
        grants(self.kind, self.role, permission)
    }

    /// Refuses with `not_allowed` unless the actor may.
    pub fn require(&self, permission: Permission) -> Result<(), Refusal> {
        if self.may(permission) { Ok(()) } else { Err(Refusal::new(RefusalKind::Forbidden, "not_allowed")) }
    }

    /// Refuses with `fresh_sign_in_needed` unless the password was given within `window` before `now`, or the actor
    /// holds an access key (a key is a secret that was shown once and is sent with each request).
    pub fn require_fresh(&self, now: Timestamp, window: SignedDuration) -> Result<(), Refusal> {
        let fresh = match self.credential {
            Credential::Session { proven_at, .. } => now.duration_since(proven_at) <= window,
            Credential::ApiKey { .. } => true,
        };
        if fresh { Ok(()) } else { Err(Refusal::new(RefusalKind::Forbidden, "fresh_sign_in_needed")) }
    }
}
