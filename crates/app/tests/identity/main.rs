//! Accounts, from sign-up to access keys, on both engines.

mod keys;
mod operator;
mod passwords;
mod people;
mod sealed;
mod sessions;
mod throttling;

use app::AppError;

/// The stable code of an answer, `fine` for none; of wrong fields the first one's code.
fn code<T>(answer: Result<T, AppError>) -> &'static str {
    match answer {
        Ok(_) => "fine",
        Err(AppError::Invalid(problems)) => problems.iter().next().map_or("invalid", |problem| problem.code),
        Err(error) => error.code(),
    }
}
