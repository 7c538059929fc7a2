//! A run as a signed file: evidence that a seller hands to a reviewer. The key is made on first use and stays with the seller; a report
//! says that its bytes are the ones that this key's holder's `souk debug` wrote, and nothing about who that is.
//!
//! *The form.* A JSON object with `format`, `report`, `public_key` and `signature`. What is signed is the line
//! `souk-debug-report-1`, a line feed, and `report` as compact JSON with the members of every object in ascending order, so that a
//! file that was only indented anew still verifies.

use koogallery::Json;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use serde_json::{Value, json};

use super::Run;

/// What the member `format` says.
pub const FORMAT: &str = "souk-debug-report/1";

/// The key that signs reports: 32 secret bytes.
pub struct ReportKey(Ed25519KeyPair);

/// Why a file is not a report that can be believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// Not JSON, or JSON with a member said twice.
    #[error("the file is no JSON that can be trusted: {0}")]
    NotJson(String),
    /// Another format, or an older or newer one.
    #[error("the file is no report of souk debug: its format is not souk-debug-report/1")]
    OtherFormat,
    /// A member is absent or of another form.
    #[error("the report's member {0} is missing or malformed")]
    Malformed(&'static str),
    /// The signature does not fit: the file was changed, or signed with another key.
    #[error("the signature does not fit the report: it was changed after it was written")]
    Changed,
}

/// What a report that verifies says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedReport {
    /// The address that was tried.
    pub address: String,
    /// `v1` or `v2`.
    pub protocol: String,
    /// `period`, `one-time` or `pay-per-use`.
    pub billing: String,
    /// Did everything that is required pass?
    pub passed: bool,
    /// When it was written, RFC 3339, by the seller's clock.
    pub made_at: String,
    /// The public key, hexadecimal. Two reports with one key come from one place.
    pub public_key: String,
    /// The whole report, for showing. Compact JSON.
    pub content: String,
}

impl ReportKey {
    /// From 32 secret, random bytes.
    pub fn from_seed(seed: &[u8; 32]) -> ReportKey {
        ReportKey(Ed25519KeyPair::from_seed_unchecked(seed).expect("every 32 bytes are a key"))
    }

    /// The public half, hexadecimal.
    pub fn public(&self) -> String {
        hex::encode(self.0.public_key().as_ref())
    }

    /// How a reviewer sees it named.
    pub fn fingerprint(&self) -> String {
        fingerprint(self.0.public_key().as_ref())
    }
}

/// The signed report of a run, as the text of a file. `made_at_ms` is Unix time in milliseconds.
///
/// The access key is not in it, nor what was sent and received: a reviewer needs the findings.
pub fn signed(run: &Run, key: &ReportKey, tool: &str, made_at_ms: i64) -> String {
    let mut report = serde_json::to_value(super::json(run)).unwrap_or_default();
    if let Value::Object(members) = &mut report {
        let made_at = jiff::Timestamp::from_millisecond(made_at_ms).map(|at| at.to_string()).unwrap_or_default();
        members.insert("tool".to_owned(), json!(tool));
        members.insert("made_at".to_owned(), json!(made_at));
    }
    let signature = key.0.sign(&signed_bytes(&report.to_string()).unwrap_or_default());
    let file = json!({
        "format": FORMAT,
        "report": report,
        "public_key": key.public(),
        "signature": hex::encode(signature.as_ref()),
    });
    let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
    text.push('\n');
    text
}

/// The bytes under the signature; `None` for a text that is no JSON.
fn signed_bytes(report: &str) -> Option<Vec<u8>> {
    let sorted = Json::parse(report.as_bytes()).ok()?.sorted_throughout().to_compact();
    Some(format!("souk-debug-report-1\n{sorted}").into_bytes())
}

/// The report inside a file whose signature fits, and the public key that signed it.
pub(super) fn opened(bytes: &[u8]) -> Result<(Json, Vec<u8>), ReportError> {
    let mut file = Json::parse(bytes).map_err(|error| ReportError::NotJson(error.to_string()))?;
    if file.get("format").and_then(Json::as_text) != Some(FORMAT) {
        return Err(ReportError::OtherFormat);
    }
    let bytes = |name: &'static str| {
        let text = file.get(name).and_then(Json::as_text).ok_or(ReportError::Malformed(name))?;
        hex::decode(text).map_err(|_| ReportError::Malformed(name))
    };
    let (public_key, signature) = (bytes("public_key")?, bytes("signature")?);
    let report = taken(&mut file, "report").ok_or(ReportError::Malformed("report"))?;
    let signed = signed_bytes(&report.to_compact()).ok_or(ReportError::Malformed("report"))?;
    UnparsedPublicKey::new(&ED25519, &public_key).verify(&signed, &signature).map_err(|_| ReportError::Changed)?;
    Ok((report, public_key))
}

fn taken(file: &mut Json, name: &str) -> Option<Json> {
    match file {
        Json::Object(members) => {
            let place = members.iter().position(|(known, _)| known == name)?;
            Some(members.swap_remove(place).1)
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) | Json::List(_) => None,
    }
}

/// How people name a public key: the first 32 hexadecimal digits of its SHA-256.
pub fn fingerprint(public_key: &[u8]) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, public_key);
    hex::encode(digest.as_ref()).chars().take(32).collect()
}

/// Reads a report and checks its signature.
pub fn verify(text: &str) -> Result<VerifiedReport, ReportError> {
    let (report, public_key) = opened(text.as_bytes())?;
    let word = |name: &'static str| {
        report.get(name).and_then(Json::as_text).map(str::to_owned).ok_or(ReportError::Malformed(name))
    };
    Ok(VerifiedReport {
        address: word("address")?,
        protocol: word("protocol")?,
        billing: word("billing")?,
        passed: passed(&report)?,
        made_at: word("made_at")?,
        public_key: hex::encode(public_key),
        content: report.to_compact(),
    })
}

pub(super) fn passed(report: &Json) -> Result<bool, ReportError> {
    match report.get("passed") {
        Some(Json::Bool(passed)) => Ok(*passed),
        Some(Json::Null | Json::Number(_) | Json::Text(_) | Json::List(_) | Json::Object(_)) | None => {
            Err(ReportError::Malformed("passed"))
        }
    }
}
