//! Recognising the slips that make a signature wrong. It never accepts one of them: it only gives the slip a name.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::activity::Activity;
use super::request::{inner_hex, outer_mac};
use super::verify::SignedQuery;
use crate::Language;
use crate::json::Json;
use crate::key::AccessKey;

macro_rules! mistakes {
    ($( $name:ident = $code:literal, $english:literal, $chinese:literal; )*) => {
        /// A slip in computing a signature, seen in the wild or close at hand.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Mistake {
            $( #[doc = $english] $name, )*
        }

        impl Mistake {
            /// Stable name for programs.
            pub fn code(self) -> &'static str {
                match self { $( Mistake::$name => $code, )* }
            }

            /// The slip and its cure, for people.
            pub fn message(self, language: Language) -> &'static str {
                match (self, language) {
                    $(
                        (Mistake::$name, Language::English) => $english,
                        (Mistake::$name, Language::Chinese) => $chinese,
                    )*
                }
            }
        }
    };
}

mistakes! {
    InnerPlainSha256 = "inner_plain_sha256",
        "The body was hashed with SHA-256 alone. The inner value is an HMAC-SHA256 with the access key.",
        "请求体只做了SHA-256。内层值应为使用访问密钥的HMAC-SHA256。";
    KeysSortedDescending = "keys_sorted_descending",
        "The members were sorted descending. They are sorted ascending by name.",
        "成员按名称降序排列了，应按升序排列。";
    KeysInGivenOrder = "keys_in_given_order",
        "The members were not sorted. They are sorted ascending by name before hashing.",
        "成员没有排序。计算前应按名称升序排列。";
    SpacedJson = "python_default_json_spacing",
        "The body was written with blanks after commas and colons. It is hashed in compact form.",
        "JSON的逗号和冒号后带有空格，应使用紧凑格式。";
    TimestampInSeconds = "timestamp_in_seconds",
        "The timestamp was taken in seconds. It is signed in milliseconds, as the same text as in the address.",
        "时间戳使用了秒。应使用毫秒，并与地址中的文本一致。";
    PayloadInsteadOfInner = "payload_itself_instead_of_its_hmac",
        "The body itself was joined to key, nonce and timestamp. Its HMAC in lower-case hexadecimal belongs there.",
        "直接拼接了请求体本身，应拼接其HMAC的小写十六进制值。";
    InnerUpperCase = "inner_upper_case",
        "The inner HMAC was written in upper case. It is hashed again, so it must be lower case.",
        "内层HMAC使用了大写。由于会再次计算，必须使用小写。";
    TimestampBeforeNonce = "timestamp_before_nonce",
        "Timestamp and nonce were joined in the wrong order. The order is key, nonce, timestamp, inner HMAC.",
        "时间戳与随机数的顺序颠倒了。顺序为：密钥、随机数、时间戳、内层HMAC。";
    KeyLeftOut = "key_left_out",
        "The access key was not put in front of nonce and timestamp.",
        "拼接时缺少最前面的访问密钥。";
    Base64 = "base64_instead_of_hex",
        "The signature was written in Base64. It is hexadecimal.",
        "签名使用了Base64，应使用十六进制。";
    ComparedWithCase = "compared_with_case",
        "The signature was compared as text. It is hexadecimal and may come in upper or lower case; compare without regard to case.",
        "比较签名时区分了大小写。签名为十六进制，可能为大写或小写，比较时应忽略大小写。";
    EscapedNonAscii = "escaped_non_ascii",
        "Characters outside ASCII were escaped as \\u before hashing. They stay UTF-8.",
        "非ASCII字符被转义为\\u。应保持UTF-8原文。";
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message(Language::English))
    }
}

/// Names the slip that turns this body into this signature, if it is a known one. For a developer whose own value differs: put
/// that value into `query.signature`.
pub fn diagnose(key: &AccessKey, query: &SignedQuery, body: &[u8]) -> Option<Mistake> {
    let (signature, timestamp, nonce) =
        (query.signature.as_deref()?, query.timestamp.as_deref()?, query.nonce.as_deref()?);
    let tried = Tried::new(key, timestamp, nonce, body)?;
    if signature.trim_end_matches('=') == STANDARD.encode(tried.correct).trim_end_matches('=') {
        return Some(Mistake::Base64);
    }
    let found = hex::decode(signature).ok()?;
    tried.slips.into_iter().find(|(_, value)| found == value).map(|(mistake, _)| mistake)
}

/// What a system with each known slip would take for the signature of this body. A seller that refuses the right signature and
/// takes one of these has told which slip is in it; a call signed so is never anything but a question. Empty for a body that is no JSON.
///
/// ```
/// use koogallery::AccessKey;
/// use koogallery::v2::{Mistake, SignedQuery, diagnose, known_wrong};
///
/// let key = AccessKey::parse("kg-test-access-key-0001").expect("valid");
/// for (mistake, signature) in known_wrong(&key, "1768469400000", "n", br#"{"activity":"queryInstance","instanceId":"i"}"#) {
///     let query = SignedQuery { signature: Some(signature), timestamp: Some("1768469400000".into()), nonce: Some("n".into()) };
///     let named = diagnose(&key, &query, br#"{"activity":"queryInstance","instanceId":"i"}"#);
///     assert!(named == Some(mistake) || mistake == Mistake::ComparedWithCase);
/// }
/// ```
pub fn known_wrong(key: &AccessKey, timestamp: &str, nonce: &str, body: &[u8]) -> Vec<(Mistake, String)> {
    let Some(tried) = Tried::new(key, timestamp, nonce, body) else { return Vec::new() };
    let mut known = vec![
        (Mistake::ComparedWithCase, hex::encode(tried.correct)),
        (Mistake::Base64, STANDARD.encode(tried.correct)),
    ];
    for (mistake, value) in tried.slips {
        let signature = hex::encode_upper(value);
        if known.iter().all(|(_, earlier)| *earlier != signature) {
            known.push((mistake, signature));
        }
    }
    known
}

/// The right value for one body, and the value that each slip makes of it.
struct Tried {
    correct: [u8; 32],
    slips: Vec<(Mistake, [u8; 32])>,
}

impl Tried {
    fn new(key: &AccessKey, timestamp: &str, nonce: &str, body: &[u8]) -> Option<Tried> {
        let given = Json::parse(body).ok()?;
        let sorted = given.clone().sorted_outermost();
        let payload = sorted.to_compact();
        let inner = inner_hex(key, payload.as_bytes());
        let correct = outer_mac(key, nonce, timestamp, &inner);
        let over = |form: &str| outer_mac(key, nonce, timestamp, &inner_hex(key, form.as_bytes()));
        let plain = hex::encode(Sha256::digest(payload.as_bytes()));
        let mut slips = vec![
            (Mistake::InnerPlainSha256, outer_mac(key, nonce, timestamp, &plain)),
            (Mistake::KeysSortedDescending, over(&descending(&sorted).to_compact())),
            (Mistake::KeysInGivenOrder, over(&given.to_compact())),
            (Mistake::SpacedJson, over(&spaced(&sorted))),
            (Mistake::SpacedJson, over(&spaced(&given))),
            (Mistake::PayloadInsteadOfInner, outer_mac(key, nonce, timestamp, &payload)),
            (Mistake::InnerUpperCase, outer_mac(key, nonce, timestamp, &inner.to_uppercase())),
            (Mistake::TimestampBeforeNonce, outer_mac(key, timestamp, nonce, &inner)),
            (Mistake::KeyLeftOut, key.mac(&[nonce.as_bytes(), timestamp.as_bytes(), inner.as_bytes()])),
            (Mistake::EscapedNonAscii, over(&escaped(&payload))),
        ];
        if let Some(seconds) = timestamp.get(..10) {
            slips.push((Mistake::TimestampInSeconds, outer_mac(key, nonce, seconds, &inner)));
        }
        if let Ok(call) = Activity::parse(&given) {
            let documented = call.in_documented_order();
            slips.push((Mistake::KeysInGivenOrder, over(&documented.to_compact())));
            slips.push((Mistake::SpacedJson, over(&spaced(&documented))));
        }
        slips.retain(|(_, value)| *value != correct);
        Some(Tried { correct, slips })
    }
}

fn descending(sorted: &Json) -> Json {
    match sorted {
        Json::Object(members) => Json::Object(members.iter().rev().cloned().collect()),
        other @ (Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) | Json::List(_)) => other.clone(),
    }
}

/// One outermost object with ", " and ": ", as Python's `json.dumps` writes it.
fn spaced(json: &Json) -> String {
    match json {
        Json::Object(members) => {
            let inner = members
                .iter()
                .map(|(name, value)| format!("{}: {}", Json::text(name.as_str()).to_compact(), value.to_compact()));
            format!("{{{}}}", inner.collect::<Vec<_>>().join(", "))
        }
        other @ (Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) | Json::List(_)) => other.to_compact(),
    }
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        if c.is_ascii() {
            out.push(c);
        } else {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
        }
        out
    })
}
