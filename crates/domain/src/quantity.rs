//! Counts and decimal quantities that prices are multiplied with. Not amounts of money.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

/// How many of a thing are bought at once: 1 to 9,999, the four digits of `amount` in version 1.0 (seller-protocol 6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Count(NonZeroU32);

impl Count {
    /// One.
    pub const ONE: Count = Count(NonZeroU32::MIN);
    /// The largest count that an order line takes.
    pub const MAX: u32 = 9_999;
    /// The largest count that orders of earlier releases have.
    const MAX_KEPT: u32 = 10_000;

    /// A count of 1 to [`Count::MAX`], else `None`.
    pub fn new(count: u32) -> Option<Count> {
        NonZeroU32::new(count).filter(|count| count.get() <= Count::MAX).map(Count)
    }

    /// The count of an order that was placed already: it may be one more than is taken today.
    pub fn kept(count: u32) -> Option<Count> {
        NonZeroU32::new(count).filter(|count| count.get() <= Count::MAX_KEPT).map(Count)
    }

    /// The number.
    pub fn get(self) -> u32 {
        self.0.get()
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// For how long one unit price buys a thing (functions.md 4.2). It lives in the kernel because offers (catalog) and
/// quotes (pricing) both speak of it, and neither may use the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Period {
    /// A calendar month.
    Month,
    /// A calendar year.
    Year,
    /// For good: one charge, no renewal, no trial.
    Once,
}

impl Period {
    /// Every period, the shortest first.
    pub const ALL: [Period; 3] = [Period::Month, Period::Year, Period::Once];

    /// The word in columns, forms and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Period::Month => "month",
            Period::Year => "year",
            Period::Once => "once",
        }
    }

    /// The calendar months of one period; a one-time price has none.
    pub fn months(self) -> Option<u32> {
        match self {
            Period::Month => Some(1),
            Period::Year => Some(12),
            Period::Once => None,
        }
    }

    /// The most periods that one order takes: 11 months, 3 years, 1 single payment.
    pub fn most_periods(self) -> u32 {
        match self {
            Period::Month => 11,
            Period::Year => 3,
            Period::Once => 1,
        }
    }
}

impl FromStr for Period {
    type Err = ();
    fn from_str(code: &str) -> Result<Period, ()> {
        Period::ALL.into_iter().find(|period| period.code() == code).ok_or(())
    }
}
