//! The one sight of a secret: an invitation's link, an access key's secret. Not kept anywhere, so reloading the page
//! asks to send the form again, and sending it again is refused or makes another.

use askama::Template;

use crate::frame::PageFrame;
use crate::parts::{Cell, Facts};

/// A page that shows something once.
#[derive(Clone, Debug, Template)]
#[template(path = "identity/once.html")]
pub struct OncePage {
    /// Around it.
    pub page: PageFrame,
    /// What to do with it now.
    pub lead: String,
    /// What is shown.
    pub facts: Facts,
    /// Where to go on: label and address.
    pub back: (&'static str, &'static str),
}

/// A text to copy, with its button.
pub(crate) fn exact(frame: &PageFrame, what: &str, text: &str) -> Cell {
    Cell::Exact(text.to_owned(), frame.words.common_copy_what(what))
}

#[cfg(test)]
impl crate::samples::Samples for OncePage {
    fn samples(page: PageFrame) -> Vec<Self> {
        let secret = exact(&page, page.words.identity_keys_secret(), "ABCDEFGHJKLMNPQRSTUVWXYZ23456789ABCDEFGH");
        let facts = Facts::new()
            .fact(page.words.identity_keys_name(), Cell::text("import <script>"))
            .fact(page.words.identity_keys_secret(), secret);
        let back = (page.words.identity_keys_back(), "/account/keys");
        let lead = page.words.identity_keys_made_lead().to_owned();
        vec![OncePage { page: page.titled("Your new access key"), lead, facts, back }]
    }
}
