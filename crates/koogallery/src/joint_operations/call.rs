//! One joint-operations call: read from a form or from a body, and made into exact bytes in either version (seller-protocol 2.6, 3.10).

use std::collections::BTreeMap;

use super::body::{SyncKind, SyncName, SyncProblem};
use super::{SignedSync, sign};
use crate::json::Json;
use crate::key::{AccessKey, Nonce};
use crate::text::ValueProblem;
use crate::v1;
use crate::v2::ProductionAddress;
use crate::v2::request::{host_and_target, shell_quoted};

/// These calls say Chinese time.
const AHEAD_OF_UTC_MS: i64 = 8 * 60 * 60 * 1000;

/// `timeStamp` and `currentSyncTime` of an instant: `yyyyMMddHHmmssSSS` in UTC+8. `None` outside the years 0 to 9999.
///
/// ```
/// assert_eq!(koogallery::joint_operations::time_stamp(1_768_469_402_000).as_deref(), Some("20260115173002000"));
/// ```
pub fn time_stamp(unix_ms: i64) -> Option<String> {
    v1::time_stamp(unix_ms.checked_add(AHEAD_OF_UTC_MS)?)
}

/// When a body says that it was made, in Unix milliseconds: `timeStamp` read as UTC+8.
pub fn made_at_ms(time_stamp: &str) -> Option<i64> {
    let (second, millis) = time_stamp.split_at_checked(14)?;
    let millis: i64 = if millis.len() == 3 { millis.parse().ok()? } else { return None };
    Some(crate::UtcSecond::parse(second).ok()?.unix_ms() + millis - AHEAD_OF_UTC_MS)
}

/// A call whose members keep to their rules. Lists are lists here, however they travel, and the outermost members stand in
/// ascending order, in which they are signed.
#[derive(Clone, Debug, PartialEq)]
pub struct SyncCall {
    name: SyncName,
    body: Json,
}

impl SyncCall {
    /// Reads a body of either version.
    pub fn read(name: SyncName, body: &Json) -> Result<SyncCall, Vec<SyncProblem>> {
        let body = name.lists_read(body).sorted_outermost();
        let problems = name.check(&body);
        if problems.is_empty() { Ok(SyncCall { name, body }) } else { Err(problems) }
    }

    /// Builds a debugging call from typed values, as the debugging page does: member name to text, lists as JSON text. Blank
    /// values count as absent; `testFlag` is 1 and `timeStamp` the instant given.
    ///
    /// ```
    /// use koogallery::joint_operations::{SyncCall, SyncName};
    ///
    /// let typed = [("instanceId", "i-1"), ("tenantId", "t-1"), ("orgInfoList", r#"[{"orgCode":"1000","orgName":"Head"}]"#)];
    /// let typed = typed.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    /// let call = SyncCall::from_form(SyncName::AllDepartments, &typed, 1_768_469_402_000).expect("all is said");
    /// assert!(call.payload().starts_with(r#"{"instanceId":"i-1","orgInfoList":[{"orgCode":"1000","#));
    /// assert!(call.payload_v1().contains(r#""orgInfoList":"[{\"orgCode\":\"1000\""#));
    /// ```
    pub fn from_form(
        name: SyncName,
        values: &BTreeMap<String, String>,
        now_ms: i64,
    ) -> Result<SyncCall, Vec<SyncProblem>> {
        let (mut members, mut problems) = (Vec::new(), Vec::new());
        for member in name.members() {
            let typed = values.get(member.name).map(|value| value.trim()).filter(|value| !value.is_empty());
            let value = match member.name {
                "testFlag" => Some(Ok(Json::Number(1.into()))),
                "timeStamp" => time_stamp(now_ms).map(|at| Ok(Json::Text(at))),
                _ => typed.map(|typed| value_of(member.kind, typed)),
            };
            match value {
                Some(Ok(value)) => members.push((member.name.to_owned(), value)),
                Some(Err(problem)) => problems.push(SyncProblem { member: member.name.to_owned(), problem }),
                None => {}
            }
        }
        let body = Json::Object(members).sorted_outermost();
        let unread: Vec<String> = problems.iter().map(|problem| problem.member.clone()).collect();
        problems.extend(name.check(&body).into_iter().filter(|problem| !unread.contains(&problem.member)));
        if problems.is_empty() { Ok(SyncCall { name, body }) } else { Err(problems) }
    }

    /// Which call it is.
    pub fn name(&self) -> SyncName {
        self.name
    }

    /// The members, lists as lists.
    pub fn body(&self) -> &Json {
        &self.body
    }

    /// One of its members, if it is a text.
    pub fn get(&self, member: &str) -> Option<&str> {
        self.body.get(member).and_then(Json::as_text)
    }

    /// Does the call take something away (`flag` 0)? Then a seller must not ask whether the instance exists (seller-protocol 1.4).
    pub fn is_removal(&self) -> bool {
        matches!(self.body.get("flag"), Some(Json::Number(number)) if number.as_i64() == Some(0))
    }

    /// Is it a debugging call (`testFlag` 1)?
    pub fn is_rehearsal(&self) -> bool {
        matches!(self.body.get("testFlag"), Some(Json::Number(number)) if number.as_i64() == Some(1))
    }

    /// The body of version 2: outermost members ascending, compact.
    pub fn payload(&self) -> String {
        self.body.clone().sorted_outermost().to_compact()
    }

    /// The body of version 1, where lists are JSON text.
    pub fn payload_v1(&self) -> String {
        self.name.lists_written(&self.body).sorted_outermost().to_compact()
    }
}

fn value_of(kind: SyncKind, typed: &str) -> Result<Json, ValueProblem> {
    match kind {
        SyncKind::Integer(allowed) => match typed.parse::<i64>() {
            Ok(number) => Ok(Json::Number(number.into())),
            Err(_) => {
                let allowed = allowed.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                Err(ValueProblem::NotAllowed { allowed })
            }
        },
        SyncKind::Users | SyncKind::Departments => {
            let not_a_list = |_| ValueProblem::WrongType { expected: "array", found: "string" };
            Json::parse(typed.as_bytes()).map_err(not_a_list)
        }
        SyncKind::Text(_) | SyncKind::Word(_) | SyncKind::Moment | SyncKind::Day => Ok(Json::text(typed)),
    }
}

/// How a call came to what it is signed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncSigning {
    /// Version 2: one HMAC, in `x-sign`.
    Headers {
        /// The nonce.
        nonce: String,
        /// Unix milliseconds.
        timestamp: String,
        /// Lower-case hexadecimal.
        x_sign: String,
    },
    /// Version 1: the token of the members, in `authToken`.
    Token {
        /// What was signed.
        string_to_sign: String,
        /// `timeStamp` of the body, the end of the HMAC's key.
        time_stamp: String,
        /// The token.
        auth_token: String,
    },
}

/// A call, signed and ready to be sent with POST.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncRequest {
    url: String,
    headers: Vec<(&'static str, String)>,
    payload: String,
    signing: SyncSigning,
}

/// Signs a call of version 2.
pub fn sign_call(
    call: &SyncCall,
    address: &ProductionAddress,
    key: &AccessKey,
    nonce: &Nonce,
    now_ms: i64,
) -> SyncRequest {
    let SignedSync { x_sign, x_timestamp, x_nonce, payload } = sign(call.body.clone(), key, nonce, now_ms);
    let mut headers = common_headers();
    headers.extend([("x-sign", x_sign.clone()), ("x-timestamp", x_timestamp.clone()), ("x-nonce", x_nonce.clone())]);
    let signing = SyncSigning::Headers { nonce: x_nonce, timestamp: x_timestamp, x_sign };
    SyncRequest { url: beneath(address, &call.name.sub_path()), headers, payload, signing }
}

/// Signs a call of version 1. The time is the call's own `timeStamp`.
pub fn sign_call_v1(call: &SyncCall, address: &ProductionAddress, key: &AccessKey) -> SyncRequest {
    let members = call.name.members_v1(&call.body);
    let said = || members.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let time_stamp = call.get("timeStamp").unwrap_or_default().to_owned();
    let auth_token = v1::body_token(key, &time_stamp, said());
    let string_to_sign = v1::string_to_sign(said().filter(|(_, value)| !value.trim().is_empty()));
    let mut headers = common_headers();
    headers.push((TOKEN_HEADER, auth_token.clone()));
    let signing = SyncSigning::Token { string_to_sign, time_stamp, auth_token };
    SyncRequest { url: beneath(address, &call.name.sub_path_v1()), headers, payload: call.payload_v1(), signing }
}

/// The header of version 1's token.
pub const TOKEN_HEADER: &str = "authToken";

fn common_headers() -> Vec<(&'static str, String)> {
    vec![("Accept", "application/json".to_owned()), ("Content-Type", "application/json;charset=utf8".to_owned())]
}

/// The address with a sub-path, before its query if it has one.
fn beneath(address: &ProductionAddress, sub_path: &str) -> String {
    let (path, query) = match address.as_str().split_once('?') {
        Some((path, query)) => (path, format!("?{query}")),
        None => (address.as_str(), String::new()),
    };
    format!("{}{sub_path}{query}", path.trim_end_matches('/'))
}

impl SyncRequest {
    /// Always `POST`.
    pub fn method(&self) -> &'static str {
        "POST"
    }

    /// The address with the sub-path of the call.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The headers to send, besides `Host` and `Content-Length`.
    pub fn headers(&self) -> &[(&'static str, String)] {
        &self.headers
    }

    /// The body, byte for byte what was signed.
    pub fn body(&self) -> &[u8] {
        self.payload.as_bytes()
    }

    /// The way to the signature.
    pub fn signing(&self) -> &SyncSigning {
        &self.signing
    }

    /// A command that sends the same bytes from a POSIX shell.
    pub fn curl(&self) -> String {
        let header =
            |(name, value): &(&str, String)| format!(" \\\n  -H {}", shell_quoted(&format!("{name}: {value}")));
        let headers: String = self.headers.iter().map(header).collect();
        let (url, body) = (shell_quoted(&self.url), shell_quoted(&self.payload));
        format!("curl -sS -i -X POST {url}{headers} \\\n  --data-binary {body}")
    }

    /// The request as it stands on the wire, for showing.
    pub fn wire_text(&self) -> String {
        let (host, target) = host_and_target(&self.url);
        let headers: String = self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let length = self.payload.len();
        format!("POST {target} HTTP/1.1\r\nHost: {host}\r\n{headers}Content-Length: {length}\r\n\r\n{}", self.payload)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sub_path_stands_before_the_query_of_an_address() {
        let under = |text: &str| beneath(&ProductionAddress::parse(text).expect("valid"), "/produceAPI/v2/tenantSync");
        assert_eq!(under("https://a.example/produce"), "https://a.example/produce/produceAPI/v2/tenantSync");
        assert_eq!(under("https://a.example/?t=7"), "https://a.example/produceAPI/v2/tenantSync?t=7");
    }

    #[test]
    fn a_time_stamp_is_chinese_time_and_reads_back() {
        let now_ms = 1_768_469_402_123;
        assert_eq!(made_at_ms(&time_stamp(now_ms).expect("in range")), Some(now_ms));
        for odd in ["20260115173002", "2026011517300200x", "2026-01-15T17:30", "ab"] {
            assert_eq!(made_at_ms(odd), None, "{odd}");
        }
    }

    #[test]
    fn typed_values_that_cannot_be_read_are_named_once() {
        let typed = [("instanceId", "i"), ("tenantId", "t"), ("orgCode", "1"), ("orgName", "R&D"), ("flag", "x")];
        let typed = typed.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let problems = SyncCall::from_form(SyncName::Department, &typed.into(), 0).expect_err("no number");
        let said: Vec<_> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(said, ["flag must be one of: 0, 1, 2"]);
        let typed = [("instanceId", "i"), ("tenantId", "t"), ("orgInfoList", "[{")];
        let typed = typed.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let problems = SyncCall::from_form(SyncName::AllDepartments, &typed.into(), 0).expect_err("no JSON");
        let said: Vec<_> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(said, ["orgInfoList is of type string, expected array"]);
    }
}
