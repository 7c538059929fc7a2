//! Instants and spans as the marketplace uses them. Not a clock: `now` is always an argument.

pub use jiff::civil::{Date, Time};
pub use jiff::tz::TimeZone;
pub use jiff::{SignedDuration, Timestamp};

/// Milliseconds since 1970-01-01T00:00:00Z: how instants are stored.
pub fn to_millisecond(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// The instant of a stored millisecond; `None` when it lies outside the years 0 to 9999.
pub fn from_millisecond(millisecond: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(millisecond).ok()
}

/// `at` without anything finer than a millisecond, so that what is stored reads back equal.
pub fn whole_millisecond(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

/// `days` working days (Monday to Friday, UTC) after `from`, at the same time of day. Public holidays count, until an operator can
/// name them. Where time ends, the last instant.
pub fn after_working_days(from: Timestamp, days: u32) -> Timestamp {
    let one_day = SignedDuration::from_hours(24);
    let (mut at, mut left) = (from, days);
    while left > 0 {
        let Ok(next) = at.checked_add(one_day) else { return at };
        at = next;
        // The first day of 1970 was a Thursday: counted from Monday, day 3.
        let day_of_week = (at.as_second().div_euclid(86_400) + 3).rem_euclid(7);
        left -= u32::from(day_of_week < 5);
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("the test writes RFC 3339")
    }

    #[test]
    fn three_working_days_skip_the_weekend() {
        let table = [
            ("2026-05-14T08:20:00Z", "2026-05-19T08:20:00Z"), // Thursday, so Tuesday
            ("2026-05-11T00:00:00Z", "2026-05-14T00:00:00Z"), // Monday, so Thursday
            ("2026-05-16T12:00:00Z", "2026-05-20T12:00:00Z"), // Saturday, so Wednesday
        ];
        for (from, to) in table {
            assert_eq!(after_working_days(at(from), 3), at(to), "{from}");
        }
    }
}
