//! The notice centre: `GET /notices`, opening one, marking all as read. Looking marks nothing (security.md S-12): opening one
//! that was not read is a form.

use app::App;
use app::notices::NoticeView;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::ids::NoticeId;
use http_kit::{At, Failure, SignedIn, Visit};
use serde::Deserialize;

use crate::frame::PageFrame;
use crate::parts::Empty;
use crate::render;

/// `GET /notices`.
#[derive(Clone, Debug, Template)]
#[template(path = "notices/list.html")]
pub struct NoticeList {
    /// Around it.
    pub page: PageFrame,
    /// The notices, newest first.
    pub rows: Vec<NoticeRow>,
    /// Where older ones are.
    pub older: Option<String>,
}

/// One notice on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRow {
    /// Where it leads, once it was read; before that, the form that opens it goes there.
    pub href: String,
    /// One line.
    pub subject: String,
    /// What happened and what to do.
    pub body: String,
    /// When, in words.
    pub when: String,
    /// When, exactly.
    pub exact: String,
    /// Whether it was opened before.
    pub read: bool,
}

impl NoticeList {
    fn any_unread(&self) -> bool {
        self.rows.iter().any(|row| !row.read)
    }

    fn nothing(&self) -> Empty {
        Empty::new(self.page.words.notices_empty_title(), self.page.words.notices_empty_body())
    }
}

/// Where to go on.
#[derive(Deserialize)]
pub(crate) struct Place {
    before: Option<String>,
}

const PAGE: u32 = 30;

pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    Query(place): Query<Place>,
) -> Result<Response, Failure> {
    let before = place.before.and_then(|text| text.parse::<NoticeId>().ok());
    let views = app::notices::list(&app, &actor, visit.language, before, PAGE).await?;
    let frame = PageFrame::of(&visit);
    let words = frame.words;
    let older =
        views.last().filter(|_| views.len() == PAGE as usize).map(|last| format!("/notices?before={}", last.id));
    let now = app.now();
    let row = |view: NoticeView| NoticeRow {
        href: if view.read_at.is_some() { view.link } else { format!("/notices/{}", view.id) },
        subject: view.subject,
        body: view.body,
        when: words.relative(view.created_at, now),
        exact: words.date_time(view.created_at),
        read: view.read_at.is_some(),
    };
    let rows = views.into_iter().map(row).collect();
    Ok(render::page(&NoticeList { page: frame.titled(words.notices_title()), rows, older }))
}

/// Where a notice leads, for whoever comes by its address (after signing in again): marks nothing.
pub(crate) async fn follow(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(id): At<NoticeId>,
) -> Result<Response, Failure> {
    let link = app::notices::link_of(&app, &actor, id).await?;
    Ok(render::see_other(&link))
}

/// Opening marks it read and leads to what it is about. The link was written by us, from the root.
pub(crate) async fn open(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(id): At<NoticeId>,
) -> Result<Response, Failure> {
    let link = app::notices::open(&app, &actor, id).await?;
    Ok(render::see_other(&link))
}

pub(crate) async fn read_all(State(app): State<App>, SignedIn(actor): SignedIn) -> Result<Response, Failure> {
    app::notices::mark_all_read(&app, &actor).await?;
    Ok(render::see_other("/notices"))
}

#[cfg(test)]
impl crate::samples::Samples for NoticeList {
    fn samples(page: PageFrame) -> Vec<Self> {
        let row = |subject: &str, read| NoticeRow {
            href: "/notices/ntc_1".to_owned(),
            subject: subject.to_owned(),
            body: "Granary Backup is set up.".to_owned(),
            when: "2 h".to_owned(),
            exact: "14 May 2026, 13:28 UTC".to_owned(),
            read,
        };
        let page = page.titled("Notices");
        vec![
            NoticeList { page: page.clone(), rows: Vec::new(), older: None },
            NoticeList {
                page,
                rows: vec![row("Ready to use", false), row("<script>alert(1)</script>", true)],
                older: Some("/notices?before=ntc_1".to_owned()),
            },
        ]
    }
}
