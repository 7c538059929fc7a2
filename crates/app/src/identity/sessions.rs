//! One's own sessions: see where one is signed in, end one, end all others, sign out.

use domain::identity::{Actor, Session, SessionLimits};
use domain::ids::SessionId;
use serde_json::json;
use store::identity::sessions;

use crate::{App, AppError};

/// The actor's living sessions, newest sign-in first.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Session>, AppError> {
    actor.session()?;
    let mut all = app
        .store
        .read::<_, _, AppError, _>(actor.user, |tx, user| Box::pin(async move { Ok(sessions::list(tx, user).await?) }))
        .await?;
    let (limits, now) = (SessionLimits::of(actor.kind), app.now());
    all.retain(|session| session.times.alive(limits, now));
    Ok(all)
}

/// Ends one of the actor's sessions; signing out ends the one in hand.
pub async fn end(app: &App, actor: &Actor, session: SessionId) -> Result<(), AppError> {
    actor.session()?;
    let input = (actor.user, actor.organisation, session, app.moment(actor));
    let ended = app
        .store
        .write::<_, _, AppError, _>(input, |tx, (user, organisation, session, moment)| {
            Box::pin(async move {
                let ended = sessions::end(tx, user, session).await?;
                if ended {
                    moment.record(tx, "session_ended", Some(organisation), session, json!({ "user": user })).await?;
                }
                Ok(ended)
            })
        })
        .await?;
    if ended { Ok(()) } else { Err(AppError::NotFound("session")) }
}

/// Ends all of the actor's sessions but the one in hand. How many ended.
pub async fn end_others(app: &App, actor: &Actor) -> Result<u64, AppError> {
    let keep = actor.session()?;
    let input = (actor.user, actor.organisation, keep, app.moment(actor));
    app.store
        .write::<_, _, AppError, _>(input, |tx, (user, organisation, keep, moment)| {
            Box::pin(async move {
                let ended = sessions::end_others(tx, user, Some(keep)).await?;
                if ended > 0 {
                    let facts = json!({ "ended": ended });
                    moment.record(tx, "other_sessions_ended", Some(organisation), user, facts).await?;
                }
                Ok(ended)
            })
        })
        .await
}
