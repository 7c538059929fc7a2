//! What people do about calls: looking, restarting, giving up; and the breaker.

use app::fulfilment::{CallSearch, Course, GiveUpCall, RestartCall};
use domain::fulfilment::{Activity, CallState, CallStateCode, ParkReason};
use domain::ordering::OrderState;
use domain::selling::Signing;
use domain::time::SignedDuration;
use ports::FailureClass;
use testkit::{ScriptedSeller, World, on_every_world, usd};

use crate::code;
use crate::story::{Market, asked, body, honest, result};

on_every_world![
    calls_that_wait_for_a_dead_seller_are_put_off_together_and_every_order_ends_in_time,
    a_refusal_that_no_repeat_can_help_waits_for_the_sellers_restart,
    a_restart_also_works_while_retries_go_on,
    only_the_seller_and_the_operator_restart_a_call,
    a_release_that_never_succeeds_waits_for_a_person,
    a_dead_seller_is_left_alone_for_a_minute_and_a_persons_restart_passes,
    a_pause_that_the_seller_asks_for_is_kept,
    what_was_sent_and_answered_is_forgotten_after_ninety_days,
    a_long_answer_is_kept_to_its_last_byte,
    calls_are_found_by_order_activity_trouble_and_day,
    an_attempt_becomes_a_sample_for_the_debugger_of_its_own_seller,
];

async fn a_refusal_that_no_repeat_can_help_waits_for_the_sellers_restart(world: World) {
    let market = Market::open(world, 1_900).await;
    market.world.seller.will(|_| Ok(ScriptedSeller::json(200, r#"{"resultCode":"000000","resultMsg":"no instance"}"#)));
    let order = market.order("one").await;
    market.world.settle().await;
    let parked = market.creation(&order).await;
    assert!(matches!(parked.call.state, CallState::Parked { reason: ParkReason::Stopped, .. }), "{:?}", parked.call);
    let found = parked.attempts[0].checks.iter().find(|check| check.outcome == "fail").expect("a failed check");
    assert_eq!(found.code, "instance_id_missing");
    assert!(found.zh.message.contains("instanceId") && !found.zh.remedy.is_empty());
    assert_eq!(market.told(&market.seller).await, ["call_parked", "order_received"]);
    let list = app::fulfilment::parked_calls(&market.world.app, &market.operator.actor, None).await.expect("readable");
    assert_eq!(list.calls.iter().map(|(call, _)| call.id).collect::<Vec<_>>(), [parked.call.id]);
    market.world.seller.will(honest);
    RestartCall { call: parked.call.id }.run(&market.world.app, &market.seller.actor).await.expect("restarted");
    market.world.settle().await;
    assert!(matches!(market.state(&order).await, OrderState::Completed { .. }));
    let again = RestartCall { call: parked.call.id }.run(&market.world.app, &market.seller.actor).await;
    assert_eq!(code(again), "call_is_over");
    let by = market.creation(&order).await.attempts.iter().rev().nth(1).and_then(|kept| kept.attempt.started_by);
    assert_eq!(by, Some(market.seller.actor.user));
}

async fn a_restart_also_works_while_retries_go_on(world: World) {
    let market = Market::open(world, 1_900).await;
    market.world.seller.will_fail(FailureClass::ConnectFailed);
    let order = market.order("one").await;
    market.world.live_through(SignedDuration::from_mins(30)).await;
    let call = market.creation(&order).await.call;
    assert_eq!(call.state.code(), CallStateCode::Waiting);
    market.world.seller.will(honest);
    RestartCall { call: call.id }.run(&market.world.app, &market.operator.actor).await.expect("an operator may");
    market.world.settle().await;
    assert!(matches!(market.state(&order).await, OrderState::Completed { .. }));
    market.ledger_balances(1_900).await;
}

async fn only_the_seller_and_the_operator_restart_a_call(world: World) {
    let market = Market::open(world, 1_900).await;
    market.world.seller.will_fail(FailureClass::ConnectFailed);
    let order = market.order("one").await;
    market.world.settle().await;
    let call = market.creation(&order).await.call.id;
    let rival = market.world.seller_named("Rival").await;
    let app = &market.world.app;
    assert_eq!(code(RestartCall { call }.run(app, &rival.actor).await), "not_found");
    assert_eq!(code(RestartCall { call }.run(app, &market.buyer.actor).await), "not_allowed");
    assert_eq!(code(app::fulfilment::own_call(app, &rival.actor, call).await), "not_found");
    assert_eq!(code(app::fulfilment::any_call(app, &market.seller.actor, call).await), "not_allowed");
    assert_eq!(code(GiveUpCall { call }.run(app, &market.seller.actor).await), "not_allowed");
    assert_eq!(code(GiveUpCall { call }.run(app, &market.operator.actor).await), "call_still_tries");
    let own = app::fulfilment::seller_calls(app, &rival.actor, Default::default()).await.expect("readable");
    assert_eq!(own.calls, []);
}

async fn a_release_that_never_succeeds_waits_for_a_person(world: World) {
    let market = Market::open(world, 1_900).await;
    market.world.seller.will(|call| match body(call)["activity"].as_str() {
        Some("newInstance") => crate::story::being_created("half"),
        _ => result("000005"),
    });
    let order = market.order("one").await;
    market.world.live_through(SignedDuration::from_hours(5)).await;
    let release = market.details(&order).await.calls[1].clone();
    assert!(matches!(release.state, CallState::Parked { reason: ParkReason::Exhausted, .. }), "{release:?}");
    assert_eq!(market.balance().await, usd(1_900), "the buyer has the money all the same");
    GiveUpCall { call: release.id }.run(&market.world.app, &market.operator.actor).await.expect("marked as solved");
    market.ledger_balances(0).await;
}

async fn a_dead_seller_is_left_alone_for_a_minute_and_a_persons_restart_passes(world: World) {
    let market = Market::open(world, 60_000).await;
    market.world.seller.will_fail(FailureClass::ConnectFailed);
    for number in 0..30 {
        market.order(&format!("dead-{number}")).await;
    }
    market.world.settle().await;
    assert_eq!(market.world.seller.calls().len(), 10, "after ten failures in a row nothing more is sent");
    market.world.advance(SignedDuration::from_secs(30)).await;
    assert_eq!(market.world.seller.calls().len(), 10);
    market.world.advance(SignedDuration::from_secs(31)).await;
    assert_eq!(market.world.seller.calls().len(), 11, "one probe a minute");
    let order = market.order("urgent").await;
    market.world.settle().await;
    assert_eq!(market.world.seller.calls().len(), 11);
    market.world.seller.will(honest);
    let call = market.creation(&order).await.call.id;
    RestartCall { call }.run(&market.world.app, &market.seller.actor).await.expect("restarted");
    market.world.settle().await;
    assert!(matches!(market.state(&order).await, OrderState::Completed { .. }));
    market.world.live_through(SignedDuration::from_mins(20)).await;
    let open = app::ordering::my_orders(
        &market.world.app,
        &market.buyer.actor,
        Some(domain::ordering::StateCode::Processing),
        None,
        100,
    );
    assert_eq!(open.await.expect("readable").orders, [], "once it answers, everything is delivered");
    market.ledger_balances(31 * 1_900).await;
}

async fn a_pause_that_the_seller_asks_for_is_kept(world: World) {
    let market = Market::open(world, 1_900).await;
    market.world.seller.will(|_| {
        let mut answer = ScriptedSeller::json(503, "{}");
        answer.headers.push(("retry-after".to_owned(), "600".to_owned()));
        Ok(answer)
    });
    market.order("one").await;
    market.world.live_through(SignedDuration::from_secs(599)).await;
    assert_eq!(asked(&market.world).len(), 1);
    market.world.live_through(SignedDuration::from_secs(2)).await;
    assert_eq!(asked(&market.world).len(), 2);
}

async fn a_long_answer_is_kept_to_its_last_byte(world: World) {
    let market = Market::open(world, 10_000).await;
    let body = format!("<html>{}</html>", "x".repeat(64 * 1024 - 13));
    assert_eq!(body.len(), 64 * 1024, "the longest that is taken");
    let said = body.clone();
    market.world.seller.will(move |_| Ok(ScriptedSeller::json(500, &said)));
    let order = market.order("long").await;
    market.world.settle().await;
    let attempt = market.creation(&order).await.attempts.remove(0).attempt;
    let answer = attempt.finished.and_then(|finished| finished.answer).expect("it is kept");
    assert!(answer.starts_with("HTTP 500\n") && answer.ends_with(&format!("\n\n{body}")), "{}", answer.len());
}

async fn what_was_sent_and_answered_is_forgotten_after_ninety_days(world: World) {
    let market = Market::open(world, 1_900).await;
    market.world.seller.will(honest);
    let order = market.order("one").await;
    market.world.settle().await;
    let kept = |details: app::fulfilment::CallDetails| {
        let bodies = |kept: &app::fulfilment::AttemptView| {
            let answered = kept.attempt.finished.as_ref().is_some_and(|finished| finished.answer.is_some());
            usize::from(kept.attempt.request.is_some()) + usize::from(answered)
        };
        details.attempts.iter().map(bodies).sum::<usize>()
    };
    market.world.live_through(SignedDuration::from_hours(89 * 24)).await;
    assert_eq!(kept(market.creation(&order).await), 4);
    market.world.live_through(SignedDuration::from_hours(3 * 24)).await;
    let details = market.creation(&order).await;
    assert_eq!(details.attempts.len(), 2, "that it was asked stays known");
    assert_eq!(kept(details), 0);
}

async fn calls_that_wait_for_a_dead_seller_are_put_off_together_and_every_order_ends_in_time(world: World) {
    const ORDERS: usize = 30;
    let market = Market::open(world, 1_900 * 30).await;
    market.world.seller.will_fail(FailureClass::ConnectFailed);
    let mut orders = Vec::new();
    for number in 0..ORDERS {
        orders.push(market.order(&format!("order {number}")).await);
    }
    market.world.settle().await;
    let before = asked(&market.world).len();
    assert_eq!(before, 10, "the breaker opened after ten");
    // Housekeeping, mails and seals run as well; without putting off together thirty calls would be looked at.
    for minute in 1..=5 {
        let ran = market.world.advance(SignedDuration::from_secs(60)).await;
        assert!(ran < 15, "minute {minute}: {ran} jobs ran");
        assert_eq!(asked(&market.world).len(), before + minute, "one probe a minute");
    }
    market.world.live_through(SignedDuration::from_mins(180)).await;
    for order in &orders {
        let OrderState::Failed { paid_at, at, .. } = market.state(order).await else {
            panic!("{} is open", order.number)
        };
        assert!(at.duration_since(paid_at) <= SignedDuration::from_mins(185), "{}", order.number);
    }
    assert_eq!(market.balance().await, usd(1_900 * 30));
    market.ledger_balances(0).await;
}

/// The calls that a search finds.
async fn found(market: &Market, search: CallSearch) -> usize {
    let page = app::fulfilment::seller_calls(&market.world.app, &market.seller.actor, search).await;
    page.expect("readable").calls.len()
}

async fn calls_are_found_by_order_activity_trouble_and_day(world: World) {
    let market = Market::open(world, 10_000).await;
    market.world.seller.will(honest);
    let calm = market.order("calm").await;
    market.world.settle().await;
    market.world.advance(SignedDuration::from_hours(48)).await;
    let between = market.world.app.now() - SignedDuration::from_hours(1);
    market.world.seller.will_fail(FailureClass::ConnectFailed);
    market.order("troubled").await;
    market.world.settle().await;
    let any = CallSearch::default;
    assert_eq!(found(&market, any()).await, 2);
    let number = |number: &str| CallSearch { order_number: Some(number.to_owned()), ..any() };
    assert_eq!(found(&market, number(calm.number.as_str())).await, 1);
    assert_eq!(found(&market, number("CS0000000000XXXXX")).await, 0);
    assert_eq!(found(&market, CallSearch { course: Course::Troubled, ..any() }).await, 1);
    let asked = |activity| CallSearch { activity: Some(activity), ..any() };
    assert_eq!(found(&market, asked(Activity::NewInstance)).await, 2);
    assert_eq!(found(&market, asked(Activity::QueryInstance)).await, 1, "only the calm one came so far");
    assert_eq!(found(&market, CallSearch { from: Some(between), ..any() }).await, 1);
    assert_eq!(found(&market, CallSearch { until: Some(between), ..any() }).await, 1);
    let nothing = CallSearch { from: Some(between), until: Some(between), ..any() };
    assert_eq!(found(&market, nothing).await, 0);
}

async fn an_attempt_becomes_a_sample_for_the_debugger_of_its_own_seller(world: World) {
    let market = Market::open(world, 1_900).await;
    market.world.seller.will(honest);
    let order = market.order("one").await;
    market.world.settle().await;
    let app = &market.world.app;
    let details = market.creation(&order).await;
    let first = details.attempts.last().expect("it was called");
    let sample = app::fulfilment::attempt_sample(app, &market.seller.actor, first.attempt.id).await.expect("kept");
    assert_eq!(sample.address, market.offering.address);
    assert_eq!(sample.activity.code(), "newInstance");
    assert_eq!(sample.values["orderId"], order.number.as_str());
    assert!(!sample.values.contains_key("testFlag") && !sample.values.contains_key("activity"));
    let signing = first.signing.as_ref().expect("the key is the one that signed");
    let sent = first.attempt.request.as_deref().expect("kept");
    let Signing::Steps(signing) = signing else { panic!("the address speaks version 2.0") };
    assert!(sent.contains(&signing.signature) && sent.contains(&signing.nonce) && signing.masked_key.contains('•'));
    assert_eq!(signing.inner.len(), 64);
    let rival = market.world.seller_named("Rival").await;
    let theirs = app::fulfilment::attempt_sample(app, &rival.actor, first.attempt.id).await;
    assert_eq!(code(theirs), "not_found");
    let operator = app::fulfilment::attempt_sample(app, &market.operator.actor, first.attempt.id).await;
    assert_eq!(code(operator), "not_allowed");
}
