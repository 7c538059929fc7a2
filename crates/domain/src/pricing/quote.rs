//! What one purchase comes to: unit price × count × periods, what is paid today, and when the next charge falls.
//!
//! A [`Quote`] is a price the marketplace keeps for some minutes (ux.md U-19). It is computed here and nowhere else:
//! pages, API and orders show and book the same one. `app::pricing` seals it, so that a buyer cannot change it.

use jiff::ToSpan as _;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::ids::{QuoteId, SpecificationId};
use crate::money::Money;
use crate::outcome::{Refusal, RefusalKind};
use crate::quantity::{Count, Period};
use crate::time::{SignedDuration, Timestamp};

use super::Prices;

/// Days of a free trial: 3 to 180 (functions.md 4.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct TrialDays(u32);

impl TrialDays {
    /// The fewest days.
    pub const LEAST: u32 = 3;
    /// The most days.
    pub const MOST: u32 = 180;

    /// 3 to 180 days, else `None`.
    pub fn new(days: u32) -> Option<TrialDays> {
        (TrialDays::LEAST..=TrialDays::MOST).contains(&days).then_some(TrialDays(days))
    }

    /// The number of days.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for TrialDays {
    type Error = &'static str;
    fn try_from(days: u32) -> Result<TrialDays, &'static str> {
        TrialDays::new(days).ok_or("trial days are 3 to 180")
    }
}

impl From<TrialDays> for u32 {
    fn from(days: TrialDays) -> u32 {
        days.0
    }
}

/// Whether the buyer pays or tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Purchase {
    /// Pays today for the periods.
    Paid,
    /// Tries for free; nothing is charged by itself afterwards, the buyer converts (functions.md 4.4).
    Trial {
        /// For how long.
        days: TrialDays,
    },
}

/// When the next money is due and how much, should the buyer go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextCharge {
    /// The instant the paid or trial time ends.
    pub at: Timestamp,
    /// What the same number of periods costs then.
    pub amount: Money,
}

/// A price kept for some minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quote {
    /// The id; an order remembers it.
    pub id: QuoteId,
    /// What is bought.
    pub specification: SpecificationId,
    /// What one period is.
    pub period: Period,
    /// How many of it.
    pub count: u32,
    /// How many periods are bought at once; 1 for a one-time price.
    pub periods: u32,
    /// Paid or trial.
    pub purchase: Purchase,
    /// One unit for one period.
    pub unit_price: Money,
    /// Unit price × count × periods.
    pub subtotal: Money,
    /// What is paid when the order is placed: the subtotal, or nothing for a trial.
    pub total_today: Money,
    /// The next charge; a one-time price has none.
    pub next_charge: Option<NextCharge>,
    /// When it was computed.
    pub made_at: Timestamp,
    /// From then on it is refused and a new one is shown.
    pub expires_at: Timestamp,
}

impl Quote {
    /// For how long a price is kept: 15 minutes (ux.md U-19).
    pub const VALIDITY: SignedDuration = SignedDuration::from_mins(15);

    /// The count as a checked quantity.
    pub fn quantity(&self) -> Option<Count> {
        Count::new(self.count)
    }

    /// The same purchase, to be priced anew; `None` for a count that no order takes.
    pub fn request(&self) -> Option<QuoteRequest> {
        let count = self.quantity()?;
        let Quote { specification, period, periods, purchase, .. } = *self;
        Some(QuoteRequest { specification, period, count, periods, purchase })
    }

    /// Refuses with `quote_expired` at or after the end of validity.
    pub fn require_valid(&self, now: Timestamp) -> Result<(), QuoteError> {
        if now < self.expires_at { Ok(()) } else { Err(QuoteError::Expired) }
    }

    /// Refuses with `price_changed`, saying from and to, when the specification's prices are others now.
    pub fn require_same_price(&self, prices: &Prices) -> Result<(), QuoteError> {
        match prices.of(self.period) {
            None => Err(QuoteError::NotSoldByPeriod(self.period)),
            Some(price) if price != self.unit_price => Err(QuoteError::Changed { from: self.unit_price, to: price }),
            Some(_) => Ok(()),
        }
    }
}

/// What is to be priced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuoteRequest {
    /// What is bought.
    pub specification: SpecificationId,
    /// By which period.
    pub period: Period,
    /// How many.
    pub count: Count,
    /// How many periods at once.
    pub periods: u32,
    /// Paid or trial.
    pub purchase: Purchase,
}

/// Why there is no price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuoteError {
    /// The specification has no price for the period.
    #[error("not sold by this period")]
    NotSoldByPeriod(Period),
    /// More periods than one order takes, or none.
    #[error("number of periods out of range")]
    Periods {
        /// The most that this period allows.
        most: u32,
    },
    /// A trial of something that is billed once, or of several periods or pieces.
    #[error("a trial is one of a specification billed by period")]
    TrialNotOffered,
    /// The amount does not fit.
    #[error("the amount is out of range")]
    OutOfRange,
    /// The 15 minutes are over.
    #[error("the quote has expired")]
    Expired,
    /// The price is another one now.
    #[error("the price changed from {from} to {to}")]
    Changed {
        /// What the quote says.
        from: Money,
        /// What it costs now.
        to: Money,
    },
}

impl From<QuoteError> for Refusal {
    fn from(error: QuoteError) -> Refusal {
        let rule = |code| Refusal::new(RefusalKind::Rule, code);
        match error {
            QuoteError::NotSoldByPeriod(period) => rule("not_sold_by_period").with("period", period.code()),
            QuoteError::Periods { most } => rule("too_many_periods").with("most", most),
            QuoteError::TrialNotOffered => rule("trial_not_offered"),
            QuoteError::OutOfRange => rule("amount_out_of_range"),
            QuoteError::Expired => Refusal::new(RefusalKind::Conflict, "quote_expired"),
            QuoteError::Changed { from, to } => {
                Refusal::new(RefusalKind::Conflict, "price_changed").with("from", from).with("to", to)
            }
        }
    }
}

/// Computes what `request` comes to at `now`, by the specification's prices.
pub fn quote(id: QuoteId, request: QuoteRequest, prices: &Prices, now: Timestamp) -> Result<Quote, QuoteError> {
    let QuoteRequest { specification, period, count, periods, purchase } = request;
    let unit_price = prices.of(period).ok_or(QuoteError::NotSoldByPeriod(period))?;
    if periods == 0 || periods > period.most_periods() {
        return Err(QuoteError::Periods { most: period.most_periods() });
    }
    let multiplied = unit_price.checked_mul(count.get()).and_then(|price| price.checked_mul(periods));
    let subtotal = multiplied.map_err(|_| QuoteError::OutOfRange)?;
    let (total_today, paid_until) = match purchase {
        Purchase::Paid => (subtotal, end_of_periods(now, period, periods)?),
        Purchase::Trial { days } => {
            if period == Period::Once {
                return Err(QuoteError::TrialNotOffered);
            }
            let end = now.checked_add(SignedDuration::from_hours(24 * i64::from(days.get())));
            (Money::zero(unit_price.currency()), Some(end.map_err(|_| QuoteError::OutOfRange)?))
        }
    };
    Ok(Quote {
        id,
        specification,
        period,
        count: count.get(),
        periods,
        purchase,
        unit_price,
        subtotal,
        total_today,
        next_charge: paid_until.map(|at| NextCharge { at, amount: subtotal }),
        made_at: now,
        expires_at: now.checked_add(Quote::VALIDITY).map_err(|_| QuoteError::OutOfRange)?,
    })
}

/// When `periods` of `period` starting at `start` end: by calendar months in UTC, always counted from the start, so that
/// 31 January + 1 month is 28 February and + 2 months is 31 March. `None` for a one-time price.
pub fn end_of_periods(start: Timestamp, period: Period, periods: u32) -> Result<Option<Timestamp>, QuoteError> {
    let Some(months) = period.months() else { return Ok(None) };
    let months = months.checked_mul(periods).ok_or(QuoteError::OutOfRange)?;
    let months = i32::try_from(months).ok().filter(|months| *months <= 12_000).ok_or(QuoteError::OutOfRange)?;
    let end =
        start.to_zoned_datetime(TimeZone::UTC).checked_add(months.months()).map_err(|_| QuoteError::OutOfRange)?;
    Ok(Some(end.timestamp()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ids::Id as _;
    use crate::money::Currency;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("the test writes RFC 3339")
    }

    fn usd(minor: i64) -> Money {
        Money::new(minor, Currency::USD)
    }

    fn ask(period: Period, count: u32, periods: u32, purchase: Purchase) -> QuoteRequest {
        let count = Count::new(count).expect("the test stays in range");
        QuoteRequest { specification: SpecificationId::from_u128(1), period, count, periods, purchase }
    }

    fn priced(request: QuoteRequest, now: &str) -> Result<Quote, QuoteError> {
        let prices = match request.period {
            Period::Once => Prices::new(None, None, Some(usd(240_000))),
            Period::Month | Period::Year => Prices::new(Some(usd(1_900)), Some(usd(19_000)), None),
        };
        quote(QuoteId::from_u128(2), request, &prices.expect("these prices are fine"), at(now))
    }

    #[test]
    fn a_purchase_is_unit_price_times_count_times_periods() {
        let quote = priced(ask(Period::Month, 8, 3, Purchase::Paid), "2026-05-14T08:20:00Z").expect("a price");
        assert_eq!((quote.unit_price, quote.subtotal, quote.total_today), (usd(1_900), usd(45_600), usd(45_600)));
        let next = quote.next_charge.expect("months renew");
        assert_eq!((next.at, next.amount), (at("2026-08-14T08:20:00Z"), usd(45_600)));
        assert_eq!(quote.expires_at, at("2026-05-14T08:35:00Z"));
    }

    #[test]
    fn months_are_counted_from_the_start_and_clamped_to_the_end_of_short_ones() {
        let table = [
            ("2026-01-31T10:00:00Z", Period::Month, 1, "2026-02-28T10:00:00Z"),
            ("2026-01-31T10:00:00Z", Period::Month, 2, "2026-03-31T10:00:00Z"),
            ("2028-01-30T10:00:00Z", Period::Month, 1, "2028-02-29T10:00:00Z"),
            ("2028-02-29T00:00:00Z", Period::Year, 1, "2029-02-28T00:00:00Z"),
            ("2026-12-15T23:59:59Z", Period::Month, 1, "2027-01-15T23:59:59Z"),
        ];
        for (start, period, periods, end) in table {
            assert_eq!(end_of_periods(at(start), period, periods), Ok(Some(at(end))), "{start} + {periods} {period:?}");
        }
        assert_eq!(end_of_periods(at("2026-01-31T10:00:00Z"), Period::Once, 1), Ok(None));
    }

    #[test]
    fn a_trial_costs_nothing_today_and_says_what_follows() {
        let days = TrialDays::new(14).expect("14 is allowed");
        let quote =
            priced(ask(Period::Month, 2, 1, Purchase::Trial { days }), "2026-05-14T08:20:00Z").expect("a trial");
        assert_eq!((quote.total_today, quote.subtotal), (usd(0), usd(3_800)));
        assert_eq!(quote.next_charge.map(|next| next.at), Some(at("2026-05-28T08:20:00Z")));
    }

    #[test]
    fn what_is_not_offered_is_refused_by_name() {
        let now = "2026-05-14T08:20:00Z";
        let days = TrialDays::new(14).expect("14 is allowed");
        assert_eq!(priced(ask(Period::Once, 1, 1, Purchase::Trial { days }), now), Err(QuoteError::TrialNotOffered));
        assert_eq!(priced(ask(Period::Month, 1, 12, Purchase::Paid), now), Err(QuoteError::Periods { most: 11 }));
        assert_eq!(priced(ask(Period::Year, 1, 0, Purchase::Paid), now), Err(QuoteError::Periods { most: 3 }));
        let only_once = Prices::new(None, None, Some(usd(5))).expect("a price");
        let month = quote(QuoteId::from_u128(2), ask(Period::Month, 1, 1, Purchase::Paid), &only_once, at(now));
        assert_eq!(month, Err(QuoteError::NotSoldByPeriod(Period::Month)));
        assert_eq!((TrialDays::new(2), TrialDays::new(181)), (None, None));
    }

    #[test]
    fn an_old_quote_and_a_changed_price_are_refused() {
        let quote = priced(ask(Period::Month, 1, 1, Purchase::Paid), "2026-05-14T08:20:00Z").expect("a price");
        assert_eq!(quote.require_valid(at("2026-05-14T08:34:59Z")), Ok(()));
        assert_eq!(quote.require_valid(at("2026-05-14T08:35:00Z")), Err(QuoteError::Expired));
        let dearer = Prices::new(Some(usd(2_000)), None, None).expect("a price");
        let changed = QuoteError::Changed { from: usd(1_900), to: usd(2_000) };
        assert_eq!(quote.require_same_price(&dearer), Err(changed));
    }

    proptest! {
        #[test]
        fn the_subtotal_is_the_exact_product_or_a_refusal(
            minor in 0_i64..i64::MAX, count in 1_u32..=Count::MAX, periods in 1_u32..=11,
        ) {
            let prices = Prices::new(Some(usd(minor)), None, None).expect("one price");
            let found = quote(QuoteId::from_u128(2), ask(Period::Month, count, periods, Purchase::Paid), &prices,
                at("2026-05-14T08:20:00Z"));
            let exact = i128::from(minor) * i128::from(count) * i128::from(periods);
            match (found, i64::try_from(exact)) {
                (Ok(quote), Ok(exact)) => {
                    prop_assert_eq!(quote.subtotal.minor(), exact);
                    prop_assert_eq!(quote.total_today, quote.subtotal);
                }
                (Err(error), Err(_)) => prop_assert_eq!(error, QuoteError::OutOfRange),
                (found, exact) => prop_assert!(false, "{:?} but {:?}", found, exact),
            }
        }

        #[test]
        fn the_end_keeps_the_day_or_falls_on_the_last_of_the_month(
            second in 0_i64..4_000_000_000, periods in 1_u32..=11,
        ) {
            let start = Timestamp::from_second(second).expect("the range fits");
            let end = end_of_periods(start, Period::Month, periods).expect("in range").expect("months end");
            let (start, end) = (start.to_zoned_datetime(TimeZone::UTC), end.to_zoned_datetime(TimeZone::UTC));
            prop_assert!(end.day() == start.day() || (end.day() < start.day() && end.day() == end.days_in_month()));
            prop_assert_eq!(start.time(), end.time());
        }

        #[test]
        fn a_quote_reads_back_as_it_was_written(minor in 0_i64..1_000_000, count in 1_u32..100) {
            let prices = Prices::new(Some(usd(minor)), None, None).expect("one price");
            let made = quote(QuoteId::from_u128(2), ask(Period::Month, count, 1, Purchase::Paid), &prices,
                at("2026-05-14T08:20:00Z")).expect("a price");
            let text = serde_json::to_string(&made).expect("a quote is plain data");
            prop_assert_eq!(serde_json::from_str::<Quote>(&text).ok(), Some(made));
        }
    }
}
