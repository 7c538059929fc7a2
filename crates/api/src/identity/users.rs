//! The users of one's organisation.

use app::identity::people;
use app::{App, AppError};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::identity::{Role, User, UserState};
use domain::ids::UserId;
use domain::outcome::{FieldProblem, Problems};
use http_kit::{At, Failure, JsonBody, SignedIn};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Everybody in the organisation.
#[derive(Serialize, ToSchema)]
pub(crate) struct Users {
    /// In the order they came.
    items: Vec<UserView>,
}

/// One person.
#[derive(Serialize, ToSchema)]
pub(crate) struct UserView {
    /// The id, `usr_…`.
    id: String,
    /// The name.
    name: String,
    /// The address that the person signs in with.
    email: String,
    /// `administrator`, `member`, `finance` or `viewer`.
    role: &'static str,
    /// `enabled` or `disabled`.
    state: &'static str,
    /// Since when the person is disabled, RFC 3339.
    disabled_at: Option<String>,
    /// When the account was made, RFC 3339.
    created_at: String,
}

fn view(user: User) -> UserView {
    let (state, disabled_at) = match user.state {
        UserState::Enabled => ("enabled", None),
        UserState::Disabled { at } => ("disabled", Some(at.to_string())),
    };
    UserView {
        id: user.id.to_string(),
        name: user.name,
        email: user.email,
        role: user.role.code(),
        state,
        disabled_at,
        created_at: user.created_at.to_string(),
    }
}

/// Everybody in one's organisation. For administrators.
#[utoipa::path(get, path = "/api/v1/users", responses((status = 200, body = Users)), tag = "people")]
pub(crate) async fn list(State(app): State<App>, SignedIn(actor): SignedIn) -> Result<Json<Users>, Failure> {
    let all = people::list(&app, &actor).await?;
    Ok(Json(Users { items: all.users.into_iter().map(view).collect() }))
}

/// What to change; exactly one of the two.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangedUser {
    /// `administrator`, `member`, `finance` or `viewer`.
    role: Option<String>,
    /// `enabled` or `disabled`.
    state: Option<String>,
}

/// Reads a role.
pub(super) fn role(code: &str) -> Result<Role, FieldProblem> {
    code.parse().map_err(|()| FieldProblem::new("role", "role"))
}

/// Changes a role, or disables or enables a person. Needs a fresh password; the last administrator stays.
#[utoipa::path(patch, path = "/api/v1/users/{id}", params(("id" = String, Path)), request_body = ChangedUser,
    responses((status = 204)), tag = "people")]
pub(crate) async fn change(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(id): At<UserId>,
    JsonBody(body): JsonBody<ChangedUser>,
) -> Result<StatusCode, Failure> {
    match (body.role.as_deref(), body.state.as_deref()) {
        (Some(code), None) => people::change_role(&app, &actor, id, role(code).map_err(AppError::field)?).await?,
        (None, Some("disabled")) => people::disable(&app, &actor, id).await?,
        (None, Some("enabled")) => people::enable(&app, &actor, id).await?,
        (None, Some(_)) => return Err(AppError::field(FieldProblem::new("state", "user_state")).into()),
        (None, None) | (Some(_), Some(_)) => {
            return Err(AppError::Invalid(Problems::one(FieldProblem::new("role", "role_or_state"))).into());
        }
    }
    Ok(StatusCode::NO_CONTENT)
}
