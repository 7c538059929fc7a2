//! `/operator/jobs`: the jobs that wait for a person, with what they failed at and a button that sends them back to work.

use app::App;
use app::operations::{About, ParkedJob, ParkedJobs, RestartJob, parked_jobs};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::identity::Permission;
use domain::ids::JobId;
use http_kit::{At, Failure, Routes, SignedIn, Visit, route};
use language::Words;
use serde::Deserialize;

use crate::frame::PageFrame;
use crate::parts::{Cell, Column, Empty, Paging, Table};
use crate::render;

const BASE: &str = "/operator/jobs";

/// The routes of this slice.
pub(crate) fn routes() -> Routes {
    Routes::new().with(route!(GET "/operator/jobs" => list)).with(route!(POST "/operator/jobs/{id}/restart" => restart))
}

/// `GET /operator/jobs`.
#[derive(Clone, Debug, Template)]
#[template(path = "operations/jobs.html")]
pub struct JobsPage {
    /// Around it.
    pub page: PageFrame,
    /// The jobs.
    pub table: Table,
    /// What is said instead of an empty table.
    pub empty: Empty,
    /// Later ones.
    pub paging: Paging,
}

/// What the reader may do about a job.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// Looks.
    Looks,
    /// Looks and restarts.
    Restarts,
}

impl JobsPage {
    fn new(frame: PageFrame, found: &ParkedJobs, reader: Reader) -> JobsPage {
        let words = frame.words;
        JobsPage {
            table: table(words, found, reader),
            empty: Empty::new(words.jobs_empty_title(), words.jobs_empty_text()),
            paging: Paging { words, newer: None, older: found.next.map(|id| format!("{BASE}?after={id}")) },
            page: frame.titled(words.jobs_title()),
        }
    }
}

fn table(words: &Words, found: &ParkedJobs, reader: Reader) -> Table {
    let mut columns = vec![
        Column::new(words.jobs_job()),
        Column::new(words.jobs_about()),
        Column::new(words.parked_since()),
        Column::new(words.jobs_error()),
    ];
    if reader == Reader::Restarts {
        columns.push(Column::new(words.jobs_act()));
    }
    found.jobs.iter().fold(Table::new(words.jobs_title(), columns), |table, job| table.row(row(words, job, reader)))
}

fn row(words: &Words, job: &ParkedJob, reader: Reader) -> Vec<Cell> {
    let name = words.by_code("job-kind", &job.kind, &[]).unwrap_or_else(|| job.kind.clone());
    let (about, plain) = match &job.about {
        About::Marketplace => (Cell::text(words.jobs_whole()), words.jobs_whole().to_owned()),
        About::Call(call) => (Cell::link(words.messages_call(), format!("/operator/calls/{call}")), call.to_string()),
        About::Order(number) => (Cell::link(number, format!("/operator/orders/{number}")), number.to_string()),
        About::Thing(key) => (Cell::text(key), key.clone()),
    };
    let since = job.parked_at.map_or_else(|| Cell::text(""), |at| Cell::Time(at.to_string(), words.date_time(at)));
    let mut cells = vec![
        Cell::Pair(name.clone(), words.jobs_attempts(job.attempts)),
        about,
        since,
        Cell::text(job.last_error.as_deref().unwrap_or("–")),
    ];
    if reader == Reader::Restarts {
        let act = format!("{BASE}/{}/restart", job.id);
        cells.push(Cell::Button(words.call_restart().to_owned(), act, format!("{name}, {plain}")));
    }
    cells
}

/// Which part of the list is asked for, and what was just done.
#[derive(Default, Deserialize)]
struct Place {
    after: Option<String>,
    said: Option<String>,
}

async fn list(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    Query(place): Query<Place>,
) -> Result<Response, Failure> {
    let after: Option<JobId> = place.after.as_deref().and_then(|id| id.parse().ok());
    let found = parked_jobs(&app, &actor, after).await?;
    let reader = if actor.may(Permission::ManageOperations) { Reader::Restarts } else { Reader::Looks };
    let mut frame = PageFrame::of(&visit);
    if place.said.as_deref() == Some("restarted") {
        frame.said = Some(frame.words.jobs_restarted().to_owned());
    }
    Ok(render::page(&JobsPage::new(frame, &found, reader)))
}

async fn restart(State(app): State<App>, SignedIn(actor): SignedIn, At(job): At<JobId>) -> Result<Response, Failure> {
    RestartJob { job }.run(&app, &actor).await?;
    Ok(render::see_other(&format!("{BASE}?said=restarted")))
}

#[cfg(test)]
impl crate::samples::Samples for JobsPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        use domain::time::Timestamp;
        let id = |place: u8| -> JobId { domain::ids::Id::make(Timestamp::UNIX_EPOCH, [place; 10]) };
        let job = |place, kind: &str, about, error: &str| ParkedJob {
            id: id(place),
            kind: kind.to_owned(),
            key: "all".to_owned(),
            about,
            parked_at: "2026-05-14T13:28:00Z".parse().ok(),
            last_error: Some(error.to_owned()),
            attempts: 6,
            created_at: Timestamp::UNIX_EPOCH,
        };
        let call = domain::ids::Id::make(Timestamp::UNIX_EPOCH, [9; 10]);
        let some = ParkedJobs {
            jobs: vec![
                job(1, "seal_events", About::Marketplace, "internal: events.facts of evt_1 does not read"),
                job(2, "seller_call", About::Call(call), "internal: the handler of seller_call panicked"),
                job(
                    3,
                    "notice_mail",
                    About::Thing("ntc_01k9x3p7ezf8m2q4r6t8v0w1y3".to_owned()),
                    "not available now: <script>alert(1)</script>",
                ),
                job(
                    4,
                    "of_a_newer_node",
                    About::Thing("<script>".to_owned()),
                    "this node knows no job of kind of_a_newer_node",
                ),
            ],
            next: Some(id(4)),
        };
        let none = ParkedJobs { jobs: Vec::new(), next: None };
        let looked = ParkedJobs { next: None, ..some.clone() };
        vec![
            JobsPage::new(page.clone(), &none, Reader::Restarts),
            JobsPage::new(page.clone(), &some, Reader::Restarts),
            JobsPage::new(page, &looked, Reader::Looks),
        ]
    }
}
