//! `/operator/applications`: the applications that wait, oldest first, and what was decided lately.

use app::App;
use app::selling::review::{self, Queue, QueueFrom};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::selling::{ApplicationState, SellerApplication};
use domain::time::Timestamp;
use http_kit::{Failure, SignedIn, Visit};
use language::Words;

use super::{in_query, stage_status, with_said};
use crate::frame::PageFrame;
use crate::parts::{Cell, Column, Empty, Paging, Status, Table};
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
    /// Further pages of those that wait.
    pub more_waiting: Paging,
    /// Further pages of those decided.
    pub more_decided: Paging,
}

impl QueuePage {
    fn new(frame: PageFrame, review_days: u32, (from, queue): (QueueFrom, &Queue), now: Timestamp) -> QueuePage {
        let words = frame.words;
        // Those that wait begin with the oldest, those decided with the latest.
        let more_waiting = Paging {
            words,
            newer: queue.more_waiting.map(|last| address(QueueFrom { waiting: Some(last), ..from })),
            older: from.waiting.map(|_| address(QueueFrom { waiting: None, ..from })),
        };
        let more_decided = Paging {
            words,
            newer: from.decided.map(|_| address(QueueFrom { decided: None, ..from })),
            older: queue.more_decided.map(|last| address(QueueFrom { decided: Some(last), ..from })),
        };
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
            more_waiting,
            more_decided,
        }
    }

    fn nothing(&self) -> Empty {
        Empty::new(self.page.words.selling_queue_empty_title(), self.page.words.selling_queue_empty_text())
    }
}

/// The page of the queue that begins there.
fn address(from: QueueFrom) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, id) in [("waiting", from.waiting), ("decided", from.decided)] {
        if let Some(id) = id {
            query.append_pair(name, &id.to_string());
        }
    }
    let query = query.finish();
    if query.is_empty() { "/operator/applications".to_owned() } else { format!("/operator/applications?{query}") }
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
    let frame = with_said(PageFrame::of(&visit));
    let cursor = |name: &str| in_query(&frame, name).and_then(|id| id.parse().ok());
    let from = QueueFrom { waiting: cursor("waiting"), decided: cursor("decided") };
    let queue = review::queue(&app, &actor, from, review::PAGE).await?;
    Ok(render::page(&QueuePage::new(frame, app.settings.selling.review_days, (from, &queue), app.now())))
}

#[cfg(test)]
impl crate::samples::Samples for QueuePage {
    fn samples(page: PageFrame) -> Vec<Self> {
        let now: Timestamp = "2026-05-14T13:28:00Z".parse().expect("an instant");
        let later: Timestamp = "2026-06-14T13:28:00Z".parse().expect("an instant");
        let application = super::review::sample(now);
        let mut decided = application.clone();
        decided.approve(domain::ids::Id::from_u128(3), now).expect("it waits");
        let empty = Queue { waiting: Vec::new(), more_waiting: None, decided: Vec::new(), more_decided: None };
        let more = Some(application.id);
        let full = Queue { waiting: vec![application], more_waiting: more, decided: vec![decided], more_decided: more };
        let (start, further) = (QueueFrom::default(), QueueFrom { waiting: more, decided: more });
        vec![
            QueuePage::new(page.clone(), 3, (start, &empty), now),
            QueuePage::new(page.clone(), 3, (start, &full), now),
            QueuePage::new(page, 3, (further, &full), later),
        ]
    }
}
