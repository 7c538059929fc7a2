//! The embedded style sheet, script, sprite and marks: their addresses, and serving them.
//!
//! Not here: making them (`cargo xtask assets`) and embedding them (`build.rs`).

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// One embedded file and its compressed twins.
struct Asset {
    name: &'static str,
    file: &'static str,
    url: &'static str,
    integrity: &'static str,
    plain: &'static [u8],
    gzip: &'static [u8],
    brotli: &'static [u8],
}

mod embedded {
    use super::Asset;
    include!(concat!(env!("OUT_DIR"), "/files.rs"));
}

fn find(name: &str) -> Option<&'static Asset> {
    embedded::FILES.iter().find(|asset| asset.name == name)
}

/// Whether this build holds its style sheet and script. A release always does.
pub fn embedded() -> bool {
    !embedded::FILES.is_empty()
}

/// The address of a file by its logical name: `url("souk.css")` is `/assets/souk-786ee7a0495a.css`. The empty text when
/// this build holds no assets.
pub fn url(name: &str) -> &'static str {
    find(name).map_or("", |asset| asset.url)
}

/// The value for an `integrity` attribute; empty when this build holds no assets.
pub fn integrity(name: &str) -> &'static str {
    find(name).map_or("", |asset| asset.integrity)
}

/// `GET /assets/{file}`: the name says the content, so a browser may keep it for ever.
pub async fn serve(Path(file): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = embedded::FILES.iter().find(|asset| asset.file == file) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let takes = |coding: &str| accepted.split(',').any(|part| part.trim().split(';').next() == Some(coding));
    let (body, coding) = if takes("br") {
        (asset.brotli, Some("br"))
    } else if takes("gzip") {
        (asset.gzip, Some("gzip"))
    } else {
        (asset.plain, None)
    };
    let mut response = body.into_response();
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(asset.file)));
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    answer.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(coding) = coding {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}

/// `GET /favicon.svg`: where browsers look without being told.
pub async fn favicon(headers: HeaderMap) -> Response {
    match find("favicon.svg") {
        Some(asset) => serve(Path(asset.file.to_owned()), headers).await,
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn content_type(file: &str) -> &'static str {
    match file.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_an_asset_holds_a_digest_of_its_content() {
        if embedded() {
            assert!(url("souk.css").starts_with("/assets/souk-") && url("souk.css").ends_with(".css"));
            assert!(integrity("souk.js").starts_with("sha384-"));
        }
        assert_eq!(url("nothing.css"), "");
    }

    #[tokio::test]
    async fn an_asset_is_served_compressed_when_the_browser_takes_it_and_kept_for_ever() {
        let Some(asset) = find("souk.css") else { return };
        for (accepted, coding, length) in [
            ("gzip, deflate, br", Some("br"), asset.brotli.len()),
            ("gzip;q=1.0", Some("gzip"), asset.gzip.len()),
            ("", None, asset.plain.len()),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted));
            let response = serve(Path(asset.file.to_owned()), headers).await;
            let said = response.headers().get(header::CONTENT_ENCODING).map(|value| value.to_str().expect("is ASCII"));
            assert_eq!(said, coding);
            assert!(response.headers()[header::CACHE_CONTROL].to_str().expect("is ASCII").contains("immutable"));
            let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("is in memory");
            assert_eq!(body.len(), length);
        }
    }
}
