//! The access key that seller and marketplace share, and the nonce of one call. Signing itself is in [`crate::v2`],
//! [`crate::v1`] and [`crate::body_sign`].

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The access key bound to one interface type of a production address (seller-protocol 2.1).
///
/// The UTF-8 bytes of the text are the HMAC key; nothing is derived. `Debug` never shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessKey(String);

/// Why a text cannot be an access key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessKeyError {
    /// Nothing was given.
    #[error("the access key is empty")]
    Empty,
    /// A blank, line break or control character, mostly from copying.
    #[error("the access key holds a blank or a control character")]
    BlankOrControl,
}

impl AccessKey {
    /// Takes a key as the seller console shows it.
    ///
    /// ```
    /// use koogallery::AccessKey;
    /// let key = AccessKey::parse("kg-test-access-key-0001").expect("a key without blanks");
    /// assert_eq!(key.masked(), "••••••••••0001");
    /// assert_eq!(format!("{key:?}"), "AccessKey(••••••••••0001)");
    /// assert!(AccessKey::parse("copied with a line break\n").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<AccessKey, AccessKeyError> {
        if text.is_empty() {
            return Err(AccessKeyError::Empty);
        }
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(AccessKeyError::BlankOrControl);
        }
        Ok(AccessKey(text.to_owned()))
    }

    /// The key in clear. For signing and sealing only; never for logs.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Ten dots and the last four characters; only dots when the key is shorter than twelve.
    pub fn masked(&self) -> String {
        let count = self.0.chars().count();
        let tail: String = if count < 12 { String::new() } else { self.0.chars().skip(count - 4).collect() };
        format!("••••••••••{tail}")
    }

    /// HMAC-SHA256 of the parts, one after the other, under this key.
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        hmac_sha256(self.0.as_bytes(), parts)
    }
}

impl fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccessKey({})", self.masked())
    }
}

/// HMAC-SHA256 of the parts, one after the other.
pub(crate) fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// The random value that makes one call unlike every other (seller-protocol 2.2).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Nonce(String);

impl Nonce {
    /// 64 upper-case hexadecimal characters, as KooGallery sends today. The 32 bytes must be random and used once.
    pub fn from_random(bytes: [u8; 32]) -> Nonce {
        Nonce(hex::encode_upper(bytes))
    }

    /// A nonce as it arrived: 1 to 128 letters and digits. Older senders use 16 or 32 of them.
    pub fn parse(text: &str) -> Option<Nonce> {
        let fits = (1..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
        fits.then(|| Nonce(text.to_owned()))
    }

    /// The text as it travels.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
