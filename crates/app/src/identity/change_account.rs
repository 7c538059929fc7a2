//! A person changes how they are called and in which language they are spoken to.

use domain::identity::{Actor, User};
use domain::outcome::Problems;
use domain::text::{self, Language, Lines};
use serde_json::json;
use store::identity::users;

use super::{prove_again, sign_up};
use crate::{App, AppError};

/// What the form holds.
#[derive(Clone, Debug)]
pub struct ChangeAccount {
    /// The person's name, as typed.
    pub name: String,
    /// The language of pages and e-mails.
    pub language: Language,
}

/// The actor's own account.
pub async fn look(app: &App, actor: &Actor) -> Result<User, AppError> {
    Ok(prove_again::own(app, actor).await?.0)
}

impl ChangeAccount {
    /// Writes both.
    pub async fn run(self, app: &App, actor: &Actor) -> Result<(), AppError> {
        actor.session()?;
        let mut problems = Problems::new();
        let name = problems.take(text::text("name", &self.name, Lines::One, 1, sign_up::NAME_LONGEST));
        let name = problems.or(name)?;
        let input = (actor.user, name, self.language, app.moment(actor), app.vault.clone());
        app.store
            .write::<_, _, AppError, _>(input, |tx, (user, name, language, moment, vault)| {
                Box::pin(async move {
                    let found = users::lock_with_password(tx, &vault, user).await?;
                    let (mut user, _) = found.ok_or(AppError::NotFound("user"))?;
                    if user.name == name && user.language == language {
                        return Ok(());
                    }
                    (user.name, user.language) = (name, language);
                    users::update(tx, &vault, &user).await?;
                    moment.record(tx, "account_changed", Some(user.organisation), user.id, json!({})).await?;
                    Ok(())
                })
            })
            .await
    }
}
