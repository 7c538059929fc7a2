//! The kit and the reference seller in version 1.0.

use std::path::PathBuf;

use axum::Router;
use axum::extract::RawQuery;
use axum::response::IntoResponse;
use conformance::kit::{self, Billing, Outcome, Protocol, Run};
use conformance::seller::{SellerConfig, Spoken};
use koogallery::v1::{TokenMistake, auth_token, known_wrong};
use koogallery::{AccessKey, body_sign};

use super::bench::{Bench, KEY, run_against};

async fn run(plan: &str) -> Run {
    Bench::open(plan).await.protocol(Protocol::V1).run().await
}

fn failed(run: &Run) -> Vec<&'static str> {
    let findings = run.cases.iter().flat_map(|case| &case.findings);
    findings.filter(|finding| finding.outcome() == Outcome::Fail).map(kit::Finding::code).collect()
}

#[tokio::test]
async fn an_honest_seller_passes_in_every_billing_mode() {
    for billing in Billing::ALL {
        let run = Bench::open("honest").await.protocol(Protocol::V1).billing(billing).run().await;
        assert!(run.passed(), "{}", kit::text(&run));
        assert_eq!(run.count(Outcome::Skip), 0, "{}", kit::text(&run));
        for required in Protocol::V1.required(billing) {
            assert!(run.cases.iter().any(|case| case.activity == required), "{required} in {billing}");
        }
    }
}

#[tokio::test]
async fn every_activity_of_this_version_is_obeyed() {
    let every = Bench::open("honest").await.protocol(Protocol::V1);
    for activity in Protocol::V1.activities() {
        let run = Bench::open("honest").await.protocol(Protocol::V1).only(activity).run().await;
        assert!(run.passed(), "{activity}: {}", kit::text(&run));
    }
    drop(every);
}

#[tokio::test]
async fn lies_are_found_by_the_right_check() {
    for (behaviour, code) in [
        ("unsigned", "body_sign_missing"),
        ("wrong-signature", "body_sign_wrong"),
        ("malformed-signature", "body_sign_malformed"),
        ("status-500", "status_not_ok"),
        ("status-404", "status_refusal"),
        ("html", "content_type_wrong"),
        ("wrong-json", "body_not_json"),
        ("no-result-code", "result_missing"),
        ("too-long", "member_too_long"),
        ("no-instance-id", "instance_id_missing"),
        ("no-front-end-url", "member_missing"),
        ("javascript-url", "web_address_refused"),
        ("changed-instance", "instance_id_changed"),
        ("other-instance", "instance_id_taken"),
        ("markup-instance-id", "member_bad_character"),
        ("denying", "result_refused"),
        ("refuse-000005", "result_refused"),
    ] {
        let run = run(behaviour).await;
        let found = failed(&run);
        assert!(found.contains(&code), "{behaviour}: {code} expected, found {found:?}\n{}", kit::text(&run));
    }
}

#[tokio::test]
async fn a_seller_of_one_version_does_not_answer_the_other() {
    for (spoken, protocol) in [(Spoken::V2, Protocol::V1), (Spoken::V1, Protocol::V2)] {
        let config = SellerConfig { spoken, ..SellerConfig::honest(AccessKey::parse(KEY).unwrap()) };
        let run = Bench::of(config).await.protocol(protocol).run().await;
        assert!(failed(&run).contains(&"status_refusal"), "{}", kit::text(&run));
    }
}

#[tokio::test]
async fn an_order_is_the_same_instance_after_a_restart() {
    use koogallery::v1::{Call, CallName, sign};
    let folder = std::env::temp_dir().join(format!("souk-kit-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let state: PathBuf = folder.join("accounts.jsonl");
    let mut instances = Vec::new();
    for business in ["b-1", "b-2"] {
        let config =
            SellerConfig { state_file: Some(state.clone()), ..SellerConfig::honest(AccessKey::parse(KEY).unwrap()) };
        let bench = Bench::of(config).await;
        let values =
            [("customerId", "c"), ("businessId", business), ("orderId", "CS1"), ("skuCode", "s"), ("productId", "p")];
        let values = values.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let call = Call::from_values(CallName::NewInstance, &values).unwrap();
        let address = koogallery::v2::ProductionAddress::parse(&bench.handle.production_url()).unwrap();
        let now = conformance::seller::SellerWorld::now_ms(&conformance::seller::SystemWorld);
        let stamp = format!("{}000", koogallery::UtcSecond::from_unix_ms(now).unwrap());
        let signed = sign(&call, &address, &AccessKey::parse(KEY).unwrap(), &stamp);
        let answer = get(&signed.url).await;
        assert!(answer.contains("\"resultCode\":\"000000\""), "{answer}");
        let accounts = bench.handle.accounts();
        assert_eq!(accounts.len(), 1);
        instances.push(accounts[0].instance_id.clone());
        assert!(!answer.contains(&accounts[0].password), "the password travels encrypted");
    }
    assert_eq!(instances, ["b-1", "b-1"]);
    let log = std::fs::read_to_string(folder.join("accounts.jsonl.calls")).unwrap();
    assert_eq!(log.lines().count(), 2, "the log of calls only grows");
    std::fs::remove_dir_all(folder).unwrap();
}

/// One GET over a plain connection.
async fn get(url: &str) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
    let request = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

/// A seller that makes one slip in computing the token, and answers everything else as it should.
async fn slipping(mistake: TokenMistake) -> String {
    seller(Some(mistake), |_| true).await
}

/// A small seller of this version. It looks at the token of the activities that `checks` says.
async fn seller(mistake: Option<TokenMistake>, checks: fn(&str) -> bool) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/produce", listener.local_addr().unwrap());
    let hear = move |RawQuery(query): RawQuery| async move {
        let key = AccessKey::parse(KEY).unwrap();
        let query = query.unwrap_or_default();
        let pairs: Vec<(String, String)> =
            query.split('&').filter_map(|pair| pair.split_once('=')).map(|(n, v)| (n.to_owned(), decoded(v))).collect();
        let said = |name: &str| pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
        let others: Vec<_> =
            pairs.iter().filter(|(n, _)| n != "authToken").map(|(n, v)| (n.as_str(), v.as_str())).collect();
        // The values as they came, never decoded: this slip is made here, not looked up.
        let raw = query.split('&').filter_map(|pair| pair.split_once('=')).filter(|(name, _)| *name != "authToken");
        let expected = match mistake {
            None => auth_token(&key, said("timeStamp"), others.iter().copied()),
            Some(TokenMistake::ValuesStillEncoded) => auth_token(&key, said("timeStamp"), raw),
            Some(mistake) => {
                let known = known_wrong(&key, said("timeStamp"), &others);
                known.into_iter().find(|(known, _)| *known == mistake).map(|(_, token)| token).unwrap_or_default()
            }
        };
        let known = koogallery::v1::CallName::parse(said("activity")).is_some();
        let heard = said("authToken") == expected || !checks(said("activity"));
        let body = if heard && !known {
            r#"{"resultCode":"000002"}"#.to_owned()
        } else if heard {
            let (instance, app) = (said("orderId"), r#"{"frontEndUrl":"https://app.example.com/"}"#);
            format!(r#"{{"resultCode":"000000","instanceId":"i-{instance}","appInfo":{app}}}"#)
        } else {
            r#"{"resultCode":"000001"}"#.to_owned()
        };
        let signature = body_sign::header_value(&key, body.as_bytes());
        ([("content-type", "application/json".to_owned()), ("body-sign", signature)], body).into_response()
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(hear)).await });
    url
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn every_known_slip_of_the_token_is_named() {
    use TokenMistake as M;
    for mistake in [
        M::Hexadecimal,
        M::Base64OfHexadecimal,
        M::KeyWithoutTimeStamp,
        M::TimeStampBeforeKey,
        M::SortedDescending,
        M::NotSorted,
        M::PlainHash,
    ] {
        let run = run_against(&slipping(mistake).await, |setup| setup.protocol = Protocol::V1).await;
        let slip = run.cases.iter().flat_map(|case| &case.findings).find(|finding| finding.code() == "token_slip");
        let said = slip.map(|finding| finding.message(koogallery::Language::English)).unwrap_or_default();
        assert!(said.contains(&mistake.to_string()), "{mistake:?}: {said}\n{}", kit::text(&run));
    }
}

/// A plain call has no value that is encoded in the address; the Chinese one has.
#[tokio::test]
async fn values_that_are_signed_without_decoding_them_are_named() {
    for (query, activity) in [("", "newInstance"), ("?shop=1-2", "newInstance"), ("", "expireInstance")] {
        let url = slipping(TokenMistake::ValuesStillEncoded).await + query;
        let change = |setup: &mut kit::Setup| {
            setup.protocol = Protocol::V1;
            setup.activities = vec![activity.to_owned()];
        };
        let run = run_against(&url, change).await;
        assert_eq!(failed(&run), ["chinese_text_refused", "token_slip"], "{activity}{query}: {}", kit::text(&run));
        let slip = run.cases.iter().flat_map(|case| &case.findings).find(|finding| finding.code() == "token_slip");
        let said = slip.unwrap().message(koogallery::Language::English);
        assert!(said.contains(TokenMistake::ValuesStillEncoded.message(koogallery::Language::English)), "{said}");
    }
}

#[tokio::test]
async fn a_slip_is_named_also_where_the_address_has_a_query_of_its_own() {
    for mistake in [TokenMistake::NotSorted, TokenMistake::Hexadecimal] {
        let url = slipping(mistake).await + "?shop=1";
        let run = run_against(&url, |setup| setup.protocol = Protocol::V1).await;
        let slip = run.cases.iter().flat_map(|case| &case.findings).find(|finding| finding.code() == "token_slip");
        let said = slip.map(|finding| finding.message(koogallery::Language::English)).unwrap_or_default();
        assert!(said.contains(&mistake.to_string()), "{mistake:?}: {said}\n{}", kit::text(&run));
    }
}

#[tokio::test]
async fn a_token_that_is_checked_in_one_activity_only_is_found_in_the_others() {
    let url = seller(None, |activity| activity == "newInstance").await;
    let run = run_against(&url, |setup| setup.protocol = Protocol::V1).await;
    let taken = ["wrong_signature_taken", "missing_signature_taken"];
    let at = |case: &&kit::Case| case.findings.iter().any(|finding| taken.contains(&finding.code()));
    let found: Vec<_> = run.cases.iter().filter(at).map(|case| case.activity.as_str()).collect();
    let others = ["refreshInstance", "expireInstance", "releaseInstance"];
    assert_eq!(found, others.map(|name| [name; 2]).concat(), "{}", kit::text(&run));
    let run = run_against(&seller(None, |_| true).await, |setup| setup.protocol = Protocol::V1).await;
    assert!(!failed(&run).iter().any(|code| taken.contains(code)), "{}", kit::text(&run));
}
