//! Product pictures, addressed by their content: whoever has the address has the bytes, for ever; a product without one gets
//! a drawn one, addressed by its id. And what other search engines ask for.

use app::catalog::{logo_bytes, search_products};
use app::{App, AppError, SearchRequest};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::ids::ProductId;
use http_kit::Failure;

use super::drawn_logo;

const FOR_EVER: &str = "public, max-age=31536000, immutable";

pub(super) async fn show(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    if let Some(product) = name.strip_suffix(".svg").and_then(|id| id.parse::<ProductId>().ok()) {
        return Ok(picture(&headers, &product.to_string(), "image/svg+xml", || drawn_logo(&product.to_string())));
    }
    let hash = name.strip_suffix(".png").filter(|hash| hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit()));
    let hash = hash.ok_or(AppError::NotFound("image"))?;
    if known(&headers, hash) {
        return Ok(picture(&headers, hash, "image/png", Vec::new));
    }
    let bytes = logo_bytes(&app, hash).await?;
    Ok(picture(&headers, hash, "image/png", || bytes))
}

/// Whether the browser has it already.
fn known(headers: &HeaderMap, tag: &str) -> bool {
    headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == format!("\"{tag}\"").as_bytes())
}

/// A picture to be kept for ever; nothing but its name to who has it already.
fn picture<B: IntoResponse>(headers: &HeaderMap, tag: &str, kind: &'static str, bytes: impl FnOnce() -> B) -> Response {
    let etag = HeaderValue::from_str(&format!("\"{tag}\""));
    let mut response =
        if known(headers, tag) { StatusCode::NOT_MODIFIED.into_response() } else { bytes().into_response() };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(FOR_EVER));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Opened on its own it is a picture and nothing else.
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    if let Ok(etag) = etag {
        headers.insert(header::ETAG, etag);
    }
    response
}

/// Every shown product, for other search engines.
pub(super) async fn sitemap(State(app): State<App>) -> Result<Response, Failure> {
    let site = &app.settings.site.public_url;
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    let mut offset = 0;
    loop {
        let request = SearchRequest { offset, most: 100, sort: app::Sort::Newest, ..SearchRequest::default() };
        let answer = search_products(&app, request)?;
        for card in &answer.cards {
            // Slugs are lower-case letters, digits and hyphens; the address of the site is the operator's own.
            xml.push_str(&format!("<url><loc>{site}/products/{}</loc></url>\n", card.slug));
        }
        offset += answer.cards.len();
        if answer.cards.is_empty() || offset >= 50_000 {
            break;
        }
    }
    xml.push_str("</urlset>\n");
    Ok(([(header::CONTENT_TYPE, "application/xml; charset=utf-8")], xml).into_response())
}

pub(super) async fn robots(State(app): State<App>) -> Response {
    let site = &app.settings.site.public_url;
    let text = format!(
        "User-agent: *\nDisallow: /my\nDisallow: /seller\nDisallow: /operator\nDisallow: /account\nDisallow: /*/order\nDisallow: /api\n\
         Sitemap: {site}/sitemap.xml\n"
    );
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}
