//! More than so many orders of a product failed within a month because the seller's system did not deliver: the operator is
//! asked whether it stays on sale (functions.md 6 "Sanction": "more than 5 orders failed per month through interface
//! errors: product removed"; seller-protocol 1.6). Nothing is removed without a person.
//!
//! *What is not here.* When an order fails (`ordering`, `fulfilment`).

use std::fmt;
use std::str::FromStr;

use crate::ids::{OrganisationId, ProductId, UserId};
use crate::time::{Date, Timestamp};

/// A month of the calendar, in the marketplace's time zone: `2026-05`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    first: Date,
}

impl Month {
    /// The month of a day.
    pub fn of(day: Date) -> Month {
        Month { first: day.first_of_month() }
    }

    /// Its first day.
    pub fn first_day(self) -> Date {
        self.first
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

impl FromStr for Month {
    type Err = ();
    fn from_str(text: &str) -> Result<Month, ()> {
        let first: Date = format!("{text}-01").parse().map_err(|_| ())?;
        (Month { first }.to_string() == text).then_some(Month { first }).ok_or(())
    }
}

/// What an operator decided about a product whose orders failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailedOrdersDecision {
    /// It stays on sale.
    Keep,
    /// It is taken from sale for good.
    Remove,
}

impl FailedOrdersDecision {
    /// Every decision.
    pub const ALL: [FailedOrdersDecision; 2] = [FailedOrdersDecision::Keep, FailedOrdersDecision::Remove];

    /// The word in columns, forms and JSON.
    pub fn code(self) -> &'static str {
        match self {
            FailedOrdersDecision::Keep => "keep",
            FailedOrdersDecision::Remove => "remove",
        }
    }
}

impl FromStr for FailedOrdersDecision {
    type Err = ();
    fn from_str(code: &str) -> Result<FailedOrdersDecision, ()> {
        FailedOrdersDecision::ALL.into_iter().find(|decision| decision.code() == code).ok_or(())
    }
}

/// The failed orders of one product in one month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedOrders {
    /// The product.
    pub product: ProductId,
    /// Its seller.
    pub seller: OrganisationId,
    /// The month.
    pub month: Month,
    /// How many orders failed through the interface.
    pub failed: u32,
    /// When it was put before the operator; not yet while there are few.
    pub raised_at: Option<Timestamp>,
    /// What the operator decided, when, who, and the reason given.
    pub decided: Option<(FailedOrdersDecision, Timestamp, UserId, String)>,
}

impl FailedOrders {
    /// Asked after each failure: whether the product is to be put before the operator now. When more than `allowed` failed,
    /// once for each product and month, whatever the operator decides.
    pub fn raise(&mut self, allowed: u32, now: Timestamp) -> Raised {
        if self.failed <= allowed || self.raised_at.is_some() {
            return Raised::No;
        }
        self.raised_at = Some(now);
        Raised::Now
    }
}

/// Whether a product is put before the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Raised {
    /// With this failure.
    Now,
    /// Too few failed, or it was before.
    No,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ids::Id as _;

    fn none() -> FailedOrders {
        let month = Month::of(jiff::civil::date(2026, 5, 14));
        let (product, seller) = (ProductId::from_u128(1), OrganisationId::from_u128(2));
        FailedOrders { product, seller, month, failed: 0, raised_at: None, decided: None }
    }

    fn one_more(orders: &mut FailedOrders, allowed: u32) -> Raised {
        orders.failed += 1;
        orders.raise(allowed, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn the_sixth_failure_of_a_month_is_put_before_the_operator_and_no_other() {
        let mut orders = none();
        let raised: Vec<u32> = (1..=20).filter(|_| one_more(&mut orders, 5) == Raised::Now).collect();
        assert_eq!(raised, [6]);
        assert_eq!(orders.failed, 20);
    }

    #[test]
    fn months_read_back_as_they_were_written() {
        let month = Month::of("2026-05-31".parse().expect("a day"));
        assert_eq!(month.to_string(), "2026-05");
        assert_eq!("2026-05".parse(), Ok(month));
        for bad in ["2026-13", "2026-5", "", "2026-05-01", "20260-5"] {
            assert!(bad.parse::<Month>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn whatever_the_limit_is_from_one_failure_to_the_next_the_operator_is_asked_once(limits in prop::collection::vec(0_u32..20, 0..60)) {
            let mut orders = none();
            let mut asked = 0;
            for (before, allowed) in (0_u32..).zip(&limits) {
                let raised = one_more(&mut orders, *allowed);
                if raised == Raised::Now {
                    asked += 1;
                    prop_assert!(before + 1 > *allowed);
                }
            }
            let ever = (1_u32..).zip(&limits).any(|(failed, allowed)| failed > *allowed);
            prop_assert_eq!(asked, u32::from(ever));
        }
    }
}
