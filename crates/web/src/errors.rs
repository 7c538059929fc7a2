//! A problem as a whole page: what happened, what to do now, the code and the reference.
//!
//! Not here: turning an error into status, code and sentence (http-kit's `Problem`), which calls [`ErrorPage::new`].

use askama::Template;

use crate::frame::PageFrame;

/// Any page that cannot be shown.
#[derive(Clone, Debug, Template)]
#[template(path = "errors/show.html")]
pub struct ErrorPage {
    /// Around it.
    pub page: PageFrame,
    /// The HTTP status.
    pub status: u16,
    /// The stable code of the problem.
    pub code: String,
    /// The sentence for people.
    pub sentence: String,
    /// The request's id, for the operator's log.
    pub reference: String,
}

impl ErrorPage {
    /// Names the page by its status.
    pub fn new(page: PageFrame, status: u16, code: &str, sentence: String, reference: &str) -> ErrorPage {
        let words = page.words;
        let title = match status {
            404 | 410 => words.error_page_not_found_title(),
            401 | 403 => words.error_page_not_allowed_title(),
            429 => words.error_page_too_many_title(),
            502..=504 => words.error_page_unavailable_title(),
            500.. => words.error_page_internal_title(),
            _ => words.error_page_request_title(),
        };
        ErrorPage { page: page.titled(title), status, code: code.to_owned(), sentence, reference: reference.to_owned() }
    }

    /// Whether trying the same again may help.
    fn passing(&self) -> bool {
        matches!(self.status, 429 | 500..)
    }
}

#[cfg(test)]
impl crate::samples::Samples for ErrorPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        let sentence = |code: &str| page.words.problem(code, &[("seconds", 30.into())]).unwrap_or_default();
        [(404, "not_found"), (403, "not_allowed"), (500, "internal"), (503, "try_again"), (429, "too_many")]
            .map(|(status, code)| ErrorPage::new(page.clone(), status, code, sentence(code), "7KQ2-M4XA"))
            .into_iter()
            .chain([ErrorPage::new(
                page.clone(),
                409,
                "<script>",
                "<script>alert(1)</script>".to_owned(),
                "\"><script>",
            )])
            .collect()
    }
}
