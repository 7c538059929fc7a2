//! One debugging call: from typed values to exact bytes, over the port, and back to checks in words.

use domain::outcome::{FieldProblem, Problems};
use domain::selling::{
    Activity, BodySignPolicy, CaseResult, CheckLine, DebugValues, Exchange, InterfaceAddress, NoAnswer, OpenEndpoint,
    ReceivedAnswer, SentRequest, Signing, Verdict,
};
use koogallery::v2::{
    Activity as Call, BodyEnd, BodySignPolicy as WirePolicy, Examination, Limits, ProductionAddress, Reply,
    SignedRequest, TestFlag, TransportFailure, examine, sign,
};
use koogallery::{AccessKey, Check, CheckCode, Language, Nonce, Outcome, ValueProblem};
use ports::{FailureClass, LinkFailure, Method, OutgoingCall, SellerAnswer};

use super::{LiveKeys, redact, sample};
use crate::{App, AppError};

/// A signed call that may be shown and sent.
pub(super) struct Prepared {
    request: SignedRequest,
    key: AccessKey,
    /// What else the answer may be signed with.
    retiring: Option<AccessKey>,
    body_sign: WirePolicy,
    limits: Limits,
}

/// What came of sending it.
pub(super) struct Heard {
    pub exchange: Exchange,
    pub checks: Vec<CheckLine>,
    pub result: CaseResult,
    pub elapsed_ms: u64,
}

impl Prepared {
    /// Reads the values and signs with a new time and nonce. Wrong values are named by member.
    pub fn new(
        app: &App,
        address: &InterfaceAddress,
        activity: Activity,
        values: &DebugValues,
    ) -> Result<Prepared, AppError> {
        let call = read(activity, values)?;
        let LiveKeys { present: key, retiring } = super::live_keys(app, address)?;
        let production = ProductionAddress::parse(&address.url)
            .map_err(|error| AppError::Internal(format!("the address {}: {error}", address.id)))?;
        let nonce = Nonce::from_random(app.random());
        let request = sign(call, &production, &key, &nonce, app.now().as_millisecond());
        let body_sign = match address.body_sign {
            BodySignPolicy::Off => WirePolicy::Off,
            BodySignPolicy::IfPresent => WirePolicy::IfPresent,
            BodySignPolicy::Required => WirePolicy::Required,
        };
        let settings = &app.settings.selling;
        let limits = Limits { time_ms: settings.deadline_ms, advised_ms: settings.advised_ms, ..Limits::default() };
        Ok(Prepared { request, key, retiring, body_sign, limits })
    }

    /// For showing: the key is masked.
    pub fn shown(&self) -> SentRequest {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let explanation = self.request.explanation();
        let [masked_key, nonce, timestamp, inner] = explanation.canonical.clone();
        SentRequest {
            method: self.request.method().to_owned(),
            url: self.request.url().to_owned(),
            headers: self.request.headers().iter().map(own).collect(),
            body: String::from_utf8_lossy(self.request.body()).into_owned(),
            wire_text: self.request.wire_text(),
            curl: self.request.curl(),
            signing: Signing { inner, masked_key, nonce, timestamp, signature: explanation.signature.clone() },
        }
    }

    /// The exchange before anything was heard.
    pub fn unanswered(&self) -> Exchange {
        Exchange { request: self.shown(), answer: None, failure: None }
    }

    /// Sends it once and examines what came back.
    pub async fn send(&self, app: &App) -> Heard {
        let mut exchange = self.unanswered();
        let call = OutgoingCall {
            method: Method::Post,
            url: self.request.url().to_owned(),
            headers: exchange.request.headers.clone(),
            body: self.request.body().to_vec(),
            deadline_ms: self.limits.time_ms,
        };
        let outcome = app.seller_link.send(call).await;
        let elapsed_ms = outcome.as_ref().map_or_else(|failure| failure.elapsed_ms, |answer| answer.elapsed_ms);
        let (answer, failure) = match &outcome {
            Ok(answer) => (Some(received(answer)), None),
            Err(failure) => {
                (None, Some(NoAnswer { class: failure.class.code().to_owned(), detail: failure.detail.clone() }))
            }
        };
        let checks = self.examined(outcome, &app.settings.selling.open_endpoints);
        let failed = checks.iter().any(|check| check.verdict == Verdict::Fail);
        let result = match (&failure, failed) {
            (Some(_), _) => CaseResult::NoAnswer,
            (None, true) => CaseResult::Failed,
            (None, false) => CaseResult::Passed,
        };
        (exchange.answer, exchange.failure) = (answer, failure);
        Heard { exchange, checks, result, elapsed_ms }
    }

    /// Every check in words, failures first.
    fn examined(&self, outcome: Result<SellerAnswer, LinkFailure>, open: &[OpenEndpoint]) -> Vec<CheckLine> {
        let asked = Examination {
            activity: self.request.activity(),
            key: &self.key,
            body_sign: self.body_sign,
            limits: self.limits,
            known_instance: None,
        };
        let checks = match outcome {
            Ok(answer) => {
                let mut examined = super::examine_by_any(&asked, self.retiring.as_ref(), &heard(answer));
                super::refuse_inside(&mut examined, open);
                examined.checks
            }
            Err(failure) => match transport(&failure) {
                Some(reply) => examine(&asked, &Reply::Failed(reply)).checks,
                None => vec![without_answer(&failure, self.limits)],
            },
        };
        let mut lines: Vec<CheckLine> = checks.iter().map(line).collect();
        lines.sort_by_key(|line| line.verdict);
        lines
    }
}

/// The call of typed values, always with the flag of debugging.
pub(super) fn read(activity: Activity, values: &DebugValues) -> Result<Call, AppError> {
    let fields = sample::fields(activity);
    let mut problems = Problems::new();
    for name in values.keys().filter(|name| !fields.iter().any(|field| field.name == name.as_str())) {
        problems.add(FieldProblem::new(name.clone(), "unknown_field"));
    }
    problems.or(Some(()))?;
    match Call::from_form(sample::wire_name(activity), values) {
        Ok(call) => Ok(call.with_test_flag(TestFlag::Debugging)),
        Err(wrong) => {
            let mut problems = Problems::new();
            wrong.iter().for_each(|problem| problems.add(field_problem(problem.member, &problem.problem)));
            Err(problems.into())
        }
    }
}

fn field_problem(member: &'static str, problem: &ValueProblem) -> FieldProblem {
    match problem {
        ValueProblem::Missing => FieldProblem::new(member, "required"),
        ValueProblem::TooLong { length, limit } => {
            FieldProblem::new(member, "too_long").with("most", *limit).with("count", *length)
        }
        ValueProblem::NotAllowed { allowed } => FieldProblem::new(member, "one_of").with("allowed", allowed),
        ValueProblem::NotATime { expected } => FieldProblem::new(member, "wire_time").with("expected", *expected),
        ValueProblem::TooMany { limit, .. } => FieldProblem::new(member, "too_many_entries").with("most", *limit),
        ValueProblem::BadCharacter { .. } => FieldProblem::new(member, "control_characters"),
        ValueProblem::WrongType { .. } | ValueProblem::NotAnAmount | ValueProblem::NotAWebAddress => {
            FieldProblem::new(member, "wire_value")
        }
    }
}

fn received(answer: &SellerAnswer) -> ReceivedAnswer {
    ReceivedAnswer {
        status: answer.status,
        headers: answer.headers.clone(),
        body: redact::body(&String::from_utf8_lossy(&answer.body)),
        body_bytes: u64::try_from(answer.body.len()).unwrap_or(u64::MAX),
    }
}

fn heard(answer: SellerAnswer) -> Reply {
    Reply::Heard {
        status: answer.status,
        headers: answer.headers,
        body: answer.body,
        body_end: BodyEnd::Complete,
        elapsed_ms: answer.elapsed_ms,
    }
}

/// The failure in the protocol's words, where it has one.
fn transport(failure: &LinkFailure) -> Option<TransportFailure> {
    match failure.class {
        FailureClass::RefusedByPolicy => Some(TransportFailure::AddressRefused),
        FailureClass::NameNotResolved => Some(TransportFailure::NameNotFound),
        FailureClass::ConnectFailed => Some(TransportFailure::ConnectionRefused),
        FailureClass::TlsFailed => Some(TransportFailure::Tls { reason: failure.detail.clone() }),
        FailureClass::TimedOut => Some(TransportFailure::TimedOut),
        FailureClass::Broken => Some(TransportFailure::ConnectionBroken),
        FailureClass::TooLarge | FailureClass::Redirected | FailureClass::RedirectedInside => None,
    }
}

/// A failure that the client saw in an answer it then threw away.
fn without_answer(failure: &LinkFailure, limits: Limits) -> Check {
    match failure.class {
        FailureClass::Redirected | FailureClass::RedirectedInside => {
            Check::new(CheckCode::Redirected, [("status", "3xx".to_owned())])
        }
        FailureClass::TooLarge
        | FailureClass::RefusedByPolicy
        | FailureClass::NameNotResolved
        | FailureClass::ConnectFailed
        | FailureClass::TlsFailed
        | FailureClass::TimedOut
        | FailureClass::Broken => Check::new(CheckCode::BodyTooLong, [("limit_bytes", limits.body_bytes.to_string())]),
    }
}

fn line(check: &Check) -> CheckLine {
    let words = |language| format!("{} {}", check.message(language), check.remedy(language)).trim_end().to_owned();
    CheckLine {
        code: check.code().as_str().to_owned(),
        verdict: match check.outcome() {
            Outcome::Fail => Verdict::Fail,
            Outcome::Warn => Verdict::Warn,
            Outcome::Pass => Verdict::Pass,
        },
        en: words(Language::English),
        zh: words(Language::Chinese),
        rule: check.rule().to_owned(),
    }
}
