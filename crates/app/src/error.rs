//! Why a use case did not happen: one error for every door.
//!
//! Each kind has three readers: a stable code for programs, a sentence in `language` for people, and the cause for the
//! log, which is never shown.

use domain::outcome::{FieldProblem, Problems, Refusal, RefusalKind};
use store::{DbError, StoreError};

/// Why a use case did not happen.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AppError {
    /// Fields are wrong; nothing was stored.
    #[error("invalid input: {0:?}")]
    Invalid(Problems),
    /// Understood and refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It does not exist, or the actor may not know that it does. The word says what sort of thing: `order`.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// Nobody is signed in.
    #[error("sign-in needed")]
    SignInNeeded,
    /// Too often; again after so many seconds.
    #[error("too often, again in {retry_after_s} s")]
    TooMany {
        /// Whole seconds to wait.
        retry_after_s: u64,
    },
    /// Overload or trouble with the tables; the same request may be sent again.
    #[error("not available now: {0}")]
    Unavailable(String),
    /// A fault of ours. The text is for the log.
    #[error("internal: {0}")]
    Internal(String),
}

impl AppError {
    /// One wrong field.
    pub fn field(problem: FieldProblem) -> AppError {
        AppError::Invalid(Problems::one(problem))
    }

    /// A rule that forbids the act.
    pub fn rule(code: &'static str) -> AppError {
        AppError::Refused(Refusal::new(RefusalKind::Rule, code))
    }

    /// A state that does not allow the act.
    pub fn conflict(code: &'static str) -> AppError {
        AppError::Refused(Refusal::new(RefusalKind::Conflict, code))
    }

    /// The stable code that programs read.
    pub fn code(&self) -> &'static str {
        match self {
            AppError::Invalid(_) => "invalid_input",
            AppError::Refused(refusal) => refusal.code,
            AppError::NotFound(_) => "not_found",
            AppError::SignInNeeded => "sign_in_needed",
            AppError::TooMany { .. } => "too_often",
            AppError::Unavailable(_) => "try_again",
            AppError::Internal(_) => "internal",
        }
    }
}

impl From<Problems> for AppError {
    fn from(problems: Problems) -> AppError {
        AppError::Invalid(problems)
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> AppError {
        match error {
            StoreError::Db(error) => error.into(),
            StoreError::Corrupt { .. } => AppError::Internal(error.to_string()),
        }
    }
}

impl From<DbError> for AppError {
    fn from(error: DbError) -> AppError {
        match error {
            DbError::Unavailable { .. } | DbError::CommitUnknown { .. } | DbError::Conflict { .. } => {
                AppError::Unavailable(error.to_string())
            }
            DbError::Unique { .. }
            | DbError::ForeignKey
            | DbError::Check { .. }
            | DbError::NotNull { .. }
            | DbError::ReadOnly
            | DbError::Corrupt { .. }
            | DbError::Migration { .. }
            | DbError::Panicked { .. }
            | DbError::Misuse { .. }
            | DbError::Other { .. } => AppError::Internal(error.to_string()),
        }
    }
}
