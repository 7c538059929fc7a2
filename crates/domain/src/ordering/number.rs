//! Order numbers as people and sellers read them: `CS`, the minute, five letters; the order line adds `-000001`
//! (seller-protocol 3.1, examples).

use std::fmt;
use std::str::FromStr;

use jiff::tz::TimeZone;

use crate::time::Timestamp;

/// `CS2605141328QWERT`: unique in the marketplace, sent to sellers as `orderId`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OrderNumber(String);

impl OrderNumber {
    /// Makes a number from the minute (UTC) and eight random bytes. Two orders of one minute meet with a chance of one
    /// in 11.8 million; the unique index then refuses and the caller draws again.
    pub fn make(now: Timestamp, random: [u8; 8]) -> OrderNumber {
        let time = now.to_zoned_datetime(TimeZone::UTC);
        let mut rest = u64::from_be_bytes(random);
        let letters: String = (0..5)
            .map(|_| {
                let letter = u8::try_from(rest % 26).unwrap_or(0);
                rest /= 26;
                char::from(b'A' + letter)
            })
            .collect();
        let (year, month, day) = (time.year() % 100, time.month(), time.day());
        let (hour, minute) = (time.hour(), time.minute());
        OrderNumber(format!("CS{year:02}{month:02}{day:02}{hour:02}{minute:02}{letters}"))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number of the order's only line.
    pub fn first_line(&self) -> LineNumber {
        LineNumber(format!("{}-000001", self.0))
    }
}

impl fmt::Display for OrderNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for OrderNumber {
    type Err = ();
    fn from_str(text: &str) -> Result<OrderNumber, ()> {
        let rest = text.strip_prefix("CS").filter(|rest| rest.len() == 15).ok_or(())?;
        let good = rest.bytes().enumerate().all(|(at, byte)| match at {
            0..10 => byte.is_ascii_digit(),
            _ => byte.is_ascii_uppercase(),
        });
        if good { Ok(OrderNumber(text.to_owned())) } else { Err(()) }
    }
}

impl<'de> serde::Deserialize<'de> for OrderNumber {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<OrderNumber, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|()| serde::de::Error::custom("not an order number"))
    }
}

/// `CS2605141328QWERT-000001`: sent to sellers as `orderLineId`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LineNumber(String);

impl LineNumber {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LineNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_says_the_minute_in_utc_and_reads_back() {
        let at: Timestamp = "2026-05-14T13:28:59+08:00".parse().expect("an instant");
        let number = OrderNumber::make(at, [0; 8]);
        assert_eq!(number.as_str(), "CS2605140528AAAAA");
        assert_eq!(number.first_line().as_str(), "CS2605140528AAAAA-000001");
        assert_eq!(number.as_str().parse(), Ok(number));
        let other = OrderNumber::make(at, [255; 8]);
        assert_eq!(other.as_str().parse(), Ok(other));
    }

    #[test]
    fn texts_that_only_look_like_numbers_are_refused() {
        for bad in [
            "",
            "CS",
            "CS2605140528AAAA",
            "CS2605140528AAAAAA",
            "CS260514052AAAAAA",
            "XX2605140528AAAAA",
            "CS2605140528aaaaa",
        ] {
            assert_eq!(bad.parse::<OrderNumber>(), Err(()), "{bad}");
        }
    }
}
