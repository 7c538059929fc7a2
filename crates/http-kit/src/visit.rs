//! One visit of a page: who, in which language and theme, where.

use app::App;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use domain::identity::Actor;
use domain::ids::RequestId;
use domain::text::Language;

use crate::cookies::{preference, preference_cookie};
use crate::failure::Failure;
use crate::identify::Identified;

/// Light, dark, or as the system says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// `system`, `light` or `dark`.
    pub fn code(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// Reads the code; anything else is `System`.
    pub fn parse(code: &str) -> Theme {
        match code {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::System,
        }
    }
}

/// What every page needs to know of its request.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Who is signed in.
    pub actor: Option<Actor>,
    /// The language of the page: `?lang=`, else the cookie, else the account's, else what the browser prefers.
    pub language: Language,
    /// The theme.
    pub theme: Theme,
    /// The path and query, to come back to.
    pub path: String,
    /// What logs and error pages call this request.
    pub request_id: RequestId,
    /// Whether htmx asks for a part of a page.
    pub partial: bool,
    /// How many notices the person has not seen.
    pub unseen_notices: u32,
    /// What this marketplace is called.
    pub site_name: String,
}

/// Puts a [`Visit`] of nobody into the request, so that what fails before we know who asks can be rendered too.
pub(crate) async fn anonymous(State(app): State<App>, request: Request, next: Next) -> Response {
    enter(app, Identified::default(), request, next).await
}

/// Puts the [`Visit`] into the request, and remembers a language chosen by `?lang=`.
pub(crate) async fn visit(State(app): State<App>, request: Request, next: Next) -> Response {
    let identified = request.extensions().get::<Identified>().cloned().unwrap_or_default();
    enter(app, identified, request, next).await
}

async fn enter(app: App, identified: Identified, mut request: Request, next: Next) -> Response {
    let headers = request.headers();
    let asked = request.uri().query().and_then(|query| {
        query.split('&').find_map(|pair| pair.strip_prefix("lang=")).and_then(|code| code.parse::<Language>().ok())
    });
    let language = asked
        .or_else(|| preference(&app.settings.site, headers, "language").and_then(|code| code.parse().ok()))
        .or_else(|| identified.actor.as_ref().map(|actor| actor.language))
        .unwrap_or_else(|| {
            let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
            language::from_accept_language(accepted.unwrap_or_default())
        });
    let request_id = request.extensions().get::<RequestId>().copied().unwrap_or_else(|| app.id());
    let visit = Visit {
        language,
        theme: preference(&app.settings.site, headers, "theme").map_or(Theme::System, Theme::parse),
        path: request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
        request_id,
        partial: headers.contains_key("hx-request"),
        site_name: app.settings.site.name.clone(),
        unseen_notices: unseen(&app, identified.actor.as_ref(), request.uri().path()).await,
        actor: identified.actor,
    };
    request.extensions_mut().insert(visit);
    let mut response = next.run(request).await;
    if let Some(language) = asked.filter(|_| !response.headers().contains_key(header::SET_COOKIE)) {
        response
            .headers_mut()
            .append(header::SET_COOKIE, preference_cookie(&app.settings.site, "language", language.code()));
    }
    response
}

/// The count for the bell. A page is shown without it rather than not at all.
async fn unseen(app: &App, actor: Option<&Actor>, path: &str) -> u32 {
    match actor {
        Some(actor) if !path.starts_with("/api/") && !path.starts_with("/assets/") => {
            app::notices::unseen_count(app, actor).await.unwrap_or(0)
        }
        Some(_) | None => 0,
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Visit, Failure> {
        parts
            .extensions
            .get::<Visit>()
            .cloned()
            .ok_or_else(|| app::AppError::Internal("the visit layer is missing".to_owned()).into())
    }
}

/// The signed-in actor. Only for routes whose row asks for a permission.
#[derive(Clone, Debug)]
pub struct SignedIn(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<SignedIn, Failure> {
        let identified = parts.extensions.get::<Identified>();
        identified
            .and_then(|identified| identified.actor.clone())
            .map(SignedIn)
            .ok_or_else(|| app::AppError::SignInNeeded.into())
    }
}

/// Whether a text is a path of this site that may be returned to: starts with one slash, so that it names no host.
pub fn own_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && path.len() <= 2_000
        && path.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_return_path_never_leaves_the_site() {
        assert!(own_path("/my/apps?state=active"));
        for bad in
            ["//evil.example", "https://evil.example", "/\\evil.example", "", "javascript:alert(1)", "/a\r\nb", "/a b"]
        {
            assert!(!own_path(bad), "{bad}");
        }
    }
}
