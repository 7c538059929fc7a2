//! The calls of the joint-operations kit (联营): tenant, application, user and department sync, in both versions (seller-protocol 2.6 and
//! 3.10). A marketplace goes [`SyncCall`] → [`sign_call`] → send → [`examine`], a seller [`verify_request`] → do the work → answer
//! ([`crate::v2::SellerAnswer`]). Souk sends them from the debugging page only.

mod body;
mod call;
mod examine;
mod verify;

pub use body::{SyncKind, SyncMember, SyncName, SyncProblem, USER_LIMIT};
pub use call::{SyncCall, SyncRequest, SyncSigning, TOKEN_HEADER, made_at_ms, sign_call, sign_call_v1, time_stamp};
pub use examine::{Examination, examine};
pub use verify::{Refusal, SyncHeaders, verify_request, verify_request_v1};

use crate::json::Json;
use crate::key::{AccessKey, Nonce};

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
    let x_sign = hex::encode(x_sign(key, nonce.as_str(), &x_timestamp, payload.as_bytes()));
    SignedSync { x_sign, x_timestamp, x_nonce: nonce.as_str().to_owned(), payload }
}

/// The signature of a payload.
fn x_sign(key: &AccessKey, nonce: &str, timestamp: &str, payload: &[u8]) -> [u8; 32] {
    key.mac(&[key.reveal().as_bytes(), nonce.as_bytes(), timestamp.as_bytes(), payload])
}
