//! Every published vector of V2 and of the answer's signature, signed and verified. The file is the one that sellers test with.
#![allow(clippy::unwrap_used, reason = "a vector that cannot be read must stop the test")]

use koogallery::v2::{
    Activity, Mistake, NonceMemory, ProductionAddress, RecentNonces, Sighting, SignedQuery, diagnose, sign,
    verify_request,
};
use koogallery::{AccessKey, Json, Nonce, ResultCode, body_sign};

fn vectors() -> Json {
    Json::parse(include_bytes!("vectors.json")).unwrap()
}

fn list(name: &str) -> Vec<Json> {
    vectors().get(name).and_then(Json::as_list).unwrap().to_vec()
}

fn text<'j>(item: &'j Json, name: &str) -> &'j str {
    item.get(name).and_then(Json::as_text).unwrap()
}

fn key(item: &Json) -> AccessKey {
    AccessKey::parse(text(item, "access_key")).unwrap()
}

#[test]
fn every_v2_request_is_signed_as_published() {
    let items = list("v2_request_signature");
    assert_eq!(items.len(), 23);
    let address = ProductionAddress::parse("https://saas.example.com/produce").unwrap();
    for item in items {
        let name = text(&item, "name");
        let call = Activity::parse(item.get("body_as_given").unwrap()).unwrap();
        assert_eq!(call.payload(), text(&item, "request_payload"), "{name}");
        let nonce = Nonce::parse(text(&item, "nonce")).unwrap();
        let signed = sign(call, &address, &key(&item), &nonce, text(&item, "timestamp").parse().unwrap());
        assert_eq!(signed.explanation().inner, text(&item, "payload_hmac_hex_lower"), "{name}");
        assert_eq!(signed.signature(), text(&item, "signature_hex_upper"), "{name}");
        assert_eq!(signed.url(), text(&item, "url"), "{name}");
        assert_eq!(signed.body(), text(&item, "request_payload").as_bytes(), "{name}");
        let [_, rest @ ..] = &signed.explanation().canonical;
        assert_eq!(
            format!("{}{}", text(&item, "access_key"), rest.concat()),
            text(&item, "canonical_request"),
            "{name}"
        );
    }
}

#[test]
fn every_v2_request_is_verified_in_both_cases_of_its_signature() {
    for item in list("v2_request_signature") {
        let name = text(&item, "name");
        for signature in ["signature_hex_upper", "signature_hex_lower"] {
            let query = SignedQuery {
                signature: Some(text(&item, signature).into()),
                timestamp: Some(text(&item, "timestamp").into()),
                nonce: Some(text(&item, "nonce").into()),
            };
            let now_ms = text(&item, "timestamp").parse().unwrap();
            let sent = text(&item, "request_payload").as_bytes();
            let heard = verify_request(&key(&item), &query, sent, now_ms, &mut RecentNonces::default());
            assert_eq!(heard.as_ref(), Ok(&Activity::parse(item.get("body_as_given").unwrap()).unwrap()), "{name}");
            // A proxy that writes the body anew, unsorted and with blanks, does no harm.
            let rewritten = item.get("body_as_given").unwrap().to_compact().replace(",\"", ", \"");
            let heard = verify_request(&key(&item), &query, rewritten.as_bytes(), now_ms, &mut RecentNonces::default());
            assert!(heard.is_ok(), "{name}");
        }
    }
}

#[test]
fn a_seller_answers_each_documented_case_with_its_code() {
    let vectors = vectors();
    let cases =
        vectors.get("v2_seller_side_outcomes").and_then(|part| part.get("cases")).and_then(Json::as_list).unwrap();
    assert_eq!(cases.len(), 8);
    for case in cases {
        let given = |name: &str| Some(text(case, name).to_owned()).filter(|value| !value.is_empty());
        let nonce = if text(case, "name") == "missing-nonce" { None } else { given("nonce") };
        let query = SignedQuery { signature: given("signature"), timestamp: given("timestamp"), nonce };
        let now_ms = text(case, "now_ms").parse().unwrap();
        let heard = verify_request(
            &key(case),
            &query,
            text(case, "request_payload").as_bytes(),
            now_ms,
            &mut RecentNonces::default(),
        );
        let code = heard.map_or_else(|refusal| refusal.result_code(), |_| ResultCode::Success);
        assert_eq!(code.as_str(), text(case, "expect_result_code"), "{}", text(case, "name"));
    }
}

#[test]
fn a_stranger_cannot_fill_the_memory_of_nonces() {
    struct Counted(usize);
    impl NonceMemory for Counted {
        fn remember(&mut self, _: &str, _: i64, _: i64) -> Sighting {
            self.0 += 1;
            Sighting::New
        }
    }
    let item = list("v2_request_signature").remove(0);
    let query = SignedQuery { signature: Some("00".into()), timestamp: Some("5".into()), nonce: Some("n".into()) };
    let mut memory = Counted(0);
    assert!(verify_request(&key(&item), &query, b"{}", 5, &mut memory).is_err());
    assert_eq!(memory.0, 0);
}

#[test]
fn known_wrong_variants_are_named() {
    let vectors = vectors();
    let wrong = vectors.get("v2_known_wrong_variants").unwrap();
    let item = list("v2_request_signature").remove(0);
    let variants = [
        Mistake::InnerPlainSha256,
        Mistake::KeysSortedDescending,
        Mistake::KeysInGivenOrder,
        Mistake::SpacedJson,
        Mistake::TimestampInSeconds,
        Mistake::PayloadInsteadOfInner,
    ];
    for mistake in variants {
        let query = SignedQuery {
            signature: Some(text(wrong, mistake.code()).into()),
            timestamp: Some(text(&item, "timestamp").into()),
            nonce: Some(text(&item, "nonce").into()),
        };
        assert_eq!(diagnose(&key(&item), &query, text(&item, "request_payload").as_bytes()), Some(mistake));
    }
    let right = SignedQuery {
        signature: Some(text(&item, "signature_hex_upper").into()),
        timestamp: Some(text(&item, "timestamp").into()),
        nonce: Some(text(&item, "nonce").into()),
    };
    assert_eq!(diagnose(&key(&item), &right, text(&item, "request_payload").as_bytes()), None);
}

#[test]
fn every_answer_is_signed_and_verified_as_published() {
    for item in list("body_sign_response") {
        let body = text(&item, "body_utf8").as_bytes();
        assert_eq!(format!("Body-Sign: {}", body_sign::header_value(&key(&item), body)), text(&item, "header"));
        for form in ["header", "header_with_space"] {
            let value = text(&item, form).strip_prefix("Body-Sign: ").unwrap();
            assert_eq!(body_sign::check(&key(&item), value, body), Ok(()));
            assert!(body_sign::check(&key(&item), value, &[body, b" "].concat()).is_err());
        }
    }
}
