//! Pushed usage over the real router, signed as a seller's server signs it, in both forms (seller-protocol 8.4 and 8.5).

use std::num::NonZeroU32;

use axum::Router;
use domain::metering::{UsageFault, UsageRecord, UsageState};
use domain::text::Language;
use domain::time::{SignedDuration, Timestamp};
use http_kit::{Doors, Rates, assemble};
use serde_json::{Value, json};
use testkit::db::{DbError, values};
use testkit::signer::{Headers, Signer, push_headers};
use testkit::{ACCESS_KEY, Offering, Person, World, on_every_world};

use crate::door::{Answer, routes, service};
use crate::open_apis::{call, said};

on_every_world![
    a_push_is_taken_as_a_whole_and_each_record_is_judged_by_itself,
    a_nonce_is_taken_once_and_a_record_sent_again_is_calm,
    a_push_that_is_not_signed_with_the_addresss_key_is_refused,
    a_batch_without_the_shape_is_refused_and_nothing_is_kept,
    the_old_form_is_signed_with_an_access_key_and_names_the_product,
    a_push_may_be_signed_twice_but_by_one_seller,
    a_push_that_is_signed_twice_has_its_effect_once_by_either_signature,
    a_rejected_record_is_judged_again_when_it_is_sent_again,
    a_number_that_is_taken_is_a_reason_that_the_seller_sees,
    what_comes_again_is_judged_in_its_place_of_the_push,
    a_seller_pushes_so_many_records_an_hour,
    what_was_rejected_long_ago_is_forgotten,
    a_seller_whose_instances_have_common_names_is_found,
    a_large_push_is_judged_to_its_last_record,
    of_many_calls_at_once_with_one_nonce_one_is_taken,
    the_same_records_pushed_at_once_are_there_once,
    a_seller_that_pushes_too_often_hears_it_whichever_key_it_signs_with,
    while_a_new_key_is_introduced_a_push_may_be_signed_with_either,
];

const PUSH: &str = "/api/mkp-openapi-public/global/v1/isv/usage-data";
const OLD: &str = "/rest/marketplace/v1/isv/usage-data";
const TAKEN: &str = r#"200 {"error_code":"MKT.0000","error_msg":"Success."}"#;

struct Stage {
    world: World,
    service: Router,
    seller: Person,
    offering: Offering,
}

impl Stage {
    /// A seller whose instance `i-1` is in use since the world began.
    async fn set(world: World) -> Stage {
        let seller = world.seller_named("Brightwell").await;
        let buyer = world.customer("Kestrel").await;
        let offering = ordered(&world, &seller, &buyer).await;
        world.clock.advance(SignedDuration::from_hours(2));
        let service = service(&world);
        Stage { world, service, seller, offering }
    }

    async fn sent(&self, path: &str, headers: Headers, body: &str) -> Answer {
        call(&self.service, ("POST", path), headers, body).await
    }

    /// A push in the new form, right in everything.
    async fn push(&self, nonce: &str, records: &[Value]) -> Answer {
        let body = batch(records);
        self.sent(PUSH, push_headers(ACCESS_KEY, &body, nonce, self.world.app.now()), &body).await
    }

    /// What the seller sees, oldest first.
    async fn kept(&self) -> Vec<UsageRecord> {
        let found = app::metering::usage_records(&self.world.app, &self.seller.actor, None, None).await;
        found.expect("the seller sees them").records.into_iter().rev().collect()
    }

    async fn faults(&self) -> Vec<(String, &'static str)> {
        let word = |state: &UsageState| match state {
            UsageState::Received => "received",
            UsageState::Accepted { .. } => "accepted",
            UsageState::Rejected { fault, .. } => fault.code(),
        };
        self.kept().await.iter().map(|record| (record.pushed.value.clone(), word(&record.state))).collect()
    }
}

/// Something of this seller's that this buyer has, as the instance `i-1`.
async fn ordered(world: &World, seller: &Person, buyer: &Person) -> Offering {
    let offering = world.on_sale(seller).await;
    world.seller.will_answer(
        r#"{"resultCode":"000000","resultMsg":"ok","instanceId":"i-1","info":[{"instanceId":"i-1",
           "appInfo":{"frontEndUrl":"https://kestrel.granary.example/"}}]}"#,
    );
    let (_, sealed) = world.quoted_trial(&offering);
    let form = world.order_form(&offering, sealed, &format!("trial of {}", offering.product.id));
    form.run(&world.app, &buyer.actor).await.expect("a good order is placed");
    world.settle().await;
    offering
}

fn batch(records: &[Value]) -> String {
    json!({ "usage_records": records }).to_string()
}

fn record(number: &str, value: &str) -> Value {
    json!({
        "begin_time": "20260514T140000Z", "end_time": "20260514T145959Z", "instance_id": "i-1",
        "metering_sn": number, "record_time": "20260514T150500Z", "usage_value": value,
    })
}

fn with(mut record: Value, name: &str, value: Value) -> Value {
    record[name] = value;
    record
}

async fn a_push_is_taken_as_a_whole_and_each_record_is_judged_by_itself(world: World) {
    let stage = Stage::set(world).await;
    let records = [
        record("sn-1", "1"),
        record("sn-2", "2.00001"),
        with(record("sn-3", "3"), "instance_id", json!("i-unknown")),
        with(record("sn-4", "4"), "begin_time", json!("2026-05-14 14:00")),
        with(record("sn-5", "5"), "end_time", json!("20260514T135959Z")),
        with(record("sn-6", "6"), "begin_time", json!("20260401T000000Z")),
        with(record("sn-7", "0"), "usage_value", json!(0)),
        with(record("sn-8", "8"), "usage_value", json!(8.5)),
    ];
    assert_eq!(said(&stage.push("n-1", &records).await), TAKEN);
    assert!(stage.kept().await.iter().all(|record| record.state == UsageState::Received), "a job judges");
    stage.world.settle().await;
    let not_sold_so = UsageFault::NotPayPerUse.code();
    let judged = [
        ("1", not_sold_so),
        ("2.00001", "value_unreadable"),
        ("3", "no_such_instance"),
        ("4", "begin_time_unreadable"),
        ("5", "ends_before_it_begins"),
        ("6", "too_old"),
        ("0", "value_unreadable"),
        ("8.5", not_sold_so),
    ];
    assert_eq!(stage.faults().await, judged.map(|(value, fault)| (value.to_owned(), fault)));
    // "Sorted naturally" may be read as the sorted form, whatever is sent.
    let sorted = batch(&[record("sn-9", "9")]);
    let spread = sorted.replace(',', " ,\n");
    let headers = push_headers(ACCESS_KEY, &sorted, "n-2", stage.world.app.now());
    assert_eq!(said(&stage.sent(PUSH, headers, &spread).await), TAKEN);
}

async fn a_nonce_is_taken_once_and_a_record_sent_again_is_calm(world: World) {
    let stage = Stage::set(world).await;
    let records = [record("sn-1", "1")];
    assert_eq!(said(&stage.push("n-1", &records).await), TAKEN);
    let again = stage.push("n-1", &records).await;
    let refused = r#"400 {"error_code":"MKT.0102","error_msg":"Body signature invalid: the nonce was used before."}"#;
    assert_eq!(said(&again), refused);
    assert_eq!(said(&stage.push("n-1", &[record("sn-2", "2")]).await), refused, "with another body too");
    assert_eq!(said(&stage.push("n-2", &records).await), TAKEN, "the same record under another nonce");
    assert_eq!(stage.faults().await, [("1".to_owned(), "received")], "there is one record all the same");
    // What is too old to be taken need not be remembered.
    assert_eq!(app::open_apis::forget_old(&stage.world.app).await.expect("rows can be removed"), 0);
    stage.world.clock.advance(SignedDuration::from_mins(31));
    assert_eq!(app::open_apis::forget_old(&stage.world.app).await.expect("rows can be removed"), 2);
}

async fn a_push_that_is_not_signed_with_the_addresss_key_is_refused(world: World) {
    let stage = Stage::set(world).await;
    let now = stage.world.app.now();
    let body = batch(&[record("sn-1", "1")]);
    let foreign = batch(&[with(record("sn-1", "1"), "instance_id", json!("i-of-somebody-else"))]);
    let minutes = SignedDuration::from_mins;
    let signed = |key: &str, at: Timestamp| push_headers(key, &body, "n-1", at);
    let without = |name: &str| {
        let headers = signed(ACCESS_KEY, now).into_iter();
        headers.filter(|(known, _)| known != name).collect::<Headers>()
    };
    let with = |name: &str, value: &str| {
        let mut headers = without(name);
        headers.push((name.to_owned(), value.to_owned()));
        headers
    };
    let no_key = "MKT.0102\",\"error_msg\":\"Body signature invalid: signed with no key of an interface address";
    let cases: Vec<(Headers, &str, &str)> = vec![
        (signed("kg-another-access-key-0002", now), &body, no_key),
        (push_headers(ACCESS_KEY, &foreign, "n-1", now), &foreign, no_key),
        (signed(ACCESS_KEY, now), &foreign, no_key),
        (with("nonce", "n-2"), &body, no_key),
        (signed(ACCESS_KEY, now - minutes(16)), &body, "MKT.0102\",\"error_msg\":\"Body signature invalid: ts differs"),
        (signed(ACCESS_KEY, now + minutes(16)), &body, "MKT.0102\",\"error_msg\":\"Body signature invalid: ts differs"),
        (
            without("signature"),
            &body,
            "MKT.0101\",\"error_msg\":\"Invalid, surplus or missing parameter: the header signature is missing",
        ),
        (
            without("ts"),
            &body,
            "MKT.0101\",\"error_msg\":\"Invalid, surplus or missing parameter: the header ts is missing",
        ),
        (
            without("nonce"),
            &body,
            "MKT.0101\",\"error_msg\":\"Invalid, surplus or missing parameter: the header nonce is missing",
        ),
        (
            with("nonce", &"n".repeat(65)),
            &body,
            "MKT.0101\",\"error_msg\":\"Invalid, surplus or missing parameter: the header nonce has 65",
        ),
        (
            with("ts", "yesterday"),
            &body,
            "MKT.0101\",\"error_msg\":\"Invalid, surplus or missing parameter: the header ts is no Unix time",
        ),
    ];
    for (headers, body, why) in cases {
        let answer = stage.sent(PUSH, headers, body).await;
        assert!(said(&answer).starts_with(&format!("400 {{\"error_code\":\"{why}")), "{why}: {}", said(&answer));
    }
    assert_eq!(stage.kept().await, [], "nothing was kept");
}

async fn a_batch_without_the_shape_is_refused_and_nothing_is_kept(world: World) {
    let stage = Stage::set(world).await;
    let many: Vec<Value> = (0..1_001).map(|number| record(&format!("sn-{number}"), "1")).collect();
    let wide = format!("{}{}", " ".repeat(2 * 1024 * 1024), batch(&many[..1]));
    let surplus = batch(&[record("sn-1", "1"), with(record("sn-2", "2"), "nova", json!(1))]);
    for (body, expected) in [
        (batch(&many), r#"500 {"error_code":"MKT.9003","error_msg":"Too many usage records: 1001 records"#),
        (
            "{\"usage_records\":[".to_owned(),
            r#"400 {"error_code":"MKT.0101","error_msg":"Invalid, surplus or missing parameter: the body is not JSON"#,
        ),
        (
            String::new(),
            r#"400 {"error_code":"MKT.0101","error_msg":"Invalid, surplus or missing parameter: the body is empty"#,
        ),
        (
            surplus,
            r#"400 {"error_code":"MKT.0101","error_msg":"Invalid, surplus or missing parameter: usage_records[1].nova is not a member"#,
        ),
        (
            wide,
            r#"400 {"error_code":"MKT.0101","error_msg":"Invalid, surplus or missing parameter: the body is larger than"#,
        ),
    ] {
        let answer = stage.sent(PUSH, push_headers(ACCESS_KEY, &body, "n-1", stage.world.app.now()), &body).await;
        assert!(said(&answer).starts_with(expected), "{}", said(&answer));
    }
    assert_eq!(stage.kept().await, []);
    assert_eq!(said(&stage.push("n-1", &many[..1_000]).await), TAKEN, "the nonce was not used up by what was refused");
}

async fn the_old_form_is_signed_with_an_access_key_and_names_the_product(world: World) {
    let stage = Stage::set(world).await;
    let signer = stage.world.signer(&stage.seller).await;
    let old = |product: &str| {
        let mut record = record("", "1");
        record.as_object_mut().expect("a record").remove("metering_sn");
        with(record, "product_id", json!(product))
    };
    let own = stage.offering.product.id.to_string();
    let body = batch(&[old(&own), with(old("prd_1"), "usage_value", json!("2"))]);
    let signed = |signer: &Signer, body: &str, at| signer.headers("POST", OLD, body, at);
    let now = stage.world.app.now();
    assert_eq!(said(&stage.sent(OLD, signed(&signer, &body, now), &body).await), TAKEN);
    assert_eq!(said(&stage.sent(OLD, signed(&signer, &body, now), &body).await), TAKEN, "a repeat is calm");
    let later = now + SignedDuration::from_secs(1);
    assert_eq!(said(&stage.sent(OLD, signed(&signer, &body, later), &body).await), TAKEN);
    stage.world.settle().await;
    let judged = [("1".to_owned(), "not_pay_per_use"), ("2".to_owned(), "other_product")];
    assert_eq!(stage.faults().await, judged);
    for (headers, body, expected) in [
        (push_headers(ACCESS_KEY, &body, "n-1", now), body.as_str(), r#"401 {"error_code":"MKT.0154""#),
        (
            signed(&Signer { secret: "A".repeat(40), ..signer.clone() }, &body, now),
            &body,
            r#"401 {"error_code":"MKT.0154","error_msg":"Token invalid: the signature differs."#,
        ),
        (signed(&signer, &body, now - SignedDuration::from_mins(16)), &body, r#"401 {"error_code":"MKT.0154""#),
        (signed(&signer, "{}", later), "{}", r#"400 {"error_code":"MKT.0101""#),
        (signed(&signer, "{}", later), &body, r#"401 {"error_code":"MKT.0154""#),
    ] {
        let answer = stage.sent(OLD, headers, body).await;
        assert!(said(&answer).starts_with(expected), "{}", said(&answer));
    }
}

async fn a_push_may_be_signed_twice_but_by_one_seller(world: World) {
    let stage = Stage::set(world).await;
    let (own, rival) = (stage.world.signer(&stage.seller).await, stage.world.seller_named("Rival").await);
    let rival = stage.world.signer(&rival).await;
    let body = batch(&[record("sn-1", "1")]);
    let now = stage.world.app.now();
    let both = |signer: &Signer, nonce: &str| {
        let mut headers = signer.headers("POST", PUSH, &body, now);
        let inner = push_headers(ACCESS_KEY, &body, nonce, now);
        headers.extend(inner.into_iter().filter(|(name, _)| ["signature", "ts", "nonce"].contains(&name.as_str())));
        headers
    };
    let refused = stage.sent(PUSH, both(&rival, "n-1"), &body).await;
    assert!(said(&refused).starts_with(r#"401 {"error_code":"MKT.0150""#), "{}", said(&refused));
    let forged = Signer { secret: "A".repeat(40), ..own.clone() };
    let refused = stage.sent(PUSH, both(&forged, "n-1"), &body).await;
    assert!(said(&refused).starts_with(r#"401 {"error_code":"MKT.0154""#), "{}", said(&refused));
    assert_eq!(said(&stage.sent(PUSH, both(&own, "n-1"), &body).await), TAKEN);
    let outer_alone = own.headers("POST", PUSH, &batch(&[record("sn-2", "2")]), now);
    assert_eq!(said(&stage.sent(PUSH, outer_alone, &batch(&[record("sn-2", "2")])).await), TAKEN);
    // The rival may push what it likes with its own key: it is judged as the rival's.
    let foreign = rival.headers("POST", PUSH, &body, now);
    assert_eq!(said(&stage.sent(PUSH, foreign, &body).await), TAKEN);
    assert_eq!(stage.kept().await.len(), 2);
}

/// Whoever overhears such a call can leave either signature out: each alone opens the door.
async fn a_push_that_is_signed_twice_has_its_effect_once_by_either_signature(world: World) {
    let stage = Stage::set(world).await;
    let signer = stage.world.signer(&stage.seller).await;
    // A rejected record is judged again when it is taken again: that is the effect to look for.
    let body = batch(&[record("sn-1", "1.00001")]);
    let now = stage.world.app.now();
    let outer = signer.headers("POST", PUSH, &body, now);
    let inner = push_headers(ACCESS_KEY, &body, "n-1", now);
    let mut both = outer.clone();
    both.extend(inner.iter().filter(|(name, _)| ["signature", "ts", "nonce"].contains(&name.as_str())).cloned());
    assert_eq!(said(&stage.sent(PUSH, both.clone(), &body).await), TAKEN);
    stage.world.settle().await;
    let judged = [("1.00001".to_owned(), "value_unreadable")];
    assert_eq!(stage.faults().await, judged);
    assert_eq!(said(&stage.sent(PUSH, outer.clone(), &body).await), TAKEN, "a gateway signature again is calm");
    assert_eq!(stage.faults().await, judged, "and has no effect");
    let refused = r#"400 {"error_code":"MKT.0102","error_msg":"Body signature invalid: the nonce was used before."}"#;
    assert_eq!(said(&stage.sent(PUSH, inner, &body).await), refused);
    assert_eq!(said(&stage.sent(PUSH, both, &body).await), refused);
    // The other way round: a fresh nonce over bytes that were taken by their gateway signature.
    let mut later = outer;
    later.extend(
        push_headers(ACCESS_KEY, &body, "n-2", now)
            .into_iter()
            .filter(|(name, _)| ["signature", "ts", "nonce"].contains(&name.as_str())),
    );
    assert_eq!(said(&stage.sent(PUSH, later, &body).await), TAKEN);
    assert_eq!(stage.faults().await, judged, "no effect either");
}

async fn a_rejected_record_is_judged_again_when_it_is_sent_again(world: World) {
    let stage = Stage::set(world).await;
    stage.push("n-1", &[record("sn-1", "1.00001")]).await;
    stage.world.settle().await;
    assert_eq!(stage.faults().await, [("1.00001".to_owned(), "value_unreadable")]);
    stage.push("n-2", &[record("sn-1", "1.00001")]).await;
    assert_eq!(stage.faults().await, [("1.00001".to_owned(), "received")], "the same row waits again");
    stage.world.settle().await;
    assert_eq!(stage.faults().await, [("1.00001".to_owned(), "value_unreadable")]);
    stage.world.clock.advance(SignedDuration::from_secs(1));
    stage.push("n-3", &[record("sn-1", "1")]).await;
    let told = app::notices::list(&stage.world.app, &stage.seller.actor, Language::English, None, 100).await;
    let told = told.expect("notices can be read").into_iter().filter(|notice| notice.kind == "usage_rejected").count();
    assert_eq!(told, 1, "two rejections of one day are one notice");
    let both = [("1.00001".to_owned(), "value_unreadable"), ("1".to_owned(), "received")];
    assert_eq!(stage.faults().await, both, "mended under the same number");
    stage.push("n-4", &[record("sn-1", "1.00001")]).await;
    assert_eq!(stage.faults().await, both, "a number has one living record");
}

async fn a_number_that_is_taken_is_a_reason_that_the_seller_sees(world: World) {
    let stage = Stage::set(world).await;
    let first = record("sn-1", "1");
    let other = with(record("sn-1", "2"), "record_time", json!("20260514T150600Z"));
    assert_eq!(said(&stage.push("n-1", &[first, other.clone()]).await), TAKEN, "in one push");
    let both = [("1".to_owned(), "received"), ("2".to_owned(), "number_taken")];
    assert_eq!(stage.faults().await, both);
    stage.world.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(said(&stage.push("n-2", &[other.clone(), record("sn-1", "3")]).await), TAKEN, "and later");
    assert_eq!(stage.faults().await, [both.to_vec(), vec![("3".to_owned(), "number_taken")]].concat());
    let told = app::notices::list(&stage.world.app, &stage.seller.actor, Language::English, None, 100).await;
    let told = told.expect("notices can be read").into_iter().filter(|notice| notice.kind == "usage_rejected").count();
    assert_eq!(told, 1, "the seller is told, once a day");
    // When the one that had the number is rejected, another may have it.
    stage.world.settle().await;
    stage.world.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(said(&stage.push("n-3", &[other]).await), TAKEN);
    let judged = [("1".to_owned(), "not_pay_per_use"), ("3".to_owned(), "number_taken"), ("2".to_owned(), "received")];
    assert_eq!(stage.faults().await, judged);
}

async fn what_comes_again_is_judged_in_its_place_of_the_push(world: World) {
    let stage = Stage::set(world).await;
    let records = ["1", "2"].map(|value| record(&format!("sn-{value}"), value));
    stage.push("n-1", &records).await;
    stage.world.settle().await;
    stage.world.clock.advance(SignedDuration::from_secs(1));
    stage.push("n-2", &[record("sn-3", "3"), records[0].clone()]).await;
    let waiting = |value: &str| (value.to_owned(), "received");
    // The job takes them in this order, so that of two with one span the first of the push counts.
    assert_eq!(stage.faults().await, [("2".to_owned(), "not_pay_per_use"), waiting("3"), waiting("1")]);
}

async fn a_seller_pushes_so_many_records_an_hour(world: World) {
    let stage = Stage::set(world).await;
    let (now, seller) = (stage.world.app.now(), stage.seller.actor.organisation);
    // It is 15:28; all but one of the hour's records have come.
    let counted = stage.world.database().db.write::<_, _, DbError, _>(seller, |tx, seller| {
        Box::pin(async move {
            let hour: Timestamp = "2026-05-14T15:00:00Z".parse().expect("an instant");
            let sql = "INSERT INTO usage_pushed (seller, hour_at, records) VALUES ($1, $2, 19999)";
            tx.execute(sql, values![seller.to_string(), hour.as_millisecond()]).await
        })
    });
    assert_eq!(counted.await, Ok(1));
    let two = [record("sn-1", "1"), record("sn-2", "2")];
    let refused = stage.push("n-1", &two).await;
    let expected =
        r#"406 {"error_code":"MKT.0250","error_msg":"Called too often.","extra_info":"call again in 1920 s"}"#;
    assert_eq!(said(&refused), expected);
    assert_eq!((refused.headers["retry-after"].to_str().ok(), stage.kept().await), (Some("1920"), Vec::new()));
    assert_eq!(said(&stage.push("n-1", &two[..1]).await), TAKEN, "neither a record nor the nonce was used up");
    let refused = stage.push("n-2", &two[1..]).await;
    assert!(said(&refused).contains("MKT.0250"), "{}", said(&refused));
    stage.world.clock.move_to(now + SignedDuration::from_secs(1_920));
    assert_eq!(said(&stage.push("n-3", &two).await), TAKEN, "the next hour");
}

async fn what_was_rejected_long_ago_is_forgotten(world: World) {
    let stage = Stage::set(world).await;
    stage.push("n-1", &[record("sn-1", "1"), record("sn-2", "2")]).await;
    stage.world.settle().await;
    let day = SignedDuration::from_hours(24);
    stage.world.live_through(day * 29).await;
    stage.push("n-2", &[record("sn-3", "3")]).await;
    assert_eq!(app::metering::forget_rejected(&stage.world.app).await.expect("rows can be removed"), 0);
    stage.world.clock.advance(day + SignedDuration::from_secs(1));
    app::operations::start_housekeeping(&stage.world.app).await.expect("it begins");
    stage.world.live_through(SignedDuration::from_secs(1)).await;
    assert_eq!(stage.faults().await, [("3".to_owned(), "too_old")], "the other one is young");
    assert_eq!(stage.world.dump().await.get("usage_pushed").map_or(0, Vec::len), 0, "nor are old hours counted");
}

async fn a_seller_whose_instances_have_common_names_is_found(world: World) {
    const OWN: &str = "kg-test-access-key-0002";
    let stage = Stage::set(world).await;
    let world = &stage.world;
    let buyer = world.customer("Zephyr").await;
    // Every system names its first instance alike.
    for name in ["Nine", "Eight", "Seven", "Six", "Five", "Four", "Three", "Two"] {
        let rival = world.seller_named(name).await;
        ordered(world, &rival, &buyer).await;
    }
    let late = world.seller_named("Late").await;
    let offering = ordered(world, &late, &buyer).await;
    let fresh = world.sign_in(&late.email).await.expect("the seller signs in").actor;
    world.app.replace_access_key(&fresh, offering.address, OWN).await.expect("a good key");
    let body = batch(&[record("sn-1", "1")]);
    let headers = push_headers(OWN, &body, "n-1", world.app.now());
    assert_eq!(said(&stage.sent(PUSH, headers, &body).await), TAKEN);
    let kept = app::metering::usage_records(&world.app, &late.actor, None, None).await.expect("its own");
    assert_eq!(kept.records.len(), 1, "it is the record of the one whose key signed it");
    // Whoever is not found hears what helps.
    let headers = push_headers("kg-test-access-key-0003", &body, "n-2", world.app.now());
    let refused = stage.sent(PUSH, headers, &body).await;
    assert!(said(&refused).contains("sign with an access key as well"), "{}", said(&refused));
}

async fn a_large_push_is_judged_to_its_last_record(world: World) {
    let stage = Stage::set(world).await;
    let many: Vec<Value> = (0..1_000).map(|number| record(&format!("sn-{number}"), "1")).collect();
    assert_eq!(said(&stage.push("n-1", &many).await), TAKEN);
    stage.world.settle().await;
    let dump = stage.world.dump().await;
    let rows = &dump["usage_records"];
    assert_eq!(rows.len(), 1_000);
    assert!(rows.iter().all(|row| row["state"] == "rejected" && row["fault"] == "not_pay_per_use"));
    let mut by_id: Vec<_> = rows.iter().map(|row| (&row["id"], &row["metering_sn"])).collect();
    by_id.sort();
    assert!(by_id.iter().enumerate().all(|(place, (_, number))| **number == format!("sn-{place}")), "in their order");
}

/// Nodes share nothing but the database, so calls at once through one service stand for calls through several.
async fn of_many_calls_at_once_with_one_nonce_one_is_taken(world: World) {
    let stage = Stage::set(world).await;
    let pushes = (0..8).map(|number| [record(&format!("sn-{number}"), "1")]).collect::<Vec<_>>();
    let answers = futures_util::future::join_all(pushes.iter().map(|records| stage.push("n-1", records))).await;
    let taken = answers.iter().filter(|answer| said(answer) == TAKEN).count();
    let refused = answers.iter().filter(|answer| said(answer).contains("MKT.0102")).count();
    assert_eq!((taken, refused), (1, 7));
    assert_eq!(stage.kept().await.len(), 1);
}

async fn the_same_records_pushed_at_once_are_there_once(world: World) {
    let stage = Stage::set(world).await;
    let records: Vec<Value> = (0..40).map(|number| record(&format!("sn-{number}"), "1")).collect();
    let turned: Vec<Value> = records.iter().rev().cloned().collect();
    let pushes = (0..8).map(|number| {
        let records = if number % 2 == 0 { &records } else { &turned };
        let stage = &stage;
        async move { stage.push(&format!("n-{number}"), records).await }
    });
    for answer in futures_util::future::join_all(pushes).await {
        assert_eq!(said(&answer), TAKEN);
    }
    assert_eq!(stage.kept().await.len(), 40);
    stage.world.settle().await;
    assert!(stage.faults().await.iter().all(|(_, fault)| *fault == "not_pay_per_use"));
}

async fn a_seller_that_pushes_too_often_hears_it_whichever_key_it_signs_with(world: World) {
    let mut stage = Stage::set(world).await;
    let (one, plenty) = (NonZeroU32::MIN, NonZeroU32::new(1_000).expect("not zero"));
    let rates = Rates { visitors: plenty, programs: plenty, signed: plenty, pushes: one };
    let doors = Doors { routes: routes(), page: web::problem_page, rates, proxies: Vec::new() };
    stage.service = assemble(stage.world.app.clone(), doors);
    let signer = stage.world.signer(&stage.seller).await;
    // Twice at once, by the key of the address and by an access key; after that one a second.
    assert_eq!(said(&stage.push("n-1", &[record("sn-1", "1")]).await), TAKEN);
    let body = batch(&[record("sn-2", "2")]);
    let by_access_key = signer.headers("POST", PUSH, &body, stage.world.app.now());
    assert_eq!(said(&stage.sent(PUSH, by_access_key, &body).await), TAKEN);
    let mut refused = Vec::new();
    for number in 0..3 {
        refused.push(stage.push(&format!("n-2-{number}"), &[record("sn-3", "3")]).await);
        let body = batch(&[record(&format!("sn-4-{number}"), "4")]);
        let by_access_key = signer.headers("POST", PUSH, &body, stage.world.app.now());
        refused.push(stage.sent(PUSH, by_access_key, &body).await);
    }
    refused.retain(|answer| said(answer) != TAKEN);
    assert!(refused.len() >= 4, "a second may have passed, not three: {}", refused.len());
    let words = r#"406 {"error_code":"MKT.0250","error_msg":"Called too often.","extra_info":"call again in 1 s"}"#;
    assert_eq!(said(&refused[0]), words);
    assert_eq!(refused[0].headers["retry-after"], "1");
    let order = "/api/mkp-openapi-public/global/v1/order/query?orderId=MOCKONDEMAND";
    let answer =
        call(&stage.service, ("GET", order), signer.headers("GET", order, "", stage.world.app.now()), "").await;
    assert_eq!(answer.status.as_u16(), 200, "other calls have a pace of their own: {}", answer.body);
}

async fn while_a_new_key_is_introduced_a_push_may_be_signed_with_either(world: World) {
    const NEW: &str = "kg-test-access-key-0002";
    let stage = Stage::set(world).await;
    let (world, address) = (&stage.world, stage.offering.address);
    let signed = async |key: &str, nonce: &str| {
        let body = batch(&[record(nonce, "1")]);
        said(&stage.sent(PUSH, push_headers(key, &body, nonce, world.app.now()), &body).await)
    };
    assert!(signed(NEW, "n-1").await.contains("MKT.0102"), "it is no key of the address yet");
    let seller = world.sign_in(&stage.seller.email).await.expect("the seller signs in").actor;
    world.app.replace_access_key(&seller, address, NEW).await.expect("a good key");
    assert_eq!(signed(ACCESS_KEY, "n-2").await, TAKEN);
    assert_eq!(signed(NEW, "n-3").await, TAKEN);
    world.app.retire_access_key(&seller, address).await.expect("the key before is ended");
    assert!(signed(ACCESS_KEY, "n-4").await.contains("MKT.0102"));
    assert_eq!(signed(NEW, "n-5").await, TAKEN);
}
