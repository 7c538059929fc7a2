//! What a seller's server meets at the open APIs: signed calls over the real router, answers compared to the byte
//! (seller-protocol 8).

use std::num::NonZeroU32;

use axum::Router;
use domain::time::{SignedDuration, Timestamp};
use http_kit::{Doors, Rates, assemble};
use testkit::signer::{Headers, Signer};
use testkit::{Offering, Person, World, on_every_world};

use crate::door::{Answer, Sent, routes, service};

on_every_world![
    an_own_order_is_answered_as_the_protocol_writes_it,
    foreign_unpaid_and_missing_orders_are_answered_alike,
    the_nine_mock_orders_are_answered_to_any_seller_and_to_nobody_else,
    a_call_that_is_not_signed_right_is_refused_with_the_reason,
    parameters_are_taken_exactly,
];

const ORDER: &str = "/api/mkp-openapi-public/global/v1/order/query";

/// Sends a call with these headers.
pub async fn call(service: &Router, (method, path): (&str, &str), headers: Headers, body: &str) -> Answer {
    let sent = headers.iter().fold(Sent::new(method, path), |sent, (name, value)| sent.header(name, value));
    let answer = sent.body(body.to_owned()).to(service).await;
    let kind = answer.headers.get("content-type").and_then(|value| value.to_str().ok());
    assert_eq!(kind, Some("application/json"), "{method} {path}: {}", answer.body);
    answer
}

async fn get(world: &World, service: &Router, signer: &Signer, path: &str) -> Answer {
    call(service, ("GET", path), signer.headers("GET", path, "", world.app.now()), "").await
}

/// Status and body, as one text to compare.
pub fn said(answer: &Answer) -> String {
    format!("{} {}", answer.status.as_u16(), answer.body)
}

struct Stage {
    seller: Person,
    buyer: Person,
    offering: Offering,
    signer: Signer,
}

async fn stage(world: &World) -> Stage {
    let seller = world.seller_named("Brightwell").await;
    let buyer = world.customer("Kestrel").await;
    let offering = world.on_sale(&seller).await;
    let signer = world.signer(&seller).await;
    Stage { seller, buyer, offering, signer }
}

async fn trial(world: &World, stage: &Stage) -> String {
    let (_, sealed) = world.quoted_trial(&stage.offering);
    let form = world.order_form(&stage.offering, sealed, "trial");
    form.run(&world.app, &stage.buyer.actor).await.expect("a good order is placed").0.number.to_string()
}

async fn an_own_order_is_answered_as_the_protocol_writes_it(world: World) {
    let stage = stage(&world).await;
    let service = service(&world);
    let number = trial(&world, &stage).await;
    let (product, plan) = (stage.offering.product.id, stage.offering.specification);
    let path = format!("{ORDER}?orderId={number}&orderLineId={number}-000001");
    let answer = get(&world, &service, &stage.signer, &path).await;
    // The buyer's pseudonym is for this seller alone, the same each time.
    let at = answer.body.find("\"customerId\":\"").expect("the buyer is told") + "\"customerId\":\"".len();
    let customer = &answer.body[at..at + 32];
    let expected = format!(
        r#"200 {{"resultCode":"MKT.0000","resultMsg":"Success","orderInfo":{{"orderId":"{number}","orderType":"TRIAL","createTime":"20260514132800","orderLine":[{{"orderLineId":"{number}-000001","chargingMode":"PERIOD","periodType":"day","periodNumber":14,"expireTime":"20260528132800","productInfo":[{{"productId":"{product}","skuCode":"{plan}","linearValue":1,"productName":"Granary Backup, Team"}}],"currency":"19","currencyAfterDiscount":"0","extendParams":[]}}],"buyerInfo":{{"customerId":"{customer}","customerName":"Kestrel","customerType":0,"mobilePhone":"","email":"first@kestrel.example"}},"extendParams":[]}}}}"#
    );
    assert_eq!(said(&answer), expected);
    assert!(!answer.body.contains("First of Kestrel"), "the name was not handed over");
    assert!(
        customer.bytes().all(|byte| byte.is_ascii_hexdigit())
            && customer != &stage.buyer.actor.organisation.to_string()[4..]
    );
    let without_line = get(&world, &service, &stage.signer, &format!("{ORDER}?orderId={number}")).await;
    assert_eq!(said(&without_line), expected, "the line may be left out");
    let again = get(&world, &service, &stage.signer, &path).await;
    assert_eq!(said(&again), expected, "looking twice in one second is no replay");
}

async fn foreign_unpaid_and_missing_orders_are_answered_alike(world: World) {
    let stage = stage(&world).await;
    let service = service(&world);
    let number = trial(&world, &stage).await;
    let (_, sealed) = world.quoted(&stage.offering, 1);
    let unpaid = world.order_form(&stage.offering, sealed, "unpaid").run(&world.app, &stage.buyer.actor).await;
    let unpaid = unpaid.expect("an order waits for its payment").0.number;
    let rival = world.seller_named("Rival").await;
    let rival = world.signer(&rival).await;
    let refused = r#"401 {"resultCode":"MKT.0150","resultMsg":"Operation not allowed.","extra_info":"you have sold no such order"}"#;
    let failed = {
        let other = world.customer("Zephyr").await;
        let (_, sealed) = world.quoted_trial(&stage.offering);
        world.order_form(&stage.offering, sealed, "failed").run(&world.app, &other.actor).await
    };
    let failed = failed.expect("a good order is placed").0.number;
    let before = get(&world, &service, &stage.signer, &format!("{ORDER}?orderId={failed}")).await;
    assert_eq!(before.status.as_u16(), 200, "its money is here: {}", before.body);
    world.seller.will_answer(r#"{"resultCode":"000005","resultMsg":"no room"}"#);
    world.live_through(SignedDuration::from_hours(4)).await;
    for (signer, number) in [
        (&stage.signer, failed.as_str()),
        (&rival, number.as_str()),
        (&rival, "CS2605141328ZZZZZ"),
        (&stage.signer, "CS2605141328ZZZZZ"),
        (&stage.signer, "no order at all"),
        (&stage.signer, unpaid.as_str()),
    ] {
        let path = format!("{ORDER}?orderId={}", number.replace(' ', "%20"));
        assert_eq!(said(&get(&world, &service, signer, &path).await), refused, "{number}");
    }
}

async fn the_nine_mock_orders_are_answered_to_any_seller_and_to_nobody_else(world: World) {
    let stage = stage(&world).await;
    let service = service(&world);
    for (number, kind) in [
        ("MOCKPERIODYEARNEW", "NEW"),
        ("MOCKONETIMENEW", "NEW"),
        ("MOCKONDEMAND", "NEW"),
        ("MOCKONDEMANDPKG", "NEW"),
        ("MOCKPERIODDAYTRIAL", "TRIAL"),
        ("MOCKMONTYTRIALTOFORMAL", "TRIAL_TO_FORMAL"),
        ("MOCKMONTYUNSUBSCRIBE", "UNSUBSCRIBE"),
        ("MOCKMONTYRENEW", "RENEW"),
        ("MOCKMONTYCHANGE", "CHANGE"),
    ] {
        let path = format!("{ORDER}?orderId={number}&orderLineId={number}-000001");
        let answer = get(&world, &service, &stage.signer, &path).await;
        let start = format!(
            r#"200 {{"resultCode":"MKT.0000","resultMsg":"Success","orderInfo":{{"orderId":"{number}","orderType":"{kind}","createTime":"20260115092955","#
        );
        assert!(said(&answer).starts_with(&start), "{}", answer.body);
    }
    let customer = world.signer(&stage.buyer).await;
    let answer = get(&world, &service, &customer, &format!("{ORDER}?orderId=MOCKONDEMAND")).await;
    let refused =
        r#"401 {"resultCode":"MKT.0151","resultMsg":"No right to this API: the access key belongs to no seller."}"#;
    assert_eq!(said(&answer), refused);
}

async fn a_call_that_is_not_signed_right_is_refused_with_the_reason(world: World) {
    let stage = stage(&world).await;
    let service = service(&world);
    let path = format!("{ORDER}?orderId=MOCKONDEMAND");
    let now = world.app.now();
    let signed = |signer: &Signer, at: Timestamp| signer.headers("GET", &path, "", at);
    let good = signed(&stage.signer, now);
    let without = |name: &str| good.iter().filter(|(known, _)| known != name).cloned().collect::<Headers>();
    let with = |name: &str, value: &str| {
        let mut headers = without(name);
        headers.push((name.to_owned(), value.to_owned()));
        headers
    };
    let minutes = SignedDuration::from_mins;
    let wrong = Signer { secret: "A".repeat(40), ..stage.signer.clone() };
    let unknown = Signer { access_key: "SKAAAAAAAAAAAAAAAAAA".to_owned(), ..stage.signer.clone() };
    let other_path = stage.signer.headers("GET", &format!("{ORDER}?orderId=MOCKONETIMENEW"), "", now);
    let cases: Vec<(Headers, &str)> = vec![
        (without("authorization"), "the header Authorization is missing"),
        (with("authorization", "SDK-HMAC-SHA256 Access=x"), "Authorization is no SDK-HMAC-SHA256"),
        (signed(&wrong, now), "the signature differs"),
        (signed(&unknown, now), "there is no working access key"),
        (other_path, "the signature differs"),
        (with("host", "evil.example"), "the signature differs"),
        (without("x-sdk-date"), "a signed header is absent"),
        (with("x-sdk-date", "2026-05-14"), "X-Sdk-Date is no"),
        (signed(&stage.signer, now - minutes(16)), "X-Sdk-Date differs from our clock"),
        (signed(&stage.signer, now + minutes(16)), "X-Sdk-Date differs from our clock"),
    ];
    for (headers, why) in cases {
        let answer = call(&service, ("GET", &path), headers, "").await;
        let start = format!(r#"401 {{"resultCode":"MKT.0154","resultMsg":"Token invalid: {why}"#);
        assert!(said(&answer).starts_with(&start), "{why}: {}", answer.body);
    }
    for at in [now - minutes(15), now + minutes(15)] {
        let answer = call(&service, ("GET", &path), signed(&stage.signer, at), "").await;
        assert_eq!(answer.status.as_u16(), 200, "the window is 15 minutes: {}", answer.body);
    }
    let session = vec![("authorization".to_owned(), format!("Bearer {}", stage.seller.token))];
    let answer = call(&service, ("GET", &path), session, "").await;
    assert!(answer.body.contains("MKT.0154"), "a session opens nothing here: {}", answer.body);
    let seller = world.sign_in(&stage.seller.email).await.expect("the seller signs in").actor;
    let keys = app::identity::api_keys::list(&world.app, &seller).await.expect("an administrator sees the keys");
    app::identity::api_keys::revoke(&world.app, &seller, keys[0].id).await.expect("it is their own");
    let answer = call(&service, ("GET", &path), signed(&stage.signer, now), "").await;
    assert!(answer.body.contains("there is no working access key"), "{}", answer.body);
}

async fn parameters_are_taken_exactly(world: World) {
    let stage = stage(&world).await;
    let service = service(&world);
    for (query, why) in [
        ("", "orderId is missing"),
        ("?orderLineId=a", "orderId is missing"),
        ("?orderId=MOCKONDEMAND&productId=a", "there is no parameter \\\"productId\\\""),
        ("?orderId=MOCKONDEMAND&orderId=MOCKONDEMAND", "orderId is given twice"),
        ("?orderId=MOCKONDEMAND&orderLineId=MOCKONDEMAND-000002", "orderLineId is no line of the order"),
    ] {
        let answer = get(&world, &service, &stage.signer, &format!("{ORDER}{query}")).await;
        let start =
            format!(r#"400 {{"resultCode":"MKT.0101","resultMsg":"Invalid, surplus or missing parameter: {why}"#);
        assert!(said(&answer).starts_with(&start), "{query}: {}", answer.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_calls_too_often_hears_it_in_the_protocols_words() {
    let world = World::over(testkit::stores::fresh_sqlite().await).await;
    let stage = stage(&world).await;
    let one = NonZeroU32::MIN;
    let plenty = NonZeroU32::new(1_000).expect("not zero");
    let doors = |visitors, signed| Doors {
        routes: routes(),
        page: web::problem_page,
        rates: Rates { visitors, programs: plenty, signed, pushes: plenty },
        proxies: Vec::new(),
    };
    let path = format!("{ORDER}?orderId=MOCKONDEMAND");
    let service = assemble(world.app.clone(), doors(plenty, one));
    let forged = Signer { secret: "A".repeat(40), ..stage.signer.clone() };
    for _ in 0..8 {
        assert!(get(&world, &service, &forged, &path).await.body.contains("MKT.0154"), "a stranger uses nothing up");
    }
    let mut answers = Vec::new();
    for _ in 0..4 {
        answers.push(get(&world, &service, &stage.signer, &path).await);
    }
    let last = answers.last().expect("four answers");
    let refused = r#"406 {"resultCode":"MKT.0250","resultMsg":"Called too often.","extra_info":"call again in 1 s"}"#;
    assert_eq!(said(last), refused);
    assert_eq!(last.headers["retry-after"], "1");
    assert_eq!(answers[0].status.as_u16(), 200);
    // The same words when an address, whoever it is, asks too often.
    let service = assemble(world.app.clone(), doors(one, plenty));
    let mut refused = None;
    for _ in 0..8 {
        let answer = Sent::new("GET", &path).from([203, 0, 113, 9]).to(&service).await;
        refused = Some(answer).filter(|answer| answer.status.as_u16() == 406).or(refused);
    }
    assert!(refused.is_some_and(|answer| answer.body.starts_with(r#"{"resultCode":"MKT.0250""#)));
}
