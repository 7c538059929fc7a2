//! The service of a test world, and requests to it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_kit::{Doors, Routes, assemble};
use testkit::World;
use tower::ServiceExt as _;

/// Every route of the marketplace, as `souk serve` has them.
pub fn routes() -> Routes {
    let description = serde_json::to_value(api::describe()).expect("the description is JSON");
    Routes::new().and(http_kit::health::routes()).and(api::routes()).and(web::routes(description))
}

/// The service of this world.
pub fn service(world: &World) -> Router {
    let plenty = NonZeroU32::new(1_000_000).expect("not zero");
    let doors =
        Doors { routes: routes(), page: web::problem_page, visitors_per_second: plenty, programs_per_second: plenty };
    assemble(world.app.clone(), doors)
}

/// How a request proves who sends it.
#[derive(Clone, Debug)]
pub enum Proof {
    /// Not at all.
    Nobody,
    /// A session: by cookie for pages, by header for the API.
    Session(String),
    /// An access key and its secret.
    Key(String, String),
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    /// Where a redirect leads.
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Every cookie that is set.
    pub fn cookies(&self) -> Vec<&str> {
        self.headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok()).collect()
    }
}

/// A request of a browser or program, from a network address that nobody else has.
pub async fn send(service: &Router, method: &str, path: &str, proof: &Proof, body: Option<&str>) -> Answer {
    static NEXT: AtomicU32 = AtomicU32::new(0x0b00_0001);
    let api = path.starts_with("/api/");
    let mut request = Request::builder().method(method).uri(path).header("sec-fetch-site", "same-origin");
    request = match proof {
        Proof::Nobody => request,
        Proof::Session(token) if api => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
        Proof::Session(token) => request.header(header::COOKIE, format!("souk={token}")),
        Proof::Key(key, secret) => request.header(header::AUTHORIZATION, basic(key, secret)),
    };
    if method != "GET" {
        let kind = if api { "application/json" } else { "application/x-www-form-urlencoded" };
        if api {
            static KEY: AtomicU32 = AtomicU32::new(1);
            request = request.header("idempotency-key", format!("key-{}", KEY.fetch_add(1, Ordering::Relaxed)));
        }
        request = request.header(header::CONTENT_TYPE, kind);
    }
    if api && path.ends_with("/top-ups") {
        // A write that cannot do without a key, which names nothing that the tests look at.
        request = request.header("idempotency-key", format!("key-{}", NEXT.load(Ordering::Relaxed)));
    }
    let body = body.unwrap_or(if api && method != "GET" { "{}" } else { "" });
    let mut request = request.body(Body::from(body.to_owned())).expect("a good request");
    let address = IpAddr::V4(Ipv4Addr::from(NEXT.fetch_add(1, Ordering::Relaxed)));
    request.extensions_mut().insert(ConnectInfo(SocketAddr::new(address, 40_000)));
    let response = service.clone().oneshot(request).await.expect("the service answers");
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, 16 * 1024 * 1024).await.expect("a bounded body");
    Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&body).into_owned() }
}

/// HTTP Basic, with base64 written out so that the tests need no library for it.
fn basic(key: &str, secret: &str) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::from("Basic ");
    for piece in format!("{key}:{secret}").as_bytes().chunks(3) {
        let bits =
            piece.iter().enumerate().fold(0_u32, |bits, (place, byte)| bits | u32::from(*byte) << (16 - 8 * place));
        for place in 0..4 {
            let sign = SIGNS[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place > piece.len() { '=' } else { char::from(sign) });
        }
    }
    text
}
