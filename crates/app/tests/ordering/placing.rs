//! Placing an order: one per key, at the price that was promised, with what was agreed to.

use app::ordering::{CancelOrder, PayOrder, PlaceOrder};
use domain::catalog::ProductState;
use domain::identity::Role;
use domain::ids::OrderId;
use domain::ordering::{Order, OrderState, PersonalData};
use domain::outcome::Outcome;
use domain::time::SignedDuration;
use testkit::{World, on_every_world, usd};

use crate::code;
use crate::story::{Market, body, honest};

on_every_world![
    the_same_key_is_the_same_order_whatever_happens_meanwhile,
    fifty_clicks_at_once_are_one_order,
    a_number_that_was_drawn_before_is_drawn_anew,
    what_was_promised_is_kept_or_refused_by_name,
    what_is_not_on_sale_any_more_is_not_paid_for_and_can_be_cancelled,
    a_number_that_nobody_has_is_not_asked_for,
    a_product_is_tried_once_by_each_buyer,
    whoever_may_not_buy_does_not,
    checkout_shows_what_will_happen,
    what_one_act_does_at_one_instant_reads_in_the_order_it_was_done,
];

async fn the_same_key_is_the_same_order_whatever_happens_meanwhile(world: World) {
    let market = Market::open(world, 5_000).await;
    let (app, buyer) = (&market.world.app, &market.buyer.actor);
    let (_, sealed) = market.world.quoted(&market.offering, 1);
    let form = market.world.order_form(&market.offering, sealed, "one");
    let (first, outcome) = form.clone().run(app, buyer).await.expect("placed");
    assert_eq!(outcome, Outcome::Applied(()));
    market.world.clock.advance(SignedDuration::from_hours(5));
    let (again, outcome) = form.clone().run(app, buyer).await.expect("the quote has expired, the order has not");
    assert_eq!((again.id, again.number, outcome), (first.id, first.number, Outcome::AlreadyApplied));
    let (_, other) = market.world.quoted(&market.offering, 2);
    let changed = PlaceOrder { quote: other, ..form };
    assert_eq!(code(changed.clone().run(app, buyer).await), "idempotency_key_reused");
    let (elsewhere, outcome) =
        changed.run(app, &market.seller.actor).await.expect("keys of two organisations do not meet");
    assert_eq!(outcome, Outcome::Applied(()));
    assert_ne!(elsewhere.id, first.id);
    assert_eq!(market.balance().await, usd(3_100));
    market.ledger_balances(1_900).await;
}

async fn fifty_clicks_at_once_are_one_order(world: World) {
    let market = Market::open(world, 500_000).await;
    let (_, sealed) = market.world.quoted(&market.offering, 1);
    let form = market.world.order_form(&market.offering, sealed, "double click");
    let clicks = (0..50).map(|_| form.clone().run(&market.world.app, &market.buyer.actor));
    let answers = futures_util::future::join_all(clicks).await;
    let mut ids: Vec<_> = answers.into_iter().map(|answer| answer.expect("each is answered").0.id).collect();
    ids.dedup();
    assert_eq!(ids.len(), 1);
    assert_eq!(market.balance().await, usd(498_100));
    market.ledger_balances(1_900).await;
}

async fn a_number_that_was_drawn_before_is_drawn_anew(world: World) {
    let market = Market::open(world, 10_000).await;
    let mut numbers = Vec::new();
    for key in ["one", "two", "three"] {
        let (_, sealed) = market.world.quoted(&market.offering, 1);
        let form = market.world.order_form(&market.offering, sealed, key);
        market.world.chance.arrange(&[7; 8]);
        let (order, _) = form.run(&market.world.app, &market.buyer.actor).await.expect("placed");
        numbers.push(order.number);
    }
    numbers.dedup();
    assert_eq!(numbers.len(), 3, "{numbers:?}");
    market.ledger_balances(5_700).await;
}

async fn what_was_promised_is_kept_or_refused_by_name(world: World) {
    let market = Market::open(world, 5_000).await;
    let (app, buyer) = (&market.world.app, &market.buyer.actor);
    let form = |key: &str| {
        let (_, sealed) = market.world.quoted(&market.offering, 1);
        market.world.order_form(&market.offering, sealed, key)
    };
    let forged = PlaceOrder { quote: form("a").quote.replacen('a', "b", 1), ..form("a") };
    assert_ne!(code(forged.run(app, buyer).await), "fine");
    let silent = PlaceOrder { personal_data: PersonalData::NotAgreed, ..form("a") };
    assert_eq!(code(silent.run(app, buyer).await), "consent_missing");
    let unsigned = PlaceOrder { agreement: None, ..form("a") };
    assert_eq!(code(unsigned.run(app, buyer).await), "agreement_not_accepted");
    let outdated = PlaceOrder { agreement: Some("00".repeat(32)), ..form("a") };
    assert_eq!(code(outdated.run(app, buyer).await), "agreement_changed");
    assert_eq!(code(form("").run(app, buyer).await), "required");
    let late = form("late");
    market.world.clock.advance(SignedDuration::from_mins(15));
    assert_eq!(code(late.run(app, buyer).await), "quote_expired");
    let frozen = form("frozen");
    set_state(&market, |product| {
        let ProductState::Listed { listed_at, visibility } = product.state else { panic!("it is listed") };
        let because = domain::catalog::FreezeReason::Operator;
        product.state = ProductState::Frozen { listed_at, visibility, frozen_at: listed_at, because };
    })
    .await;
    assert_eq!(code(frozen.run(app, buyer).await), "not_on_sale");
    assert_eq!(market.balance().await, usd(5_000), "a refused order takes nothing");
    market.ledger_balances(0).await;
}

async fn what_is_not_on_sale_any_more_is_not_paid_for_and_can_be_cancelled(world: World) {
    let market = Market::open(world, 0).await;
    let (app, buyer) = (&market.world.app, &market.buyer.actor);
    market.world.seller.will(honest);
    let (one, two) = (market.order("one").await, market.order("two").await);
    assert!(market.details(&one).await.payable, "it waits for payment");
    market.top_up(buyer.organisation, 5_000, "late").await;
    let pay = |order: OrderId| PayOrder { order }.run(app, buyer);
    let product = market.offering.product.id;
    app::catalog::freeze_product(app, &market.operator.actor, product).await.expect("an operator may");
    assert_eq!(code(pay(one.id).await), "not_on_sale");
    assert!(!market.details(&one).await.payable);
    app::catalog::unfreeze_product(app, &market.operator.actor, product).await.expect("an operator may");
    assert_eq!(code(pay(two.id).await), "fine", "trade goes on, and so does the order");
    app::catalog::discontinue_product(app, &market.seller.actor, product).await.expect("its seller may");
    assert_eq!(code(pay(one.id).await), "not_on_sale");
    market.world.settle().await;
    assert!(matches!(market.state(&one).await, OrderState::PendingPayment { .. }));
    assert_eq!(market.balance().await, usd(3_100), "nothing was taken for it");
    let seller_heard = |order: &Order| {
        let number = order.number.as_str().to_owned();
        market.world.seller.calls().iter().any(|call| body(call)["orderId"] == number.as_str())
    };
    assert_eq!((seller_heard(&one), seller_heard(&two)), (false, true));
    assert_eq!(code(CancelOrder { order: one.id }.run(app, buyer).await), "fine");
    assert!(matches!(market.state(&one).await, OrderState::Canceled { .. }));
    market.ledger_balances(1_900).await;
}

async fn set_state(market: &Market, change: impl FnOnce(&mut domain::catalog::Product)) {
    let mut product = market.offering.product.clone();
    change(&mut product);
    market
        .world
        .app
        .store
        .write::<_, _, app::AppError, _>(product, |tx, product| {
            Box::pin(async move { Ok(store::catalog::products::save_state(tx, &product).await?) })
        })
        .await
        .expect("a product can be written");
}

async fn a_number_that_nobody_has_is_not_asked_for(world: World) {
    use domain::catalog::PersonalField::{Email, MobilePhone};
    let market = Market::open(world, 5_000).await;
    // A release of before, when sellers could ask for it.
    set_state(&market, |product| {
        product.release.as_mut().expect("it is listed").handed_over = vec![Email, MobilePhone];
    })
    .await;
    let (_, sealed) = market.world.quoted(&market.offering, 1);
    let shown = app::ordering::checkout(&market.world.app, &market.buyer.actor, &sealed).await.expect("shown");
    assert_eq!(shown.offer.handed_over, [Email]);
    assert_eq!(market.order("one").await.consent.handed_over, [Email]);
}

async fn a_product_is_tried_once_by_each_buyer(world: World) {
    let market = Market::open(world, 0).await;
    market.world.seller.will(honest);
    let trial = |key: &str| {
        let (_, sealed) = market.world.quoted_trial(&market.offering);
        market.world.order_form(&market.offering, sealed, key)
    };
    let (app, buyer) = (&market.world.app, &market.buyer.actor);
    let (first, second) = (trial("one"), trial("two"));
    let both = futures_util::future::join(first.run(app, buyer), second.run(app, buyer)).await;
    let mut codes = [code(both.0), code(both.1)];
    codes.sort_unstable();
    assert_eq!(codes, ["fine", "trial_used"]);
    market.world.settle().await;
    assert_eq!(code(trial("three").run(app, buyer).await), "trial_used");
    assert_eq!(code(trial("mine").run(app, &market.seller.actor).await), "fine", "each buyer has its own trial");
}

async fn whoever_may_not_buy_does_not(world: World) {
    let market = Market::open(world, 5_000).await;
    let viewer = market.world.colleague(&market.buyer, Role::Viewer).await;
    let (_, sealed) = market.world.quoted(&market.offering, 1);
    let form = market.world.order_form(&market.offering, sealed, "one");
    assert_eq!(code(form.clone().run(&market.world.app, &viewer.actor).await), "not_allowed");
    assert_eq!(code(form.run(&market.world.app, &market.operator.actor).await), "not_allowed");
}

async fn checkout_shows_what_will_happen(world: World) {
    let market = Market::open(world, 1_000).await;
    let (quote, sealed) = market.world.quoted(&market.offering, 1);
    let shown = app::ordering::checkout(&market.world.app, &market.buyer.actor, &sealed).await.expect("shown");
    assert_eq!((shown.quote, shown.balance, shown.afterwards), (quote, usd(1_000), usd(-900)));
    let order = market.order("one").await;
    assert!(matches!(order.state, OrderState::PendingPayment { .. }));
    let forged = app::ordering::checkout(&market.world.app, &market.buyer.actor, "nonsense").await;
    assert_ne!(code(forged), "fine");
}

async fn what_one_act_does_at_one_instant_reads_in_the_order_it_was_done(world: World) {
    let market = Market::open(world, 500_000).await;
    // Ids hold chance; of eight orders some would read “paid, ordered” if it decided.
    for key in ["one", "two", "three", "four", "five", "six", "seven", "eight"] {
        let order = market.order(key).await;
        let timeline = market.details(&order).await.timeline;
        let newest_first: Vec<_> = timeline.iter().map(|entry| (entry.kind.as_str(), entry.amount)).collect();
        assert_eq!(newest_first, [("order_paid", Some(usd(1_900))), ("order_placed", None)]);
    }
}
