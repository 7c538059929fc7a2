//! Cross-site writes: beside tower-http's check of `Sec-Fetch-Site` and `Origin`, a write that is proved by a cookie
//! must carry one of the two (security.md, "Browser side"). Access keys never ride on cookies.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::identify::Identified;

/// Refuses cookie-proved writes that say nothing of where they come from.
pub(crate) async fn require_origin(request: Request, next: Next) -> Response {
    let by_cookie = request.extensions().get::<Identified>().is_some_and(|identified| identified.by_cookie);
    let headers = request.headers();
    let says = headers.contains_key("sec-fetch-site") || headers.contains_key("origin");
    if by_cookie && !request.method().is_safe() && !says {
        return StatusCode::FORBIDDEN.into_response();
    }
    next.run(request).await
}
