//! The marketplace's side of version 1.0: what came back from a seller, examined (seller-protocol 6.3, 6.4). What both versions ask of an
//! answer is in [`crate::v2::examine`]; here is what only this version asks.

use super::call::{Call, CallName};
use super::field_cipher::EncryptType;
use crate::check::CheckCode;
use crate::json::Json;
use crate::key::AccessKey;
use crate::text::InstanceId;
use crate::v2::examine::{Later, Terms, VersionWords, created, described, examine_with, members_fit, progress};
use crate::v2::fields::Reading;
use crate::v2::{Answer, BodySignPolicy, Examined, InstanceInfo, Limits, Progress, Reply};
use crate::{ResultCode, ValueProblem};

/// What an answer is examined against.
#[derive(Clone, Copy, Debug)]
pub struct Examination<'a> {
    /// The call that was made.
    pub call: &'a Call,
    /// The key it was signed with.
    pub key: &'a AccessKey,
    /// Must the answer be signed? In this version it must; an address may still be told otherwise.
    pub body_sign: BodySignPolicy,
    /// Time and size.
    pub limits: Limits,
    /// For `newInstance`: the id that this order was answered with before.
    pub known_instance: Option<&'a InstanceId>,
}

/// Examines what came back. `newInstance` must be answered with an instance and, in debugging, the customer's address, `getLicense` with an instance
/// and a licence, `queryInstance` with entries; user names and passwords are decrypted as `encryptType` says.
///
/// ```
/// use std::collections::BTreeMap;
/// use koogallery::{AccessKey, Outcome, body_sign, v1};
/// use koogallery::v2::{BodyEnd, BodySignPolicy, Limits, Reply};
///
/// let key = AccessKey::parse("kg-test-access-key-0001")?;
/// let values = [("instanceId", "i-1"), ("orderId", "CS1")].map(|(name, value)| (name.to_owned(), value.to_owned()));
/// let call = v1::Call::from_values(v1::CallName::ExpireInstance, &BTreeMap::from(values)).expect("both are said");
/// let asked = v1::Examination { call: &call, key: &key, body_sign: BodySignPolicy::Required, limits: Limits::default(), known_instance: None };
/// let body = br#"{"resultCode":"000000","resultMsg":"success."}"#.to_vec();
/// let headers = vec![("content-type".into(), "application/json".into()), ("Body-Sign".into(), body_sign::header_value(&key, &body))];
/// let reply = Reply::Heard { status: 200, headers, body, body_end: BodyEnd::Complete, elapsed_ms: 12 };
/// assert_eq!(v1::examine(&asked, &reply).outcome(), Outcome::Pass);
/// # Ok::<(), koogallery::AccessKeyError>(())
/// ```
pub fn examine(asked: &Examination<'_>, reply: &Reply) -> Examined {
    let terms = Terms { key: asked.key, body_sign: asked.body_sign, limits: asked.limits };
    examine_with(terms, reply, |reading, code, message, body| judge(reading, asked, code, message, body))
}

fn judge(
    reading: &mut Reading<'_>,
    asked: &Examination<'_>,
    code: &ResultCode,
    message: &str,
    body: &Json,
) -> Option<Answer> {
    let name = asked.call.name();
    let later = if name == CallName::NewInstance { Later::Allowed } else { Later::NotAllowed };
    let progress = progress(reading, code, message, later, VersionWords::ONE)?;
    let before = reading.checks.len();
    let answer = match name {
        CallName::NewInstance => {
            let answer = created(reading, asked.known_instance, progress, body);
            match progress {
                Progress::Ready => delivered(reading, asked.call, answer, body),
                Progress::InProgress => answer,
            }
        }
        CallName::QueryInstance => {
            let wanted: Vec<&str> = asked.call.get("instanceId").unwrap_or_default().split(',').collect();
            reading.presumed_encryption = Some(EncryptType::default());
            described(reading, &wanted, body)
        }
        CallName::GetLicense => {
            let answer = created(reading, asked.known_instance, progress, body);
            match body.get("license") {
                Some(Json::Text(text)) if !text.is_empty() => {}
                None | Some(Json::Null | Json::Text(_)) => reading.blame("license", ValueProblem::Missing),
                Some(other @ (Json::Bool(_) | Json::Number(_) | Json::List(_) | Json::Object(_))) => {
                    reading.blame("license", ValueProblem::WrongType { expected: "string", found: other.kind() });
                }
            }
            answer
        }
        CallName::RefreshInstance
        | CallName::ExpireInstance
        | CallName::ReleaseInstance
        | CallName::Upgrade
        | CallName::InstanceStatus
        | CallName::ReleaseLicense => Some(Answer::Done),
    };
    members_fit(reading, before);
    answer
}

/// How the customer gets in stands in the answer to `newInstance` itself (seller-protocol 6.3). A seller that sends it by mail or SMS
/// leaves it out; in debugging it is asked for all the same (7.3).
fn delivered(reading: &mut Reading<'_>, call: &Call, answer: Option<Answer>, body: &Json) -> Option<Answer> {
    let sound = !reading.has_failed();
    reading.encryption(body);
    // The default of seller-protocol 4: an answer need not name it.
    reading.presumed_encryption = Some(EncryptType::default());
    let app = match body.get("appInfo") {
        None | Some(Json::Null) if call.get("testFlag") == Some("1") => {
            reading.blame("appInfo.frontEndUrl", ValueProblem::Missing);
            None
        }
        None | Some(Json::Null) => {
            reading.note(CheckCode::AccessDataAbsent, [("member", "newInstance".to_owned())]);
            None
        }
        Some(app) => {
            let app = reading.app_info("appInfo", app);
            if app.is_some() {
                reading.note(CheckCode::AccessDataPresent, []);
            }
            app
        }
    };
    match answer? {
        Answer::Created(created) => {
            if sound && reading.has_failed() {
                reading.named = Some(created.instance_id.clone());
            }
            Some(Answer::Delivered(InstanceInfo { instance_id: created.instance_id, app, usage: Vec::new() }))
        }
        other @ (Answer::Delivered(_) | Answer::Described(_) | Answer::Done) => Some(other),
    }
}
