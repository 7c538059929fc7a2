//! What is said when something goes wrong: one error, two renderings.
//!
//! A handler answers [`Failure`]; the middleware [`render`] writes it as a page, or as `application/problem+json`
//! (RFC 9457) for the API. The sentence comes from `language`, the cause goes to the log under the request id.

use app::open_apis::OpenAnswer;
use app::{App, AppError};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::outcome::{Problems, RefusalKind};
use language::Words;
use serde_json::json;
use tracing::{error, warn};

use crate::kept::Kept;
use crate::visit::Visit;

/// A use case that did not happen, on its way to the person or program that asked.
#[derive(Clone, Debug)]
pub struct Failure(pub AppError);

impl<E: Into<AppError>> From<E> for Failure {
    fn from(error: E) -> Failure {
        Failure(error.into())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = status(&self.0).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// One wrong field, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldView {
    /// The field's name.
    pub field: String,
    /// The stable code.
    pub code: &'static str,
    /// The sentence.
    pub sentence: String,
}

impl FieldView {
    /// Every problem of a form in the words of one language.
    pub fn all(problems: &Problems, words: &Words) -> Vec<FieldView> {
        problems
            .iter()
            .map(|problem| FieldView {
                field: problem.field.to_string(),
                code: problem.code,
                sentence: words
                    .say("problem", problem.code, &problem.arguments)
                    .unwrap_or_else(|| problem.code.to_owned()),
            })
            .collect()
    }
}

/// A failure in words, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemView {
    /// The HTTP status.
    pub status: StatusCode,
    /// The stable code.
    pub code: &'static str,
    /// What happened and what to do, in one or two sentences.
    pub detail: String,
    /// What is wrong with which field.
    pub fields: Vec<FieldView>,
    /// Seconds to wait before trying again.
    pub retry_after_s: Option<u64>,
    /// What was typed before it turned out that nobody is signed in, and the page that it stood on.
    pub kept: Option<(Kept, String)>,
}

impl ProblemView {
    /// The failure in the words of one language.
    pub fn of(failure: &AppError, words: &Words) -> ProblemView {
        let (arguments, fields) = match failure {
            AppError::Invalid(problems) => (Vec::new(), FieldView::all(problems, words)),
            AppError::Refused(refusal) => (refusal.arguments.clone(), Vec::new()),
            AppError::TooMany { retry_after_s } => (vec![("seconds", (*retry_after_s).into())], Vec::new()),
            AppError::NotFound(_) | AppError::SignInNeeded | AppError::Unavailable(_) | AppError::Internal(_) => {
                (Vec::new(), Vec::new())
            }
        };
        let code = failure.code();
        let retry_after_s = match failure {
            AppError::TooMany { retry_after_s } => Some(*retry_after_s),
            AppError::Unavailable(_) => Some(2),
            AppError::Invalid(_)
            | AppError::Refused(_)
            | AppError::NotFound(_)
            | AppError::SignInNeeded
            | AppError::Internal(_) => None,
        };
        let detail = words.say("problem", code, &arguments).unwrap_or_else(|| code.to_owned());
        ProblemView { status: status(failure), code, detail, fields, retry_after_s, kept: None }
    }
}

fn status(failure: &AppError) -> StatusCode {
    match failure {
        AppError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        AppError::Refused(refusal) if of_the_door(refusal.code).is_some() => {
            of_the_door(refusal.code).unwrap_or(StatusCode::BAD_REQUEST)
        }
        AppError::Refused(refusal) => match refusal.kind {
            RefusalKind::Conflict => StatusCode::CONFLICT,
            RefusalKind::Rule => StatusCode::UNPROCESSABLE_ENTITY,
            RefusalKind::Missing => StatusCode::NOT_FOUND,
            RefusalKind::Forbidden => StatusCode::FORBIDDEN,
            RefusalKind::TooOften => StatusCode::TOO_MANY_REQUESTS,
            RefusalKind::Outside => StatusCode::BAD_GATEWAY,
        },
        AppError::NotFound(_) => StatusCode::NOT_FOUND,
        AppError::SignInNeeded => StatusCode::UNAUTHORIZED,
        AppError::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        AppError::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        AppError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// What the door itself refuses has statuses of HTTP's own, which no use case knows of.
fn of_the_door(code: &str) -> Option<StatusCode> {
    match code {
        "method_not_allowed" => Some(StatusCode::METHOD_NOT_ALLOWED),
        "body_too_large" => Some(StatusCode::PAYLOAD_TOO_LARGE),
        "media_type" => Some(StatusCode::UNSUPPORTED_MEDIA_TYPE),
        "malformed_json" | "unreadable_request" | "idempotency_key_missing" => Some(StatusCode::BAD_REQUEST),
        "cross_site" => Some(StatusCode::FORBIDDEN),
        _ => None,
    }
}

/// Writes a problem as a whole page; `web` brings it.
pub type PageRenderer = fn(&Visit, &ProblemView) -> String;

/// Renders failures on their way out, and answers that no handler gave (unknown path, wrong method, body too large).
pub(crate) async fn render(
    State((app, page)): State<(App, PageRenderer)>,
    visit: Visit,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    let api = for_programs(&path);
    let unsafe_method = !request.method().is_safe();
    let sent_from = sent_from(&app, &visit, request.headers());
    let response = next.run(request).await;
    let Some(failure) = failure_of(&response) else { return response };
    let allow = response.headers().get(header::ALLOW).cloned();
    log(&failure, &visit);
    if let Some(answer) = app::open_apis::at_the_door(&path, &failure) {
        return as_open_api(answer);
    }
    let words = Words::of(visit.language);
    let mut problem = ProblemView::of(&failure, words);
    problem.kept = response.extensions().get::<Kept>().cloned().map(|kept| (kept, sent_from.clone()));
    let mut rendered = if api {
        as_json(&problem, &visit)
    } else if problem.status == StatusCode::UNAUTHORIZED && problem.kept.is_none() {
        to_sign_in(if unsafe_method { &sent_from } else { &visit.path })
    } else if problem.code == "fresh_sign_in_needed" {
        let back = if unsafe_method { sent_from.as_str() } else { visit.path.as_str() };
        Redirect::to(&format!("/account/confirm?return={}", encode(back))).into_response()
    } else {
        (problem.status, Html(page(&visit, &problem))).into_response()
    };
    // A 405 says what would be allowed (RFC 9110, 15.5.6).
    if let Some(allow) = allow {
        rendered.headers_mut().insert(header::ALLOW, allow);
    }
    if let Some(seconds) = problem.retry_after_s {
        rendered.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if (api || problem.kept.is_some()) && problem.status == StatusCode::UNAUTHORIZED {
        rendered.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    rendered
}

/// Whether programs ask there: our own API, and those that sellers' servers know by KooGallery's paths.
fn for_programs(path: &str) -> bool {
    path.starts_with("/api/") || path.starts_with("/rest/")
}

/// What went wrong, if something did. Bare error statuses come from the router and the limits.
fn failure_of(response: &Response) -> Option<AppError> {
    if let Some(Failure(failure)) = response.extensions().get::<Failure>() {
        return Some(failure.clone());
    }
    let plain =
        response.headers().get(header::CONTENT_TYPE).is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if !plain {
        return None;
    }
    match response.status() {
        StatusCode::NOT_FOUND => Some(AppError::NotFound("page")),
        StatusCode::METHOD_NOT_ALLOWED => Some(AppError::rule("method_not_allowed")),
        StatusCode::PAYLOAD_TOO_LARGE => Some(AppError::rule("body_too_large")),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Some(AppError::rule("media_type")),
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => Some(AppError::rule("unreadable_request")),
        StatusCode::FORBIDDEN => Some(AppError::rule("cross_site")),
        StatusCode::REQUEST_TIMEOUT => Some(AppError::Unavailable("time limit of a request".to_owned())),
        status if status.is_server_error() => Some(AppError::Internal(format!("bare status {status}"))),
        _ => None,
    }
}

fn log(failure: &AppError, visit: &Visit) {
    match failure {
        AppError::Internal(cause) => error!(request.id = %visit.request_id, cause, "A request failed by our fault"),
        AppError::Unavailable(cause) => {
            warn!(request.id = %visit.request_id, cause, "A request could not be served now")
        }
        AppError::Invalid(_)
        | AppError::Refused(_)
        | AppError::NotFound(_)
        | AppError::SignInNeeded
        | AppError::TooMany { .. } => {}
    }
}

fn as_json(problem: &ProblemView, visit: &Visit) -> Response {
    let errors: Vec<_> = problem
        .fields
        .iter()
        .map(|field| {
            let pointer = format!("#/{}", field.field.replace('.', "/"));
            json!({"pointer": pointer, "code": field.code, "detail": field.sentence})
        })
        .collect();
    let mut body = json!({
        "type": format!("/api#problem-{}", problem.code),
        "title": problem.status.canonical_reason().unwrap_or("Problem"),
        "status": problem.status.as_u16(),
        "code": problem.code,
        "detail": problem.detail,
        "request_id": visit.request_id.to_string(),
    });
    if !errors.is_empty() {
        body["errors"] = errors.into();
    }
    let mut response = (problem.status, Json(body)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}

/// An answer in the shape of the open APIs for sellers.
pub fn as_open_api(answer: OpenAnswer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let json = HeaderValue::from_static("application/json");
    let mut response = (status, [(header::CONTENT_TYPE, json)], answer.body).into_response();
    if let Some(seconds) = answer.retry_after_s {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// To the sign-in page and back.
fn to_sign_in(back: &str) -> Response {
    Redirect::to(&format!("/sign-in?return={}", encode(back))).into_response()
}

/// The page that a form stands on: what was typed travels with the sign-in form ([`Kept`]); where nothing was, the person comes back there.
/// Browsers say it in `Referer`, which our own policy lets them; else it is the form's own path without its query.
fn sent_from(app: &App, visit: &Visit, headers: &HeaderMap) -> String {
    let referer = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let page = referer.and_then(|page| page.strip_prefix(app.settings.site.public_url.trim_end_matches('/')));
    let own = page.filter(|page| crate::visit::own_path(page)).map(str::to_owned);
    own.unwrap_or_else(|| visit.path.split('?').next().unwrap_or("/").to_owned())
}

fn encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
