//! Licence codes: what the seller's software says when it is activated and while it runs (seller-protocol 3.9).
//!
//! The protocol gives the addresses and the codes, not the members. **Ours:** `license`, mandatory, S64, the code; and
//! `deviceFingerprint`, optional, S1024, as in `getLicenseAsync`. Other members are accepted and not looked at. The HTTP
//! statuses of 92020002, 92020004 and 92020005 are ours as well: 400.

use crate::json::Json;
use crate::text::{Id, Text, ValueProblem};

use super::code::{AnswerShape, body};

/// What the software says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LicenceCall {
    /// The code that the marketplace issued.
    pub license: Id,
    /// On which device.
    pub device_fingerprint: Option<Text<1024>>,
}

impl LicenceCall {
    /// Where a licence is activated.
    pub const ACTIVATE: &'static str = "/api/mkp-openapi-public/global/v1/license/activate";
    /// Where a heartbeat goes.
    pub const HEARTBEAT: &'static str = "/api/mkp-openapi-public/global/v1/license/heartbeat";

    /// Reads a body.
    ///
    /// ```
    /// use koogallery::open_api::{LicenceAnswer, LicenceCall};
    /// assert!(LicenceCall::parse(br#"{"license":"SOUK-1","anything":{"else":1}}"#).is_ok());
    /// let answer = LicenceCall::parse(b"{}").expect_err("the code is missing");
    /// assert_eq!(answer, LicenceAnswer::BadParameter("license is missing".into()));
    /// assert_eq!(answer.to_body(), r#"{"resultCode":"92020002","resultMsg":"Bad parameter: license is missing."}"#);
    /// ```
    pub fn parse(bytes: &[u8]) -> Result<LicenceCall, LicenceAnswer> {
        let json = Json::parse(bytes).map_err(|error| LicenceAnswer::BadParameter(error.to_string()))?;
        if !matches!(json, Json::Object(_)) {
            return Err(LicenceAnswer::BadParameter(format!("the body is of type {}, expected object", json.kind())));
        }
        let wrong = |name: &str, problem: ValueProblem| LicenceAnswer::BadParameter(format!("{name} {problem}"));
        let text = |name: &'static str| match json.get(name) {
            None | Some(Json::Null) => Ok(None),
            Some(Json::Text(text)) if text.is_empty() => Ok(None),
            Some(Json::Text(text)) => Ok(Some(text.as_str())),
            Some(other @ (Json::Bool(_) | Json::Number(_) | Json::List(_) | Json::Object(_))) => {
                Err(wrong(name, ValueProblem::WrongType { expected: "string", found: other.kind() }))
            }
        };
        let license = text("license")?.ok_or_else(|| wrong("license", ValueProblem::Missing))?;
        let device = text("deviceFingerprint")?.map(Text::parse).transpose();
        Ok(LicenceCall {
            license: Id::parse(license).map_err(|problem| wrong("license", problem))?,
            device_fingerprint: device.map_err(|problem| wrong("deviceFingerprint", problem))?,
        })
    }
}

/// What the software hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LicenceAnswer {
    /// 92020000
    Success,
    /// 92020001 with status 403: the call is not signed as it should be, or not by a seller.
    Unauthorised(String),
    /// 92020001 with status 500.
    InternalError,
    /// 92020002
    BadParameter(String),
    /// 92020004: the customer has not fetched the code yet.
    NotYetReceived,
    /// 92020005: there is no such code, or it is another seller's, or it was taken back.
    NoSuchCode,
}

impl LicenceAnswer {
    /// The code on the wire.
    pub fn code(&self) -> &'static str {
        match self {
            LicenceAnswer::Success => "92020000",
            LicenceAnswer::Unauthorised(_) | LicenceAnswer::InternalError => "92020001",
            LicenceAnswer::BadParameter(_) => "92020002",
            LicenceAnswer::NotYetReceived => "92020004",
            LicenceAnswer::NoSuchCode => "92020005",
        }
    }

    /// The HTTP status.
    pub fn http_status(&self) -> u16 {
        match self {
            LicenceAnswer::Success => 200,
            LicenceAnswer::Unauthorised(_) => 403,
            LicenceAnswer::InternalError => 500,
            LicenceAnswer::BadParameter(_) | LicenceAnswer::NotYetReceived | LicenceAnswer::NoSuchCode => 400,
        }
    }

    /// The body.
    pub fn to_body(&self) -> String {
        let message = match self {
            LicenceAnswer::Success => "Success".to_owned(),
            LicenceAnswer::Unauthorised(why) => format!("Unauthorised: {why}."),
            LicenceAnswer::InternalError => "Internal error.".to_owned(),
            LicenceAnswer::BadParameter(what) => format!("Bad parameter: {what}."),
            LicenceAnswer::NotYetReceived => "The user has not received the licence code yet.".to_owned(),
            LicenceAnswer::NoSuchCode => "There is no such licence code.".to_owned(),
        };
        body(AnswerShape::Result, self.code(), &message.chars().take(1_024).collect::<String>(), None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_read_and_what_is_wrong_is_named() {
        let call = LicenceCall::parse(br#"{"license":"SOUK-1","deviceFingerprint":"AA-BB"}"#).expect("a good call");
        assert_eq!(call.device_fingerprint.as_ref().map(Text::as_str), Some("AA-BB"));
        for (body, said) in [
            ("", "the body is empty"),
            ("[]", "the body is of type array, expected object"),
            (r#"{"license":7}"#, "license is of type number, expected string"),
            (r#"{"license":""}"#, "license is missing"),
            (r#"{"license":"a","deviceFingerprint":1}"#, "deviceFingerprint is of type number, expected string"),
        ] {
            assert_eq!(
                LicenceCall::parse(body.as_bytes()),
                Err(LicenceAnswer::BadParameter(said.to_owned())),
                "{body}"
            );
        }
    }

    #[test]
    fn codes_and_statuses_are_those_of_the_protocol() {
        let why = String::new;
        let all = [
            LicenceAnswer::Success,
            LicenceAnswer::Unauthorised(why()),
            LicenceAnswer::InternalError,
            LicenceAnswer::BadParameter(why()),
            LicenceAnswer::NotYetReceived,
            LicenceAnswer::NoSuchCode,
        ];
        let said = all.map(|answer| format!("{} {}", answer.http_status(), answer.code())).join(", ");
        assert_eq!(said, "200 92020000, 403 92020001, 500 92020001, 400 92020002, 400 92020004, 400 92020005");
        assert_eq!(LicenceAnswer::Success.to_body(), r#"{"resultCode":"92020000","resultMsg":"Success"}"#);
    }
}
