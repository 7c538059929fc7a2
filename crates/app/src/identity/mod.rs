//! Accounts: sign-up, sign-in, sessions, passwords, people of an organisation, access keys, the first operator.
//!
//! *What is promised.* A password is hashed with Argon2id in a bounded pool, and a try on an unknown account costs the
//! same work as one on a known account. Session tokens, invitation links and the first operator's link are random, and
//! only their SHA-256 is stored. Tries are counted before the password is looked at, so that many at once gain nothing.
//!
//! *What is not here.* Who may do what (`domain::identity`), cookies and headers (`http-kit`), the table of routes.

mod accept_invitation;
pub mod api_keys;
pub mod authenticate;
mod caller;
pub mod change_account;
mod change_password;
pub mod contact;
pub mod first_operator;
mod invitation_mail;
mod password_pool;
mod passwords;
pub mod people;
mod prove_again;
pub mod sessions;
mod sign_in;
mod sign_up;
mod throttle;
mod token;

pub use accept_invitation::{AcceptInvitation, Invited, look_at_invitation};
pub use caller::Caller;
pub use change_account::ChangeAccount;
pub use change_password::ChangePassword;
pub use password_pool::{PasswordCost, PasswordPool};
pub use passwords::Password;
pub use prove_again::ProveAgain;
pub use sign_in::{SignIn, SignedIn};
pub use sign_up::SignUp;
pub use token::Token;

pub(crate) fn handlers() -> Vec<Box<dyn crate::jobs::Handler>> {
    vec![Box::new(invitation_mail::SendInvitation)]
}

/// What an operator may set about sign-in. The limits of sessions and tries are rules (security.md) and not settings.
#[derive(Clone, Debug, Default)]
pub struct IdentitySettings {
    /// Whether strangers may make an account.
    pub sign_up: SignUpPolicy,
}

/// Whether strangers may make an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignUpPolicy {
    /// Everybody may.
    #[default]
    Open,
    /// Nobody may; accounts come by invitation.
    Closed,
}
