//! The KooGallery seller protocol, pure: messages, signatures, encryption, result codes, checks of answers.
#![forbid(unsafe_code)]

pub mod body_sign;
mod check;
mod json;
mod key;
mod language;
mod result_code;
mod text;
pub mod v1;
pub mod v2;

pub use check::{Advice, Check, CheckCode, Outcome};
pub use json::{DEPTH_LIMIT, Json, JsonError};
pub use key::{AccessKey, AccessKeyError, Nonce};
pub use language::Language;
pub use result_code::ResultCode;
pub use text::{Id, InstanceId, Text, UtcSecond, ValueProblem, WebAddress};
