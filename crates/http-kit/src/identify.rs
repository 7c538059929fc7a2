//! Finds out who asks: from the session cookie, a bearer token, or an access key. Decides nothing about rights.

use app::App;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::identity::Actor;

use crate::cookies::session_token;
use crate::failure::Failure;

/// Who asks, for the rest of the request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Identified {
    /// The signed-in person or program.
    pub actor: Option<Actor>,
    /// Whether the proof came in a cookie: such requests need the cross-site check.
    pub by_cookie: bool,
}

/// Puts [`Identified`] into the request. A wrong session cookie counts as none; wrong credentials in a header are
/// refused, because a program should hear of them.
pub(crate) async fn identify(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let found = match credential(&app, request.headers()) {
        None => Ok(Identified::default()),
        Some(Presented::Cookie(token)) => app::identity::authenticate::by_session_token(&app, &token)
            .await
            .map(|actor| Identified { by_cookie: true, actor }),
        Some(Presented::Bearer(token)) => known(app::identity::authenticate::by_session_token(&app, &token).await),
        Some(Presented::Key(access_key, secret)) => {
            known(app::identity::authenticate::by_api_key(&app, &access_key, &secret).await)
        }
        Some(Presented::Unreadable) => Err(app::AppError::SignInNeeded),
    };
    match found {
        Ok(identified) => {
            request.extensions_mut().insert(identified);
            next.run(request).await
        }
        Err(error) => Failure::from(error).into_response(),
    }
}

fn known(found: Result<Option<Actor>, app::AppError>) -> Result<Identified, app::AppError> {
    match found? {
        Some(actor) => Ok(Identified { actor: Some(actor), by_cookie: false }),
        None => Err(app::AppError::SignInNeeded),
    }
}

enum Presented {
    Cookie(String),
    Bearer(String),
    Key(String, String),
    Unreadable,
}

fn credential(app: &App, headers: &HeaderMap) -> Option<Presented> {
    let Some(authorization) = headers.get(header::AUTHORIZATION) else {
        return session_token(&app.settings.site, headers).map(Presented::Cookie);
    };
    let Ok(text) = authorization.to_str() else { return Some(Presented::Unreadable) };
    // Signed calls of sellers' systems carry their own scheme, which their routes verify.
    if text.starts_with("SDK-HMAC-SHA256") {
        return None;
    }
    let Some((scheme, value)) = text.split_once(' ') else { return Some(Presented::Unreadable) };
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(Presented::Bearer(value.trim().to_owned()));
    }
    if scheme.eq_ignore_ascii_case("basic") {
        let pair = STANDARD.decode(value.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let pair = pair.and_then(|pair| pair.split_once(':').map(|(key, secret)| (key.to_owned(), secret.to_owned())));
        return Some(pair.map_or(Presented::Unreadable, |(key, secret)| Presented::Key(key, secret)));
    }
    Some(Presented::Unreadable)
}
