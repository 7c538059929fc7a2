//! Turning a page into a response. Not here: headers that every response has (http-kit).

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// A page with status 200.
pub fn page(page: &impl Template) -> Response {
    page_with(StatusCode::OK, page)
}

/// A page with another status: 422 for a form that came back with problems.
pub fn page_with(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => {
            let mut response = (status, html).into_response();
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
            response
        }
        Err(error) => {
            // Writing into memory cannot fail; a template that refuses is a mistake of ours.
            tracing::error!(%error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// See other: after a form did its work. `to` is a path of ours.
pub fn see_other(to: &str) -> Response {
    axum::response::Redirect::to(to).into_response()
}
