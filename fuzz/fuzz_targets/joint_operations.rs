//! What a seller hears of the joint-operations kit: any path, any headers, any body, in both versions. Without the key nothing is ever
//! taken for signed, and what is read is written and read again.
#![no_main]

use koogallery::joint_operations::{SyncCall, SyncHeaders, SyncName, made_at_ms, verify_request, verify_request_v1};
use koogallery::v2::RecentNonces;
use koogallery::{AccessKey, Json};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let key = AccessKey::parse("kg-test-joint-key-0002").expect("a key");
    let cut = data.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (head, body) = data.split_at(cut);
    let head = String::from_utf8_lossy(head);
    let lines = head.split(';').filter_map(|line| line.split_once(':'));
    let headers = SyncHeaders::from_headers(lines);
    let now_ms = headers.x_timestamp.as_deref().and_then(|text| text.parse().ok()).unwrap_or(0);
    let _ = (SyncName::of_path(&head), made_at_ms(&head));
    for name in SyncName::ALL {
        assert!(verify_request(&key, *name, &headers, body, now_ms, &mut RecentNonces::default()).is_err());
        assert!(verify_request_v1(&key, *name, headers.x_sign.as_deref(), body).is_err());
        let Ok(json) = Json::parse(body) else { continue };
        assert_eq!(name.check(&name.lists_read(&json)).is_empty(), SyncCall::read(*name, &json).is_ok());
        if let Ok(call) = SyncCall::read(*name, &json) {
            for written in [call.payload(), call.payload_v1()] {
                let again = Json::parse(written.as_bytes()).expect("what we write is JSON");
                assert!(SyncCall::read(*name, &again).is_ok());
            }
        }
    }
});
