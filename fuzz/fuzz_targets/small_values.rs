//! The small values inside messages: ids, times, addresses, amounts, encrypted fields.
#![no_main]

use koogallery::v1::field_cipher::{EncryptType, decrypt};
use koogallery::v2::{InstanceIds, ProductionAddress, UsageAmount};
use koogallery::{AccessKey, Id, InstanceId, Nonce, ResultCode, UtcSecond, WebAddress};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let key = AccessKey::parse("kg-test-access-key-0001").expect("a key");
    if let Ok(id) = InstanceId::parse(text) {
        assert!((1..=64).contains(&id.as_str().len()));
    }
    if let Ok(at) = UtcSecond::parse(text) {
        assert_eq!(UtcSecond::from_unix_ms(at.unix_ms()), Some(at));
    }
    if let Ok(amount) = UsageAmount::parse(text) {
        assert_eq!(UsageAmount::parse(amount.as_str()), Ok(amount));
    }
    let _ = (Id::parse(text), InstanceIds::parse(text), Nonce::parse(text), ResultCode::parse(text));
    let _ = (WebAddress::parse(text), ProductionAddress::parse(text), AccessKey::parse(text));
    let _ = (decrypt(&key, EncryptType::Aes256, text), decrypt(&key, EncryptType::Aes128, text));
});
