//! A signed report of the debugging kit: attached, replaced and removed by the seller, read by the reviewer; the same part on both
//! pages. Every text of a report is a stranger's: it is printed as text.

use app::catalog::{self, AttachedReport, ReportReading};
use app::{App, AppError};
use askama::Template;
use askama::filters::HtmlSafe;
use axum::body::Body;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use domain::ids::{ProductId, ReleaseApplicationId};
use domain::outcome::FieldProblem;
use domain::selling::{DebugReport, ReportCase, ReportCheck, ReportConcern, ReportOutcome};
use domain::time::Timestamp;
use http_kit::{At, Failure, SignedIn, Visit};
use language::Words;

use super::draft;
use crate::form::Form;
use crate::parts::{Cell, Check, Checks, Facts, Status, Verdict};
use crate::render;

/// For whom a report is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The seller, beside the draft.
    Seller(ProductId),
    /// The reviewer of a submission.
    Reviewer(ReleaseApplicationId),
}

impl Reader {
    fn file(self) -> String {
        match self {
            Reader::Seller(product) => format!("/seller/products/{product}/report"),
            Reader::Reviewer(release) => format!("/operator/releases/{release}/report"),
        }
    }
}

/// A report on a page.
#[derive(Clone, Debug, Template)]
#[template(path = "catalog/report.html")]
pub struct ReportPart {
    words: &'static Words,
    /// What it says of itself; nothing when it does not verify.
    facts: Option<Facts>,
    /// What to notice.
    concerns: Option<Checks>,
    /// What the signature says and what not.
    note: String,
    /// Its cases.
    told: Option<Told>,
    /// Where the file is.
    file: String,
}

impl HtmlSafe for ReportPart {}

/// The cases of a report.
#[derive(Clone, Debug)]
struct Told {
    /// Those that failed; they stand open.
    failed: Vec<CasePart>,
    /// All of them, in order, each folded under its outcome.
    all: Vec<CasePart>,
}

/// One case.
#[derive(Clone, Debug)]
struct CasePart {
    title: String,
    status: Status,
    checks: Checks,
}

impl ReportPart {
    /// The part for this reader.
    pub(super) fn new(words: &'static Words, attached: &AttachedReport, reader: Reader, now: Timestamp) -> ReportPart {
        let note = match reader {
            Reader::Seller(_) => words.report_signature_note_seller(),
            Reader::Reviewer(_) => words.report_signature_note(),
        };
        let read = attached.reading.as_ref().ok();
        ReportPart {
            words,
            facts: read.map(|reading| facts(words, attached, reading, now)),
            concerns: Some(concerns(words, attached)),
            note: note.to_owned(),
            told: read.map(|reading| told(words, &reading.report)),
            file: reader.file(),
        }
    }
}

fn facts(words: &'static Words, attached: &AttachedReport, reading: &ReportReading, now: Timestamp) -> Facts {
    let report = &reading.report;
    let named = |group: &str, code: &str| words.by_code(group, code, &[]).unwrap_or_else(|| code.to_owned());
    let when = words.date_time(report.made_at);
    let made = match report.age_days(now) {
        Some(days) => words.report_made_age(days, when),
        None => words.report_made_ahead(when),
    };
    let result = match report.passed {
        true => Status::good(words.report_result_passed()),
        false => Status::bad(words.report_result_failed()),
    };
    Facts::new()
        .fact(words.report_signature(), Cell::Status(Status::good(words.report_signature_good())))
        .fact(words.report_key(), Cell::Exact(report.key_fingerprint.clone(), words.report_copy_key().to_owned()))
        .fact(words.report_key_use(), Cell::number(reading.key.own))
        .fact(words.report_result(), Cell::Status(result))
        .fact(words.report_cases(report.cases.len()), Cell::text(sum(words, report)))
        .fact(words.report_address(), Cell::Exact(report.address.clone(), words.report_copy_address().to_owned()))
        .fact(words.report_protocol(), Cell::text(named("report-protocol", &report.protocol)))
        .fact(words.report_billing(), Cell::text(named("report-billing", &report.billing)))
        .fact(words.report_made(), Cell::Time(report.made_at.to_string(), made))
        .fact(words.report_tool(), Cell::text(&report.tool))
        .fact(
            words.report_attached_at(),
            Cell::Time(attached.uploaded_at.to_string(), words.date_time(attached.uploaded_at)),
        )
}

fn sum(words: &Words, report: &DebugReport) -> String {
    let count = |outcome| report.count(outcome);
    words.report_cases_sum(
        count(ReportOutcome::Pass),
        count(ReportOutcome::Warn),
        count(ReportOutcome::Fail),
        count(ReportOutcome::Skip),
    )
}

/// What a reviewer should notice, as lines; one calm line when there is nothing.
pub(super) fn concern_lines(words: &Words, attached: &AttachedReport) -> Vec<Check> {
    let reading = match &attached.reading {
        Ok(reading) => reading,
        Err(problem) => {
            let reason = words.field_problem(problem);
            return vec![Check::new(Verdict::Fail, words.review_finding_report_bad(reason))];
        }
    };
    let line = |concern: &ReportConcern| {
        let verdict = match concern {
            ReportConcern::Failed { .. } => Verdict::Fail,
            ReportConcern::OtherAddress { .. }
            | ReportConcern::NoAddress
            | ReportConcern::OtherProtocol { .. }
            | ReportConcern::NotTried { .. }
            | ReportConcern::Old { .. }
            | ReportConcern::FromTheFuture => Verdict::Warn,
        };
        Check::new(verdict, words.report_concern(concern))
    };
    let mut lines: Vec<Check> = reading.concerns.iter().map(line).collect();
    if reading.key.other_sellers > 0 {
        lines.push(Check::new(Verdict::Warn, words.report_key_strangers(reading.key.other_sellers)));
    }
    lines
}

fn concerns(words: &'static Words, attached: &AttachedReport) -> Checks {
    let mut lines = concern_lines(words, attached);
    if lines.is_empty() {
        lines.push(Check::new(Verdict::Pass, words.report_no_concern()));
    }
    Checks::new(words, lines)
}

fn told(words: &'static Words, report: &DebugReport) -> Told {
    let failed = |case: &&ReportCase| matches!(case.outcome, ReportOutcome::Fail);
    Told {
        failed: report.cases.iter().filter(failed).map(|one| case(words, one)).collect(),
        all: report.cases.iter().map(|one| case(words, one)).collect(),
    }
}

fn case(words: &'static Words, case: &ReportCase) -> CasePart {
    CasePart {
        title: words.report_case(&case.activity, case.elapsed_ms),
        status: match case.outcome {
            ReportOutcome::Pass => Status::good(words.report_outcome_pass()),
            ReportOutcome::Warn => Status::warn(words.report_outcome_warn()),
            ReportOutcome::Fail => Status::bad(words.report_outcome_fail()),
            ReportOutcome::Skip => Status::plain(words.report_outcome_skip()),
        },
        checks: Checks::new(words, case.checks.iter().map(line).collect()),
    }
}

fn line(check: &ReportCheck) -> Check {
    let verdict = match check.outcome {
        ReportOutcome::Pass => Verdict::Pass,
        ReportOutcome::Warn | ReportOutcome::Skip => Verdict::Warn,
        ReportOutcome::Fail => Verdict::Fail,
    };
    Check::new(verdict, &check.message)
}

pub(super) async fn attach(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At(product): At<ProductId>,
    parts: Result<Multipart, MultipartRejection>,
) -> Result<Response, Failure> {
    // Whose it is comes first.
    catalog::draft_report(&app, &actor, product).await?;
    let attached = match file_in(parts).await? {
        Ok(bytes) => catalog::attach_report(&app, &actor, product, bytes).await,
        Err(problem) => Err(AppError::field(problem)),
    };
    match attached {
        Ok(_) => Ok(render::see_other(&format!("/seller/products/{product}?said=report-attached#debugging-report"))),
        Err(AppError::Invalid(problems)) => {
            let form = Form::new(Words::of(visit.language)).with_problems(&problems);
            let page = draft::page(&app, &actor, &visit, product, form).await?;
            Ok(render::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(error.into()),
    }
}

/// The uploaded file. One that is larger than any form may be is refused in words, like one that is only too large for a report.
async fn file_in(parts: Result<Multipart, MultipartRejection>) -> Result<Result<Vec<u8>, FieldProblem>, Failure> {
    let unreadable = |error: axum::extract::multipart::MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Ok(catalog::report_too_large()),
        _ => Err(AppError::rule("unreadable_request")),
    };
    let mut parts = parts.map_err(|_| AppError::rule("media_type"))?;
    loop {
        let part = match parts.next_field().await {
            Ok(Some(part)) => part,
            Ok(None) => return Ok(Ok(Vec::new())),
            Err(error) => return Ok(Err(unreadable(error)?)),
        };
        if part.name() == Some("report") {
            return match part.bytes().await {
                Ok(bytes) => Ok(Ok(bytes.to_vec())),
                Err(error) => Ok(Err(unreadable(error)?)),
            };
        }
    }
}

pub(super) async fn remove(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(product): At<ProductId>,
) -> Result<Response, Failure> {
    catalog::remove_report(&app, &actor, product).await?;
    Ok(render::see_other(&format!("/seller/products/{product}?said=report-removed#debugging-report")))
}

pub(super) async fn file(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(product): At<ProductId>,
) -> Result<Response, Failure> {
    Ok(download(catalog::draft_report_file(&app, &actor, product).await?))
}

pub(super) async fn release_file(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(release): At<ReleaseApplicationId>,
) -> Result<Response, Failure> {
    Ok(download(catalog::release_report_file(&app, &actor, release).await?))
}

/// The file, never shown by a browser.
fn download(bytes: Vec<u8>) -> Response {
    let mut answer = Response::new(Body::from(bytes));
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let named = HeaderValue::from_static("attachment; filename=\"souk-debug-report.json\"");
    headers.insert(header::CONTENT_DISPOSITION, named);
    answer
}

/// A report with hostile texts, for samples.
#[cfg(test)]
pub(super) fn sample() -> AttachedReport {
    use app::catalog::KeyUse;
    use domain::ids::{DebugReportId, Id as _};

    let check = |outcome| ReportCheck {
        code: "signature_slip".to_owned(),
        outcome,
        message: "The <script>alert(1)</script> was taken.".to_owned(),
    };
    let case = |activity: &str, outcome| ReportCase {
        activity: activity.to_owned(),
        outcome,
        elapsed_ms: 12,
        checks: ReportOutcome::ALL.map(check).to_vec(),
    };
    let report = DebugReport {
        address: "https://saas.example.com/produce?a=<script>".to_owned(),
        protocol: "v2".to_owned(),
        billing: "period".to_owned(),
        tool: "souk <script>".to_owned(),
        made_at: Timestamp::UNIX_EPOCH,
        passed: false,
        key_fingerprint: "3f2a9c017be4d56800112233445566aa".to_owned(),
        cases: vec![
            case("connection", ReportOutcome::Pass),
            case("newInstance", ReportOutcome::Fail),
            case("queryInstance<script>", ReportOutcome::Warn),
            case("releaseInstance", ReportOutcome::Skip),
        ],
    };
    let concerns = vec![
        ReportConcern::Failed { cases: 1 },
        ReportConcern::OtherAddress { tried: "<script>".to_owned() },
        ReportConcern::NotTried { activities: vec!["releaseInstance"] },
        ReportConcern::Old { days: 45, most: 30 },
    ];
    AttachedReport {
        id: DebugReportId::from_u128(1),
        uploaded_at: Timestamp::UNIX_EPOCH,
        bytes: 4_096,
        reading: Ok(ReportReading { report, concerns, key: KeyUse { own: 2, other_sellers: 1 } }),
    }
}
