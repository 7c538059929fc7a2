//! `/operator/applications`: the applications that wait, oldest first, and what was decided lately.

use app::App;
use app::selling::review::{self, Queue};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::selling::{ApplicationState, SellerApplication};
use domain::time::Timestamp;
use http_kit::{Failure, SignedIn, Visit};
use language::Words;

use super::{stage_status, with_said};
use crate::frame::PageFrame;
use crate::parts::{Cell, Column, Empty, Status, Table};
use crate::render;

/// `GET /operator/applications`.
#[derive(Clone, Debug, Template)]
#[template(path = "selling/queue.html")]
pub struct QueuePage {
    /// Around it.
    pub page: PageFrame,
    /// A sentence under the heading.
    pub lead: String,
    /// Waiting, the oldest first.
    pub waiting: Table,
    /// Decided, the latest first.
    pub decided: Table,
}

impl QueuePage {
    fn new(frame: PageFrame, review_days: u32, queue: &Queue, now: Timestamp) -> QueuePage {
        let words = frame.words;
        let waiting = vec![
            Column::new(words.selling_queue_company()),
            Column::new(words.selling_queue_age()),
            Column::new(words.selling_queue_due()),
        ];
        let waiting = queue.waiting.iter().fold(Table::new(words.selling_queue_waiting(), waiting), |table, found| {
            table.row(waiting_cells(words, found, now))
        });
        let decided = vec![
            Column::new(words.selling_queue_company()),
            Column::new(words.selling_queue_state()),
            Column::new(words.selling_review_decision()),
        ];
        let decided = queue.decided.iter().fold(Table::new(words.selling_queue_decided(), decided), |table, found| {
            let at = match &found.state {
                ApplicationState::Approved { decided_at, .. } | ApplicationState::Rejected { decided_at, .. } => {
                    Some(*decided_at)
                }
                ApplicationState::Draft | ApplicationState::PendingReview { .. } => None,
            };
            let when = at.map_or_else(|| Cell::text(""), |at| Cell::Time(at.to_string(), words.date_time(at)));
            table.row(vec![company(found), Cell::Status(stage_status(words, found.stage())), when])
        });
        QueuePage {
            page: frame.titled(words.selling_queue_title()),
            lead: words.selling_queue_lead(review_days),
            waiting,
            decided,
        }
    }

    fn nothing(&self) -> Empty {
        Empty::new(self.page.words.selling_queue_empty_title(), self.page.words.selling_queue_empty_text())
    }
}

fn company(found: &SellerApplication) -> Cell {
    Cell::link(found.form.company_name.trim(), format!("/operator/applications/{}", found.id))
}

fn waiting_cells(words: &Words, found: &SellerApplication, now: Timestamp) -> Vec<Cell> {
    let ApplicationState::PendingReview { submitted_at, due_at } = &found.state else { return vec![company(found)] };
    let due = match *due_at < now {
        true => Cell::Status(Status::bad(words.selling_queue_overdue())),
        false => Cell::Time(due_at.to_string(), words.date_with_weekday(*due_at)),
    };
    vec![company(found), Cell::Time(submitted_at.to_string(), words.relative(*submitted_at, now)), due]
}

pub(super) async fn show(State(app): State<App>, visit: Visit, SignedIn(actor): SignedIn) -> Result<Response, Failure> {
    let queue = review::queue(&app, &actor).await?;
    let frame = with_said(PageFrame::of(&visit));
    Ok(render::page(&QueuePage::new(frame, app.settings.selling.review_days, &queue, app.now())))
}

#[cfg(test)]
impl crate::samples::Samples for QueuePage {
    fn samples(page: PageFrame) -> Vec<Self> {
        let now: Timestamp = "2026-05-14T13:28:00Z".parse().expect("an instant");
        let later: Timestamp = "2026-06-14T13:28:00Z".parse().expect("an instant");
        let application = super::review::sample(now);
        let mut decided = application.clone();
        decided.approve(domain::ids::Id::from_u128(3), now).expect("it waits");
        let empty = Queue { waiting: Vec::new(), decided: Vec::new() };
        let full = Queue { waiting: vec![application], decided: vec![decided] };
        vec![
            QueuePage::new(page.clone(), 3, &empty, now),
            QueuePage::new(page.clone(), 3, &full, now),
            QueuePage::new(page, 3, &full, later),
        ]
    }
}
