//! The service of a test world, and requests to it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::request::Builder;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_kit::{Doors, Rates, Routes, assemble};
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
    let doors = Doors {
        routes: routes(),
        page: web::problem_page,
        rates: Rates { visitors: plenty, programs: plenty, signed: plenty, pushes: plenty },
        proxies: Vec::new(),
    };
    assemble(world.app.clone(), doors)
}

/// How a request proves who sends it.
#[derive(Clone, Debug)]
pub enum Proof {
    /// Not at all.
    Nobody,
    /// A session: by cookie for pages, by header for the API.
    Session(String),
    /// A session where people come over TLS: the cookie is bound to the host.
    HostSession(String),
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
    let api = path.starts_with("/api/");
    let sent = Sent::new(method, path).header("sec-fetch-site", "same-origin");
    let sent = match proof {
        Proof::Nobody => sent,
        Proof::Session(token) | Proof::HostSession(token) if api => {
            sent.header("authorization", &format!("Bearer {token}"))
        }
        Proof::Session(token) => sent.header("cookie", &format!("souk={token}")),
        Proof::HostSession(token) => sent.header("cookie", &format!("__Host-souk={token}")),
        Proof::Key(key, secret) => sent.header("authorization", &basic(key, secret)),
    };
    let writes = !matches!(method, "GET" | "HEAD");
    let kind = if api { "application/json" } else { "application/x-www-form-urlencoded" };
    let sent = if writes { sent.header("content-type", kind) } else { sent };
    // Writes that create something cannot do without a key.
    static KEY: AtomicU32 = AtomicU32::new(1);
    let key = format!("key-{}", KEY.fetch_add(1, Ordering::Relaxed));
    let sent = if writes && api { sent.header("idempotency-key", &key) } else { sent };
    sent.body(body.unwrap_or(if api && writes { "{}" } else { "" }).to_owned()).to(service).await
}

/// A request, header by header, for tests of the door itself.
pub struct Sent {
    request: Builder,
    body: Vec<u8>,
    from: [u8; 4],
}

impl Sent {
    /// From an address that nobody else has, without any header.
    pub fn new(method: &str, path: &str) -> Sent {
        static NEXT: AtomicU32 = AtomicU32::new(0x0b00_0001);
        let from = NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        Sent { request: Request::builder().method(method).uri(path), body: Vec::new(), from }
    }

    /// With one more header.
    pub fn header(mut self, name: &str, value: &str) -> Sent {
        self.request = self.request.header(name, value);
        self
    }

    /// With this body.
    pub fn body(mut self, body: String) -> Sent {
        self.body = body.into_bytes();
        self
    }

    /// With these bytes as its body.
    pub fn bytes(mut self, body: Vec<u8>) -> Sent {
        self.body = body;
        self
    }

    /// With this form as its body.
    pub fn form(self, form: &str) -> Sent {
        self.header("content-type", "application/x-www-form-urlencoded").body(form.to_owned())
    }

    /// From this network address.
    pub fn from(mut self, address: [u8; 4]) -> Sent {
        self.from = address;
        self
    }

    /// Sends it and waits for the whole answer.
    pub async fn to(self, service: &Router) -> Answer {
        // In pieces, as it comes over a wire.
        let pieces: Vec<_> = self.body.chunks(64 * 1024).map(|piece| Ok::<_, std::io::Error>(piece.to_vec())).collect();
        let large = pieces.len() > 1;
        let body = if large { Body::from_stream(futures_util::stream::iter(pieces)) } else { Body::from(self.body) };
        let mut request = self.request.body(body).expect("a good request");
        let address = IpAddr::V4(Ipv4Addr::from(self.from));
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(address, 40_000)));
        let response = service.clone().oneshot(request).await.expect("the service answers");
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 16 * 1024 * 1024).await.expect("a bounded body");
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&body).into_owned() }
    }
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
