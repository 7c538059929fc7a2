//! From a paid order to a running app, or to a refund.

use domain::fulfilment::{CallState, ParkReason};
use domain::ordering::{FailureReason, OrderState, SubscriptionState};
use domain::time::SignedDuration;
use ports::FailureClass;
use serde_json::json;
use testkit::{ScriptedSeller, World, on_every_world, usd};

use crate::story::{Answer, Market, asked, being_created, body, created, described, honest, not_yet, result};

on_every_world![
    a_paid_order_becomes_a_running_app,
    an_instance_that_takes_its_time_is_asked_for_until_it_is_there,
    a_seller_that_comes_back_within_three_hours_delivers,
    a_seller_that_stays_away_costs_the_buyer_nothing,
    an_instance_of_a_failed_order_is_taken_back,
    an_instance_of_another_order_is_held_until_a_person_has_looked,
    no_wrong_answer_ever_opens_an_app,
    a_free_trial_runs_for_its_days,
    each_attempt_is_signed_anew_under_another_business_id,
    a_broken_question_is_told_to_people_and_customer_service_at_once_and_waiting_to_nobody,
    a_customer_service_address_that_is_one_of_the_sellers_people_gets_no_second_letter,
];

async fn a_paid_order_becomes_a_running_app(world: World) {
    let market = Market::open(world, 5_000).await;
    market.world.seller.will(honest);
    let order = market.order("one").await;
    assert!(matches!(order.state, OrderState::Processing { .. }));
    assert_eq!(market.balance().await, usd(3_100));
    assert_eq!(asked(&market.world), Vec::<String>::new(), "nothing leaves before commit");
    market.world.settle().await;
    assert_eq!(asked(&market.world), ["newInstance", "queryInstance"]);
    assert!(matches!(market.state(&order).await, OrderState::Completed { .. }));
    let (id, state) = market.subscription(&order).await;
    let SubscriptionState::Active { instance, since, until } = state else { panic!("it runs: {state:?}") };
    assert_eq!(instance.as_str(), format!("i-{}", order.number));
    assert_eq!(
        (since, until.map(|at| at.to_string())),
        (market.world.app.now(), Some("2026-06-14T13:28:00Z".to_owned()))
    );
    let shown = app::ordering::my_app(&market.world.app, &market.buyer.actor, id).await.expect("the buyer sees it");
    let access = shown.access.expect("the seller said how to get in");
    assert_eq!(access.front_end_url, "https://kestrel.granary.example/");
    assert_eq!(access.user_name.as_deref(), Some("lin.yao@kestrel.example"));
    assert!(access.password_known);
    assert_eq!(market.told(&market.buyer).await, ["balance_topped_up", "order_paid", "order_ready"]);
    assert_eq!(market.told(&market.seller).await, ["order_received"]);
    market.ledger_balances(1_900).await;
}

async fn an_instance_that_takes_its_time_is_asked_for_until_it_is_there(world: World) {
    let market = Market::open(world, 1_900).await;
    market.world.seller.will(|call| match body(call)["activity"].as_str() {
        Some("newInstance") => being_created("slow-1"),
        _ => not_yet(),
    });
    let order = market.order("one").await;
    market.world.live_through(SignedDuration::from_hours(2)).await;
    let questions = asked(&market.world).len() - 1;
    assert!((20..40).contains(&questions), "asked {questions} times in two hours");
    assert!(matches!(market.state(&order).await, OrderState::Processing { .. }));
    market.world.seller.will(|_| described("slow-1"));
    market.world.live_through(SignedDuration::from_mins(7)).await;
    assert!(matches!(market.state(&order).await, OrderState::Completed { .. }));
    assert_eq!(asked(&market.world).iter().filter(|name| *name == "newInstance").count(), 1);
    market.ledger_balances(1_900).await;
}

async fn a_seller_that_comes_back_within_three_hours_delivers(world: World) {
    let market = Market::open(world, 1_900).await;
    market.world.seller.will_fail(FailureClass::ConnectFailed);
    let order = market.order("one").await;
    market.world.live_through(SignedDuration::from_mins(170)).await;
    assert!(matches!(market.state(&order).await, OrderState::Processing { .. }));
    assert_eq!(market.told(&market.seller).await, ["call_failing", "order_received"], "told once, not each time");
    market.world.seller.will(honest);
    market.world.live_through(SignedDuration::from_mins(15)).await;
    assert!(matches!(market.state(&order).await, OrderState::Completed { .. }));
    assert_eq!(market.balance().await, usd(0));
    market.ledger_balances(1_900).await;
}

async fn a_seller_that_stays_away_costs_the_buyer_nothing(world: World) {
    let market = Market::open(world, 1_900).await;
    market.world.seller.will_fail(FailureClass::TimedOut);
    let order = market.order("one").await;
    market.world.live_through(SignedDuration::from_mins(185)).await;
    let OrderState::Failed { paid_at, at, reason } = market.state(&order).await else { panic!("it failed") };
    assert_eq!(reason, FailureReason::NotDelivered);
    let taken = at.duration_since(paid_at);
    assert!(taken <= SignedDuration::from_mins(185) && taken >= SignedDuration::from_hours(3), "{taken}");
    assert_eq!(market.balance().await, usd(1_900));
    assert!(matches!(market.subscription(&order).await.1, SubscriptionState::NotDelivered { instance: None, .. }));
    assert_eq!(market.told(&market.buyer).await, ["balance_topped_up", "order_failed", "order_paid"]);
    assert_eq!(market.told(&market.seller).await, ["call_failing", "call_given_up", "order_received"]);
    let before = market.world.seller.calls().len();
    market.world.seller.will(honest);
    market.world.live_through(SignedDuration::from_hours(24)).await;
    assert_eq!(market.world.seller.calls().len(), before, "a closed order is never called again");
    market.ledger_balances(0).await;
}

async fn an_instance_of_a_failed_order_is_taken_back(world: World) {
    let market = Market::open(world, 1_900).await;
    market.world.seller.will(|call| match body(call)["activity"].as_str() {
        Some("newInstance") => being_created("half-1"),
        Some("releaseInstance") => result("000005"),
        _ => not_yet(),
    });
    let order = market.order("one").await;
    market.world.live_through(SignedDuration::from_mins(200)).await;
    assert!(matches!(market.state(&order).await, OrderState::Failed { .. }));
    market.world.seller.will(|_| result("000000"));
    market.world.live_through(SignedDuration::from_mins(15)).await;
    let last = market.world.seller.calls().last().map(body).expect("there were calls");
    assert_eq!(last, json!({"activity": "releaseInstance", "instanceId": "half-1"}));
    let calls = market.details(&order).await.calls;
    assert!(matches!(calls[1].state, CallState::Done { .. }), "{:?}", calls[1]);
    assert_eq!(market.balance().await, usd(1_900), "the refund stands, once");
    market.ledger_balances(0).await;
}

async fn an_instance_of_another_order_is_held_until_a_person_has_looked(world: World) {
    let market = Market::open(world, 3_800).await;
    market.world.seller.will(|call| match body(call)["activity"].as_str() {
        Some("newInstance") => created("same"),
        _ => described("same"),
    });
    let first = market.order("one").await;
    market.world.settle().await;
    assert!(matches!(market.state(&first).await, OrderState::Completed { .. }));
    let second = market.order("two").await;
    market.world.live_through(SignedDuration::from_hours(24)).await;
    assert!(matches!(market.state(&second).await, OrderState::Processing { .. }), "no timer decides this");
    let held = market.creation(&second).await;
    assert!(matches!(held.call.state, CallState::Parked { reason: ParkReason::Held, .. }));
    assert_eq!(market.told(&market.operator).await, ["call_parked", "call_security"]);
    let give_up = app::fulfilment::GiveUpCall { call: held.call.id };
    give_up.run(&market.world.app, &market.operator.actor).await.expect("an operator decides");
    market.world.settle().await;
    let OrderState::Failed { reason, .. } = market.state(&second).await else { panic!("it was given up") };
    assert_eq!(reason, FailureReason::Operator);
    assert_eq!(market.balance().await, usd(1_900));
    assert!(!asked(&market.world).contains(&"releaseInstance".to_owned()), "the other order's app keeps running");
    market.ledger_balances(1_900).await;
}

#[expect(clippy::too_many_lines, reason = "a table of wrong answers")]
async fn no_wrong_answer_ever_opens_an_app(world: World) {
    let market = Market::open(world, 100_000).await;
    let json = |status, text: &str| -> Answer { Ok(ScriptedSeller::json(status, text)) };
    let mut html = ScriptedSeller::json(200, "<html>login</html>");
    html.headers = vec![("content-type".to_owned(), "text/html".to_owned())];
    let mut wrongly_signed =
        ScriptedSeller::json(200, r#"{"resultCode":"000000","resultMsg":"ok","instanceId":"x-1"}"#);
    let signature = ("body-sign".to_owned(), r#"sign_type="HMAC-SHA256", signature="AAAA""#.to_owned());
    wrongly_signed.headers.push(signature);
    let answers: Vec<Answer> = vec![
        Ok(html),
        Ok(wrongly_signed),
        json(200, ""),
        json(200, "{\"resultCode\":\"000000\""),
        json(200, r#"{"resultCode":"000000","resultMsg":"ok"}"#),
        json(200, r#"{"resultCode":"000000","instanceId":""}"#),
        json(200, r#"{"resultCode":0,"instanceId":"x-1"}"#),
        json(200, r#"{"resultCode":"000000","instanceId":"<script>"}"#),
        json(200, &format!(r#"{{"resultCode":"000000","instanceId":"{}"}}"#, "x".repeat(65))),
        json(200, r#"{"resultCode":"000004"}"#),
        json(500, r#"{"resultCode":"000000","instanceId":"x-1"}"#),
        json(404, r#"{"resultCode":"000000","instanceId":"x-1"}"#),
        json(302, r#"{"resultCode":"000000","instanceId":"x-1"}"#),
        result("000005"),
        result("000103"),
    ];
    for (number, answer) in answers.into_iter().enumerate() {
        market.world.seller.will(move |_| answer.clone());
        let order = market.order(&format!("wrong-{number}")).await;
        market.world.settle().await;
        let details = market.details(&order).await;
        assert!(
            matches!(details.order.state, OrderState::Processing { .. }),
            "answer {number}: {:?}",
            details.order.state
        );
        assert_eq!(
            details.subscription.map(|found| found.state),
            Some(SubscriptionState::SettingUp { instance: None })
        );
    }
    let details = [
        r#"{"resultCode":"000000","info":[{"instanceId":"other"}]}"#,
        r#"{"resultCode":"000000","info":[{"instanceId":"NAME","appInfo":{"frontEndUrl":"javascript:alert(1)"}}]}"#,
        r#"{"resultCode":"000000","info":[{"instanceId":"NAME","appInfo":{"userName":"no address"}}]}"#,
        r#"{"resultCode":"000000","info":"NAME"}"#,
        r#"{"resultCode":"000003"}"#,
    ];
    for (number, answer) in details.into_iter().enumerate() {
        let name = format!("named-{number}");
        market.world.seller.will(move |call| {
            let asked = body(call);
            match asked["activity"].as_str() {
                Some("newInstance") => created(&format!("i-{}", asked["orderId"].as_str().unwrap_or("?"))),
                _ => json(200, &answer.replace("NAME", asked["instanceId"].as_str().unwrap_or("?"))),
            }
        });
        let order = market.order(&name).await;
        market.world.live_through(SignedDuration::from_mins(2)).await;
        let details = market.details(&order).await;
        assert!(matches!(details.order.state, OrderState::Processing { .. }), "{name}: {:?}", details.order.state);
    }
    market.ledger_balances(20 * 1_900).await;
    market.world.seller.will_fail(FailureClass::ConnectFailed);
    market.world.live_through(SignedDuration::from_hours(4)).await;
    let open = app::fulfilment::seller_calls(
        &market.world.app,
        &market.seller.actor,
        app::fulfilment::CallSearch { step: Some(domain::fulfilment::Step::Create), ..Default::default() },
    );
    for (call, order) in open.await.expect("readable").calls {
        assert!(matches!(order.state, OrderState::Failed { .. }), "{}: {:?} {:?}", order.client_key, order.state, call);
    }
    assert_eq!(market.balance().await, usd(100_000), "every one was refunded");
    market.ledger_balances(0).await;
}

async fn a_free_trial_runs_for_its_days(world: World) {
    let market = Market::open(world, 0).await;
    market.world.seller.will(honest);
    let (_, sealed) = market.world.quoted_trial(&market.offering);
    let form = market.world.order_form(&market.offering, sealed, "trial");
    let (order, _) = form.run(&market.world.app, &market.buyer.actor).await.expect("a trial needs no money");
    market.world.settle().await;
    let SubscriptionState::Active { until, .. } = market.subscription(&order).await.1 else { panic!("it runs") };
    assert_eq!(until.map(|at| at.to_string()), Some("2026-05-28T13:28:00Z".to_owned()));
    let report = app::ledger::check(&market.world.app).await.expect("the ledger can be read");
    assert_eq!((report.transfers, report.postings), (0, 0), "nothing was charged");
}

async fn each_attempt_is_signed_anew_under_another_business_id(world: World) {
    let market = Market::open(world, 1_900).await;
    market.world.seller.will_fail(FailureClass::Broken);
    let order = market.order("one").await;
    market.world.live_through(SignedDuration::from_mins(2)).await;
    let calls = market.world.seller.calls();
    assert!(calls.len() >= 4, "{} attempts", calls.len());
    let distinct = |pick: &dyn Fn(&ports::OutgoingCall) -> String| {
        calls.iter().map(pick).collect::<std::collections::BTreeSet<_>>().len()
    };
    let member = |name: &'static str| move |call: &ports::OutgoingCall| body(call)[name].to_string();
    assert_eq!(distinct(&member("orderId")), 1);
    assert_eq!(distinct(&member("orderLineId")), 1);
    assert_eq!(distinct(&member("businessId")), calls.len());
    assert_eq!(distinct(&|call| call.url.clone()), calls.len(), "nonce, timestamp and signature are fresh");
    assert_eq!(body(&calls[0])["orderId"], order.number.as_str());
    assert_eq!(body(&calls[0]).get("testFlag"), None, "a real call says nothing of testing");
    let kept = market.creation(&order).await.attempts;
    assert_eq!(kept.len(), calls.len());
    assert!(kept.iter().all(|kept| kept.attempt.finished.is_some()));
}

async fn a_broken_question_is_told_to_people_and_customer_service_at_once_and_waiting_to_nobody(world: World) {
    let market = Market::open(world, 100_000).await;
    market.world.customer_service(&market.seller, "help@brightwell.example").await;
    let wrongly_signed = || -> Answer {
        let mut answer = described("x")?;
        answer.headers.push(("body-sign".to_owned(), r#"sign_type="HMAC-SHA256", signature="AAAA""#.to_owned()));
        Ok(answer)
    };
    let html = || -> Answer {
        let mut answer = ScriptedSeller::json(200, "<html>login</html>");
        answer.headers = vec![("content-type".to_owned(), "text/html".to_owned())];
        Ok(answer)
    };
    let timed_out = || -> Answer {
        Err(ports::LinkFailure { class: FailureClass::TimedOut, detail: "silent".to_owned(), elapsed_ms: 20_000 })
    };
    let broken = || -> Answer { Ok(ScriptedSeller::json(500, "{}")) };
    let refused = || -> Answer { result("000005") };
    let pending = || -> Answer { result("000004") };
    let denied = || -> Answer { result("000003") };
    type Say = fn() -> Answer;
    let answers: [(&str, Say, bool); 8] = [
        ("status 500", broken, true),
        ("HTML", html, true),
        ("time-out", timed_out, true),
        ("bad signature", wrongly_signed, true),
        ("refused", refused, true),
        ("nothing described", not_yet, false),
        ("being processed", pending, false),
        ("no such instance", denied, false),
    ];
    for (name, say, told) in answers {
        market.world.seller.will(move |call| match body(call)["activity"].as_str() {
            Some("newInstance") => created(&format!("i-{}", body(call)["orderId"].as_str().unwrap_or("?"))),
            _ => say(),
        });
        let subject = |order: &domain::ordering::Order| {
            format!("Your system does not answer as it should for order {}", order.number)
        };
        let letters = |to: &str, subject: &str| {
            market.world.mail.mails_to(to).into_iter().filter(|mail| mail.subject == subject).count()
        };
        let order = market.order(name).await;
        market.world.settle().await;
        let at_once = letters(&market.seller.email, &subject(&order));
        assert_eq!(at_once, usize::from(told), "{name}: at the first question");
        market.world.live_through(SignedDuration::from_mins(30)).await;
        for to in [market.seller.email.as_str(), "help@brightwell.example"] {
            assert_eq!(letters(to, &subject(&order)), usize::from(told), "{name}: {to}, once for the order");
        }
        // The next one is not held by the breaker.
        market.world.seller.will(honest);
        market.world.live_through(SignedDuration::from_mins(10)).await;
    }
    let ids: Vec<String> = market.world.mail.mails().into_iter().map(|mail| mail.id).collect();
    let different: std::collections::BTreeSet<&String> = ids.iter().collect();
    assert_eq!(different.len(), ids.len(), "every letter has a name of its own");
    let service = market.world.mail.mails_to("help@brightwell.example");
    assert!(service.iter().all(|mail| mail.text.starts_with("Hello Brightwell Software")), "{}", service[0].text);
    assert!(service.iter().all(|mail| !mail.subject.contains("New order")), "orders are for the people");
}

async fn a_customer_service_address_that_is_one_of_the_sellers_people_gets_no_second_letter(world: World) {
    let market = Market::open(world, 1_900).await;
    market.world.customer_service(&market.seller, &market.seller.email.to_uppercase()).await;
    market.world.seller.will_fail(FailureClass::ConnectFailed);
    market.order("one").await;
    market.world.settle().await;
    let letters = market.world.mail.mails();
    let told: Vec<&str> = letters
        .iter()
        .filter(|mail| mail.subject.starts_with("Your system does not answer"))
        .map(|mail| mail.to.as_str())
        .collect();
    assert_eq!(told, [market.seller.email.as_str()]);
}
