//! What a marketplace's open APIs hear: the gateway's Authorization header, pushed usage with its headers, order queries, licences.
#![no_main]

use koogallery::open_api::{AnswerShape, LicenceCall, OrderQuery, PushForm, PushedRecord, mock_order, query_pairs};
use koogallery::{AccessKey, gateway, usage_push};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let key = AccessKey::parse("kg-test-access-key-0001").expect("a key");
    let text = String::from_utf8_lossy(data).into_owned();
    let headers = [("host".to_owned(), "h".to_owned()), ("x-sdk-date".to_owned(), text.clone())];
    let request = gateway::ApiRequest { method: "POST", path: &text, query: &[], headers: &headers, body: data };
    if let Some(authorization) = gateway::Authorization::parse(&text) {
        assert_eq!(gateway::Authorization::parse(&authorization.to_value()), Some(authorization.clone()));
        assert!(gateway::verify(&authorization, "secret", &request, 0).is_err());
    }
    let _ = gateway::canonical_request(&request, &["host".to_owned()]);
    assert!(!usage_push::verify(&key, &text, &text, data, &text));
    let _ = usage_push::sorted_body(data);
    for form in [PushForm::New, PushForm::Old] {
        match PushedRecord::parse_batch(data, form) {
            Ok(records) => assert!((1..=PushedRecord::MOST).contains(&records.len())),
            Err(refusal) => assert!(refusal.to_body(AnswerShape::Error).starts_with("{\"error_code\":\"MKT.")),
        }
    }
    let _ = LicenceCall::parse(data).map_err(|answer| answer.to_body());
    if let Ok(asked) = OrderQuery::parse(&query_pairs(&text)) {
        let _ = mock_order(&asked).map(|order| order.map(|order| order.to_body()));
    }
    let foreign = text.as_str();
    for [signature, ts, nonce] in [[foreign, "1768471500000", "n-1"], ["c2k=", foreign, "n-1"], ["c2k=", "1", foreign]] {
        if let Ok(headers) = usage_push::PushHeaders::parse(Some(signature), Some(ts), Some(nonce)) {
            assert_eq!(headers.ts.as_str().parse(), Ok(headers.ts_ms));
        }
    }
});
