//! Use cases of identity: signing up, in and out, users, access keys. Owned by the identity slice.

pub mod authenticate;
pub mod contact;

/// Sign-in and sessions.
#[derive(Clone, Debug, Default)]
pub struct IdentitySettings {}

/// Argon2 work, bounded.
#[derive(Clone, Debug, Default)]
pub struct PasswordPool {}
