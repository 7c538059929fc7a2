//! Whether the way to PostgreSQL is encrypted, and whose certificates are believed.
//!
//! - Another host: always, with a certificate that is checked against the host's name. There is no falling back to plain text.
//!   `sslmode=disable` in the address turns it off, so that nobody sends passwords in the clear without having written it down.
//! - This host (a Unix socket, loopback): not unless the address says `sslmode=require` or a file of authorities is given.
//!   A packaged server often has a certificate that it made itself; nothing would be won by refusing it here.

use std::{path::Path, sync::Arc};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, pem::PemObject as _},
};
use rustls_platform_verifier::Verifier;
use tokio_postgres::{
    Config,
    config::{Host, SslMode},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::DbError;

/// What connections are made with; `None` is plain text. Sets in `config` that nothing else will do.
pub(crate) fn tls(config: &mut Config, ca_file: Option<&Path>) -> Result<Option<MakeRustlsConnect>, DbError> {
    let wanted = match config.get_ssl_mode() {
        SslMode::Disable => match ca_file {
            Some(_) => {
                return Err(DbError::unavailable(
                    "the address of the PostgreSQL database says sslmode=disable, and a file of authorities for TLS is given: \
                     take one of them away",
                ));
            }
            None => false,
        },
        SslMode::Prefer => {
            let addressed = config.get_hostaddrs().iter().any(|address| !address.is_loopback());
            ca_file.is_some() || addressed || config.get_hosts().iter().any(elsewhere)
        }
        // `require`, and whatever a later version of the library calls stricter.
        _ => true,
    };
    if !wanted {
        return Ok(None);
    }
    config.ssl_mode(SslMode::Require);
    client(ca_file).map(|client| Some(MakeRustlsConnect::new(client)))
}

fn elsewhere(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => name != "localhost" && !name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback()),
        #[cfg(unix)]
        Host::Unix(_) => false,
    }
}

fn client(ca_file: Option<&Path>) -> Result<ClientConfig, DbError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| DbError::unavailable(format!("TLS to PostgreSQL cannot be set up: {error}")))?;
    let client = match ca_file {
        Some(file) => versions.with_root_certificates(authorities(file)?),
        None => versions.dangerous().with_custom_certificate_verifier(Arc::new(machine(provider)?)),
    };
    Ok(client.with_no_client_auth())
}

/// The machine's own way to judge certificates. The builder calls every verifier that is handed to it dangerous; this one is
/// what the machine's other programs use.
fn machine(provider: Arc<CryptoProvider>) -> Result<Verifier, DbError> {
    Verifier::new(provider).map_err(|error| {
        DbError::unavailable(format!(
            "this machine has no root certificates to check PostgreSQL's with ({error}): name the authorities in \
             storage.postgres_ca_file"
        ))
    })
}

fn authorities(file: &Path) -> Result<RootCertStore, DbError> {
    let refused = |what: String| DbError::unavailable(format!("storage.postgres_ca_file, {}: {what}", file.display()));
    let certificates = CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| refused(format!("it cannot be read: {error}")))?;
    let mut roots = RootCertStore::empty();
    for certificate in certificates {
        roots.add(certificate).map_err(|error| refused(format!("a certificate in it is not one: {error}")))?;
    }
    if roots.is_empty() {
        return Err(refused(
            "there is no certificate in it; PEM with -----BEGIN CERTIFICATE----- is expected".to_owned(),
        ));
    }
    Ok(roots)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

    use super::*;

    fn mode(url: &str) -> (bool, SslMode) {
        let mut config: Config = url.parse().unwrap();
        // A machine without any root certificates cannot make a client, and says so; the mode is set before.
        let encrypted = tls(&mut config, None).map_or(true, |tls| tls.is_some());
        (encrypted, config.get_ssl_mode())
    }

    #[test]
    fn another_host_is_reached_with_tls_unless_the_address_says_otherwise() {
        assert_eq!(mode("postgres://souk@database.example/souk"), (true, SslMode::Require));
        assert_eq!(mode("postgres://souk@203.0.113.5/souk?sslmode=prefer"), (true, SslMode::Require));
        assert_eq!(mode("postgres://souk@localhost,database.example/souk"), (true, SslMode::Require));
        assert_eq!(mode("host=localhost hostaddr=203.0.113.5 user=souk"), (true, SslMode::Require));
        assert_eq!(mode("hostaddr=203.0.113.5 user=souk"), (true, SslMode::Require));
        assert_eq!(mode("postgres://souk@database.example/souk?sslmode=disable"), (false, SslMode::Disable));
    }

    #[test]
    fn this_host_is_reached_in_plain_text_unless_the_address_asks_for_more() {
        for local in ["localhost", "127.0.0.1", "[::1]", "%2Frun%2Fpostgresql"] {
            assert!(!mode(&format!("postgres://souk@{local}/souk")).0, "{local}");
            assert_eq!(mode(&format!("postgres://souk@{local}/souk?sslmode=require")), (true, SslMode::Require));
        }
    }

    #[test]
    fn a_file_of_authorities_beside_sslmode_disable_is_a_contradiction() {
        let mut config: Config = "postgres://souk@database.example/souk?sslmode=disable".parse().unwrap();
        assert!(tls(&mut config, Some(Path::new("authorities.pem"))).is_err());
    }
}
