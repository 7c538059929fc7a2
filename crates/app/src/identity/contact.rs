//! How a person is reached.

use domain::ids::UserId;
pub use store::notices::Contact;

use crate::{App, AppError};

/// Name, address and language of an enabled user.
pub async fn contact_of(_app: &App, _user: UserId) -> Result<Option<Contact>, AppError> {
    Ok(None)
}
