//! What a seller hears: any query and any body. Without the key nothing is ever taken for signed.
#![no_main]

use koogallery::v2::{Activity, RecentNonces, SignedQuery, diagnose, known_wrong, verify_request};
use koogallery::{AccessKey, Json, v1};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let key = AccessKey::parse("kg-test-access-key-0001").expect("a key");
    let cut = data.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (query, body) = data.split_at(cut);
    let query = String::from_utf8_lossy(query);
    assert!(v1::verify_call(&key, &query).is_err());
    let signed = SignedQuery::from_query_string(&query);
    let now_ms = signed.timestamp.as_deref().and_then(|text| text.parse().ok()).unwrap_or(0);
    assert!(verify_request(&key, &signed, body, now_ms, &mut RecentNonces::default()).is_err());
    let _ = (diagnose(&key, &signed, body), known_wrong(&key, "1768469400000", "n", body));
    if let Ok(json) = Json::parse(body)
        && let Ok(activity) = Activity::parse(&json)
    {
        let again = Json::parse(activity.payload().as_bytes()).expect("what we write is JSON");
        assert_eq!(Activity::parse(&again), Ok(activity));
    }
});
