//! The marketplace's side: everything that came back from a seller is examined here before anything believes it
//! (seller-protocol 1.1, 1.6, 2.5, 3, 5).
//!
//! The input is what a client saw: a failure to reach the address, or status, headers and bytes. The output is a list of findings, good
//! and bad, and a typed answer only if none is bad. The bytes are hostile until then.

use super::activity::{Activity, ActivityName};
use super::answer::{Answer, Created, Progress};
use super::fields::Reading;
use crate::ResultCode;
use crate::body_sign::{self, BodySignError};
use crate::check::{Advice, Check, CheckCode, Outcome};
use crate::json::{Json, JsonError};
use crate::key::AccessKey;
use crate::text::{Id, InstanceId};

/// What a client saw after sending a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// No complete answer.
    Failed(TransportFailure),
    /// An answer.
    Heard {
        /// The HTTP status.
        status: u16,
        /// The headers, in the order received, names in any case.
        headers: Vec<(String, String)>,
        /// The bytes of the body, at most [`Limits::body_bytes`] of them.
        body: Vec<u8>,
        /// Is that all of it?
        body_end: BodyEnd,
        /// From the first byte sent to the last byte read.
        elapsed_ms: u64,
    },
}

/// Did the body end?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BodyEnd {
    /// Yes.
    Complete,
    /// No: the reader stopped at its limit.
    CutAtLimit,
    /// No: the connection broke.
    Broken,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TransportFailure {
    /// DNS knows no such name, or did not answer.
    NameNotFound,
    /// Nobody listens.
    ConnectionRefused,
    /// No connection in time.
    ConnectTimedOut {
        /// The limit that was passed.
        limit_ms: u64,
    },
    /// Connected, but no complete answer in time.
    TimedOut,
    /// Closed or reset before an answer.
    ConnectionBroken,
    /// No trusted TLS connection.
    Tls {
        /// Why, in a few words.
        reason: String,
    },
    /// Our own rules forbid the address (private network, redirect target, port).
    AddressRefused,
}

/// Must answers be signed? A setting of the address (seller-protocol 2.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BodySignPolicy {
    /// The header is not looked at.
    Off,
    /// A header that is there must be right. The default for V2.
    #[default]
    IfPresent,
    /// There must be a right header. The default for V1.
    Required,
}

/// How long and how big an answer may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limits {
    /// Milliseconds after which a call is cut off. 20,000 unless set otherwise, so that nothing fails that passes elsewhere.
    pub time_ms: u64,
    /// Milliseconds that the protocol asks for; above it there is a warning.
    pub advised_ms: u64,
    /// Bytes of body that are read.
    pub body_bytes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { time_ms: 20_000, advised_ms: 5_000, body_bytes: 64 * 1024 }
    }
}

/// What an answer is examined against.
#[derive(Clone, Copy, Debug)]
pub struct Examination<'a> {
    /// The call that was made.
    pub activity: &'a Activity,
    /// The key it was signed with.
    pub key: &'a AccessKey,
    /// Must the answer be signed?
    pub body_sign: BodySignPolicy,
    /// Time and size.
    pub limits: Limits,
    /// For `newInstance`: the id that this order line was answered with before.
    pub known_instance: Option<&'a InstanceId>,
}

/// What both versions of the protocol ask of an answer, whichever call it belongs to.
#[derive(Clone, Copy)]
pub(crate) struct Terms<'a> {
    pub(crate) key: &'a AccessKey,
    pub(crate) body_sign: BodySignPolicy,
    pub(crate) limits: Limits,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examined {
    /// The findings, in the order in which they were made.
    pub checks: Vec<Check>,
    /// The answer, if no check failed.
    pub answer: Option<Answer>,
    /// The seller's result code, if it could be read.
    pub result: Option<ResultCode>,
    /// The seller's words, empty if none.
    pub message: String,
    /// The `instanceId` beside a refusal, if it is one: a hint and no answer. A seller that says "exists already" may name
    /// what exists.
    pub refused_with: Option<InstanceId>,
    /// The instance that a version 1.0 creation made, when the access data beside its name cannot be used and nothing else
    /// is wrong: the instance is there, so somebody must ask again or take it back.
    pub created: Option<InstanceId>,
}

impl Examined {
    /// The worst outcome of all checks.
    pub fn outcome(&self) -> Outcome {
        self.checks.iter().map(Check::outcome).max().unwrap_or(Outcome::Pass)
    }

    /// What to do next.
    pub fn advice(&self) -> Advice {
        self.checks.iter().map(|check| check.code().advice()).max().unwrap_or(Advice::Settle)
    }

    /// The findings of one outcome.
    pub fn of(&self, outcome: Outcome) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(move |check| check.outcome() == outcome)
    }

    /// Adds a finding made elsewhere, e.g. [`CheckCode::InstanceIdTaken`], which needs the database. A failure takes the answer away.
    pub fn add(&mut self, check: Check) {
        if check.outcome() == Outcome::Fail {
            self.answer = None;
        }
        self.checks.push(check);
    }
}

/// Examines what came back.
///
/// ```
/// use koogallery::v2::*;
/// use koogallery::{AccessKey, Id, Language, Outcome};
///
/// let call = Activity::from(NewInstance {
///     order_id: Id::parse("CS1")?, order_line_id: Id::parse("CS1-000001")?, business_id: Id::parse("b-1")?, test_flag: TestFlag::Production,
/// });
/// let key = AccessKey::parse("kg-test-access-key-0001")?;
/// let asked = Examination { activity: &call, key: &key, body_sign: BodySignPolicy::IfPresent, limits: Limits::default(), known_instance: None };
/// let reply = Reply::Heard {
///     status: 200,
///     headers: vec![("content-type".into(), "application/json".into())],
///     body: br#"{"resultCode":"000000","resultMsg":"success."}"#.to_vec(),
///     body_end: BodyEnd::Complete,
///     elapsed_ms: 812,
/// };
/// let examined = examine(&asked, &reply);
/// assert_eq!(examined.answer, None);
/// let failed: Vec<_> = examined.of(Outcome::Fail).collect();
/// assert_eq!(failed[0].code().as_str(), "instance_id_missing");
/// assert_eq!(failed[0].rule(), "3.1");
/// assert!(failed[0].message(Language::Chinese).starts_with("返回中缺少instanceId"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn examine(asked: &Examination<'_>, reply: &Reply) -> Examined {
    let terms = Terms { key: asked.key, body_sign: asked.body_sign, limits: asked.limits };
    examine_with(terms, reply, |reading, code, message, body| judge(reading, asked, code, message, body))
}

/// Examines what every answer has in common, and leaves the rest to `judge`, which is told the result code, the seller's words and
/// the object.
pub(crate) fn examine_with(
    terms: Terms<'_>,
    reply: &Reply,
    judge: impl FnOnce(&mut Reading<'_>, &ResultCode, &str, &Json) -> Option<Answer>,
) -> Examined {
    let mut reading =
        Reading { checks: Vec::new(), key: terms.key, encryption: None, presumed_encryption: None, named: None };
    let (mut answer, mut result, mut message, mut refused_with) = (None, None, String::new(), None);
    match reply {
        Reply::Failed(failure) => transport(&mut reading, failure, terms.limits),
        Reply::Heard { status, headers, body, body_end, elapsed_ms } => {
            if let Some(body) = envelope(&mut reading, terms, *status, headers, body, *body_end, *elapsed_ms) {
                result = result_code(&mut reading, &body);
                message = reading.result_message(&body);
                if let Some(code) = &result {
                    answer = judge(&mut reading, code, &message, &body);
                    let named = body.get("instanceId").and_then(Json::as_text);
                    refused_with = named.filter(|_| answer.is_none()).and_then(|named| InstanceId::parse(named).ok());
                }
            }
        }
    }
    let answer = answer.filter(|_| !reading.has_failed());
    let created = reading.named.filter(|_| answer.is_none());
    Examined { checks: reading.checks, answer, result, message, refused_with, created }
}

fn transport(reading: &mut Reading<'_>, failure: &TransportFailure, limits: Limits) {
    match failure {
        TransportFailure::NameNotFound => reading.note(CheckCode::NameNotFound, []),
        TransportFailure::ConnectionRefused => reading.note(CheckCode::ConnectionRefused, []),
        TransportFailure::ConnectTimedOut { limit_ms } => {
            reading.note(CheckCode::ConnectTimedOut, [("limit_ms", limit_ms.to_string())])
        }
        TransportFailure::TimedOut => reading.note(CheckCode::TimedOut, [("limit_ms", limits.time_ms.to_string())]),
        TransportFailure::ConnectionBroken => reading.note(CheckCode::ConnectionBroken, []),
        TransportFailure::Tls { reason } => reading.note(CheckCode::TlsFailed, [("reason", reason.clone())]),
        TransportFailure::AddressRefused => reading.note(CheckCode::AddressRefused, []),
    }
}

/// Time, status, content type, size, JSON, signature. The object, if it can be looked into at all.
fn envelope(
    reading: &mut Reading<'_>,
    terms: Terms<'_>,
    status: u16,
    headers: &[(String, String)],
    body: &[u8],
    body_end: BodyEnd,
    elapsed_ms: u64,
) -> Option<Json> {
    time(reading, elapsed_ms, terms.limits);
    if status != 200 {
        let code = match status {
            300..=399 => CheckCode::Redirected,
            408 | 425 | 429 => CheckCode::StatusNotOk,
            400..=499 => CheckCode::StatusRefusal,
            _ => CheckCode::StatusNotOk,
        };
        reading.note(code, [("status", status.to_string())]);
        return None;
    }
    reading.note(CheckCode::StatusOk, []);
    content_type(reading, headers);
    if body_end == BodyEnd::Broken {
        reading.note(CheckCode::ConnectionBroken, []);
        return None;
    }
    if body_end == BodyEnd::CutAtLimit || body.len() > terms.limits.body_bytes {
        reading.note(CheckCode::BodyTooLong, [("limit_bytes", terms.limits.body_bytes.to_string())]);
        return None;
    }
    let object = json(reading, body);
    signature(reading, terms, headers, body);
    object
}

fn time(reading: &mut Reading<'_>, elapsed_ms: u64, limits: Limits) {
    let elapsed = ("elapsed_ms", elapsed_ms.to_string());
    if elapsed_ms > limits.time_ms {
        reading.note(CheckCode::TimedOut, [("limit_ms", limits.time_ms.to_string())]);
    } else if elapsed_ms > limits.advised_ms {
        reading.note(CheckCode::AnsweredSlowly, [elapsed, ("advised_ms", limits.advised_ms.to_string())]);
    } else {
        reading.note(CheckCode::AnsweredInTime, [elapsed, ("limit_ms", limits.advised_ms.to_string())]);
    }
}

/// The values of a header, whatever the case of its name.
fn header<'h>(headers: &'h [(String, String)], name: &str) -> Vec<&'h str> {
    headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str()).collect()
}

fn content_type(reading: &mut Reading<'_>, headers: &[(String, String)]) {
    let Some(value) = header(headers, "content-type").first().copied() else {
        return reading.note(CheckCode::ContentTypeMissing, []);
    };
    let (kind, parameters) = value.split_once(';').unwrap_or((value, ""));
    if !kind.trim().eq_ignore_ascii_case("application/json") {
        return reading.note(CheckCode::ContentTypeWrong, [("found", shown(value))]);
    }
    let charset = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
    });
    match charset {
        Some(other) if !matches!(other.to_ascii_lowercase().as_str(), "utf-8" | "utf8") => {
            reading.note(CheckCode::ContentTypeOtherCharset, [("charset", shown(other))]);
        }
        Some(_) | None => reading.note(CheckCode::ContentTypeJson, []),
    }
}

/// A stranger's text, short and on one line, for use inside a sentence.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).take(120).collect()
}

fn json(reading: &mut Reading<'_>, body: &[u8]) -> Option<Json> {
    match Json::parse(body) {
        Ok(object @ Json::Object(_)) => {
            reading.note(CheckCode::BodyJson, [("bytes", body.len().to_string())]);
            return Some(object);
        }
        Ok(other) => reading.note(CheckCode::BodyNotObject, [("found", other.kind().into())]),
        Err(JsonError::Empty) => reading.note(CheckCode::BodyEmpty, []),
        Err(JsonError::NotUtf8 { at }) => reading.note(CheckCode::BodyNotUtf8, [("at", at.to_string())]),
        Err(JsonError::TooDeep { limit }) => reading.note(CheckCode::BodyTooDeep, [("limit", limit.to_string())]),
        Err(JsonError::Duplicate { member }) => reading.note(CheckCode::MemberTwice, [("member", shown(&member))]),
        Err(JsonError::Syntax { line, column, reason }) => match no_number(body, line, column) {
            Some(word) => reading.note(CheckCode::BodyNoNumber, [("found", word.to_owned())]),
            None => reading.note(
                CheckCode::BodyNotJson,
                [("line", line.to_string()), ("column", column.to_string()), ("reason", shown(&reason))],
            ),
        },
    }
    None
}

/// The word that other languages take for a number and JSON does not, if that is what the parser stumbled over inside an
/// object. Elsewhere in what is no JSON, such as the script of an HTML page, such a word says nothing.
fn no_number(body: &[u8], line: usize, column: usize) -> Option<&'static str> {
    let text = std::str::from_utf8(body).ok().filter(|text| text.trim_start().starts_with('{'))?;
    let line = text.split('\n').nth(line.checked_sub(1)?)?.as_bytes();
    let of_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+' | b'-' | b'.' | b'$');
    let (before, after) = line.split_at_checked(column.checked_sub(1)?)?;
    let from = before.len() - before.iter().rev().take_while(|byte| of_word(byte)).count();
    let to = before.len() + after.iter().take_while(|byte| of_word(byte)).count();
    let word = line.get(from..to)?;
    let word = word.strip_prefix(b"-").or_else(|| word.strip_prefix(b"+")).unwrap_or(word);
    ["NaN", "Infinity"].into_iter().find(|known| known.as_bytes() == word)
}

fn signature(reading: &mut Reading<'_>, terms: Terms<'_>, headers: &[(String, String)], body: &[u8]) {
    if terms.body_sign == BodySignPolicy::Off {
        return;
    }
    let expected = ("expected", body_sign::header_value(terms.key, body));
    let checked = match header(headers, body_sign::HEADER).as_slice() {
        [] if terms.body_sign == BodySignPolicy::Required => {
            return reading.note(CheckCode::BodySignMissing, [expected]);
        }
        [] => return reading.note(CheckCode::BodySignAbsent, []),
        [one] => body_sign::check(terms.key, one, body),
        [_, ..] => Err(BodySignError::Malformed),
    };
    match checked {
        Ok(()) => reading.note(CheckCode::BodySignValid, []),
        Err(BodySignError::Malformed) => reading.note(CheckCode::BodySignMalformed, [expected]),
        Err(BodySignError::Wrong { mistake }) => {
            let code = mistake.map_or("", body_sign::BodySignMistake::code).to_owned();
            reading.note(CheckCode::BodySignWrong, [expected, ("mistake", code)]);
        }
    }
}

fn result_code(reading: &mut Reading<'_>, body: &Json) -> Option<ResultCode> {
    let found = match body.get("resultCode") {
        None | Some(Json::Null) => {
            reading.note(CheckCode::ResultMissing, []);
            return None;
        }
        Some(Json::Text(text)) => match ResultCode::parse(text) {
            Some(code) => return Some(code),
            None => shown(text),
        },
        Some(other) => shown(&other.to_compact()),
    };
    reading.note(CheckCode::ResultMalformed, [("found", found)]);
    None
}

/// Which answer it is, by the call that was made.
fn judge(
    reading: &mut Reading<'_>,
    asked: &Examination<'_>,
    code: &ResultCode,
    message: &str,
    body: &Json,
) -> Option<Answer> {
    let name = asked.activity.name();
    let later = if name == ActivityName::NewInstance { Later::Allowed } else { Later::NotAllowed };
    let progress = progress(reading, code, message, later, VersionWords::TWO)?;
    let before = reading.checks.len();
    let answer = match name {
        ActivityName::NewInstance => created(reading, asked.known_instance, progress, body),
        ActivityName::QueryInstance => {
            let wanted: Vec<&str> = match asked.activity {
                Activity::QueryInstance(query) => query.instance_id.iter().map(Id::as_str).collect(),
                _ => Vec::new(),
            };
            described(reading, &wanted, body)
        }
        ActivityName::RefreshInstance
        | ActivityName::UpdateInstanceStatus
        | ActivityName::ReleaseInstance
        | ActivityName::UpgradeInstance
        | ActivityName::ChangeInstanceCheck
        | ActivityName::OrderNotify
        | ActivityName::GetLicenseAsync
        | ActivityName::RefreshLicenseCode
        | ActivityName::UpdateLicenseCodeStatus
        | ActivityName::ReleaseLicenseCode => Some(Answer::Done),
    };
    members_fit(reading, before);
    answer
}

/// Says so, if nothing failed since the first `before` checks.
pub(crate) fn members_fit(reading: &mut Reading<'_>, before: usize) {
    if reading.checks.iter().skip(before).all(|check| check.outcome() != Outcome::Fail) {
        reading.note(CheckCode::MembersFit, []);
    }
}

/// May a call be answered with `000004` and be finished later?
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Later {
    Allowed,
    NotAllowed,
}

/// Findings that each version of the protocol words in its own way.
#[derive(Clone, Copy)]
pub(crate) struct VersionWords {
    /// How what is finished later is asked for.
    pub(crate) in_progress: CheckCode,
    /// What of our signature to look at.
    pub(crate) not_authenticated: CheckCode,
}

impl VersionWords {
    pub(crate) const ONE: VersionWords = VersionWords {
        in_progress: CheckCode::ResultInProgressAgain,
        not_authenticated: CheckCode::ResultTokenRefused,
    };
    pub(crate) const TWO: VersionWords =
        VersionWords { in_progress: CheckCode::ResultInProgress, not_authenticated: CheckCode::ResultNotAuthenticated };
    /// The joint-operations calls of both versions.
    pub(crate) const SYNC: VersionWords =
        VersionWords { in_progress: CheckCode::ResultInProgress, not_authenticated: CheckCode::ResultSyncRefused };
}

/// How far the seller is, by its result code; `None` after a code that is a failure. `words` are what the version has to say of two of
/// them.
pub(crate) fn progress(
    reading: &mut Reading<'_>,
    code: &ResultCode,
    message: &str,
    later: Later,
    words: VersionWords,
) -> Option<Progress> {
    match code {
        ResultCode::Success => {
            reading.note(CheckCode::ResultSuccess, []);
            Some(Progress::Ready)
        }
        ResultCode::InProgress if later == Later::Allowed => {
            reading.note(words.in_progress, []);
            Some(Progress::InProgress)
        }
        ResultCode::InProgress => {
            reading.note(CheckCode::ResultPending, []);
            None
        }
        ResultCode::AuthenticationFailed => {
            reading.note(words.not_authenticated, [("message", shown(message))]);
            None
        }
        other => {
            let args = [("code", other.to_string()), ("meaning", String::new()), ("message", shown(message))];
            reading.note(CheckCode::ResultRefused, args);
            None
        }
    }
}

/// The instance that was created, compared with the one that the same order was answered with before.
pub(crate) fn created(
    reading: &mut Reading<'_>,
    known_instance: Option<&InstanceId>,
    progress: Progress,
    body: &Json,
) -> Option<Answer> {
    let before = reading.checks.len();
    let Some(instance_id) = reading.instance_id("instanceId", body.get("instanceId")) else {
        if reading.checks.len() == before {
            reading.note(CheckCode::InstanceIdMissing, []);
        }
        return None;
    };
    let found = ("found", instance_id.to_string());
    match known_instance {
        Some(known) if *known != instance_id => {
            reading.note(CheckCode::InstanceIdChanged, [found, ("expected", known.to_string())]);
            None
        }
        Some(_) | None => {
            reading.note(CheckCode::InstanceIdPresent, [found]);
            Some(Answer::Created(Created { instance_id, progress }))
        }
    }
}

/// What `info` says of the instances asked for.
pub(crate) fn described(reading: &mut Reading<'_>, wanted: &[&str], body: &Json) -> Option<Answer> {
    reading.encryption(body);
    let entries = match body.get("info") {
        Some(Json::List(entries)) if !entries.is_empty() => entries,
        None | Some(Json::Null | Json::List(_)) => {
            reading.note(CheckCode::InfoAbsent, []);
            return Some(Answer::Described(Vec::new()));
        }
        Some(other) => {
            reading.blame("info", crate::ValueProblem::WrongType { expected: "array", found: other.kind() });
            return None;
        }
    };
    let limit = super::member::InstanceIds::LIMIT;
    if entries.len() > limit {
        reading.blame("info", crate::ValueProblem::TooMany { count: entries.len(), limit });
        return None;
    }
    let read: Vec<_> = entries
        .iter()
        .enumerate()
        .filter_map(|(index, entry)| reading.instance_info(&format!("info[{index}]"), entry))
        .collect();
    let asked_for = |id: &InstanceId| wanted.contains(&id.as_str());
    let described: Vec<_> = read.into_iter().filter(|info| asked_for(&info.instance_id)).collect();
    for (index, info) in described.iter().enumerate() {
        let twice = described.iter().take(index).any(|earlier| earlier.instance_id == info.instance_id);
        let code = if twice { CheckCode::MemberTwice } else { CheckCode::InstanceDescribed };
        reading.note(code, [("found", info.instance_id.to_string()), ("member", info.instance_id.to_string())]);
    }
    if described.is_empty() && !reading.has_failed() {
        reading.note(CheckCode::InfoForOthersOnly, [("expected", wanted.join(", "))]);
    }
    Some(Answer::Described(described))
}
