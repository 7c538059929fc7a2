//! The signature of the joint-operations kit (联营): tenant, application, user and department sync, version 2 (seller-protocol 2.6 and
//! 3.10), and the rules for their bodies. The token of version 1 is [`crate::v1::body_token`]. Souk sends none of these calls yet.

mod body;

use subtle::ConstantTimeEq;

pub use body::{SyncName, SyncProblem, USER_LIMIT};

use crate::json::Json;
use crate::key::{AccessKey, Nonce};
use crate::v2::WINDOW_MS;

/// The sub-paths that are appended to a production address.
pub const SUB_PATHS: [&str; 5] = [
    "/produceAPI/v2/tenantSync",
    "/produceAPI/v2/applicationSync",
    "/produceAPI/v2/authSync",
    "/produceAPI/v2/singleOrgSync",
    "/produceAPI/v2/allOrgSync",
];

/// The three headers and the body of one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedSync {
    /// `x-sign`: lower-case hexadecimal.
    pub x_sign: String,
    /// `x-timestamp`: Unix milliseconds.
    pub x_timestamp: String,
    /// `x-nonce`.
    pub x_nonce: String,
    /// The body, byte for byte what was signed.
    pub payload: String,
}

/// Signs a body. Only its outermost members are sorted; unlike the basic calls there is no inner HMAC.
pub fn sign(body: Json, key: &AccessKey, nonce: &Nonce, now_ms: i64) -> SignedSync {
    let payload = body.sorted_outermost().to_compact();
    let x_timestamp = now_ms.to_string();
    let x_sign = hex::encode(x_sign(key, nonce.as_str(), &x_timestamp, &payload));
    SignedSync { x_sign, x_timestamp, x_nonce: nonce.as_str().to_owned(), payload }
}

/// The signature of a payload.
fn x_sign(key: &AccessKey, nonce: &str, timestamp: &str, payload: &str) -> [u8; 32] {
    key.mac(&[key.reveal().as_bytes(), nonce.as_bytes(), timestamp.as_bytes(), payload.as_bytes()])
}

/// Is the call signed with this key and not older or younger than 60 s? The nonce is the caller's to remember.
pub fn verify(sync: &SignedSync, key: &AccessKey, now_ms: i64) -> bool {
    let fresh =
        sync.x_timestamp.parse::<i64>().is_ok_and(|at_ms| now_ms.saturating_sub(at_ms).saturating_abs() <= WINDOW_MS);
    let Ok(found) = hex::decode(&sync.x_sign) else { return false };
    let sorted = Json::parse(sync.payload.as_bytes()).map(|json| json.sorted_outermost().to_compact());
    let is_right =
        |payload: &str| bool::from(found.ct_eq(x_sign(key, &sync.x_nonce, &sync.x_timestamp, payload).as_slice()));
    fresh && (is_right(&sync.payload) || sorted.is_ok_and(|sorted| is_right(&sorted)))
}
