//! From where a request comes, for use cases that count tries and name sessions.

use app::identity::Caller;
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use crate::limits::ClientAddress;

/// The network side of the request, as an argument of a handler.
#[derive(Clone, Debug)]
pub struct CalledFrom(pub Caller);

impl<S: Send + Sync> FromRequestParts<S> for CalledFrom {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<CalledFrom, Self::Rejection> {
        let ClientAddress(address) = ClientAddress::from_request_parts(parts, state).await?;
        let device = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Ok(CalledFrom(Caller { address, device: device.to_owned() }))
    }
}
