//! `GET /help`: how to reach the operator, and the rules that hold for every order and account.

use app::App;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http_kit::Visit;

use crate::frame::PageFrame;
use crate::render;

/// `GET /help`.
#[derive(Clone, Debug, Template)]
#[template(path = "help/show.html")]
pub struct Help {
    /// Around it.
    pub page: PageFrame,
    /// Where people write.
    pub email: String,
}

pub(crate) async fn show(State(app): State<App>, visit: Visit) -> Response {
    let frame = PageFrame::of(&visit);
    let page = frame.clone().titled(frame.words.common_help());
    render::page(&Help { page, email: app.settings.site.support_email.clone() })
}

#[cfg(test)]
impl crate::samples::Samples for Help {
    fn samples(page: PageFrame) -> Vec<Self> {
        let page = page.titled("Help");
        vec![
            Help { page: page.clone(), email: "help@market.example".to_owned() },
            Help { page, email: "<script>@market.example".to_owned() },
        ]
    }
}
