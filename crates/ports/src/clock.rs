//! The clock of the world that a use case runs in. Not the machine's: a test's clock stands still.

use domain::time::Timestamp;

/// Tells what time it is.
pub trait Clock: Send + Sync {
    /// The present instant. Later calls never answer an earlier instant than a test or operator set.
    fn now(&self) -> Timestamp;
}
