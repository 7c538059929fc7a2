//! Dial testing: each morning and each afternoon the saved cases of the address of every listed product are run for real
//! (functions.md 6 "Probing" and "Sanction", seller-protocol 1.6). When that happens, and how many days in a row failed.
//!
//! *What a failed day is.* The reference says "five days of failure in a row" and no more. Ours:
//! - A day is judged by its **last** test: who is down in the morning and answers in the afternoon has mended it that day.
//! - A day is judged when it is **over**: its afternoon was tested, or a test of a later day is there.
//! - A test that the seller **asked for** can only help: when it passes it counts as a test of its day, when it fails it does
//!   not count at all. Nobody is punished for looking.
//! - "In a row" means consecutive days of the calendar: a day without any test (the marketplace was down, the product was
//!   not on sale) ends the row.
//!
//! *What is not here.* Running cases and stopping trade (`app::selling::dial_tests`).

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Month;
use crate::ids::{DialTestId, InterfaceAddressId, OrganisationId};
use crate::text::Localised;
use crate::time::{Date, SignedDuration, Time, TimeZone, Timestamp};

/// Why a dial test was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Occasion {
    /// The first of the day.
    Morning,
    /// The second of the day.
    Afternoon,
    /// The seller pressed the button.
    Asked,
}

impl Occasion {
    /// Every occasion.
    pub const ALL: [Occasion; 3] = [Occasion::Morning, Occasion::Afternoon, Occasion::Asked];

    /// The word in columns, keys of jobs and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Occasion::Morning => "morning",
            Occasion::Afternoon => "afternoon",
            Occasion::Asked => "asked",
        }
    }
}

impl FromStr for Occasion {
    type Err = ();
    fn from_str(code: &str) -> Result<Occasion, ()> {
        Occasion::ALL.into_iter().find(|occasion| occasion.code() == code).ok_or(())
    }
}

/// Which test of which day. An address is tested once for each morning and each afternoon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DialSlot {
    /// The day, in the marketplace's time zone.
    pub day: Date,
    /// Why.
    pub occasion: Occasion,
}

/// When tests begin, and whose days they belong to.
#[derive(Clone, Debug, PartialEq)]
pub struct DialHours {
    /// When the morning's tests begin.
    pub morning: Time,
    /// When the afternoon's tests begin; later than the morning's.
    pub afternoon: Time,
    /// Whose mornings.
    pub zone: TimeZone,
}

impl DialHours {
    /// The day of an instant.
    pub fn day(&self, at: Timestamp) -> Date {
        self.zone.to_datetime(at).date()
    }

    /// A month from its first instant to that of the next.
    pub fn span_of(&self, month: Month) -> (Timestamp, Timestamp) {
        let first = month.first_day();
        let next = first.last_of_month().tomorrow().unwrap_or(first);
        let begin = |day: Date, without: Timestamp| {
            self.zone.to_timestamp(day.to_datetime(Time::midnight())).unwrap_or(without)
        };
        (begin(first, Timestamp::MIN), begin(next, Timestamp::MAX))
    }

    /// What should have begun by now: the last of today's two. Nothing before the first, so that a marketplace that was
    /// down overnight does not make up for yesterday.
    pub fn due(&self, now: Timestamp) -> Option<DialSlot> {
        let here = self.zone.to_datetime(now);
        let occasion = match here.time() {
            time if time >= self.afternoon => Occasion::Afternoon,
            time if time >= self.morning => Occasion::Morning,
            _ => return None,
        };
        Some(DialSlot { day: here.date(), occasion })
    }

    /// When the next begins, after `now`. On a day whose clocks skip that time, when they are past it.
    pub fn next_after(&self, now: Timestamp) -> Timestamp {
        let today = self.day(now);
        let days = [Some(today), today.tomorrow().ok()].into_iter().flatten();
        let begins = days.flat_map(|day| [self.morning, self.afternoon].map(|time| day.to_datetime(time)));
        let begins = begins.filter_map(|begin| self.zone.to_timestamp(begin).ok());
        // At the end of time itself there is no tomorrow.
        begins.filter(|begin| *begin > now).min().unwrap_or_else(|| now.saturating_add(HALF_A_DAY).unwrap_or(now))
    }
}

const HALF_A_DAY: SignedDuration = SignedDuration::from_hours(12);

/// A case that did not pass, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailingCase {
    /// The call, by its name on the wire.
    pub activity: String,
    /// The saved case; none when a required one is not there any more.
    pub case: Option<String>,
    /// How the seller calls it.
    pub name: Option<String>,
    /// What failed and what to do about it.
    pub reason: Localised,
}

/// One dial test of one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DialTest {
    /// The id.
    pub id: DialTestId,
    /// The address called.
    pub address: InterfaceAddressId,
    /// Its seller.
    pub seller: OrganisationId,
    /// Which test of which day.
    pub slot: DialSlot,
    /// When it was over.
    pub tested_at: Timestamp,
    /// How many cases were run or missed.
    pub cases: u32,
    /// Those that did not pass; none when the test passed.
    pub failing: Vec<FailingCase>,
}

impl DialTest {
    /// How it ended.
    pub fn result(&self) -> DialResult {
        if self.failing.is_empty() { DialResult::Passed } else { DialResult::Failed }
    }
}

/// How a dial test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DialResult {
    /// Every case passed.
    Passed,
    /// At least one did not.
    Failed,
}

impl DialResult {
    /// The word in JSON.
    pub fn code(self) -> &'static str {
        match self {
            DialResult::Passed => "passed",
            DialResult::Failed => "failed",
        }
    }
}

/// How many days in a row failed, up to the last day that is over. `tests` in the order in which they ended; a morning's test
/// that ended after the afternoon's, or after the next day began, is the morning's all the same. The rule stands in the head
/// of this file.
pub fn failed_days_in_a_row(tests: &[(DialSlot, DialResult)]) -> u32 {
    let counted =
        tests.iter().filter(|(slot, result)| slot.occasion != Occasion::Asked || *result == DialResult::Passed);
    let mut by_day: Vec<_> = counted.collect();
    by_day.sort_by_key(|(slot, _)| slot.day);
    let mut days: Vec<Day> = Vec::new();
    for (slot, result) in by_day {
        let over = slot.occasion == Occasion::Afternoon;
        match days.last_mut() {
            Some(day) if day.date == slot.day => {
                if !(day.over && slot.occasion == Occasion::Morning) {
                    day.last = *result;
                }
                day.over |= over;
            }
            Some(_) | None => days.push(Day { date: slot.day, last: *result, over }),
        }
    }
    let (mut row, mut wanted) = (0, None);
    for (place, day) in days.iter().rev().enumerate() {
        if day.last == DialResult::Passed || wanted.is_some_and(|wanted| wanted != day.date) {
            break;
        }
        // Only the last day can be unfinished: those before it are over because it began.
        if place > 0 || day.over {
            row += 1;
        }
        wanted = day.date.yesterday().ok();
    }
    row
}

/// A day with its last result so far.
struct Day {
    date: Date,
    last: DialResult,
    over: bool,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(number: i16) -> Date {
        jiff::civil::date(2026, 2, 1).checked_add(jiff::Span::new().days(number)).expect("a day of that year")
    }

    fn slot(number: i16, occasion: Occasion) -> DialSlot {
        DialSlot { day: day(number), occasion }
    }

    /// `f` failed, `p` passed, `-` not tested; two signs a day, then `+` for a passing test that the seller asked for, `!`
    /// for a failing one.
    fn history(text: &str) -> Vec<(DialSlot, DialResult)> {
        let mut tests = Vec::new();
        for (number, signs) in text.split(' ').enumerate() {
            let number = i16::try_from(number).expect("few days");
            let mut half = [Occasion::Morning, Occasion::Afternoon].into_iter();
            for sign in signs.chars() {
                let (occasion, result) = match sign {
                    '+' => (Occasion::Asked, Some(DialResult::Passed)),
                    '!' => (Occasion::Asked, Some(DialResult::Failed)),
                    'p' => (half.next().expect("two a day"), Some(DialResult::Passed)),
                    'f' => (half.next().expect("two a day"), Some(DialResult::Failed)),
                    _ => (half.next().expect("two a day"), None),
                };
                tests.extend(result.map(|result| (slot(number, occasion), result)));
            }
        }
        tests
    }

    #[test]
    fn a_day_is_judged_by_its_last_test_once_it_is_over() {
        for (text, days) in [
            ("", 0),
            ("ff", 1),
            ("pf", 1),
            ("fp", 0),
            // The day is not over.
            ("f-", 0),
            // The next day has begun.
            ("f- f-", 1),
            ("f- p-", 0),
            ("ff ff ff ff ff", 5),
            ("ff ff ff ff f", 4),
            ("ff ff ff ff f+", 0),
            ("ff ff ff ff f+f", 5),
            ("ff ff+ ff", 1),
            ("ff ff! ff!", 3),
            ("ff fp ff", 1),
            // Nobody tested on the third day.
            ("ff ff -- ff", 1),
            ("ff ff -- f-", 0),
            ("!", 0),
            ("ff !", 1),
        ] {
            assert_eq!(failed_days_in_a_row(&history(text)), days, "{text:?}");
        }
    }

    #[test]
    fn a_long_test_counts_for_its_own_half_day() {
        use DialResult::{Failed, Passed};
        let (morning, afternoon) = (|day| slot(day, Occasion::Morning), |day| slot(day, Occasion::Afternoon));
        for (tests, days) in [
            // The morning's test ended after the afternoon's.
            (vec![(afternoon(0), Passed), (morning(0), Failed)], 0),
            (vec![(afternoon(0), Failed), (morning(0), Passed)], 1),
            // The afternoon's ended after the next morning's.
            (vec![(morning(0), Failed), (morning(1), Failed), (afternoon(0), Passed), (afternoon(1), Failed)], 1),
            (vec![(morning(0), Passed), (morning(1), Failed), (afternoon(0), Failed), (afternoon(1), Failed)], 2),
            // What was asked for stands where it was made.
            (vec![(afternoon(0), Failed), (slot(0, Occasion::Asked), Passed), (morning(0), Failed)], 0),
        ] {
            assert_eq!(failed_days_in_a_row(&tests), days, "{tests:?}");
        }
    }

    fn any_test() -> impl Strategy<Value = Option<bool>> {
        prop_oneof![3 => Just(Some(false)), 1 => Just(Some(true)), 1 => Just(None)]
    }

    proptest! {
        /// The same rule said day by day, forwards.
        #[test]
        fn counting_backwards_agrees_with_counting_forwards(days in prop::collection::vec((any_test(), any_test(), any_test()), 0..14)) {
            let mut tests = Vec::new();
            let mut rows = Vec::new();
            for (number, (morning, afternoon, asked)) in days.iter().enumerate() {
                let number = i16::try_from(number).expect("few days");
                let made = [(Occasion::Morning, morning), (Occasion::Afternoon, afternoon), (Occasion::Asked, asked)];
                let made = made.into_iter().filter_map(|(occasion, passed)| Some((occasion, (*passed)?)));
                tests.extend(made.map(|(occasion, passed)| {
                    (slot(number, occasion), if passed { DialResult::Passed } else { DialResult::Failed })
                }));
                // What the day came to: nothing tested, passed, failed.
                let last = if *asked == Some(true) { Some(true) } else { afternoon.or(*morning) };
                rows.push((last, afternoon.is_some()));
            }
            while rows.last().is_some_and(|(last, _)| last.is_none()) {
                rows.pop();
            }
            let mut row = 0;
            let all = rows.len();
            for (place, (last, over)) in rows.into_iter().enumerate() {
                match last {
                    None | Some(true) => row = 0,
                    Some(false) if place + 1 < all || over => row += 1,
                    Some(false) => {}
                }
            }
            prop_assert_eq!(failed_days_in_a_row(&tests), row);
        }

        #[test]
        fn a_failing_test_that_was_asked_for_changes_nothing(days in prop::collection::vec((any_test(), any_test()), 0..10), at in 0_usize..20) {
            let mut tests = Vec::new();
            for (number, (morning, afternoon)) in days.iter().enumerate() {
                let number = i16::try_from(number).expect("few days");
                for (occasion, passed) in [(Occasion::Morning, morning), (Occasion::Afternoon, afternoon)] {
                    let result = passed.map(|passed| if passed { DialResult::Passed } else { DialResult::Failed });
                    tests.extend(result.map(|result| (slot(number, occasion), result)));
                }
            }
            let before = failed_days_in_a_row(&tests);
            let at = at.min(tests.len());
            let near = tests.get(at.saturating_sub(1)).map_or(day(0), |(slot, _)| slot.day);
            tests.insert(at, (DialSlot { day: near, occasion: Occasion::Asked }, DialResult::Failed));
            prop_assert_eq!(failed_days_in_a_row(&tests), before);
        }

        #[test]
        fn the_next_test_is_never_more_than_a_day_and_a_bit_away(second in 0_i64..4_000_000_000) {
            let hours = hours(TimeZone::fixed(jiff::tz::offset(8)));
            let now = Timestamp::from_second(second).expect("this century or the next");
            let next = hours.next_after(now);
            prop_assert!(next > now && next.duration_since(now) <= SignedDuration::from_hours(18));
            // What is due then is what begins then.
            let begun = hours.due(next).expect("it has begun");
            prop_assert_eq!(hours.day(next), begun.day);
        }
    }

    fn hours(zone: TimeZone) -> DialHours {
        DialHours { morning: jiff::civil::time(9, 0, 0, 0), afternoon: jiff::civil::time(15, 0, 0, 0), zone }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn mornings_and_afternoons_are_those_of_the_time_zone() {
        let shanghai = hours(TimeZone::fixed(jiff::tz::offset(8)));
        assert_eq!(shanghai.due(at("2026-05-14T00:59:59Z")), None);
        let due = |text| shanghai.due(at(text)).map(|slot| (slot.day.to_string(), slot.occasion));
        assert_eq!(due("2026-05-14T01:00:00Z"), Some(("2026-05-14".to_owned(), Occasion::Morning)));
        assert_eq!(due("2026-05-14T07:00:00Z"), Some(("2026-05-14".to_owned(), Occasion::Afternoon)));
        // Past midnight there, and nothing of the new day has begun.
        assert_eq!(due("2026-05-14T16:30:00Z"), None);
        assert_eq!(shanghai.next_after(at("2026-05-14T01:00:00Z")), at("2026-05-14T07:00:00Z"));
        assert_eq!(shanghai.next_after(at("2026-05-14T07:00:00Z")), at("2026-05-15T01:00:00Z"));
    }

    #[test]
    fn a_month_begins_and_ends_at_midnight_of_the_time_zone() {
        let shanghai = hours(TimeZone::fixed(jiff::tz::offset(8)));
        let (from, until) = shanghai.span_of(Month::of(jiff::civil::date(2026, 12, 14)));
        assert_eq!((from, until), (at("2026-11-30T16:00:00Z"), at("2026-12-31T16:00:00Z")));
        assert_eq!(Month::of(shanghai.day(from)), Month::of(jiff::civil::date(2026, 12, 1)));
    }

    #[test]
    fn occasions_read_back_from_their_codes() {
        for occasion in Occasion::ALL {
            assert_eq!(occasion.code().parse(), Ok(occasion));
        }
        assert_eq!("noon".parse::<Occasion>(), Err(()));
    }
}
