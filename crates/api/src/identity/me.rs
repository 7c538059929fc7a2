//! One's own account.

use app::App;
use app::identity::{ChangeAccount, ChangePassword, Password, ProveAgain, change_account};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use http_kit::{CalledFrom, Failure, JsonBody, SignedIn};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::sessions::language;

/// Who asks.
#[derive(Serialize, ToSchema)]
pub(crate) struct Me {
    /// The person's id, `usr_…`; of an access key the one who made it.
    user: String,
    /// The person's name.
    name: String,
    /// The address that the person signs in with.
    email: String,
    /// `en` or `zh`.
    language: &'static str,
    /// `administrator`, `member`, `finance` or `viewer`.
    role: &'static str,
    /// The organisation.
    organisation: OrganisationView,
}

/// An organisation.
#[derive(Serialize, ToSchema)]
pub(crate) struct OrganisationView {
    /// The id, `org_…`.
    id: String,
    /// The name.
    name: String,
    /// `customer`, `seller` or `operator`.
    kind: &'static str,
}

/// Who asks, and for which organisation.
#[utoipa::path(get, path = "/api/v1/me", responses((status = 200, body = Me)), tag = "accounts")]
pub(crate) async fn show(State(app): State<App>, SignedIn(actor): SignedIn) -> Result<Json<Me>, Failure> {
    let user = change_account::look(&app, &actor).await?;
    Ok(Json(Me {
        user: user.id.to_string(),
        name: user.name,
        email: user.email,
        language: user.language.code(),
        role: user.role.code(),
        organisation: OrganisationView {
            id: actor.organisation.to_string(),
            name: actor.organisation_name,
            kind: actor.kind.code(),
        },
    }))
}

/// What to change; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangedMe {
    /// 1 to 80 characters.
    name: Option<String>,
    /// `en` or `zh`.
    language: Option<String>,
}

/// Changes name and language.
#[utoipa::path(patch, path = "/api/v1/me", request_body = ChangedMe, responses((status = 204)), tag = "accounts")]
pub(crate) async fn change(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    JsonBody(body): JsonBody<ChangedMe>,
) -> Result<StatusCode, Failure> {
    let form = ChangeAccount {
        language: language(body.language.as_deref())?.unwrap_or(actor.language),
        name: body.name.unwrap_or_else(|| actor.user_name.clone()),
    };
    form.run(&app, &actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The old password and the new one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangedPassword {
    /// The password that holds until now.
    current_password: String,
    /// 8 to 128 characters, not one that everybody tries first.
    new_password: String,
}

/// Changes the password and ends every other session.
#[utoipa::path(put, path = "/api/v1/me/password", request_body = ChangedPassword,
    responses((status = 204)), tag = "accounts")]
pub(crate) async fn change_password(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    CalledFrom(caller): CalledFrom,
    JsonBody(body): JsonBody<ChangedPassword>,
) -> Result<StatusCode, Failure> {
    let form = ChangePassword { current: Password::new(body.current_password), new: Password::new(body.new_password) };
    form.run(&app, &actor, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The password, once more.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Proof {
    /// The password.
    password: String,
}

/// Makes the session fresh for five minutes: do this after `fresh_sign_in_needed`.
#[utoipa::path(post, path = "/api/v1/me/proofs", request_body = Proof, responses((status = 204)), tag = "accounts")]
pub(crate) async fn prove(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    CalledFrom(caller): CalledFrom,
    JsonBody(body): JsonBody<Proof>,
) -> Result<StatusCode, Failure> {
    ProveAgain { password: Password::new(body.password) }.run(&app, &actor, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
