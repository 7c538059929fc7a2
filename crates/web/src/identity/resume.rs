//! After signing in again: what was typed when the session had ended, to be read and sent by a button, or left.

use app::App;
use app::identity::SignedIn as Opened;
use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use http_kit::{Kept, session_cookie};

use crate::form::{Form, Hidden};
use crate::frame::PageFrame;
use crate::parts::{Cell, Facts};
use crate::render;

/// What was typed and not sent yet.
#[derive(Clone, Debug, Template)]
#[template(path = "identity/resume.html")]
pub struct ResumePage {
    /// Around it.
    pub page: PageFrame,
    /// Where the form goes.
    pub action: String,
    /// The form, unseen.
    pub hidden: Vec<Hidden>,
    /// What of it a person typed.
    pub typed: Facts,
    /// The page that the form stood on.
    pub back: String,
}

impl ResumePage {
    fn new(page: PageFrame, kept: &Kept, back: &str) -> ResumePage {
        let form = Form::new(page.words);
        ResumePage {
            action: kept.path.clone(),
            hidden: kept.pairs.iter().map(|(name, value)| form.hidden(name, value)).collect(),
            typed: kept.typed().fold(Facts::new(), |facts, (name, value)| {
                facts.fact(name.replace(['_', '.'], " "), Cell::text(value))
            }),
            back: if http_kit::own_path(back) { back.to_owned() } else { "/".to_owned() },
            page: page.titled(page_title(form.words())),
        }
    }
}

fn page_title(words: &language::Words) -> &'static str {
    words.identity_kept_title()
}

/// The page, with the session that was opened just now.
pub(super) fn answer(app: &App, frame: PageFrame, opened: &Opened, kept: &Kept, back: &str) -> Response {
    let mut response = render::page(&ResumePage::new(frame, kept, back));
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, session_cookie(&app.settings.site, opened.token.reveal()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
impl crate::samples::Samples for ResumePage {
    fn samples(page: PageFrame) -> Vec<Self> {
        let pairs = [("reason", "The licence <script> is\nout of date."), ("act", "reject")];
        let kept = Kept {
            path: "/operator/applications/sap_1".to_owned(),
            pairs: pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        };
        vec![ResumePage::new(page, &kept, "/operator/applications/sap_1")]
    }
}
