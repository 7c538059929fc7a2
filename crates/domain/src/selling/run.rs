//! One run of the debugger: what was sent, what came back, what the checks found. Kept without secrets: the access key is
//! masked and passwords in an answer are struck out before a run is stored.

use serde::{Deserialize, Serialize};

use crate::ids::{DebugCaseId, DebugRunId, InterfaceAddressId, OrganisationId, UserId};
use crate::time::Timestamp;

use super::{Activity, CaseResult, CheckLine, DebugValues};

/// A request for people: exact bytes, and how its signature came about. It holds no key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentRequest {
    /// The method.
    pub method: String,
    /// The whole URL with its query.
    pub url: String,
    /// The headers we set, in order.
    pub headers: Vec<(String, String)>,
    /// The body, byte for byte; it is always UTF-8.
    pub body: String,
    /// The request as it stands on the wire, lines ending in CR LF.
    pub wire_text: String,
    /// A command for a shell that sends the same bytes; for V2.0 it works for 60 seconds.
    pub curl: String,
    /// The way to the signature.
    pub signing: Signing,
}

/// The way to the signature, as the version of the protocol goes it. Kept as plain members, told apart by their names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Signing {
    /// V2.0.
    Steps(SigningSteps),
    /// V1.0.
    Token(TokenSteps),
    /// Joint operations of V2.0.
    Headers(HeaderSteps),
}

/// The `x-sign` of a joint-operations call of V2.0 (seller-protocol 2.6): one HMAC, nothing inner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeaderSteps {
    /// What is signed is key, nonce, timestamp and body, joined. This is the key, masked.
    pub masked_key: String,
    /// `x-nonce`.
    pub nonce: String,
    /// `x-timestamp`, milliseconds.
    pub timestamp: String,
    /// `x-sign`, lower-case hexadecimal.
    pub x_sign: String,
}

/// The `authToken` of V1.0 (seller-protocol 6.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenSteps {
    /// Every parameter but `authToken` as `name=value`, decoded, ascending by name, joined with `&`.
    pub string_to_sign: String,
    /// The key of the HMAC is the access key, masked here, and the time stamp after it.
    pub masked_key: String,
    /// `timeStamp`, as in the URL.
    pub time_stamp: String,
    /// `base64(HMAC_SHA256(key, string to sign))`, not yet URL-encoded. Sealed where the run is stored, because it has no end.
    pub auth_token: String,
}

/// The signature of V2.0 in three steps (seller-protocol 2.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningSteps {
    /// Step 1: `lowercase_hex(HMAC_SHA256(key, body))`.
    pub inner: String,
    /// Step 2 joins key, nonce, timestamp and `inner`. This is the key, masked.
    pub masked_key: String,
    /// The nonce, as in the URL.
    pub nonce: String,
    /// The timestamp in milliseconds, as in the URL.
    pub timestamp: String,
    /// Step 3: `hex(HMAC_SHA256(key, step 2))`, as in the URL.
    pub signature: String,
}

/// An answer as it came back, with passwords struck out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivedAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as text; bytes that are no UTF-8 are shown as replacement characters.
    pub body: String,
    /// How many bytes the body had.
    pub body_bytes: u64,
}

/// Why no answer came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoAnswer {
    /// A stable code: `timed_out`, `refused_by_policy`.
    pub class: String,
    /// What the seller may know of it; never an address inside our network.
    pub detail: String,
}

/// What went over the wire in one run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// What was sent.
    pub request: SentRequest,
    /// What came back.
    pub answer: Option<ReceivedAnswer>,
    /// Why nothing came back.
    pub failure: Option<NoAnswer>,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DebugRun {
    /// The id.
    pub id: DebugRunId,
    /// The address called.
    pub address: InterfaceAddressId,
    /// The seller.
    pub seller: OrganisationId,
    /// The case that was run, or that this run became.
    pub case: Option<DebugCaseId>,
    /// Which call.
    pub activity: Activity,
    /// What was typed.
    pub values: DebugValues,
    /// Who sent it.
    pub by: UserId,
    /// When it began.
    pub started_at: Timestamp,
    /// How long it took, in milliseconds.
    pub elapsed_ms: u64,
    /// How it ended; never [`CaseResult::Missing`].
    pub result: CaseResult,
    /// What went over the wire.
    pub exchange: Exchange,
    /// Every check, failures first.
    pub checks: Vec<CheckLine>,
}

impl DebugRun {
    /// How many checks failed.
    pub fn failed(&self) -> usize {
        self.checks.iter().filter(|check| check.verdict == super::Verdict::Fail).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_that_was_kept_before_there_were_two_versions_reads_back() {
        let kept =
            r#"{"inner":"45a8","masked_key":"••••0001","nonce":"A7","timestamp":"1768469400000","signature":"AD"}"#;
        let Ok(signing @ Signing::Steps(_)) = serde_json::from_str::<Signing>(kept) else { panic!("five members") };
        assert_eq!(serde_json::to_string(&signing).expect("plain text"), kept);
        let headers = HeaderSteps {
            masked_key: "••••0001".to_owned(),
            nonce: "A7".to_owned(),
            timestamp: "1768469400000".to_owned(),
            x_sign: "ad".to_owned(),
        };
        let kept = serde_json::to_string(&Signing::Headers(headers.clone())).expect("plain text");
        assert_eq!(serde_json::from_str::<Signing>(&kept).ok(), Some(Signing::Headers(headers)));
        let token = TokenSteps {
            string_to_sign: "a=b".to_owned(),
            masked_key: "••••0001".to_owned(),
            time_stamp: "20260115093000123".to_owned(),
            auth_token: "O13u=".to_owned(),
        };
        let kept = serde_json::to_string(&Signing::Token(token.clone())).expect("plain text");
        assert_eq!(serde_json::from_str::<Signing>(&kept).ok(), Some(Signing::Token(token)));
    }
}
