//! The part `[sellers]` of the configuration: what sellers' interfaces must keep, and what follows when they do not.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use app::selling::agreements::Agreements;
use app::selling::dial_tests::DialTestSettings;
use domain::selling::{DialHours, DomainProofRule};
use domain::time::{SignedDuration, Time, TimeZone};
use serde::Deserialize;

/// What sellers' interfaces must keep. Times of day are `HH:MM` in `time_zone`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sellers {
    /// Whose days, mornings and months are meant: a name such as `Asia/Shanghai`, or an offset such as `+08:00`.
    pub time_zone: String,
    /// Whether a product needs an address of a domain that the seller has proven to be its own.
    pub ask_domain_proof: bool,
    /// How many days the key before lives on when a new one is introduced.
    pub retiring_key_days: u32,
    /// Whether the saved cases of what is on sale are called every morning and afternoon.
    pub dial_tests: bool,
    /// When the morning's tests begin.
    pub dial_morning: String,
    /// When the afternoon's tests begin.
    pub dial_afternoon: String,
    /// After so many failed days in a row trade is stopped; 0 never stops it.
    pub dial_failed_days: u32,
    /// So many orders of a product may fail in a month through its interface before the operator is asked.
    pub failed_orders_per_month: u32,
    /// A report of the debugging kit that is older is named old when it is attached to a release, in days.
    pub report_fresh_days: u32,
    /// So many usage records a seller's systems may push in an hour.
    pub usage_records_per_hour: u32,
    /// A folder with later versions of what sellers agree to: `seller_terms.2.en.md`, `seller_terms.2.zh.md` and so on.
    pub agreements: Option<PathBuf>,
}

impl Default for Sellers {
    fn default() -> Sellers {
        Sellers {
            time_zone: "UTC".to_owned(),
            ask_domain_proof: true,
            retiring_key_days: 30,
            dial_tests: true,
            dial_morning: "09:00".to_owned(),
            dial_afternoon: "15:00".to_owned(),
            dial_failed_days: 5,
            failed_orders_per_month: 5,
            report_fresh_days: 30,
            usage_records_per_hour: 20_000,
            agreements: None,
        }
    }
}

/// The most days that make sense: tests are kept for a year and a bit.
const MOST_DAYS: u32 = 60;

/// A key that still lives after a year was never meant to end.
const MOST_KEY_DAYS: u32 = 365;

/// A push of so many is taken as a whole or not at all.
const MOST_RECORDS_OF_A_PUSH: u32 = 1_000;

impl Sellers {
    /// Refuses what cannot be read, and numbers that make no sense.
    pub fn check(&self) -> anyhow::Result<()> {
        let hours = self.hours()?;
        if hours.afternoon <= hours.morning {
            bail!("sellers.dial_afternoon must be later than sellers.dial_morning");
        }
        if self.dial_failed_days > MOST_DAYS {
            bail!("sellers.dial_failed_days is at most {MOST_DAYS}; it is {}", self.dial_failed_days);
        }
        if self.retiring_key_days > MOST_KEY_DAYS {
            bail!("sellers.retiring_key_days is at most {MOST_KEY_DAYS}; it is {}", self.retiring_key_days);
        }
        if self.usage_records_per_hour < MOST_RECORDS_OF_A_PUSH {
            bail!(
                "sellers.usage_records_per_hour is at least {MOST_RECORDS_OF_A_PUSH}, as many as one push may hold; it is {}",
                self.usage_records_per_hour
            );
        }
        Ok(())
    }

    /// What the use cases of selling need, with the rest as it is.
    pub fn selling(&self) -> anyhow::Result<app::selling::SellingSettings> {
        let dial_tests = DialTestSettings {
            hours: self.hours()?,
            scheduled: self.dial_tests,
            freeze_after_days: self.dial_failed_days,
            ..DialTestSettings::default()
        };
        Ok(app::selling::SellingSettings {
            dial_tests,
            failed_orders_allowed: self.failed_orders_per_month,
            usage_records_per_hour: self.usage_records_per_hour,
            domain_proof: if self.ask_domain_proof { DomainProofRule::Asked } else { DomainProofRule::NotAsked },
            retiring_key_kept_for: SignedDuration::from_hours(24 * i64::from(self.retiring_key_days)),
            agreements: self.agreements()?,
            ..app::selling::SellingSettings::default()
        })
    }

    fn agreements(&self) -> anyhow::Result<Agreements> {
        match &self.agreements {
            Some(folder) => Ok(Agreements::default().with(crate::agreement_files::read(folder)?)),
            None => Ok(Agreements::default()),
        }
    }

    fn hours(&self) -> anyhow::Result<DialHours> {
        Ok(DialHours {
            morning: time("dial_morning", &self.dial_morning)?,
            afternoon: time("dial_afternoon", &self.dial_afternoon)?,
            zone: zone(&self.time_zone)?,
        })
    }
}

fn time(key: &str, text: &str) -> anyhow::Result<Time> {
    let whole = text.len() == 5 && text.as_bytes().get(2) == Some(&b':');
    let read = text.parse().ok().filter(|_| whole);
    read.with_context(|| format!("sellers.{key} must be a time of day such as 09:00; it is {text}"))
}

/// A name is looked up in the machine's own tables of time zones.
fn zone(text: &str) -> anyhow::Result<TimeZone> {
    if text == "UTC" {
        return Ok(TimeZone::UTC);
    }
    if let Some(minutes) = offset(text) {
        let offset = jiff::tz::Offset::from_seconds(minutes * 60).context("sellers.time_zone")?;
        return Ok(TimeZone::fixed(offset));
    }
    TimeZone::get(text).with_context(|| {
        format!(
            "sellers.time_zone must be UTC, an offset such as +08:00, or a name that this machine knows (package tzdata) \
             such as Asia/Shanghai; it is {text}"
        )
    })
}

/// `+08:00` in minutes.
fn offset(text: &str) -> Option<i32> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':').filter(|(hours, minutes)| hours.len() == 2 && minutes.len() == 2)?;
    // Numbers may have a sign of their own, parts of an offset not.
    if !rest.bytes().all(|byte| byte == b':' || byte.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Sellers {
        toml::from_str(text).expect("it reads")
    }

    #[test]
    fn without_a_word_in_the_file_the_numbers_are_those_of_the_reference() {
        let sellers = Sellers::default();
        sellers.check().expect("the defaults are fine");
        let (read, default) = (sellers.selling().expect("fine"), app::selling::SellingSettings::default());
        assert_eq!(
            (read.domain_proof, read.retiring_key_kept_for),
            (default.domain_proof, default.retiring_key_kept_for)
        );
        assert_eq!(read.failed_orders_allowed, default.failed_orders_allowed);
        let (read, default) = (read.dial_tests, default.dial_tests);
        assert_eq!((read.hours, read.scheduled), (default.hours, default.scheduled));
        assert_eq!((read.freeze_after_days, read.pause_ms), (5, default.pause_ms));
    }

    #[test]
    fn a_time_zone_is_a_name_or_an_offset() {
        let noon: domain::time::Timestamp = "2026-05-14T12:00:00Z".parse().expect("an instant");
        for (text, hour) in [("UTC", 12), ("+08:00", 20), ("-03:30", 8), ("Asia/Shanghai", 20)] {
            let sellers = read(&format!("time_zone = \"{text}\""));
            assert_eq!(sellers.hours().expect(text).zone.to_datetime(noon).hour(), hour, "{text}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused_by_name() {
        for (text, name) in [
            ("time_zone = \"Peking\"", "time_zone"),
            ("time_zone = \"+99:00\"", "time_zone"),
            ("time_zone = \"+-1:00\"", "time_zone"),
            ("time_zone = \"-00:+5\"", "time_zone"),
            ("dial_morning = \"9\"", "dial_morning"),
            ("dial_morning = \"25:00\"", "dial_morning"),
            ("dial_afternoon = \"08:00\"", "dial_afternoon"),
            ("dial_failed_days = 400", "dial_failed_days"),
            ("retiring_key_days = 366", "retiring_key_days"),
            ("retiring_key_days = 4294967295", "retiring_key_days"),
        ] {
            let error = read(text).check().expect_err(text);
            assert!(format!("{error:#}").contains(name), "{error:#}");
        }
    }
}
