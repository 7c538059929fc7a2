//! How much was used: a decimal with at most 4 places. Never a float.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

/// An amount above zero with at most 8 digits before the point and 4 after it: `Double(12,4)` of seller-protocol 1.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UsageAmount(Decimal);

/// Text that is no such amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an amount above zero with at most 8 digits before and 4 after the point")]
pub struct NotAnAmount;

impl UsageAmount {
    /// The number.
    pub fn get(self) -> Decimal {
        self.0
    }
}

impl FromStr for UsageAmount {
    type Err = NotAnAmount;
    /// Reads plain decimals: no sign, no exponent, no blanks. Zeros at the end do not count as places.
    fn from_str(text: &str) -> Result<UsageAmount, NotAnAmount> {
        let (whole, places) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let (long, fine) = (whole.trim_start_matches('0').len() > 8, places.trim_end_matches('0').len() > 4);
        if !digits(whole) || !digits(places) || long || fine || text.len() > 40 {
            return Err(NotAnAmount);
        }
        let amount = text.parse::<Decimal>().map_err(|_| NotAnAmount)?.normalize();
        if amount > Decimal::ZERO { Ok(UsageAmount(amount)) } else { Err(NotAnAmount) }
    }
}

impl fmt::Display for UsageAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_and_above_zero() {
        for (text, said) in [
            ("12.5000", "12.5"),
            ("0.0001", "0.0001"),
            ("3", "3"),
            ("0012", "12"),
            ("99999999.9999", "99999999.9999"),
            ("1.00000", "1"),
        ] {
            assert_eq!(text.parse::<UsageAmount>().map(|amount| amount.to_string()), Ok(said.to_owned()), "{text}");
        }
        for bad in [
            "",
            "0",
            "0.0000",
            "-1",
            "+1",
            "1e3",
            "1.23456",
            "0.00001",
            "100000000",
            "1.",
            ".5",
            " 1",
            "1,5",
            "NaN",
            "１",
        ] {
            assert_eq!(bad.parse::<UsageAmount>(), Err(NotAnAmount), "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn an_amount_reads_back_as_it_is_written(ten_thousandths in 1_i64..1_000_000_000_000) {
            let amount = Decimal::new(ten_thousandths, 4);
            let read = amount.to_string().parse::<UsageAmount>();
            proptest::prop_assert_eq!(read.map(UsageAmount::get), Ok(amount));
            let again = read.map(|amount| amount.to_string()).unwrap_or_default().parse();
            proptest::prop_assert_eq!(again, read);
        }
    }
}
