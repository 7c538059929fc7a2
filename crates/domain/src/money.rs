//! Money: minor units and a currency. Never a float, never a bare integer, never mixed, rounded once by a named rule.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

/// A currency of ISO 4217 that has minor units, by its three letters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// The United States dollar, two decimals.
    pub const USD: Currency = Currency(iso_currency::Currency::USD);
    /// The renminbi, two decimals.
    pub const CNY: Currency = Currency(iso_currency::Currency::CNY);
    /// The euro, two decimals.
    pub const EUR: Currency = Currency(iso_currency::Currency::EUR);
    /// The yen, no decimals.
    pub const JPY: Currency = Currency(iso_currency::Currency::JPY);

    /// The three capital letters.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// How many decimals the currency has: 2 for USD, 0 for JPY.
    pub fn decimals(self) -> u32 {
        u32::from(self.0.exponent().unwrap_or(0))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = MoneyError;
    fn from_str(code: &str) -> Result<Self, MoneyError> {
        iso_currency::Currency::from_code(code)
            .filter(|currency| currency.exponent().is_some())
            .map(Currency)
            .ok_or(MoneyError::UnknownCurrency)
    }
}

/// Why an amount could not be made or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Two amounts of different currencies met.
    #[error("amounts of two currencies cannot be added or compared")]
    CurrencyMismatch,
    /// The result does not fit.
    #[error("the amount is out of range")]
    OutOfRange,
    /// Not three letters of a currency with minor units.
    #[error("not a currency code of ISO 4217")]
    UnknownCurrency,
    /// The text is not a decimal number.
    #[error("not a decimal number")]
    NotANumber,
    /// The text has more decimals than the currency.
    #[error("more decimals than the currency has")]
    TooManyDecimals,
}

/// An amount in the smallest unit of one currency.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// `minor` of the smallest units (cents) of `currency`.
    pub const fn new(minor: i64, currency: Currency) -> Money {
        Money { minor, currency }
    }

    /// Nothing, in `currency`.
    pub const fn zero(currency: Currency) -> Money {
        Money { minor: 0, currency }
    }

    /// The number of smallest units.
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Whether the amount is exactly nothing.
    pub const fn zero_amount(self) -> bool {
        self.minor == 0
    }

    /// Reads what a person typed: digits, at most one point, at most as many decimals as the currency has. Commas as
    /// thousands separators are not read, because they mean decimals elsewhere.
    pub fn parse(text: &str, currency: Currency) -> Result<Money, MoneyError> {
        let text = text.trim();
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-') {
            return Err(MoneyError::NotANumber);
        }
        let decimal = Decimal::from_str(text).map_err(|_| MoneyError::NotANumber)?;
        if decimal.normalize().scale() > currency.decimals() {
            return Err(MoneyError::TooManyDecimals);
        }
        Money::from_decimal(decimal, currency, RoundingStrategy::ToZero)
    }

    /// A decimal number of whole units, rounded by the rule that the caller names.
    pub fn from_decimal(amount: Decimal, currency: Currency, rounding: RoundingStrategy) -> Result<Money, MoneyError> {
        let scale = Decimal::from(10_i64.pow(currency.decimals()));
        let minor = amount.checked_mul(scale).ok_or(MoneyError::OutOfRange)?;
        let minor = minor.round_dp_with_strategy(0, rounding).to_i64().ok_or(MoneyError::OutOfRange)?;
        Ok(Money { minor, currency })
    }

    /// The amount in whole units, with the currency's decimals: `140.28`.
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.minor, self.currency.decimals())
    }

    /// Adds two amounts of the same currency.
    pub fn checked_add(self, other: Money) -> Result<Money, MoneyError> {
        self.same_currency(other)?;
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::OutOfRange)?;
        Ok(Money { minor, ..self })
    }

    /// Takes `other` away; the result may be negative.
    pub fn checked_sub(self, other: Money) -> Result<Money, MoneyError> {
        self.same_currency(other)?;
        let minor = self.minor.checked_sub(other.minor).ok_or(MoneyError::OutOfRange)?;
        Ok(Money { minor, ..self })
    }

    /// `count` times the amount.
    pub fn checked_mul(self, count: u32) -> Result<Money, MoneyError> {
        let minor = self.minor.checked_mul(i64::from(count)).ok_or(MoneyError::OutOfRange)?;
        Ok(Money { minor, ..self })
    }

    /// The same amount with the other sign.
    pub fn checked_neg(self) -> Result<Money, MoneyError> {
        let minor = self.minor.checked_neg().ok_or(MoneyError::OutOfRange)?;
        Ok(Money { minor, ..self })
    }

    /// Whether the amount is at least `other`, of the same currency.
    pub fn at_least(self, other: Money) -> Result<bool, MoneyError> {
        self.same_currency(other)?;
        Ok(self.minor >= other.minor)
    }

    /// Splits the amount into shares that add up to it exactly; earlier shares take the spare units.
    pub fn split(self, shares: NonZeroU32) -> impl Iterator<Item = Money> {
        let count = i64::from(shares.get());
        let (base, spare) = (self.minor.div_euclid(count), self.minor.rem_euclid(count));
        (0..count).map(move |index| Money { minor: base + i64::from(index < spare), ..self })
    }

    fn same_currency(self, other: Money) -> Result<(), MoneyError> {
        if self.currency == other.currency { Ok(()) } else { Err(MoneyError::CurrencyMismatch) }
    }
}

/// `USD 140.28`: the code before the amount, without thousands separators. People see `language`'s form.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency, self.to_decimal())
    }
}

/// Reads what `Display` writes: `USD 140.28`.
impl FromStr for Money {
    type Err = MoneyError;
    fn from_str(text: &str) -> Result<Money, MoneyError> {
        let (currency, amount) = text.split_once(' ').ok_or(MoneyError::NotANumber)?;
        Money::parse(amount, currency.parse()?)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// On the wire and in stored JSON: `{"minor": 14028, "currency": "USD"}`.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    minor: i64,
    currency: String,
}

impl serde::Serialize for Money {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Wire { minor: self.minor, currency: self.currency.code().to_owned() }.serialize(serializer)
    }
}

impl<'de> serde::Deserialize<'de> for Money {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = Wire::deserialize(deserializer)?;
        let currency = wire.currency.parse().map_err(serde::de::Error::custom)?;
        Ok(Money { minor: wire.minor, currency })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn two_currencies_do_not_add() {
        let one = Money::new(1, Currency::USD);
        assert_eq!(one.checked_add(Money::new(1, Currency::CNY)), Err(MoneyError::CurrencyMismatch));
        assert_eq!(Money::new(i64::MAX, Currency::USD).checked_add(one), Err(MoneyError::OutOfRange));
    }

    #[test]
    fn typed_amounts_are_read_exactly_or_refused() {
        let read = |text| Money::parse(text, Currency::USD).map(Money::minor);
        assert_eq!(read("140.28"), Ok(14_028));
        assert_eq!(read(" 9 "), Ok(900));
        assert_eq!(read("0.5"), Ok(50));
        assert_eq!(read("9.990"), Ok(999));
        assert_eq!(read("9.999"), Err(MoneyError::TooManyDecimals));
        assert_eq!(read("1,000"), Err(MoneyError::NotANumber));
        assert_eq!(read("1e3"), Err(MoneyError::NotANumber));
        assert_eq!(read(""), Err(MoneyError::NotANumber));
        assert_eq!(read("99999999999999999999"), Err(MoneyError::OutOfRange));
        assert_eq!(Money::parse("100", Currency::JPY).map(Money::minor), Ok(100));
        assert_eq!(Money::parse("100.5", Currency::JPY), Err(MoneyError::TooManyDecimals));
    }

    proptest! {
        #[test]
        fn shares_add_up_to_the_whole(minor in -1_000_000_000_i64..1_000_000_000, shares in 1_u32..500) {
            let whole = Money::new(minor, Currency::EUR);
            let shares = NonZeroU32::new(shares).expect("the range starts at one");
            let total: i64 = whole.split(shares).map(Money::minor).sum();
            prop_assert_eq!(total, minor);
        }

        #[test]
        fn what_is_written_reads_back(minor in any::<i64>()) {
            let money = Money::new(minor, Currency::USD);
            let text = serde_json::to_string(&money).expect("money is plain data");
            prop_assert_eq!(serde_json::from_str::<Money>(&text).ok(), Some(money));
            prop_assert_eq!(money.to_string().parse::<Money>(), Ok(money));
        }
    }
}
