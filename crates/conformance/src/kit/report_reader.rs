//! Reports as the marketplace reads them: the signature checked, the cases taken apart under limits. What a file says beyond what
//! is read here is left alone.

use domain::selling::{DebugReport, ReportCase, ReportCheck, ReportOutcome};
use koogallery::Json;
use ports::{MOST_REPORT_BYTES, ReportProblem, ReportReader};

use super::report::{self, ReportError};

/// More cases than any run makes.
const MOST_CASES: usize = 300;
/// More checks than any case makes.
const MOST_CHECKS: usize = 100;
/// Names and codes are cut to so many characters.
const NAME: usize = 64;
/// An address is cut to so many characters (seller-protocol: addresses have at most 512).
const ADDRESS: usize = 512;
/// Sentences are cut to so many characters.
const SENTENCE: usize = 2_000;

/// Reads what `souk debug --report` wrote.
#[derive(Clone, Copy, Debug, Default)]
pub struct KitReports;

impl ReportReader for KitReports {
    fn read(&self, bytes: &[u8]) -> Result<DebugReport, ReportProblem> {
        if bytes.len() > MOST_REPORT_BYTES {
            return Err(ReportProblem::TooLarge);
        }
        let (report, public_key) = report::opened(bytes).map_err(problem)?;
        Ok(DebugReport {
            address: text(&report, "address", ADDRESS)?,
            protocol: text(&report, "protocol", NAME)?,
            billing: text(&report, "billing", NAME)?,
            tool: text(&report, "tool", NAME)?,
            made_at: text(&report, "made_at", NAME)?.parse().map_err(|_| ReportProblem::Malformed("made_at"))?,
            passed: report::passed(&report).map_err(problem)?,
            key_fingerprint: report::fingerprint(&public_key),
            cases: list(&report, "cases", MOST_CASES)?.iter().map(case).collect::<Result<_, _>>()?,
        })
    }
}

fn problem(error: ReportError) -> ReportProblem {
    match error {
        ReportError::NotJson(_) => ReportProblem::NotJson,
        ReportError::OtherFormat => ReportProblem::OtherFormat,
        ReportError::Malformed(member) => ReportProblem::Malformed(member),
        ReportError::Changed => ReportProblem::Changed,
    }
}

fn case(case: &Json) -> Result<ReportCase, ReportProblem> {
    Ok(ReportCase {
        activity: text(case, "activity", NAME)?,
        outcome: outcome(case)?,
        elapsed_ms: milliseconds(case)?,
        checks: list(case, "checks", MOST_CHECKS)?.iter().map(check).collect::<Result<_, _>>()?,
    })
}

fn check(check: &Json) -> Result<ReportCheck, ReportProblem> {
    Ok(ReportCheck {
        code: text(check, "code", NAME)?,
        outcome: outcome(check)?,
        message: text(check, "message", SENTENCE)?,
    })
}

fn outcome(of: &Json) -> Result<ReportOutcome, ReportProblem> {
    text(of, "outcome", NAME)?.parse().map_err(|()| ReportProblem::Malformed("outcome"))
}

fn milliseconds(of: &Json) -> Result<u64, ReportProblem> {
    match of.get("elapsed_ms") {
        Some(Json::Number(number)) => number.as_u64().ok_or(ReportProblem::Malformed("elapsed_ms")),
        Some(Json::Null | Json::Bool(_) | Json::Text(_) | Json::List(_) | Json::Object(_)) | None => {
            Err(ReportProblem::Malformed("elapsed_ms"))
        }
    }
}

fn list<'j>(of: &'j Json, name: &'static str, most: usize) -> Result<&'j [Json], ReportProblem> {
    let items = of.get(name).and_then(Json::as_list).ok_or(ReportProblem::Malformed(name))?;
    if items.len() > most { Err(ReportProblem::TooLarge) } else { Ok(items) }
}

/// A text for eyes: cut, control characters as blanks, nothing that turns the direction of writing.
fn text(of: &Json, name: &'static str, most: usize) -> Result<String, ReportProblem> {
    let text = of.get(name).and_then(Json::as_text).ok_or(ReportProblem::Malformed(name))?;
    let shown = text.chars().filter(|letter| !domain::text::hidden_direction(*letter)).take(most);
    Ok(shown.map(|letter| if letter.is_control() { ' ' } else { letter }).collect())
}
