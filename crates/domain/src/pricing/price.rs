//! The prices of one specification: per month and per year, or one time (functions.md 4.2).

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::money::{Currency, Money};
use crate::quantity::Period;

/// How a specification is billed. It never changes after release (functions.md 3.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BillingMode {
    /// Monthly, yearly, or the buyer's choice of the two.
    Period,
    /// A single charge: no renewal, no trial.
    Once,
}

impl BillingMode {
    /// Both.
    pub const ALL: [BillingMode; 2] = [BillingMode::Period, BillingMode::Once];

    /// How `period` is billed.
    pub fn of(period: Period) -> BillingMode {
        match period {
            Period::Month | Period::Year => BillingMode::Period,
            Period::Once => BillingMode::Once,
        }
    }

    /// The word in addresses, columns and JSON.
    pub fn code(self) -> &'static str {
        match self {
            BillingMode::Period => "period",
            BillingMode::Once => "once",
        }
    }
}

impl FromStr for BillingMode {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        BillingMode::ALL.into_iter().find(|mode| mode.code() == code).ok_or(())
    }
}

/// Why a set of prices cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PriceError {
    /// No price at all.
    #[error("no price")]
    Missing,
    /// A one-time price beside a monthly or yearly one.
    #[error("one-time and period prices together")]
    TwoModes,
    /// Amounts of two currencies.
    #[error("prices of two currencies")]
    TwoCurrencies,
    /// An amount under zero.
    #[error("a price under zero")]
    Negative,
}

/// The prices of one specification: monthly, yearly or both, or one-time alone; one currency; none under zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Prices {
    month: Option<Money>,
    year: Option<Money>,
    once: Option<Money>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    month: Option<Money>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    year: Option<Money>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    once: Option<Money>,
}

impl TryFrom<Wire> for Prices {
    type Error = PriceError;
    fn try_from(wire: Wire) -> Result<Prices, PriceError> {
        Prices::new(wire.month, wire.year, wire.once)
    }
}

impl From<Prices> for Wire {
    fn from(prices: Prices) -> Wire {
        Wire { month: prices.month, year: prices.year, once: prices.once }
    }
}

impl Prices {
    /// Checks the rules above.
    pub fn new(month: Option<Money>, year: Option<Money>, once: Option<Money>) -> Result<Prices, PriceError> {
        let mut amounts = [month, year, once].into_iter().flatten();
        let first = amounts.next().ok_or(PriceError::Missing)?;
        if once.is_some() && (month.is_some() || year.is_some()) {
            return Err(PriceError::TwoModes);
        }
        if first.minor() < 0 || amounts.clone().any(|amount| amount.minor() < 0) {
            return Err(PriceError::Negative);
        }
        if amounts.any(|amount| amount.currency() != first.currency()) {
            return Err(PriceError::TwoCurrencies);
        }
        Ok(Prices { month, year, once })
    }

    /// The price of one unit for one `period`, when the specification is sold so.
    pub fn of(&self, period: Period) -> Option<Money> {
        match period {
            Period::Month => self.month,
            Period::Year => self.year,
            Period::Once => self.once,
        }
    }

    /// The periods it is sold by, with their prices.
    pub fn each(&self) -> impl Iterator<Item = (Period, Money)> + '_ {
        Period::ALL.into_iter().filter_map(|period| self.of(period).map(|price| (period, price)))
    }

    /// The first period it is sold by, with its price: what a page chooses before the buyer does.
    pub fn first(&self) -> (Period, Money) {
        // `new` refuses prices without any amount, so the fallback is never seen.
        self.each().next().unwrap_or((Period::Once, Money::zero(Currency::USD)))
    }

    /// How it is billed.
    pub fn billing_mode(&self) -> BillingMode {
        if self.once.is_some() { BillingMode::Once } else { BillingMode::Period }
    }

    /// The one currency.
    pub fn currency(&self) -> Currency {
        self.first().1.currency()
    }

    /// Whether every price is nothing: a test specification (functions.md 3.4).
    pub fn free(&self) -> bool {
        self.each().all(|(_, price)| price.zero_amount())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd(minor: i64) -> Option<Money> {
        Some(Money::new(minor, Currency::USD))
    }

    #[test]
    fn prices_are_one_mode_one_currency_and_not_under_zero() {
        assert_eq!(Prices::new(None, None, None), Err(PriceError::Missing));
        assert_eq!(Prices::new(usd(1), None, usd(1)), Err(PriceError::TwoModes));
        assert_eq!(Prices::new(usd(1), usd(-1), None), Err(PriceError::Negative));
        assert_eq!(Prices::new(None, None, usd(-1)), Err(PriceError::Negative));
        let cny = Some(Money::new(1, Currency::CNY));
        assert_eq!(Prices::new(usd(1), cny, None), Err(PriceError::TwoCurrencies));
        let both = Prices::new(usd(900), usd(9_000), None).expect("monthly and yearly go together");
        assert_eq!(both.billing_mode(), BillingMode::Period);
        assert_eq!(both.each().map(|(period, _)| period).collect::<Vec<_>>(), [Period::Month, Period::Year]);
    }

    #[test]
    fn stored_prices_are_checked_when_they_are_read() {
        let once = Prices::new(None, None, usd(240_000)).expect("one-time alone is fine");
        let text = serde_json::to_string(&once).expect("prices are plain data");
        assert_eq!(text, r#"{"once":{"minor":240000,"currency":"USD"}}"#);
        assert_eq!(serde_json::from_str::<Prices>(&text).ok(), Some(once));
        for bad in ["{}", r#"{"month":{"minor":-1,"currency":"USD"}}"#, r#"{"week":{"minor":1,"currency":"USD"}}"#] {
            assert!(serde_json::from_str::<Prices>(bad).is_err(), "{bad}");
        }
    }
}
