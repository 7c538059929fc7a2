//! Files at the root of the seller's site: the marketplace's proof that the domain is the seller's own.
//!
//! Only names as a marketplace gives them are served, `souk-verification-….txt`, so that the folder shows nothing else.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Shop;

/// Answers with a file of the folder, if the path names one; everything else goes on.
pub(crate) async fn serve(State(shop): State<Arc<Shop>>, request: Request, next: Next) -> Response {
    let named = match request.method() {
        &Method::GET => request.uri().path().strip_prefix('/').filter(|name| proof_name(name)),
        _ => None,
    };
    let text = match (&shop.site_folder, named) {
        (Some(folder), Some(name)) => std::fs::read_to_string(folder.join(name)).ok(),
        (None, _) | (_, None) => None,
    };
    match text {
        Some(text) => ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response(),
        None => next.run(request).await,
    }
}

fn proof_name(name: &str) -> bool {
    let middle = name.strip_prefix("souk-verification-").and_then(|rest| rest.strip_suffix(".txt"));
    middle.is_some_and(|middle| !middle.is_empty() && middle.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_a_proof_has_the_name_of_one() {
        assert!(proof_name("souk-verification-0a1b2c3d4e5f6071.txt"));
        for other in [
            "",
            "index.html",
            "souk-verification-.txt",
            "souk-verification-../key.txt",
            "souk-verification-a%2e.txt",
            "a/souk-verification-a.txt",
        ] {
            assert!(!proof_name(other), "{other}");
        }
    }
}
