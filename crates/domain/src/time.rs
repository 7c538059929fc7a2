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
