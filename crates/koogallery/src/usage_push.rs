//! The signature of pushed usage records, new form (seller-protocol 8.4). What the records mean is metering's business.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use subtle::ConstantTimeEq;

use crate::json::Json;
use crate::key::AccessKey;

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
    let raw = std::str::from_utf8(body).ok().map(ToOwned::to_owned);
    let mut forms = raw.into_iter().chain(sorted_body(body));
    forms.any(|form| bool::from(signature(key, ts, nonce, &form).as_bytes().ct_eq(found.as_bytes())))
}
