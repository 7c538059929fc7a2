//! The signature of the open APIs for sellers: Huawei's API-gateway scheme with access key and secret key (seller-protocol 8.1).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::key::hmac_sha256;

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
const ALGORITHM: &str = "SDK-HMAC-SHA256";

/// A call may differ from our clock by so much, as Huawei's gateway allows.
pub const WINDOW_MS: i64 = 15 * 60_000;

/// A request as both sides see it.
#[derive(Clone, Debug)]
pub struct ApiRequest<'a> {
    /// `GET`, `POST`.
    pub method: &'a str,
    /// The path as in the address, percent-encoded or not.
    pub path: &'a str,
    /// The query's pairs, decoded.
    pub query: &'a [(String, String)],
    /// The headers, names in any case; must hold `host` and `x-sdk-date`.
    pub headers: &'a [(String, String)],
    /// The bytes of the body.
    pub body: &'a [u8],
}

/// The header `Authorization`, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// Who signed.
    pub access_key: String,
    /// Which headers were signed, lower case.
    pub signed_headers: Vec<String>,
    /// Lower-case hexadecimal.
    pub signature: String,
}

impl Authorization {
    /// The most headers that may be signed, and the longest value in bytes: what is signed is written out once for each
    /// header that is named, before anybody knows who asks.
    pub const MOST_SIGNED_HEADERS: usize = 32;
    /// See [`Self::MOST_SIGNED_HEADERS`].
    pub const LONGEST_BYTES: usize = 4096;

    /// Reads the header's value. `None` also when a header is named twice, or more is named than anybody signs.
    pub fn parse(value: &str) -> Option<Authorization> {
        if value.len() > Authorization::LONGEST_BYTES {
            return None;
        }
        let rest = value.trim().strip_prefix(ALGORITHM)?.strip_prefix(' ')?;
        let (mut access, mut names, mut signature) = (None, None, None);
        for part in rest.split(',') {
            let (name, value) = part.trim().split_once('=')?;
            let place = match name {
                "Access" => &mut access,
                "SignedHeaders" => &mut names,
                "Signature" => &mut signature,
                _ => return None,
            };
            if place.replace(value.to_owned()).is_some() {
                return None;
            }
        }
        let signed_headers: Vec<String> = names?.split(';').map(str::to_ascii_lowercase).collect();
        let twice = || signed_headers.iter().enumerate().any(|(place, name)| signed_headers[..place].contains(name));
        if signed_headers.len() > Authorization::MOST_SIGNED_HEADERS || twice() {
            return None;
        }
        Some(Authorization { access_key: access?, signed_headers, signature: signature? })
    }

    /// The header's value.
    pub fn to_value(&self) -> String {
        let names = self.signed_headers.join(";");
        format!("{ALGORITHM} Access={}, SignedHeaders={names}, Signature={}", self.access_key, self.signature)
    }
}

/// Why a signed request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GatewayError {
    /// `host` and `x-sdk-date` must be signed and there.
    #[error("the headers host and x-sdk-date must be sent and signed")]
    HeadersMissing,
    /// A signed header is absent, or there twice.
    #[error("a signed header is absent or given twice")]
    HeaderUnclear,
    /// `X-Sdk-Date` is no `yyyyMMdd'T'HHmmss'Z'`.
    #[error("X-Sdk-Date is no yyyyMMdd'T'HHmmss'Z'")]
    DateMalformed,
    /// Too old or too young.
    #[error("X-Sdk-Date differs from our clock by more than 15 minutes")]
    OutsideWindow,
    /// Not signed with this secret.
    #[error("the signature differs")]
    SignatureDiffers,
}

/// The canonical form of a request, over the named headers.
pub fn canonical_request(request: &ApiRequest<'_>, signed_headers: &[String]) -> Option<String> {
    let mut path: String =
        request.path.split('/').filter(|segment| !segment.is_empty()).fold(String::new(), |path, segment| {
            path + "/" + &encode(&percent_decode_str(segment).decode_utf8_lossy())
        });
    path.push('/');
    let mut pairs: Vec<_> = request.query.iter().map(|(name, value)| (encode(name), encode(value))).collect();
    pairs.sort();
    let query: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut names: Vec<_> = signed_headers.iter().map(|name| name.to_ascii_lowercase()).collect();
    names.sort();
    let mut headers = String::new();
    for name in &names {
        let mut values = request.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        let (Some((_, value)), None) = (values.next(), values.next()) else { return None };
        headers += &format!("{name}:{}\n", value.trim());
    }
    let hash = hex::encode(Sha256::digest(request.body));
    Some(format!("{}\n{path}\n{}\n{headers}\n{}\n{hash}", request.method, query.join("&"), names.join(";")))
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

/// The text that is signed, from date and canonical request.
pub fn string_to_sign(sdk_date: &str, canonical: &str) -> String {
    format!("{ALGORITHM}\n{sdk_date}\n{}", hex::encode(Sha256::digest(canonical)))
}

/// Signs a request over all headers given. The error says which of them is missing.
pub fn sign(access_key: &str, secret_key: &str, request: &ApiRequest<'_>) -> Result<Authorization, GatewayError> {
    let mut signed_headers: Vec<_> = request.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    signed_headers.sort();
    let signature = hex::encode(signature(secret_key, request, &signed_headers)?);
    Ok(Authorization { access_key: access_key.to_owned(), signed_headers, signature })
}

fn signature(secret_key: &str, request: &ApiRequest<'_>, signed_headers: &[String]) -> Result<[u8; 32], GatewayError> {
    let is_signed = |name: &str| signed_headers.iter().any(|known| known == name);
    if !is_signed("host") || !is_signed("x-sdk-date") {
        return Err(GatewayError::HeadersMissing);
    }
    let canonical = canonical_request(request, signed_headers).ok_or(GatewayError::HeaderUnclear)?;
    let text = string_to_sign(sdk_date(request).ok_or(GatewayError::HeadersMissing)?, &canonical);
    Ok(hmac_sha256(secret_key.as_bytes(), &[text.as_bytes()]))
}

fn sdk_date<'r>(request: &ApiRequest<'r>) -> Option<&'r str> {
    request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("x-sdk-date")).map(|(_, value)| value.trim())
}

/// Checks a request that claims to be signed. Find the secret by `authorization.access_key` first.
pub fn verify(
    authorization: &Authorization,
    secret_key: &str,
    request: &ApiRequest<'_>,
    now_ms: i64,
) -> Result<(), GatewayError> {
    let expected = signature(secret_key, request, &authorization.signed_headers)?;
    let date = sdk_date(request).ok_or(GatewayError::HeadersMissing)?;
    let at = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", date).map_err(|_| GatewayError::DateMalformed)?;
    let at = jiff::tz::TimeZone::UTC.to_timestamp(at).map_err(|_| GatewayError::DateMalformed)?;
    if now_ms.saturating_sub(at.as_millisecond()).saturating_abs() > WINDOW_MS {
        return Err(GatewayError::OutsideWindow);
    }
    let found = hex::decode(&authorization.signature).map_err(|_| GatewayError::SignatureDiffers)?;
    if bool::from(found.ct_eq(expected.as_slice())) { Ok(()) } else { Err(GatewayError::SignatureDiffers) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_that_names_one_thing_twice_or_too_much_is_none() {
        let with = |names: &str| format!("{ALGORITHM} Access=AK, SignedHeaders={names}, Signature=00");
        assert!(Authorization::parse(&with("host;x-sdk-date")).is_some());
        assert_eq!(Authorization::parse(&with("host;x-sdk-date;Host")), None);
        let many: Vec<String> = (0..=Authorization::MOST_SIGNED_HEADERS).map(|number| format!("x-{number}")).collect();
        assert_eq!(Authorization::parse(&with(&many.join(";"))), None);
        assert!(Authorization::parse(&with(&many[1..].join(";"))).is_some());
        assert_eq!(Authorization::parse(&with(&"h".repeat(Authorization::LONGEST_BYTES))), None);
    }
}
