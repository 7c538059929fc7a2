//! A signed-in person gives the password once more, before an act that needs it fresh (security.md S-23).

use domain::identity::{Actor, User};
use domain::outcome::FieldProblem;
use serde_json::json;
use store::identity::{sessions, users};

use super::throttle::{self, CountedTry};
use super::{Caller, Password, sign_in};
use crate::{App, AppError};

/// What the form holds, as typed.
#[derive(Clone, Debug)]
pub struct ProveAgain {
    /// The password.
    pub password: Password,
}

/// The actor's own account and the hash of its password.
pub(super) async fn own(app: &App, actor: &Actor) -> Result<(User, String), AppError> {
    let found = app
        .store
        .read::<_, _, AppError, _>((actor.user, app.vault.clone()), |tx, (user, vault)| {
            Box::pin(async move { Ok(users::find_with_password(tx, &vault, user).await?) })
        })
        .await?;
    found.ok_or(AppError::SignInNeeded)
}

/// Counts a try and looks at the password. The problem of a wrong one stands at `field`. Answers the name under which
/// tries are counted, to forget them in the transaction of what follows.
pub(super) async fn check(
    app: &App,
    caller: &Caller,
    user: &User,
    hash: &str,
    password: Password,
    field: &'static str,
) -> Result<String, AppError> {
    let account = sign_in::account_of(app, &user.email);
    let counted = throttle::count_try(app, &account, caller).await?;
    match app.password_pool.verify(password, Some(hash.to_owned())).await {
        Ok(true) => Ok(account),
        Ok(false) => Err(AppError::field(FieldProblem::new(field, "password_wrong"))),
        Err(error) => {
            counted.unlooked(app).await?;
            Err(error)
        }
    }
}

impl ProveAgain {
    /// Makes the session in hand fresh.
    pub async fn run(self, app: &App, actor: &Actor, caller: &Caller) -> Result<(), AppError> {
        let session = actor.session()?;
        let (user, hash) = own(app, actor).await?;
        let account = check(app, caller, &user, &hash, self.password, "password").await?;
        let input = (session, account, user, app.moment(actor));
        app.store
            .write::<_, _, AppError, _>(input, |tx, (session, account, user, moment)| {
                Box::pin(async move {
                    CountedTry::right(&account, tx).await?;
                    if !sessions::prove(tx, session, moment.now).await? {
                        return Err(AppError::SignInNeeded);
                    }
                    moment.record(tx, "session_proven", Some(user.organisation), session, json!({})).await?;
                    Ok(())
                })
            })
            .await
    }
}
