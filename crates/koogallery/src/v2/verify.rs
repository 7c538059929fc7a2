//! The seller's side: is this call really from the marketplace, fresh, and new? (seller-protocol 2.4) What the seller then does
//! is its own business.

use std::collections::HashMap;

use subtle::ConstantTimeEq;

use super::activity::{Activity, ActivityError};
use super::diagnose::{Mistake, diagnose};
use super::request::{inner_hex, outer_mac};
use crate::ResultCode;
use crate::json::{Json, JsonError};
use crate::key::AccessKey;

/// A call's time may differ from ours by so much, in milliseconds.
pub const WINDOW_MS: i64 = 60_000;

/// The three query parameters of a call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignedQuery {
    /// Hexadecimal, in any case.
    pub signature: Option<String>,
    /// Unix milliseconds, as text, because the text itself is signed.
    pub timestamp: Option<String>,
    /// Different in every call.
    pub nonce: Option<String>,
}

impl SignedQuery {
    /// Reads them from the part of the address after `?`. Blank ones count as absent; of two with one name the first counts.
    pub fn from_query_string(query: &str) -> SignedQuery {
        let mut found = SignedQuery::default();
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = percent_encoding::percent_decode_str(value).decode_utf8_lossy().into_owned();
            let place = match name {
                "signature" => &mut found.signature,
                "timestamp" => &mut found.timestamp,
                "nonce" => &mut found.nonce,
                _ => continue,
            };
            if !value.is_empty() && place.is_none() {
                *place = Some(value);
            }
        }
        found
    }
}

/// Has a nonce been used before?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sighting {
    /// Never seen inside the time for which it is remembered.
    New,
    /// Seen: the call is a replay.
    Repeated,
}

/// Where used nonces are remembered. Several processes of one seller must share it.
pub trait NonceMemory {
    /// Notes the nonce until `until_ms` and says whether it was there already. Note and answer must be one step.
    fn remember(&mut self, nonce: &str, until_ms: i64, now_ms: i64) -> Sighting;
}

/// Nonces in the memory of one process. Forgets them when their time is over, so it holds two minutes of calls.
#[derive(Clone, Debug, Default)]
pub struct RecentNonces {
    until_ms_by_nonce: HashMap<String, i64>,
    swept_at_ms: i64,
}

impl NonceMemory for RecentNonces {
    fn remember(&mut self, nonce: &str, until_ms: i64, now_ms: i64) -> Sighting {
        if now_ms.saturating_sub(self.swept_at_ms) >= WINDOW_MS {
            self.until_ms_by_nonce.retain(|_, until| *until >= now_ms);
            self.swept_at_ms = now_ms;
        }
        match self.until_ms_by_nonce.insert(nonce.to_owned(), until_ms) {
            Some(until) if until >= now_ms => Sighting::Repeated,
            Some(_) | None => Sighting::New,
        }
    }
}

/// Why a call is not obeyed. [`Refusal::result_code`] is what to answer, with HTTP status 200.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No `timestamp`.
    #[error("timestamp is missing")]
    TimestampMissing,
    /// `timestamp` is no number.
    #[error("timestamp is not a number of milliseconds")]
    TimestampMalformed,
    /// Too old, or too far in the future.
    #[error("timestamp differs from our clock by {difference_ms} ms, at most {WINDOW_MS} ms are allowed")]
    TimestampOutsideWindow {
        /// Our time less the call's.
        difference_ms: i64,
    },
    /// No `nonce`.
    #[error("nonce is missing")]
    NonceMissing,
    /// No `signature`.
    #[error("signature is missing")]
    SignatureMissing,
    /// The signature is not the one of this body under this key.
    #[error("signature differs{}", .mistake.map(|m| format!(": {m}")).unwrap_or_default())]
    SignatureDiffers {
        /// The slip that explains it, if it is one we know.
        mistake: Option<Mistake>,
    },
    /// The same nonce was used in the last two minutes.
    #[error("nonce was used before")]
    NonceRepeated,
    /// Signed, but no JSON that can be trusted.
    #[error("{0}")]
    Unreadable(#[from] JsonError),
    /// Signed, but no call that we know.
    #[error("{0}")]
    NotACall(#[from] ActivityError),
}

impl Refusal {
    /// The result code to answer with.
    pub fn result_code(&self) -> ResultCode {
        match self {
            Refusal::SignatureMissing | Refusal::SignatureDiffers { .. } | Refusal::NonceRepeated => {
                ResultCode::AuthenticationFailed
            }
            Refusal::TimestampMissing
            | Refusal::TimestampMalformed
            | Refusal::TimestampOutsideWindow { .. }
            | Refusal::NonceMissing
            | Refusal::Unreadable(_)
            | Refusal::NotACall(_) => ResultCode::InvalidParameter,
        }
    }
}

/// Checks a call as a careful seller does, in the documented order, and reads it.
///
/// The body counts as signed when either its bytes or its sorted, compact form are; the marketplace sends both alike. A nonce is
/// noted only after the signature proved right, so strangers cannot fill the memory.
///
/// ```
/// use koogallery::{AccessKey, Nonce};
/// use koogallery::v2::*;
///
/// let key = AccessKey::parse("kg-test-access-key-0001")?;
/// let address = ProductionAddress::parse("https://saas.example.com/produce")?;
/// let call = QueryInstance { instance_id: InstanceIds::parse("i-1")?, test_flag: TestFlag::Production };
/// let sent = sign(call.into(), &address, &key, &Nonce::from_random([1; 32]), 1_768_469_400_000);
///
/// let (_, query) = sent.url().split_once('?').expect("signed addresses have a query");
/// let query = SignedQuery::from_query_string(query);
/// let mut nonces = RecentNonces::default();
/// let heard = verify_request(&key, &query, sent.body(), 1_768_469_400_500, &mut nonces)?;
/// assert_eq!(&heard, sent.activity());
/// assert_eq!(verify_request(&key, &query, sent.body(), 1_768_469_400_900, &mut nonces), Err(Refusal::NonceRepeated));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verify_request(
    key: &AccessKey,
    query: &SignedQuery,
    body: &[u8],
    now_ms: i64,
    nonces: &mut dyn NonceMemory,
) -> Result<Activity, Refusal> {
    verify_signature(key, query, body, now_ms)?;
    let nonce = query.nonce.as_deref().ok_or(Refusal::NonceMissing)?;
    // A call may come up to one window early and be repeated until one window after its time.
    if nonces.remember(nonce, now_ms.saturating_add(2 * WINDOW_MS), now_ms) == Sighting::Repeated {
        return Err(Refusal::NonceRepeated);
    }
    Ok(Activity::parse(&Json::parse(body)?)?)
}

/// The checks of [`verify_request`] that need no memory and do not read the body.
pub fn verify_signature(key: &AccessKey, query: &SignedQuery, body: &[u8], now_ms: i64) -> Result<(), Refusal> {
    let timestamp = query.timestamp.as_deref().ok_or(Refusal::TimestampMissing)?;
    let at_ms: i64 = timestamp.parse().map_err(|_| Refusal::TimestampMalformed)?;
    let difference_ms = now_ms.saturating_sub(at_ms);
    if difference_ms.saturating_abs() > WINDOW_MS {
        return Err(Refusal::TimestampOutsideWindow { difference_ms });
    }
    let nonce = query.nonce.as_deref().ok_or(Refusal::NonceMissing)?;
    let signature = query.signature.as_deref().ok_or(Refusal::SignatureMissing)?;
    if signed_forms(body).iter().any(|form| is_signature_of(key, nonce, timestamp, form, signature)) {
        return Ok(());
    }
    Err(Refusal::SignatureDiffers { mistake: diagnose(key, query, body) })
}

/// The body as it came, and sorted as the sample does it, if that differs.
fn signed_forms(body: &[u8]) -> Vec<Vec<u8>> {
    let mut forms = vec![body.to_vec()];
    if let Ok(json) = Json::parse(body) {
        let sorted = json.sorted_outermost().to_compact().into_bytes();
        if sorted != body {
            forms.push(sorted);
        }
    }
    forms
}

fn is_signature_of(key: &AccessKey, nonce: &str, timestamp: &str, payload: &[u8], signature: &str) -> bool {
    let expected = outer_mac(key, nonce, timestamp, &inner_hex(key, payload));
    match hex::decode(signature) {
        Ok(found) => found.ct_eq(expected.as_slice()).into(),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_forgotten_after_its_time_and_not_before() {
        let mut memory = RecentNonces::default();
        assert_eq!(memory.remember("a", 120, 0), Sighting::New);
        assert_eq!(memory.remember("a", 240, 120), Sighting::Repeated);
        assert_eq!(memory.remember("a", 400, 241), Sighting::New);
        assert_eq!(memory.remember("b", 1_000_000, 999_000), Sighting::New);
        assert_eq!(memory.until_ms_by_nonce.len(), 1, "old ones are swept out");
    }

    #[test]
    fn a_future_call_is_refused_like_an_old_one() {
        let key = AccessKey::parse("k").expect("valid");
        let query =
            SignedQuery { signature: Some("00".into()), timestamp: Some("100000".into()), nonce: Some("n".into()) };
        assert_eq!(
            verify_signature(&key, &query, b"{}", 39_999),
            Err(Refusal::TimestampOutsideWindow { difference_ms: -60_001 })
        );
        let odd = SignedQuery { timestamp: Some("soon".into()), ..query };
        assert_eq!(verify_signature(&key, &odd, b"{}", 0), Err(Refusal::TimestampMalformed));
    }

    #[test]
    fn a_query_string_is_read_whatever_else_is_in_it() {
        let read = SignedQuery::from_query_string("tenant=7&nonce=&signature=%41B&timestamp=1&nonce=n&signature=late");
        let expected =
            SignedQuery { signature: Some("AB".into()), timestamp: Some("1".into()), nonce: Some("n".into()) };
        assert_eq!(read, expected);
    }
}
