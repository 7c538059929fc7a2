//! The open APIs for sellers' servers: the request as it arrived to the use case, and its answer back, byte for byte.

use std::error::Error;

use app::open_apis::{self, LicenceUse, PushForm, SignedCall};
use app::{App, AppError};
use axum::body::to_bytes;
use axum::extract::{FromRequest, Request, State};
use axum::http::header;
use axum::response::Response;
use http_body_util::LengthLimitError;
use http_kit::{Failure, Routes, SignedPace, as_open_api, route};

/// The routes. They are KooGallery's, so the description of our own API leaves them out; docs/seller-protocol/open-apis.md has
/// them.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .with(route!(GET "/api/mkp-openapi-public/global/v1/order/query" => query_order))
        .with(route!(POST "/api/mkp-openapi-public/global/v1/isv/usage-data" => push_usage))
        .with(route!(POST "/api/mkp-openapi-public/global/v1/license/activate" => activate_licence))
        .with(route!(POST "/api/mkp-openapi-public/global/v1/license/heartbeat" => hear_licence))
        .with(route!(POST "/rest/marketplace/v1/isv/usage-data" => push_usage_old))
}

/// The request with its bytes, which are signed.
struct Call(SignedCall);

impl<S: Send + Sync> FromRequest<S> for Call {
    type Rejection = Failure;
    async fn from_request(request: Request, _: &S) -> Result<Call, Failure> {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, SignedCall::MOST_BODY_BYTES).await.map_err(|error| refusal(&error))?.to_vec();
        let text = |value: &axum::http::HeaderValue| value.to_str().map(str::to_owned).ok();
        let mut headers: Vec<(String, String)> =
            parts.headers.iter().filter_map(|(name, value)| Some((name.to_string(), text(value)?))).collect();
        // HTTP/2 has the host in the address, where the signature cannot know it from.
        if let Some(authority) = parts.uri.authority().filter(|_| !parts.headers.contains_key(header::HOST)) {
            headers.push(("host".to_owned(), authority.to_string()));
        }
        Ok(Call(SignedCall {
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers,
            body,
        }))
    }
}

/// A connection that broke says nothing about the length of what it was sending.
fn refusal(error: &axum::Error) -> AppError {
    let too_large = error.source().is_some_and(|cause| cause.is::<LengthLimitError>());
    AppError::rule(if too_large { "body_too_large" } else { "unreadable_request" })
}

async fn query_order(State(app): State<App>, pace: SignedPace, Call(call): Call) -> Response {
    as_open_api(open_apis::query_order(&app, &call, &pace).await)
}

async fn push_usage(State(app): State<App>, pace: SignedPace, Call(call): Call) -> Response {
    as_open_api(open_apis::push_usage(&app, &call, PushForm::New, &pace).await)
}

async fn push_usage_old(State(app): State<App>, pace: SignedPace, Call(call): Call) -> Response {
    as_open_api(open_apis::push_usage(&app, &call, PushForm::Old, &pace).await)
}

async fn activate_licence(State(app): State<App>, pace: SignedPace, Call(call): Call) -> Response {
    as_open_api(open_apis::use_licence(&app, &call, LicenceUse::Activate, &pace).await)
}

async fn hear_licence(State(app): State<App>, pace: SignedPace, Call(call): Call) -> Response {
    as_open_api(open_apis::use_licence(&app, &call, LicenceUse::Heartbeat, &pace).await)
}
