//! Answers as sellers really send them, and as nobody should: what is accepted, what is found, and that nothing makes the examiner fall over.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up must stop")]

use koogallery::v1::field_cipher::{EncryptType, encrypt};
use koogallery::v2::{
    Activity, Answer, BodyEnd, BodySignPolicy, Examination, Examined, InstanceIds, Limits, NewInstance, QueryInstance,
    Reply, TestFlag, TransportFailure, examine,
};
use koogallery::{AccessKey, Advice, Check, CheckCode, Id, Language, Outcome, body_sign};

fn key() -> AccessKey {
    AccessKey::parse("kg-test-access-key-0001").unwrap()
}

fn query(ids: &str) -> Activity {
    QueryInstance { instance_id: InstanceIds::parse(ids).unwrap(), test_flag: TestFlag::Production }.into()
}

fn creation() -> Activity {
    let id = |text| Id::parse(text).unwrap();
    NewInstance {
        order_id: id("CS1"),
        order_line_id: id("CS1-1"),
        business_id: id("b"),
        test_flag: TestFlag::Production,
    }
    .into()
}

fn reply(body: impl AsRef<[u8]>) -> Reply {
    Reply::Heard {
        status: 200,
        headers: vec![("Content-Type".into(), "application/json; charset=UTF-8".into())],
        body: body.as_ref().to_vec(),
        body_end: BodyEnd::Complete,
        elapsed_ms: 12,
    }
}

fn examined_with(activity: &Activity, reply: &Reply, body_sign: BodySignPolicy) -> Examined {
    let limits = Limits::default();
    examine(&Examination { activity, key: &key(), body_sign, limits, known_instance: None }, reply)
}

fn examined(activity: &Activity, body: impl AsRef<[u8]>) -> Examined {
    examined_with(activity, &reply(body), BodySignPolicy::IfPresent)
}

fn failures(examined: &Examined) -> Vec<String> {
    examined.of(Outcome::Fail).map(|check| check.message(Language::English)).collect()
}

/// The only entry of an accepted description.
fn described(found: Examined) -> koogallery::v2::InstanceInfo {
    match found.answer {
        Some(Answer::Described(mut info)) if info.len() == 1 => info.remove(0),
        other => unreachable!("{other:?} {:?}", found.checks),
    }
}

#[test]
fn the_documented_example_is_accepted_whole() {
    let body = r#"{"resultCode":"000000","resultMsg":"success.","info":[{"instanceId":"6f1c","appInfo":{"frontEndUrl":"https://app.example.com/","adminUrl":"https://app.example.com/admin","userName":"admin@example.org","password":"Init-Pass-1","memo":"\u4f7f\u7528\u8bf4\u660e"},"usageInfo":[{"relatedInstanceId":"b7b4","usageValue":12.5,"statisticalTime":"20260115100500000","dashboardUrl":"https://app.example.com/usage"}]}]}"#;
    let info = described(examined(&query("6f1c"), body));
    let app = info.app.unwrap();
    assert_eq!((app.password.as_deref(), app.memo.as_deref()), (Some("Init-Pass-1"), Some("使用说明")));
    assert_eq!(info.usage[0].amount.as_str(), "12.5");
    assert!(!format!("{app:?}").contains("Init-Pass-1"), "a password is never written to a log");
}

#[test]
fn usage_is_taken_as_number_or_text_and_under_either_name() {
    for (name, value) in [("usageInfo", "12.5"), ("usageInfo", "\"12.5000\""), ("usageInfos", "12.50")] {
        let body = format!(
            r#"{{"resultCode":"000000","info":[{{"instanceId":"i","{name}":[{{"usageValue":{value},"statisticalTime":"20260115100500000"}}]}}]}}"#
        );
        assert_eq!(described(examined(&query("i"), body)).usage[0].amount.as_str(), "12.5", "{name} {value}");
    }
    let wrong = r#"{"resultCode":"000000","info":[{"instanceId":"i","usageInfo":[{"usageValue":-1,"statisticalTime":"2026"}]}]}"#;
    assert_eq!(
        failures(&examined(&query("i"), wrong)),
        [
            "info[0].usageInfo[0].usageValue is no usage amount.",
            "info[0].usageInfo[0].statisticalTime is no point of time; yyyyMMddHHmmss in UTC is expected."
        ]
    );
}

#[test]
fn encrypted_access_data_is_opened_and_unreadable_one_refused() {
    let sealed = encrypt(&key(), EncryptType::Aes256, "Ab3dEf6hIj9kLm2n", "Init-Pass-1").unwrap();
    let body = |password: &str| {
        format!(
            r#"{{"resultCode":"000000","encryptType":"1","info":[{{"instanceId":"i","appInfo":{{"frontEndUrl":"https://a.example/","password":"{password}"}}}}]}}"#
        )
    };
    assert_eq!(described(examined(&query("i"), body(&sealed))).app.unwrap().password.as_deref(), Some("Init-Pass-1"));
    let refused = examined(&query("i"), body("Init-Pass-1"));
    assert_eq!(failures(&refused), ["info[0].appInfo.password cannot be decrypted as encryptType says."]);
}

#[test]
fn only_instances_that_were_asked_for_are_believed() {
    let entry = |id: &str| format!(r#"{{"instanceId":"{id}","appInfo":{{"frontEndUrl":"https://{id}.example/"}}}}"#);
    let both = format!(r#"{{"resultCode":"000000","info":[{},{}]}}"#, entry("other"), entry("mine"));
    assert_eq!(described(examined(&query("mine"), both)).instance_id.as_str(), "mine");
    let twice = format!(r#"{{"resultCode":"000000","info":[{0},{0}]}}"#, entry("mine"));
    assert_eq!(failures(&examined(&query("mine"), twice)), ["The member mine is given twice."]);
    let other = format!(r#"{{"resultCode":"000000","info":[{}]}}"#, entry("other"));
    assert_eq!(examined(&query("mine"), other).advice(), Advice::Alarm);
}

#[test]
fn a_signature_that_is_there_must_be_right_unless_it_is_switched_off() {
    let body = r#"{"resultCode":"000000","instanceId":"i"}"#;
    let with = |values: &[&str]| match reply(body) {
        Reply::Heard { status, mut headers, body, body_end, elapsed_ms } => {
            headers.extend(values.iter().map(|value| ("BODY-SIGN".to_owned(), (*value).to_owned())));
            Reply::Heard { status, headers, body, body_end, elapsed_ms }
        }
        failed @ Reply::Failed(_) => failed,
    };
    let right = body_sign::header_value(&key(), body.as_bytes());
    let wrong = body_sign::header_value(&key(), b"other");
    use BodySignPolicy::{IfPresent, Off, Required};
    let accepted = |values: &[&str], policy| examined_with(&creation(), &with(values), policy).answer.is_some();
    assert_eq!([Off, IfPresent, Required].map(|policy| accepted(&[], policy)), [true, true, false]);
    assert_eq!([Off, IfPresent, Required].map(|policy| accepted(&[&right], policy)), [true, true, true]);
    assert_eq!([Off, IfPresent, Required].map(|policy| accepted(&[&wrong], policy)), [true, false, false]);
    assert_eq!([Off, IfPresent, Required].map(|policy| accepted(&[&right, &wrong], policy)), [true, false, false]);
}

#[test]
fn the_expected_signature_is_shown_with_the_slip() {
    let body = r#"{"resultCode":"000000","instanceId":"i"}"#;
    let plain = hex::encode([0; 32]);
    let headers = vec![
        ("content-type".to_owned(), "application/json".to_owned()),
        ("body-sign".to_owned(), format!("sign_type=\"HMAC-SHA256\", signature=\"{plain}\"")),
    ];
    let reply = Reply::Heard { status: 200, headers, body: body.into(), body_end: BodyEnd::Complete, elapsed_ms: 1 };
    let found = examined_with(&creation(), &reply, BodySignPolicy::IfPresent);
    let check = found.of(Outcome::Fail).next().unwrap();
    assert!(check.remedy(Language::English).ends_with(&body_sign::header_value(&key(), body.as_bytes())));
}

#[test]
fn time_is_judged_by_both_limits() {
    let at = |elapsed_ms| match reply(r#"{"resultCode":"000000","instanceId":"i"}"#) {
        Reply::Heard { status, headers, body, body_end, .. } => {
            Reply::Heard { status, headers, body, body_end, elapsed_ms }
        }
        failed @ Reply::Failed(_) => failed,
    };
    let codes = [5_000, 5_001, 20_000, 20_001].map(|ms| {
        let found = examined_with(&creation(), &at(ms), BodySignPolicy::Off);
        (found.checks[0].code(), found.answer.is_some())
    });
    use CheckCode::{AnsweredInTime, AnsweredSlowly, TimedOut};
    assert_eq!(codes, [(AnsweredInTime, true), (AnsweredSlowly, true), (AnsweredSlowly, true), (TimedOut, false)]);
}

#[test]
fn every_way_of_not_reaching_a_seller_has_its_finding() {
    let ways = [
        (TransportFailure::NameNotFound, CheckCode::NameNotFound, Advice::Retry),
        (TransportFailure::ConnectionRefused, CheckCode::ConnectionRefused, Advice::Retry),
        (TransportFailure::ConnectTimedOut { limit_ms: 3_000 }, CheckCode::ConnectTimedOut, Advice::Retry),
        (TransportFailure::TimedOut, CheckCode::TimedOut, Advice::AskFirst),
        (TransportFailure::ConnectionBroken, CheckCode::ConnectionBroken, Advice::AskFirst),
        (TransportFailure::Tls { reason: "certificate expired".into() }, CheckCode::TlsFailed, Advice::Alarm),
        (TransportFailure::AddressRefused, CheckCode::AddressRefused, Advice::Stop),
    ];
    for (failure, code, advice) in ways {
        let found = examined_with(&creation(), &Reply::Failed(failure), BodySignPolicy::Required);
        assert_eq!((found.checks.iter().map(Check::code).collect::<Vec<_>>(), found.advice()), (vec![code], advice));
    }
}

#[test]
fn a_finding_from_elsewhere_takes_the_answer_away() {
    let mut found = examined(&creation(), r#"{"resultCode":"000000","instanceId":"i"}"#);
    assert!(found.answer.is_some());
    found.add(Check::new(CheckCode::InstanceIdTaken, [("found", "i".into())]));
    assert_eq!((found.answer, found.checks.iter().map(Check::outcome).max()), (None, Some(Outcome::Fail)));
}

proptest::proptest! {
    #[test]
    fn whatever_comes_back_is_examined_and_no_answer_stands_beside_a_failure(
        status in 100_u16..600,
        header in "[ -~]{0,40}",
        body in proptest::collection::vec(proptest::num::u8::ANY, 0..300),
        elapsed_ms in 0_u64..40_000,
    ) {
        let headers = vec![("content-type".to_owned(), header.clone()), ("body-sign".to_owned(), header)];
        let reply = Reply::Heard { status, headers, body, body_end: BodyEnd::Complete, elapsed_ms };
        for activity in [creation(), query("i")] {
            let found = examined_with(&activity, &reply, BodySignPolicy::IfPresent);
            proptest::prop_assert!(found.answer.is_none() || found.outcome() != Outcome::Fail);
        }
    }

    #[test]
    fn json_of_any_shape_is_examined(member in "resultCode|resultMsg|instanceId|info|encryptType", value in "null|true|1|-1e9|\"\"|\"x\"|\\[\\]|\\[1\\]|\\{\\}|\\[\\{\\}\\]|\\[\\{\"instanceId\":1\\}\\]") {
        let body = format!(r#"{{"resultCode":"000000","{member}":{value}}}"#);
        for activity in [creation(), query("i")] {
            let found = examined(&activity, &body);
            proptest::prop_assert!(found.answer.is_none() || found.outcome() != Outcome::Fail);
            let sentences: String = found.checks.iter().map(|check| check.message(Language::Chinese)).collect();
            let has_hole = sentences.contains('{') && !value.contains('{');
            proptest::prop_assert!(!has_hole);
        }
    }
}

#[test]
fn only_a_number_that_is_none_where_the_answer_stops_being_json_is_named() {
    for (body, found) in [
        (r#"{"usageValue":NaN}"#, "NaN"),
        (r#"{"usageValue": -Infinity }"#, "Infinity"),
        ("{\n  \"memo\": \"用量\", \"usageValue\": +Infinity\n}", "Infinity"),
        (r#"{"list":[1,NaN]}"#, "NaN"),
    ] {
        let examined = examined(&creation(), body);
        let noted: Vec<CheckCode> = examined.of(Outcome::Fail).map(Check::code).collect();
        assert_eq!(noted, [CheckCode::BodyNoNumber], "{body}");
        assert!(failures(&examined)[0].contains(&format!("holds {found},")), "{body}: {:?}", failures(&examined));
        assert_eq!(examined.advice(), Advice::Stop, "{body}");
    }
    // A page of maintenance is over some day, whatever its script is called; so is everything else that is no JSON.
    for body in [
        "<!DOCTYPE html><script>if (isNaN(x) || x === Infinity) { x = NaN }</script>",
        "<script>\nNaN</script>",
        "NaN",
        r#"{"memo":isNaN(1)}"#,
        r#"{"memo":NaNs}"#,
        r#"{"memo": oops, "usageValue":NaN}"#,
        "{\"memo\": \"it\nbroke\", \"usageValue\":NaN}",
    ] {
        let examined = examined(&creation(), body);
        let noted: Vec<CheckCode> = examined.of(Outcome::Fail).map(Check::code).collect();
        assert_eq!(noted, [CheckCode::BodyNotJson], "{body}");
        assert_eq!(examined.advice(), Advice::Retry, "{body}");
    }
}
