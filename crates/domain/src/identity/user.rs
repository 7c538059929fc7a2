//! One person's account inside an organisation.

use crate::ids::{OrganisationId, UserId};
use crate::outcome::{Outcome, Refusal, RefusalKind};
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

/// Refused, because nobody would be left who can add people or give roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the organisation's last enabled administrator")]
pub struct LastAdministrator;

impl From<LastAdministrator> for Refusal {
    fn from(_: LastAdministrator) -> Refusal {
        Refusal::new(RefusalKind::Conflict, "last_administrator")
    }
}

/// A role that was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoleChange {
    /// The role before.
    pub from: Role,
    /// The role now.
    pub to: Role,
}

impl User {
    /// Whether the person may sign in.
    pub fn enabled(&self) -> bool {
        match self.state {
            UserState::Enabled => true,
            UserState::Disabled { .. } => false,
        }
    }

    /// Whether the organisation can be run by this person.
    fn administers(&self) -> bool {
        self.enabled() && self.role == Role::Administrator
    }

    /// Gives another role. `other_administrators` counts the enabled administrators without this user.
    pub fn change_role(
        &mut self,
        role: Role,
        other_administrators: usize,
    ) -> Result<Outcome<RoleChange>, LastAdministrator> {
        if self.role == role {
            return Ok(Outcome::AlreadyApplied);
        }
        if self.administers() && other_administrators == 0 {
            return Err(LastAdministrator);
        }
        let change = RoleChange { from: self.role, to: role };
        self.role = role;
        Ok(Outcome::Applied(change))
    }

    /// Shuts the account. The caller ends its sessions in the same transaction.
    pub fn disable(&mut self, now: Timestamp, other_administrators: usize) -> Result<Outcome<()>, LastAdministrator> {
        if !self.enabled() {
            return Ok(Outcome::AlreadyApplied);
        }
        if self.administers() && other_administrators == 0 {
            return Err(LastAdministrator);
        }
        self.state = UserState::Disabled { at: now };
        Ok(Outcome::Applied(()))
    }

    /// Opens a shut account again; the old password holds.
    pub fn enable(&mut self) -> Outcome<()> {
        if self.enabled() {
            return Outcome::AlreadyApplied;
        }
        self.state = UserState::Enabled;
        Outcome::Applied(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id as _;

    fn user(role: Role) -> User {
        User {
            id: UserId::from_u128(1),
            organisation: OrganisationId::from_u128(1),
            email: "lin@kestrel.example".to_owned(),
            name: "Lin".to_owned(),
            role,
            language: Language::English,
            state: UserState::Enabled,
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn the_last_administrator_keeps_role_and_account() {
        let mut last = user(Role::Administrator);
        assert_eq!(last.change_role(Role::Viewer, 0), Err(LastAdministrator));
        assert_eq!(last.disable(Timestamp::UNIX_EPOCH, 0), Err(LastAdministrator));
        assert_eq!(last, user(Role::Administrator));
    }

    #[test]
    fn one_of_two_administrators_may_go() {
        let mut one = user(Role::Administrator);
        let change = RoleChange { from: Role::Administrator, to: Role::Finance };
        assert_eq!(one.change_role(Role::Finance, 1), Ok(Outcome::Applied(change)));
        assert_eq!(one.disable(Timestamp::UNIX_EPOCH, 0), Ok(Outcome::Applied(())));
    }

    #[test]
    fn a_disabled_administrator_keeps_nobody_in_and_may_lose_the_role() {
        let mut gone = user(Role::Administrator);
        gone.state = UserState::Disabled { at: Timestamp::UNIX_EPOCH };
        assert!(matches!(gone.change_role(Role::Viewer, 0), Ok(Outcome::Applied(_))));
    }

    #[test]
    fn saying_it_twice_changes_nothing() {
        let mut member = user(Role::Member);
        assert_eq!(member.change_role(Role::Member, 0), Ok(Outcome::AlreadyApplied));
        assert_eq!(member.enable(), Outcome::AlreadyApplied);
        assert_eq!(member.disable(Timestamp::UNIX_EPOCH, 0), Ok(Outcome::Applied(())));
        assert_eq!(member.disable(Timestamp::UNIX_EPOCH, 0), Ok(Outcome::AlreadyApplied));
        assert_eq!(member.enable(), Outcome::Applied(()));
    }
}
