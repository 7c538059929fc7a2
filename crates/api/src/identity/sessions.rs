//! Sessions: sign in, see where one is signed in, sign out.

use app::identity::{Password, SignIn, SignedIn as Opened, sessions};
use app::{App, AppError};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::identity::Session;
use domain::ids::SessionId;
use domain::outcome::FieldProblem;
use domain::text::Language;
use http_kit::{At, CalledFrom, Failure, JsonBody, SignedIn};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Reads an optional language.
pub(super) fn language(code: Option<&str>) -> Result<Option<Language>, AppError> {
    code.map(str::parse).transpose().map_err(|()| AppError::field(FieldProblem::new("language", "language")))
}

/// Name and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    /// The e-mail address.
    email: String,
    /// The password.
    password: String,
}

/// A new session.
#[derive(Serialize, ToSchema)]
pub(crate) struct OpenedSession {
    /// The id, `ses_…`.
    id: String,
    /// For `Authorization: Bearer`. Shown once.
    token: String,
    /// The person's id, `usr_…`.
    user: String,
    /// The person's language.
    language: &'static str,
}

impl OpenedSession {
    pub(super) fn of(opened: Opened) -> OpenedSession {
        OpenedSession {
            id: opened.session.id.to_string(),
            token: opened.token.reveal().to_owned(),
            user: opened.session.user.to_string(),
            language: opened.language.code(),
        }
    }
}

/// Signs in. After five wrong passwords each try has to wait (429 with `Retry-After`).
#[utoipa::path(post, path = "/api/v1/sessions", request_body = Credentials,
    responses((status = 201, body = OpenedSession)), security(()), tag = "accounts")]
pub(crate) async fn open(
    State(app): State<App>,
    CalledFrom(caller): CalledFrom,
    JsonBody(body): JsonBody<Credentials>,
) -> Result<(StatusCode, Json<OpenedSession>), Failure> {
    let form = SignIn { email: body.email, password: Password::new(body.password), replaces: None };
    let opened = form.run(&app, &caller).await?;
    Ok((StatusCode::CREATED, Json(OpenedSession::of(opened))))
}

/// Where the person is signed in.
#[derive(Serialize, ToSchema)]
pub(crate) struct Sessions {
    /// Newest sign-in first.
    items: Vec<SessionView>,
}

/// One signed-in browser or program.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionView {
    /// The id, `ses_…`.
    id: String,
    /// Whether it is the one that asks.
    current: bool,
    /// What it called itself at sign-in.
    device: String,
    /// The network address at sign-in.
    address: String,
    /// Sign-in, RFC 3339.
    opened_at: String,
    /// The last request, to the minute, RFC 3339.
    seen_at: String,
}

fn view(session: Session, current: SessionId) -> SessionView {
    SessionView {
        current: session.id == current,
        id: session.id.to_string(),
        device: session.device,
        address: session.address,
        opened_at: session.times.opened_at.to_string(),
        seen_at: session.times.seen_at.to_string(),
    }
}

/// One's own living sessions.
#[utoipa::path(get, path = "/api/v1/sessions", responses((status = 200, body = Sessions)), tag = "accounts")]
pub(crate) async fn list(State(app): State<App>, SignedIn(actor): SignedIn) -> Result<Json<Sessions>, Failure> {
    let current = actor.session().map_err(AppError::from)?;
    let all = sessions::list(&app, &actor).await?;
    Ok(Json(Sessions { items: all.into_iter().map(|session| view(session, current)).collect() }))
}

/// Signs out: ends the session that asks.
#[utoipa::path(delete, path = "/api/v1/sessions", responses((status = 204)), tag = "accounts")]
pub(crate) async fn end(State(app): State<App>, SignedIn(actor): SignedIn) -> Result<StatusCode, Failure> {
    let current = actor.session().map_err(AppError::from)?;
    sessions::end(&app, &actor, current).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends one of one's own sessions.
#[utoipa::path(delete, path = "/api/v1/sessions/{id}", params(("id" = String, Path)),
    responses((status = 204)), tag = "accounts")]
pub(crate) async fn end_one(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(id): At<SessionId>,
) -> Result<StatusCode, Failure> {
    sessions::end(&app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
