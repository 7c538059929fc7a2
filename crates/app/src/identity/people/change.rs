//! An administrator changes a role, shuts an account or opens it again. The last administrator stays one.

use domain::identity::{Actor, FRESH_WINDOW, Permission, Role, User};
use domain::ids::{OrganisationId, UserId};
use domain::outcome::Outcome;
use serde_json::json;
use store::Tx;
use store::identity::{organisations, sessions, users};

use crate::notices::{Audience, Notice, notify};
use crate::{App, AppError, Vault};

/// The user, and how many other administrators there are, with the organisation locked: of two administrators who
/// demote each other at once, one is refused.
async fn locked(
    tx: &mut Tx,
    vault: &Vault,
    organisation: OrganisationId,
    id: UserId,
) -> Result<(User, usize), AppError> {
    organisations::lock(tx, organisation).await?;
    let user = users::find(tx, vault, organisation, id).await?.ok_or(AppError::NotFound("user"))?;
    let others = users::other_administrators(tx, organisation, id).await?;
    Ok((user, others))
}

fn may(app: &App, actor: &Actor) -> Result<(), AppError> {
    actor.require(Permission::ManageUsers)?;
    actor.require_fresh(app.now(), FRESH_WINDOW)?;
    Ok(())
}

/// Gives a user of the actor's organisation another role.
pub async fn change_role(app: &App, actor: &Actor, id: UserId, role: Role) -> Result<(), AppError> {
    may(app, actor)?;
    let input = (actor.organisation, id, role, app.moment(actor), app.vault.clone());
    app.store
        .write::<_, _, AppError, _>(input, |tx, (organisation, id, role, moment, vault)| {
            Box::pin(async move {
                let (mut user, others) = locked(tx, &vault, organisation, id).await?;
                if let Outcome::Applied(change) =
                    user.change_role(role, others).map_err(domain::outcome::Refusal::from)?
                {
                    users::update(tx, &vault, &user).await?;
                    let facts = json!({ "from": change.from.code(), "to": change.to.code() });
                    moment.record(tx, "user_role_changed", Some(organisation), id, facts).await?;
                    let notice = Notice {
                        to: Audience::User(id),
                        kind: "role_changed",
                        about: format!("{id}/{}", moment.now),
                        arguments: Vec::new(),
                        link: "/account".to_owned(),
                    };
                    notify(tx, &moment, notice).await?;
                }
                Ok(())
            })
        })
        .await
}

/// Shuts an account: every session ends at once, and the access keys that the person made open nothing.
pub async fn disable(app: &App, actor: &Actor, id: UserId) -> Result<(), AppError> {
    may(app, actor)?;
    let input = (actor.organisation, id, app.moment(actor), app.vault.clone());
    app.store
        .write::<_, _, AppError, _>(input, |tx, (organisation, id, moment, vault)| {
            Box::pin(async move {
                let (mut user, others) = locked(tx, &vault, organisation, id).await?;
                let outcome = user.disable(moment.now, others).map_err(domain::outcome::Refusal::from)?;
                if outcome == Outcome::Applied(()) {
                    users::update(tx, &vault, &user).await?;
                    let ended = sessions::end_others(tx, id, None).await?;
                    moment
                        .record(tx, "user_disabled", Some(organisation), id, json!({ "sessions_ended": ended }))
                        .await?;
                }
                Ok(())
            })
        })
        .await
}

/// Opens a shut account again. The person signs in with the password they had.
pub async fn enable(app: &App, actor: &Actor, id: UserId) -> Result<(), AppError> {
    may(app, actor)?;
    let input = (actor.organisation, id, app.moment(actor), app.vault.clone());
    app.store
        .write::<_, _, AppError, _>(input, |tx, (organisation, id, moment, vault)| {
            Box::pin(async move {
                let (mut user, _) = locked(tx, &vault, organisation, id).await?;
                if user.enable() == Outcome::Applied(()) {
                    users::update(tx, &vault, &user).await?;
                    moment.record(tx, "user_enabled", Some(organisation), id, json!({})).await?;
                }
                Ok(())
            })
        })
        .await
}
