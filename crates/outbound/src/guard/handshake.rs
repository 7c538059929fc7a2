//! A handshake for its own sake: which TLS an address speaks and how good its certificate is. Nothing is sent after it.
//!
//! *What is not here.* Calls: each makes its own connection in [`super::client`].

use std::net::SocketAddr;
use std::time::Duration;

use domain::selling::InterfaceUrl;
use ports::{FailureClass, LinkFailure};
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ProtocolVersion};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::GuardedClient;
use super::client::Beside;
use super::failure::{Failed, inside, tls_detail};

/// A certificate that ends sooner than this is worth a word.
const SOON: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// What a handshake showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TlsFacts {
    /// `1.2` or `1.3`; nothing older is spoken.
    pub version: &'static str,
    /// How long the certificate holds.
    pub expiry: Expiry,
    /// Who vouches for it.
    pub authority: Authority,
}

/// How long a certificate holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// Fourteen days at least.
    NotSoon,
    /// It ends within fourteen days.
    Soon,
}

/// Who vouches for a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    /// An authority that this machine trusts anyway.
    OfTheMachine,
    /// Only an authority that was given by hand.
    GivenByHand,
}

impl GuardedClient {
    /// Connects as a call would, shakes hands and hangs up. `None` for an address without TLS, which took the
    /// connection all the same.
    pub async fn look_at_tls(&self, url: &str) -> Result<Option<TlsFacts>, LinkFailure> {
        let looked = timeout(self.limits.connect * 2, self.handshake(url)).await;
        // Connecting has a limit of its own, so what took so long was the name.
        let no_time = Failed::new(FailureClass::NameNotResolved, "the name servers did not answer");
        looked.unwrap_or(Err(no_time)).map_err(|failed| LinkFailure {
            class: failed.class,
            detail: failed.detail.to_owned(),
            elapsed_ms: 0,
        })
    }

    async fn handshake(&self, url: &str) -> Result<Option<TlsFacts>, Failed> {
        let url = self.judge(url)?;
        let endpoints = self.endpoints(&url).await?;
        let shaken = timeout(self.limits.connect, self.shake(&url, &endpoints)).await;
        shaken.unwrap_or(Err(Failed::new(FailureClass::ConnectTimedOut, "no connection in time")))
    }

    /// TCP and TLS; as long as it takes.
    async fn shake(&self, url: &InterfaceUrl, endpoints: &[SocketAddr]) -> Result<Option<TlsFacts>, Failed> {
        let stream = connect(endpoints).await?;
        if url.url().scheme() != "https" {
            return Ok(None);
        }
        let host = url.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        let name = ServerName::try_from(host)
            .map_err(|_| Failed::new(FailureClass::RefusedByPolicy, "the address is not one that we may call"))?;
        let connector = TlsConnector::from(std::sync::Arc::new(self.tls.clone()));
        let stream = connector.connect(name.clone(), stream).await.map_err(|error| match inside(&error) {
            Some(tls) => Failed::new(FailureClass::TlsFailed, tls_detail(tls)),
            None => Failed::new(FailureClass::TlsFailed, "the connection was cut during the TLS handshake"),
        })?;
        let (_, session) = stream.get_ref();
        let version = match session.protocol_version() {
            Some(ProtocolVersion::TLSv1_3) => "1.3",
            Some(_) | None => "1.2",
        };
        let chain = session.peer_certificates().unwrap_or_default();
        Ok(Some(TlsFacts { version, expiry: self.expiry(chain, &name), authority: self.authority(chain, &name) }))
    }

    /// The verifier is asked what it would say in two weeks.
    fn expiry(&self, chain: &[CertificateDer<'_>], name: &ServerName<'_>) -> Expiry {
        let (Some(verifier), Some((own, others))) = (&self.verifiers.used, chain.split_first()) else {
            return Expiry::NotSoon;
        };
        let then = UnixTime::since_unix_epoch(Duration::from_secs(UnixTime::now().as_secs()) + SOON);
        match verifier.verify_server_cert(own, others, name, &[], then) {
            Err(rustls::Error::InvalidCertificate(
                CertificateError::Expired | CertificateError::ExpiredContext { .. },
            )) => Expiry::Soon,
            Ok(_) | Err(_) => Expiry::NotSoon,
        }
    }

    fn authority(&self, chain: &[CertificateDer<'_>], name: &ServerName<'_>) -> Authority {
        let machine = match &self.verifiers.beside {
            Beside::Nobody => return Authority::OfTheMachine,
            Beside::Given(None) => return Authority::GivenByHand,
            Beside::Given(Some(machine)) => machine,
        };
        let good = chain
            .split_first()
            .is_some_and(|(own, others)| machine.verify_server_cert(own, others, name, &[], UnixTime::now()).is_ok());
        if good { Authority::OfTheMachine } else { Authority::GivenByHand }
    }
}

/// The first endpoint that takes a connection.
#[expect(clippy::disallowed_methods, reason = "this is the guarded client")]
async fn connect(endpoints: &[SocketAddr]) -> Result<TcpStream, Failed> {
    for endpoint in endpoints {
        if let Ok(stream) = TcpStream::connect(endpoint).await {
            return Ok(stream);
        }
    }
    Err(Failed::new(FailureClass::ConnectFailed, "the connection was refused or cut"))
}
