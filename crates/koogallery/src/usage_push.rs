//! The signature of pushed usage records, new form (seller-protocol 8.4). What the records mean is metering's business.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use subtle::ConstantTimeEq;

use crate::json::Json;
use crate::key::AccessKey;
use crate::text::Text;

/// A push may differ from our clock by so much. The protocol gives no window for `ts`; ours is that of the gateway.
pub const WINDOW_MS: i64 = crate::gateway::WINDOW_MS;

/// The three headers of a signed push, each within its length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushHeaders {
    /// `signature`, base64.
    pub signature: Text<1000>,
    /// `ts`, as it was sent.
    pub ts: Text<20>,
    /// `nonce`
    pub nonce: Text<64>,
    /// `ts` as Unix milliseconds.
    pub ts_ms: i64,
}

/// A header of a push that is missing or malformed. Says which and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the header {header} {problem}")]
pub struct PushHeaderProblem {
    /// `signature`, `ts` or `nonce`.
    pub header: &'static str,
    /// What is wrong with it.
    pub problem: String,
}

impl PushHeaders {
    /// Reads the headers' values.
    ///
    /// ```
    /// use koogallery::usage_push::PushHeaders;
    /// let headers = PushHeaders::parse(Some("c2lnbmVk"), Some("1768471500000"), Some("n-1")).expect("three good headers");
    /// assert!(headers.within_window(1_768_471_500_000 + 15 * 60_000));
    /// assert!(!headers.within_window(1_768_471_500_001 + 15 * 60_000));
    /// let problem = PushHeaders::parse(Some("c2lnbmVk"), None, Some("n-1")).expect_err("ts is missing");
    /// assert_eq!(problem.to_string(), "the header ts is missing");
    /// ```
    pub fn parse(
        signature: Option<&str>,
        ts: Option<&str>,
        nonce: Option<&str>,
    ) -> Result<PushHeaders, PushHeaderProblem> {
        fn read<const MAX: usize>(header: &'static str, value: Option<&str>) -> Result<Text<MAX>, PushHeaderProblem> {
            Text::parse(value.unwrap_or_default().trim())
                .map_err(|problem| PushHeaderProblem { header, problem: problem.to_string() })
        }
        let (signature, ts, nonce) = (read("signature", signature)?, read::<20>("ts", ts)?, read("nonce", nonce)?);
        let number = ts.as_str().bytes().all(|byte| byte.is_ascii_digit()).then(|| ts.as_str().parse().ok()).flatten();
        let wrong = || PushHeaderProblem { header: "ts", problem: "is no Unix time in milliseconds".to_owned() };
        Ok(PushHeaders { ts_ms: number.ok_or_else(wrong)?, signature, ts, nonce })
    }

    /// Whether `ts` is near enough to our clock.
    pub fn within_window(&self, now_ms: i64) -> bool {
        now_ms.saturating_sub(self.ts_ms).saturating_abs() <= WINDOW_MS
    }

    /// Is the body signed with this key? See [`verify`].
    pub fn verify(&self, key: &AccessKey, forms: &BodyForms<'_>) -> bool {
        forms.signed_with(key, self.ts.as_str(), self.nonce.as_str(), self.signature.as_str())
    }
}

/// The header `signature` for these bytes, taken as they are.
pub fn signature(key: &AccessKey, ts: &str, nonce: &str, body: &str) -> String {
    STANDARD.encode(key.mac(&[b"ts=", ts.as_bytes(), b"&nonce=", nonce.as_bytes(), b"&body=", body.as_bytes()]))
}

/// The body a seller should sign and send: compact, members of every object ascending. `None` if it is no JSON.
pub fn sorted_body(body: &[u8]) -> Option<String> {
    Json::parse(body).ok().map(|json| json.sorted_throughout().to_compact())
}

/// Is the body signed with this key? Both its bytes and its sorted form count, because "sorted naturally" can be read in two ways.
pub fn verify(key: &AccessKey, ts: &str, nonce: &str, body: &[u8], found: &str) -> bool {
    BodyForms::of(body).signed_with(key, ts, nonce, found)
}

/// The forms in which a body may have been signed, made once however many keys are tried.
#[derive(Clone, Debug)]
pub struct BodyForms<'a> {
    raw: Option<&'a str>,
    /// Only where it differs from the bytes.
    sorted: Option<String>,
}

impl<'a> BodyForms<'a> {
    /// The body as it came, and sorted.
    pub fn of(body: &'a [u8]) -> BodyForms<'a> {
        let raw = std::str::from_utf8(body).ok();
        BodyForms { raw, sorted: sorted_body(body).filter(|sorted| Some(sorted.as_str()) != raw) }
    }

    fn signed_with(&self, key: &AccessKey, ts: &str, nonce: &str, found: &str) -> bool {
        let mut forms = self.raw.into_iter().chain(self.sorted.as_deref());
        forms.any(|form| bool::from(signature(key, ts, nonce, form).as_bytes().ct_eq(found.as_bytes())))
    }
}
