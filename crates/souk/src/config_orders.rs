//! The part `[orders]` of the configuration: how long orders wait for payment, and how sellers' systems are called.
//!
//! `[orders.retries]` is the retry table of the protocol, one row a step (seller-protocol 1.6). Rows with `pauses_s = []` and
//! `then_every_s = 3600`, and `jitter_percent = 0`, are the schedule of the reference: once an hour (functions.md 13,
//! interface_retry).

use anyhow::bail;
use domain::fulfilment::{Ending, Policy, Retries, RetryTable, Step};
use domain::time::SignedDuration;
use serde::Deserialize;

/// Orders and calls to sellers. Spans are whole seconds, minutes, hours or days, as the name says.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Orders {
    /// How long an unpaid order waits, in hours.
    pub pending_hours: u32,
    /// How each step is repeated.
    pub retries: Table,
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

/// Where a key of an earlier version went, when a file with it is refused.
pub fn moved(refusal: &str) -> Option<&'static str> {
    [
        ("`deliver_minutes`", "orders.deliver_minutes is orders.retries.create.minutes now"),
        ("`release_minutes`", "orders.release_minutes is orders.retries.release.minutes now"),
        ("`pauses_s`", "orders.pauses_s is pauses_s of each step in orders.retries now"),
        ("`then_every_s`", "orders.then_every_s is then_every_s of each step in orders.retries now"),
    ]
    .into_iter()
    .find_map(|(name, place)| refusal.contains(&format!("unknown field {name}")).then_some(place))
}

impl Default for Orders {
    fn default() -> Orders {
        Orders {
            pending_hours: 24,
            retries: Table::default(),
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
            ("ask_first_s", self.ask_first_s),
            ("ask_longest_s", self.ask_longest_s),
            ("strikes", self.strikes),
            ("breaker_failures", self.breaker_failures),
            ("bodies_kept_days", self.bodies_kept_days),
        ];
        if let Some((name, _)) = at_least_one.iter().find(|(_, value)| *value == 0) {
            bail!("orders.{name} must be at least 1");
        }
        self.retries.check()?;
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
                retries: self.retries.table(),
                jitter_percent: self.jitter_percent,
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

/// The retry table: one row for each step that this marketplace takes.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Table {
    /// `newInstance` after payment, until the app is there.
    #[serde(deserialize_with = "create")]
    pub create: Row,
    /// A buyer's question for fresh access data.
    #[serde(deserialize_with = "refresh")]
    pub refresh: Row,
    /// `releaseInstance` of what must not run.
    #[serde(deserialize_with = "release")]
    pub release: Row,
    /// `orderNotify`.
    #[serde(deserialize_with = "notify")]
    pub notify: Row,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The pauses after the first failures, in seconds.
    pub pauses_s: Vec<u32>,
    /// The pause after every later failure, in seconds.
    pub then_every_s: u32,
    /// For how many minutes; 0 is once.
    pub minutes: u32,
    /// How it ends then: `refund`, `wait` or `let_go`.
    pub ending: String,
}

/// A row as it is written: what is left out is as it was.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    pauses_s: Option<Vec<u32>>,
    then_every_s: Option<u32>,
    minutes: Option<u32>,
    ending: Option<String>,
}

impl Default for Table {
    fn default() -> Table {
        let table = RetryTable::default();
        let row = |step| Row::of(table.of(step));
        Table {
            create: row(Step::Create),
            refresh: row(Step::Refresh),
            release: row(Step::Release),
            notify: row(Step::Notify),
        }
    }
}

fn part<'de, D: serde::Deserializer<'de>>(deserializer: D, before: Row) -> Result<Row, D::Error> {
    let part = Part::deserialize(deserializer)?;
    Ok(Row {
        pauses_s: part.pauses_s.unwrap_or(before.pauses_s),
        then_every_s: part.then_every_s.unwrap_or(before.then_every_s),
        minutes: part.minutes.unwrap_or(before.minutes),
        ending: part.ending.unwrap_or(before.ending),
    })
}

fn create<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Row, D::Error> {
    part(deserializer, Table::default().create)
}

fn refresh<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Row, D::Error> {
    part(deserializer, Table::default().refresh)
}

fn release<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Row, D::Error> {
    part(deserializer, Table::default().release)
}

fn notify<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Row, D::Error> {
    part(deserializer, Table::default().notify)
}

impl Table {
    fn rows(&self) -> [(Step, &Row); 4] {
        [
            (Step::Create, &self.create),
            (Step::Refresh, &self.refresh),
            (Step::Release, &self.release),
            (Step::Notify, &self.notify),
        ]
    }

    /// Refuses what would call without a pause, or end as its step must not.
    fn check(&self) -> anyhow::Result<()> {
        for (step, row) in self.rows() {
            let name = format!("orders.retries.{}", step.code());
            if row.then_every_s == 0 || row.pauses_s.contains(&0) {
                bail!("{name}: pauses_s and then_every_s must be at least 1");
            }
            if row.minutes == 0 && step != Step::Refresh {
                bail!("{name}.minutes must be at least 1");
            }
            let allowed: Vec<&str> = Ending::allowed(step).iter().map(|ending| ending.code()).collect();
            if !allowed.contains(&row.ending.as_str()) {
                bail!("{name}.ending must be {}; it is {}", allowed.join(" or "), row.ending);
            }
        }
        Ok(())
    }

    fn table(&self) -> RetryTable {
        RetryTable {
            create: self.create.retries(Ending::Refund),
            refresh: self.refresh.retries(Ending::LetGo),
            release: self.release.retries(Ending::Wait),
            notify: self.notify.retries(Ending::LetGo),
        }
    }
}

impl Row {
    fn of(row: &Retries) -> Row {
        let whole = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
        Row {
            pauses_s: row.pauses.iter().map(|pause| whole(pause.as_secs())).collect(),
            then_every_s: whole(row.then_every.as_secs()),
            minutes: whole(row.horizon.as_mins()),
            ending: row.ending.code().to_owned(),
        }
    }

    /// As the engine wants it; `unless` stands in for a word that the check refuses.
    fn retries(&self, unless: Ending) -> Retries {
        let seconds = |count: u32| SignedDuration::from_secs(i64::from(count));
        Retries {
            pauses: self.pauses_s.iter().copied().map(seconds).collect(),
            then_every: seconds(self.then_every_s),
            horizon: SignedDuration::from_mins(i64::from(self.minutes)),
            ending: Ending::ALL.into_iter().find(|ending| ending.code() == self.ending).unwrap_or(unless),
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
        let row = |step| format!("[retries.{step}]\npauses_s = []\nthen_every_s = 3600\n");
        let rows: String = ["create", "refresh", "release", "notify"].map(row).concat();
        let orders: Orders = toml::from_str(&format!("jitter_percent = 0\n{rows}")).expect("it reads");
        orders.check().expect("it is fine");
        assert_eq!(orders.fulfilment().policy, Policy::hourly());
    }

    #[test]
    fn a_key_of_an_earlier_version_is_told_where_it_went() {
        for (text, place) in [
            ("deliver_minutes = 60", "orders.retries.create.minutes"),
            ("release_minutes = 60", "orders.retries.release.minutes"),
            ("pauses_s = [1]", "pauses_s of each step in orders.retries"),
            ("then_every_s = 9", "then_every_s of each step in orders.retries"),
        ] {
            let refused = toml::from_str::<Orders>(text).expect_err("it moved").to_string();
            assert!(moved(&refused).is_some_and(|told| told.contains(place)), "{refused}");
        }
    }

    #[test]
    fn a_row_that_is_written_in_part_keeps_the_rest_and_leaves_the_others_alone() {
        let text = "[retries.notify]\nminutes = 5\nending = \"wait\"";
        let orders: Orders = toml::from_str(text).expect("it reads");
        orders.check().expect("it is fine");
        let (table, default) = (orders.fulfilment().policy.retries, RetryTable::default());
        let notify = Retries { horizon: SignedDuration::from_mins(5), ending: Ending::Wait, ..default.notify.clone() };
        assert_eq!(table, RetryTable { notify, ..default });
        assert!(toml::from_str::<Orders>("[retries.upgrade]\nminutes = 5").is_err(), "no row without its calls");
    }

    #[test]
    fn numbers_that_never_end_are_refused_by_name() {
        for (text, name) in [
            ("[retries.create]\nminutes = 0", "retries.create.minutes"),
            ("[retries.release]\nthen_every_s = 0", "retries.release: pauses_s and then_every_s"),
            ("[retries.notify]\npauses_s = [5, 0]", "retries.notify: pauses_s"),
            ("[retries.create]\nending = \"let_go\"", "retries.create.ending must be refund"),
            ("[retries.notify]\nending = \"never\"", "retries.notify.ending must be let_go or wait"),
            ("jitter_percent = 101", "jitter_percent"),
            ("deadline_ms = 10", "deadline_ms"),
        ] {
            let orders: Orders = toml::from_str(text).expect("it reads");
            let error = orders.check().expect_err("it is refused");
            assert!(error.to_string().contains(name), "{error}");
        }
    }
}
