//! `POST /preferences`: the switches for language and theme, in every footer.

use app::App;
use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use domain::text::Language;
use http_kit::preference_cookie;
use serde::Deserialize;

use crate::Theme;
use crate::render::see_other;

/// One of the two is chosen at a time.
#[derive(Deserialize)]
pub(crate) struct Choice {
    language: Option<String>,
    theme: Option<String>,
    return_to: Option<String>,
}

pub(crate) async fn choose(State(app): State<App>, Form(choice): Form<Choice>) -> Response {
    let site = &app.settings.site;
    let mut headers = HeaderMap::new();
    if let Some(language) = choice.language.and_then(|code| language::from_tag(&code)) {
        headers.append(header::SET_COOKIE, preference_cookie(site, "language", Language::code(language)));
    }
    if let Some(code) = choice.theme {
        headers.append(header::SET_COOKIE, preference_cookie(site, "theme", Theme::from_code(&code).code()));
    }
    let back = choice.return_to.as_deref().filter(|path| http_kit::own_path(path)).unwrap_or("/");
    (headers, see_other(&without_language(back))).into_response()
}

/// The path without `lang=`, which would win over the choice.
fn without_language(path: &str) -> String {
    let Some((place, query)) = path.split_once('?') else { return path.to_owned() };
    let rest: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("lang=")).collect();
    if rest.is_empty() { place.to_owned() } else { format!("{place}?{}", rest.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_in_the_address_does_not_undo_the_choice() {
        assert_eq!(without_language("/search?lang=zh&q=a"), "/search?q=a");
        assert_eq!(without_language("/search?lang=zh"), "/search");
        assert_eq!(without_language("/"), "/");
    }
}
