//! Orders from the first click to a running app or a refund, on both engines, with a seller that does as the test says.
#![expect(clippy::panic, reason = "a test that meets another state than it made has failed")]

mod access;
mod behaviours;
mod calls;
mod connections;
mod crashes;
mod delivery;
mod money;
mod order_notices;
mod placing;
mod real_seller;
mod rows;
mod story;
mod usage;
mod version_one;

use app::AppError;

/// The stable code of an answer, `fine` for none; of wrong fields the first one's code.
fn code<T>(answer: Result<T, AppError>) -> &'static str {
    match answer {
        Ok(_) => "fine",
        Err(AppError::Invalid(problems)) => problems.iter().next().map_or("invalid", |problem| problem.code),
        Err(error) => error.code(),
    }
}
