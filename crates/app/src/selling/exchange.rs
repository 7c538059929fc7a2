//! One debugging call: from typed values to exact bytes, over the port, and back to checks in words.

use domain::outcome::{FieldProblem, Problems};
use domain::selling::{
    Activity, CaseResult, CheckLine, DebugValues, Exchange, InterfaceAddress, NoAnswer, OpenEndpoint, ProductInfoForm,
    ProtocolVersion, ReceivedAnswer, SentRequest, Verdict,
};
use koogallery::joint_operations::{SyncCall, SyncName};
use koogallery::v2::{Activity as Call, BodyEnd, Limits, Reply, TestFlag, TransportFailure};
use koogallery::{Check, CheckCode, Language, Outcome, ValueProblem, v1, v2};
use ports::{CONNECT_LIMIT_MS, FailureClass, LinkFailure, SellerAnswer};

use super::wire::{ENCRYPTED, SignedWire, Wire, encrypted};
use super::{live_keys, redact, sample};
use crate::{App, AppError};

/// A signed call that may be shown and sent.
pub(super) struct Prepared {
    signed: SignedWire,
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
        let call = match (sample::sync_name(activity), address.protocol) {
            (Some(name), protocol) => Wire::Sync(read_sync(app, (protocol, activity), name, values)?),
            (None, ProtocolVersion::V1) => Wire::V1(read_one(app, address, activity, values)?),
            (None, ProtocolVersion::V2) => Wire::V2(read_two(address, activity, values)?),
        };
        let settings = &app.settings.selling;
        let limits = Limits { time_ms: settings.deadline_ms, advised_ms: settings.advised_ms, ..Limits::default() };
        Ok(Prepared { signed: SignedWire::new(app, address, call)?, limits })
    }

    /// For showing: the key is masked.
    pub fn shown(&self) -> SentRequest {
        self.signed.shown()
    }

    /// The exchange before anything was heard.
    pub fn unanswered(&self) -> Exchange {
        Exchange { request: self.shown(), answer: None, failure: None }
    }

    /// Sends it once and examines what came back.
    pub async fn send(&self, app: &App) -> Heard {
        let mut exchange = self.unanswered();
        let outcome = app.seller_link.send(self.signed.outgoing(self.limits.time_ms)).await;
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
        let checks = match outcome {
            Ok(answer) => {
                let mut examined = self.signed.examine(&heard(answer), self.limits, None);
                super::refuse_inside(&mut examined, open);
                examined.checks
            }
            Err(failure) => match transport(&failure) {
                Some(reply) => self.signed.examine(&Reply::Failed(reply), self.limits, None).checks,
                None => vec![without_answer(&failure, self.limits)],
            },
        };
        let mut lines: Vec<CheckLine> = checks.iter().map(line).collect();
        lines.sort_by_key(|line| line.verdict);
        lines
    }
}

/// Refuses names that the page does not offer.
fn only_offered(protocol: ProtocolVersion, activity: Activity, values: &DebugValues) -> Result<(), AppError> {
    let fields = sample::fields(protocol, activity);
    if fields.is_empty() {
        let allowed = Activity::of(protocol).iter().map(|activity| activity.code()).collect::<Vec<_>>().join(", ");
        return Err(AppError::field(FieldProblem::new("activity", "one_of").with("allowed", allowed)));
    }
    let mut problems = Problems::new();
    for name in values.keys().filter(|name| !fields.iter().any(|field| field.name == name.as_str())) {
        problems.add(FieldProblem::new(name.clone(), "unknown_field"));
    }
    Ok(problems.or(Some(()))?)
}

fn as_problems<'a>(wrong: impl Iterator<Item = (String, &'a ValueProblem)>) -> AppError {
    let mut problems = Problems::new();
    wrong.for_each(|(member, problem)| problems.add(field_problem(member, problem)));
    problems.into()
}

/// The call of typed values, always with the flag of debugging.
fn read_two(address: &InterfaceAddress, activity: Activity, values: &DebugValues) -> Result<Call, AppError> {
    only_offered(ProtocolVersion::V2, activity, values)?;
    let name = sample::wire_name(activity).ok_or(AppError::NotFound("activity"))?;
    match Call::from_form(name, values) {
        Ok(mut call) => {
            if let Call::ChangeInstanceCheck(check) = &mut call {
                check.product_info.form = match address.product_info {
                    ProductInfoForm::Text => v2::ProductInfoForm::Text,
                    ProductInfoForm::Object => v2::ProductInfoForm::Object,
                };
            }
            Ok(call.with_test_flag(TestFlag::Debugging))
        }
        Err(wrong) => Err(as_problems(wrong.iter().map(|one| (one.member.to_owned(), &one.problem)))),
    }
}

/// The same for joint operations, whose bodies say the time of sending.
fn read_sync(
    app: &App,
    (protocol, activity): (ProtocolVersion, Activity),
    name: SyncName,
    values: &DebugValues,
) -> Result<SyncCall, AppError> {
    only_offered(protocol, activity, values)?;
    SyncCall::from_form(name, values, app.now().as_millisecond()).map_err(|wrong| {
        let mut problems = Problems::new();
        for one in &wrong {
            problems.add(match one.member.split_once('[') {
                // Inside a list, which is typed as a whole.
                Some((list, _)) => FieldProblem::new(list.to_owned(), "wire_entry").with("place", one.member.clone()),
                None => field_problem(one.member.clone(), &one.problem),
            });
        }
        problems.into()
    })
}

/// The same for version 1.0. What travels encrypted is typed plain.
fn read_one(
    app: &App,
    address: &InterfaceAddress,
    activity: Activity,
    values: &DebugValues,
) -> Result<v1::Call, AppError> {
    only_offered(ProtocolVersion::V1, activity, values)?;
    let name = sample::call_name(activity).ok_or(AppError::NotFound("activity"))?;
    let mut sent = values.clone();
    let typed = |name: &str| values.get(name).is_some_and(|value| !value.trim().is_empty());
    if ENCRYPTED.iter().any(|name| typed(name)) {
        let key = live_keys(app, address)?.present;
        for name in ENCRYPTED {
            let plain = values.get(name).map(|value| value.trim()).filter(|value| !value.is_empty());
            let sealed = plain.and_then(|plain| encrypted(app, address, &key, plain));
            sent.extend(sealed.map(|sealed| (name.to_owned(), sealed)));
        }
    }
    sent.insert("testFlag".to_owned(), "1".to_owned());
    v1::Call::from_values(name, &sent)
        .map_err(|wrong| as_problems(wrong.iter().map(|one| (one.parameter.clone(), &one.problem))))
}

fn field_problem(member: String, problem: &ValueProblem) -> FieldProblem {
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
        FailureClass::ConnectTimedOut => Some(TransportFailure::ConnectTimedOut { limit_ms: CONNECT_LIMIT_MS }),
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
        | FailureClass::ConnectTimedOut
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
