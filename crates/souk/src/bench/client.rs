//! A small HTTP client that keeps its one connection to a marketplace on loopback: what it costs is what a benchmark must
//! not cost.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use axum::http::{Method, Request, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// An access key with its secret.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The header's value.
    basic: String,
}

impl Credentials {
    /// Of an access key.
    pub fn new(access_key: &str, secret: &str) -> Credentials {
        Credentials { basic: format!("Basic {}", STANDARD.encode(format!("{access_key}:{secret}"))) }
    }
}

/// One connection.
pub struct Client {
    sender: SendRequest<Full<Bytes>>,
    host: String,
}

impl Client {
    /// Connects.
    pub async fn connect(address: SocketAddr) -> Result<Client> {
        #[expect(clippy::disallowed_methods, reason = "a benchmark's client speaks to its own marketplace on loopback")]
        let stream = TcpStream::connect(address).await.context("the marketplace cannot be reached")?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        #[expect(clippy::disallowed_methods, reason = "the connection's own task ends with the connection")]
        tokio::spawn(connection);
        Ok(Client { sender, host: address.to_string() })
    }

    /// Reads a page or an object.
    pub async fn get(&mut self, path: &str) -> Result<(StatusCode, Bytes)> {
        let request = Request::builder().method(Method::GET).uri(path).header(HOST, &self.host);
        self.exchange(request.body(Full::default())?).await
    }

    /// Reads, and fails unless it is there.
    pub async fn read(&mut self, path: &str) -> Result<Bytes> {
        match self.get(path).await? {
            (StatusCode::OK, body) => Ok(body),
            (status, body) => bail!("{path} answered {status}: {}", String::from_utf8_lossy(&body)),
        }
    }

    /// Writes with an access key, under a key of its own when there is one.
    pub async fn post(
        &mut self,
        path: &str,
        credentials: &Credentials,
        key: Option<&str>,
        body: String,
    ) -> Result<(StatusCode, Bytes)> {
        let mut request = Request::builder().method(Method::POST).uri(path).header(HOST, &self.host);
        request = request.header(AUTHORIZATION, &credentials.basic).header(CONTENT_TYPE, "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        self.exchange(request.body(Full::new(Bytes::from(body)))?).await
    }

    async fn exchange(&mut self, request: Request<Full<Bytes>>) -> Result<(StatusCode, Bytes)> {
        self.sender.ready().await?;
        let response = self.sender.send_request(request).await?;
        let status = response.status();
        Ok((status, response.into_body().collect().await?.to_bytes()))
    }
}
