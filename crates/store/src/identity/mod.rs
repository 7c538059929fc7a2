//! Who is who: organisations, users, sessions, invitations, access keys, and the counters of password tries.
//!
//! Whoever may not see a row is kept out by the arguments: what belongs to an organisation is asked for with its id.

pub mod api_keys;
pub mod first_operator;
pub mod invitations;
pub mod organisations;
pub mod sessions;
pub mod tries;
pub mod users;
