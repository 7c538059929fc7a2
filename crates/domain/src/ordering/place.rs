//! Placing an order: every check that needs no database, in one order, so that the first one that fails is named.

use crate::catalog::Offer;
use crate::ids::{OrderId, OrganisationId, UserId};
use crate::money::{Money, MoneyError};
use crate::outcome::{Refusal, RefusalKind};
use crate::pricing::{Purchase, Quote, QuoteError};
use crate::time::{SignedDuration, Timestamp};

use super::number::OrderNumber;
use super::order::{Consent, Order, OrderLine, OrderType};
use super::state::OrderState;

/// Everything that placing an order looks at.
pub struct Placing<'a> {
    /// The id it will have.
    pub id: OrderId,
    /// The number it will have.
    pub number: OrderNumber,
    /// Who buys.
    pub buyer: OrganisationId,
    /// The person who orders.
    pub placed_by: UserId,
    /// The buyer's own name for the order.
    pub client_key: String,
    /// Fingerprint of what was asked for.
    pub content: String,
    /// The price that was promised.
    pub quote: &'a Quote,
    /// The offer as it stands now.
    pub offer: &'a Offer,
    /// Which version of the agreement the buyer ticked, if any.
    pub agreement: Option<String>,
    /// Whether the buyer agreed that personal data is handed over.
    pub personal_data: PersonalData,
    /// What the buyer's balance holds.
    pub balance: Money,
    /// How long an unpaid order waits.
    pub pending_for: SignedDuration,
    /// Now.
    pub now: Timestamp,
}

/// What the buyer said about handing personal data to the seller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonalData {
    /// Agreed.
    Agreed,
    /// Did not agree, or was not asked.
    NotAgreed,
}

/// Why an order was not placed. The order of the variants is the order of the checks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaceRefusal {
    /// The quote is for something else; a fault of the caller.
    #[error("the quote is for another specification")]
    OtherSpecification,
    /// Frozen or discontinued since.
    #[error("no longer on sale")]
    NotOnSale,
    /// The price that was promised cannot be kept, or its time is over.
    #[error(transparent)]
    Quote(#[from] QuoteError),
    /// The trial has other days now, or is not offered.
    #[error("the trial is not offered in this form")]
    TrialNotOffered,
    /// The seller needs personal data and the buyer did not agree to hand it over.
    #[error("consent to hand over personal data is missing")]
    ConsentMissing,
    /// The agreement was not accepted.
    #[error("the agreement is not accepted")]
    AgreementNotAccepted,
    /// The agreement is another one now than the one that was shown.
    #[error("the agreement has changed")]
    AgreementChanged,
    /// The balance is kept in another currency than the price.
    #[error("the price is in another currency than the balance")]
    OtherCurrency,
}

impl From<MoneyError> for PlaceRefusal {
    fn from(_: MoneyError) -> PlaceRefusal {
        PlaceRefusal::OtherCurrency
    }
}

impl From<PlaceRefusal> for Refusal {
    fn from(refusal: PlaceRefusal) -> Refusal {
        let conflict = |code| Refusal::new(RefusalKind::Conflict, code);
        let rule = |code| Refusal::new(RefusalKind::Rule, code);
        match refusal {
            PlaceRefusal::OtherSpecification => rule("quote_for_other_specification"),
            PlaceRefusal::NotOnSale => conflict("not_on_sale"),
            PlaceRefusal::Quote(error) => error.into(),
            PlaceRefusal::TrialNotOffered => rule("trial_not_offered"),
            PlaceRefusal::ConsentMissing => rule("consent_missing"),
            PlaceRefusal::AgreementNotAccepted => rule("agreement_not_accepted"),
            PlaceRefusal::AgreementChanged => conflict("agreement_changed"),
            PlaceRefusal::OtherCurrency => rule("other_currency"),
        }
    }
}

/// Makes the order: at once *processing* when the balance suffices or nothing is to be paid (the caller takes the money
/// in the same transaction), else *pending payment*.
pub fn place(placing: Placing<'_>) -> Result<Order, PlaceRefusal> {
    let Placing { quote, offer, now, .. } = placing;
    if quote.specification != offer.specification {
        return Err(PlaceRefusal::OtherSpecification);
    }
    if !offer.state.on_sale() {
        return Err(PlaceRefusal::NotOnSale);
    }
    quote.require_valid(now)?;
    let price = offer.price(quote.period).ok_or(QuoteError::NotSoldByPeriod(quote.period))?;
    if price != quote.unit_price {
        return Err(QuoteError::Changed { from: quote.unit_price, to: price }.into());
    }
    let order_type = order_type(quote, offer)?;
    let consent = consent(&placing)?;
    let count = quote.quantity().ok_or(QuoteError::OutOfRange)?;
    let paid = placing.balance.at_least(quote.total_today)?;
    let state = match paid {
        true => OrderState::Processing { paid_at: now },
        false => OrderState::PendingPayment {
            until: now.checked_add(placing.pending_for).map_err(|_| QuoteError::OutOfRange)?,
        },
    };
    let line = OrderLine {
        product: offer.product,
        product_slug: offer.product_slug.clone(),
        product_name: offer.product_name.clone(),
        product_logo: offer.product_logo,
        specification: offer.specification,
        specification_name: offer.specification_name.clone(),
        seller: offer.seller,
        seller_name: offer.seller_name.clone(),
        interface_address: offer.interface_address,
        support: offer.support.clone(),
        period: quote.period,
        count,
        periods: quote.periods,
        unit_price: quote.unit_price,
    };
    Ok(Order {
        id: placing.id,
        number: placing.number,
        buyer: placing.buyer,
        placed_by: placing.placed_by,
        client_key: placing.client_key,
        content: placing.content,
        order_type,
        line,
        total: quote.total_today,
        consent,
        placed_at: now,
        state,
    })
}

fn order_type(quote: &Quote, offer: &Offer) -> Result<OrderType, PlaceRefusal> {
    match quote.purchase {
        Purchase::Paid => Ok(OrderType::New),
        Purchase::Trial { days } if offer.trial_days == Some(days.get()) => Ok(OrderType::Trial { days }),
        Purchase::Trial { .. } => Err(PlaceRefusal::TrialNotOffered),
    }
}

fn consent(placing: &Placing<'_>) -> Result<Consent, PlaceRefusal> {
    let offer = placing.offer;
    if !offer.handed_over.is_empty() && placing.personal_data == PersonalData::NotAgreed {
        return Err(PlaceRefusal::ConsentMissing);
    }
    let agreement = match (&offer.agreement, &placing.agreement) {
        (None, _) => None,
        (Some(_), None) => return Err(PlaceRefusal::AgreementNotAccepted),
        (Some(text), Some(ticked)) if text.version_hash() == *ticked => Some(ticked.clone()),
        (Some(_), Some(_)) => return Err(PlaceRefusal::AgreementChanged),
    };
    Ok(Consent { handed_over: offer.handed_over.clone(), agreement })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Agreement, OfferState, PersonalField, SupportContact, UnitPrice};
    use crate::ids::{Id as _, InterfaceAddressId, ProductId, QuoteId, SpecificationId};
    use crate::money::Currency;
    use crate::pricing::{Prices, QuoteRequest, TrialDays, quote};
    use crate::quantity::{Count, Period};
    use crate::text::Localised;

    fn usd(minor: i64) -> Money {
        Money::new(minor, Currency::USD)
    }

    fn name(text: &str) -> Localised {
        Localised { en: Some(text.to_owned()), zh: None }
    }

    fn offer() -> Offer {
        Offer {
            product: ProductId::from_u128(1),
            product_slug: "granary".to_owned(),
            product_name: name("Granary Backup"),
            product_logo: None,
            specification: SpecificationId::from_u128(2),
            specification_name: name("Team"),
            seller: OrganisationId::from_u128(3),
            seller_name: "Brightwell".to_owned(),
            prices: vec![UnitPrice { period: Period::Month, amount: usd(1_900) }],
            trial_days: Some(14),
            interface_address: InterfaceAddressId::from_u128(4),
            handed_over: vec![PersonalField::Email],
            agreement: Some(Agreement { text: name("Be kind.") }),
            support: SupportContact::default(),
            state: OfferState::Public,
        }
    }

    fn quoted(purchase: Purchase) -> Quote {
        let prices = Prices::new(Some(usd(1_900)), None, None).expect("one price");
        let specification = SpecificationId::from_u128(2);
        let request = QuoteRequest { specification, period: Period::Month, count: Count::ONE, periods: 1, purchase };
        quote(QuoteId::from_u128(5), request, &prices, Timestamp::UNIX_EPOCH).expect("a price")
    }

    /// An order that is fine but for what `change` does to offer and placing.
    fn placed(
        quote: &Quote,
        mut offer: Offer,
        change: impl FnOnce(&mut Offer, &mut Given),
    ) -> Result<Order, PlaceRefusal> {
        let agreement = offer.agreement.as_ref().map(Agreement::version_hash);
        let mut given = Given { balance: usd(5_000), agreement, personal_data: PersonalData::Agreed, after_s: 60 };
        change(&mut offer, &mut given);
        let now = Timestamp::from_second(given.after_s).expect("an instant");
        place(Placing {
            id: OrderId::from_u128(6),
            number: OrderNumber::make(now, [0; 8]),
            buyer: OrganisationId::from_u128(7),
            placed_by: UserId::from_u128(8),
            client_key: "key".to_owned(),
            content: "hash".to_owned(),
            quote,
            offer: &offer,
            agreement: given.agreement,
            personal_data: given.personal_data,
            balance: given.balance,
            pending_for: SignedDuration::from_hours(24),
            now,
        })
    }

    struct Given {
        balance: Money,
        agreement: Option<String>,
        personal_data: PersonalData,
        after_s: i64,
    }

    #[test]
    fn with_money_enough_an_order_is_paid_at_once_and_else_it_waits() {
        let quote = quoted(Purchase::Paid);
        let order = placed(&quote, offer(), |_, given| given.balance = usd(1_900)).expect("an order");
        assert!(matches!(order.state, OrderState::Processing { .. }));
        assert_eq!((order.total, order.order_type), (usd(1_900), OrderType::New));
        let order = placed(&quote, offer(), |_, given| given.balance = usd(1_899)).expect("an order");
        let until = order.placed_at + SignedDuration::from_hours(24);
        assert_eq!(order.state, OrderState::PendingPayment { until });
    }

    #[test]
    fn a_trial_costs_nothing_and_needs_no_balance() {
        let days = TrialDays::new(14).expect("14 days");
        let quote = quoted(Purchase::Trial { days });
        let order = placed(&quote, offer(), |_, given| given.balance = usd(0)).expect("an order");
        assert!(matches!(order.state, OrderState::Processing { .. }));
        assert_eq!((order.total, order.order_type), (usd(0), OrderType::Trial { days }));
        let shorter = placed(&quote, offer(), |offer, _| offer.trial_days = Some(7));
        assert_eq!(shorter, Err(PlaceRefusal::TrialNotOffered));
    }

    #[test]
    fn what_has_changed_since_the_quote_is_refused_by_name() {
        let quote = quoted(Purchase::Paid);
        type Change = fn(&mut Offer, &mut Given);
        let table: [(Change, PlaceRefusal); 8] = [
            (|offer, _| offer.specification = SpecificationId::from_u128(9), PlaceRefusal::OtherSpecification),
            (|offer, _| offer.state = OfferState::Frozen, PlaceRefusal::NotOnSale),
            (|_, given| given.after_s = 900, QuoteError::Expired.into()),
            (|offer, _| offer.prices.clear(), QuoteError::NotSoldByPeriod(Period::Month).into()),
            (
                |offer, _| offer.prices[0].amount = usd(2_000),
                QuoteError::Changed { from: usd(1_900), to: usd(2_000) }.into(),
            ),
            (|_, given| given.personal_data = PersonalData::NotAgreed, PlaceRefusal::ConsentMissing),
            (|_, given| given.agreement = None, PlaceRefusal::AgreementNotAccepted),
            (|offer, _| offer.agreement = Some(Agreement { text: name("Be kinder.") }), PlaceRefusal::AgreementChanged),
        ];
        for (change, refusal) in table {
            assert_eq!(placed(&quote, offer(), change), Err(refusal));
        }
    }

    #[test]
    fn an_order_keeps_what_was_bought_whatever_the_product_becomes() {
        let order = placed(&quoted(Purchase::Paid), offer(), |_, _| ()).expect("an order");
        assert_eq!(order.line.product_name, name("Granary Backup"));
        assert_eq!(order.line_number().as_str(), format!("{}-000001", order.number));
        assert_eq!(order.consent.handed_over, [PersonalField::Email]);
        assert_eq!(order.consent.agreement, offer().agreement.map(|agreement| agreement.version_hash()));
    }
}
