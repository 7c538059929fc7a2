//! The retry table: for each step how it is repeated, for how long, and how it ends when its time is over (seller-protocol 1.6).
//!
//! A step of the protocol that this marketplace does not take yet has no row: a row comes with its first call
//! (docs/reference/calls.md).

use crate::time::{SignedDuration, Timestamp};

use super::call::Step;

/// How a step ends when its time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// The order fails and is refunded.
    Refund,
    /// It waits for a person, who restarts it or gives it up.
    Wait,
    /// It is let go, and nobody is asked.
    LetGo,
}

impl Ending {
    /// Every ending.
    pub const ALL: [Ending; 3] = [Ending::Refund, Ending::Wait, Ending::LetGo];

    /// The word in the configuration.
    pub fn code(self) -> &'static str {
        match self {
            Ending::Refund => "refund",
            Ending::Wait => "wait",
            Ending::LetGo => "let_go",
        }
    }

    /// How a step may end. The checkout promises a refund when nothing is delivered; nothing else has anything to refund. A
    /// buyer's question is answered by the stored copy, so no person is asked for it; an instance that must not run is
    /// never forgotten.
    pub fn allowed(step: Step) -> &'static [Ending] {
        match step {
            Step::Create => &[Ending::Refund],
            Step::Refresh => &[Ending::LetGo],
            Step::Release => &[Ending::Wait],
            Step::Notify => &[Ending::LetGo, Ending::Wait],
        }
    }
}

/// One row: how one step is repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retries {
    /// The pauses after the first failures.
    pub pauses: Vec<SignedDuration>,
    /// The pause after every later failure.
    pub then_every: SignedDuration,
    /// For how long; nothing is once.
    pub horizon: SignedDuration,
    /// How it ends then.
    pub ending: Ending,
}

impl Retries {
    /// When the time of a step is over that begins now; none when it is tried once.
    pub fn closes_at(&self, now: Timestamp) -> Option<Timestamp> {
        if self.horizon.is_positive() { now.checked_add(self.horizon).ok() } else { None }
    }

    /// The pause after `failures` failures in a row (at least 1).
    pub fn pause(&self, failures: u32) -> SignedDuration {
        let index = usize::try_from(failures.saturating_sub(1)).unwrap_or(usize::MAX);
        self.pauses.get(index).copied().unwrap_or(self.then_every)
    }
}

/// The rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryTable {
    /// `newInstance` after payment, until the app is there.
    pub create: Retries,
    /// A buyer's question for fresh access data.
    pub refresh: Retries,
    /// `releaseInstance` of what must not run.
    pub release: Retries,
    /// `orderNotify`.
    pub notify: Retries,
}

impl RetryTable {
    /// The row of a step.
    pub fn of(&self, step: Step) -> &Retries {
        match step {
            Step::Create => &self.create,
            Step::Refresh => &self.refresh,
            Step::Release => &self.release,
            Step::Notify => &self.notify,
        }
    }
}

impl Default for RetryTable {
    /// The pauses of reliability.md; the horizons of the reference where it has any. A notice is ours: the reference names no
    /// number for it, so it has the hour of the calls whose failing costs nobody anything.
    fn default() -> RetryTable {
        let row = |minutes, ending| Retries {
            pauses: [5, 15, 30, 60, 120, 240, 480].map(SignedDuration::from_secs).to_vec(),
            then_every: SignedDuration::from_mins(10),
            horizon: SignedDuration::from_mins(minutes),
            ending,
        };
        RetryTable {
            create: row(180, Ending::Refund),
            refresh: row(0, Ending::LetGo),
            release: row(60, Ending::Wait),
            notify: row(60, Ending::LetGo),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_ends_as_its_step_may_and_a_span_of_nothing_is_once() {
        let table = RetryTable::default();
        for step in Step::ALL {
            let row = table.of(*step);
            assert!(Ending::allowed(*step).contains(&row.ending), "{}", step.code());
            assert_eq!(row.closes_at(Timestamp::UNIX_EPOCH).is_none(), *step == Step::Refresh, "{}", step.code());
        }
    }
}
