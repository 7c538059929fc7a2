//! Every parser of bytes that a stranger sends, fed with thousands of inputs: arbitrary ones, and good ones with something changed. Nothing
//! panics, nothing that was changed is taken for signed, and what comes out keeps its promises.
//!
//! The same entrances stand in `fuzz/`, for runs of hours.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must stop")]

use std::collections::BTreeMap;

use koogallery::open_api::{
    AnswerShape, LicenceCall, OrderQuery, PushForm, PushedRecord, RecordMark, mock_order, query_pairs, usage_time_ms,
};
use koogallery::v1::field_cipher::{EncryptType, decrypt, encrypt};
use koogallery::v2::{
    Activity, ActivityName, Answer, BodyEnd, BodySignPolicy, Examination, InstanceIds, Limits, NewInstance,
    ProductionAddress, QueryInstance, RecentNonces, Reply, SignedQuery, TestFlag, UsageAmount, diagnose, examine,
    known_wrong, sign, verify_request,
};
use koogallery::{
    AccessKey, Id, InstanceId, Json, Nonce, Outcome, ResultCode, Text, UtcSecond, WebAddress, body_sign, gateway,
    joint_operations, usage_push, v1,
};
use proptest::prelude::*;

const NOW_MS: i64 = 1_768_469_400_000;

fn key() -> AccessKey {
    AccessKey::parse("kg-test-access-key-0001").unwrap()
}

fn new_instance() -> Activity {
    NewInstance {
        order_id: Id::parse("CS2601150930ABCDE").unwrap(),
        order_line_id: Id::parse("CS2601150930ABCDE-000001").unwrap(),
        business_id: Id::parse("6f1c2d7e-0b35-4a57-9c43-8f0f5b1f7a10").unwrap(),
        test_flag: TestFlag::Production,
    }
    .into()
}

fn query_instance() -> Activity {
    QueryInstance { instance_id: InstanceIds::parse("i-1").unwrap(), test_flag: TestFlag::Production }.into()
}

fn v1_call() -> v1::Call {
    let values = [
        ("customerId", "c"),
        ("customerName", "测试"),
        ("businessId", "b"),
        ("orderId", "CS1"),
        ("skuCode", "s"),
        ("productId", "p"),
    ];
    let values = values.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    v1::Call::from_values(v1::CallName::NewInstance, &values).unwrap()
}

/// Bytes that are often nearly JSON: pieces of the protocol in any order.
fn nearly_json() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\\u",
        "\\ud83d",
        "null",
        "true",
        "0",
        "-1",
        "1e400",
        "NaN",
        " ",
        "\n",
        "\u{feff}",
        "\"resultCode\"",
        "\"000000\"",
        "\"000004\"",
        "\"instanceId\"",
        "\"info\"",
        "\"appInfo\"",
        "\"frontEndUrl\"",
        "\"https://a.example/\"",
        "\"javascript:alert(1)\"",
        "\"usageInfo\"",
        "\"usageValue\"",
        "12.5",
        "\"i-1\"",
        "\"encryptType\"",
        "\"1\"",
        "\"activity\"",
        "\"newInstance\"",
        "\"orderId\"",
        "\"测试\"",
        "\"\u{202e}\"",
        "{\"resultCode\":\"000000\",\"info\":[{\"instanceId\":\"i-1\",\"appInfo\":{",
    ]);
    let pieces = prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat().into_bytes());
    prop_oneof![prop::collection::vec(any::<u8>(), 0..300), pieces, any::<String>().prop_map(String::into_bytes)]
}

/// JSON that is well formed, to any depth a sane sender would use.
fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        any::<i64>().prop_map(|number| Json::Number(number.into())),
        any::<String>().prop_map(Json::Text),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let members = prop::collection::btree_map(any::<String>(), inner.clone(), 0..6);
        prop_oneof![
            prop::collection::vec(inner, 0..6).prop_map(Json::List),
            members.prop_map(|members| Json::Object(members.into_iter().collect())),
        ]
    })
}

/// A push with some members changed, left out or put in.
fn pushed() -> impl Strategy<Value = Vec<u8>> {
    let name = prop::sample::select(vec![
        "instance_id",
        "record_time",
        "begin_time",
        "end_time",
        "usage_value",
        "metering_sn",
        "product_id",
        "relate_pkg_instance",
        "nova",
    ]);
    let value = prop_oneof![
        Just(Json::text("i-1")),
        "[0-9]{8}T[0-9]{6}Z".prop_map(Json::Text),
        any::<i64>().prop_map(|number| Json::Number(number.into())),
        json(),
    ];
    let change = prop::collection::btree_map(name, prop::option::of(value), 0..4);
    prop::collection::vec(change, 0..4).prop_map(|changes| {
        let records = changes.into_iter().map(|change| {
            let time = "20260115T090000Z";
            let good = [
                ("instance_id", "i-1"),
                ("record_time", time),
                ("begin_time", time),
                ("end_time", time),
                ("usage_value", "1"),
                ("metering_sn", "sn-1"),
            ];
            let mut members: BTreeMap<String, Json> =
                good.map(|(name, value)| (name.to_owned(), Json::text(value))).into();
            for (name, value) in change {
                match value {
                    Some(value) => drop(members.insert(name.to_owned(), value)),
                    None => drop(members.remove(name)),
                }
            }
            Json::Object(members.into_iter().collect())
        });
        Json::Object(vec![("usage_records".to_owned(), Json::List(records.collect()))]).to_compact().into_bytes()
    })
}

fn reply(status: u16, headers: Vec<(String, String)>, body: Vec<u8>) -> Reply {
    Reply::Heard { status, headers, body, body_end: BodyEnd::Complete, elapsed_ms: 10 }
}

/// One byte of a text changed into another that is allowed in its place.
fn changed(bytes: &[u8], at: prop::sample::Index, to: u8) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    let at = at.index(changed.len());
    changed[at] = to;
    changed
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn what_json_gives_back_reads_the_same_again(json in json()) {
        let text = json.to_compact();
        let again = Json::parse(text.as_bytes());
        prop_assert_eq!(again.as_ref(), Ok(&json), "{}", text);
        let sorted = json.clone().sorted_throughout();
        prop_assert_eq!(sorted.clone().sorted_throughout(), sorted);
    }

    #[test]
    fn arbitrary_bytes_are_read_or_refused(bytes in nearly_json()) {
        if let Ok(json) = Json::parse(&bytes) {
            // Equal but for numbers that no f64 holds exactly, such as integers of 25 digits.
            prop_assert!(Json::parse(json.to_compact().as_bytes()).is_ok());
            if let Ok(activity) = Activity::parse(&json) {
                let payload = Json::parse(activity.payload().as_bytes()).unwrap();
                prop_assert_eq!(Activity::parse(&payload), Ok(activity));
            }
        }
        let query = SignedQuery { signature: Some("00".into()), timestamp: Some(NOW_MS.to_string()), nonce: Some("n".into()) };
        prop_assert!(verify_request(&key(), &query, &bytes, NOW_MS, &mut RecentNonces::default()).is_err());
        prop_assert_eq!(diagnose(&key(), &query, &bytes), None);
        for (_, signature) in known_wrong(&key(), "1", "n", &bytes) {
            prop_assert!(!signature.is_empty());
        }
    }

    #[test]
    fn arbitrary_texts_are_small_values_or_refused(text in any::<String>()) {
        if let Ok(id) = InstanceId::parse(&text) {
            prop_assert!((1..=64).contains(&id.as_str().len()) && id.as_str().is_ascii());
        }
        if let Ok(id) = Id::parse(&text) {
            prop_assert!((1..=64).contains(&id.as_str().chars().count()));
            prop_assert!(!id.as_str().chars().any(char::is_control));
        }
        if let Ok(at) = UtcSecond::parse(&text) {
            prop_assert_eq!(UtcSecond::from_unix_ms(at.unix_ms()), Some(at));
        }
        if let Ok(web) = WebAddress::parse(&text) {
            prop_assert!(web.as_str().starts_with("http"), "{}", web.as_str());
        }
        if let Ok(amount) = UsageAmount::parse(&text) {
            let again = UsageAmount::parse(amount.as_str());
            prop_assert_eq!(again, Ok(amount));
        }
        if let Some(code) = ResultCode::parse(&text) {
            prop_assert_eq!(code.as_str(), text.as_str());
        }
        if let Some(nonce) = Nonce::parse(&text) {
            prop_assert_eq!(nonce.as_str(), text.as_str());
        }
        let _ = (ProductionAddress::parse(&text), InstanceIds::parse(&text), Text::<255>::parse(&text), AccessKey::parse(&text));
        let _ = (ActivityName::parse(&text), v1::CallName::parse(&text), EncryptType::parse(&text));
    }

    #[test]
    fn times_in_digits_are_read_or_refused(digits in "[0-9]{13,18}") {
        if let Ok(at) = UtcSecond::parse(&digits) {
            prop_assert_eq!(UtcSecond::from_unix_ms(at.unix_ms()), Some(at));
        }
    }

    #[test]
    fn a_call_that_was_changed_is_never_taken(at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let address = ProductionAddress::parse("https://saas.example.com/produce").unwrap();
        let sent = sign(new_instance(), &address, &key(), &Nonce::from_random([9; 32]), NOW_MS);
        let (_, query) = sent.url().split_once('?').unwrap();
        let read = SignedQuery::from_query_string(query);
        let body = changed(sent.body(), at, to);
        let heard = verify_request(&key(), &read, &body, NOW_MS, &mut RecentNonces::default());
        // A change that says the same, such as none at all, is no change.
        let same = Json::parse(&body).is_ok_and(|json| json.sorted_outermost().to_compact().as_bytes() == sent.body());
        prop_assert_eq!(heard.is_ok(), same);

        let query = changed(query.as_bytes(), at, to);
        if let Ok(query) = String::from_utf8(query) {
            let other = SignedQuery::from_query_string(&query);
            let heard = verify_request(&key(), &other, sent.body(), NOW_MS, &mut RecentNonces::default());
            let lower = |query: &SignedQuery| query.signature.as_ref().map(|text| text.to_ascii_lowercase());
            let same = lower(&other) == lower(&read) && other.timestamp == read.timestamp && other.nonce == read.nonce;
            prop_assert_eq!(heard.is_ok(), same, "{}", query);
        }
    }

    #[test]
    fn a_query_of_version_one_that_was_changed_is_never_taken(at in any::<prop::sample::Index>(), to in 0x21_u8..0x7f) {
        let address = ProductionAddress::parse("https://saas.example.com/produce").unwrap();
        let signed = v1::sign(&v1_call(), &address, &key(), "20260115093000123");
        let (_, query) = signed.url.split_once('?').unwrap();
        let heard = v1::verify_call(&key(), query);
        prop_assert_eq!(heard.as_ref(), Ok(&v1_call()));
        let other = String::from_utf8(changed(query.as_bytes(), at, to)).unwrap();
        if let Ok(call) = v1::verify_call(&key(), &other) {
            prop_assert_eq!(call, v1_call(), "{}", other);
        }
    }

    #[test]
    fn arbitrary_queries_are_refused(text in any::<String>()) {
        prop_assert!(v1::verify_call(&key(), &text).is_err());
        let read = SignedQuery::from_query_string(&text);
        prop_assert!(read.nonce.is_none_or(|nonce| !nonce.is_empty()));
        let authorization = gateway::Authorization::parse(&text);
        let headers = [("host".to_owned(), "h".to_owned()), ("x-sdk-date".to_owned(), text.clone())];
        let request = gateway::ApiRequest { method: "GET", path: &text, query: &[], headers: &headers, body: text.as_bytes() };
        if let Some(authorization) = authorization {
            prop_assert_eq!(gateway::Authorization::parse(&authorization.to_value()), Some(authorization.clone()));
            prop_assert!(gateway::verify(&authorization, "secret", &request, NOW_MS).is_err());
        }
        prop_assert!(gateway::canonical_request(&request, &["host".to_owned()]).is_some());
        prop_assert!(!usage_push::verify(&key(), &text, &text, text.as_bytes(), &text));
        let headers = joint_operations::SyncHeaders {
            x_sign: Some(text.clone()), x_timestamp: Some(NOW_MS.to_string()), x_nonce: Some(text.clone()),
        };
        for name in joint_operations::SyncName::ALL {
            let heard = joint_operations::verify_request(&key(), *name, &headers, text.as_bytes(), NOW_MS, &mut RecentNonces::default());
            prop_assert!(heard.is_err());
            prop_assert!(joint_operations::verify_request_v1(&key(), *name, Some(&text), text.as_bytes()).is_err());
        }
    }

    #[test]
    fn a_sync_that_is_read_is_written_and_read_again_in_either_version(body in nearly_json(), which in 0_usize..5) {
        let name = joint_operations::SyncName::ALL[which];
        if let Ok(json) = Json::parse(&body) && let Ok(call) = joint_operations::SyncCall::read(name, &json) {
            for written in [call.payload(), call.payload_v1()] {
                let again = Json::parse(written.as_bytes()).expect("what we write is JSON");
                prop_assert!(joint_operations::SyncCall::read(name, &again).is_ok());
            }
        }
    }

    #[test]
    fn a_signature_of_an_answer_belongs_to_its_bytes(body in nearly_json(), at in any::<prop::sample::Index>(), to in any::<u8>(), header in any::<String>()) {
        let right = body_sign::header_value(&key(), &body);
        prop_assert_eq!(body_sign::check(&key(), &right, &body), Ok(()));
        if !body.is_empty() {
            let other = changed(&body, at, to);
            prop_assert_eq!(body_sign::check(&key(), &right, &other).is_ok(), other == body);
        }
        prop_assert!(body_sign::check(&key(), &header, &body).is_err());
    }

    #[test]
    fn an_answer_comes_out_only_when_nothing_failed(
        status in prop_oneof![Just(200_u16), 100_u16..600],
        kind in prop_oneof![Just("application/json".to_owned()), any::<String>()],
        header in prop::option::of(any::<String>()),
        body in nearly_json(),
    ) {
        let mut headers = vec![("Content-Type".to_owned(), kind)];
        headers.extend(header.map(|value| ("Body-Sign".to_owned(), value)));
        let reply = reply(status, headers, body);
        let (key, limits) = (key(), Limits::default());
        for activity in [new_instance(), query_instance()] {
            let asked = Examination { activity: &activity, key: &key, body_sign: BodySignPolicy::IfPresent, limits, known_instance: None };
            let examined = examine(&asked, &reply);
            let failed = examined.of(Outcome::Fail).count() > 0;
            prop_assert!(!examined.checks.is_empty());
            prop_assert!(failed == examined.answer.is_none(), "{:?}", examined);
            if let Some(Answer::Created(created)) = &examined.answer {
                prop_assert!(created.instance_id.as_str().len() <= 64);
            }
            for check in &examined.checks {
                let said = check.message(koogallery::Language::English) + &check.remedy(koogallery::Language::Chinese);
                prop_assert!(!said.chars().any(char::is_control), "{said:?}");
            }
        }
        let call = v1_call();
        let asked = v1::Examination { call: &call, key: &key, body_sign: BodySignPolicy::Off, limits, known_instance: None };
        let examined = v1::examine(&asked, &reply);
        prop_assert_eq!(examined.of(Outcome::Fail).count() > 0, examined.answer.is_none());
    }

    #[test]
    fn what_is_encrypted_opens_again_and_nothing_else_panics(plain in ".{0,60}", iv in "[A-Za-z0-9]{16}", field in any::<String>()) {
        for kind in [EncryptType::Aes256, EncryptType::Aes128] {
            let sealed = encrypt(&key(), kind, &iv, &plain).unwrap();
            prop_assert_eq!(decrypt(&key(), kind, &sealed), Ok(plain.clone()));
            let _ = decrypt(&key(), kind, &field);
        }
    }

    #[test]
    fn a_push_is_refused_or_every_member_is_within_its_length(body in prop_oneof![nearly_json(), pushed()]) {
        for form in [PushForm::New, PushForm::Old] {
            match PushedRecord::parse_batch(&body, form) {
                Ok(records) => {
                    prop_assert!((1..=PushedRecord::MOST).contains(&records.len()));
                    for record in records {
                        prop_assert!(record.instance_id.as_str().chars().count() <= 64);
                        prop_assert!(record.usage_value.as_str().chars().count() <= 20);
                        prop_assert_eq!(matches!(record.mark, RecordMark::MeteringSn(_)), form == PushForm::New);
                        if let Some(ms) = usage_time_ms(record.begin_time.as_str()) {
                            let at = UtcSecond::from_unix_ms(ms).unwrap().to_string();
                            prop_assert_eq!(record.begin_time.as_str().replace(['T', 'Z'], ""), at);
                        }
                    }
                }
                Err(refusal) => {
                    prop_assert_ne!(refusal.code.http_status(), 200);
                    for shape in [AnswerShape::Result, AnswerShape::Error] {
                        prop_assert!(Json::parse(refusal.to_body(shape).as_bytes()).is_ok());
                    }
                }
            }
        }
    }

    #[test]
    fn a_licence_call_and_an_order_query_are_read_or_refused_in_words(body in nearly_json(), query in any::<String>()) {
        match LicenceCall::parse(&body) {
            Ok(call) => prop_assert!(call.license.as_str().chars().count() <= 64),
            Err(answer) => {
                prop_assert_eq!(answer.http_status(), 400);
                prop_assert!(Json::parse(answer.to_body().as_bytes()).is_ok());
            }
        }
        match OrderQuery::parse(&query_pairs(&query)) {
            Ok(asked) => prop_assert!(mock_order(&asked).is_ok() || asked.order_line_id.is_some()),
            Err(refusal) => prop_assert!(Json::parse(refusal.to_body(AnswerShape::Result).as_bytes()).is_ok()),
        }
    }

    #[test]
    fn headers_of_a_push_are_within_their_lengths_or_refused_by_name(values in prop::array::uniform3(prop::option::of(any::<String>()))) {
        let [signature, ts, nonce] = values;
        match usage_push::PushHeaders::parse(signature.as_deref(), ts.as_deref(), nonce.as_deref()) {
            Ok(headers) => {
                prop_assert!(headers.nonce.as_str().chars().count() <= 64);
                let signed = headers.verify(&key(), &koogallery::usage_push::BodyForms::of(b"{}"));
                prop_assert!(!signed);
            }
            Err(problem) => prop_assert!(["signature", "ts", "nonce"].contains(&problem.header)),
        }
    }
}
