//! The kit against sellers of other hands: one built like Huawei's sample, ones that let everything pass, and ones that compute the
//! signature wrongly in every way that is known.

use conformance::kit::{self, Billing, Outcome, Protocol, Run};
use koogallery::v2::Mistake;

use super::bench;
use super::other_seller::{Checks, Finds, OtherSeller, Rules};

fn codes(run: &Run, outcome: Outcome) -> Vec<&'static str> {
    let findings = run.cases.iter().flat_map(|case| &case.findings);
    findings.filter(|finding| finding.outcome() == outcome).map(kit::Finding::code).collect()
}

async fn run(rules: Rules) -> Run {
    let seller = OtherSeller::open(rules).await;
    bench::run_against(&seller.url, |_| {}).await
}

#[tokio::test]
async fn a_seller_built_like_huaweis_sample_passes_with_warnings() {
    let run = run(Rules::sample()).await;
    assert!(run.passed(), "{}", kit::text(&run));
    let warned = codes(&run, Outcome::Warn);
    for code in ["future_timestamp_taken", "replay_taken", "unknown_instance_empty"] {
        assert!(warned.contains(&code), "{code} is missing from {warned:?}");
    }
}

#[tokio::test]
async fn what_must_be_refused_and_is_obeyed_fails_at_its_own_check() {
    for (rules, code) in [
        (Rules { checks_signature: false, ..Rules::sample() }, "wrong_signature_taken"),
        (Rules { wants_signature: false, ..Rules::sample() }, "missing_signature_taken"),
        (Rules { checks_time: false, ..Rules::sample() }, "stale_timestamp_taken"),
        (Rules { knows_activities: false, ..Rules::sample() }, "unknown_activity_taken"),
        (Rules { crashes_on_refusal: true, ..Rules::sample() }, "refusal_broken"),
        (Rules { keeps_orders: false, ..Rules::sample() }, "instance_id_changed"),
        (Rules { one_instance: true, ..Rules::sample() }, "instance_id_taken"),
    ] {
        let run = run(rules).await;
        let failed = codes(&run, Outcome::Fail);
        assert!(failed.contains(&code), "{code} expected, found {failed:?}\n{}", kit::text(&run));
    }
}

#[tokio::test]
async fn a_signature_that_is_checked_in_some_activities_only_is_found_where_it_is_not() {
    const ALL: [(&str, Checks); 5] = [
        ("newInstance", |activity| activity != "newInstance"),
        ("queryInstance", |activity| activity != "queryInstance"),
        ("refreshInstance", |activity| activity != "refreshInstance"),
        ("updateInstanceStatus", |activity| activity != "updateInstanceStatus"),
        ("releaseInstance", |activity| activity != "releaseInstance"),
    ];
    let taken = ["wrong_signature_taken", "missing_signature_taken", "stale_timestamp_taken"];
    for (forgotten, checks) in ALL {
        let run = run(Rules { checks, ..Rules::sample() }).await;
        let at = |case: &&kit::Case| case.findings.iter().any(|finding| taken.contains(&finding.code()));
        let found: Vec<_> = run.cases.iter().filter(at).map(|case| case.activity.as_str()).collect();
        assert_eq!(found, [forgotten; 3], "{}", kit::text(&run));
        assert!(!run.passed());
    }
    let run = run(Rules { checks: |activity| activity == "newInstance", ..Rules::sample() }).await;
    let failed = codes(&run, Outcome::Fail);
    assert_eq!(failed.len(), 4 * taken.len(), "{failed:?}");
}

#[tokio::test]
async fn a_seller_that_fetches_the_order_during_the_call_passes_in_every_billing_mode() {
    let rules = Rules { finds: Finds::Documented, ..Rules::sample() };
    for billing in Billing::ALL {
        let seller = OtherSeller::open(rules).await;
        // A second run speaks of the same orders, as a dial test does.
        for _ in 0..2 {
            let run = bench::run_against(&seller.url, |setup| setup.billing = billing).await;
            assert!(run.passed(), "{billing}: {}", kit::text(&run));
            assert_eq!(codes(&run, Outcome::Skip), Vec::<&str>::new());
            assert!(codes(&run, Outcome::Pass).contains(&"instances_differ"));
        }
    }
    let seller = OtherSeller::open(rules).await;
    let upgrade = |setup: &mut kit::Setup| setup.activities = vec!["upgradeInstance".to_owned()];
    let run = bench::run_against(&seller.url, upgrade).await;
    assert!(run.passed(), "{}", kit::text(&run));
}

#[tokio::test]
async fn orders_that_are_given_by_hand_are_asked_for() {
    let rules = Rules { finds: Finds::These(&["CS1", "CS2"]), ..Rules::sample() };
    let against = async |orders: &[&str], protocol: Protocol| {
        let orders: Vec<String> = orders.iter().map(|order| (*order).to_owned()).collect();
        let url = OtherSeller::open(rules).await.url;
        bench::run_against(&url, |setup| (setup.orders, setup.protocol) = (orders, protocol)).await
    };
    let run = against(&["CS1", "CS2"], Protocol::V2).await;
    assert!(run.passed() && run.count(Outcome::Skip) == 0, "{}", kit::text(&run));
    let run = against(&["CS1"], Protocol::V2).await;
    assert!(run.passed(), "{}", kit::text(&run));
    assert_eq!(codes(&run, Outcome::Skip), ["skipped_no_other_order"]);
    assert!(!against(&[], Protocol::V2).await.passed());
    let bench = bench::Bench::open("honest").await.protocol(Protocol::V1).orders(&["CS1", "CS2"]);
    let run = bench.run().await;
    let asked: Vec<_> = run.cases.iter().filter(|case| case.activity == "newInstance").map(|case| &case.sent).collect();
    assert!(run.passed() && asked.iter().all(|sent| sent.contains("orderId=CS1&") || sent.contains("orderId=CS2&")));
    assert!(asked.iter().any(|sent| sent.contains("orderId=CS2&")), "{asked:?}");
}

#[tokio::test]
async fn refusing_a_member_that_no_marketplace_sends_is_a_warning() {
    let run = run(Rules { takes_extra_members: false, ..Rules::sample() }).await;
    assert!(run.passed(), "{}", kit::text(&run));
    assert!(codes(&run, Outcome::Warn).contains(&"extra_members_refused"), "{}", kit::text(&run));
    assert_eq!(codes(&run, Outcome::Skip), ["skipped_no_extra_members"]);
}

#[tokio::test]
async fn refusing_by_http_status_is_a_warning() {
    let run = run(Rules { refuses_by_status: true, ..Rules::sample() }).await;
    assert!(run.passed(), "{}", kit::text(&run));
    assert!(codes(&run, Outcome::Warn).contains(&"refused_with_status"));
}

#[tokio::test]
async fn every_known_slip_of_a_seller_is_named() {
    use Mistake as M;
    for mistake in [
        M::InnerPlainSha256,
        M::KeysSortedDescending,
        M::KeysInGivenOrder,
        M::SpacedJson,
        M::TimestampInSeconds,
        M::PayloadInsteadOfInner,
        M::InnerUpperCase,
        M::TimestampBeforeNonce,
        M::KeyLeftOut,
        M::Base64,
        M::ComparedWithCase,
    ] {
        let run = run(Rules { mistake: Some(mistake), ..Rules::sample() }).await;
        let slip = run.cases.iter().flat_map(|case| &case.findings).find(|finding| finding.code() == "signature_slip");
        let said = slip.map(|finding| finding.message(koogallery::Language::English)).unwrap_or_default();
        assert!(
            said.contains(mistake.message(koogallery::Language::English)),
            "{mistake:?}: {said}\n{}",
            kit::text(&run)
        );
        let chinese = slip.map(|finding| finding.message(koogallery::Language::Chinese)).unwrap_or_default();
        assert!(chinese.contains(mistake.message(koogallery::Language::Chinese)), "{mistake:?}: {chinese}");
        assert!(!kit::text(&run).contains(bench::KEY), "the key is shown");
    }
}

#[tokio::test]
async fn a_slip_is_named_also_when_it_is_refused_with_another_code() {
    for code in ["000002", "000005"] {
        let rules = Rules { mistake: Some(Mistake::InnerPlainSha256), refuses_with: Some(code), ..Rules::sample() };
        let run = run(rules).await;
        assert!(codes(&run, Outcome::Fail).contains(&"signature_slip"), "{code}: {}", kit::text(&run));
    }
}

#[tokio::test]
async fn a_seller_that_stumbles_over_the_form_of_a_signature_is_not_called_a_slip() {
    let rules = Rules { key: "another-key-than-the-one-bound", stumbles_over_base64: true, ..Rules::sample() };
    let run = run(rules).await;
    assert_eq!(codes(&run, Outcome::Fail), ["result_not_authenticated", "signature_slip_unknown"]);
}

#[tokio::test]
async fn text_that_is_escaped_before_hashing_is_found_by_the_chinese_call() {
    let run = run(Rules { mistake: Some(Mistake::EscapedNonAscii), ..Rules::sample() }).await;
    let failed = codes(&run, Outcome::Fail);
    assert_eq!(failed, ["chinese_text_refused", "signature_slip"], "{}", kit::text(&run));
}

#[tokio::test]
async fn another_key_is_a_slip_that_nobody_can_name_and_is_said_to_be() {
    let run = run(Rules { key: "another-key-than-the-one-bound", ..Rules::sample() }).await;
    let failed = codes(&run, Outcome::Fail);
    assert_eq!(failed, ["result_not_authenticated", "signature_slip_unknown"], "{}", kit::text(&run));
    let skipped = codes(&run, Outcome::Skip);
    assert!(skipped.iter().all(|code| *code == "skipped_signature"), "{skipped:?}");
    assert!(kit::text(&run).contains("compare the keys: ours ends in ••••••••••0001"));
}

#[tokio::test]
async fn a_seller_that_reads_seconds_is_told_so() {
    let run = run(Rules { reads_seconds: true, ..Rules::sample() }).await;
    assert!(codes(&run, Outcome::Fail).contains(&"timestamp_in_seconds_wanted"), "{}", kit::text(&run));
}

#[tokio::test]
async fn a_clock_that_is_off_is_told_from_the_date_of_the_answer() {
    let run = run(Rules { date: Some("Mon, 05 Jan 2026 08:00:00 GMT"), ..Rules::sample() }).await;
    assert!(codes(&run, Outcome::Warn).contains(&"clocks_differ"), "{}", kit::text(&run));
    assert_eq!(run.setup.protocol, Protocol::V2);
}
