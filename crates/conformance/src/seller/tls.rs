//! Certificate and key with which the reference seller speaks TLS, read from PEM.

use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// A certificate chain and its key, fit to serve TLS 1.2 and 1.3.
#[derive(Clone)]
pub struct TlsIdentity(Arc<ServerConfig>);

/// Why PEM texts are no identity.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// No certificate.
    #[error("there is no certificate in it; PEM with -----BEGIN CERTIFICATE----- is expected, the server's own first")]
    NoCertificate,
    /// A certificate that cannot be read.
    #[error("a certificate in it cannot be read: {0}")]
    Certificate(String),
    /// No private key, or one that cannot be read.
    #[error("there is no private key in it that can be read: {0}")]
    Key(String),
    /// They do not belong together, or are of a kind that is not known.
    #[error("certificate and key cannot be used: {0}")]
    Unfit(#[from] tokio_rustls::rustls::Error),
}

impl TlsIdentity {
    /// Reads the chain, the server's own certificate first, and its key.
    pub fn from_pem(chain: &[u8], key: &[u8]) -> Result<TlsIdentity, TlsError> {
        let chain = CertificateDer::pem_slice_iter(chain).collect::<Result<Vec<_>, _>>();
        let chain = chain.map_err(|error| TlsError::Certificate(error.to_string()))?;
        if chain.is_empty() {
            return Err(TlsError::NoCertificate);
        }
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| TlsError::Key(error.to_string()))?;
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        Ok(TlsIdentity(Arc::new(config)))
    }

    pub(super) fn into_acceptor(self) -> TlsAcceptor {
        TlsAcceptor::from(self.0)
    }
}
