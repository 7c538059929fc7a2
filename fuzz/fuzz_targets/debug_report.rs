//! What a marketplace hears from whoever uploads a report of `souk debug`: any bytes, and any content signed rightly, for anybody can make a
//! key.
#![no_main]

use conformance::kit::KitReports;
use koogallery::Json;
use libfuzzer_sys::fuzz_target;
use ports::ReportReader as _;
use ring::signature::{Ed25519KeyPair, KeyPair as _};

fuzz_target!(|data: &[u8]| {
    // Without a key nobody's bytes are a report.
    assert!(KitReports.read(data).is_err());
    let Ok(report) = Json::parse(data) else { return };
    let key = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).expect("32 bytes are a key");
    let text = report.to_compact();
    let signature = hex::encode(key.sign(format!("souk-debug-report-1\n{}", report.sorted_throughout().to_compact()).as_bytes()));
    let public_key = hex::encode(key.public_key().as_ref());
    let file = format!(
        r#"{{"format":"souk-debug-report/1","report":{text},"public_key":"{public_key}","signature":"{signature}"}}"#
    );
    let Ok(read) = KitReports.read(file.as_bytes()) else { return };
    let fit = |text: &str, most: usize| text.chars().count() <= most && !text.chars().any(char::is_control);
    assert!(fit(&read.address, 512) && fit(&read.tool, 64) && read.cases.len() <= 300);
    for case in &read.cases {
        assert!(fit(&case.activity, 64) && case.checks.len() <= 100);
        assert!(case.checks.iter().all(|check| fit(&check.code, 64) && fit(&check.message, 2_000)));
    }
});
