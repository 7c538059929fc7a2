//! `GET /operator/releases`: what waits for a decision, the oldest first (ux.md U-46).

use app::App;
use app::catalog::{QueueRow, review_queue};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::time::Timestamp;
use http_kit::{Failure, SignedIn, Visit};

use super::{labels, with_said};
use crate::frame::PageFrame;
use crate::parts::{Cell, Column, Empty, Keys, Status, Table};
use crate::render;

/// `GET /operator/releases`.
#[derive(Clone, Debug, Template)]
#[template(path = "catalog/review_queue.html")]
pub struct ReviewQueue {
    /// Around it.
    pub page: PageFrame,
    /// The queue; nothing when nothing waits.
    pub table: Option<Table>,
}

impl ReviewQueue {
    fn new(page: PageFrame, rows: &[QueueRow], now: Timestamp) -> ReviewQueue {
        let words = page.words;
        let mut table = Table::new(
            words.review_queue_caption(),
            vec![
                Column::new(words.review_queue_product()),
                Column::new(words.review_queue_kind()),
                Column::new(words.review_queue_age()),
                Column::new(words.review_queue_due()),
                Column::new(words.review_queue_claimed()),
            ],
        );
        for row in rows {
            let application = &row.application;
            let name = application.release.name.say(words.language());
            let due = words.date_with_weekday(application.due_at);
            let claimed = match &row.claimed_by {
                Some(name) => Status::info(words.review_queue_claimed_by(name)).with_icon("user"),
                None => Status::plain(words.review_queue_free()),
            };
            table = table.row(vec![
                Cell::LinkPair(
                    format!("{name} {}", application.release.version),
                    format!("/operator/releases/{}", application.id),
                    row.seller_name.clone(),
                ),
                Cell::text(labels::kind(words, application.kind)),
                Cell::text(words.relative(application.submitted_at, now)),
                Cell::Status(if row.overdue {
                    Status::bad(format!("{}: {due}", words.review_overdue()))
                } else {
                    Status::plain(due).with_icon("clock")
                }),
                Cell::Status(claimed),
            ]);
        }
        ReviewQueue {
            table: (!rows.is_empty()).then(|| table.stepped()),
            page: page.titled(words.review_queue_title()),
        }
    }

    fn keys(&self) -> Keys {
        let words = self.page.words;
        Keys::new(words, vec![("j", words.keys_next()), ("k", words.keys_previous())])
    }

    fn nothing(&self) -> Empty {
        Empty::new(self.page.words.review_queue_empty_title(), self.page.words.review_queue_empty_text())
    }
}

pub(super) async fn show(State(app): State<App>, SignedIn(actor): SignedIn, visit: Visit) -> Result<Response, Failure> {
    let rows = review_queue(&app, &actor, None, 200).await?;
    Ok(render::page(&ReviewQueue::new(with_said(PageFrame::of(&visit)), &rows, app.now())))
}

#[cfg(test)]
impl crate::samples::Samples for ReviewQueue {
    fn samples(page: PageFrame) -> Vec<Self> {
        let row = |overdue, claimed: Option<&str>| QueueRow {
            application: super::review::sample_application(),
            seller_name: "Brightwell <script>".to_owned(),
            claimed_by: claimed.map(str::to_owned),
            overdue,
        };
        let rows = [row(true, None), row(false, Some("A. <script>"))];
        vec![
            ReviewQueue::new(page.clone(), &rows, Timestamp::UNIX_EPOCH),
            ReviewQueue::new(page, &[], Timestamp::UNIX_EPOCH),
        ]
    }
}
