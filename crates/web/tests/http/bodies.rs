//! What the door refuses before anybody reads it, in our own words: too large, not JSON, malformed, unknown members, too
//! often (RFC 9457 problems for programs, pages for people).

use std::net::SocketAddr;
use std::num::NonZeroU32;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use http_kit::access::rows;
use http_kit::{Doors, Rates, assemble};
use serde_json::Value;
use testkit::{World, stores};
use tower::ServiceExt as _;

use crate::actors::{Actors, path_with};
use crate::door::{Answer, Sent, routes, service};

async fn world() -> World {
    World::over(stores::fresh_sqlite().await).await
}

/// The problem in an answer, which must be one.
fn problem(answer: &Answer) -> Value {
    let kind = answer.headers.get("content-type").and_then(|value| value.to_str().ok());
    assert_eq!(kind, Some("application/problem+json"), "{}", answer.body);
    let problem: Value = serde_json::from_str(&answer.body).expect("a problem is JSON");
    assert_eq!(problem["status"], answer.status.as_u16());
    assert_eq!(
        Some(&problem["request_id"]),
        answer.headers.get("x-request-id").and_then(|id| id.to_str().ok()).map(Value::from).as_ref()
    );
    assert_eq!(problem["type"], format!("/api#problem-{}", problem["code"].as_str().expect("a code")));
    let detail = problem["detail"].as_str().expect("a sentence");
    assert!(detail.contains(' ') && !detail.contains("line 1") && !detail.contains("serde"), "in our words: {detail}");
    problem
}

fn to(path: &str) -> Sent {
    Sent::new("POST", path).header("sec-fetch-site", "same-origin")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_cannot_be_read_is_refused_with_status_code_and_place() {
    let world = world().await;
    let service = service(&world);
    let json = "application/json";
    let good =
        r#""organisation_name":"Kestrel","name":"Lin","email":"lin@kestrel.example","password":"tall grey herons""#;
    let large = format!("{{{good},\"x\":\"{}\"}}", "x".repeat(7 * 1024 * 1024));
    for (kind, body, status, code, pointer) in [
        ("text/plain", format!("{{{good}}}"), 415, "media_type", ""),
        ("application/x-www-form-urlencoded", "name=Lin".to_owned(), 415, "media_type", ""),
        (json, format!("{{{good}"), 400, "malformed_json", ""),
        (json, String::new(), 400, "malformed_json", ""),
        (json, format!("{{{good}}}{{}}"), 400, "malformed_json", ""),
        (json, format!("{{{good},\"role\":\"operator\"}}"), 422, "unknown_member", "#/role"),
        (json, format!("{{{good},\"__proto__\":{{}}}}"), 422, "unknown_member", "#/__proto__"),
        (json, format!("{{{good},\"a/b\":1}}"), 422, "unknown_member", "#/a~1b"),
        (json, r#"{"organisation_name":"Kestrel"}"#.to_owned(), 422, "required", "#/name"),
        (json, format!("{{{good},\"name\":\"Wei\"}}"), 422, "given_twice", "#/name"),
        (json, good_but_number(good), 422, "wrong_type", "#/name"),
        (json, format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000)), 422, "wrong_type", ""),
        (json, large, 413, "body_too_large", ""),
    ] {
        let sent = to("/api/v1/sign-ups").header("content-type", kind).body(body.clone());
        let answer = sent.to(&service).await;
        let body: String = body.chars().take(120).collect();
        let problem = problem(&answer);
        assert_eq!(answer.status.as_u16(), status, "{body}: {}", answer.body);
        if code == "wrong_type" && pointer.is_empty() {
            continue;
        }
        if pointer.is_empty() {
            assert_eq!(problem["code"], code, "{body}");
        } else {
            assert_eq!(problem["code"], "invalid_input", "{body}");
            assert_eq!(problem["errors"][0]["code"], code, "{body}");
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{body}");
        }
    }
    assert_eq!(world.dump().await["users"].len(), 0, "nothing was stored");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signed_body_that_breaks_off_is_not_called_too_large() {
    let service = service(&world().await);
    let isv = "/api/mkp-openapi-public/global/v1";
    for (path, code) in [
        (format!("{isv}/isv/usage-data"), "MKT.0101"),
        ("/rest/marketplace/v1/isv/usage-data".to_owned(), "MKT.0101"),
        (format!("{isv}/license/activate"), "92020002"),
    ] {
        let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        let stream = futures_util::stream::iter([Ok("{\"usage_records\":["), Err(broken)]);
        let request = Request::post(&path).header("content-type", "application/json").body(Body::from_stream(stream));
        let mut request = request.expect("a good request");
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([11, 9, 9, 9], 40_000))));
        let response = service.clone().oneshot(request).await.expect("the service answers");
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.expect("a short body");
        let body = String::from_utf8_lossy(&body);
        assert_eq!(status.as_u16(), 400, "{path}: {body}");
        assert!(body.contains(code) && body.contains("the body broke off"), "{path}: {body}");
        let large = to(&path).body(" ".repeat(2 * 1024 * 1024 + 1)).to(&service).await;
        assert!(large.body.contains(code) && large.body.contains("the body is larger than"), "{path}: {}", large.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_on_a_path_of_sellers_servers_is_no_page() {
    let service = service(&world().await);
    for path in ["/rest/marketplace/v1/isv/usage-data", "/api/mkp-openapi-public/global/v1/isv/usage-data"] {
        let answer = Sent::new("GET", path).header("accept", "text/html").to(&service).await;
        assert_eq!(problem(&answer)["code"], "method_not_allowed", "{path}");
        assert_eq!(answer.headers["allow"], "POST", "{path}");
    }
    let answer = Sent::new("GET", "/rest/marketplace/v1/isv/nothing").to(&service).await;
    assert_eq!((answer.status.as_u16(), &problem(&answer)["code"]), (404, &"not_found".into()));
}

fn good_but_number(good: &str) -> String {
    format!("{{{}}}", good.replace("\"Lin\"", "7"))
}

/// What the API does without reading a body: whatever is sent along has no effect. (By row; ids do not exist.)
fn acts_without_a_body(method: &str, path: &str) -> bool {
    [("DELETE", "/api/v1/sessions"), ("POST", "/api/v1/notices/read")].contains(&(method, path))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_writing_route_of_the_api_refuses_what_it_cannot_read_with_a_problem() {
    let world = world().await;
    let service = service(&world);
    let actors = Actors::gather(&world).await;
    let mut asked = 0;
    for row in rows().filter(|row| row.path.starts_with("/api/v1/") && row.method != "GET") {
        if acts_without_a_body(row.method, row.path) {
            continue;
        }
        let path = path_with(row.path, "nothing");
        for (name, person) in actors.people() {
            let before = world.dump().await;
            for body in ["{", r#"{"no_such_member_anywhere":true}"#, "\u{1f980}", "[[[["] {
                let sent = Sent::new(row.method, &path)
                    .header("authorization", &format!("Bearer {}", person.token))
                    .header("sec-fetch-site", "same-origin")
                    .header("content-type", "application/json")
                    .body(body.to_owned());
                let answer = sent.to(&service).await;
                assert!(
                    answer.status.is_client_error(),
                    "{} {path} by {name} answers {} to {body}",
                    row.method,
                    answer.status
                );
                problem(&answer);
                asked += 1;
            }
            assert_eq!(world.dump().await, before, "{} {path} by {name} wrote", row.method);
        }
    }
    assert!(asked > 100, "only {asked} requests");
}

/// The operations that the description says need a key.
fn keyed_operations() -> Vec<(String, String)> {
    let description = serde_json::to_value(api::describe()).expect("the description is JSON");
    let paths = description["paths"].as_object().expect("it has paths");
    let mut keyed = Vec::new();
    for (path, operations) in paths {
        for (method, operation) in operations.as_object().expect("operations") {
            let mut parameters = operation["parameters"].as_array().into_iter().flatten();
            if parameters.any(|parameter| parameter["name"] == "Idempotency-Key" && parameter["required"] == true) {
                assert!(
                    operation["responses"]["400"]["description"].as_str().is_some_and(|words| words.contains("Key"))
                );
                keyed.push((method.to_uppercase(), path.clone()));
            }
        }
    }
    keyed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_that_needs_a_key_and_has_none_is_refused_with_400_before_anything_is_read() {
    let world = world().await;
    let service = service(&world);
    let actors = Actors::gather(&world).await;
    let keyed = keyed_operations();
    assert!(keyed.len() >= 2, "orders and top-ups at least: {keyed:?}");
    for (method, path) in keyed {
        let before = world.dump().await;
        let mut told = 0;
        for body in [r#"{"no_such_member_anywhere":true}"#, "{}", "{"] {
            for (name, person) in actors.people() {
                let sent = Sent::new(&method, &path_with(&path, "nothing"))
                    .header("authorization", &format!("Bearer {}", person.token))
                    .header("content-type", "application/json")
                    .body(body.to_owned());
                let answer = sent.to(&service).await;
                let problem = problem(&answer);
                match answer.status.as_u16() {
                    400 => assert_eq!(problem["code"], "idempotency_key_missing", "{method} {path} by {name}"),
                    status => assert!(matches!(status, 403 | 404), "{method} {path} by {name} answers {status}"),
                }
                told += u32::from(answer.status.as_u16() == 400);
            }
        }
        assert!(told >= 3, "{method} {path}: nobody was told");
        assert_eq!(world.dump().await, before, "{method} {path} wrote");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_says_the_same_as_a_page() {
    let world = world().await;
    let service = service(&world);
    let form = "application/x-www-form-urlencoded";
    let large = format!("name={}", "x".repeat(7 * 1024 * 1024));
    for (kind, body, status, code) in [
        (form, large, 413, "body_too_large"),
        ("application/json", "{}".to_owned(), 415, "media_type"),
        ("text/plain", "name=Lin".to_owned(), 415, "media_type"),
    ] {
        let answer = to("/sign-up").header("content-type", kind).body(body).to(&service).await;
        assert_eq!(answer.status.as_u16(), status, "{kind}");
        assert!(
            answer.body.contains("<!doctype html>") || answer.body.contains("<!DOCTYPE html>"),
            "{kind}: a whole page"
        );
        assert!(answer.body.contains(code), "{kind}: the page names {code}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asks_too_often_is_told_when_to_come_back() {
    let world = world().await;
    let one = NonZeroU32::MIN;
    let proxy = "203.0.113.10".parse().expect("an address");
    let doors = Doors {
        routes: routes(),
        page: web::problem_page,
        rates: Rates { visitors: one, programs: one, signed: one, pushes: one },
        proxies: vec![proxy],
    };
    let service = assemble(world.app.clone(), doors);
    let from_one_address = |path: &str| Sent::new("GET", path).from([203, 0, 113, 7]);
    let mut refused = None;
    for _ in 0..8 {
        let answer = from_one_address("/api/v1/me").to(&service).await;
        if answer.status.as_u16() == 429 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("the bucket holds four");
    assert_eq!(problem(&refused)["code"], "too_often");
    let seconds: u64 = refused.headers["retry-after"].to_str().expect("text").parse().expect("whole seconds");
    assert!((1..=5).contains(&seconds), "{seconds}");
    let page = from_one_address("/help").to(&service).await;
    assert_eq!((page.status.as_u16(), page.headers.contains_key("retry-after")), (429, true));
    assert!(page.body.contains("too_often"));
    let elsewhere = Sent::new("GET", "/help").from([203, 0, 113, 8]).to(&service).await;
    assert_eq!(elsewhere.status.as_u16(), 200, "others are not made to wait");
    let spoofed = from_one_address("/help").header("x-forwarded-for", "198.51.100.1").to(&service).await;
    assert_eq!(spoofed.status.as_u16(), 429, "a forwarded address that nobody vouches for is not believed");
    for visitor in 1..=12 {
        let client = format!("198.51.100.{visitor}");
        let page =
            Sent::new("GET", "/help").from([203, 0, 113, 10]).header("x-forwarded-for", &client).to(&service).await;
        assert_eq!(page.status.as_u16(), 200, "visitors behind our proxy are told apart");
    }
}
