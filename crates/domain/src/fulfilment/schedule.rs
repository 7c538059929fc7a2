//! When to try again: the numbers of reliability.md ("Numbers for the call engine"), all of them settings.

use crate::time::{SignedDuration, Timestamp};

use super::call::Step;
use super::retries::RetryTable;

/// Where in its range a pause falls: 0 is the shortest, 10,000 the longest. Chance is brought by the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Jitter(u16);

impl Jitter {
    /// Exactly the pause of the schedule.
    pub const NONE: Jitter = Jitter(5_000);

    /// From two random bytes.
    pub fn from_random(random: [u8; 2]) -> Jitter {
        let spread = u32::from(u16::from_be_bytes(random)) * 10_000 / u32::from(u16::MAX);
        Jitter(u16::try_from(spread).unwrap_or(5_000))
    }
}

/// How calls to sellers are repeated. The reference's own schedule (once an hour for three hours) is
/// [`Policy::hourly`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// For each step its pauses, its time and its ending.
    pub retries: RetryTable,
    /// How far a pause may be shorter or longer, in percent; at most 100.
    pub jitter_percent: u8,
    /// The first pause between two questions whether an instance is ready; it doubles.
    pub poll_first: SignedDuration,
    /// The longest pause between two such questions.
    pub poll_longest: SignedDuration,
    /// After how many refusals by HTTP status (401, 403, 404) in a row a call stops.
    pub strikes: u32,
    /// After how many failed calls in a row a seller is left alone for a while.
    pub breaker_failures: u32,
    /// For how long; then one call probes.
    pub breaker_pause: SignedDuration,
}

impl Default for Policy {
    fn default() -> Policy {
        let seconds = SignedDuration::from_secs;
        Policy {
            retries: RetryTable::default(),
            jitter_percent: 20,
            poll_first: seconds(10),
            poll_longest: SignedDuration::from_mins(5),
            strikes: 3,
            breaker_failures: 10,
            breaker_pause: seconds(60),
        }
    }
}

impl Policy {
    /// As the reference does it: once an hour, three hours long (functions.md 6, "Retries").
    pub fn hourly() -> Policy {
        let mut policy = Policy { jitter_percent: 0, ..Policy::default() };
        let RetryTable { create, refresh, release, notify } = &mut policy.retries;
        for row in [create, refresh, release, notify] {
            (row.pauses, row.then_every) = (Vec::new(), SignedDuration::from_hours(1));
        }
        policy
    }

    /// The instant of the next try of a step after `failures` failures in a row (at least 1).
    pub fn retry_at(&self, step: Step, now: Timestamp, failures: u32, jitter: Jitter) -> Timestamp {
        self.later(now, self.retries.of(step).pause(failures), jitter)
    }

    /// The instant of the next question after `polls` questions that were answered "not yet".
    pub fn poll_at(&self, now: Timestamp, polls: u32, jitter: Jitter) -> Timestamp {
        let factor = 1_i32.checked_shl(polls.min(16)).unwrap_or(i32::MAX);
        let pause = self.poll_first.checked_mul(factor).unwrap_or(self.poll_longest).min(self.poll_longest);
        self.later(now, pause, jitter)
    }

    fn later(&self, now: Timestamp, pause: SignedDuration, jitter: Jitter) -> Timestamp {
        let percent = i128::from(self.jitter_percent.min(100));
        let per_million = 1_000_000 + percent * 10_000 * (i128::from(jitter.0) - 5_000) / 5_000;
        let millisecond = pause.as_millis() * per_million / 1_000_000;
        let pause = SignedDuration::from_millis(i64::try_from(millisecond).unwrap_or(i64::MAX));
        now.checked_add(pause).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds_after(policy: &Policy, failures: u32, jitter: Jitter) -> i64 {
        policy.retry_at(Step::Create, Timestamp::UNIX_EPOCH, failures, jitter).as_second()
    }

    #[test]
    fn the_default_schedule_is_the_one_of_the_design() {
        let policy = Policy::default();
        let pauses: Vec<i64> = (1..=10).map(|failures| seconds_after(&policy, failures, Jitter::NONE)).collect();
        assert_eq!(pauses, [5, 15, 30, 60, 120, 240, 480, 600, 600, 600]);
    }

    #[test]
    fn jitter_moves_a_pause_by_a_fifth_at_most() {
        let policy = Policy::default();
        let (shortest, longest) = (Jitter::from_random([0, 0]), Jitter::from_random([255, 255]));
        assert_eq!(seconds_after(&policy, 8, shortest), 480);
        assert_eq!(seconds_after(&policy, 8, longest), 720);
    }

    #[test]
    fn the_reference_schedule_can_be_set() {
        assert_eq!(seconds_after(&Policy::hourly(), 1, Jitter::from_random([255, 255])), 3_600);
        assert_eq!(seconds_after(&Policy::hourly(), 9, Jitter::NONE), 3_600);
    }

    #[test]
    fn questions_grow_from_ten_seconds_to_five_minutes() {
        let policy = Policy::default();
        let pauses: Vec<i64> =
            (0..8).map(|polls| policy.poll_at(Timestamp::UNIX_EPOCH, polls, Jitter::NONE).as_second()).collect();
        assert_eq!(pauses, [10, 20, 40, 80, 160, 300, 300, 300]);
        assert_eq!(policy.poll_at(Timestamp::UNIX_EPOCH, u32::MAX, Jitter::NONE).as_second(), 300);
    }
}
