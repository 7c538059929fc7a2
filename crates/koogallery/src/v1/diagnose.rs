//! The slips that make an `authToken` wrong, by what they make of it. None of them is ever accepted: they only get names.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::auth_token::{string_to_sign, token_of};
use super::call::encoded;
use crate::Language;
use crate::key::{AccessKey, hmac_sha256};

macro_rules! token_mistakes {
    ($( $name:ident = $code:literal, $english:literal, $chinese:literal; )*) => {
        /// A slip in computing an `authToken`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum TokenMistake {
            $( #[doc = $english] $name, )*
        }

        impl TokenMistake {
            /// Stable name for programs.
            pub fn code(self) -> &'static str {
                match self { $( TokenMistake::$name => $code, )* }
            }

            /// The slip and its cure, for people.
            pub fn message(self, language: Language) -> &'static str {
                match (self, language) {
                    $(
                        (TokenMistake::$name, Language::English) => $english,
                        (TokenMistake::$name, Language::Chinese) => $chinese,
                    )*
                }
            }
        }
    };
}

token_mistakes! {
    Hexadecimal = "token_hexadecimal",
        "The token was written in hexadecimal. It is Base64 of the 32 bytes.", "令牌使用了十六进制，应为32字节的Base64。";
    Base64OfHexadecimal = "token_base64_of_hexadecimal",
        "The token is Base64 of hexadecimal text. It is Base64 of the 32 bytes.", "令牌是对十六进制文本的Base64，应直接对32字节做Base64。";
    KeyWithoutTimeStamp = "token_key_without_time_stamp",
        "The HMAC key was the access key alone. It is the access key followed by timeStamp.", "HMAC密钥只用了访问密钥，应为访问密钥后接timeStamp。";
    TimeStampBeforeKey = "token_time_stamp_before_key",
        "The HMAC key was timeStamp followed by the access key. The access key comes first.", "HMAC密钥的顺序颠倒了，应为访问密钥在前、timeStamp在后。";
    SortedDescending = "token_sorted_descending",
        "The parameters were sorted descending. They are sorted ascending by name.", "参数按名称降序排列了，应按升序排列。";
    NotSorted = "token_not_sorted",
        "The parameters were taken in the order of the address. They are sorted ascending by name.", "参数使用了地址中的顺序，应按名称升序排列。";
    ValuesStillEncoded = "token_values_still_encoded",
        "The values were joined as they stand in the address. They are URL-decoded first.", "直接拼接了地址中的编码值，应先进行URL解码。";
    PlainHash = "token_plain_hash",
        "The text was hashed with SHA-256 alone. It is an HMAC-SHA256.", "只做了SHA-256，应为HMAC-SHA256。";
}

impl fmt::Display for TokenMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message(Language::English))
    }
}

/// What a system with each known slip would take for the token of these parameters, which are given in the order of the address
/// and without `authToken`. A seller that refuses the right token and takes one of these has told which slip is in it.
///
/// ```
/// use koogallery::AccessKey;
/// use koogallery::v1::{auth_token, known_wrong};
///
/// let key = AccessKey::parse("kg-test-access-key-0001").expect("valid");
/// let parameters = [("instanceId", "i 1"), ("activity", "queryInstance"), ("timeStamp", "20260115093000123")];
/// let right = auth_token(&key, "20260115093000123", parameters);
/// let wrong = known_wrong(&key, "20260115093000123", &parameters);
/// assert_eq!(wrong.len(), 8);
/// assert!(wrong.iter().all(|(_, token)| *token != right));
/// ```
pub fn known_wrong(key: &AccessKey, time_stamp: &str, parameters: &[(&str, &str)]) -> Vec<(TokenMistake, String)> {
    let text = string_to_sign(parameters.iter().copied());
    let right = token_of(key, time_stamp, &text);
    let bytes = STANDARD.decode(&right).unwrap_or_default();
    let secret = key.reveal();
    let keyed = |key: &str, text: &str| STANDARD.encode(hmac_sha256(key.as_bytes(), &[text.as_bytes()]));
    let joined = |pairs: Vec<(&str, &str)>| {
        pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    };
    let mut descending = parameters.to_vec();
    descending.sort_by(|a, b| b.0.encode_utf16().cmp(a.0.encode_utf16()));
    // As they stand in the address, where letters, digits and `-_.~` are themselves.
    let in_address: Vec<(&str, String)> = parameters.iter().map(|(name, value)| (*name, encoded(value))).collect();
    let still_encoded = string_to_sign(in_address.iter().map(|(name, value)| (*name, value.as_str())));
    let mut known: Vec<(TokenMistake, String)> = Vec::new();
    for (mistake, token) in [
        (TokenMistake::Hexadecimal, hex::encode(&bytes)),
        (TokenMistake::Base64OfHexadecimal, STANDARD.encode(hex::encode(&bytes))),
        (TokenMistake::KeyWithoutTimeStamp, keyed(secret, &text)),
        (TokenMistake::TimeStampBeforeKey, keyed(&format!("{time_stamp}{secret}"), &text)),
        (TokenMistake::SortedDescending, token_of(key, time_stamp, &joined(descending))),
        (TokenMistake::NotSorted, token_of(key, time_stamp, &joined(parameters.to_vec()))),
        (TokenMistake::ValuesStillEncoded, token_of(key, time_stamp, &still_encoded)),
        (TokenMistake::PlainHash, STANDARD.encode(Sha256::digest(format!("{secret}{time_stamp}{text}")))),
    ] {
        if token != right && known.iter().all(|(_, earlier)| *earlier != token) {
            known.push((mistake, token));
        }
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::v1::auth_token;

    #[test]
    fn values_still_encoded_are_those_of_the_address() {
        let key = AccessKey::parse("kg-test-access-key-0001").expect("valid");
        let slip = |parameters: &[(&str, &str)]| {
            let known = known_wrong(&key, "20260115093000123", parameters);
            known.into_iter().find(|(mistake, _)| *mistake == TokenMistake::ValuesStillEncoded).map(|(_, token)| token)
        };
        // Nothing in it is encoded in an address, so that the slip makes no difference there.
        assert_eq!(slip(&[("skuCode", "d0abcd12-1234_5678.ab90~11"), ("timeStamp", "20260115093000123")]), None);
        let raw = [("customerName", "%E6%B5%8B%20-"), ("timeStamp", "20260115093000123")];
        let found = slip(&[("customerName", "测 -"), ("timeStamp", "20260115093000123")]);
        assert_eq!(found, Some(auth_token(&key, "20260115093000123", raw)));
    }
}
