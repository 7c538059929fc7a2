//! The signature of an answer: header `Body-Sign` (seller-protocol 2.5). Whether it must be there is decided elsewhere.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::key::AccessKey;

/// The header's name as the documentation spells it; any case is understood.
pub const HEADER: &str = "Body-Sign";

/// The value of `Body-Sign` for these bytes.
///
/// ```
/// use koogallery::{AccessKey, body_sign};
/// let key = AccessKey::parse("kg-test-access-key-0001").expect("valid");
/// assert_eq!(
///     body_sign::header_value(&key, br#"{"resultCode":"000000","resultMsg":"success."}"#),
///     r#"sign_type="HMAC-SHA256", signature="gYiG1ummYfpO9LiKMUyEnWYeHZbc4cyd3QrAs/3ZMVE=""#,
/// );
/// ```
pub fn header_value(key: &AccessKey, body: &[u8]) -> String {
    format!("sign_type=\"HMAC-SHA256\", signature=\"{}\"", signature(key, body))
}

/// The Base64 text inside the header.
pub fn signature(key: &AccessKey, body: &[u8]) -> String {
    STANDARD.encode(key.mac(&[body]))
}

/// What is wrong with a `Body-Sign` header.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodySignError {
    /// Not `sign_type="HMAC-SHA256", signature="…"`.
    #[error("the header is not of the form sign_type=\"HMAC-SHA256\", signature=\"…\"")]
    Malformed,
    /// Well formed, but not the signature of these bytes.
    #[error("the signature does not belong to these bytes")]
    Wrong {
        /// The slip that explains the value, if it is one we know.
        mistake: Option<BodySignMistake>,
    },
}

macro_rules! body_sign_mistakes {
    ($( $name:ident = $code:literal, $english:literal, $chinese:literal; )*) => {
        /// Slips that sellers make, recognised by their result.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum BodySignMistake {
            $( #[doc = $english] $name, )*
        }

        impl BodySignMistake {
            /// Stable name for programs.
            pub fn code(self) -> &'static str {
                match self { $( BodySignMistake::$name => $code, )* }
            }

            /// Reads the stable name.
            pub fn parse(code: &str) -> Option<BodySignMistake> {
                match code { $( $code => Some(BodySignMistake::$name), )* _ => None }
            }

            /// The slip, for people.
            pub fn message(self, language: crate::Language) -> &'static str {
                match (self, language) {
                    $(
                        (BodySignMistake::$name, crate::Language::English) => $english,
                        (BodySignMistake::$name, crate::Language::Chinese) => $chinese,
                    )*
                }
            }
        }
    };
}

body_sign_mistakes! {
    Hexadecimal = "hexadecimal",
        "The value is hexadecimal; it must be Base64.", "该值为十六进制，应为Base64。";
    Base64OfHexadecimal = "base64_of_hexadecimal",
        "The value is Base64 of hexadecimal text; it must be Base64 of the 32 bytes.", "该值是对十六进制文本的Base64，应直接对32字节做Base64。";
    PlainHash = "plain_hash",
        "The value is a SHA-256 without the key.", "该值是不带密钥的SHA-256。";
    TrimmedBody = "trimmed_body",
        "White space round the body was cut off before signing.", "签名前去掉了返回体首尾的空白。";
    RewrittenBody = "rewritten_body",
        "The body was written anew, with other blanks or another order, before it was sent.", "签名后返回体被重新格式化（空白或顺序不同）。";
}

/// Checks the header's value against the body, in constant time.
pub fn check(key: &AccessKey, header: &str, body: &[u8]) -> Result<(), BodySignError> {
    let found = parse(header).ok_or(BodySignError::Malformed)?;
    if bool::from(found.as_bytes().ct_eq(signature(key, body).as_bytes())) {
        return Ok(());
    }
    Err(BodySignError::Wrong { mistake: recognise(key, &found, body) })
}

/// The signature inside a header value: both values in double quotes, blanks allowed round `=` and `,`.
fn parse(header: &str) -> Option<String> {
    let (mut kind, mut signature) = (None, None);
    for part in header.split(',') {
        // Base64 ends in '=', so only the first '=' divides.
        let (name, value) = part.split_once('=')?;
        let value = value.trim().strip_prefix('"')?.strip_suffix('"')?;
        match name.trim() {
            "sign_type" if kind.is_none() => kind = Some(value),
            "signature" if signature.is_none() => signature = Some(value.to_owned()),
            _ => return None,
        }
    }
    kind.filter(|kind| *kind == "HMAC-SHA256").and(signature)
}

fn recognise(key: &AccessKey, found: &str, body: &[u8]) -> Option<BodySignMistake> {
    let mac = key.mac(&[body]);
    let hexadecimal = hex::encode(mac);
    if found.eq_ignore_ascii_case(&hexadecimal) {
        return Some(BodySignMistake::Hexadecimal);
    }
    if [hexadecimal.clone(), hexadecimal.to_uppercase()].iter().any(|text| found == STANDARD.encode(text)) {
        return Some(BodySignMistake::Base64OfHexadecimal);
    }
    if found == STANDARD.encode(Sha256::digest(body)) {
        return Some(BodySignMistake::PlainHash);
    }
    if found == signature(key, body.trim_ascii()) {
        return Some(BodySignMistake::TrimmedBody);
    }
    let rewritten = crate::Json::parse(body).ok()?;
    let forms = [rewritten.to_compact(), rewritten.sorted_throughout().to_compact()];
    forms.iter().any(|form| found == signature(key, form.as_bytes())).then_some(BodySignMistake::RewrittenBody)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_named() {
        let key = AccessKey::parse("kg-test-access-key-0001").expect("valid");
        let body = b"{ \"resultCode\" : \"000000\" }\n";
        let header = |signature: &str| format!("sign_type=\"HMAC-SHA256\",signature = \"{signature}\"");
        assert_eq!(check(&key, &header(&signature(&key, body)), body), Ok(()));
        let slips = [
            (hex::encode(key.mac(&[body])), BodySignMistake::Hexadecimal),
            (STANDARD.encode(hex::encode(key.mac(&[body]))), BodySignMistake::Base64OfHexadecimal),
            (STANDARD.encode(Sha256::digest(body)), BodySignMistake::PlainHash),
            (signature(&key, b"{ \"resultCode\" : \"000000\" }"), BodySignMistake::TrimmedBody),
            (signature(&key, b"{\"resultCode\":\"000000\"}"), BodySignMistake::RewrittenBody),
        ];
        for (value, mistake) in slips {
            assert_eq!(check(&key, &header(&value), body), Err(BodySignError::Wrong { mistake: Some(mistake) }));
        }
        assert_eq!(check(&key, &header("AAAA"), body), Err(BodySignError::Wrong { mistake: None }));
        for malformed in [
            "",
            "x",
            "sign_type=HMAC-SHA256, signature=x",
            "signature=\"x\"",
            "sign_type=\"MD5\", signature=\"x\"",
            "a,b",
        ] {
            assert_eq!(check(&key, malformed, body), Err(BodySignError::Malformed), "{malformed}");
        }
    }
}
