//! JSON bodies of the API, read strictly: what does not fit is refused with its place, in our own words.
//!
//! *What is not here.* Forms of pages (axum reads them; each form judges its fields) and uploads.

use app::AppError;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse as _;
use domain::outcome::FieldProblem;
use serde::de::DeserializeOwned;
use serde_path_to_error::{Error, Path, Segment};

use crate::failure::Failure;

/// The body of a request as `T`. Refusals: `media_type` (415), `body_too_large` (413), `malformed_json` (400), and one
/// field problem (422) for the first member that is unknown, missing, given twice or of another type.
#[derive(Clone, Copy, Debug)]
pub struct JsonBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Failure;
    async fn from_request(request: Request, state: &S) -> Result<JsonBody<T>, Failure> {
        if !says_json(request.headers()) {
            return Err(AppError::rule("media_type").into());
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            let too_large = rejection.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE;
            AppError::rule(if too_large { "body_too_large" } else { "unreadable_request" })
        })?;
        Ok(JsonBody(read(&bytes)?))
    }
}

/// `application/json`, or another type that is JSON by its suffix; parameters do not matter.
fn says_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, AppError> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| refusal(&error))?;
    json.end().map_err(|_| AppError::rule("malformed_json"))?;
    Ok(value)
}

/// The words of the JSON reader are not ours to show; what matters of them is which rule was broken, and where.
fn refusal(error: &Error<serde_json::Error>) -> AppError {
    if !error.inner().is_data() {
        return AppError::rule("malformed_json");
    }
    let message = error.inner().to_string();
    let place = place(error.path());
    // The reader names what is missing or doubled in its message; the path ends at what holds it.
    let named = message.split('`').nth(1).unwrap_or_default();
    let (place, code) = if message.starts_with("missing field") {
        (beneath(&place, named), "required")
    } else if message.starts_with("unknown field") {
        (place, "unknown_member")
    } else if message.starts_with("duplicate field") {
        (
            beneath(place.strip_suffix(named).map_or(place.as_str(), |holder| holder.trim_end_matches('.')), named),
            "given_twice",
        )
    } else {
        (place, "wrong_type")
    };
    AppError::field(FieldProblem::new(place, code))
}

fn beneath(holder: &str, name: &str) -> String {
    if holder.is_empty() { name.to_owned() } else { format!("{holder}.{name}") }
}

/// The path with dots, as field problems spell it. Names are the caller's: what would not stand in a pointer is encoded.
fn place(path: &Path) -> String {
    let segments = path.iter().filter_map(|segment| match segment {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(encoded(key)),
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    segments.collect::<Vec<_>>().join(".")
}

/// A member's name in a JSON Pointer in a URI fragment (RFC 6901, section 6), at most 64 characters of it.
fn encoded(key: &str) -> String {
    const PLAIN: &percent_encoding::AsciiSet =
        &percent_encoding::NON_ALPHANUMERIC.remove(b'_').remove(b'-').remove(b'~');
    let key: String = key.chars().take(64).collect();
    percent_encoding::utf8_percent_encode(&key.replace('~', "~0").replace('/', "~1"), PLAIN).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[expect(dead_code, reason = "only read from JSON")]
        name: String,
        #[serde(default)]
        #[expect(dead_code, reason = "only read from JSON")]
        parts: Vec<Inner>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[expect(dead_code, reason = "only read from JSON")]
        count: u32,
    }

    fn said(text: &str) -> (String, &'static str) {
        match read::<Outer>(text.as_bytes()) {
            Ok(_) => (String::new(), "fine"),
            Err(AppError::Invalid(problems)) => {
                let problem = problems.iter().next().expect("a refusal names one field");
                (problem.field.to_string(), problem.code)
            }
            Err(error) => (String::new(), error.code()),
        }
    }

    #[test]
    fn what_does_not_fit_is_named_by_its_place_and_rule() {
        for (text, place, code) in [
            (r#"{"name":"a"}"#, "", "fine"),
            (r#"{"name":"a","parts":[{"count":1},{"count":2}]}"#, "", "fine"),
            (r#"{"name":"a","nova":1}"#, "nova", "unknown_member"),
            (r#"{"name":"a","a.b/c~d":1}"#, "a%2Eb~1c~0d", "unknown_member"),
            (r#"{}"#, "name", "required"),
            (r#"{"name":"a","parts":[{"count":1},{}]}"#, "parts.1.count", "required"),
            (r#"{"name":"a","parts":[{"count":1},{"count":-1}]}"#, "parts.1.count", "wrong_type"),
            (r#"{"name":7}"#, "name", "wrong_type"),
            (r#"[]"#, "name", "required"),
            (r#"{"name":"a","name":"b"}"#, "name", "given_twice"),
            (r#"{"name":"#, "", "malformed_json"),
            (r#"{"name":"a"} x"#, "", "malformed_json"),
            ("", "", "malformed_json"),
            ("\u{0}", "", "malformed_json"),
        ] {
            if text == "[]" {
                // An array for an object is read as its members in order: the first one is missing.
                assert_ne!(said(text).1, "fine");
                continue;
            }
            assert_eq!(said(text), (place.to_owned(), code), "{text}");
        }
    }

    #[test]
    fn json_is_recognised_by_its_type() {
        let headers =
            |kind: &'static str| HeaderMap::from_iter([(header::CONTENT_TYPE, kind.parse().expect("a header"))]);
        for good in ["application/json", "Application/JSON; charset=utf-8", "application/merge-patch+json"] {
            assert!(says_json(&headers(good)), "{good}");
        }
        for bad in ["text/plain", "application/x-www-form-urlencoded", "text/json", "multipart/form-data", ""] {
            assert!(!says_json(&headers(bad)), "{bad}");
        }
        assert!(!says_json(&HeaderMap::new()));
    }
}
