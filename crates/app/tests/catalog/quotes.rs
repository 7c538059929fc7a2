//! Quotes: computed by the server, sealed, and refused when old, forged or overtaken.

use app::AppError;
use app::catalog::discontinue_product;
use app::pricing::{make_quote, open_quote};
use domain::ids::{Id as _, SpecificationId};
use domain::money::{Currency, Money};
use domain::pricing::{Prices, Purchase, QuoteRequest, TrialDays};
use domain::quantity::{Count, Period};
use domain::time::SignedDuration;
use testkit::{ListedProduct, World, on_every_world};

use crate::code;

on_every_world![
    a_quote_comes_back_as_it_was_made_until_it_expires,
    a_changed_letter_makes_no_quote,
    only_what_is_on_sale_is_quoted,
];

fn ask(listed: &ListedProduct, period: Period, purchase: Purchase) -> QuoteRequest {
    let count = Count::new(3).expect("in range");
    QuoteRequest { specification: listed.specification, period, count, periods: 1, purchase }
}

async fn a_quote_comes_back_as_it_was_made_until_it_expires(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let listed = world.listed(&mei, "Granary Backup").await;
    let sealed = make_quote(&world.app, ask(&listed, Period::Year, Purchase::Paid)).await.expect("on sale");
    assert_eq!(sealed.quote.total_today, Money::new(27_000, Currency::USD));
    assert_eq!(open_quote(&world.app, &sealed.sealed).ok(), Some(sealed.quote.clone()));
    let days = TrialDays::new(14).expect("14 is allowed");
    let trial = make_quote(&world.app, ask(&listed, Period::Month, Purchase::Trial { days })).await.expect("offered");
    assert_eq!(trial.quote.total_today, Money::new(0, Currency::USD));
    let dearer = Prices::new(None, Some(Money::new(9_900, Currency::USD)), None).expect("a price");
    let changed = sealed.quote.require_same_price(&dearer).expect_err("the price is another one");
    assert_eq!(code::<()>(Err(AppError::from(changed))), "price_changed");
    world.clock.advance(SignedDuration::from_mins(15));
    assert_eq!(code(open_quote(&world.app, &sealed.sealed)), "quote_expired");
}

async fn a_changed_letter_makes_no_quote(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let listed = world.listed(&mei, "Granary Backup").await;
    let sealed = make_quote(&world.app, ask(&listed, Period::Month, Purchase::Paid)).await.expect("on sale").sealed;
    for place in (0..sealed.len()).step_by(7) {
        let mut letters: Vec<char> = sealed.chars().collect();
        letters[place] = if letters[place] == 'A' { 'B' } else { 'A' };
        let forged: String = letters.into_iter().collect();
        assert_eq!(code(open_quote(&world.app, &forged)), "quote_forged", "letter {place}");
    }
    assert_eq!(code(open_quote(&world.app, "")), "quote_forged");
    let other = world.app.vault.sign("another purpose", "{}");
    assert_eq!(code(open_quote(&world.app, &other)), "quote_forged");
}

async fn only_what_is_on_sale_is_quoted(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let listed = world.listed(&mei, "Granary Backup").await;
    let days = TrialDays::new(30).expect("30 is allowed");
    let wrong_trial = make_quote(&world.app, ask(&listed, Period::Month, Purchase::Trial { days })).await;
    assert_eq!(code(wrong_trial), "trial_not_offered");
    assert_eq!(code(make_quote(&world.app, ask(&listed, Period::Once, Purchase::Paid)).await), "not_sold_by_period");
    let unknown =
        QuoteRequest { specification: SpecificationId::from_u128(9), ..ask(&listed, Period::Month, Purchase::Paid) };
    assert_eq!(code(make_quote(&world.app, unknown).await), "not_found");
    discontinue_product(&world.app, &mei.actor, listed.id).await.expect("ended");
    assert_eq!(code(make_quote(&world.app, ask(&listed, Period::Month, Purchase::Paid)).await), "not_for_sale");
}
