//! What a marketplace hears: an answer of a hostile seller, in both versions, whole and with any headers.
#![no_main]

use koogallery::v2::{Activity, BodyEnd, BodySignPolicy, Examination, InstanceIds, Limits, QueryInstance, Reply, TestFlag};
use koogallery::{AccessKey, Json, Language, Outcome, body_sign, v1, v2};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let key = AccessKey::parse("kg-test-access-key-0001").expect("a key");
    let cut = data.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (header, body) = data.split_at(cut);
    let header = String::from_utf8_lossy(header).into_owned();
    let _ = body_sign::check(&key, &header, body);
    if let Ok(json) = Json::parse(body) {
        // Equal but for numbers that no f64 holds exactly, such as integers of 25 digits.
        assert!(Json::parse(json.to_compact().as_bytes()).is_ok());
    }
    let headers = vec![("content-type".to_owned(), "application/json".to_owned()), ("body-sign".to_owned(), header)];
    let reply = Reply::Heard { status: 200, headers, body: body.to_vec(), body_end: BodyEnd::Complete, elapsed_ms: 1 };
    let query = QueryInstance { instance_id: InstanceIds::parse("i-1").expect("an id"), test_flag: TestFlag::Production };
    let activity = Activity::from(query);
    let (body_sign, limits) = (BodySignPolicy::Off, Limits::default());
    let asked = Examination { activity: &activity, key: &key, body_sign, limits, known_instance: None };
    let examined = v2::examine(&asked, &reply);
    assert_eq!(examined.answer.is_none(), examined.outcome() == Outcome::Fail);
    for check in &examined.checks {
        let _ = (check.message(Language::Chinese), check.remedy(Language::English));
    }
    let values = [("instanceId", "i-1")].map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let call = v1::Call::from_values(v1::CallName::QueryInstance, &values).expect("a call");
    let _ = v1::examine(&v1::Examination { call: &call, key: &key, body_sign, limits, known_instance: None }, &reply);
});
