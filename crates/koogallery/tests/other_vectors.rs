//! Every published vector outside V2's basic calls: V1, encrypted fields, joint operations, gateway, usage push.
#![allow(clippy::unwrap_used, reason = "a vector that cannot be read must stop the test")]

use std::collections::BTreeMap;

use koogallery::gateway::{ApiRequest, Authorization, GatewayError};
use koogallery::v1::field_cipher::{EncryptType, decrypt, derive_key, encrypt};
use koogallery::v1::{Call, CallName, V1Refusal};
use koogallery::v2::ProductionAddress;
use koogallery::v2::RecentNonces;
use koogallery::{AccessKey, Json, Nonce, gateway, joint_operations, usage_push, v1};

fn vectors() -> Json {
    Json::parse(include_bytes!("vectors.json")).unwrap()
}

fn list(name: &str) -> Vec<Json> {
    vectors().get(name).and_then(Json::as_list).unwrap().to_vec()
}

fn text<'j>(item: &'j Json, name: &str) -> &'j str {
    item.get(name).and_then(Json::as_text).unwrap()
}

fn texts(item: &Json, name: &str) -> Vec<(String, String)> {
    match item.get(name) {
        Some(Json::Object(members)) => {
            members.iter().map(|(n, v)| (n.clone(), v.as_text().unwrap().to_owned())).collect()
        }
        other => unreachable!("{name}: {other:?}"),
    }
}

fn key(item: &Json) -> AccessKey {
    AccessKey::parse(text(item, "access_key")).unwrap()
}

#[test]
fn every_v1_call_is_signed_and_verified_as_published() {
    let address = ProductionAddress::parse("https://saas.example.com/produce").unwrap();
    let items = list("v1_auth_token_get");
    assert_eq!(items.len(), 11);
    for item in items {
        let mut values: BTreeMap<_, _> = texts(&item, "params_decoded").into_iter().collect();
        let name = CallName::parse(&values.remove("activity").unwrap()).unwrap();
        let time_stamp = values.remove("timeStamp").unwrap();
        let call = Call::from_values(name, &values).unwrap();
        let signed = v1::sign(&call, &address, &key(&item), &time_stamp);
        assert_eq!(signed.string_to_sign, text(&item, "string_to_sign"));
        assert_eq!(signed.auth_token, text(&item, "authToken"));
        assert_eq!(signed.url, text(&item, "url"));
        let query = signed.url.split_once('?').unwrap().1;
        assert_eq!(v1::verify_call(&key(&item), query), Ok(call.clone()));
        let careless = query.replace("%2B", "+").replace("%2F", "/");
        if !careless.contains("mobilePhone") {
            assert_eq!(
                v1::verify_call(&key(&item), &careless.replace('+', "%20")),
                Ok(call),
                "a token with blanks for plus"
            );
        }
        let forged = query.replace("timeStamp=2026", "timeStamp=2027");
        assert_eq!(v1::verify_call(&key(&item), &forged), Err(V1Refusal::TokenDiffers));
    }
}

#[test]
fn the_token_in_the_header_skips_blank_values() {
    for item in list("v1_auth_token_post_header") {
        let members = texts(&item, "params");
        let pairs = members.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let (stamp, token) = (text(&item, "timeStamp"), text(&item, "authToken"));
        assert_eq!(v1::body_token(&key(&item), stamp, pairs.clone()), token);
        assert!(v1::verify_body_token(&key(&item), stamp, pairs.clone(), token));
        // The blank member is not signed; every other thing is.
        let with_order = pairs.clone().map(|(name, value)| (name, if name == "orderId" { "CS1" } else { value }));
        let other_tenant = pairs.clone().map(|(name, value)| (name, if name == "tenantId" { "t-2" } else { value }));
        assert!(!v1::verify_body_token(&key(&item), stamp, with_order, token));
        assert!(!v1::verify_body_token(&key(&item), stamp, other_tenant, token));
        assert!(!v1::verify_body_token(&key(&item), "20260115173000001", pairs.clone(), token));
        let other_key = AccessKey::parse("kg-test-joint-key-0003").unwrap();
        assert!(!v1::verify_body_token(&other_key, stamp, pairs.clone(), token));
        assert!(!v1::verify_body_token(&key(&item), stamp, pairs, &token.to_lowercase()));
    }
}

/// The body as it stands in the POST, where flags are numbers and absent members null.
fn posted(item: &Json) -> Json {
    let member = |(name, value): (String, String)| match name.as_str() {
        "flag" | "testFlag" => (name, Json::parse(value.as_bytes()).unwrap()),
        _ => (name, Json::text(&value)),
    };
    let mut members: Vec<_> = texts(item, "params").into_iter().map(member).collect();
    members.push(("parentCode".to_owned(), Json::Null));
    Json::Object(members)
}

#[test]
fn the_members_of_a_body_of_version_one_are_those_that_are_signed() {
    for item in list("v1_auth_token_post_header") {
        let name = joint_operations::SyncName::of_path(&format!("/produceAPI/{}", "tenantSync")).unwrap();
        assert_eq!(name.sub_path_v1(), "/produceAPI/tenantSync");
        let members = name.members_v1(&posted(&item));
        assert_eq!(members, texts(&item, "params"), "numbers are text, null is left out, blank ones are kept");
        let pairs = members.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        assert!(v1::verify_body_token(&key(&item), text(&item, "timeStamp"), pairs, text(&item, "authToken")));
    }
}

#[test]
fn lists_of_version_one_are_signed_as_the_text_they_travel_as() {
    let users = r#"[{"userName":"zhao.min","name":"赵敏"}]"#;
    let as_list = Json::parse(format!(r#"{{"flag":1,"userList":{users}}}"#).as_bytes()).unwrap();
    let as_text = Json::Object(vec![("flag".into(), Json::text("1")), ("userList".into(), Json::text(users))]);
    let name = joint_operations::SyncName::Authorisation;
    let expected = [("flag".to_owned(), "1".to_owned()), ("userList".to_owned(), users.to_owned())];
    assert_eq!(name.members_v1(&as_list), expected);
    assert_eq!(name.members_v1(&as_text), expected);
    assert_eq!(name.members_v1(&Json::List(Vec::new())), []);
}

#[test]
fn sensitive_fields_are_encrypted_and_decrypted_as_published() {
    let vectors = vectors();
    let cases = vectors.get("v1_sensitive_fields").and_then(|part| part.get("cases")).and_then(Json::as_list).unwrap();
    assert_eq!(cases.len(), 10);
    for case in cases {
        let kind = EncryptType::parse(text(case, "encryptType")).unwrap();
        let field = encrypt(&key(case), kind, text(case, "iv_text"), text(case, "plaintext"));
        assert_eq!(field.as_deref(), Some(text(case, "field_value")));
        assert_eq!(decrypt(&key(case), kind, text(case, "field_value")).as_deref(), Ok(text(case, "plaintext")));
    }
    for broken in ["", "short", "Ab3dEf6hIj9kLm2n", "Ab3dEf6hIj9kLm2n!!!!", "Ab3dEf6hIj9kLm2nAAAA", "密密密密密密密密"]
    {
        assert!(decrypt(&key(&cases[0]), EncryptType::Aes256, broken).is_err(), "{broken}");
    }
}

#[test]
fn keys_are_derived_as_java_does_it() {
    for item in list("v1_key_derivation_only") {
        let derived = hex::encode(derive_key(text(&item, "access_key").as_bytes()));
        assert_eq!(derived, text(&item, "aes256_key_hex"));
        assert!(derived.starts_with(text(&item, "aes128_key_hex")));
    }
}

#[test]
fn joint_operations_are_signed_and_verified_as_published() {
    let items = list("v2_joint_operations_x_sign");
    assert_eq!(items.len(), 5);
    for item in items {
        let headers: BTreeMap<_, _> = texts(&item, "headers").into_iter().collect();
        let now_ms: i64 = headers["x-timestamp"].parse().unwrap();
        let nonce = Nonce::parse(&headers["x-nonce"]).unwrap();
        let signed = joint_operations::sign(item.get("body_as_given").unwrap().clone(), &key(&item), &nonce, now_ms);
        assert_eq!(signed.payload, text(&item, "request_payload"));
        assert_eq!(signed.x_sign, text(&item, "x_sign_hex_lower"));
        assert!(joint_operations::SUB_PATHS.contains(&text(&item, "sub_path")));
        let name = joint_operations::SyncName::of_path(text(&item, "sub_path")).unwrap();
        assert_eq!(name.check(item.get("body_as_given").unwrap()), [], "{}", name.as_str());
        let headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let headers = joint_operations::SyncHeaders::from_headers(headers.chain([("x-sign", signed.x_sign.as_str())]));
        let refusal = |payload: &str, now_ms| {
            let (key, mut nonces) = (key(&item), RecentNonces::default());
            joint_operations::verify_request(&key, name, &headers, payload.as_bytes(), now_ms, &mut nonces).err()
        };
        assert_eq!(refusal(&signed.payload, now_ms + 60_000), None);
        let late = joint_operations::Refusal::TimestampOutsideWindow { difference_ms: 60_001 };
        assert_eq!(refusal(&signed.payload, now_ms + 60_001), Some(late));
        let forged = signed.payload.replace("t-0001", "t-0002");
        assert_eq!(refusal(&forged, now_ms), Some(joint_operations::Refusal::SignatureDiffers));
    }
}

#[test]
fn usage_pushes_are_signed_and_verified_as_published() {
    for item in list("openapi_usage_push_signature") {
        let key = AccessKey::parse(text(&item, "seller_key")).unwrap();
        let headers: BTreeMap<_, _> = texts(&item, "headers").into_iter().collect();
        let body = text(&item, "body");
        assert_eq!(
            usage_push::signature(&key, &headers["ts"], &headers["nonce"], body),
            text(&item, "signature_base64")
        );
        assert_eq!(usage_push::sorted_body(body.as_bytes()).as_deref(), Some(body));
        let spread = body.replace(',', " ,\n");
        assert!(usage_push::verify(&key, &headers["ts"], &headers["nonce"], spread.as_bytes(), &headers["signature"]));
        assert!(!usage_push::verify(&key, &headers["ts"], "other", body.as_bytes(), &headers["signature"]));
    }
}

#[test]
fn gateway_requests_are_signed_and_verified_as_published() {
    let items = list("openapi_ak_sk_signature");
    assert_eq!(items.len(), 3);
    for item in items {
        let mut headers = texts(&item, "headers");
        headers.push(("Host".into(), text(&item, "host").into()));
        let query = texts(&item, "query");
        let request = ApiRequest {
            method: text(&item, "method"),
            path: text(&item, "path"),
            query: &query,
            headers: &headers,
            body: text(&item, "body").as_bytes(),
        };
        let signed = gateway::sign(text(&item, "ak"), text(&item, "sk"), &request).unwrap();
        assert_eq!(
            gateway::canonical_request(&request, &signed.signed_headers).unwrap(),
            text(&item, "canonical_request")
        );
        assert_eq!(signed.to_value(), text(&item, "authorization"));
        assert_eq!(Authorization::parse(text(&item, "authorization")).as_ref(), Some(&signed));

        let date = headers.iter().find(|(name, _)| name == "X-Sdk-Date").unwrap().1.replace(['T', 'Z'], "");
        let now_ms = koogallery::UtcSecond::parse(&date).unwrap().unix_ms();
        let verify = |secret, request: &ApiRequest<'_>, now_ms| gateway::verify(&signed, secret, request, now_ms);
        assert_eq!(verify(text(&item, "sk"), &request, now_ms + gateway::WINDOW_MS), Ok(()));
        assert_eq!(
            verify(text(&item, "sk"), &request, now_ms + gateway::WINDOW_MS + 1),
            Err(GatewayError::OutsideWindow)
        );
        assert_eq!(verify("other", &request, now_ms), Err(GatewayError::SignatureDiffers));
        let tampered = ApiRequest { body: b"x", ..request.clone() };
        assert_eq!(verify(text(&item, "sk"), &tampered, now_ms), Err(GatewayError::SignatureDiffers));
        let doubled: Vec<_> = headers.iter().cloned().chain([("host".to_owned(), "evil.example".to_owned())]).collect();
        let unclear = ApiRequest { headers: &doubled, ..request };
        assert_eq!(verify(text(&item, "sk"), &unclear, now_ms), Err(GatewayError::HeaderUnclear));
    }
}
