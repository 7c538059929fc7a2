//! How a person is reached, for those who write to people.

use domain::ids::UserId;
use store::identity::users;
pub use store::notices::Contact;

use crate::{App, AppError};

/// Name, address and language of an enabled user.
pub async fn contact_of(app: &App, user: UserId) -> Result<Option<Contact>, AppError> {
    let found = app
        .store
        .read::<_, _, AppError, _>((user, app.vault.clone()), |tx, (user, vault)| {
            Box::pin(async move { Ok(users::find_with_password(tx, &vault, user).await?) })
        })
        .await?;
    Ok(found.map(|(user, _)| user).filter(|user| user.enabled()).map(|user| Contact {
        email: user.email,
        name: user.name,
        language: user.language,
    }))
}
