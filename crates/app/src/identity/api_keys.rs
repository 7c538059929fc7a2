//! Access keys of the organisation: make one and see its secret once, list, revoke. People do this, never a key.

use domain::identity::{AccessKey, Actor, ApiKey, ApiKeySecret, FRESH_WINDOW, Permission, Role};
use domain::ids::{ApiKeyId, UserId};
use domain::outcome::{Refusal, RefusalKind};
use domain::text::{self, Lines};
use serde_json::json;
use store::identity::{api_keys, organisations, users};

use crate::notices::{Audience, Notice, notify};
use crate::vault::Place;
use crate::{App, AppError};

/// Where a key's secret is sealed; the row is the key's id.
pub(crate) const SECRET_PLACE: Place<'static> = Place { table: "api_keys", column: "secret_sealed", row: "" };

/// The longest name of a key, in characters.
pub const NAME_LONGEST: usize = 80;

/// A new key, with the one sight of its secret.
#[derive(Clone, Debug)]
pub struct MadeApiKey {
    /// The key.
    pub key: ApiKey,
    /// Shown once; later nobody can.
    pub secret: ApiKeySecret,
}

/// The organisation's working keys, newest first.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<ApiKey>, AppError> {
    actor.require(Permission::ManageApiKeys)?;
    app.store
        .read::<_, _, AppError, _>(actor.organisation, |tx, organisation| {
            Box::pin(async move { Ok(api_keys::list(tx, organisation).await?) })
        })
        .await
}

/// Makes a key that may what its maker may. Needs a fresh password.
pub async fn make(app: &App, actor: &Actor, name: &str) -> Result<MadeApiKey, AppError> {
    actor.require(Permission::ManageApiKeys)?;
    actor.require_fresh(app.now(), FRESH_WINDOW)?;
    let name = text::text("name", name, Lines::One, 1, NAME_LONGEST).map_err(AppError::field)?;
    let moment = app.moment(actor);
    let secret = ApiKeySecret::make(app.random());
    let key = ApiKey {
        id: moment.id("api key"),
        organisation: actor.organisation,
        made_by: actor.user,
        name,
        access_key: AccessKey::make(app.random()),
        created_at: moment.now,
        used_at: None,
        revoked_at: None,
    };
    let sealed = app.vault.seal(Place { row: &key.id.to_string(), ..SECRET_PLACE }, secret.reveal());
    app.store
        .write::<_, _, AppError, _>(
            (key.clone(), sealed, moment, app.vault.clone()),
            |tx, (key, sealed, moment, vault)| {
                Box::pin(async move {
                    organisations::lock(tx, key.organisation).await?;
                    if api_keys::list(tx, key.organisation).await?.len() >= ApiKey::MOST {
                        let refusal =
                            Refusal::new(RefusalKind::Conflict, "too_many_api_keys").with("most", ApiKey::MOST);
                        return Err(refusal.into());
                    }
                    api_keys::insert(tx, &key, &sealed).await?;
                    let facts = json!({ "access_key": key.access_key.as_str() });
                    moment.record(tx, "api_key_made", Some(key.organisation), key.id, facts).await?;
                    for user in users::list(tx, &vault, key.organisation).await? {
                        if user.enabled() && user.role == Role::Administrator {
                            notify(tx, &moment, made_notice(&key, user.id)).await?;
                        }
                    }
                    Ok(())
                })
            },
        )
        .await?;
    Ok(MadeApiKey { key, secret })
}

/// Every administrator hears of a new key: one that nobody wanted is a break-in.
fn made_notice(key: &ApiKey, to: UserId) -> Notice {
    Notice {
        to: Audience::User(to),
        kind: "api_key_made",
        about: key.id.to_string(),
        arguments: vec![("access_key", key.access_key.to_string().into()), ("name", (&key.name).into())],
        link: "/account/keys".to_owned(),
    }
}

/// Ends a key at once.
pub async fn revoke(app: &App, actor: &Actor, id: ApiKeyId) -> Result<(), AppError> {
    actor.require(Permission::ManageApiKeys)?;
    let input = (actor.organisation, id, app.moment(actor));
    let revoked = app
        .store
        .write::<_, _, AppError, _>(input, |tx, (organisation, id, moment)| {
            Box::pin(async move {
                let revoked = api_keys::revoke(tx, organisation, id, moment.now).await?;
                if revoked {
                    moment.record(tx, "api_key_revoked", Some(organisation), id, json!({})).await?;
                }
                Ok(revoked)
            })
        })
        .await?;
    if revoked { Ok(()) } else { Err(AppError::NotFound("api_key")) }
}
