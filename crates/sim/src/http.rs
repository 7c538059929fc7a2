//! A small HTTP client for loopback: one connection that is kept, each client from an address of its own.
//!
//! *What is not here.* TLS, redirects, pools: the harness speaks to one marketplace on the same machine.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpSocket;

/// No answer of a healthy marketplace takes longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// How a request proves who sends it.
#[derive(Clone, Debug, Default)]
pub enum Proof {
    /// It does not.
    #[default]
    None,
    /// By a session's token.
    Session(String),
    /// By an access key and its secret.
    Key(String, String),
}

/// One request.
#[derive(Clone, Debug)]
pub struct Ask<'a> {
    /// `GET`, `POST`, …
    pub method: Method,
    /// The path, with its query.
    pub path: String,
    /// Who asks.
    pub proof: &'a Proof,
    /// The name under which it may be sent again.
    pub key: Option<&'a str>,
    /// The body.
    pub body: Option<Value>,
    /// A file in the place of a body.
    pub file: Option<&'static [u8]>,
}

impl<'a> Ask<'a> {
    /// A read.
    pub fn get(path: impl Into<String>, proof: &'a Proof) -> Ask<'a> {
        Ask { method: Method::GET, path: path.into(), proof, key: None, body: None, file: None }
    }

    /// A write.
    pub fn post(path: impl Into<String>, proof: &'a Proof, body: Value) -> Ask<'a> {
        Ask { method: Method::POST, path: path.into(), proof, key: None, body: Some(body), file: None }
    }

    /// Method and path, for journals.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// One answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body as JSON; null when it is something else.
    pub body: Value,
    /// The body as it came.
    pub text: String,
}

impl Answer {
    /// Fails unless the status is a success.
    pub fn fine(self, what: &str) -> Result<Answer> {
        if (200..300).contains(&self.status) {
            return Ok(self);
        }
        Err(anyhow!("{what} answered {}: {}", self.status, self.text))
    }

    /// A text of the body by its pointer, such as `/key/access_key`.
    pub fn text_at(&self, pointer: &str) -> Result<String> {
        let found = self.body.pointer(pointer).and_then(Value::as_str);
        found.map(str::to_owned).with_context(|| format!("an answer without {pointer}: {}", self.text))
    }
}

/// A client with one connection at most.
pub struct Client {
    server: SocketAddr,
    from: Ipv4Addr,
    open: Option<SendRequest<Full<Bytes>>>,
}

impl Client {
    /// A client of the marketplace on this loopback port, coming from `127.<number>.…`.
    pub fn new(port: u16, number: u32) -> Client {
        let [.., high, low] = number.to_be_bytes();
        let from = Ipv4Addr::new(127, 1, high, low.max(1));
        Client { server: SocketAddr::from((Ipv4Addr::LOCALHOST, port)), from, open: None }
    }

    /// Comes from another address from now on.
    pub fn move_to(&mut self, from: Ipv4Addr) {
        self.from = from;
        self.open = None;
    }

    /// Asks, and reads the whole answer. After a failure the next request opens a new connection.
    pub async fn ask(&mut self, ask: &Ask<'_>) -> Result<Answer> {
        let asked = tokio::time::timeout(PATIENCE, self.exchange(ask)).await;
        let answer = asked.context("no answer in time").and_then(|answer| answer);
        if answer.is_err() {
            self.open = None;
        }
        answer
    }

    async fn exchange(&mut self, ask: &Ask<'_>) -> Result<Answer> {
        let mut sender = match self.open.take() {
            Some(sender) if !sender.is_closed() => sender,
            Some(_) | None => self.connect().await?,
        };
        sender.ready().await?;
        let response = sender.send_request(request(ask, self.server)?).await?;
        let status = response.status().as_u16();
        let bytes = response.into_body().collect().await?.to_bytes();
        self.open = Some(sender);
        let body = serde_json::from_slice(&bytes).unwrap_or_default();
        Ok(Answer { status, body, text: String::from_utf8_lossy(&bytes).into_owned() })
    }

    async fn connect(&self) -> Result<SendRequest<Full<Bytes>>> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::new(IpAddr::V4(self.from), 0))?;
        let stream = socket.connect(self.server).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        #[expect(clippy::disallowed_methods, reason = "the connection's own task ends with the connection")]
        tokio::spawn(connection);
        Ok(sender)
    }
}

fn request(ask: &Ask<'_>, server: SocketAddr) -> Result<Request<Full<Bytes>>> {
    let mut request = Request::builder().method(&ask.method).uri(&ask.path).header(HOST, server.to_string());
    match ask.proof {
        Proof::None => {}
        Proof::Session(token) => request = request.header(AUTHORIZATION, format!("Bearer {token}")),
        Proof::Key(key, secret) => {
            request = request.header(AUTHORIZATION, format!("Basic {}", STANDARD.encode(format!("{key}:{secret}"))));
        }
    }
    if let Some(key) = ask.key {
        request = request.header("idempotency-key", key);
    }
    let body = match (&ask.body, ask.file) {
        (_, Some(file)) => {
            request = request.header(CONTENT_TYPE, "application/octet-stream");
            Bytes::from_static(file)
        }
        (None, None) => Bytes::new(),
        (Some(body), None) => {
            request = request.header(CONTENT_TYPE, "application/json");
            Bytes::from(serde_json::to_vec(body)?)
        }
    };
    Ok(request.body(Full::new(body))?)
}
