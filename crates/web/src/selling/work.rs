//! `/operator`: what waits for an operator, with how many of each, and where to do it.

use app::selling::review;
use app::{App, catalog, fulfilment};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http_kit::{Failure, SignedIn, Visit};

use super::with_said;
use crate::frame::PageFrame;
use crate::parts::{Status, TaskRow, Tasks};
use crate::render;

/// Counts stop here: who has more waiting needs no exact number.
const MOST: u32 = 100;

/// `GET /operator`.
#[derive(Clone, Debug, Template)]
#[template(path = "selling/work.html")]
pub struct WorkPage {
    /// Around it.
    pub page: PageFrame,
    /// What waits.
    pub tasks: Tasks,
}

/// How many of each sort wait.
#[derive(Clone, Copy, Debug, Default)]
struct Waiting {
    applications: usize,
    releases: usize,
    calls: usize,
    jobs: usize,
    interfaces: usize,
}

impl WorkPage {
    fn new(frame: PageFrame, waiting: Waiting) -> WorkPage {
        let words = frame.words;
        let row = |title: &str, href: &str, note: &str, count: usize| TaskRow {
            title: title.to_owned(),
            href: href.to_owned(),
            fact: note.to_owned(),
            status: match count {
                0 => Status::good(words.operator_work_none()),
                count => Status::info(words.operator_work_count(count)),
            },
        };
        let rows = vec![
            row(
                words.nav_seller_applications(),
                "/operator/applications",
                words.operator_work_applications(),
                waiting.applications,
            ),
            row(words.nav_releases(), "/operator/releases", words.operator_work_releases(), waiting.releases),
            row(words.operator_work_calls_title(), "/operator/calls", words.operator_work_calls(), waiting.calls),
            row(words.nav_jobs(), "/operator/jobs", words.operator_work_jobs(), waiting.jobs),
            row(words.failing_title(), "/operator/interfaces", words.operator_work_interfaces(), waiting.interfaces),
        ];
        WorkPage { page: frame.titled(words.nav_work()), tasks: Tasks { rows } }
    }
}

pub(super) async fn show(State(app): State<App>, visit: Visit, SignedIn(actor): SignedIn) -> Result<Response, Failure> {
    let applications = review::count_waiting(&app, &actor).await?;
    let waiting = Waiting {
        applications: usize::try_from(applications).unwrap_or(0),
        releases: catalog::review_queue(&app, &actor, None, MOST).await?.len(),
        calls: fulfilment::parked_calls(&app, &actor, None).await?.calls.len(),
        jobs: app::operations::count_parked(&app, &actor).await?,
        interfaces: app::selling::failing::count_waiting(&app, &actor).await?,
    };
    Ok(render::page(&WorkPage::new(with_said(PageFrame::of(&visit)), waiting)))
}

#[cfg(test)]
impl crate::samples::Samples for WorkPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        let some = Waiting { applications: 3, releases: 1, calls: 0, jobs: 1, interfaces: 2 };
        vec![WorkPage::new(page.clone(), Waiting::default()), WorkPage::new(page, some)]
    }
}
