//! Reading signed reports of the debugging kit. The kit writes them and knows their form, and the product may not use the kit; so what
//! it must know of a file comes through here.

use domain::selling::DebugReport;

/// The largest report, in bytes. A run of every activity writes about a tenth of it.
pub const MOST_REPORT_BYTES: usize = 512 * 1024;

/// Why a file is not taken for a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReportProblem {
    /// More bytes, cases or checks than any run writes.
    #[error("the file is longer than any report")]
    TooLarge,
    /// Not JSON, or JSON that two readers could read differently.
    #[error("the file is no JSON that can be trusted")]
    NotJson,
    /// JSON, but no report, or one of another version.
    #[error("the file is no report of souk debug")]
    OtherFormat,
    /// A member is absent or of another form.
    #[error("the report's member {0} is missing or malformed")]
    Malformed(&'static str),
    /// The signature does not fit the key in the file.
    #[error("the signature does not fit the report")]
    Changed,
}

/// Reads reports: pure work, no input and no output.
pub trait ReportReader: Send + Sync {
    /// Reads the exact bytes of a file and checks its signature. The bytes are hostile: the work is bounded by
    /// [`MOST_REPORT_BYTES`], nothing in them is fetched or run, and texts come back cut and without control characters.
    fn read(&self, bytes: &[u8]) -> Result<DebugReport, ReportProblem>;
}
