//! What every answer carries, whatever it is: pages, API, files, refusals, faults (security.md S-10, S-11, S-31, S-32).

use app::Settings;
use axum::Router;
use axum::http::{HeaderMap, Method, StatusCode};
use testkit::people::PASSWORD;
use testkit::{World, stores};

use crate::actors::{Actors, path_with};
use crate::door::{Answer, Proof, Sent, routes, send, service};

const POLICY: [&str; 6] = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
];

/// Routes whose answers may be kept by caches, and why: everything there is public and named by its content.
const KEPT: [&str; 6] =
    ["/assets/{name}", "/favicon.svg", "/images/{name}", "/sitemap.xml", "/robots.txt", "/api/openapi.json"];

fn text<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Everything that is wrong with the headers of one answer.
fn faults(answer: &Answer, may_be_kept: bool, https: bool) -> Vec<String> {
    let headers = &answer.headers;
    let mut faults = Vec::new();
    let mut want = |good: bool, what: &str| {
        if !good {
            faults.push(format!("{what} ({})", answer.status));
        }
    };
    let policy = text(headers, "content-security-policy");
    for part in POLICY {
        want(policy.contains(part), part);
    }
    want(!policy.contains("unsafe"), "no unsafe source in the policy");
    want(headers.get_all("content-security-policy").iter().count() == 1, "one policy");
    want(text(headers, "x-content-type-options") == "nosniff", "nosniff");
    want(text(headers, "referrer-policy") == "same-origin", "referrer-policy");
    want(text(headers, "cross-origin-opener-policy") == "same-origin", "cross-origin-opener-policy");
    want(headers.contains_key("permissions-policy"), "permissions-policy");
    want(text(headers, "x-request-id").starts_with("req_"), "x-request-id");
    want(headers.contains_key("strict-transport-security") == https, "strict-transport-security on https only");
    want(!headers.contains_key("server") && !headers.contains_key("x-powered-by"), "no version banner");
    let kept = !text(headers, "cache-control").contains("no-store");
    want(!kept || (may_be_kept && answer.status.is_success()), "no-store");
    want(headers.contains_key("cache-control"), "cache-control");
    want(!answer.body.contains("panicked at") && !answer.body.contains(".rs:"), "no trace of our sources");
    if !answer.body.is_empty() && answer.status != StatusCode::NO_CONTENT {
        want(headers.contains_key("content-type"), "content-type");
    }
    for cookie in answer.cookies() {
        want(cookie.contains("; Path=/; HttpOnly; SameSite=Lax"), cookie);
        want(cookie.starts_with("__Host-") == https && cookie.contains("; Secure") == https, cookie);
        want(!cookie.contains("Domain"), cookie);
    }
    faults
}

async fn check_every_route(world: &World, https: bool) {
    let service = service(world);
    let actors = Actors::gather(world).await;
    let mut faults_found = Vec::new();
    let mut asked = 0;
    for row in routes().rows() {
        for (name, proof) in actors.proofs(https) {
            let answer = send(&service, row.method, &path_with(row.path, "nothing"), &proof, None).await;
            asked += 1;
            for fault in faults(&answer, KEPT.contains(&row.path), https) {
                faults_found.push(format!("{} {} by {name}: {fault}", row.method, row.path));
            }
        }
    }
    assert!(asked > 200, "only {asked} answers were looked at");
    assert!(faults_found.is_empty(), "{} faults:\n{}", faults_found.len(), faults_found.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_answers_with_the_security_headers_on_http() {
    check_every_route(&World::over(stores::fresh_sqlite().await).await, false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_answers_with_the_security_headers_on_https() {
    check_every_route(&https_world().await, true).await;
}

async fn https_world() -> World {
    let mut settings = Settings::default();
    settings.site.public_url = "https://market.example".to_owned();
    World::with(stores::fresh_sqlite().await, settings).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_cookie_on_https_is_bound_to_the_host() {
    let world = https_world().await;
    let service = service(&world);
    let lin = world.customer("Kestrel").await;
    let form = format!("email={}&password={}", lin.email.replace('@', "%40"), PASSWORD.replace(' ', "+"));
    let signed_in = send(&service, "POST", "/sign-in", &Proof::Nobody, Some(&form)).await;
    let cookies = signed_in.cookies();
    assert!(cookies.iter().any(|cookie| cookie.starts_with("__Host-souk=souk_s_")), "{cookies:?}");
    assert_eq!(faults(&signed_in, false, true), Vec::<String>::new());
    let chosen = send(&service, "POST", "/preferences", &Proof::Nobody, Some("language=zh&theme=dark")).await;
    // Both are ours to set in one answer, each bound to this host.
    assert!(!chosen.cookies().is_empty());
    assert_eq!(faults(&chosen, false, true), Vec::<String>::new());
    let asked = send(&service, "GET", "/help?lang=zh", &Proof::Nobody, None).await;
    assert!(asked.cookies().iter().any(|cookie| cookie.starts_with("__Host-language=zh")), "{:?}", asked.cookies());
    // A cookie without the prefix, which a neighbour host could set, opens nothing here.
    let neighbour = Sent::new("GET", "/account").header("cookie", &format!("souk={}", lin.token));
    assert_eq!(neighbour.to(&service).await.status, StatusCode::SEE_OTHER);
    let own = Sent::new("GET", "/account").header("cookie", &format!("__Host-souk={}", lin.token));
    assert_eq!(own.to(&service).await.status, StatusCode::OK);
}

async fn bare(service: &Router, method: &str, path: &str) -> Answer {
    Sent::new(method, path).to(service).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn errors_that_no_handler_made_have_headers_status_and_a_code_too() {
    let world = World::over(stores::fresh_sqlite().await).await;
    let service = service(&world);
    for (method, path, status, code) in [
        ("GET", "/no-such-page", 404, "not_found"),
        ("GET", "/api/v1/no-such-thing", 404, "not_found"),
        ("GET", "/%00", 404, "not_found"),
        ("GET", "/..%2f..%2fetc%2fpasswd", 404, "not_found"),
        ("GET", "/assets/..%2f..%2fCargo.toml", 404, "not_found"),
        ("DELETE", "/help", 405, "method_not_allowed"),
        ("PUT", "/api/v1/sign-ups", 405, "method_not_allowed"),
        ("PATCH", "/sign-in", 405, "method_not_allowed"),
        ("GET", "/api/v1/me", 401, "sign_in_needed"),
    ] {
        let answer = bare(&service, method, path).await;
        assert_eq!(answer.status.as_u16(), status, "{method} {path}: {}", answer.body);
        assert_eq!(faults(&answer, false, false), Vec::<String>::new(), "{method} {path}");
        if path.starts_with("/api/") {
            assert_eq!(text(&answer.headers, "content-type"), "application/problem+json", "{method} {path}");
            let problem: serde_json::Value = serde_json::from_str(&answer.body).expect("a problem is JSON");
            assert_eq!(problem["code"], code);
            assert_eq!(problem["status"], status);
            assert_eq!(problem["request_id"], text(&answer.headers, "x-request-id"), "the same request");
        } else {
            assert!(answer.body.contains(code), "{method} {path}: the page names the code");
        }
        assert_eq!(answer.headers.contains_key("allow"), status == 405, "{method} {path}: what is allowed is said");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn head_answers_like_get_and_trace_options_and_connect_do_nothing() {
    let world = World::over(stores::fresh_sqlite().await).await;
    let service = service(&world);
    let actors = Actors::gather(&world).await;
    let before = world.dump().await;
    for row in routes().rows().iter().filter(|row| row.method == "GET") {
        let path = path_with(row.path, "nothing");
        let (head, get) = (bare(&service, "HEAD", &path).await, bare(&service, "GET", &path).await);
        assert_eq!(head.status, get.status, "HEAD {path}");
    }
    for row in routes().rows() {
        let path = path_with(row.path, "nothing");
        for method in [Method::TRACE, Method::OPTIONS, Method::CONNECT] {
            for (name, proof) in actors.proofs(false) {
                if method == Method::CONNECT && name != "nobody" {
                    continue;
                }
                let answer = send(&service, method.as_str(), &path, &proof, Some("")).await;
                assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path} by {name}");
                assert!(!answer.body.contains("souk_s_"), "{method} {path} echoes the request");
            }
        }
    }
    assert_eq!(world.dump().await, before);
}
