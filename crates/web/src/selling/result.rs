//! What came of a call: checks, request, signature, answer. The same parts for the debugger and for calls of real orders.

use domain::selling::{CaseResult, CheckLine, DebugRun, SentRequest, Signing, Verdict as Found};
use domain::text::Language;
use language::Words;

use super::activity_name;
use super::bytes::{Wire, hex_dump};
use crate::parts::{Check, Checks, Code, Copy, Entry, Notice, Status, Tone, Verdict};

/// The outcome of a run.
#[derive(Clone, Debug)]
pub struct ResultView {
    /// Passed, failed, or no answer.
    pub status: Status,
    /// When it was sent.
    pub when: String,
    /// Every check, failures first.
    pub checks: Checks,
    /// Whether it became a case.
    pub note: Option<Notice>,
}

impl ResultView {
    pub(super) fn new(words: &'static Words, run: &DebugRun, note: Option<Notice>) -> ResultView {
        let checks = run.checks.iter().map(|line| check(words, line)).collect();
        ResultView {
            status: run_status(words, run),
            when: words.date_time(run.started_at),
            checks: Checks::new(words, checks),
            note,
        }
    }
}

/// One check in the reader's language.
pub(super) fn check(words: &Words, line: &CheckLine) -> Check {
    let verdict = match line.verdict {
        Found::Fail => Verdict::Fail,
        Found::Warn => Verdict::Warn,
        Found::Pass => Verdict::Pass,
    };
    let text = match words.language() {
        Language::English => &line.en,
        Language::Chinese => &line.zh,
    };
    // Causes and remedies differ in every check; the number of the rule says where to read more.
    Check::new(verdict, format!("{text} ({})", words.selling_rule(&line.rule)))
}

/// Passed, slow, failed or no answer.
pub(super) fn run_status(words: &Words, run: &DebugRun) -> Status {
    let slow = run.checks.iter().any(|line| line.code == "answered_slowly");
    match run.result {
        CaseResult::Passed if slow => Status::warn(words.selling_case_slow()),
        CaseResult::Passed => Status::good(words.selling_result_passed()),
        CaseResult::Failed => Status::bad(words.selling_result_failed(run.failed())),
        CaseResult::NoAnswer | CaseResult::Missing => Status::bad(words.selling_result_no_answer()),
    }
}

/// A request, sent or not.
#[derive(Clone, Debug)]
pub struct RequestView {
    /// Its bytes.
    pub wire: Wire,
    /// How long the body is, in words.
    pub note: String,
    /// Whether it only was generated.
    pub unsent: Option<Status>,
    /// The whole address, where everything is said in it.
    pub link: Option<Code>,
    /// The way to the signature.
    pub signing: Signing,
    /// What a token of version 1.0 is made of, and how.
    pub token_note: &'static str,
    /// Where it travels.
    pub token_place: &'static str,
    /// The same as a command.
    pub curl: String,
    /// For how long the command works.
    pub curl_note: &'static str,
    /// The beginning of the body in hex.
    pub hex: String,
    /// Copies the command.
    pub copy_curl: Copy,
    /// Copies the request.
    pub copy_request: Copy,
}

impl RequestView {
    pub(super) fn new(words: &Words, request: &SentRequest, unsent: Option<Status>) -> RequestView {
        let in_address = request.method == "GET";
        RequestView {
            wire: Wire::of_text(&request.wire_text),
            note: if in_address {
                words.selling_link_note(request.url.chars().count())
            } else {
                words.selling_request_note(request.body.len())
            },
            link: in_address
                .then(|| Code::new(words.selling_link_title(), &request.url, words.selling_copy_link()).unbroken()),
            token_note: if in_address { words.selling_token_one() } else { words.selling_token_body_one() },
            token_place: if in_address { words.selling_token_two() } else { words.selling_token_body_two() },
            curl_note: match &request.signing {
                Signing::Steps(_) | Signing::Headers(_) => words.selling_curl_note(),
                Signing::Token(_) => words.selling_curl_note_one(),
            },
            unsent,
            signing: request.signing.clone(),
            curl: request.curl.clone(),
            hex: hex_dump(request.body.as_bytes()),
            copy_curl: Copy::new(&request.curl, words.selling_copy_curl()),
            copy_request: Copy::new(&request.wire_text, words.selling_copy_request()),
        }
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub struct ResponseView {
    /// The HTTP status.
    pub status: Status,
    /// Time and size, in words.
    pub note: String,
    /// Its bytes, passwords struck out.
    pub wire: Wire,
    /// Copies it.
    pub copy: Copy,
}

impl ResponseView {
    pub(super) fn new(words: &Words, run: &DebugRun) -> Option<ResponseView> {
        let answer = run.exchange.answer.as_ref()?;
        let code = answer.status.to_string();
        let head: Vec<String> = answer.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        let text = format!("{}\r\n\r\n{}", head.join("\r\n"), answer.body);
        Some(ResponseView {
            status: if answer.status == 200 { Status::good(code) } else { Status::new(Tone::Bad, code) },
            note: words.selling_response_note(run.elapsed_ms, answer.body_bytes),
            wire: Wire { head, body: answer.body.clone() },
            copy: Copy::new(text, words.selling_copy_response()),
        })
    }
}

/// A run as one line of the history, which leads to it.
pub(super) fn entry(words: &Words, run: &DebugRun) -> Entry {
    let name = activity_name(words, run.activity);
    let (icon, verdict, text) = match run.result {
        CaseResult::Passed => ("circle-check", Verdict::Pass, words.selling_run_passed(name)),
        CaseResult::Failed => ("circle-x", Verdict::Fail, words.selling_run_failed(name, run.failed())),
        CaseResult::NoAnswer | CaseResult::Missing => ("circle-x", Verdict::Fail, words.selling_run_no_answer(name)),
    };
    Entry {
        icon,
        verdict: Some(verdict),
        text,
        detail: None,
        link: Some((words.selling_open().to_owned(), format!("/seller/debugger/{}?run={}", run.address, run.id))),
        at: run.started_at.to_string(),
        when: words.selling_run_when(words.date_time(run.started_at), run.elapsed_ms),
    }
}

#[cfg(test)]
pub(super) fn sample_run(result: CaseResult) -> DebugRun {
    use domain::ids::{DebugCaseId, DebugRunId, Id as _, InterfaceAddressId, OrganisationId, UserId};
    use domain::selling::{Activity, Exchange, NoAnswer, ReceivedAnswer, SigningSteps};
    let line = |code: &str, verdict: Found| CheckLine {
        code: code.to_owned(),
        verdict,
        en: format!("{code} <script>"),
        zh: format!("{code} 检查 <script>"),
        rule: "3.1".to_owned(),
    };
    let body = r#"{"activity":"newInstance","orderId":"<script>","testFlag":"1"}"#.to_owned();
    let request = SentRequest {
        method: "POST".to_owned(),
        url: "https://saas.example.com/produce?signature=AB".to_owned(),
        headers: vec![("Accept".to_owned(), "application/json".to_owned())],
        wire_text: format!("POST /produce?signature=AB HTTP/1.1\r\nHost: saas.example.com\r\n\r\n{body}"),
        curl: "curl -sS 'https://saas.example.com/'".to_owned(),
        signing: Signing::Steps(SigningSteps {
            inner: "45a8".to_owned(),
            masked_key: "••••••••••0001".to_owned(),
            nonce: "A746".to_owned(),
            timestamp: "1768469400000".to_owned(),
            signature: "AB".to_owned(),
        }),
        body,
    };
    let heard = result != CaseResult::NoAnswer;
    let answer = heard.then(|| ReceivedAnswer {
        status: 200,
        headers: vec![("content-type".to_owned(), "application/json<script>".to_owned())],
        body: r#"{"resultCode":"000000","resultMsg":"<script>"}"#.to_owned(),
        body_bytes: 46,
    });
    let failure = (!heard).then(|| NoAnswer { class: "timed_out".to_owned(), detail: "no answer".to_owned() });
    let checks = match result {
        CaseResult::Passed => vec![line("answered_slowly", Found::Warn), line("status_ok", Found::Pass)],
        CaseResult::Failed | CaseResult::NoAnswer | CaseResult::Missing => vec![line("timed_out", Found::Fail)],
    };
    DebugRun {
        id: DebugRunId::from_u128(1),
        address: InterfaceAddressId::from_u128(1),
        seller: OrganisationId::from_u128(2),
        case: (result == CaseResult::Passed).then(|| DebugCaseId::from_u128(1)),
        activity: Activity::NewInstance,
        values: [("orderId".to_owned(), "<script>".to_owned())].into(),
        by: UserId::from_u128(3),
        started_at: "2026-05-14T13:28:00Z".parse().expect("an instant"),
        elapsed_ms: 812,
        result,
        exchange: Exchange { request, answer, failure },
        checks,
    }
}

/// The same, of a system that speaks version 1.0.
#[cfg(test)]
pub(super) fn sample_run_one() -> DebugRun {
    use domain::selling::TokenSteps;
    let mut run = sample_run(CaseResult::Failed);
    let url = "https://saas.example.com/produce?activity=newInstance&orderId=%3Cscript%3E&authToken=O13u%3D".to_owned();
    run.exchange.request = SentRequest {
        method: "GET".to_owned(),
        headers: vec![("Accept".to_owned(), "application/json".to_owned())],
        body: String::new(),
        wire_text: format!(
            "GET {} HTTP/1.1\r\nHost: saas.example.com\r\n\r\n",
            url.replace("https://saas.example.com", "")
        ),
        curl: format!("curl -sS -i '{url}'"),
        signing: Signing::Token(TokenSteps {
            string_to_sign: "activity=newInstance&orderId=<script>&timeStamp=20260115093000123".to_owned(),
            masked_key: "••••••••••0001".to_owned(),
            time_stamp: "20260115093000123".to_owned(),
            auth_token: "O13u=".to_owned(),
        }),
        url,
    };
    run
}

/// The same, of a joint-operations call.
#[cfg(test)]
pub(super) fn sample_run_sync() -> DebugRun {
    use domain::selling::HeaderSteps;
    let mut run = sample_run(CaseResult::Passed);
    run.exchange.request.signing = Signing::Headers(HeaderSteps {
        masked_key: "••••••••••0001".to_owned(),
        nonce: "A746".to_owned(),
        timestamp: "1768469400000".to_owned(),
        x_sign: "ad3c<script>".to_owned(),
    });
    run
}
