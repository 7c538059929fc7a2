//! From a credential to an actor.

use domain::identity::Actor;

use crate::{App, AppError};

/// The actor of a session token.
pub async fn by_session_token(_app: &App, _token: &str) -> Result<Option<Actor>, AppError> {
    Ok(None)
}

/// The actor of an access key.
pub async fn by_api_key(_app: &App, _access_key: &str, _secret: &str) -> Result<Option<Actor>, AppError> {
    Ok(None)
}
