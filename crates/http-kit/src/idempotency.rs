//! The header `Idempotency-Key` of the API (our own rule, after the IETF draft): a write may be sent again with the
//! same key and has one effect and one answer. A request without a key where one is needed is refused with 400, another
//! body under the key with 422, a request that is still running with 409 and `Retry-After`.

use app::idempotency::{Kept, Keyed, begin, give_back, keep};
use app::{App, AppError};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use domain::outcome::FieldProblem;
use tracing::warn;

use crate::failure::Failure;
use crate::identify::Identified;
use crate::limits::MOST_BODY_BYTES;

/// The key that the caller chose: 1 to 200 visible characters. A route that takes it as an argument requires it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(pub String);

impl IdempotencyKey {
    fn read(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, AppError> {
        let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
        let key = value.to_str().unwrap_or_default().trim();
        if key.is_empty() || key.len() > 200 || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(AppError::field(FieldProblem::new("Idempotency-Key", "idempotency_key")));
        }
        Ok(Some(IdempotencyKey(key.to_owned())))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<IdempotencyKey, Failure> {
        let key = IdempotencyKey::read(&parts.headers)?;
        key.ok_or_else(|| AppError::rule("idempotency_key_missing").into())
    }
}

/// Whether the use case of this path keeps the key itself, for ever and in its own transaction: an order answers with the
/// order that the key made, as it stands now, and a top-up with the transfer. Keeping the answer here as well would cost
/// two more transactions each, and make the caller wait for a minute when the process dies in between.
fn kept_by_the_use_case(path: &str) -> bool {
    path == "/api/v1/orders" || (path.starts_with("/api/v1/operator/customers/") && path.ends_with("/top-ups"))
}

/// Whether the answer shows a first password. It is shown each time anew, after a fresh proof and with its own entry in the
/// audit trail, and never from what was kept.
fn shows_a_secret(path: &str) -> bool {
    path.starts_with("/api/v1/apps/") && path.ends_with("/reveal-password")
}

/// Answers a repeated write of the API from what is kept; lets everything else through.
pub(crate) async fn once(State(app): State<App>, request: Request, next: Next) -> Response {
    // Visitors' keys would be everybody's: what they may write (sign-up, sign-in) has no need of one.
    let actor = request.extensions().get::<Identified>().and_then(|identified| identified.actor.as_ref());
    // One's own, not the organisation's: an answer may hold what a colleague must not see.
    let Some(owner) = actor.map(|actor| actor.user.to_string()) else { return next.run(request).await };
    let path = request.uri().path();
    let by_itself = kept_by_the_use_case(path) || shows_a_secret(path);
    if request.method().is_safe() || !path.starts_with("/api/") || by_itself {
        return next.run(request).await;
    }
    match IdempotencyKey::read(request.headers()) {
        Ok(None) => next.run(request).await,
        Ok(Some(key)) => {
            run_once(&app, &owner, &key, request, next).await.unwrap_or_else(|error| Failure(error).into_response())
        }
        Err(error) => Failure(error).into_response(),
    }
}

async fn run_once(
    app: &App,
    owner: &str,
    key: &IdempotencyKey,
    request: Request,
    next: Next,
) -> Result<Response, AppError> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MOST_BODY_BYTES).await.map_err(|_| AppError::rule("body_too_large"))?;
    let keyed = Keyed::new(owner, &key.0, parts.method.as_str(), parts.uri.path(), &body);
    if let Some(kept) = begin(app, &keyed).await? {
        return Ok(repeat(kept));
    }
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    if response.extensions().get::<Failure>().is_some() || !response.status().is_success() {
        // Nothing was stored by a refused act, so the same key may try again once the cause is mended.
        give_back(app, &keyed).await?;
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.map_err(|error| AppError::Internal(error.to_string()))?;
    remember(app, &keyed, &parts.headers, parts.status, &body).await;
    Ok(Response::from_parts(parts, Body::from(body)))
}

/// The act has happened: a failure to keep the answer must not hide it.
async fn remember(app: &App, keyed: &Keyed, headers: &HeaderMap, status: StatusCode, body: &Bytes) {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Ok(text) = String::from_utf8(body.to_vec()) else { return };
    let kept = Kept { status: status.as_u16(), content_type: content_type.to_owned(), body: text };
    if let Err(error) = keep(app, keyed, &kept).await {
        warn!(%error, "The answer of a keyed request could not be kept");
    }
}

fn repeat(kept: Kept) -> Response {
    let status = StatusCode::from_u16(kept.status).unwrap_or(StatusCode::OK);
    let mut response = (status, kept.body).into_response();
    if let Ok(kind) = HeaderValue::from_str(&kept.content_type) {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    response
}
