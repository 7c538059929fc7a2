//! The codes of the open APIs (seller-protocol 8.3) and how a refusal is written in each of the two shapes.

use crate::json::Json;

/// What an open API answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OpenApiCode {
    /// `.0000`
    Success,
    /// `.0999`
    InternalError,
    /// `.0100`
    ValueCheckFailed,
    /// `.0101`
    InvalidParameter,
    /// `.0102`, of the usage push signed with `signature`, `ts` and `nonce`.
    BodySignatureInvalid,
    /// `.0199`
    OtherParameterError,
    /// `.0150`, e.g. not the seller's product.
    OperationNotAllowed,
    /// `.0151`
    NotASeller,
    /// `.0154`
    TokenInvalid,
    /// `.0250`
    CalledTooOften,
    /// `.9001`
    NoSuchInstance,
    /// `.9002`
    InvalidUsageRecord,
    /// `.9003`
    TooManyUsageRecords,
    /// `.9004`
    BeginTimeTooOld,
}

impl OpenApiCode {
    /// Every code, as the protocol lists them.
    pub const ALL: [OpenApiCode; 14] = [
        OpenApiCode::Success,
        OpenApiCode::InternalError,
        OpenApiCode::ValueCheckFailed,
        OpenApiCode::InvalidParameter,
        OpenApiCode::BodySignatureInvalid,
        OpenApiCode::OtherParameterError,
        OpenApiCode::OperationNotAllowed,
        OpenApiCode::NotASeller,
        OpenApiCode::TokenInvalid,
        OpenApiCode::CalledTooOften,
        OpenApiCode::NoSuchInstance,
        OpenApiCode::InvalidUsageRecord,
        OpenApiCode::TooManyUsageRecords,
        OpenApiCode::BeginTimeTooOld,
    ];

    /// The code as it travels. Older pages write `CBC.` in the place of `MKT.`; current answers show `MKT.`.
    pub fn code(self) -> &'static str {
        match self {
            OpenApiCode::Success => "MKT.0000",
            OpenApiCode::InternalError => "MKT.0999",
            OpenApiCode::ValueCheckFailed => "MKT.0100",
            OpenApiCode::InvalidParameter => "MKT.0101",
            OpenApiCode::BodySignatureInvalid => "MKT.0102",
            OpenApiCode::OtherParameterError => "MKT.0199",
            OpenApiCode::OperationNotAllowed => "MKT.0150",
            OpenApiCode::NotASeller => "MKT.0151",
            OpenApiCode::TokenInvalid => "MKT.0154",
            OpenApiCode::CalledTooOften => "MKT.0250",
            OpenApiCode::NoSuchInstance => "MKT.9001",
            OpenApiCode::InvalidUsageRecord => "MKT.9002",
            OpenApiCode::TooManyUsageRecords => "MKT.9003",
            OpenApiCode::BeginTimeTooOld => "MKT.9004",
        }
    }

    /// The HTTP status that it comes with.
    pub fn http_status(self) -> u16 {
        match self {
            OpenApiCode::Success => 200,
            OpenApiCode::InvalidParameter | OpenApiCode::BodySignatureInvalid | OpenApiCode::OtherParameterError => 400,
            OpenApiCode::OperationNotAllowed | OpenApiCode::NotASeller | OpenApiCode::TokenInvalid => 401,
            OpenApiCode::CalledTooOften => 406,
            OpenApiCode::InternalError
            | OpenApiCode::ValueCheckFailed
            | OpenApiCode::NoSuchInstance
            | OpenApiCode::InvalidUsageRecord
            | OpenApiCode::TooManyUsageRecords
            | OpenApiCode::BeginTimeTooOld => 500,
        }
    }

    /// The meaning, without an end mark.
    pub fn meaning(self) -> &'static str {
        match self {
            OpenApiCode::Success => "Success",
            OpenApiCode::InternalError => "Internal error",
            OpenApiCode::ValueCheckFailed => "Value check failed",
            OpenApiCode::InvalidParameter => "Invalid, surplus or missing parameter",
            OpenApiCode::BodySignatureInvalid => "Body signature invalid",
            OpenApiCode::OtherParameterError => "Parameter error",
            OpenApiCode::OperationNotAllowed => "Operation not allowed",
            OpenApiCode::NotASeller => "No right to this API",
            OpenApiCode::TokenInvalid => "Token invalid",
            OpenApiCode::CalledTooOften => "Called too often",
            OpenApiCode::NoSuchInstance => "No such instance",
            OpenApiCode::InvalidUsageRecord => "Invalid usage record",
            OpenApiCode::TooManyUsageRecords => "Too many usage records",
            OpenApiCode::BeginTimeTooOld => "begin_time too old",
        }
    }

    /// Whether its failures carry `extra_info` (`.9005`, which does too, has no documented meaning).
    pub fn carries_extra_info(self) -> bool {
        match self {
            OpenApiCode::ValueCheckFailed
            | OpenApiCode::OperationNotAllowed
            | OpenApiCode::CalledTooOften
            | OpenApiCode::NoSuchInstance
            | OpenApiCode::InvalidUsageRecord
            | OpenApiCode::BeginTimeTooOld => true,
            OpenApiCode::Success
            | OpenApiCode::InternalError
            | OpenApiCode::InvalidParameter
            | OpenApiCode::BodySignatureInvalid
            | OpenApiCode::OtherParameterError
            | OpenApiCode::NotASeller
            | OpenApiCode::TokenInvalid
            | OpenApiCode::TooManyUsageRecords => false,
        }
    }
}

/// How code and message are called: it depends on the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerShape {
    /// `resultCode` and `resultMsg`: order query, licences.
    Result,
    /// `error_code` and `error_msg`: usage push.
    Error,
}

/// A call that is refused, and why in words.
///
/// ```
/// use koogallery::open_api::{AnswerShape, OpenApiCode, OpenApiRefusal};
/// let refusal = OpenApiRefusal::new(OpenApiCode::InvalidParameter, "orderId is missing");
/// assert_eq!(refusal.code.http_status(), 400);
/// assert_eq!(
///     refusal.to_body(AnswerShape::Result),
///     r#"{"resultCode":"MKT.0101","resultMsg":"Invalid, surplus or missing parameter: orderId is missing."}"#
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {detail}", .code.code())]
pub struct OpenApiRefusal {
    /// The code.
    pub code: OpenApiCode,
    /// What exactly, in English, without an end mark.
    pub detail: String,
}

/// The longest `resultMsg`, in characters.
const LONGEST_MESSAGE: usize = 1_024;

impl OpenApiRefusal {
    /// A refusal.
    pub fn new(code: OpenApiCode, detail: impl Into<String>) -> OpenApiRefusal {
        OpenApiRefusal { code, detail: detail.into() }
    }

    /// The body. A code that carries `extra_info` says there what exactly; the others say it in the message. The form of
    /// `extra_info` is not documented; ours is a string.
    pub fn to_body(&self, shape: AnswerShape) -> String {
        let cut = |text: String| text.chars().take(LONGEST_MESSAGE).collect::<String>();
        let meaning = self.code.meaning();
        if self.code.carries_extra_info() {
            return body(shape, self.code.code(), &format!("{meaning}."), Some(&cut(self.detail.clone())));
        }
        body(shape, self.code.code(), &cut(format!("{meaning}: {}.", self.detail)), None)
    }
}

/// Code, message and what exactly, in this order.
pub(super) fn body(shape: AnswerShape, code: &str, message: &str, extra_info: Option<&str>) -> String {
    let (code_name, message_name) = match shape {
        AnswerShape::Result => ("resultCode", "resultMsg"),
        AnswerShape::Error => ("error_code", "error_msg"),
    };
    let mut members = vec![(code_name.to_owned(), Json::text(code)), (message_name.to_owned(), Json::text(message))];
    members.extend(extra_info.map(|info| ("extra_info".to_owned(), Json::text(info))));
    Json::Object(members).to_compact()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_the_status_of_the_table() {
        let table = "200 0000, 500 0999, 500 0100, 400 0101, 400 0102, 400 0199, 401 0150, 401 0151, 401 0154, 406 0250, \
                     500 9001, 500 9002, 500 9003, 500 9004";
        let ours = OpenApiCode::ALL.map(|code| format!("{} {}", code.http_status(), &code.code()[4..])).join(", ");
        assert_eq!(ours, table);
    }

    #[test]
    fn extra_info_stands_where_the_protocol_has_it_and_nowhere_else() {
        let said = |code| OpenApiRefusal::new(code, "again in 1 s").to_body(AnswerShape::Error);
        assert_eq!(
            said(OpenApiCode::CalledTooOften),
            r#"{"error_code":"MKT.0250","error_msg":"Called too often.","extra_info":"again in 1 s"}"#
        );
        let carrying = OpenApiCode::ALL.into_iter().filter(|code| said(*code).contains("extra_info"));
        let carrying: Vec<_> = carrying.map(|code| &code.code()[4..]).collect();
        assert_eq!(carrying, ["0100", "0150", "0250", "9001", "9002", "9004"]);
    }

    #[test]
    fn a_message_is_never_longer_than_the_protocol_allows() {
        let long = OpenApiRefusal::new(OpenApiCode::InvalidParameter, "长".repeat(5_000)).to_body(AnswerShape::Result);
        let read = Json::parse(long.as_bytes()).expect("it is JSON");
        assert_eq!(read.get("resultMsg").and_then(Json::as_text).map(|text| text.chars().count()), Some(1_024));
    }
}
