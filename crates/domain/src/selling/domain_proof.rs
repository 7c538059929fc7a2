//! Proof that a seller owns the domain of its production address (seller-protocol 7.1 step 1, functions.md 6 "verify
//! ownership"): a file that we name, with a text that we choose, at the root of the site.
//!
//! The proof belongs to an organisation and an origin (scheme, host, port): every address of that organisation on that host
//! is proven by it, and no other organisation's. The name of the file and its text are two different values, so that a site
//! that answers every path, or repeats the path it was asked for, proves nothing.
//!
//! *What is not here.* Fetching the file (`app::selling::prove_domain`) and the values themselves (they come from the vault).

use std::str::FromStr;

use crate::ids::OrganisationId;
use crate::time::Timestamp;

/// Whether a product needs an address of a proven domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DomainProofRule {
    /// It does. The default.
    Asked,
    /// It does not: for development and closed markets.
    NotAsked,
}

/// How the proof of one origin stands for one organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainProof {
    /// Whose it is.
    pub seller: OrganisationId,
    /// `https://saas.example.com`, with the port where it is not the usual one.
    pub origin: String,
    /// When the file was found. It need not stay there.
    pub proven_at: Option<Timestamp>,
    /// Why the last look failed, and when, as long as nothing is proven.
    pub last_failure: Option<(ProofFailure, Timestamp)>,
}

/// Why a file proved nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProofFailure {
    /// We may not call this address.
    Refused,
    /// The name has no address.
    NameNotFound,
    /// Nobody listens there, or the connection broke.
    NoConnection,
    /// The certificate is not acceptable.
    Tls,
    /// No whole answer in time.
    TimedOut,
    /// The site sends us elsewhere; that is never followed.
    Redirected,
    /// There is no such file (404 or 410).
    NoFile,
    /// Another status than 200.
    Status,
    /// More than the text of the file.
    TooLong,
    /// Another text.
    Differs,
}

impl ProofFailure {
    /// Every failure.
    pub const ALL: [ProofFailure; 10] = [
        ProofFailure::Refused,
        ProofFailure::NameNotFound,
        ProofFailure::NoConnection,
        ProofFailure::Tls,
        ProofFailure::TimedOut,
        ProofFailure::Redirected,
        ProofFailure::NoFile,
        ProofFailure::Status,
        ProofFailure::TooLong,
        ProofFailure::Differs,
    ];

    /// The word in columns and JSON, and the key of its sentence.
    pub fn code(self) -> &'static str {
        match self {
            ProofFailure::Refused => "refused",
            ProofFailure::NameNotFound => "name_not_found",
            ProofFailure::NoConnection => "no_connection",
            ProofFailure::Tls => "tls",
            ProofFailure::TimedOut => "timed_out",
            ProofFailure::Redirected => "redirected",
            ProofFailure::NoFile => "no_file",
            ProofFailure::Status => "status",
            ProofFailure::TooLong => "too_long",
            ProofFailure::Differs => "differs",
        }
    }
}

impl FromStr for ProofFailure {
    type Err = ();
    fn from_str(code: &str) -> Result<ProofFailure, ()> {
        ProofFailure::ALL.into_iter().find(|failure| failure.code() == code).ok_or(())
    }
}

/// What an answer to the question for the file says, the text aside.
pub fn judge_status(status: u16) -> Result<(), ProofFailure> {
    match status {
        200 => Ok(()),
        300..=399 => Err(ProofFailure::Redirected),
        404 | 410 => Err(ProofFailure::NoFile),
        _ => Err(ProofFailure::Status),
    }
}

/// The file's text without what editors add around it: white space, line ends, a byte order mark.
pub fn bare_text(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body).trim_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_200_is_looked_into() {
        assert_eq!(judge_status(200), Ok(()));
        for (status, failure) in [
            (301, ProofFailure::Redirected),
            (404, ProofFailure::NoFile),
            (410, ProofFailure::NoFile),
            (204, ProofFailure::Status),
            (403, ProofFailure::Status),
            (500, ProofFailure::Status),
        ] {
            assert_eq!(judge_status(status), Err(failure), "{status}");
        }
    }

    #[test]
    fn what_editors_add_does_not_count() {
        for text in ["token", "token\n", "\u{feff}token\r\n", "  token  "] {
            assert_eq!(bare_text(text.as_bytes()), b"token", "{text:?}");
        }
        assert_eq!(bare_text(b"to ken"), b"to ken");
    }

    #[test]
    fn failures_read_back_from_their_codes() {
        for failure in ProofFailure::ALL {
            assert_eq!(failure.code().parse(), Ok(failure));
        }
    }
}
