//! One person's account inside an organisation.

use crate::ids::{OrganisationId, UserId};
use crate::text::Language;
use crate::time::Timestamp;

use super::Role;

/// Whether a user may sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserState {
    /// May sign in.
    Enabled,
    /// May not, since then; every session is gone.
    Disabled {
        /// When an administrator of the organisation disabled the account.
        at: Timestamp,
    },
}

/// A person who signs in with an e-mail address and a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The id.
    pub id: UserId,
    /// Where the person belongs. It never changes.
    pub organisation: OrganisationId,
    /// The address that the person signs in with, lower case; unique in the marketplace.
    pub email: String,
    /// How the person is called.
    pub name: String,
    /// What the person may do in the organisation.
    pub role: Role,
    /// The language of pages without a choice, and of e-mails.
    pub language: Language,
    /// Whether the person may sign in.
    pub state: UserState,
    /// When the account was made.
    pub created_at: Timestamp,
}
