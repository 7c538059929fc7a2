//! `POST /sign-out`: ends the session in hand; the browser forgets what it kept of us.

use app::App;
use app::identity::sessions;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use http_kit::{Failure, Visit, clear_session_cookie};

use crate::render;

/// Works for nobody as well: signing out twice is not an error.
pub(super) async fn act(State(app): State<App>, visit: Visit) -> Result<Response, Failure> {
    if let Some(actor) = &visit.actor
        && let Ok(session) = actor.session()
    {
        match sessions::end(&app, actor, session).await {
            Ok(()) | Err(app::AppError::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let mut response = render::see_other("/sign-in?said=signed-out");
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, clear_session_cookie(&app.settings.site));
    // Not "cookies": language and appearance are the browser's, whoever is signed in.
    headers.insert(HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(response)
}
