//! How dates, durations, numbers and money are written in each language (look.md, "Words").
//!
//! All instants are shown in UTC and say so. No floats: money comes as minor units.
//! Not here: rounding (domain's `Money` has done it).

use jiff::Timestamp;
use jiff::civil::{DateTime, Weekday};
use jiff::tz::TimeZone;

use crate::{Language, Words};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Writes a whole number with thousands separators and a true minus sign: `1,284`, `−38`.
pub(crate) fn integer(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut written = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        written.push('−');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written
}

fn utc(instant: Timestamp) -> DateTime {
    TimeZone::UTC.to_datetime(instant)
}

impl Words {
    /// A whole number: `1,284`, `−38`.
    pub fn integer(&self, number: i64) -> String {
        integer(number)
    }

    /// An amount without its currency: 14028 with 2 decimals is `140.28`. `decimals` above 18 are read as 18.
    pub fn amount(&self, minor: i64, decimals: u32) -> String {
        let unit = 10_u64.pow(decimals.min(18));
        let (whole, part) = (minor.unsigned_abs() / unit, minor.unsigned_abs() % unit);
        let whole = integer(i64::try_from(whole).unwrap_or(i64::MAX));
        let sign = if minor < 0 { "−" } else { "" };
        if decimals == 0 {
            return format!("{sign}{whole}");
        }
        format!("{sign}{whole}.{part:0width$}", width = decimals.min(18) as usize)
    }

    /// An amount with its currency code before it: `USD 140.28`.
    pub fn money(&self, currency: &str, minor: i64, decimals: u32) -> String {
        format!("{currency} {}", self.amount(minor, decimals))
    }

    /// A day: `14 May 2026`, `2026年5月14日`.
    pub fn date(&self, instant: Timestamp) -> String {
        let day = utc(instant);
        match self.language {
            Language::English => format!("{} {} {}", day.day(), month(&day), day.year()),
            Language::Chinese => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
        }
    }

    /// A day on which a person must act: `Tuesday 19 May 2026`, `2026年5月19日星期二`.
    pub fn date_with_weekday(&self, instant: Timestamp) -> String {
        let (english, chinese) = match utc(instant).weekday() {
            Weekday::Monday => ("Monday", "一"),
            Weekday::Tuesday => ("Tuesday", "二"),
            Weekday::Wednesday => ("Wednesday", "三"),
            Weekday::Thursday => ("Thursday", "四"),
            Weekday::Friday => ("Friday", "五"),
            Weekday::Saturday => ("Saturday", "六"),
            Weekday::Sunday => ("Sunday", "日"),
        };
        match self.language {
            Language::English => format!("{english} {}", self.date(instant)),
            Language::Chinese => format!("{}星期{chinese}", self.date(instant)),
        }
    }

    /// A moment to the minute: `14 May 2026, 16:20 UTC`, `2026年5月14日 16:20 UTC`.
    pub fn date_time(&self, instant: Timestamp) -> String {
        let day = utc(instant);
        let comma = match self.language {
            Language::English => ",",
            Language::Chinese => "",
        };
        format!("{}{comma} {:02}:{:02} UTC", self.date(instant), day.hour(), day.minute())
    }

    /// The time of day to the second: `16:20:31 UTC`.
    pub fn time_of_day(&self, instant: Timestamp) -> String {
        let day = utc(instant);
        format!("{:02}:{:02}:{:02} UTC", day.hour(), day.minute(), day.second())
    }

    /// How far an instant is from now: `just now`, `2 hours ago`, `in 3 days`. From 30 days on the date itself.
    pub fn relative(&self, instant: Timestamp, now: Timestamp) -> String {
        let seconds = now.as_second().saturating_sub(instant.as_second());
        if seconds.unsigned_abs() < 45 {
            return match self.language {
                Language::English => "just now",
                Language::Chinese => "刚刚",
            }
            .to_owned();
        }
        if seconds.unsigned_abs() >= 30 * 86_400 {
            return self.date(instant);
        }
        let length = self.duration(seconds.unsigned_abs());
        match (self.language, seconds > 0) {
            (Language::English, true) => format!("{length} ago"),
            (Language::English, false) => format!("in {length}"),
            (Language::Chinese, true) => format!("{length}前"),
            (Language::Chinese, false) => format!("{length}后"),
        }
    }

    /// A length of time in its largest fitting unit, rounded: `45 seconds`, `3 hours`, `2 days`, `3小时`.
    pub fn duration(&self, seconds: u64) -> String {
        let rounded = |unit: u64| (seconds + unit / 2) / unit;
        let (count, english, chinese) = if seconds < 60 {
            (seconds, "second", "秒")
        } else if rounded(60) < 60 {
            (rounded(60), "minute", "分钟")
        } else if rounded(3600) < 24 {
            (rounded(3600), "hour", "小时")
        } else {
            (rounded(86_400), "day", "天")
        };
        match self.language {
            Language::English if count == 1 => format!("{count} {english}"),
            Language::English => format!("{count} {english}s"),
            Language::Chinese => format!("{count}{chinese}"),
        }
    }

    /// A size in bytes: `812 bytes`, `6 KB`, `2 MB` (1,024 each, rounded up so that a limit is never understated).
    pub fn size(&self, bytes: u64) -> String {
        match (bytes, self.language) {
            (0..1024, Language::English) => format!("{bytes} bytes"),
            (0..1024, Language::Chinese) => format!("{bytes}字节"),
            (1024..1_048_576, _) => format!("{} KB", bytes.div_ceil(1024)),
            _ => format!("{} MB", bytes.div_ceil(1_048_576)),
        }
    }
}

fn month(day: &DateTime) -> &'static str {
    usize::try_from(day.month() - 1).ok().and_then(|index| MONTHS.get(index)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both() -> [&'static Words; 2] {
        Language::ALL.map(Words::of)
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("the test writes a well-formed instant")
    }

    #[test]
    fn money_has_its_code_before_the_amount_and_as_many_decimals_as_the_currency() {
        let [words, _] = both();
        for (currency, minor, decimals, written) in [
            ("USD", 14_028, 2, "USD 140.28"),
            ("USD", 5, 2, "USD 0.05"),
            ("USD", -112_240, 2, "USD −1,122.40"),
            ("USD", -5, 2, "USD −0.05"),
            ("JPY", 1_234_567, 0, "JPY 1,234,567"),
            ("KWD", 1_234_567, 3, "KWD 1,234.567"),
            ("USD", 0, 2, "USD 0.00"),
            ("USD", i64::MIN, 2, "USD −92,233,720,368,547,758.08"),
        ] {
            assert_eq!(words.money(currency, minor, decimals), written);
        }
    }

    #[test]
    fn dates_are_written_as_each_language_writes_them() {
        let [english, chinese] = both();
        let instant = at("2026-05-14T16:20:31Z");
        assert_eq!(english.date(instant), "14 May 2026");
        assert_eq!(chinese.date(instant), "2026年5月14日");
        assert_eq!(english.date_time(instant), "14 May 2026, 16:20 UTC");
        assert_eq!(chinese.date_time(instant), "2026年5月14日 16:20 UTC");
        assert_eq!(english.date_with_weekday(at("2026-05-19T00:00:00Z")), "Tuesday 19 May 2026");
        assert_eq!(chinese.date_with_weekday(at("2026-05-19T00:00:00Z")), "2026年5月19日星期二");
        assert_eq!(english.time_of_day(instant), "16:20:31 UTC");
    }

    #[test]
    fn distances_in_time_use_the_largest_fitting_unit() {
        let [english, chinese] = both();
        let now = at("2026-05-14T12:00:00Z");
        for (instant, in_english, in_chinese) in [
            ("2026-05-14T11:59:30Z", "just now", "刚刚"),
            ("2026-05-14T11:59:00Z", "1 minute ago", "1分钟前"),
            ("2026-05-14T10:00:00Z", "2 hours ago", "2小时前"),
            ("2026-05-14T11:00:20Z", "1 hour ago", "1小时前"),
            ("2026-05-17T12:00:00Z", "in 3 days", "3天后"),
            ("2026-05-13T12:20:00Z", "1 day ago", "1天前"),
            ("2026-01-02T12:00:00Z", "2 January 2026", "2026年1月2日"),
        ] {
            assert_eq!(english.relative(at(instant), now), in_english);
            assert_eq!(chinese.relative(at(instant), now), in_chinese);
        }
    }

    #[test]
    fn whole_numbers_are_grouped_by_thousands() {
        for (number, written) in [(0, "0"), (999, "999"), (1000, "1,000"), (-38, "−38"), (1_234_567, "1,234,567")] {
            assert_eq!(integer(number), written);
        }
    }

    #[test]
    fn sizes_and_lengths_of_time_are_rounded_to_one_unit() {
        let [english, chinese] = both();
        assert_eq!(english.size(6_000), "6 KB");
        assert_eq!(chinese.size(812), "812字节");
        assert_eq!(english.duration(10_800), "3 hours");
        assert_eq!(english.duration(1), "1 second");
        assert_eq!(chinese.duration(259_200), "3天");
    }
}
