//! The `authToken` of version 1.0 (seller-protocol 6.2).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use subtle::ConstantTimeEq;

use crate::key::{AccessKey, hmac_sha256};

/// The text that is signed: `name=value`, decoded, ascending by name, joined with `&`, without `authToken` itself.
pub fn string_to_sign<'p>(parameters: impl IntoIterator<Item = (&'p str, &'p str)>) -> String {
    let mut pairs: Vec<_> = parameters.into_iter().filter(|(name, _)| *name != "authToken").collect();
    pairs.sort_by(|a, b| a.0.encode_utf16().cmp(b.0.encode_utf16()));
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// The token for a query string's parameters. The key is the access key followed by the time stamp.
///
/// ```
/// use koogallery::{AccessKey, v1};
/// let key = AccessKey::parse("kg-test-access-key-0001").expect("valid");
/// let parameters = [
///     ("activity", "expireInstance"), ("instanceId", "6f1c2d7e-0b35-4a57-9c43-8f0f5b1f7a10"),
///     ("orderId", "CS2601150930ABCDE"), ("testFlag", "1"), ("timeStamp", "20260115093000123"),
/// ];
/// assert_eq!(v1::auth_token(&key, "20260115093000123", parameters), "O13urLq6GcEXofGQeNmN5yXmDH232C49Fbb8P5DLT/w=");
/// ```
pub fn auth_token<'p>(
    key: &AccessKey,
    time_stamp: &str,
    parameters: impl IntoIterator<Item = (&'p str, &'p str)>,
) -> String {
    token_of(key, time_stamp, &string_to_sign(parameters))
}

/// The token of the joint-operations calls of version 1.0, which travels in the header `authToken`: the members of the body, blank
/// ones skipped.
pub fn body_token<'p>(
    key: &AccessKey,
    time_stamp: &str,
    members: impl IntoIterator<Item = (&'p str, &'p str)>,
) -> String {
    let said = members.into_iter().filter(|(_, value)| !value.trim().is_empty());
    token_of(key, time_stamp, &string_to_sign(said))
}

/// Is this the token of a joint-operations body of version 1.0? For a seller: compares in constant time. The members are those of
/// the body, lists as the JSON text they travel as.
///
/// ```
/// use koogallery::{AccessKey, v1};
/// let key = AccessKey::parse("kg-test-access-key-0001").expect("valid");
/// let members = [("tenantId", "t-0001"), ("flag", "1"), ("orderId", " "), ("timeStamp", "20260115173002000")];
/// let token = v1::body_token(&key, "20260115173002000", members);
/// assert!(v1::verify_body_token(&key, "20260115173002000", members, &token));
/// assert!(!v1::verify_body_token(&key, "20260115173002001", members, &token));
/// ```
pub fn verify_body_token<'p>(
    key: &AccessKey,
    time_stamp: &str,
    members: impl IntoIterator<Item = (&'p str, &'p str)>,
    found: &str,
) -> bool {
    body_token(key, time_stamp, members).as_bytes().ct_eq(found.as_bytes()).into()
}

pub(super) fn token_of(key: &AccessKey, time_stamp: &str, text: &str) -> String {
    let key = [key.reveal().as_bytes(), time_stamp.as_bytes()].concat();
    STANDARD.encode(hmac_sha256(&key, &[text.as_bytes()]))
}
