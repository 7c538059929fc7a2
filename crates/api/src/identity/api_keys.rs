//! Access keys of one's organisation.

use app::App;
use app::identity::api_keys;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::identity::ApiKey;
use domain::ids::ApiKeyId;
use http_kit::{At, Failure, JsonBody, SignedIn};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The working keys.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApiKeys {
    /// Newest first.
    items: Vec<ApiKeyView>,
}

/// One key, without its secret.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApiKeyView {
    /// The id, `key_…`.
    id: String,
    /// What it is for.
    name: String,
    /// The public half, `SK…`: the user name of HTTP Basic.
    access_key: String,
    /// Who made it, `usr_…`.
    made_by: String,
    /// When it was made, RFC 3339.
    created_at: String,
    /// When it was last used, to the minute, RFC 3339.
    used_at: Option<String>,
}

fn view(key: ApiKey) -> ApiKeyView {
    ApiKeyView {
        id: key.id.to_string(),
        name: key.name,
        access_key: key.access_key.to_string(),
        made_by: key.made_by.to_string(),
        created_at: key.created_at.to_string(),
        used_at: key.used_at.map(|at| at.to_string()),
    }
}

/// The working keys. For administrators.
#[utoipa::path(get, path = "/api/v1/api-keys", responses((status = 200, body = ApiKeys)), tag = "access keys")]
pub(crate) async fn list(State(app): State<App>, SignedIn(actor): SignedIn) -> Result<Json<ApiKeys>, Failure> {
    let all = api_keys::list(&app, &actor).await?;
    Ok(Json(ApiKeys { items: all.into_iter().map(view).collect() }))
}

/// A key to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewApiKey {
    /// What it is for, 1 to 80 characters.
    name: String,
}

/// A new key with its secret.
#[derive(Serialize, ToSchema)]
pub(crate) struct MadeApiKey {
    /// The key.
    key: ApiKeyView,
    /// The password of HTTP Basic. Shown once.
    secret: String,
}

/// Makes a key that may what its maker may, except manage people and keys. Needs a fresh password.
#[utoipa::path(post, path = "/api/v1/api-keys", request_body = NewApiKey,
    responses((status = 201, body = MadeApiKey)), tag = "access keys")]
pub(crate) async fn make(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    JsonBody(body): JsonBody<NewApiKey>,
) -> Result<(StatusCode, Json<MadeApiKey>), Failure> {
    let made = api_keys::make(&app, &actor, &body.name).await?;
    let secret = made.secret.reveal().to_owned();
    Ok((StatusCode::CREATED, Json(MadeApiKey { key: view(made.key), secret })))
}

/// Ends a key at once.
#[utoipa::path(delete, path = "/api/v1/api-keys/{id}", params(("id" = String, Path)),
    responses((status = 204)), tag = "access keys")]
pub(crate) async fn revoke(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(id): At<ApiKeyId>,
) -> Result<StatusCode, Failure> {
    api_keys::revoke(&app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
