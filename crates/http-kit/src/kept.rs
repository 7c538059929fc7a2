//! What somebody typed into a form that came back because nobody was signed in any more: kept for the sign-in page, which carries it
//! on, so that nothing typed is lost (ux.md U-71). Passwords, keys and tokens are not kept, and neither are files.
//!
//! *Why this is safe.* A form of another site never comes so far: the cross-site check refuses it before anybody asks who is signed
//! in. And nothing is sent again by itself: the person reads what was typed and presses a button of our own page.

use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};

use crate::failure::Failure;
use crate::visit::own_path;

/// The largest amount of text that is carried on, in bytes.
const MOST_BYTES: usize = 256 * 1024;
/// Before the name of a field of ours that carries one of the form.
const FIELD: &str = "kept.";
/// The field that says where the form goes.
const PATH: &str = "kept_path";

/// A form that was not sent yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Where the form goes.
    pub path: String,
    /// What was typed, in order.
    pub pairs: Vec<(String, String)>,
}

impl Kept {
    /// What the sign-in form carries on, when it carries anything.
    pub fn carried(fields: &[(String, String)]) -> Option<Kept> {
        let path = fields.iter().find(|(name, _)| name == PATH).map(|(_, path)| path.clone())?;
        let pairs =
            fields.iter().filter_map(|(name, value)| Some((name.strip_prefix(FIELD)?.to_owned(), value.clone())));
        let kept = Kept { pairs: pairs.collect(), path };
        (own_path(&kept.path) && !kept.pairs.is_empty()).then_some(kept)
    }

    /// The fields by which a form of ours carries it on.
    pub fn fields(&self) -> Vec<(String, String)> {
        let path = (PATH.to_owned(), self.path.clone());
        let fields = self.pairs.iter().map(|(name, value)| (format!("{FIELD}{name}"), value.clone()));
        std::iter::once(path).chain(fields).collect()
    }

    /// What a person typed or chose, without what the page itself put into the form.
    pub fn typed(&self) -> impl Iterator<Item = (&str, &str)> {
        let ours = |name: &str| matches!(name, "act" | "version" | "revision" | "return" | "quote" | "key");
        let typed = self.pairs.iter().filter(move |(name, value)| !ours(name) && !value.trim().is_empty());
        typed.map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Whether a field holds what must not be written back into a page.
fn secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["password", "secret", "token", "access_key"].iter().any(|word| name.contains(word))
}

/// Refuses a write of a page for want of a session, and keeps what was typed with the refusal.
pub(crate) async fn refuse(request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let typed = crate::posted::typed(request, MOST_BYTES).await.unwrap_or_default();
    let kept = Kept { path, pairs: typed.into_iter().filter(|(name, _)| !secret(name)).collect() };
    let mut response = Failure::from(app::AppError::SignInNeeded).into_response();
    if kept.typed().next().is_some() {
        response.extensions_mut().insert(kept);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn what_is_carried_on_comes_out_as_it_went_in() {
        let kept = Kept {
            path: "/operator/releases/rel_1/decide".to_owned(),
            pairs: vec![
                pair("note", "Say <b>which</b>.\nBoth."),
                pair("field", "a"),
                pair("field", "b"),
                pair("act", "send"),
            ],
        };
        assert_eq!(Kept::carried(&kept.fields()), Some(kept.clone()));
        assert_eq!(kept.typed().map(|(name, _)| name).collect::<Vec<_>>(), ["note", "field", "field"]);
    }

    #[test]
    fn it_never_goes_to_another_site_and_never_without_words() {
        for path in ["//evil.example/x", "https://evil.example", ""] {
            assert_eq!(Kept::carried(&[pair(PATH, path), pair("kept.note", "x")]), None, "{path}");
        }
        assert_eq!(Kept::carried(&[pair(PATH, "/seller")]), None);
        assert_eq!(Kept::carried(&[pair("kept.note", "x")]), None);
    }

    #[test]
    fn secrets_are_known_by_their_names() {
        for name in ["password", "current_password", "new_password", "access_key", "token", "Client_Secret"] {
            assert!(secret(name), "{name}");
        }
        assert!(!secret("reason") && !secret("amount"));
    }
}
