//! Orders of products whose seller speaks version 1.0 of the protocol: over real HTTP with the reference seller that is deaf to
//! version 2.0, and with a scripted one for what the reference seller never does.

use std::collections::BTreeMap;

use app::fulfilment::{RefreshAccess, Wish};
use app::ordering::RevealPassword;
use app::selling::debugger::{self, SaveCase, SendSample};
use conformance::seller::Standing;
use domain::fulfilment::{CallState, ParkReason};
use domain::ordering::OrderState;
use domain::outcome::Outcome;
use domain::pricing::Prices;
use domain::selling::{Activity, ProtocolVersion, Signing};
use domain::time::SignedDuration;
use koogallery::v1::field_cipher::{EncryptType, decrypt, encrypt};
use koogallery::v1::{CallName, sent_parameters, verify_call};
use koogallery::{AccessKey, body_sign};
use ports::{Method, OutgoingCall, SellerAnswer};
use serde_json::json;
use testkit::db::values;
use testkit::{ACCESS_KEY, ScriptedSeller, World, on_every_world, usd};

use crate::real_seller::{behave, heard, with_seller_of_version_one, with_seller_that_encrypts};
use crate::story::{Answer, Market};

on_every_world![
    one_call_delivers_with_user_name_and_password_decrypted,
    the_exact_address_and_what_was_signed_are_shown_to_the_seller_and_lie_sealed,
    a_seller_that_chose_the_shorter_key_is_encrypted_for_with_it,
    a_count_that_the_protocol_cannot_say_is_never_left_out,
    a_buyer_who_asks_for_fresh_access_data_has_the_same_creation_sent_again,
    what_is_made_later_is_asked_for_by_the_same_creation_until_it_is_ready,
    a_lost_answer_is_repeated_and_creates_nothing_twice,
    after_three_hours_the_order_is_refunded_and_what_was_made_is_released,
    the_call_says_what_the_order_knows_and_every_attempt_is_signed_anew,
    a_trial_says_that_it_is_one_and_a_purchase_for_good_has_no_end,
    an_answer_that_is_not_signed_rightly_never_opens_an_app,
    what_does_not_decrypt_never_opens_an_app,
    an_answer_that_does_not_name_its_encryption_has_the_default_one,
    access_data_that_comes_by_mail_is_not_asked_of_a_real_order,
    what_exists_already_is_asked_for_by_name,
];

fn key() -> AccessKey {
    AccessKey::parse(ACCESS_KEY).expect("a key")
}

/// The parameters of a call, decoded.
fn said(call: &OutgoingCall) -> BTreeMap<String, String> {
    sent_parameters(call.url.split_once('?').map_or("", |(_, query)| query)).into_iter().collect()
}

fn signed(body: &serde_json::Value) -> Answer {
    let body = body.to_string();
    let mut answer = ScriptedSeller::json(200, &body);
    answer.headers.push(("body-sign".to_owned(), body_sign::header_value(&key(), body.as_bytes())));
    Ok(answer)
}

/// What a seller of version 1.0 answers to a creation, user name and password encrypted with this key.
fn delivered(instance: &str, under: &AccessKey, kind: EncryptType) -> serde_json::Value {
    let sealed = |plain| encrypt(under, kind, "Ab3dEf6hIj9kLm2n", plain).expect("a good vector");
    json!({
        "resultCode": "000000", "resultMsg": "success.", "encryptType": kind.as_str(), "instanceId": instance,
        "appInfo": {
            "frontEndUrl": "https://kestrel.granary.example/",
            "userName": sealed("lin.yao@kestrel.example"), "password": sealed("Init-Pass-1"),
        },
    })
}

fn honest(call: &OutgoingCall) -> Answer {
    signed(&delivered(&format!("i-{}", said(call)["orderId"]), &key(), EncryptType::Aes128))
}

async fn one_call_delivers_with_user_name_and_password_decrypted(world: World) {
    with_seller_of_version_one(world, |market, handle| async move {
        let order = market.order("one").await;
        market.world.settle().await;
        assert!(matches!(market.state(&order).await, OrderState::Completed { .. }), "{:?}", market.state(&order).await);
        assert_eq!(heard(&handle), ["newInstance"], "creation and access data are one answer");
        let account = handle.accounts().remove(0);
        let (id, _) = market.subscription(&order).await;
        let (app, buyer) = (&market.world.app, &market.buyer.actor);
        let shown =
            app::ordering::my_app(app, buyer, id).await.expect("shown").access.expect("it came with the answer");
        assert_eq!(shown.user_name, Some(account.user_name));
        let password = RevealPassword { subscription: id }.run(app, buyer).await.expect("just signed in");
        assert_eq!(password.as_str(), account.password);
        let attempts = market.creation(&order).await.attempts;
        let outcomes: Vec<_> = attempts.iter().filter_map(|one| one.attempt.finished.as_ref()).collect();
        assert_eq!(outcomes.iter().map(|one| one.outcome.as_str()).collect::<Vec<_>>(), ["delivered"]);
        assert!(!format!("{attempts:?}").contains(&account.password));
        market.ledger_balances(1_900).await;
    })
    .await;
}

async fn the_exact_address_and_what_was_signed_are_shown_to_the_seller_and_lie_sealed(world: World) {
    let market = Market::open_speaking(world, 1_900, ProtocolVersion::V1).await;
    market.world.seller.will(honest);
    let order = market.order("one").await;
    market.world.settle().await;
    let sent = market.world.seller.calls().remove(0);
    assert_eq!((sent.method, sent.body.len()), (Method::Get, 0));
    let details = market.creation(&order).await;
    let request = details.attempts[0].attempt.request.clone().expect("it is kept");
    let target = sent.url.strip_prefix("https://saas.example.com").expect("the address of the offering");
    assert!(request.starts_with(&format!("GET {target} HTTP/1.1\r\nHost: saas.example.com\r\n")), "{request}");
    let Some(Signing::Token(steps)) = details.attempts[0].signing.clone() else { panic!("the key is the present one") };
    let parameters = said(&sent);
    assert_eq!((&steps.auth_token, &steps.time_stamp), (&parameters["authToken"], &parameters["timeStamp"]));
    assert!(steps.string_to_sign.starts_with("activity=newInstance&amount=1&businessId="), "{}", steps.string_to_sign);
    assert!(steps.masked_key.contains('•') && !format!("{details:?}").contains(ACCESS_KEY));
    // The operator reads what was asked, but nothing that could be sent again.
    let app = &market.world.app;
    let operated = app::fulfilment::any_call(app, &market.operator.actor, details.call.id).await.expect("seen");
    let shown = operated.attempts[0].attempt.request.clone().expect("it is kept");
    assert!(shown.contains("authToken=••••••") && shown.contains(order.number.as_str()), "{shown}");
    assert_eq!(operated.attempts[0].signing, None);
    // So do people of the seller who may not see the key.
    let viewer = market.world.colleague(&market.seller, domain::identity::Role::Viewer).await;
    let viewed = app::fulfilment::own_call(app, &viewer.actor, details.call.id).await.expect("seen");
    assert_eq!(viewed.attempts[0].attempt.request.as_deref(), Some(shown.as_str()));
    assert_eq!(viewed.attempts[0].signing, None);
    // What was ordered with an address keeps it to its version, wherever the product went since.
    let change = |sql: &'static str| {
        market.world.database().write((), move |tx, ()| Box::pin(async move { tx.execute(sql, values![]).await }))
    };
    change("UPDATE products SET interface_address = NULL").await.expect("whoever owns the tables can do anything");
    change("DELETE FROM debug_cases").await.expect("whoever owns the tables can do anything");
    let switched = app.set_protocol(&market.seller.actor, details.call.address, "v2").await;
    assert_eq!(switched.expect_err("orders live there").code(), "protocol_has_products");
    // In the table it is sealed: the token of this version has no end.
    let kept = app
        .store
        .read::<_, _, app::AppError, _>(details.call.id, |tx, id| {
            Box::pin(async move { Ok(store::fulfilment::attempts::of_call(tx, id, 9).await?) })
        })
        .await
        .expect("readable");
    let kept = kept[0].request.clone().expect("it is kept");
    assert!(!kept.contains("authToken") && !kept.contains("saas.example.com"), "{kept}");
    // The seller changes a value and sends it again from the debugger.
    let sample = app::fulfilment::attempt_sample(app, &market.seller.actor, details.attempts[0].attempt.id).await;
    let sample = sample.expect("its own attempt");
    assert_eq!(sample.values["orderId"], order.number.as_str());
    assert_eq!(sample.values.get("timeStamp"), None);
}

async fn a_seller_that_chose_the_shorter_key_is_encrypted_for_with_it(world: World) {
    with_seller_that_encrypts(world, EncryptType::Aes128, |market, handle| async move {
        let (app, address) = (&market.world.app, market.offering.address);
        let order = market.order("one").await;
        market.world.live_through(SignedDuration::from_secs(20)).await;
        // The address has the protocol's default: this seller cannot read the buyer's mail address.
        assert!(
            matches!(market.state(&order).await, OrderState::Processing { .. }),
            "{:?}",
            market.state(&order).await
        );
        assert!(handle.accounts().is_empty());
        app.set_encrypt_type(&market.seller.actor, address, "2").await.expect("it speaks version 1.0");
        market.world.live_through(SignedDuration::from_mins(2)).await;
        assert!(matches!(market.state(&order).await, OrderState::Completed { .. }), "{:?}", market.state(&order).await);
        let payload = handle.calls().into_iter().rfind(|call| call.activity == "newInstance").expect("heard").payload;
        let values: BTreeMap<String, String> = sent_parameters(&payload).into_iter().collect();
        let email = values.get("email").expect("the buyer agreed to hand it over");
        assert_eq!(decrypt(&key(), EncryptType::Aes128, email).as_deref(), Ok(market.buyer.email.as_str()));
        assert!(decrypt(&key(), EncryptType::Aes256, email).is_err());
        let (id, _) = market.subscription(&order).await;
        let buyer = &market.buyer.actor;
        let shown = app::ordering::my_app(app, buyer, id).await.expect("shown").access.expect("it came");
        assert_eq!(
            shown.user_name,
            Some(handle.accounts().remove(0).user_name),
            "what it sends is decrypted as it says"
        );
        // The debugger speaks to it in the same way.
        let bench = debugger::bench(app, &market.seller.actor, address).await.expect("its own");
        let mut values = debugger::invented(app, &bench, Activity::NewInstance);
        values.insert("email".to_owned(), "lin.yao@kestrel.example".to_owned());
        let save = SaveCase::Named("the shorter key".to_owned());
        let ask = SendSample { address, activity: Activity::NewInstance, values, save };
        let sent = app.send_debug_sample(&market.seller.actor, ask).await.expect("sent");
        assert!(sent.saved.is_some(), "{:?}", sent.run.checks);
        market.ledger_balances(1_900).await;
    })
    .await;
}

async fn a_count_that_the_protocol_cannot_say_is_never_left_out(world: World) {
    let market = Market::open_speaking(world, 1_900, ProtocolVersion::V1).await;
    market.world.seller.will(honest);
    let order = market.order("large").await;
    // An order of an earlier release, which took one more than four digits can say.
    let number = order.number.to_string();
    let large = market.world.database().write(number, |tx, number| {
        Box::pin(async move { tx.execute("UPDATE orders SET count = 10000 WHERE number = $1", values![number]).await })
    });
    large.await.expect("whoever owns the tables can do anything");
    market.world.settle().await;
    let said: Vec<_> = market.world.seller.calls().iter().map(said).collect();
    assert_eq!(said, Vec::<BTreeMap<String, String>>::new(), "a creation without its count would create one");
}

async fn a_buyer_who_asks_for_fresh_access_data_has_the_same_creation_sent_again(world: World) {
    with_seller_of_version_one(world, |market, handle| async move {
        let order = market.order("one").await;
        market.world.settle().await;
        let (id, _) = market.subscription(&order).await;
        let (app, buyer) = (&market.world.app, &market.buyer.actor);
        market.world.clock.advance(SignedDuration::from_mins(10));
        let asked = RefreshAccess { subscription: id, wish: Wish::Pressed }.run(app, buyer).await;
        assert!(matches!(asked, Ok(Outcome::Applied(_))), "{asked:?}");
        market.world.settle().await;
        assert_eq!(heard(&handle), ["newInstance", "newInstance"]);
        assert_eq!(handle.accounts().len(), 1);
        let shown = app::ordering::my_app(app, buyer, id).await.expect("shown");
        assert_eq!(shown.access.map(|access| access.at), Some(app.now()), "the copy is fresh");
        assert_eq!(shown.refresh.map(|call| call.state.code().code()), Some("done"));
    })
    .await;
}

async fn what_is_made_later_is_asked_for_by_the_same_creation_until_it_is_ready(world: World) {
    with_seller_of_version_one(world, |market, handle| async move {
        behave(&handle, "async");
        let order = market.order("one").await;
        market.world.settle().await;
        assert!(matches!(market.state(&order).await, OrderState::Processing { .. }));
        market.world.live_through(SignedDuration::from_mins(5)).await;
        assert!(matches!(market.state(&order).await, OrderState::Completed { .. }), "{:?}", heard(&handle));
        assert!(heard(&handle).iter().all(|activity| activity == "newInstance") && heard(&handle).len() > 2);
        assert_eq!(handle.accounts().len(), 1);
        assert!(!market.told(&market.seller).await.contains(&"call_failing".to_owned()), "waiting is no failure");
    })
    .await;
}

async fn a_lost_answer_is_repeated_and_creates_nothing_twice(world: World) {
    with_seller_of_version_one(world, |market, handle| async move {
        behave(&handle, "newInstance:lost-answer*1");
        let order = market.order("one").await;
        market.world.live_through(SignedDuration::from_mins(1)).await;
        assert!(matches!(market.state(&order).await, OrderState::Completed { .. }), "{:?}", heard(&handle));
        assert_eq!((heard(&handle).len(), handle.accounts().len()), (2, 1));
        market.ledger_balances(1_900).await;
    })
    .await;
}

async fn after_three_hours_the_order_is_refunded_and_what_was_made_is_released(world: World) {
    with_seller_of_version_one(world, |market, handle| async move {
        behave(&handle, "newInstance:async-forever, releaseInstance:status-500*2");
        let order = market.order("one").await;
        market.world.live_through(SignedDuration::from_mins(178)).await;
        assert!(matches!(market.state(&order).await, OrderState::Processing { .. }), "three hours, not less");
        market.world.live_through(SignedDuration::from_mins(7)).await;
        assert!(matches!(market.state(&order).await, OrderState::Failed { .. }));
        assert_eq!(market.balance().await, usd(1_900));
        assert_eq!(handle.accounts()[0].standing, Standing::Released);
        let released = handle.calls().into_iter().filter(|call| call.activity == "releaseInstance").collect::<Vec<_>>();
        assert_eq!(released.len(), 3, "again until it was heard");
        let of_purchase = format!("orderId={}", order.number);
        assert!(released.iter().all(|call| call.payload.contains(&of_purchase)), "{:?}", released[0].payload);
        market.ledger_balances(0).await;
    })
    .await;
}

async fn the_call_says_what_the_order_knows_and_every_attempt_is_signed_anew(world: World) {
    let market = Market::open_speaking(world, 1_900, ProtocolVersion::V1).await;
    market.world.seller.will(|_| signed(&json!({"resultCode": "000005", "resultMsg": "busy"})));
    let order = market.order("one").await;
    market.world.live_through(SignedDuration::from_secs(30)).await;
    let calls = market.world.seller.calls();
    assert!(calls.len() >= 3, "{}", calls.len());
    let first = said(&calls[0]);
    let line = &order.line;
    let expected: BTreeMap<&str, String> = [
        ("activity", "newInstance".to_owned()),
        ("orderId", order.number.to_string()),
        ("skuCode", line.specification.to_string()),
        ("productId", line.product.to_string()),
        ("customerName", "Kestrel".to_owned()),
        ("chargingMode", "1".to_owned()),
        ("periodType", "month".to_owned()),
        ("periodNumber", "1".to_owned()),
        ("amount", "1".to_owned()),
        ("orderAmount", "19".to_owned()),
    ]
    .into();
    for (name, value) in &expected {
        assert_eq!(first.get(*name), Some(value), "{name}");
    }
    assert_eq!(first["expireTime"].len(), 14);
    assert_eq!(first["customerId"].len(), 32, "a name of its own for each seller, as in the order query");
    assert!(!first.contains_key("testFlag") && !first.contains_key("trialFlag"));
    if let Some(email) = first.get("email") {
        let plain = decrypt(&key(), EncryptType::Aes256, email).expect("encrypted with the key of the address");
        assert_eq!(plain, market.buyer.email);
    }
    for call in &calls {
        let query = call.url.split_once('?').map_or("", |(_, query)| query);
        let read = verify_call(&key(), query).expect("well signed");
        assert_eq!((read.name(), read.get("orderId")), (CallName::NewInstance, Some(order.number.as_str())));
    }
    for fresh in ["businessId", "timeStamp", "authToken"] {
        let mut values: Vec<String> = calls.iter().map(|call| said(call)[fresh].clone()).collect();
        values.sort();
        values.dedup();
        assert_eq!(values.len(), calls.len(), "{fresh} differs in every request");
    }
    market.world.live_through(SignedDuration::from_mins(200)).await;
    assert!(matches!(market.state(&order).await, OrderState::Failed { .. }));
    assert_eq!(market.balance().await, usd(1_900));
    market.ledger_balances(0).await;
}

async fn a_trial_says_that_it_is_one_and_a_purchase_for_good_has_no_end(world: World) {
    let market = Market::open_speaking(world, 100_000, ProtocolVersion::V1).await;
    market.world.seller.will(honest);
    let (app, buyer) = (&market.world.app, &market.buyer.actor);
    let (_, sealed) = market.world.quoted_trial(&market.offering);
    let form = market.world.order_form(&market.offering, sealed, "trial");
    form.run(app, buyer).await.expect("the first trial");
    market.world.settle().await;
    let trial = said(&market.world.seller.calls()[0]);
    assert_eq!((trial["trialFlag"].as_str(), trial["chargingMode"].as_str()), ("1", "1"));
    assert_eq!((trial["orderAmount"].as_str(), trial["expireTime"].len()), ("0", 14));
    assert!(!trial.contains_key("periodType"), "a trial is neither a month nor a year");
    let once = Prices::new(None, None, Some(usd(4_900))).expect("a price for good");
    market.world.reprice(&market.offering, once).await;
    let offering = testkit::Offering { prices: once, ..market.offering.clone() };
    let (_, sealed) = market.world.quoted_once(&offering, 3);
    let form = market.world.order_form(&offering, sealed, "once");
    let order = form.run(app, buyer).await.expect("a good order").0;
    market.world.settle().await;
    let bought = said(&market.world.seller.calls()[1]);
    assert_eq!((bought["chargingMode"].as_str(), bought["amount"].as_str()), ("3", "3"));
    assert_eq!((bought["orderId"].as_str(), bought["orderAmount"].as_str()), (order.number.as_str(), "147"));
    let absent = ["trialFlag", "periodType", "periodNumber", "expireTime"];
    assert!(absent.iter().all(|name| !bought.contains_key(*name)), "{bought:?}");
}

async fn an_answer_that_is_not_signed_rightly_never_opens_an_app(world: World) {
    let market = Market::open_speaking(world, 100_000, ProtocolVersion::V1).await;
    let other = AccessKey::parse("another-access-key-0002").expect("a key");
    let body = |instance: &str| delivered(instance, &key(), EncryptType::Aes256).to_string();
    let with = |header: Option<String>, body: String| -> SellerAnswer {
        let mut answer = ScriptedSeller::json(200, &body);
        answer.headers.extend(header.map(|value| ("body-sign".to_owned(), value)));
        answer
    };
    let answers = [
        with(None, body("a")),
        with(Some("sign_type=HMAC-SHA256, signature=AAAA".to_owned()), body("b")),
        with(Some(body_sign::header_value(&other, body("c").as_bytes())), body("c")),
        with(Some(body_sign::header_value(&key(), b"{}")), body("d")),
    ];
    for (number, answer) in answers.into_iter().enumerate() {
        market.world.seller.will(move |_| Ok(answer.clone()));
        let order = market.order(&format!("unsigned-{number}")).await;
        market.world.live_through(SignedDuration::from_mins(200)).await;
        assert!(matches!(market.state(&order).await, OrderState::Failed { .. }), "answer {number}");
    }
    assert!(market.told(&market.operator).await.contains(&"call_security".to_owned()));
    assert_eq!(market.balance().await, usd(100_000));
    market.ledger_balances(0).await;
}

async fn what_does_not_decrypt_never_opens_an_app(world: World) {
    let market = Market::open_speaking(world, 100_000, ProtocolVersion::V1).await;
    let other = AccessKey::parse("another-access-key-0002").expect("a key");
    let mut no_such_type = delivered("b", &key(), EncryptType::Aes256);
    no_such_type["encryptType"] = json!("3");
    let mut other_size = delivered("c", &key(), EncryptType::Aes256);
    other_size["encryptType"] = json!("2");
    let mut plain = delivered("d", &key(), EncryptType::Aes256);
    plain["appInfo"]["password"] = json!("Init-Pass-1");
    let answers = [delivered("a", &other, EncryptType::Aes256), no_such_type, other_size, plain];
    for (number, answer) in answers.into_iter().enumerate() {
        market.world.seller.will(move |_| signed(&answer));
        let order = market.order(&format!("unreadable-{number}")).await;
        market.world.settle().await;
        let call = market.creation(&order).await.call;
        assert!(
            matches!(call.state, CallState::Parked { reason: ParkReason::Stopped, .. }),
            "{number}: {:?}",
            call.state
        );
        market.world.live_through(SignedDuration::from_mins(200)).await;
        assert!(matches!(market.state(&order).await, OrderState::Failed { .. }), "answer {number}");
        let released =
            market.world.seller.calls().iter().map(said).any(|said| {
                said["activity"] == "releaseInstance" && said["instanceId"] == ["a", "b", "c", "d"][number]
            });
        assert!(released, "the instance of answer {number} is there and is taken back");
    }
    assert_eq!(market.balance().await, usd(100_000));
    market.ledger_balances(0).await;
}

async fn an_answer_that_does_not_name_its_encryption_has_the_default_one(world: World) {
    let market = Market::open_speaking(world, 100_000, ProtocolVersion::V1).await;
    let mut unnamed = delivered("a", &key(), EncryptType::default());
    unnamed.as_object_mut().expect("an object").remove("encryptType");
    let mut plain = unnamed.clone();
    (plain["instanceId"], plain["appInfo"]["password"]) = (json!("b"), json!("Init-Pass-2"));
    for (name, answer, password) in [("sealed", unnamed, "Init-Pass-1"), ("plain", plain, "Init-Pass-2")] {
        market.world.seller.will(move |_| signed(&answer));
        let order = market.order(name).await;
        market.world.settle().await;
        assert!(matches!(market.state(&order).await, OrderState::Completed { .. }), "{name}");
        let (id, _) = market.subscription(&order).await;
        let reveal = RevealPassword { subscription: id };
        let shown = reveal.run(&market.world.app, &market.buyer.actor).await.expect("just signed in");
        assert_eq!(shown.as_str(), password);
    }
}

async fn access_data_that_comes_by_mail_is_not_asked_of_a_real_order(world: World) {
    let market = Market::open_speaking(world, 1_900, ProtocolVersion::V1).await;
    market.world.seller.will(|_| signed(&json!({"resultCode": "000000", "instanceId": "by-mail-1"})));
    let order = market.order("one").await;
    market.world.settle().await;
    assert!(matches!(market.state(&order).await, OrderState::Completed { .. }));
    let (id, _) = market.subscription(&order).await;
    let shown = app::ordering::my_app(&market.world.app, &market.buyer.actor, id).await.expect("shown");
    assert_eq!(shown.access, None);
}

async fn what_exists_already_is_asked_for_by_name(world: World) {
    with_seller_of_version_one(world, |market, handle| async move {
        behave(&handle, "newInstance:lost-answer*1, newInstance:refuses-repeat");
        let order = market.order("one").await;
        market.world.live_through(SignedDuration::from_mins(1)).await;
        assert_eq!(heard(&handle), ["newInstance", "newInstance", "queryInstance"]);
        assert!(matches!(market.state(&order).await, OrderState::Completed { .. }));
        assert_eq!((handle.accounts().len(), market.balance().await), (1, usd(0)));
    })
    .await;
}
