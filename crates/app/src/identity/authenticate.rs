//! From what a request carries to the actor. Nothing here tells why somebody is nobody.

use domain::identity::{Actor, ApiKeySecret, Credential, SEEN_STEP, SessionLimits};
use domain::time::Timestamp;
use sha2::{Digest as _, Sha256};
use store::identity::api_keys::KeyHolder;
use store::identity::{api_keys, sessions};
use subtle::ConstantTimeEq as _;

use super::api_keys::SECRET_PLACE;
use super::token::{TokenKind, hash_of};
use crate::vault::Place;
use crate::{App, AppError};

/// Who holds this session token, if the session is alive and the person may sign in. Notes the request, at most once
/// a minute.
pub async fn by_session_token(app: &App, token: &str) -> Result<Option<Actor>, AppError> {
    let Some(hash) = hash_of(TokenKind::Session, token) else { return Ok(None) };
    let found = app
        .store
        .ask::<_, _, AppError, _>((hash, app.vault.clone()), |tx, (hash, vault)| {
            Box::pin(async move { Ok(sessions::find_by_token(tx, &vault, &hash).await?) })
        })
        .await?;
    let Some((session, user, organisation)) = found else { return Ok(None) };
    let now = app.now();
    if !user.enabled() || !session.times.alive(SessionLimits::of(organisation.kind), now) {
        return Ok(None);
    }
    if session.times.seen_due(now) {
        app.store
            .write::<_, _, AppError, _>((session.id, now), |tx, (session, now)| {
                Box::pin(async move { Ok(sessions::touch(tx, session, now).await?) })
            })
            .await?;
    }
    Ok(Some(Actor {
        user: user.id,
        user_name: user.name,
        organisation: organisation.id,
        organisation_name: organisation.name,
        kind: organisation.kind,
        role: user.role,
        language: user.language,
        credential: Credential::Session { id: session.id, proven_at: session.proven_at },
    }))
}

/// Who acts by this access key and secret, if the key works and its maker may sign in. Notes the use, at most once a
/// minute.
pub async fn by_api_key(app: &App, access_key: &str, secret: &str) -> Result<Option<Actor>, AppError> {
    let Some((holder, known)) = working(app, access_key).await? else { return Ok(None) };
    // Digests of equal length, so that the comparison tells nothing about the secret's.
    let same = Sha256::digest(known.as_bytes()).ct_eq(&Sha256::digest(secret.as_bytes()));
    let right = secret.len() == ApiKeySecret::LENGTH && bool::from(same);
    if right { used(app, holder).await.map(Some) } else { Ok(None) }
}

/// Who acts by this access key, if the key works and `signed_with` says that the request is signed with its secret; its
/// refusal otherwise. `None` for a key that opens nothing. Notes the use, at most once a minute.
pub async fn by_signature<E>(
    app: &App,
    access_key: &str,
    signed_with: impl FnOnce(&str) -> Result<(), E>,
) -> Result<Option<Result<Actor, E>>, AppError> {
    let Some((holder, secret)) = working(app, access_key).await? else { return Ok(None) };
    match signed_with(&secret) {
        Ok(()) => Ok(Some(Ok(used(app, holder).await?))),
        Err(refusal) => Ok(Some(Err(refusal))),
    }
}

/// The key of this name with its secret, unless it is revoked or its maker may not sign in.
async fn working(app: &App, access_key: &str) -> Result<Option<(KeyHolder, String)>, AppError> {
    let Ok(access_key) = access_key.parse() else { return Ok(None) };
    let found = app
        .store
        .ask::<_, _, AppError, _>((access_key, app.vault.clone()), |tx, (key, vault)| {
            Box::pin(async move { Ok(api_keys::find_holder(tx, &vault, &key).await?) })
        })
        .await?;
    let Some(holder) = found else { return Ok(None) };
    let row = holder.key.id.to_string();
    let secret = app.vault.open(Place { row: &row, ..SECRET_PLACE }, &holder.secret_sealed)?;
    let works = holder.key.revoked_at.is_none() && holder.maker.enabled();
    Ok(works.then_some((holder, secret)))
}

/// The actor of a key that proved itself; notes that it was used.
async fn used(app: &App, holder: KeyHolder) -> Result<Actor, AppError> {
    let now = app.now();
    if use_due(holder.key.used_at, now) {
        app.store
            .write::<_, _, AppError, _>((holder.key.id, now), |tx, (key, now)| {
                Box::pin(async move { Ok(api_keys::touch(tx, key, now).await?) })
            })
            .await?;
    }
    Ok(Actor {
        user: holder.maker.id,
        user_name: holder.maker.name,
        organisation: holder.organisation.id,
        organisation_name: holder.organisation.name,
        kind: holder.organisation.kind,
        role: holder.maker.role,
        language: holder.maker.language,
        credential: Credential::ApiKey { id: holder.key.id },
    })
}

fn use_due(used_at: Option<Timestamp>, now: Timestamp) -> bool {
    used_at.is_none_or(|used_at| now.duration_since(used_at) >= SEEN_STEP)
}
