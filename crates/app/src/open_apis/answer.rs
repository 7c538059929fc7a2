//! What goes back: a status and a body in KooGallery's shape, whatever went wrong.

use koogallery::open_api::{AnswerShape, LicenceAnswer, LicenceCall, OpenApiCode, OpenApiRefusal, PushForm};
use store::{DbError, StoreError};
use tracing::{error, warn};

use crate::AppError;

/// An answer, ready to be sent as `application/json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: String,
    /// Seconds to wait before calling again.
    pub retry_after_s: Option<u64>,
}

/// Why a call has no good answer.
#[derive(Debug)]
pub(crate) enum Stop {
    /// It is refused with a code of the protocol.
    Refused(OpenApiRefusal),
    /// Too often; again after so many seconds.
    TooOften(u64),
    /// Our side failed.
    Failed(AppError),
}

impl From<OpenApiRefusal> for Stop {
    fn from(refusal: OpenApiRefusal) -> Stop {
        Stop::Refused(refusal)
    }
}

impl From<AppError> for Stop {
    fn from(error: AppError) -> Stop {
        match error {
            AppError::TooMany { retry_after_s } => Stop::TooOften(retry_after_s),
            AppError::Invalid(_)
            | AppError::Refused(_)
            | AppError::NotFound(_)
            | AppError::SignInNeeded
            | AppError::Unavailable(_)
            | AppError::Internal(_) => Stop::Failed(error),
        }
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Stop {
        Stop::Failed(error.into())
    }
}

impl From<DbError> for Stop {
    fn from(error: DbError) -> Stop {
        Stop::Failed(error.into())
    }
}

impl Stop {
    pub(super) fn refused(code: OpenApiCode, detail: impl Into<String>) -> Stop {
        Stop::Refused(OpenApiRefusal::new(code, detail))
    }
}

impl OpenAnswer {
    /// The answer of an API with this shape.
    pub(super) fn of(shape: AnswerShape, done: Result<String, Stop>) -> OpenAnswer {
        match done {
            Ok(body) => OpenAnswer { status: OpenApiCode::Success.http_status(), body, retry_after_s: None },
            Err(Stop::Refused(refusal)) => OpenAnswer::refused(shape, &refusal, None),
            Err(Stop::TooOften(seconds)) => too_often(shape, seconds),
            Err(Stop::Failed(cause)) => {
                log(&cause);
                OpenAnswer::refused(shape, &failed(&cause), None)
            }
        }
    }

    fn refused(shape: AnswerShape, refusal: &OpenApiRefusal, retry_after_s: Option<u64>) -> OpenAnswer {
        OpenAnswer { status: refusal.code.http_status(), body: refusal.to_body(shape), retry_after_s }
    }

    /// The answer to a licence's software.
    pub(super) fn licence(answer: &LicenceAnswer) -> OpenAnswer {
        OpenAnswer { status: answer.http_status(), body: answer.to_body(), retry_after_s: None }
    }
}

impl OpenAnswer {
    /// As [`OpenAnswer::of`] for licences, which have codes of their own.
    pub(super) fn of_licence(done: Result<LicenceAnswer, Stop>) -> OpenAnswer {
        match done {
            Ok(answer) => OpenAnswer::licence(&answer),
            Err(Stop::Refused(refusal)) => OpenAnswer::licence(&LicenceAnswer::Unauthorised(refusal.detail)),
            Err(Stop::TooOften(seconds)) => too_often(AnswerShape::Result, seconds),
            Err(Stop::Failed(cause)) => {
                log(&cause);
                OpenAnswer::licence(&LicenceAnswer::InternalError)
            }
        }
    }
}

fn too_often(shape: AnswerShape, seconds: u64) -> OpenAnswer {
    let detail = format!("call again in {seconds} s");
    OpenAnswer::refused(shape, &OpenApiRefusal::new(OpenApiCode::CalledTooOften, detail), Some(seconds))
}

/// The cause is for the log; a caller hears whether it may help to call again.
fn failed(cause: &AppError) -> OpenApiRefusal {
    let detail = match cause {
        AppError::Unavailable(_) => "not available just now, call again",
        AppError::Invalid(_)
        | AppError::Refused(_)
        | AppError::NotFound(_)
        | AppError::SignInNeeded
        | AppError::TooMany { .. }
        | AppError::Internal(_) => "the call failed by our fault and had no effect",
    };
    OpenApiRefusal::new(OpenApiCode::InternalError, detail)
}

fn log(cause: &AppError) {
    match cause {
        AppError::Unavailable(_) => warn!(%cause, "A call of a seller's system could not be served now"),
        AppError::Invalid(_)
        | AppError::Refused(_)
        | AppError::NotFound(_)
        | AppError::SignInNeeded
        | AppError::TooMany { .. }
        | AppError::Internal(_) => error!(%cause, "A call of a seller's system failed by our fault"),
    }
}

/// What the door itself refuses on a path of the open APIs, before a use case is asked, in their shape. `None` for other
/// paths, and for what no seller's server meets.
pub fn at_the_door(path: &str, error: &AppError) -> Option<OpenAnswer> {
    let licence = path == LicenceCall::ACTIVATE || path == LicenceCall::HEARTBEAT;
    let shape = if path == PushForm::New.path() || path == PushForm::Old.path() {
        AnswerShape::Error
    } else if licence || path == koogallery::open_api::OrderQuery::PATH {
        AnswerShape::Result
    } else {
        return None;
    };
    match error {
        AppError::TooMany { retry_after_s } => Some(too_often(shape, *retry_after_s)),
        AppError::Refused(refusal) if matches!(refusal.code, "body_too_large" | "unreadable_request") => {
            let detail = match refusal.code {
                "body_too_large" => format!("the body is larger than {} bytes", super::SignedCall::MOST_BODY_BYTES),
                _ => "the body broke off".to_owned(),
            };
            Some(match licence {
                true => OpenAnswer::licence(&LicenceAnswer::BadParameter(detail)),
                false => OpenAnswer::refused(shape, &OpenApiRefusal::new(OpenApiCode::InvalidParameter, detail), None),
            })
        }
        AppError::Unavailable(_) | AppError::Internal(_) => Some(match licence {
            true => OpenAnswer::licence(&LicenceAnswer::InternalError),
            false => OpenAnswer::refused(shape, &failed(error), None),
        }),
        AppError::Refused(_) | AppError::Invalid(_) | AppError::NotFound(_) | AppError::SignInNeeded => None,
    }
}
