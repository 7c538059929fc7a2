//! The seller's side of the joint-operations calls: is this call really from the marketplace, fresh, new, and sound? (seller-protocol 2.6:
//! "same checks and codes as 2.4")

use subtle::ConstantTimeEq;

use super::body::{SyncName, SyncProblem};
use super::call::SyncCall;
use super::x_sign;
use crate::ResultCode;
use crate::json::{Json, JsonError};
use crate::key::AccessKey;
use crate::v1;
use crate::v2::{NonceMemory, Sighting, WINDOW_MS};

/// The three headers of a call of version 2.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncHeaders {
    /// Hexadecimal, in any case.
    pub x_sign: Option<String>,
    /// Unix milliseconds, as text, because the text itself is signed.
    pub x_timestamp: Option<String>,
    /// Different in every call.
    pub x_nonce: Option<String>,
}

impl SyncHeaders {
    /// Takes them from the headers of a request, names in any case. Blank ones count as absent; of two with one name the first counts.
    pub fn from_headers<'h>(headers: impl IntoIterator<Item = (&'h str, &'h str)>) -> SyncHeaders {
        let mut found = SyncHeaders::default();
        for (name, value) in headers {
            let place = match name.to_ascii_lowercase().as_str() {
                "x-sign" => &mut found.x_sign,
                "x-timestamp" => &mut found.x_timestamp,
                "x-nonce" => &mut found.x_nonce,
                _ => continue,
            };
            let value = value.trim();
            if !value.is_empty() && place.is_none() {
                *place = Some(value.to_owned());
            }
        }
        found
    }
}

/// Why a call is not obeyed. [`Refusal::result_code`] is what to answer, with HTTP status 200.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No `x-timestamp`; in version 1 no `timeStamp` in the body.
    #[error("the timestamp is missing")]
    TimestampMissing,
    /// `x-timestamp` is no number.
    #[error("x-timestamp is not a number of milliseconds")]
    TimestampMalformed,
    /// Too old, or too far in the future.
    #[error("x-timestamp differs from our clock by {difference_ms} ms, at most {WINDOW_MS} ms are allowed")]
    TimestampOutsideWindow {
        /// Our time less the call's.
        difference_ms: i64,
    },
    /// No `x-nonce`.
    #[error("x-nonce is missing")]
    NonceMissing,
    /// No `x-sign`; in version 1 no `authToken`.
    #[error("the signature is missing")]
    SignatureMissing,
    /// The signature is not the one of this body under this key.
    #[error("the signature differs")]
    SignatureDiffers,
    /// The same nonce was used in the last two minutes.
    #[error("x-nonce was used before")]
    NonceRepeated,
    /// No JSON that can be trusted, so nothing that could be signed.
    #[error("{0}")]
    Unreadable(#[from] JsonError),
    /// Signed, but members are missing or wrong.
    #[error("{} of the members cannot be used: {}", .0.len(), .0.iter().take(5).map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Members(Vec<SyncProblem>),
}

impl Refusal {
    /// The result code to answer with.
    pub fn result_code(&self) -> ResultCode {
        match self {
            Refusal::SignatureMissing | Refusal::SignatureDiffers | Refusal::NonceRepeated | Refusal::Unreadable(_) => {
                ResultCode::AuthenticationFailed
            }
            Refusal::TimestampMissing
            | Refusal::TimestampMalformed
            | Refusal::TimestampOutsideWindow { .. }
            | Refusal::NonceMissing
            | Refusal::Members(_) => ResultCode::InvalidParameter,
        }
    }
}

/// Checks a call of version 2 as a careful seller does, in the documented order, and reads it. Which call it is, the path says:
/// [`SyncName::of_path`].
///
/// The body counts as signed when either its bytes or its sorted, compact form are. A nonce is noted only after the signature proved
/// right, so strangers cannot fill the memory.
///
/// ```
/// use koogallery::{AccessKey, Nonce};
/// use koogallery::joint_operations::{Refusal, SyncCall, SyncHeaders, SyncName, sign_call, verify_request};
/// use koogallery::v2::{ProductionAddress, RecentNonces};
///
/// let (key, now_ms) = (AccessKey::parse("kg-test-joint-key-0002")?, 1_768_469_402_000);
/// let typed = [("instanceId", "i-1"), ("tenantId", "t-1"), ("orgCode", "1001"), ("orgName", "R&D"), ("flag", "1")];
/// let typed = typed.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
/// let call = SyncCall::from_form(SyncName::Department, &typed, now_ms).expect("all is said");
/// let sent = sign_call(&call, &ProductionAddress::parse("https://saas.example.com/produce")?, &key, &Nonce::from_random([1; 32]), now_ms);
///
/// assert_eq!(SyncName::of_path(sent.url()), Some(SyncName::Department));
/// let headers = SyncHeaders::from_headers(sent.headers().iter().map(|(name, value)| (*name, value.as_str())));
/// let mut nonces = RecentNonces::default();
/// let heard = verify_request(&key, SyncName::Department, &headers, sent.body(), now_ms + 500, &mut nonces)?;
/// assert_eq!(heard, call);
/// let again = verify_request(&key, SyncName::Department, &headers, sent.body(), now_ms + 900, &mut nonces);
/// assert_eq!(again, Err(Refusal::NonceRepeated));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verify_request(
    key: &AccessKey,
    name: SyncName,
    headers: &SyncHeaders,
    body: &[u8],
    now_ms: i64,
    nonces: &mut dyn NonceMemory,
) -> Result<SyncCall, Refusal> {
    let timestamp = headers.x_timestamp.as_deref().ok_or(Refusal::TimestampMissing)?;
    let at_ms: i64 = timestamp.parse().map_err(|_| Refusal::TimestampMalformed)?;
    let difference_ms = now_ms.saturating_sub(at_ms);
    if difference_ms.saturating_abs() > WINDOW_MS {
        return Err(Refusal::TimestampOutsideWindow { difference_ms });
    }
    let nonce = headers.x_nonce.as_deref().ok_or(Refusal::NonceMissing)?;
    let found = headers.x_sign.as_deref().ok_or(Refusal::SignatureMissing)?;
    let json = Json::parse(body)?;
    let found = hex::decode(found).map_err(|_| Refusal::SignatureDiffers)?;
    let is_of = |payload: &[u8]| bool::from(found.ct_eq(x_sign(key, nonce, timestamp, payload).as_slice()));
    if !is_of(body) && !is_of(json.clone().sorted_outermost().to_compact().as_bytes()) {
        return Err(Refusal::SignatureDiffers);
    }
    // A call may come up to one window early and be repeated until one window after its time.
    if nonces.remember(nonce, now_ms.saturating_add(2 * WINDOW_MS), now_ms) == Sighting::Repeated {
        return Err(Refusal::NonceRepeated);
    }
    SyncCall::read(name, &json).map_err(Refusal::Members)
}

/// The same for a call of version 1, whose token is the header `authToken` and whose lists are JSON text. No time window is prescribed
/// there, and no nonce; a careful seller looks at `timeStamp` itself ([`super::made_at_ms`]).
pub fn verify_request_v1(
    key: &AccessKey,
    name: SyncName,
    auth_token: Option<&str>,
    body: &[u8],
) -> Result<SyncCall, Refusal> {
    let json = Json::parse(body)?;
    let token = auth_token.map(str::trim).filter(|token| !token.is_empty()).ok_or(Refusal::SignatureMissing)?;
    let time_stamp = json.get("timeStamp").and_then(Json::as_text).ok_or(Refusal::TimestampMissing)?;
    let members = name.members_v1(&json);
    let said = members.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    if !v1::verify_body_token(key, time_stamp, said, token) {
        return Err(Refusal::SignatureDiffers);
    }
    SyncCall::read(name, &json).map_err(Refusal::Members)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Nonce;
    use crate::joint_operations::{SyncRequest, sign_call, sign_call_v1};
    use crate::v2::{ProductionAddress, RecentNonces};

    const NOW_MS: i64 = 1_768_469_402_000;

    fn key() -> AccessKey {
        AccessKey::parse("kg-test-joint-key-0002").expect("valid")
    }

    fn users() -> SyncCall {
        let list = r#"[{"userName":"zhao.min","name":"赵敏","orgCode":"1001","role":"user","enable":"true"}]"#;
        let typed = [
            ("instanceId", "i-1"),
            ("tenantId", "t-1"),
            ("appId", "a-1"),
            ("userList", list),
            ("currentSyncTime", "20260115173002000"),
            ("flag", "1"),
        ];
        let typed = typed.map(|(name, value)| (name.to_owned(), value.to_owned()));
        SyncCall::from_form(SyncName::Authorisation, &typed.into(), NOW_MS).expect("all is said")
    }

    fn address() -> ProductionAddress {
        ProductionAddress::parse("https://saas.example.com/produce").expect("valid")
    }

    fn heard(sent: &SyncRequest) -> SyncHeaders {
        SyncHeaders::from_headers(sent.headers().iter().map(|(name, value)| (*name, value.as_str())))
    }

    #[test]
    fn every_refusal_has_the_code_and_the_place_in_the_order_of_the_documentation() {
        let sent = sign_call(&users(), &address(), &key(), &Nonce::from_random([1; 32]), NOW_MS);
        let right = heard(&sent);
        let check = |headers: &SyncHeaders, body: &[u8], now_ms: i64| {
            let mut nonces = RecentNonces::default();
            let refusal = verify_request(&key(), SyncName::Authorisation, headers, body, now_ms, &mut nonces).err();
            refusal.map(|refusal| (refusal.result_code().to_string(), refusal))
        };
        assert_eq!(check(&right, sent.body(), NOW_MS + 60_000), None, "exactly a minute passes");
        let code = |headers: &SyncHeaders, body: &[u8], now_ms: i64| check(headers, body, now_ms).expect("refused").0;
        let none = SyncHeaders::default();
        assert_eq!(code(&none, b"{", NOW_MS), "000002", "the time comes first");
        assert_eq!(code(&right, sent.body(), NOW_MS + 60_001), "000002");
        assert_eq!(code(&right, sent.body(), NOW_MS - 60_001), "000002");
        let timed = SyncHeaders { x_timestamp: right.x_timestamp.clone(), ..SyncHeaders::default() };
        assert_eq!(check(&timed, b"{", NOW_MS).expect("refused").1, Refusal::NonceMissing);
        let bare = SyncHeaders { x_sign: None, ..right.clone() };
        assert_eq!(check(&bare, b"{", NOW_MS).expect("refused").1, Refusal::SignatureMissing);
        assert_eq!(code(&right, b"{", NOW_MS), "000001", "what cannot be read cannot be signed");
        let forged = String::from_utf8_lossy(sent.body()).replace("t-1", "t-2");
        assert_eq!(code(&right, forged.as_bytes(), NOW_MS), "000001");
        let upper = SyncHeaders { x_sign: right.x_sign.as_ref().map(|sign| sign.to_uppercase()), ..right };
        assert_eq!(check(&upper, sent.body(), NOW_MS), None);
    }

    #[test]
    fn a_signed_body_that_breaks_a_rule_is_an_invalid_parameter() {
        let signed = super::super::sign(Json::Object(Vec::new()), &key(), &Nonce::from_random([2; 32]), NOW_MS);
        let headers = SyncHeaders {
            x_sign: Some(signed.x_sign),
            x_timestamp: Some(signed.x_timestamp),
            x_nonce: Some(signed.x_nonce),
        };
        let mut nonces = RecentNonces::default();
        let refusal =
            verify_request(&key(), SyncName::Tenant, &headers, signed.payload.as_bytes(), NOW_MS, &mut nonces);
        let Err(refusal @ Refusal::Members(_)) = refusal else { unreachable!("nothing is said: {refusal:?}") };
        assert_eq!(refusal.result_code().as_str(), "000002");
    }

    #[test]
    fn a_call_of_version_one_carries_its_lists_as_text_and_reads_back_as_lists() {
        let call = users();
        let sent = sign_call_v1(&call, &address(), &key());
        assert_eq!(sent.url(), "https://saas.example.com/produce/produceAPI/authSync");
        let body = Json::parse(sent.body()).expect("we write JSON");
        assert!(body.get("userList").and_then(Json::as_text).is_some_and(|list| list.starts_with(r#"[{"userName":"#)));
        let token = sent.headers().iter().find(|(name, _)| *name == "authToken").map(|(_, value)| value.as_str());
        assert_eq!(verify_request_v1(&key(), call.name(), token, sent.body()).as_ref(), Ok(&call));
        let other = AccessKey::parse("another-key").expect("valid");
        let refusal = verify_request_v1(&other, call.name(), token, sent.body());
        assert_eq!(refusal, Err(Refusal::SignatureDiffers));
        assert_eq!(verify_request_v1(&key(), call.name(), Some(" "), sent.body()), Err(Refusal::SignatureMissing));
    }
}
