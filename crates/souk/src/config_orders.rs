//! The part `[orders]` of the configuration: how long orders wait for payment, and how sellers' systems are called.
//!
//! `pauses_s = []` with `then_every_s = 3600` and `jitter_percent = 0` is the schedule of the reference: once an hour for
//! three hours (functions.md 13, interface_retry).

use anyhow::bail;
use domain::fulfilment::Policy;
use domain::time::SignedDuration;
use serde::Deserialize;

/// Orders and calls to sellers. Spans are whole seconds, minutes, hours or days, as the name says.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Orders {
    /// How long an unpaid order waits, in hours.
    pub pending_hours: u32,
    /// How long a seller may take to deliver before the order is refunded, in minutes.
    pub deliver_minutes: u32,
    /// How long taking an instance back is tried before it waits for a person, in minutes.
    pub release_minutes: u32,
    /// The pauses after the first failures, in seconds.
    pub pauses_s: Vec<u32>,
    /// The pause after every later failure, in seconds.
    pub then_every_s: u32,
    /// How far a pause may be shorter or longer, in percent.
    pub jitter_percent: u8,
    /// The first pause between two questions whether an instance is ready, in seconds; it doubles.
    pub ask_first_s: u32,
    /// The longest such pause, in seconds.
    pub ask_longest_s: u32,
    /// After how many refusals by HTTP status in a row a call stops.
    pub strikes: u32,
    /// After how many failed calls in a row a seller is left alone for a while.
    pub breaker_failures: u32,
    /// For how long, in seconds.
    pub breaker_pause_s: u32,
    /// After how many milliseconds a call is cut off.
    pub deadline_ms: u64,
    /// For how many days request and answer of a call are kept.
    pub bodies_kept_days: u32,
    /// A copy of the access data that is so many minutes old is asked for again when its page is opened; 0 never.
    pub access_fresh_minutes: u32,
}

impl Default for Orders {
    fn default() -> Orders {
        Orders {
            pending_hours: 24,
            deliver_minutes: 180,
            release_minutes: 60,
            pauses_s: vec![5, 15, 30, 60, 120, 240, 480],
            then_every_s: 600,
            jitter_percent: 20,
            ask_first_s: 10,
            ask_longest_s: 300,
            strikes: 3,
            breaker_failures: 10,
            breaker_pause_s: 60,
            deadline_ms: 20_000,
            bodies_kept_days: 90,
            access_fresh_minutes: 10,
        }
    }
}

impl Orders {
    /// Refuses numbers that would stop orders from ever ending, or call without a pause.
    pub fn check(&self) -> anyhow::Result<()> {
        let at_least_one = [
            ("pending_hours", self.pending_hours),
            ("deliver_minutes", self.deliver_minutes),
            ("release_minutes", self.release_minutes),
            ("then_every_s", self.then_every_s),
            ("ask_first_s", self.ask_first_s),
            ("ask_longest_s", self.ask_longest_s),
            ("strikes", self.strikes),
            ("breaker_failures", self.breaker_failures),
            ("bodies_kept_days", self.bodies_kept_days),
        ];
        if let Some((name, _)) = at_least_one.iter().find(|(_, value)| *value == 0) {
            bail!("orders.{name} must be at least 1");
        }
        if self.jitter_percent > 100 {
            bail!("orders.jitter_percent is at most 100; it is {}", self.jitter_percent);
        }
        if !(1_000..=60_000).contains(&self.deadline_ms) {
            bail!("orders.deadline_ms is 1000 to 60000; it is {}", self.deadline_ms);
        }
        Ok(())
    }

    /// What the use cases of ordering need.
    pub fn ordering(&self) -> app::ordering::OrderingSettings {
        app::ordering::OrderingSettings {
            pending_for: SignedDuration::from_hours(i64::from(self.pending_hours)),
            ..app::ordering::OrderingSettings::default()
        }
    }

    /// What the use cases of fulfilment need.
    pub fn fulfilment(&self) -> app::fulfilment::FulfilmentSettings {
        let seconds = |count: u32| SignedDuration::from_secs(i64::from(count));
        let minutes = |count: u32| SignedDuration::from_mins(i64::from(count));
        app::fulfilment::FulfilmentSettings {
            policy: Policy {
                pauses: self.pauses_s.iter().copied().map(seconds).collect(),
                then_every: seconds(self.then_every_s),
                jitter_percent: self.jitter_percent,
                create_horizon: minutes(self.deliver_minutes),
                release_horizon: minutes(self.release_minutes),
                poll_first: seconds(self.ask_first_s),
                poll_longest: seconds(self.ask_longest_s),
                strikes: self.strikes,
                breaker_failures: self.breaker_failures,
                breaker_pause: seconds(self.breaker_pause_s),
            },
            deadline_ms: self.deadline_ms,
            bodies_kept_for: SignedDuration::from_hours(24 * i64::from(self.bodies_kept_days)),
            access_fresh_for: minutes(self.access_fresh_minutes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_word_in_the_file_the_numbers_are_those_of_the_design() {
        let orders = Orders::default();
        orders.check().expect("the defaults are fine");
        assert_eq!(orders.fulfilment().policy, Policy::default());
        assert_eq!(orders.ordering().pending_for, app::ordering::OrderingSettings::default().pending_for);
        let default = app::fulfilment::FulfilmentSettings::default();
        assert_eq!(orders.fulfilment().deadline_ms, default.deadline_ms);
        assert_eq!(orders.fulfilment().bodies_kept_for, default.bodies_kept_for);
        assert_eq!(orders.fulfilment().access_fresh_for, default.access_fresh_for);
    }

    #[test]
    fn the_schedule_of_the_reference_can_be_written() {
        let orders: Orders =
            toml::from_str("pauses_s = []\nthen_every_s = 3600\njitter_percent = 0").expect("it reads");
        orders.check().expect("it is fine");
        assert_eq!(orders.fulfilment().policy, Policy::hourly());
    }

    #[test]
    fn numbers_that_never_end_are_refused_by_name() {
        for (text, name) in [
            ("deliver_minutes = 0", "deliver_minutes"),
            ("then_every_s = 0", "then_every_s"),
            ("jitter_percent = 101", "jitter_percent"),
            ("deadline_ms = 10", "deadline_ms"),
        ] {
            let orders: Orders = toml::from_str(text).expect("it reads");
            let error = orders.check().expect_err("it is refused");
            assert!(error.to_string().contains(name), "{error}");
        }
    }
}
