//! `/seller/cases`: the saved cases of all addresses; run one again, delete one.

use app::App;
use app::selling::{addresses, debugger};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::identity::Permission;
use domain::ids::DebugCaseId;
use domain::selling::{DebugCase, DebugRun};
use http_kit::{At, Failure, SignedIn, Visit};
use language::Words;

use super::result::run_status;
use super::{activity_name, with_said};
use crate::frame::PageFrame;
use crate::parts::{Empty, Status};
use crate::render;

/// `GET /seller/cases`.
#[derive(Clone, Debug, Template)]
#[template(path = "selling/cases.html")]
pub struct CasesPage {
    /// Around it.
    pub page: PageFrame,
    /// The addresses that have cases.
    pub groups: Vec<CaseGroup>,
    /// Whether the person may run and delete.
    pub may_send: bool,
}

/// The cases of one address.
#[derive(Clone, Debug)]
pub struct CaseGroup {
    /// The address.
    pub url: String,
    /// Its cases.
    pub rows: Vec<CaseRow>,
}

/// One case.
#[derive(Clone, Debug)]
pub struct CaseRow {
    /// The id.
    pub id: String,
    /// How the seller calls it.
    pub name: String,
    /// The debugger, filled with it.
    pub href: String,
    /// Which call.
    pub activity: &'static str,
    /// When it ran last, in words.
    pub last: String,
    /// What came of that.
    pub status: Option<Status>,
}

impl CaseRow {
    pub(super) fn new(words: &Words, case: &DebugCase, last_runs: &[DebugRun]) -> CaseRow {
        let last = last_runs.iter().find(|run| run.case == Some(case.id));
        CaseRow {
            id: case.id.to_string(),
            name: case.name.clone(),
            href: format!("/seller/debugger/{}?case={}", case.address, case.id),
            activity: activity_name(words, case.activity),
            last: match last {
                Some(run) => words.selling_run_when(words.date_time(run.started_at), run.elapsed_ms),
                None => words.selling_case_never().to_owned(),
            },
            status: last.map(|run| run_status(words, run)),
        }
    }
}

impl CasesPage {
    fn nothing(&self) -> Empty {
        let words = self.page.words;
        Empty::new(words.selling_cases_empty_title(), words.selling_cases_empty_text())
            .action(words.selling_debugger_title(), "/seller/debugger")
    }
}

pub(super) async fn show(State(app): State<App>, visit: Visit, SignedIn(actor): SignedIn) -> Result<Response, Failure> {
    let frame = with_said(PageFrame::of(&visit));
    let words = frame.words;
    let mut groups = Vec::new();
    for view in addresses::list(&app, &actor).await? {
        if view.cases.is_empty() {
            continue;
        }
        let bench = debugger::bench(&app, &actor, view.address.id).await?;
        let rows = bench.cases.iter().map(|case| CaseRow::new(words, case, &bench.last_of_cases)).collect();
        groups.push(CaseGroup { url: bench.address.url, rows });
    }
    let may_send = actor.may(Permission::ManageInterfaces);
    Ok(render::page(&CasesPage { page: frame.titled(words.selling_cases_title()), groups, may_send }))
}

pub(super) async fn run(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(id): At<DebugCaseId>,
) -> Result<Response, Failure> {
    let run = app.run_debug_case(&actor, id).await?;
    Ok(render::see_other(&format!("/seller/debugger/{}?run={}#run", run.address, run.id)))
}

pub(super) async fn delete(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(id): At<DebugCaseId>,
) -> Result<Response, Failure> {
    app.delete_debug_case(&actor, id).await?;
    Ok(render::see_other("/seller/cases?said=deleted"))
}

#[cfg(test)]
impl crate::samples::Samples for CasesPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        use super::result::sample_run;
        let view = super::sample_view();
        let runs = [sample_run(domain::selling::CaseResult::Passed)];
        let rows: Vec<CaseRow> = view.cases.iter().map(|case| CaseRow::new(page.words, case, &runs)).collect();
        let page = page.clone().titled(page.words.selling_cases_title());
        vec![
            CasesPage { page: page.clone(), groups: Vec::new(), may_send: true },
            CasesPage { page, groups: vec![CaseGroup { url: view.address.url, rows }], may_send: true },
        ]
    }
}
