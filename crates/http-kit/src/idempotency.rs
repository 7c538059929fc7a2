//! The header `Idempotency-Key` of the API (our own rule, after the IETF draft): a write may be sent again with the
//! same key and has one effect and one answer.

use app::AppError;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::outcome::FieldProblem;

use crate::failure::Failure;

/// The key that the caller chose: 1 to 200 visible characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(pub String);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<IdempotencyKey, Failure> {
        let Some(value) = parts.headers.get("idempotency-key") else {
            return Err(AppError::rule("idempotency_key_missing").into());
        };
        let key = value.to_str().unwrap_or_default().trim();
        if key.is_empty() || key.len() > 200 || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(AppError::field(FieldProblem::new("Idempotency-Key", "idempotency_key")).into());
        }
        Ok(IdempotencyKey(key.to_owned()))
    }
}
