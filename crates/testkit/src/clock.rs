//! A clock that stands still until a test moves it.

use std::sync::Mutex;

use domain::time::{SignedDuration, Timestamp};
use ports::Clock;

/// Starts on 14 May 2026, 13:28 UTC, and stands still.
pub struct TestClock(Mutex<Timestamp>);

impl TestClock {
    /// A clock at the usual start.
    pub fn new() -> TestClock {
        TestClock(Mutex::new("2026-05-14T13:28:00Z".parse().expect("the start is an instant")))
    }

    /// Moves forward.
    pub fn advance(&self, by: SignedDuration) {
        let mut now = self.0.lock().expect("no test panics while it holds the clock");
        *now += by;
    }

    /// Moves to an instant that is not earlier.
    pub fn move_to(&self, at: Timestamp) {
        let mut now = self.0.lock().expect("no test panics while it holds the clock");
        *now = at.max(*now);
    }
}

impl Default for TestClock {
    fn default() -> TestClock {
        TestClock::new()
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().expect("no test panics while it holds the clock")
    }
}
