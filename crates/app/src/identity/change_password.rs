//! A person replaces their password. Every other session of theirs ends.

use domain::identity::Actor;
use domain::outcome::{FieldProblem, Problems};
use serde_json::json;
use store::identity::{sessions, users};

use super::throttle::CountedTry;
use super::{Caller, Password, prove_again};
use crate::notices::{Audience, Notice, notify};
use crate::{App, AppError};

/// What the form holds, as typed.
#[derive(Clone, Debug)]
pub struct ChangePassword {
    /// The password that holds until now.
    pub current: Password,
    /// The new one.
    pub new: Password,
}

impl ChangePassword {
    /// Replaces the password. The session in hand stays and counts as freshly proven.
    pub async fn run(self, app: &App, actor: &Actor, caller: &Caller) -> Result<(), AppError> {
        let session = actor.session()?;
        let (user, hash) = prove_again::own(app, actor).await?;
        let around = [actor.organisation_name.as_str(), &user.name, &user.email, &app.settings.site.name];
        let mut problems = Problems::new();
        problems.take(self.new.judge("new_password", &around));
        if self.new.bytes() == self.current.bytes() && problems.none() {
            problems.add(FieldProblem::new("new_password", "password_unchanged"));
        }
        problems.or(Some(()))?;
        let account = prove_again::check(app, caller, &user, &hash, self.current, "current_password").await?;
        let new_hash = app.password_pool.hash(self.new, app.random()).await?;
        let input = (user, session, hash, new_hash, account, app.moment(actor));
        app.store
            .write::<_, _, AppError, _>(input, |tx, (user, session, before, after, account, moment)| {
                Box::pin(async move {
                    if !users::replace_password(tx, user.id, &before, &after).await? {
                        return Err(AppError::conflict("conflict"));
                    }
                    CountedTry::right(&account, tx).await?;
                    let ended = sessions::end_others(tx, user.id, Some(session)).await?;
                    sessions::prove(tx, session, moment.now).await?;
                    let facts = json!({ "other_sessions_ended": ended });
                    moment.record(tx, "password_changed", Some(user.organisation), user.id, facts).await?;
                    let notice = Notice {
                        to: Audience::User(user.id),
                        kind: "password_changed",
                        about: format!("{}/{}", user.id, moment.now),
                        arguments: Vec::new(),
                        link: "/account/sessions".to_owned(),
                    };
                    notify(tx, &moment, notice).await?;
                    Ok(())
                })
            })
            .await
    }
}
