//! The first password: sealed, shown to the buyer alone after a fresh sign-in, audited.

use app::fulfilment::{RefreshAccess, Wish};
use app::ordering::RevealPassword;
use domain::identity::Role;
use domain::outcome::Outcome;
use domain::time::SignedDuration;
use ports::FailureClass;
use testkit::{World, on_every_world};

use crate::code;
use crate::story::{Market, body, described, honest};

on_every_world![
    the_first_password_is_shown_after_a_fresh_sign_in_only_and_everybody_hears_of_it,
    nothing_in_the_tables_shows_the_first_password,
    fresh_access_data_is_asked_for_once_and_the_stored_copy_stays_when_the_seller_is_silent,
    a_buyers_wish_passes_the_breaker_and_a_page_that_was_opened_does_not,
    a_page_with_an_old_copy_asks_by_itself_and_not_again_before_the_copy_would_be_old,
    an_app_of_somebody_else_does_not_exist,
];

async fn the_first_password_is_shown_after_a_fresh_sign_in_only_and_everybody_hears_of_it(world: World) {
    let market = Market::open(world, 1_900).await;
    market.world.seller.will(honest);
    let order = market.order("one").await;
    market.world.settle().await;
    let (id, _) = market.subscription(&order).await;
    let (app, buyer) = (&market.world.app, &market.buyer.actor);
    let reveal = RevealPassword { subscription: id };
    assert_eq!(reveal.run(app, buyer).await.expect("just signed in").as_str(), "Init-Pass-1");
    assert!(!format!("{:?}", reveal.run(app, buyer).await).contains("Init"), "it does not slip into a log");
    let viewer = market.world.colleague(&market.buyer, Role::Viewer).await;
    assert_eq!(code(reveal.run(app, &viewer.actor).await), "not_allowed");
    market.world.clock.advance(SignedDuration::from_mins(6));
    assert_eq!(code(reveal.run(app, buyer).await), "fresh_sign_in_needed");
    let again = market.world.sign_in(&market.buyer.email).await.expect("the password is known");
    assert_eq!(code(reveal.run(app, &again.actor).await), "fine");
    market.world.settle().await;
    let shown = app::ordering::my_app(app, buyer, id).await.expect("shown");
    let (person, at) = shown.last_revealed.expect("it was revealed");
    assert_eq!((person.as_deref(), at), (Some("First of Kestrel"), app.now()));
    let mails = market.world.mail.mails_to(&market.buyer.email);
    assert!(
        mails.iter().any(|mail| mail.subject.contains("password")),
        "{:?}",
        mails.iter().map(|mail| &mail.subject).collect::<Vec<_>>()
    );
    assert!(mails.iter().all(|mail| !mail.text.contains("Init-Pass-1")));
}

async fn nothing_in_the_tables_shows_the_first_password(world: World) {
    let market = Market::open(world, 1_900).await;
    market.world.seller.will(honest);
    let order = market.order("one").await;
    market.world.settle().await;
    let attempts = market.creation(&order).await.attempts;
    let answer = attempts[0].attempt.finished.as_ref().and_then(|finished| finished.answer.clone());
    let answer = answer.expect("the answer is kept");
    assert!(answer.contains("kestrel.granary.example") && !answer.contains("Init-Pass-1"), "{answer}");
    assert!(!format!("{attempts:?}").contains("Init-Pass-1"));
    let (id, _) = market.subscription(&order).await;
    let sealed = market
        .world
        .app
        .store
        .read::<_, _, app::AppError, _>(id, |tx, id| {
            Box::pin(async move { Ok(store::ordering::subscriptions::access(tx, id).await?) })
        })
        .await
        .expect("readable");
    let sealed = sealed.expect("there is access data");
    assert!(!format!("{sealed:?}").contains("Init-Pass-1") && !sealed.access.contains("kestrel"));
}

async fn fresh_access_data_is_asked_for_once_and_the_stored_copy_stays_when_the_seller_is_silent(world: World) {
    let market = Market::open(world, 1_900).await;
    market.world.seller.will(honest);
    let order = market.order("one").await;
    market.world.settle().await;
    let (id, _) = market.subscription(&order).await;
    let (app, buyer) = (&market.world.app, &market.buyer.actor);
    let refresh = RefreshAccess { subscription: id, wish: Wish::Pressed };
    market.world.clock.advance(SignedDuration::from_mins(10));
    market.world.seller.will(|call| {
        let mut answer = described(body(call)["instanceId"].as_str().unwrap_or("?"))?;
        answer.body = String::from_utf8_lossy(&answer.body).replace("lin.yao", "mei").into_bytes();
        Ok(answer)
    });
    assert!(matches!(refresh.run(app, buyer).await, Ok(Outcome::Applied(_))));
    assert_eq!(refresh.run(app, buyer).await.expect("calm"), Outcome::AlreadyApplied);
    market.world.settle().await;
    let shown = app::ordering::my_app(app, buyer, id).await.expect("shown").access.expect("known");
    assert_eq!((shown.user_name.as_deref(), shown.at), (Some("mei@kestrel.example"), app.now()));
    market.world.clock.advance(SignedDuration::from_mins(10));
    market.world.seller.will_fail(FailureClass::TimedOut);
    refresh.run(app, buyer).await.expect("asked");
    market.world.settle().await;
    let silent = app::ordering::my_app(app, buyer, id).await.expect("shown");
    assert_eq!(silent.access, Some(shown), "the stored copy stays");
    assert_eq!(silent.refresh.map(|call| call.state.code().code()), Some("given_up"));
    let calls = market.world.seller.calls().len();
    market.world.live_through(SignedDuration::from_hours(5)).await;
    assert_eq!(market.world.seller.calls().len(), calls, "a refresh is tried once");
    assert!(!market.told(&market.seller).await.contains(&"call_failing".to_owned()));
    assert_eq!(code(refresh.run(app, &market.seller.actor).await), "not_found");
}

async fn a_buyers_wish_passes_the_breaker_and_a_page_that_was_opened_does_not(world: World) {
    let market = Market::open(world, 60_000).await;
    market.world.seller.will(honest);
    let order = market.order("one").await;
    market.world.settle().await;
    let (id, _) = market.subscription(&order).await;
    market.world.clock.advance(SignedDuration::from_mins(20));
    market.world.seller.will_fail(FailureClass::ConnectFailed);
    for number in 0..12 {
        market.order(&format!("dead-{number}")).await;
    }
    let (app, buyer) = (&market.world.app, &market.buyer.actor);
    market.world.clock.advance(SignedDuration::from_secs(1));
    let opened = RefreshAccess { subscription: id, wish: Wish::Opened };
    assert!(matches!(opened.run(app, buyer).await, Ok(Outcome::Applied(_))));
    market.world.settle().await;
    let calls = || market.world.seller.calls();
    let waits = app::ordering::my_app(app, buyer, id).await.expect("shown").refresh.expect("it was asked");
    assert_eq!((calls().len(), waits.state.code().code()), (2 + 10, "waiting"), "what nobody pressed waits");
    let pressed = RefreshAccess { subscription: id, wish: Wish::Pressed };
    assert_eq!(pressed.run(app, buyer).await.expect("asked"), Outcome::Applied(waits.id), "the same call, now");
    market.world.settle().await;
    let refresh = market.call(&order, domain::fulfilment::Step::Refresh).await;
    assert_eq!((calls().len(), refresh.call.state.code().code()), (2 + 11, "given_up"));
    assert_eq!(refresh.attempts.first().and_then(|kept| kept.attempt.started_by), Some(buyer.user));
    market.world.clock.advance(SignedDuration::from_secs(31));
    assert!(matches!(pressed.run(app, buyer).await, Ok(Outcome::Applied(_))), "and a new one");
    market.world.settle().await;
    assert_eq!(calls().len(), 2 + 12);
    assert_eq!(calls().last().map(|call| body(call)["activity"].clone()), Some("queryInstance".into()));
    market.world.advance(SignedDuration::from_mins(10)).await;
    let before = calls().len();
    assert_eq!(opened.run(app, buyer).await.expect("calm"), Outcome::AlreadyApplied, "the seller is left alone");
    market.world.settle().await;
    assert_eq!(calls().len(), before);
}

async fn a_page_with_an_old_copy_asks_by_itself_and_not_again_before_the_copy_would_be_old(world: World) {
    let market = Market::open(world, 1_900).await;
    market.world.seller.will(honest);
    let order = market.order("one").await;
    market.world.settle().await;
    let (id, _) = market.subscription(&order).await;
    let (app, buyer) = (&market.world.app, &market.buyer.actor);
    let viewer = market.world.colleague(&market.buyer, Role::Viewer).await;
    let asks = async |actor| app::ordering::my_app(app, actor, id).await.expect("shown").asks_by_itself;
    let opened = RefreshAccess { subscription: id, wish: Wish::Opened };
    market.world.clock.advance(SignedDuration::from_mins(9));
    assert!(!asks(buyer).await, "the copy is fresh");
    assert_eq!(opened.run(app, buyer).await.expect("calm"), Outcome::AlreadyApplied, "whatever the page says");
    market.world.clock.advance(SignedDuration::from_mins(1));
    let calls = market.world.seller.calls().len();
    assert!(asks(buyer).await && !asks(&viewer.actor).await, "who may not ask has no page that asks");
    market.world.settle().await;
    assert_eq!(market.world.seller.calls().len(), calls, "looking asks nobody");
    market.world.seller.will_fail(FailureClass::TimedOut);
    assert!(matches!(opened.run(app, buyer).await, Ok(Outcome::Applied(_))));
    assert!(!asks(buyer).await, "it is being asked");
    market.world.settle().await;
    assert_eq!(market.world.seller.calls().len(), calls + 1);
    market.world.clock.advance(SignedDuration::from_mins(9));
    assert!(!asks(buyer).await, "however often the page is opened, a silent seller is asked once in ten minutes");
    assert_eq!(opened.run(app, buyer).await.expect("calm"), Outcome::AlreadyApplied);
    market.world.clock.advance(SignedDuration::from_mins(1));
    assert!(asks(buyer).await);
    market.world.clock.advance(SignedDuration::from_hours(24 * 40));
    assert!(!asks(buyer).await, "its term is over");
}

async fn an_app_of_somebody_else_does_not_exist(world: World) {
    let market = Market::open(world, 1_900).await;
    market.world.seller.will(honest);
    let order = market.order("one").await;
    market.world.settle().await;
    let (id, _) = market.subscription(&order).await;
    let stranger = market.world.customer("Osprey").await;
    let (app, other) = (&market.world.app, &stranger.actor);
    assert_eq!(code(app::ordering::my_app(app, other, id).await), "not_found");
    assert_eq!(code(app::ordering::my_order(app, other, &order.number).await), "not_found");
    assert_eq!(code(RevealPassword { subscription: id }.run(app, other).await), "not_found");
    assert_eq!(code(app::ordering::sold_order(app, other, &order.number).await), "not_allowed");
    assert_eq!(code(app::ordering::operated_order(app, other, &order.number).await), "not_allowed");
    assert_eq!(app::ordering::my_orders(app, other, None, None, 10).await.expect("readable").orders, []);
    assert_eq!(app::ordering::my_apps(app, other, None, 10).await.expect("readable").0, []);
}
