//! Who is who: organisations, users, roles, permissions, and the actor that every use case is handed.
//!
//! *What is not here.* Password hashes and session secrets (`app::identity`), which route needs which permission
//! (`http-kit`'s authorisation table).

mod actor;
mod organisation;
mod password;
mod permission;
mod session;
mod user;

pub use actor::{Actor, Credential};
pub use organisation::{Organisation, OrganisationKind};
pub use password::{PasswordRule, WeakPassword};
pub use permission::{Permission, Role, grants};
pub use session::{SessionLimits, SessionTimes};
pub use user::{User, UserState};
