//! Calls to sellers' systems for real orders: `/seller/messages` and `/operator/calls`. What was sent, what came back, every
//! check in words, and the button that tries again.

use app::App;
use app::fulfilment::{AttemptView, CallDetails, CallPage as Found, CheckView, Crash, GiveUpCall, RestartCall};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
#[cfg(test)]
use domain::fulfilment::CallStateCode;
use domain::fulfilment::{CallState, ParkReason, SellerCall, Step};
use domain::identity::Actor;
use domain::ids::SellerCallId;
use domain::selling::{HeaderSteps, Signing, SigningSteps, TokenSteps};
use domain::text::Language;
use http_kit::{At, Failure, SignedIn, Visit};
use language::Words;

use super::list::ListPage;
use super::messages::{Asked, MessagesPage};
use super::orders::Place;
use super::words;
use crate::frame::PageFrame;
use crate::parts::{Cell, Check, Checks, Code, Column, Empty, Facts, Notice, Paging, Status, Table, Tone, Verdict};
use crate::render;

fn table(words: &Words, found: &Found, base: &str) -> Table {
    let columns = vec![
        Column::new(words.messages_call()),
        Column::new(words.messages_order()),
        Column::new(words.orders_state()),
        Column::new(words.messages_next()),
    ];
    found.calls.iter().fold(Table::new(words.messages_title(), columns), |table, (call, order)| {
        table.row(vec![
            Cell::LinkPair(
                words::call_step(words, call.step).to_owned(),
                format!("{base}/{}", call.id),
                words.date_time(call.opened_at),
            ),
            Cell::Pair(order.number.to_string(), order.line.product_name.say(words.language()).to_owned()),
            Cell::Status(words::call_state(words, call.state.code())),
            next(words, call),
        ])
    })
}

fn next(words: &Words, call: &SellerCall) -> Cell {
    match (call.state, call.due_at()) {
        (CallState::Waiting { .. }, Some(due_at)) => words::moment(words, due_at),
        (
            CallState::Waiting { .. } | CallState::Parked { .. } | CallState::Done { .. } | CallState::GivenUp { .. },
            _,
        ) => Cell::text("–"),
    }
}

pub(super) async fn list(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let page = PageFrame::of(&visit);
    let (search, form) = asked.read(page.words);
    let found = app::fulfilment::seller_calls(&app, &actor, search).await?;
    let table = table(page.words, &found, Desk::Seller.list());
    Ok(render::page(&MessagesPage::new(page, &asked, form, table, found.older)))
}

pub(super) async fn parked(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    Query(place): Query<Place>,
) -> Result<Response, Failure> {
    let before: Option<SellerCallId> = place.before.as_deref().and_then(|id| id.parse().ok());
    let found = app::fulfilment::parked_calls(&app, &actor, before).await?;
    let page = PageFrame::of(&visit);
    let words = page.words;
    let base = Desk::Operator.list();
    let list = ListPage {
        lead: words.parked_lead().to_owned(),
        facts: None,
        search: None,
        tabs: None,
        table: table(words, &found, base),
        empty: Empty::new(words.parked_empty_title(), words.parked_empty_text()),
        paging: Paging { words, newer: None, older: found.older.map(|id| format!("{base}?before={id}")) },
        page: page.titled(Desk::Operator.title(words)),
    };
    Ok(render::page(&list))
}

/// Who looks at calls: where they stand, and what belongs to it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Desk {
    /// A seller, at the calls to its own system.
    Seller,
    /// The operator, at those that wait for a person.
    Operator,
}

impl Desk {
    fn title(self, words: &Words) -> &'static str {
        match self {
            Desk::Seller => words.messages_title(),
            Desk::Operator => words.parked_title(),
        }
    }

    fn list(self) -> &'static str {
        match self {
            Desk::Seller => "/seller/messages",
            Desk::Operator => "/operator/calls",
        }
    }

    fn orders(self) -> &'static str {
        match self {
            Desk::Seller => "/seller/orders",
            Desk::Operator => "/operator/orders",
        }
    }

    fn of(self, call: SellerCallId) -> String {
        format!("{}/{call}", self.list())
    }
}

/// `GET /seller/messages/{id}` and `/operator/calls/{id}`.
#[derive(Clone, Debug, Template)]
#[template(path = "ordering/call.html")]
pub struct CallPage {
    /// Around it.
    pub page: PageFrame,
    /// The path of this page.
    pub path: String,
    /// The product.
    pub what: String,
    /// The state.
    pub status: Status,
    /// Why it waits for a person.
    pub news: Option<Notice>,
    /// Whether Restart may be pressed.
    pub restartable: bool,
    /// The words of giving up, where the reader may.
    pub give_up: Option<String>,
    /// Facts of the call.
    pub facts: Facts,
    /// The attempts, newest first.
    pub attempts: Vec<AttemptPart>,
}

/// One attempt on the page.
#[derive(Clone, Debug)]
pub struct AttemptPart {
    /// The part of ids on the page.
    pub number: i64,
    /// Number and activity.
    pub title: String,
    /// What came of it, status, time.
    pub summary: String,
    /// Whether it is open from the start.
    pub open: bool,
    /// What was sent.
    pub request: Option<Code>,
    /// What came back.
    pub answer: Option<Code>,
    /// How it was signed.
    pub signing: Option<Code>,
    /// Where the request is changed and sent again in debugging.
    pub again: Option<String>,
    /// What is said instead of an answer.
    pub no_answer: Option<String>,
    /// The findings.
    pub checks: Option<Checks>,
}

impl CallPage {
    fn of(page: PageFrame, details: &CallDetails, desk: Desk) -> CallPage {
        let words = page.words;
        let (call, order) = (&details.call, &details.order);
        let attempts = details.attempts.iter().enumerate();
        let open = matches!(call.state, CallState::Waiting { .. } | CallState::Parked { .. });
        let parked = matches!(call.state, CallState::Parked { .. });
        let give_up = match call.step {
            Step::Create => words.call_give_up(words::money(words, order.total)),
            Step::Refresh | Step::Release | Step::Notify => words.call_give_up_release().to_owned(),
        };
        let step = words::call_step(words, call.step);
        CallPage {
            path: desk.of(call.id),
            what: order.line.product_name.say(words.language()).to_owned(),
            status: words::call_state(words, call.state.code()),
            news: news(words, details, desk),
            restartable: open,
            give_up: (desk == Desk::Operator && parked).then_some(give_up),
            facts: facts(words, details, desk),
            attempts: attempts.map(|(index, view)| attempt(words, call, view, desk, index == 0)).collect(),
            page: page.titled(words.call_title(step, order.number.as_str())),
        }
    }
}

fn news(words: &'static Words, details: &CallDetails, desk: Desk) -> Option<Notice> {
    let call = &details.call;
    let CallState::Parked { reason, .. } = call.state else { return None };
    if let Some(crash) = &details.crash {
        return Some(crashed(words, crash, desk));
    }
    let until = call.closes_at.map(|at| words.date_time(at)).unwrap_or_default();
    Some(Notice::new(
        Tone::Warn,
        match reason {
            ParkReason::Stopped => words.call_park_stopped(until),
            ParkReason::Exhausted => words.call_park_exhausted().to_owned(),
            ParkReason::Held => words.call_park_held().to_owned(),
        },
    ))
}

/// Our own program failed: the seller is not asked to mend anything, the operator reads what failed.
fn crashed(words: &'static Words, crash: &Crash, desk: Desk) -> Notice {
    match (desk, &crash.error) {
        (Desk::Operator, Some(error)) => Notice::new(Tone::Bad, words.call_crashed(error)),
        (Desk::Operator, None) | (Desk::Seller, _) => Notice::new(Tone::Warn, words.call_crashed_seller()),
    }
}

fn facts(words: &'static Words, details: &CallDetails, desk: Desk) -> Facts {
    let (call, order) = (&details.call, &details.order);
    let mut facts = Facts::narrow()
        .fact(words.messages_order(), Cell::link(&order.number, format!("{}/{}", desk.orders(), order.number)))
        .fact(words.messages_begun(), words::moment(words, call.opened_at));
    if let Some(instance) = &call.instance {
        facts = facts.fact(words.call_instance(), Cell::text(instance));
    }
    if let Some(closes_at) = call.closes_at {
        facts = facts.fact(words.call_closes(), words::moment(words, closes_at));
    }
    match (call.state, call.due_at()) {
        (CallState::Waiting { .. }, Some(due_at)) => facts.fact(words.call_next(), words::moment(words, due_at)),
        (
            CallState::Waiting { .. } | CallState::Parked { .. } | CallState::Done { .. } | CallState::GivenUp { .. },
            _,
        ) => facts,
    }
}

fn attempt(words: &'static Words, call: &SellerCall, view: &AttemptView, desk: Desk, open: bool) -> AttemptPart {
    let attempt = &view.attempt;
    // The debugger is the seller's: it signs with the seller's key.
    let again = (desk == Desk::Seller && attempt.request.is_some())
        .then(|| format!("/seller/debugger/{}?attempt={}", call.address, attempt.id));
    let begun = words.date_time(attempt.started_at);
    let person = match call.step {
        Step::Refresh => words.call_attempt_by_buyer(),
        Step::Create | Step::Release | Step::Notify => words.call_attempt_by_person(),
    };
    let by = attempt.started_by.map(|_| format!(", {person}")).unwrap_or_default();
    let summary = match &attempt.finished {
        None => format!("{begun}{by}: {}", words.call_attempt_running()),
        Some(finished) => {
            let outcome = words.by_code("call-outcome", &finished.outcome, &[]);
            let outcome = outcome.unwrap_or_else(|| finished.outcome.clone());
            let status = finished.status.map(|status| format!(", HTTP {status}")).unwrap_or_default();
            let elapsed = finished.elapsed_ms.map(|elapsed| format!(", {elapsed} ms")).unwrap_or_default();
            format!("{begun}{by}: {outcome}{status}{elapsed}")
        }
    };
    let answer = attempt.finished.as_ref().and_then(|finished| finished.answer.clone());
    let no_answer = (attempt.finished.is_some() && answer.is_none()).then(|| match attempt.request {
        Some(_) => words.call_no_answer().to_owned(),
        None => words.call_forgotten().to_owned(),
    });
    AttemptPart {
        number: attempt.number,
        title: words.call_attempt(attempt.number, attempt.activity.code()),
        summary,
        open,
        request: attempt.request.as_ref().map(|text| Code::new(words.call_request(), text, words.call_copy_request())),
        signing: view.signing.as_ref().map(|signing| signing_code(words, signing)),
        again,
        answer: answer.map(|text| Code::new(words.call_answer(), text, words.call_copy_answer())),
        no_answer,
        checks: (!view.checks.is_empty())
            .then(|| Checks::new(words, view.checks.iter().map(|check| line(words, check)).collect())),
    }
}

/// The three steps to the signature, with the key masked.
fn signing_code(words: &Words, signing: &Signing) -> Code {
    let steps = match signing {
        Signing::Steps(steps) => steps,
        Signing::Token(token) => return token_code(words, token),
        Signing::Headers(headers) => return headers_code(words, headers),
    };
    let SigningSteps { inner, masked_key, nonce, timestamp, signature } = steps;
    let (one, two, three) = (words.selling_signing_one(), words.selling_signing_two(), words.selling_signing_three());
    let text = format!("{one}\n   {inner}\n{two}\n   {masked_key}{nonce}{timestamp}{inner}\n{three}\n   {signature}");
    Code::new(words.selling_signing_title(), text, words.call_copy_signing())
}

/// The two steps to the signature of joint operations, with the key masked.
fn headers_code(words: &Words, headers: &HeaderSteps) -> Code {
    let HeaderSteps { masked_key, nonce, timestamp, x_sign } = headers;
    let (one, two, body) = (words.selling_sync_one(), words.selling_sync_two(), words.selling_sync_body());
    let text = format!("{one}\n   {masked_key}{nonce}{timestamp}{body}\n{two}\n   {x_sign}");
    Code::new(words.selling_sync_title(), text, words.call_copy_signing())
}

/// The two steps to the token of version 1.0, with the key masked.
fn token_code(words: &Words, token: &TokenSteps) -> Code {
    let TokenSteps { string_to_sign, masked_key, time_stamp, auth_token } = token;
    let (one, two) = (words.selling_token_one(), words.selling_token_two());
    let text = format!("{one}\n   {string_to_sign}\n{two}\n   {masked_key}{time_stamp}\n   {auth_token}");
    Code::new(words.selling_token_title(), text, words.call_copy_signing())
}

fn line(words: &Words, check: &CheckView) -> Check {
    let said = match words.language() {
        Language::English => &check.en,
        Language::Chinese => &check.zh,
    };
    let verdict = match check.outcome.as_str() {
        "pass" => Verdict::Pass,
        "warn" => Verdict::Warn,
        _ => Verdict::Fail,
    };
    let made = Check::new(verdict, &said.message);
    if said.remedy.is_empty() { made } else { made.remedy(&said.remedy) }
}

/// One call, on the page of this desk.
async fn page_of(app: &App, actor: &Actor, visit: &Visit, desk: Desk, call: SellerCallId) -> Result<Response, Failure> {
    let details = match desk {
        Desk::Seller => app::fulfilment::own_call(app, actor, call).await?,
        Desk::Operator => app::fulfilment::any_call(app, actor, call).await?,
    };
    let frame = PageFrame::of(visit);
    let title = desk.title(frame.words);
    Ok(render::page(&CallPage::of(frame.below(title, desk.list()), &details, desk)))
}

pub(super) async fn show(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At(call): At<SellerCallId>,
) -> Result<Response, Failure> {
    page_of(&app, &actor, &visit, Desk::Seller, call).await
}

pub(super) async fn operated(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At(call): At<SellerCallId>,
) -> Result<Response, Failure> {
    page_of(&app, &actor, &visit, Desk::Operator, call).await
}

pub(super) async fn restart(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(call): At<SellerCallId>,
) -> Result<Response, Failure> {
    RestartCall { call }.run(&app, &actor).await?;
    Ok(render::see_other(&Desk::Seller.of(call)))
}

pub(super) async fn restart_any(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(call): At<SellerCallId>,
) -> Result<Response, Failure> {
    RestartCall { call }.run(&app, &actor).await?;
    Ok(render::see_other(&Desk::Operator.of(call)))
}

pub(super) async fn give_up(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(call): At<SellerCallId>,
) -> Result<Response, Failure> {
    GiveUpCall { call }.run(&app, &actor).await?;
    Ok(render::see_other(&Desk::Operator.of(call)))
}

#[cfg(test)]
impl crate::samples::Samples for CallPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        let words = page.words;
        let bare = CallPage {
            page: page.titled(words.call_title(words.call_step_create(), "CS2605141328QWERT")),
            path: "/seller/messages/cal_1".to_owned(),
            what: "Granary <script>".to_owned(),
            status: words::call_state(words, CallStateCode::Waiting),
            news: None,
            restartable: false,
            give_up: None,
            facts: Facts::narrow().fact(words.call_instance(), Cell::text("i-1")),
            attempts: Vec::new(),
        };
        let attempt = |number, open| AttemptPart {
            number,
            title: words.call_attempt(number, "newInstance"),
            summary: "14 May 2026, 13:28 UTC: HTTP 200".to_owned(),
            open,
            request: Some(Code::new(
                words.call_request(),
                "POST /produce HTTP/1.1\r\n\r\n{}",
                words.call_copy_request(),
            )),
            answer: Some(Code::new(
                words.call_answer(),
                "HTTP 200\n\n<script>alert(1)</script>",
                words.call_copy_answer(),
            )),
            signing: Some(Code::new(words.selling_signing_title(), "1 <script>", words.call_copy_signing())),
            again: Some("/seller/debugger/adr_1?attempt=att_1".to_owned()),
            no_answer: None,
            checks: Some(Checks::new(
                words,
                vec![Check::new(Verdict::Fail, "<script>").remedy("<b>"), Check::new(Verdict::Pass, "ok")],
            )),
        };
        let full = CallPage {
            news: Some(Notice::new(Tone::Warn, words.call_park_held())),
            restartable: true,
            give_up: Some(words.call_give_up("USD 19.00")),
            attempts: vec![
                attempt(2, true),
                AttemptPart {
                    answer: None,
                    checks: None,
                    no_answer: Some(words.call_no_answer().to_owned()),
                    ..attempt(1, false)
                },
            ],
            ..bare.clone()
        };
        vec![bare, full]
    }
}
