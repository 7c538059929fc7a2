//! One call: judge, resolve, judge again, connect to exactly what was judged, send, read within the limits.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use domain::selling::{InterfaceUrl, leads_inside};
use ports::{CONNECT_LIMIT_MS, FailureClass, LinkFailure, Method, OutgoingCall, SellerAnswer, SellerLink};
use reqwest::header::{ACCEPT_ENCODING, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use rustls::ClientConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls_platform_verifier::Verifier;
use tokio::time::timeout;
use url::Host;

use super::failure::{Failed, of_request};
use super::{GuardPolicy, Resolve, ResolveFailure};

/// How long and how large a call may get (reliability.md, "Numbers for the call engine").
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// TCP and TLS together.
    pub connect: Duration,
    /// From one byte of the answer's body to the next.
    pub between_bytes: Duration,
    /// Bytes of the answer's body.
    pub body_bytes: usize,
    /// Headers of the answer.
    pub headers: usize,
    /// Bytes of the answer's headers, names and values.
    pub header_bytes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connect: Duration::from_millis(CONNECT_LIMIT_MS),
            between_bytes: Duration::from_secs(5),
            body_bytes: 64 * 1024,
            headers: 100,
            header_bytes: 16 * 1024,
        }
    }
}

/// Sends calls to addresses that sellers chose.
pub struct GuardedClient {
    pub(super) policy: GuardPolicy,
    pub(super) limits: Limits,
    resolver: Arc<dyn Resolve>,
    pub(super) tls: ClientConfig,
    pub(super) verifiers: Verifiers,
}

/// Who says whether a certificate is good.
pub(super) struct Verifiers {
    /// The one that calls are made with; none when nothing is trusted.
    pub(super) used: Option<Arc<Verifier>>,
    /// Whether `used` trusts others beside the machine's roots.
    pub(super) beside: Beside,
}

/// Whom a client trusts beside the machine's roots.
pub(super) enum Beside {
    /// Nobody.
    Nobody,
    /// Authorities given by hand. The machine's own verifier, to tell them apart; none if it trusts nobody.
    Given(Option<Arc<Verifier>>),
}

/// Why certificates of own authorities cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AuthoritiesError {
    /// The text holds no certificate.
    #[error("there is no certificate in it; PEM with -----BEGIN CERTIFICATE----- is expected")]
    NoCertificate,
    /// A certificate that cannot be read.
    #[error("a certificate in it cannot be read: {0}")]
    Unreadable(String),
    /// The client cannot be made.
    #[error(transparent)]
    Tls(#[from] rustls::Error),
}

impl GuardedClient {
    /// A client with the machine's root certificates. Without any, every TLS call fails: nothing is trusted unseen.
    pub fn new(
        policy: GuardPolicy,
        limits: Limits,
        resolver: Arc<dyn Resolve>,
    ) -> Result<GuardedClient, rustls::Error> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let used = Verifier::new(Arc::clone(&provider))
            .inspect_err(|error| {
                tracing::warn!(%error, "No root certificates on this machine: no seller can be called over TLS");
            })
            .ok()
            .map(Arc::new);
        let verifiers = Verifiers { used, beside: Beside::Nobody };
        Ok(GuardedClient { policy, limits, resolver, tls: configuration(provider, &verifiers)?, verifiers })
    }

    /// As [`GuardedClient::new`], and authorities whose certificates are given in PEM are trusted beside the machine's. For trying a
    /// system before it has a public certificate; a marketplace in service has no use for it.
    pub fn with_authorities(
        policy: GuardPolicy,
        limits: Limits,
        resolver: Arc<dyn Resolve>,
        pem: &[u8],
    ) -> Result<GuardedClient, AuthoritiesError> {
        let read = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>();
        let authorities = read.map_err(|error| AuthoritiesError::Unreadable(error.to_string()))?;
        if authorities.is_empty() {
            return Err(AuthoritiesError::NoCertificate);
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let used = Verifier::new_with_extra_roots(authorities, Arc::clone(&provider))?;
        let machine = Verifier::new(Arc::clone(&provider)).ok().map(Arc::new);
        let verifiers = Verifiers { used: Some(Arc::new(used)), beside: Beside::Given(machine) };
        Ok(GuardedClient { policy, limits, resolver, tls: configuration(provider, &verifiers)?, verifiers })
    }

    /// Judges the spelling of an address that is about to be called.
    pub(super) fn judge(&self, url: &str) -> Result<InterfaceUrl, Failed> {
        InterfaceUrl::parse_for_call(url, &self.policy.rules)
            .map_err(|_| Failed::new(FailureClass::RefusedByPolicy, "the address is not one that we may call"))
    }

    /// The endpoints that a URL leads to right now, each of which may be called; or why none may.
    pub(super) async fn endpoints(&self, url: &InterfaceUrl) -> Result<Vec<SocketAddr>, Failed> {
        let port = url.url().port_or_known_default().unwrap_or(443);
        let addresses: Vec<IpAddr> = match url.url().host() {
            Some(Host::Ipv4(ip)) => vec![ip.into()],
            Some(Host::Ipv6(ip)) => vec![ip.into()],
            Some(Host::Domain(name)) => self.resolver.addresses(name).await.map_err(|failure| match failure {
                ResolveFailure::NoAddress => Failed::new(FailureClass::NameNotResolved, "the name has no address"),
                ResolveFailure::NoAnswer => {
                    Failed::new(FailureClass::NameNotResolved, "the name servers did not answer")
                }
            })?,
            None => return Err(Failed::new(FailureClass::RefusedByPolicy, "the address has no host")),
        };
        let endpoints: Vec<SocketAddr> = addresses.into_iter().map(|ip| SocketAddr::new(ip, port)).collect();
        if endpoints.is_empty() {
            return Err(Failed::new(FailureClass::NameNotResolved, "the name has no address"));
        }
        // Every one, not any one: a mixed answer is how such a guard is passed.
        if endpoints.iter().all(|endpoint| self.policy.allows(*endpoint)) {
            Ok(endpoints)
        } else {
            Err(Failed::new(FailureClass::RefusedByPolicy, "the name leads to an address that is not public"))
        }
    }

    async fn exchange(&self, call: &OutgoingCall) -> Result<(u16, Vec<(String, String)>, Vec<u8>), Failed> {
        let url = self.judge(&call.url)?;
        let headers = headers(&call.headers)?;
        let endpoints = self.endpoints(&url).await?;
        let client = self.pinned(&url, &endpoints)?;
        let method = match call.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
        };
        let request = client.request(method, url.url().clone()).headers(headers).body(call.body.clone());
        let mut answer = request.send().await.map_err(|error| of_request(&error))?;
        if !answer.remote_addr().is_some_and(|peer| endpoints.contains(&peer)) {
            return Err(Failed::new(FailureClass::RefusedByPolicy, "the connection went elsewhere"));
        }
        if answer.status().is_redirection() {
            return Err(self.redirected(&url, answer.headers()));
        }
        let headers = self.received(answer.headers())?;
        let body = self.body(&mut answer).await?;
        Ok((answer.status().as_u16(), headers, body))
    }

    /// A redirect, judged by where it would have led. The address is not told: it may be one of ours.
    fn redirected(&self, from: &InterfaceUrl, headers: &HeaderMap) -> Failed {
        let location = headers.get(reqwest::header::LOCATION).and_then(|value| value.to_str().ok());
        let target = location.and_then(|location| from.url().join(location).ok());
        if target.is_some_and(|target| leads_inside(target.as_str(), &self.policy.rules.open)) {
            let detail = "the answer is a redirect into an internal network, which is never followed";
            return Failed::new(FailureClass::RedirectedInside, detail);
        }
        Failed::new(FailureClass::Redirected, "the answer is a redirect, which is never followed")
    }

    /// A client that can reach these endpoints and nothing else. One per call: a kept connection would not be judged again.
    #[expect(clippy::disallowed_methods, reason = "this is the guarded client")]
    fn pinned(&self, url: &InterfaceUrl, endpoints: &[SocketAddr]) -> Result<reqwest::Client, Failed> {
        reqwest::Client::builder()
            .tls_backend_preconfigured(self.tls.clone())
            .resolve_to_addrs(url.host(), endpoints)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .http1_only()
            .http1_max_headers(self.limits.headers)
            .pool_max_idle_per_host(0)
            .connect_timeout(self.limits.connect)
            .build()
            .map_err(|_| Failed::new(FailureClass::ConnectFailed, "the client could not be made"))
    }

    fn received(&self, headers: &HeaderMap) -> Result<Vec<(String, String)>, Failed> {
        let size: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        if headers.len() > self.limits.headers || size > self.limits.header_bytes {
            return Err(Failed::new(FailureClass::TooLarge, "the head of the answer is too large"));
        }
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        Ok(headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect())
    }

    async fn body(&self, answer: &mut reqwest::Response) -> Result<Vec<u8>, Failed> {
        let too_large = || Failed::new(FailureClass::TooLarge, "the answer is longer than 64 KiB");
        let most = u64::try_from(self.limits.body_bytes).unwrap_or(u64::MAX);
        if answer.content_length().is_some_and(|length| length > most) {
            return Err(too_large());
        }
        let mut body = Vec::new();
        loop {
            let piece = timeout(self.limits.between_bytes, answer.chunk())
                .await
                .map_err(|_| Failed::new(FailureClass::TimedOut, "the answer stopped half way"))?
                .map_err(|error| of_request(&error))?;
            let Some(piece) = piece else { return Ok(body) };
            if body.len() + piece.len() > self.limits.body_bytes {
                return Err(too_large());
            }
            body.extend_from_slice(&piece);
        }
    }
}

#[async_trait]
impl SellerLink for GuardedClient {
    async fn send(&self, call: OutgoingCall) -> Result<SellerAnswer, LinkFailure> {
        let started = Instant::now();
        let elapsed_ms = || u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let done = timeout(Duration::from_millis(call.deadline_ms), self.exchange(&call)).await;
        match done.unwrap_or(Err(Failed::new(FailureClass::TimedOut, "no whole answer in time"))) {
            Ok((status, headers, body)) => Ok(SellerAnswer { status, headers, body, elapsed_ms: elapsed_ms() }),
            Err(failed) => Err(LinkFailure {
                class: failed.class,
                detail: failed.detail.to_owned(),
                // In steps of 100 ms: finer ones would tell what is there and what is not (security.md, rule 9).
                elapsed_ms: elapsed_ms().div_ceil(100) * 100,
            }),
        }
    }
}

/// TLS 1.2 or later with this verifier, or with no trusted root at all.
fn configuration(provider: Arc<CryptoProvider>, verifiers: &Verifiers) -> Result<ClientConfig, rustls::Error> {
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(match &verifiers.used {
        Some(verifier) => versions
            .dangerous()
            .with_custom_certificate_verifier(Arc::<Verifier>::clone(verifier))
            .with_no_client_auth(),
        None => versions.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth(),
    })
}

/// Our headers and no others.
fn headers(given: &[(String, String)]) -> Result<HeaderMap, Failed> {
    let unfit = || Failed::new(FailureClass::RefusedByPolicy, "a header cannot be sent");
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    headers.insert(USER_AGENT, HeaderValue::from_static("souk"));
    for (name, value) in given {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unfit())?;
        headers.insert(name, HeaderValue::from_str(value).map_err(|_| unfit())?);
    }
    Ok(headers)
}
