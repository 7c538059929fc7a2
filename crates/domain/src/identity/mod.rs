//! Who is who: organisations, users, roles, permissions, and the actor that every use case is handed.
//!
//! *What is not here.* Password hashes and session secrets (`app::identity`), which route needs which permission
//! (`http-kit`'s authorisation table).

mod actor;
mod api_key;
mod invitation;
mod organisation;
mod password;
mod permission;
mod session;
mod throttle;
mod user;

pub use actor::{Actor, Credential};
pub use api_key::{AccessKey, ApiKey, ApiKeySecret};
pub use invitation::{Invitation, InvitationExpired};
pub use organisation::{Organisation, OrganisationKind};
pub use password::{PasswordRule, WeakPassword};
pub use permission::{Permission, Role, grants};
pub use session::{FRESH_WINDOW, SEEN_STEP, Session, SessionLimits, SessionTimes};
pub use throttle::{AccountTries, AddressTries, address_key};
pub use user::{LastAdministrator, RoleChange, User, UserState};
