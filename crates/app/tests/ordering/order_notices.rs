//! Sellers that want to be told of each paid order (seller-protocol 3.8), on both engines.

use app::fulfilment::CallSearch;
use app::selling::debugger::{self, SaveCase, SendSample};
use domain::fulfilment::{CallState, CallStateCode, GiveUpReason, Step};
use domain::ordering::OrderState;
use domain::selling::{Activity, InterfaceType, OrderNotices, Signing};
use domain::time::SignedDuration;
use koogallery::AccessKey;
use koogallery::v2::{SignedQuery, verify_signature};
use ports::OutgoingCall;
use testkit::{ACCESS_KEY, Person, World, on_every_world};

use crate::code;
use crate::story::{Market, asked, body, honest, result};

on_every_world![
    notices_need_a_key_of_their_own_and_a_saved_case,
    a_paid_order_is_told_once_and_signed_with_the_key_for_notices,
    an_order_that_waits_for_its_payment_is_told_when_it_is_paid,
    a_seller_that_takes_no_notices_delivers_all_the_same,
];

const NOTICE_KEY: &str = "kg-test-notice-key-0009";

impl Market {
    /// The seller binds a key for notices and saves a case of `orderNotify`.
    async fn ready_for_notices(&self) -> Person {
        let (app, address) = (&self.world.app, self.offering.address);
        let seller = self.world.sign_in(&self.seller.email).await.expect("the same password");
        app.bind_access_key(&seller.actor, address, InterfaceType::OrderNotice, NOTICE_KEY).await.expect("bound");
        self.save_case(&seller).await;
        seller
    }

    async fn save_case(&self, seller: &Person) {
        let (app, address) = (&self.world.app, self.offering.address);
        self.world.seller.will(honest);
        let bench = debugger::bench(app, &seller.actor, address).await.expect("there");
        let values = debugger::invented(app, &bench, Activity::OrderNotify);
        let save = SaveCase::Named("an order".to_owned());
        let ask = SendSample { address, activity: Activity::OrderNotify, values, save };
        assert!(app.send_debug_sample(&seller.actor, ask).await.expect("sent").saved.is_some());
    }

    async fn wants_notices(&self) {
        let kept = app::selling::addresses::find(&self.world.app, &self.seller.actor, self.offering.address).await;
        let ready = kept.expect("its own").address.notice_key.is_some();
        let seller = if ready { self.seller.clone() } else { self.ready_for_notices().await };
        self.world.app.set_order_notices(&seller.actor, self.offering.address, "on").await.expect("all is there");
    }
}

fn signed_with(world: &World, call: &OutgoingCall, key: &str) -> bool {
    let query = SignedQuery::from_query_string(call.url.split_once('?').map_or("", |(_, query)| query));
    let key = AccessKey::parse(key).expect("a key");
    verify_signature(&key, &query, &call.body, world.app.now().as_millisecond()).is_ok()
}

async fn notices_need_a_key_of_their_own_and_a_saved_case(world: World) {
    let market = Market::open(world, 0).await;
    let (app, address) = (&market.world.app, market.offering.address);
    let set = |who: &Person, to: &'static str| {
        let actor = who.actor.clone();
        async move { code(app.set_order_notices(&actor, address, to).await) }
    };
    assert_eq!(set(&market.buyer, "on").await, "not_allowed");
    let rival = market.world.seller_named("Rival").await;
    assert_eq!(set(&rival, "on").await, "not_found");
    assert_eq!(set(&market.seller, "perhaps").await, "not_a_choice");
    assert_eq!(set(&market.seller, "on").await, "order_notices_need_key");
    let seller = market.world.sign_in(&market.seller.email).await.expect("the same password");
    app.bind_access_key(&seller.actor, address, InterfaceType::OrderNotice, NOTICE_KEY).await.expect("bound");
    assert_eq!(set(&seller, "on").await, "order_notices_need_case");
    let debugged = {
        market.save_case(&seller).await;
        market.world.seller.calls().pop().expect("it was debugged")
    };
    assert!(signed_with(&market.world, &debugged, NOTICE_KEY), "the debugger signs with the same key");
    assert_eq!(set(&seller, "on").await, "fine");
    let view = app::selling::addresses::find(app, &seller.actor, address).await.expect("its own");
    assert_eq!(view.address.order_notices, OrderNotices::On);
    assert_eq!(set(&seller, "off").await, "fine");
}

async fn a_paid_order_is_told_once_and_signed_with_the_key_for_notices(world: World) {
    let market = Market::open(world, 10_000).await;
    market.ready_for_notices().await;
    let before = market.world.seller.calls().len();
    market.order("quiet").await;
    market.world.settle().await;
    assert_eq!(asked(&market.world)[before..], ["newInstance", "queryInstance"], "nobody asked for notices yet");
    market.wants_notices().await;
    let before = market.world.seller.calls().len();
    let order = market.order("told").await;
    market.world.settle().await;
    let mut said = asked(&market.world).split_off(before);
    said.sort();
    assert_eq!(said, ["newInstance", "orderNotify", "queryInstance"]);
    let calls = market.world.seller.calls().split_off(before);
    let notice = calls.iter().find(|call| body(call)["activity"] == "orderNotify").expect("it was told");
    let line = format!("{}-000001", order.number);
    let members = serde_json::json!({
        "activity": "orderNotify", "orderId": order.number.as_str(), "orderLineId": line, "testFlag": "0",
    });
    assert_eq!(body(notice), members);
    assert!(signed_with(&market.world, notice, NOTICE_KEY) && !signed_with(&market.world, notice, ACCESS_KEY));
    // Both see it among the messages, with how it was signed; the buyer hears nothing of it.
    let details = market.call(&order, Step::Notify).await;
    assert!(matches!(details.call.state, CallState::Done { .. }));
    let [attempt] = details.attempts.as_slice() else { panic!("one attempt: {:?}", details.attempts) };
    assert_eq!(attempt.attempt.finished.as_ref().map(|finished| finished.outcome.as_str()), Some("noticed"));
    assert!(matches!(attempt.signing, Some(Signing::Steps(_))), "{:?}", attempt.signing);
    let search = CallSearch { step: Some(Step::Notify), ..CallSearch::default() };
    let found = app::fulfilment::seller_calls(&market.world.app, &market.seller.actor, search).await.expect("seen");
    assert_eq!(found.calls.len(), 1);
    let steps = |entries: &[app::ordering::TimelineEntry]| -> Vec<Step> {
        entries.iter().filter_map(|entry| entry.attempts.as_ref().map(|attempts| attempts.step)).collect()
    };
    assert_eq!(steps(&market.details(&order).await.timeline), [Step::Create]);
    let sold =
        app::ordering::sold_order(&market.world.app, &market.seller.actor, &order.number).await.expect("its own");
    assert_eq!(steps(&sold.timeline).len(), 2);
    market.world.live_through(SignedDuration::from_hours(2)).await;
    assert_eq!(market.world.seller.calls().len(), before + 3, "once");
}

async fn an_order_that_waits_for_its_payment_is_told_when_it_is_paid(world: World) {
    let market = Market::open(world, 0).await;
    market.wants_notices().await;
    let order = market.order("later").await;
    market.world.settle().await;
    assert!(matches!(market.state(&order).await, OrderState::PendingPayment { .. }));
    assert_eq!(asked(&market.world), ["orderNotify"], "the case of the debugger and nothing else");
    market.top_up(market.buyer.actor.organisation, 10_000, "late").await;
    let pay = app::ordering::PayOrder { order: order.id };
    pay.run(&market.world.app, &market.buyer.actor).await.expect("paid");
    market.world.settle().await;
    assert_eq!(asked(&market.world).iter().filter(|said| *said == "orderNotify").count(), 2);
    assert!(matches!(market.state(&order).await, OrderState::Completed { .. }));
}

async fn a_seller_that_takes_no_notices_delivers_all_the_same(world: World) {
    let market = Market::open(world, 1_000_000).await;
    market.wants_notices().await;
    market.world.seller.will(
        |call| {
            if body(call)["activity"] == "orderNotify" { result("000005") } else { honest(call) }
        },
    );
    // More failed notices than a breaker allows failed calls.
    let mut orders = Vec::new();
    for number in 0..12 {
        orders.push(market.order(&format!("order {number}")).await);
        market.world.settle().await;
    }
    for order in &orders {
        assert!(matches!(market.state(order).await, OrderState::Completed { .. }), "no order waits for its notice");
        assert_eq!(market.call(order, Step::Notify).await.call.state.code(), CallStateCode::Waiting);
    }
    // A person presses Restart while it is tried.
    let call = market.call(&orders[0], Step::Notify).await.call.id;
    let restart = app::fulfilment::RestartCall { call };
    restart.run(&market.world.app, &market.seller.actor).await.expect("it still tries");
    market.world.live_through(SignedDuration::from_hours(2)).await;
    for order in &orders {
        let details = market.call(order, Step::Notify).await;
        let given_up = matches!(details.call.state, CallState::GivenUp { reason: GiveUpReason::Exhausted, .. });
        assert!(given_up, "{:?}", details.call.state);
        assert!(details.attempts.len() > 5, "{} attempts", details.attempts.len());
        assert!(matches!(market.state(order).await, OrderState::Completed { .. }));
    }
    let told = market.told(&market.seller).await;
    assert!(told.iter().any(|kind| kind == "call_failing"), "{told:?}");
    let operator = market.told(&market.operator).await;
    assert!(operator.iter().all(|kind| !kind.starts_with("call_")), "nobody must act: {operator:?}");
    market.ledger_balances(22_800).await;
}
