//! The report reader fed with what a stranger may upload: arbitrary bytes, and content of any form that is signed rightly, for anybody can
//! make a key. Nothing panics, and what comes out keeps its promises. The same entrance stands in `fuzz/`.

use conformance::kit::KitReports;
use koogallery::Json;
use ports::{MOST_REPORT_BYTES, ReportProblem, ReportReader as _};
use proptest::prelude::*;
use ring::signature::{Ed25519KeyPair, KeyPair as _};

/// A file with this report in it, signed as the kit signs.
fn signed(report: &str) -> String {
    let key = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
    let sorted = Json::parse(report.as_bytes()).map(|json| json.sorted_throughout().to_compact()).unwrap_or_default();
    let signature = hex::encode(key.sign(format!("souk-debug-report-1\n{sorted}").as_bytes()));
    let public_key = hex::encode(key.public_key().as_ref());
    format!(
        r#"{{"format":"souk-debug-report/1","report":{report},"public_key":"{public_key}","signature":"{signature}"}}"#
    )
}

/// A report with one case, and this in the place of one of its values.
fn report(member: &str, value: &str) -> String {
    let put = |name: &str, good: &str| format!("\"{name}\":{}", if name == member { value } else { good });
    let check = [put("code", "\"tls_good\""), put("outcome", "\"pass\""), put("message", "\"m\"")].join(",");
    let checks = put("checks", &format!("[{{{check}}}]"));
    let case = [put("activity", "\"newInstance\""), put("elapsed_ms", "12"), "\"outcome\":\"pass\"".to_owned(), checks];
    let cases = put("cases", &format!("[{{{}}}]", case.join(",")));
    let head = [
        put("address", "\"https://saas.example.com/\""),
        put("protocol", "\"v2\""),
        put("billing", "\"period\""),
        put("tool", "\"souk\""),
        put("made_at", "\"2026-01-15T09:30:00Z\""),
        put("passed", "true"),
        cases,
    ];
    format!("{{{}}}", head.join(","))
}

const MEMBERS: [&str; 12] = [
    "address",
    "protocol",
    "billing",
    "tool",
    "made_at",
    "passed",
    "cases",
    "activity",
    "elapsed_ms",
    "checks",
    "code",
    "message",
];

/// Any JSON of a few levels, with hostile texts and numbers.
fn any_json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("-1".to_owned()),
        Just("1e400".to_owned()),
        Just("99999999999999999999999999".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        any::<u64>().prop_map(|value| value.to_string()),
        "\\PC{0,40}|[\\x00-\\x1f\u{202e}\u{200f}]{1,8}".prop_map(|text| Json::text(&text).to_compact()),
        (0..5_000_usize).prop_map(|length| Json::text("a".repeat(length)).to_compact()),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..6).prop_map(|items| format!("[{}]", items.join(",")));
        let names = prop::sample::select(MEMBERS.to_vec());
        let object = prop::collection::vec((names, inner), 0..4).prop_map(|members| {
            let said: Vec<_> = members.into_iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
            format!("{{{}}}", said.join(","))
        });
        prop_oneof![list, object]
    })
}

fn fit_for_eyes(text: &str, most: usize) -> bool {
    let turns = |letter: char| domain::text::hidden_direction(letter) || letter.is_control();
    text.chars().count() <= most && !text.chars().any(turns)
}

#[test]
fn the_report_that_is_changed_here_is_a_good_one() {
    let read = KitReports.read(signed(&report("", "")).as_bytes()).unwrap();
    assert_eq!((read.cases.len(), read.cases[0].checks.len(), read.passed), (1, 1, true));
    let many = |count: usize| format!("[{}]", vec![r#"{"code":"c","outcome":"pass","message":"m"}"#; count].join(","));
    assert!(KitReports.read(signed(&report("checks", &many(100))).as_bytes()).is_ok());
    assert_eq!(KitReports.read(signed(&report("checks", &many(101))).as_bytes()), Err(ReportProblem::TooLarge));
    let blown_up = format!("{}{}", signed(&report("", "")), " ".repeat(MOST_REPORT_BYTES));
    assert_eq!(KitReports.read(blown_up.as_bytes()), Err(ReportProblem::TooLarge));
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(KitReports.read(&bytes).is_err());
    }

    #[test]
    fn a_signed_report_of_any_form_is_read_or_refused(member in prop::sample::select(MEMBERS.to_vec()), value in any_json()) {
        if let Ok(read) = KitReports.read(signed(&report(member, &value)).as_bytes()) {
            prop_assert!(fit_for_eyes(&read.address, 512));
            prop_assert!([&read.protocol, &read.billing, &read.tool].into_iter().all(|text| fit_for_eyes(text, 64)));
            prop_assert!(read.cases.len() <= 300);
            for case in &read.cases {
                prop_assert!(fit_for_eyes(&case.activity, 64) && case.checks.len() <= 100);
                let fit = |code: &str, message: &str| fit_for_eyes(code, 64) && fit_for_eyes(message, 2_000);
                prop_assert!(case.checks.iter().all(|check| fit(&check.code, &check.message)));
            }
        }
    }

    #[test]
    fn a_changed_letter_is_refused(place in 0_usize..2_000, letter in any::<u8>()) {
        let good = signed(&report("", "")).into_bytes();
        let mut changed = good.clone();
        let place = place % changed.len();
        changed[place] = letter;
        if changed != good {
            // The case of a hexadecimal digit is the one thing that may differ.
            let same = KitReports.read(&changed).is_ok();
            prop_assert!(!same || changed.eq_ignore_ascii_case(&good), "{}", String::from_utf8_lossy(&changed));
        }
    }
}
