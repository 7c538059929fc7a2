//! Counts and decimal quantities that prices are multiplied with. Not amounts of money.

use std::fmt;
use std::num::NonZeroU32;

/// How many of a thing are bought at once: 1 to 10,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Count(NonZeroU32);

impl Count {
    /// One.
    pub const ONE: Count = Count(NonZeroU32::MIN);
    /// The largest count that an order line takes.
    pub const MAX: u32 = 10_000;

    /// A count of 1 to [`Count::MAX`], else `None`.
    pub fn new(count: u32) -> Option<Count> {
        NonZeroU32::new(count).filter(|count| count.get() <= Count::MAX).map(Count)
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
