//! `/account/sessions`: where the person is signed in, and ending it.

use app::App;
use app::identity::sessions;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::ids::SessionId;
use http_kit::{At, Failure, SignedIn, Visit};

use super::{device, tabs, with_said};
use crate::frame::PageFrame;
use crate::parts::Tabs;
use crate::render;

/// `GET /account/sessions`.
#[derive(Clone, Debug, Template)]
#[template(path = "identity/sessions.html")]
pub struct SessionsPage {
    /// Around it.
    pub page: PageFrame,
    /// Profile, password, sessions.
    pub tabs: Tabs,
    /// The sessions, newest sign-in first.
    pub rows: Vec<SessionRow>,
}

/// One session on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// The id.
    pub id: String,
    /// The browser and the system.
    pub device: String,
    /// What the browser called itself.
    pub device_exact: String,
    /// The network address.
    pub address: String,
    /// Sign-in.
    pub opened: String,
    /// Last seen, in words.
    pub seen: String,
    /// Last seen, exactly.
    pub seen_exact: String,
    /// Whether it is the one in hand.
    pub current: bool,
}

impl SessionsPage {
    fn new(frame: PageFrame, rows: Vec<SessionRow>) -> SessionsPage {
        let words = frame.words;
        SessionsPage {
            tabs: tabs(words, "/account/sessions"),
            page: frame.titled(words.identity_sessions_title()),
            rows,
        }
    }

    fn others(&self) -> bool {
        self.rows.iter().any(|row| !row.current)
    }
}

pub(super) async fn show(State(app): State<App>, visit: Visit, SignedIn(actor): SignedIn) -> Result<Response, Failure> {
    let frame = with_said(PageFrame::of(&visit));
    let (words, now) = (frame.words, app.now());
    let current = actor.session().map_err(app::AppError::from)?;
    let all = sessions::list(&app, &actor).await?;
    let rows = all.into_iter().map(|session| SessionRow {
        id: session.id.to_string(),
        device: device::named(words, &session.device),
        device_exact: session.device,
        address: session.address,
        opened: words.date_time(session.times.opened_at),
        seen: words.relative(session.times.seen_at, now),
        seen_exact: words.date_time(session.times.seen_at),
        current: session.id == current,
    });
    Ok(render::page(&SessionsPage::new(frame, rows.collect())))
}

pub(super) async fn end(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(id): At<SessionId>,
) -> Result<Response, Failure> {
    sessions::end(&app, &actor, id).await?;
    Ok(render::see_other("/account/sessions?said=session-ended"))
}

pub(super) async fn end_others(State(app): State<App>, SignedIn(actor): SignedIn) -> Result<Response, Failure> {
    let count = sessions::end_others(&app, &actor).await?;
    Ok(render::see_other(&format!("/account/sessions?said=others-ended&count={count}")))
}

#[cfg(test)]
impl crate::samples::Samples for SessionsPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        let row = |number: u32, current| SessionRow {
            id: format!("ses_{number}"),
            device: "Firefox 142 on <script>".to_owned(),
            device_exact: "Mozilla/5.0 <script>\"".to_owned(),
            address: format!("203.0.113.{number}"),
            opened: "14 May 2026, 13:28 UTC".to_owned(),
            seen: "2 h".to_owned(),
            seen_exact: "14 May 2026, 15:28 UTC".to_owned(),
            current,
        };
        vec![
            SessionsPage::new(page.clone(), vec![row(1, true)]),
            SessionsPage::new(page, vec![row(1, false), row(2, true)]),
        ]
    }
}
