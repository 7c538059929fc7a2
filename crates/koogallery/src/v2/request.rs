//! From a call to the exact bytes that go out: signature, address, headers, body, and the same as a `curl` command and as three
//! steps to read (seller-protocol 2.2, 2.3).

use super::activity::{Activity, ActivityName};
use crate::key::{AccessKey, Nonce};

/// A seller's production address: one per product, for all activities (seller-protocol 1.1).
///
/// Only the form is checked here. That it is a public name with TLS is the business of whoever sends.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProductionAddress(String);

/// Why a text is no production address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// No `http` or `https` address with a host.
    #[error("a production address starts with https:// and names a host")]
    NotAWebAddress,
    /// `#…` never reaches a server.
    #[error("a production address has no part after #")]
    Fragment,
    /// Its query already says `signature`, `timestamp` or `nonce`.
    #[error("the query of a production address must not hold signature, timestamp or nonce")]
    TakenParameter,
}

impl ProductionAddress {
    /// Takes an address as typed, at most 512 characters.
    pub fn parse(text: &str) -> Result<ProductionAddress, AddressError> {
        let web = crate::WebAddress::parse(text).map_err(|_| AddressError::NotAWebAddress)?;
        if text.contains('#') {
            return Err(AddressError::Fragment);
        }
        let query = text.split_once('?').map_or("", |(_, query)| query);
        let names = query.split('&').map(|pair| pair.split('=').next().unwrap_or(pair));
        if names.into_iter().any(|name| matches!(name, "signature" | "timestamp" | "nonce")) {
            return Err(AddressError::TakenParameter);
        }
        Ok(ProductionAddress(web.as_str().to_owned()))
    }

    /// The address as typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The headers that Huawei's examples send, spelled so.
const HEADERS: [(&str, &str); 2] = [("Accept", "application/json"), ("Content-Type", "application/json;charset=utf8")];

/// A call, signed and ready to be sent with POST. Send the body exactly so; another byte order breaks the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedRequest {
    activity: Activity,
    url: String,
    payload: String,
    explanation: Explanation,
}

/// The signature in three steps, for a page that explains it. The key is masked everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What is hashed first: the body.
    pub payload: String,
    /// Step 1: `lowercase_hex(HMAC_SHA256(key, payload))`.
    pub inner: String,
    /// Step 2: key, nonce, timestamp and `inner`, one after the other; the first part is masked.
    pub canonical: [String; 4],
    /// Step 3: `hex(HMAC_SHA256(key, canonical))`, upper case as sent.
    pub signature: String,
}

/// Signs a call (seller-protocol 2.3). `now_ms` is Unix time in milliseconds; a retry needs a new time and a new nonce.
///
/// ```
/// use koogallery::{AccessKey, Id, Nonce};
/// use koogallery::v2::{NewInstance, ProductionAddress, TestFlag, sign};
///
/// let call = NewInstance {
///     order_id: Id::parse("CS2601150930ABCDE")?,
///     order_line_id: Id::parse("CS2601150930ABCDE-000001")?,
///     business_id: Id::parse("6f1c2d7e-0b35-4a57-9c43-8f0f5b1f7a10")?,
///     test_flag: TestFlag::Debugging,
/// };
/// let key = AccessKey::parse("kg-test-access-key-0001")?;
/// let nonce = Nonce::parse("A7463EA64083E5A138E34EECB1A65474B719092FE0BFF22BF150805C413F6FA0").expect("letters and digits");
/// let address = ProductionAddress::parse("https://saas.example.com/produce")?;
///
/// let request = sign(call.into(), &address, &key, &nonce, 1_768_469_400_000);
/// assert_eq!(request.signature(), "AD3C0033C82ECEAA9A87A5E4E11A6EBDD9A633CAB19211F86B48893F1240D486");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn sign(
    activity: Activity,
    address: &ProductionAddress,
    key: &AccessKey,
    nonce: &Nonce,
    now_ms: i64,
) -> SignedRequest {
    let payload = activity.payload();
    let timestamp = now_ms.to_string();
    let inner = inner_hex(key, payload.as_bytes());
    let signature = hex::encode_upper(outer_mac(key, nonce.as_str(), &timestamp, &inner));
    let joint = if address.as_str().contains('?') { '&' } else { '?' };
    let url =
        format!("{}{joint}signature={signature}&timestamp={timestamp}&nonce={}", address.as_str(), nonce.as_str());
    let canonical = [key.masked(), nonce.as_str().to_owned(), timestamp, inner.clone()];
    let explanation = Explanation { payload: payload.clone(), inner, canonical, signature };
    SignedRequest { activity, url, payload, explanation }
}

/// The signature of any payload, for those who send bytes that [`sign`] would not make: a debugger that tries what a seller does about
/// them. 64 upper-case hexadecimal characters. The timestamp is signed as the text that stands in the address.
pub fn signature(key: &AccessKey, nonce: &str, timestamp: &str, payload: &[u8]) -> String {
    hex::encode_upper(outer_mac(key, nonce, timestamp, &inner_hex(key, payload)))
}

/// The inner HMAC of a payload, lower-case hexadecimal: what a developer compares first.
pub fn inner(key: &AccessKey, payload: &[u8]) -> String {
    inner_hex(key, payload)
}

/// Step 3 of the algorithm.
pub(super) fn inner_hex(key: &AccessKey, payload: &[u8]) -> String {
    hex::encode(key.mac(&[payload]))
}

/// Steps 4 and 5 of the algorithm.
pub(super) fn outer_mac(key: &AccessKey, nonce: &str, timestamp: &str, inner: &str) -> [u8; 32] {
    key.mac(&[key.reveal().as_bytes(), nonce.as_bytes(), timestamp.as_bytes(), inner.as_bytes()])
}

impl SignedRequest {
    /// The call that was signed.
    pub fn activity(&self) -> &Activity {
        &self.activity
    }

    /// Its name.
    pub fn name(&self) -> ActivityName {
        self.activity.name()
    }

    /// Always `POST`.
    pub fn method(&self) -> &'static str {
        "POST"
    }

    /// The address with `signature`, `timestamp` and `nonce`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The headers to send, besides `Host` and `Content-Length`.
    pub fn headers(&self) -> &'static [(&'static str, &'static str)] {
        &HEADERS
    }

    /// The body, byte for byte what was signed.
    pub fn body(&self) -> &[u8] {
        self.payload.as_bytes()
    }

    /// 64 upper-case hexadecimal characters.
    pub fn signature(&self) -> &str {
        &self.explanation.signature
    }

    /// The signature in three steps.
    pub fn explanation(&self) -> &Explanation {
        &self.explanation
    }

    /// A command that sends the same bytes from a POSIX shell. It works for 60 seconds, then the time has run out.
    pub fn curl(&self) -> String {
        let headers: String = HEADERS
            .iter()
            .map(|(name, value)| format!(" \\\n  -H {}", shell_quoted(&format!("{name}: {value}"))))
            .collect();
        format!(
            "curl -sS -i -X POST {}{headers} \\\n  --data-binary {}",
            shell_quoted(&self.url),
            shell_quoted(&self.payload)
        )
    }

    /// The request as it stands on the wire, for showing.
    pub fn wire_text(&self) -> String {
        let (host, target) = host_and_target(&self.url);
        let headers: String = HEADERS.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let length = self.payload.len();
        format!("POST {target} HTTP/1.1\r\nHost: {host}\r\n{headers}Content-Length: {length}\r\n\r\n{}", self.payload)
    }
}

/// The header `Host` of a request to this URL, and the target in its first line.
pub(crate) fn host_and_target(url: &str) -> (&str, String) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let cut = rest.find(['/', '?']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(cut);
    let slash = if path.starts_with('/') { "" } else { "/" };
    (host, format!("{slash}{path}"))
}

/// One word for a POSIX shell, whatever is in it.
pub(crate) fn shell_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::v2::{OrderNotify, SaidTestFlag};
    use crate::{Id, ValueProblem};

    fn request(address: &str, order: &str) -> Result<SignedRequest, ValueProblem> {
        let call = OrderNotify {
            order_id: Id::parse(order)?,
            order_line_id: Id::parse("l")?,
            test_flag: SaidTestFlag::default(),
        };
        let key = AccessKey::parse("kg-test-access-key-0001").expect("valid");
        let address = ProductionAddress::parse(address).expect("valid");
        Ok(sign(call.into(), &address, &key, &Nonce::from_random([7; 32]), 1))
    }

    #[test]
    fn an_address_with_a_query_is_continued_with_an_ampersand() {
        let made = request("https://saas.example.com/produce?tenant=7", "o").expect("valid");
        assert!(made.url().starts_with("https://saas.example.com/produce?tenant=7&signature="), "{}", made.url());
        let bare = request("https://saas.example.com", "o").expect("valid");
        assert!(bare.wire_text().starts_with("POST /?signature="), "{}", bare.wire_text());
    }

    #[test]
    fn the_command_survives_quotes_in_values() {
        let made = request("https://saas.example.com/", "it's $HOME `id`").expect("valid");
        assert!(made.curl().ends_with(r#"--data-binary '{"activity":"orderNotify","orderId":"it'\''s $HOME `id`","orderLineId":"l","testFlag":"0"}'"#));
    }

    #[test]
    fn the_key_is_nowhere_in_what_is_shown() {
        let made = request("https://saas.example.com/", "o").expect("valid");
        assert!(!format!("{made:?}{}{}", made.curl(), made.wire_text()).contains("kg-test-access-key-0001"));
        assert_eq!(made.explanation().canonical[0], "••••••••••0001");
    }

    #[test]
    fn addresses_that_could_not_be_signed_are_refused() {
        use AddressError as E;
        for (text, error) in [
            ("ftp://a.example/", E::NotAWebAddress),
            ("saas.example.com/produce", E::NotAWebAddress),
            ("https://a.example/#x", E::Fragment),
            ("https://a.example/?nonce=1", E::TakenParameter),
        ] {
            assert_eq!(ProductionAddress::parse(text), Err(error), "{text}");
        }
    }
}
