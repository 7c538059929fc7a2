//! The kit against the reference seller, honest and lying, and against sellers that check calls wrongly.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test that cannot be set up must stop; it speaks to itself on loopback"
)]

#[path = "kit/bench.rs"]
mod bench;
#[path = "kit/judges.rs"]
mod judges;
#[path = "kit/other_seller.rs"]
mod other_seller;
#[path = "kit/over_tls.rs"]
mod over_tls;
#[path = "kit/report_bytes.rs"]
mod report_bytes;
#[path = "kit/version_one.rs"]
mod version_one;

use std::time::{Duration, Instant};

use bench::{Bench, run_against};
use conformance::kit::report::{self, ReportError, ReportKey};
use conformance::kit::{self, Billing, Outcome, Protocol, Reached, Trial};
use conformance::seller::Behaviour;
use koogallery::Language;

#[tokio::test]
async fn an_honest_seller_passes_in_every_billing_mode() {
    for billing in Billing::ALL {
        let run = Bench::open("honest").await.billing(billing).run().await;
        assert!(run.passed(), "{}", kit::text(&run));
        assert_eq!(run.count(Outcome::Skip), 0, "{}", kit::text(&run));
        let called: Vec<_> = run.cases.iter().map(|case| case.activity.as_str()).collect();
        for required in Protocol::V2.required(billing) {
            assert!(called.contains(&required), "{required} in {billing}");
        }
    }
}

/// Every behaviour and the check that finds it. `None`: nothing is wrong with it in this version.
const FOUND_BY: &[(&str, Option<&str>)] = &[
    ("honest", None),
    ("down", Some("connection_refused")),
    ("silent", Some("timed_out")),
    ("never", Some("timed_out")),
    ("lost-answer", Some("connection_broken")),
    ("late", Some("timed_out")),
    ("drip", Some("timed_out")),
    ("headers-only", Some("timed_out")),
    ("broken-body", Some("connection_broken")),
    ("status-500", Some("status_not_ok")),
    ("status-502", Some("status_not_ok")),
    ("status-503", Some("status_not_ok")),
    ("status-504", Some("status_not_ok")),
    ("status-429", Some("status_not_ok")),
    ("status-408", Some("status_not_ok")),
    ("status-401", Some("status_refusal")),
    ("status-403", Some("status_refusal")),
    ("status-404", Some("status_refusal")),
    ("redirect", Some("redirected")),
    ("redirect-inside", Some("redirected")),
    ("html", Some("content_type_wrong")),
    ("empty", Some("body_empty")),
    ("text-plain", Some("content_type_wrong")),
    ("wrong-json", Some("body_not_json")),
    ("not-utf8", Some("body_not_utf8")),
    ("array-body", Some("body_not_object")),
    ("huge-body", Some("body_too_long")),
    ("endless-body", Some("body_too_long")),
    ("deep-json", Some("body_too_deep")),
    ("duplicate-member", Some("member_twice")),
    ("nan", Some("body_no_number")),
    ("unsigned", None),
    ("wrong-signature", Some("body_sign_wrong")),
    ("other-signature", Some("body_sign_wrong")),
    ("malformed-signature", Some("body_sign_malformed")),
    ("no-result-code", Some("result_missing")),
    ("number-result-code", Some("result_malformed")),
    ("too-long", Some("member_too_long")),
    ("no-instance-id", Some("instance_id_missing")),
    ("no-front-end-url", Some("member_missing")),
    ("other-instance", Some("instance_id_taken")),
    ("changed-instance", Some("instance_id_changed")),
    ("long-instance-id", Some("member_too_long")),
    ("markup-instance-id", Some("member_bad_character")),
    ("bidi-instance-id", Some("member_bad_character")),
    ("javascript-url", Some("web_address_refused")),
    ("data-url", Some("web_address_refused")),
    ("async", None),
    ("async-forever", Some("result_pending")),
    ("async-without-id", Some("instance_id_missing")),
    ("flickering", Some("repeat_refused")),
    ("denying", Some("result_refused")),
    ("refuses-repeat", Some("repeat_refused")),
    ("refuse-000100", Some("result_refused")),
];

/// Behaviours that are worth a warning and no more.
const WARNED_BY: &[(&str, &str)] =
    &[("slow", "answered_slowly"), ("empty-info", "info_absent"), ("inside-url", "web_address_inside")];

#[test]
fn every_behaviour_is_in_one_of_the_tables() {
    let tabled = |name: &str| {
        FOUND_BY.iter().any(|(known, _)| *known == name) || WARNED_BY.iter().any(|(known, _)| *known == name)
    };
    let missing: Vec<_> = Behaviour::NAMED.iter().map(Behaviour::name).filter(|name| !tabled(name)).collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[tokio::test]
async fn every_lie_is_found_by_the_right_check() {
    let runs = FOUND_BY.iter().map(|(behaviour, code)| async move {
        let run = Bench::open(behaviour).await.run().await;
        let failed =
            run.cases.iter().flat_map(|case| &case.findings).filter(|finding| finding.outcome() == Outcome::Fail);
        let failed: Vec<_> = failed.map(kit::Finding::code).collect();
        let right = match code {
            None => run.passed(),
            Some(code) => !run.passed() && failed.contains(code),
        };
        let reached = (run.reached == Reached::Yes) == (*behaviour != "down");
        (!right || !reached).then(|| format!("{behaviour}: {code:?} expected, found {failed:?}, {:?}", run.reached))
    });
    let wrong: Vec<_> = futures_util::future::join_all(runs).await.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn what_is_only_advised_is_a_warning_and_passes() {
    for (behaviour, code) in WARNED_BY {
        let run = Bench::open(behaviour).await.only("queryInstance").run().await;
        assert!(run.passed(), "{behaviour}: {}", kit::text(&run));
        let warned = |finding: &kit::Finding| finding.outcome() == Outcome::Warn && finding.code() == *code;
        assert!(run.cases.iter().flat_map(|case| &case.findings).any(warned), "{behaviour}: {}", kit::text(&run));
    }
}

#[tokio::test]
async fn a_run_never_takes_longer_than_its_own_limit() {
    let runs =
        ["silent", "never", "late", "drip", "headers-only", "endless-body", "slow"].map(|behaviour| async move {
            let bench = Bench::open(behaviour).await.total_ms(3_000);
            let started = Instant::now();
            let run = bench.run().await;
            // The limit, and what a busy machine needs to notice.
            assert!(started.elapsed() < Duration::from_secs(15), "{behaviour} took {:?}", started.elapsed());
            assert!(run.count(Outcome::Skip) > 0 || behaviour == "endless-body", "{behaviour}: {}", kit::text(&run));
            assert!(!run.passed(), "{behaviour}: what was not tried has not passed");
        });
    futures_util::future::join_all(runs).await;
}

#[tokio::test]
async fn after_two_calls_without_an_answer_nobody_is_waited_for() {
    let run = Bench::open("never").await.run().await;
    let codes: Vec<_> = run.cases.iter().flat_map(|case| &case.findings).map(kit::Finding::code).collect();
    assert_eq!(codes.iter().filter(|code| **code == "timed_out").count(), 2, "{codes:?}");
    assert!(codes.contains(&"skipped_no_answer"));
}

#[tokio::test]
async fn what_was_not_tried_for_lack_of_time_is_no_pass() {
    let run = Bench::open("queryInstance:slow").await.total_ms(2_000).run().await;
    let text = kit::text(&run);
    assert_eq!((run.passed(), run.count(Outcome::Fail)), (false, 0), "{text}");
    assert!(text.contains("skipped_time_over") && text.contains("NOT FINISHED"), "{text}");
    assert!(kit::text_in(&run, Language::Chinese).contains("未完成"));
}

#[tokio::test]
async fn a_run_makes_a_sensible_number_of_calls_and_nothing_real() {
    for protocol in [Protocol::V2, Protocol::V1] {
        for billing in Billing::ALL {
            let bench = Bench::open("honest").await.protocol(protocol).billing(billing);
            let run = bench.run().await;
            let sent = run.cases.iter().filter(|case| !case.sent.is_empty());
            let real: Vec<_> = sent.clone().filter(|case| !case.sent.contains("testFlag")).collect();
            assert!(sent.count() <= 36, "{}", kit::text(&run));
            // Of all calls only the query for an instance that does not exist is one as in production: it only reads.
            let allowed =
                |case: &kit::Case| (case.activity.as_str(), case.trial) == ("queryInstance", Trial::UnknownInstance);
            assert!(real.iter().all(|case| allowed(case)), "{protocol} {billing}: {real:?}");
            let asked = Protocol::required(protocol, billing).contains(&"queryInstance");
            assert_eq!(real.len(), usize::from(asked), "{protocol} {billing}");
            assert!(bench.handle.accounts().is_empty(), "{protocol} {billing}: an account was made");
        }
    }
}

/// Takes connections over TCP and never shakes hands.
#[tokio::test]
async fn a_connection_that_takes_too_long_is_told_with_its_limit() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/produce", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut kept = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            kept.push(stream);
        }
    });
    let run = run_against(&url, |_| {}).await;
    let connection = &run.cases[0].findings[0];
    assert_eq!(connection.code(), "connect_timed_out", "{}", kit::text(&run));
    assert_eq!(connection.message(Language::English), "No connection within 3000 ms.");
    assert_eq!(run.reached, Reached::No);
}

#[tokio::test]
async fn an_address_where_nobody_listens_is_not_reached() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/produce", listener.local_addr().unwrap());
    drop(listener);
    let run = run_against(&address, |_| {}).await;
    assert_eq!(run.reached, Reached::No);
    assert!(!run.passed());
    let calls = run.cases.iter().filter(|case| case.outcome() != Outcome::Skip).count();
    assert_eq!(calls, 1, "only the connection was tried\n{}", kit::text(&run));
}

#[tokio::test]
async fn later_calls_are_about_the_instance_that_was_named_whatever_else_was_wrong() {
    let bench = Bench::open("newInstance:too-long").await;
    let run = bench.run().await;
    assert!(!run.passed());
    let query = run.cases.iter().find(|case| case.activity == "queryInstance").unwrap();
    assert!(!query.sent.contains("123456789"), "{}", query.sent);
    assert_eq!(query.outcome(), Outcome::Warn, "{}", kit::text(&run));
}

#[tokio::test]
async fn what_was_not_tried_for_one_reason_is_told_once() {
    let text = kit::text(&Bench::open("html").await.run().await);
    assert_eq!(text.matches("skipped_no_result").count(), 1, "{text}");
    assert!(text.contains("skip 21 cases, “newInstance: a wrong signature” to “newInstance: Chinese text”"), "{text}");
}

#[tokio::test]
async fn a_run_is_told_in_chinese_with_the_same_codes() {
    for behaviour in ["html", "wrong-signature", "honest", "down"] {
        let run = Bench::open(behaviour).await.run().await;
        let (english, chinese) = (kit::text(&run), kit::text_in(&run, Language::Chinese));
        let codes = |text: &str| -> Vec<String> {
            let ends = text.lines().filter_map(|line| line.strip_suffix(']')?.rsplit_once("  [").map(|(_, code)| code));
            ends.map(str::to_owned).collect()
        };
        assert!(!codes(&english).is_empty(), "{english}");
        assert_eq!(codes(&english), codes(&chinese), "{behaviour}");
        for word in ["mend:", "we sent", "we got", "PASSED", "FAILED", "REACHED", "not tried", " case", "billing"] {
            assert!(!chinese.contains(word), "{behaviour}: {word} in\n{chinese}");
        }
        // Every line of ours says something in Chinese; what was sent and received stands as it is.
        for finding in run.cases.iter().flat_map(|case| &case.findings) {
            let message = finding.message(Language::Chinese);
            assert!(message.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter)), "{}", finding.code());
        }
    }
    let chinese = kit::text_in(&Bench::open("html").await.run().await, Language::Chinese);
    assert!(chinese.contains("跳过 21个用例，“newInstance：签名错误”至“newInstance：中文内容”"), "{chinese}");
    assert!(chinese.contains("未通过。") && chinese.contains("需要处理，请从第一项开始："), "{chinese}");
}

#[tokio::test]
async fn only_the_calls_that_are_named_are_made() {
    let run = Bench::open("honest").await.only("upgradeInstance").run().await;
    assert!(run.passed(), "{}", kit::text(&run));
    let named = ["connection", "upgradeInstance", "soukDebugNoSuchActivity"];
    let others: Vec<_> = run.cases.iter().filter(|case| !named.contains(&case.activity.as_str())).collect();
    assert_eq!(others, Vec::<&kit::Case>::new());
}

#[tokio::test]
async fn the_json_has_the_documented_members_and_the_text_has_no_key() {
    let run = Bench::open("wrong-signature").await.run().await;
    let json = serde_json::to_value(kit::json(&run)).unwrap();
    assert_eq!(json["protocol"], "v2");
    assert_eq!(json["billing"], "period");
    assert_eq!(json["passed"], false);
    let members = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(members(&json), ["address", "billing", "cases", "passed", "protocol"]);
    assert_eq!(members(&json["cases"][1]), ["activity", "checks", "elapsed_ms", "outcome"]);
    assert_eq!(members(&json["cases"][1]["checks"][0]), ["code", "message", "outcome"]);
    let outcomes = ["pass", "warn", "fail", "skip"];
    for case in json["cases"].as_array().unwrap() {
        assert!(outcomes.contains(&case["outcome"].as_str().unwrap()));
        assert!(!case["checks"].as_array().unwrap().is_empty(), "{case}");
    }
    for text in [kit::text(&run), json.to_string()] {
        assert!(!text.contains(bench::KEY), "the key is shown:\n{text}");
    }
}

#[tokio::test]
async fn a_report_verifies_and_a_changed_one_does_not() {
    let run = Bench::open("honest").await.run().await;
    let key = ReportKey::from_seed(&[7; 32]);
    let file = report::signed(&run, &key, "souk test", 1_768_469_400_000);
    let read = report::verify(&file).unwrap();
    assert!(read.passed);
    assert_eq!((read.public_key.as_str(), read.made_at.as_str()), (key.public().as_str(), "2026-01-15T09:30:00Z"));
    assert_eq!(read.address, run.setup.address);

    // Other white space is no change; every other change is one.
    let compact: serde_json::Value = serde_json::from_str(&file).unwrap();
    assert_eq!(report::verify(&compact.to_string()), Ok(read));
    let changes = [
        ("\"passed\": true", "\"passed\": false"),
        ("\"billing\": \"period\"", "\"billing\": \"one-time\""),
        ("\"outcome\": \"warn\"", "\"outcome\": \"pass\""),
        ("2026-01-15", "2026-01-16"),
    ];
    for (from, to) in changes {
        assert!(file.contains(from), "{from}");
        assert_eq!(report::verify(&file.replacen(from, to, 1)), Err(ReportError::Changed), "{from}");
    }
    let other = ReportKey::from_seed(&[8; 32]).public();
    assert_eq!(report::verify(&file.replace(&key.public(), &other)), Err(ReportError::Changed));
    assert_eq!(report::verify("{}"), Err(ReportError::OtherFormat));
    assert!(matches!(report::verify("{"), Err(ReportError::NotJson(_))));
    let doubled = file.replacen("\"format\"", "\"format\": \"souk-debug-report/1\", \"format\"", 1);
    assert!(matches!(report::verify(&doubled), Err(ReportError::NotJson(_))));
}

#[test]
fn the_reference_page_is_the_one_that_the_code_writes() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/debug-checks.md");
    if std::env::var_os("SOUK_WRITE_REFERENCE").is_some() {
        std::fs::write(&path, kit::reference_page()).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap();
    assert!(kept == kit::reference_page(), "write it anew: souk debug --list-checks > docs/reference/debug-checks.md");
}
