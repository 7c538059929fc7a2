//! The small values requests and answers are made of: limited texts, instance ids, points of time, web addresses. Each can
//! only be had by parsing.

use std::fmt;

/// Why a member's value is not acceptable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueProblem {
    /// A mandatory member is absent, null or empty.
    #[error("is missing")]
    Missing,
    /// Not the JSON type that the protocol wants.
    #[error("is of type {found}, expected {expected}")]
    WrongType {
        /// Type wanted.
        expected: &'static str,
        /// Type found.
        found: &'static str,
    },
    /// More characters than allowed.
    #[error("has {length} characters, at most {limit} are allowed")]
    TooLong {
        /// Characters found.
        length: usize,
        /// Characters allowed.
        limit: usize,
    },
    /// A character that has no business there: control, invisible direction mark, or outside the allowed set.
    #[error("holds the character U+{:04X}, which is not allowed", u32::from(*.character))]
    BadCharacter {
        /// The first such character.
        character: char,
    },
    /// Not one of the values that the protocol lists.
    #[error("must be one of: {allowed}")]
    NotAllowed {
        /// The values, separated by commas.
        allowed: String,
    },
    /// Digits in a form that is no point of time.
    #[error("is no point of time; expected {expected}")]
    NotATime {
        /// The form, e.g. `yyyyMMddHHmmss`.
        expected: &'static str,
    },
    /// Not a positive amount with at most 12 digits, 4 of them decimals.
    #[error("is no usage amount; expected a number from 0 with at most 4 decimals and 12 digits")]
    NotAnAmount,
    /// Not an address that a person may be sent to.
    #[error("is not a web address with http or https")]
    NotAWebAddress,
    /// More entries than allowed.
    #[error("holds {count} entries, at most {limit} are allowed")]
    TooMany {
        /// Entries found.
        count: usize,
        /// Entries allowed.
        limit: usize,
    },
}

/// True for characters that change how *other* text is shown, or show nothing: never wanted from a stranger.
fn is_deceptive(character: char) -> bool {
    matches!(
        character,
        '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
    )
}

/// Checks a text from outside: not empty, at most `limit` characters, nothing invisible.
pub(crate) fn check_text(text: &str, limit: usize) -> Result<(), ValueProblem> {
    if text.is_empty() {
        return Err(ValueProblem::Missing);
    }
    let length = text.chars().count();
    if length > limit {
        return Err(ValueProblem::TooLong { length, limit });
    }
    match text.chars().find(|c| c.is_control() || is_deceptive(*c)) {
        Some(character) => Err(ValueProblem::BadCharacter { character }),
        None => Ok(()),
    }
}

/// As [`check_text`], but line breaks and tabs may stand in it (memo).
pub(crate) fn check_lines(text: &str, limit: usize) -> Result<(), ValueProblem> {
    let length = text.chars().count();
    if length > limit {
        return Err(ValueProblem::TooLong { length, limit });
    }
    match text.chars().find(|c| (c.is_control() && !matches!(c, '\n' | '\r' | '\t')) || is_deceptive(*c)) {
        Some(character) => Err(ValueProblem::BadCharacter { character }),
        None => Ok(()),
    }
}

/// A text of 1 to `MAX` characters without control characters or invisible marks.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text<const MAX: usize>(String);

impl<const MAX: usize> Text<MAX> {
    /// Takes a text that fits.
    ///
    /// ```
    /// use koogallery::{Text, ValueProblem};
    /// assert_eq!(Text::<64>::parse("CS2601150930ABCDE").map(|id| id.to_string()), Ok("CS2601150930ABCDE".into()));
    /// assert_eq!(Text::<4>::parse("12345"), Err(ValueProblem::TooLong { length: 5, limit: 4 }));
    /// ```
    pub fn parse(text: &str) -> Result<Text<MAX>, ValueProblem> {
        check_text(text, MAX).map(|()| Text(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An order, order line, business, product or instance name as the marketplace sends it: S64.
pub type Id = Text<64>;

/// The seller's name for what it delivered, as a marketplace accepts it.
///
/// At most 64 of `A–Z a–z 0–9 - _ . : @ / + = ~`. The protocol says S64 and no more; the set is narrower because the value is shown,
/// logged, and sent back in a comma-separated list.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InstanceId(String);

impl InstanceId {
    /// Takes an instance id from a seller's answer.
    pub fn parse(text: &str) -> Result<InstanceId, ValueProblem> {
        if text.is_empty() {
            return Err(ValueProblem::Missing);
        }
        let length = text.chars().count();
        if length > 64 {
            return Err(ValueProblem::TooLong { length, limit: 64 });
        }
        match text.chars().find(|c| !(c.is_ascii_alphanumeric() || "-_.:@/+=~".contains(*c))) {
            Some(character) => Err(ValueProblem::BadCharacter { character }),
            None => Ok(InstanceId(text.to_owned())),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for InstanceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<InstanceId> for Id {
    fn from(id: InstanceId) -> Id {
        Text(id.0)
    }
}

/// A point of time in UTC as `yyyyMMddHHmmss` (seller-protocol 1.2).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UtcSecond(String);

impl UtcSecond {
    /// From Unix milliseconds; parts of a second are dropped. `None` outside the years 0 to 9999.
    ///
    /// ```
    /// use koogallery::UtcSecond;
    /// assert_eq!(UtcSecond::from_unix_ms(1_768_469_400_123).map(|t| t.to_string()), Some("20260115093000".into()));
    /// ```
    pub fn from_unix_ms(ms: i64) -> Option<UtcSecond> {
        let at = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::from_millisecond(ms).ok()?);
        (0..=9999).contains(&at.year()).then(|| UtcSecond(at.strftime("%Y%m%d%H%M%S").to_string()))
    }

    /// Reads 14 digits, or 17 whose last three (milliseconds, seen in one example) are dropped. A leap second is the one before
    /// it, as in Unix time.
    pub fn parse(text: &str) -> Result<UtcSecond, ValueProblem> {
        let problem = ValueProblem::NotATime { expected: "yyyyMMddHHmmss" };
        if text.is_empty() {
            return Err(ValueProblem::Missing);
        }
        if !matches!(text.len(), 14 | 17) || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(problem);
        }
        let (seconds, _) = text.split_at(14);
        let at = jiff::civil::DateTime::strptime("%Y%m%d%H%M%S", seconds).map_err(|_| problem)?;
        Ok(UtcSecond(at.strftime("%Y%m%d%H%M%S").to_string()))
    }

    /// Unix milliseconds.
    pub fn unix_ms(&self) -> i64 {
        jiff::civil::DateTime::strptime("%Y%m%d%H%M%S", &self.0)
            .and_then(|at| jiff::tz::TimeZone::UTC.to_timestamp(at))
            .expect("the digits were read as a date and time when the value was made")
            .as_millisecond()
    }
}

impl fmt::Display for UtcSecond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An address a person may be sent to: `http` or `https`, with a host, without user name or password in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WebAddress(String);

impl WebAddress {
    /// Takes an address of at most 512 characters. `javascript:`, `data:` and the like are refused, however they are spelled.
    ///
    /// ```
    /// use koogallery::WebAddress;
    /// assert!(WebAddress::parse("https://app.example.com/").is_ok());
    /// assert!(WebAddress::parse("java\tscript:alert(1)").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<WebAddress, ValueProblem> {
        check_text(text, 512)?;
        if text.contains(char::is_whitespace) {
            return Err(ValueProblem::NotAWebAddress);
        }
        let url = url::Url::parse(text).map_err(|_| ValueProblem::NotAWebAddress)?;
        let web = matches!(url.scheme(), "http" | "https");
        // The prefix is asked for as well, because URL parsers read "https:host" and "https:\host" like "https://host".
        let plain = text.get(..8).is_some_and(|p| p.eq_ignore_ascii_case("https://"))
            || text.get(..7).is_some_and(|p| p.eq_ignore_ascii_case("http://"));
        let named = url.host_str().is_some_and(|host| !host.is_empty());
        let bare = url.username().is_empty() && url.password().is_none() && !text.contains('\\');
        if web && plain && named && bare { Ok(WebAddress(text.to_owned())) } else { Err(ValueProblem::NotAWebAddress) }
    }

    /// The address as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True for a literal IP address of a private network. Loopback is none: it is the machine of whoever tries the system out.
    ///
    /// ```
    /// use koogallery::WebAddress;
    /// let inside = |text| WebAddress::parse(text).map(|address| address.leads_into_private_network());
    /// assert_eq!((inside("http://192.168.0.10/"), inside("http://127.0.0.1:9000/")), (Ok(true), Ok(false)));
    /// ```
    pub fn leads_into_private_network(&self) -> bool {
        match url::Url::parse(&self.0).ok().as_ref().and_then(url::Url::host) {
            Some(url::Host::Ipv4(ip)) => ip.is_private() || ip.is_link_local(),
            Some(url::Host::Ipv6(ip)) => ip.is_unique_local() || ip.is_unicast_link_local(),
            Some(url::Host::Domain(_)) | None => false,
        }
    }

    /// True when the browser will use TLS.
    pub fn uses_tls(&self) -> bool {
        self.0.get(..6).is_some_and(|p| p.eq_ignore_ascii_case("https:"))
    }
}

impl fmt::Display for WebAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instance_ids_take_no_markup_no_sql_no_direction_marks() {
        for good in ["6f1c2d7e-0b35-4a57-9c43-8f0f5b1f7a10", "acme/eu_1:7", "A"] {
            assert!(InstanceId::parse(good).is_ok(), "{good}");
        }
        let long = "x".repeat(65);
        for bad in ["", " a", "a,b", "a\u{202e}b", "<b>", "'; drop table orders", "a\0", "实例", long.as_str()] {
            assert!(InstanceId::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_web_addresses_lead_a_person_away() {
        for good in ["https://app.example.com/?a=b#c", "http://127.0.0.1:9000/a", "HTTPS://例子.example/"] {
            assert!(WebAddress::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "javascript:alert(1)",
            "JaVaScRiPt://x.example/%0aalert(1)",
            "data:text/html,hi",
            "//app.example.com",
            "app.example.com",
            "https:app.example.com",
            "https:\\\\evil.example",
            "https://user:pass@evil.example/",
            "https://app.example.com@evil.example",
            "ftp://a.example/",
            "https://",
            "https://a b.example/",
            "file:///etc/passwd",
            "https://a\u{202e}b.example/",
        ] {
            assert!(WebAddress::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn times_are_real_times() {
        assert_eq!(UtcSecond::parse("20260115093000").expect("valid").unix_ms(), 1_768_469_400_000);
        assert_eq!(UtcSecond::parse("20260115093000123").expect("valid").to_string(), "20260115093000");
        assert_eq!(UtcSecond::parse("20161231235960").expect("valid").to_string(), "20161231235959");
        assert_eq!(UtcSecond::parse("00001001000059").expect("valid").to_string(), "00001001000059");
        for bad in ["", "20260230000000", "2026011509300", "20260115T93000", "20260115250000"] {
            assert!(UtcSecond::parse(bad).is_err(), "{bad}");
        }
    }
}
