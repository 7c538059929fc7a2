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
            let mut response = (status, named(html)).into_response();
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

/// How long a secret stays on a page, in seconds (security.md, "Initial password of a bought app").
pub const SECRET_SHOWN_S: u32 = 60;

/// A page that shows a secret: nobody keeps the answer, and the browser leaves it for `then`, a path of ours that shows it
/// masked. The header does it without JavaScript.
pub fn secret_page(page: &impl Template, then: &str) -> Response {
    let mut response = self::page(page);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("{SECRET_SHOWN_S}; url={then}")) {
        headers.insert(header::REFRESH, value);
    }
    response
}

/// See other: after a form did its work. `to` is a path of ours.
pub fn see_other(to: &str) -> Response {
    axum::response::Redirect::to(to).into_response()
}

/// The mark that the error summary leaves where the label of a field belongs: the id of the field follows it.
const LABEL_OF: &str = "<!--label-of:";
const MARK_ENDS: &str = "-->";

/// Puts the labels of fields into the error summary: “Fill this in.” alone says nothing in a list of twelve. The summary
/// stands before the fields and is drawn before their labels are known, so this is done when the page is whole.
fn named(html: String) -> String {
    if !html.contains(LABEL_OF) {
        return html;
    }
    let mut parts = html.split(LABEL_OF);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (mark, rest) = part.split_once(MARK_ENDS).unwrap_or(("", part));
        let (id, colon) = mark.split_once('|').unwrap_or((mark, " "));
        if let Some(label) = label_of(&html, id) {
            out.push_str(label);
            out.push_str(colon);
        }
        out.push_str(rest);
    }
    out
}

/// The text of a field's label, escaped as it stands in the page; a checkbox is its own sentence and has none here.
fn label_of<'a>(html: &'a str, id: &str) -> Option<&'a str> {
    let (_, after) = html.split_once(&format!("<label class=\"form-label\" for=\"{id}\">"))?;
    Some(after.split_once('<')?.0.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_names_the_fields() {
        let page = "<a><!--label-of:city|: -->Fill this in.</a><a><!--label-of:agreed|: -->Agree.</a>\
                    <label class=\"form-label\" for=\"city\">City &amp; town <span>(optional)</span></label>";
        let (summary, _) =
            named(page.to_owned()).split_once("<label").map(|(a, b)| (a.to_owned(), b.len())).expect("a label");
        assert_eq!(summary, "<a>City &amp; town: Fill this in.</a><a>Agree.</a>");
    }
}
