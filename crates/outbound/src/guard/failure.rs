//! From what went wrong inside to what a seller and the log may know. No address, no name of ours, no library's own text.

use std::error::Error;

use ports::FailureClass;

/// A failure without its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failed {
    pub class: FailureClass,
    pub detail: &'static str,
}

impl Failed {
    pub(super) fn new(class: FailureClass, detail: &'static str) -> Failed {
        Failed { class, detail }
    }
}

/// A failure of a request that never got an answer's head.
pub(super) fn of_request(error: &reqwest::Error) -> Failed {
    if let Some(tls) = tls_failure(error) {
        return Failed::new(FailureClass::TlsFailed, tls);
    }
    if error.is_connect() {
        return if error.is_timeout() {
            Failed::new(FailureClass::ConnectTimedOut, "no connection in time")
        } else {
            Failed::new(FailureClass::ConnectFailed, "the connection was refused or cut")
        };
    }
    if too_large(error) {
        return Failed::new(FailureClass::TooLarge, "the head of the answer is too large");
    }
    if error.is_timeout() {
        return Failed::new(FailureClass::TimedOut, "no answer in time");
    }
    Failed::new(FailureClass::Broken, "the connection was cut before the answer was whole")
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    let first: Option<&(dyn Error + 'static)> = Some(error);
    std::iter::successors(first, |error| (*error).source())
}

fn tls_failure(error: &reqwest::Error) -> Option<&'static str> {
    causes(error).find_map(|cause| inside(cause).map(tls_detail))
}

/// The TLS error in a cause. An I/O error that wraps one does not name it as its source, and may be wrapped itself.
pub(super) fn inside<'e>(cause: &'e (dyn Error + 'static)) -> Option<&'e rustls::Error> {
    if let Some(found) = cause.downcast_ref::<rustls::Error>() {
        return Some(found);
    }
    inside(cause.downcast_ref::<std::io::Error>()?.get_ref()?)
}

pub(super) fn tls_detail(error: &rustls::Error) -> &'static str {
    use rustls::CertificateError as Certificate;
    match error {
        rustls::Error::InvalidCertificate(Certificate::Expired | Certificate::ExpiredContext { .. }) => {
            "the certificate has expired"
        }
        rustls::Error::InvalidCertificate(
            Certificate::NotValidForName | Certificate::NotValidForNameContext { .. },
        ) => "the certificate is for another name",
        rustls::Error::InvalidCertificate(Certificate::UnknownIssuer) => {
            "the certificate is not from a public certificate authority"
        }
        rustls::Error::InvalidCertificate(_) => "the certificate is not valid",
        rustls::Error::PeerIncompatible(_) | rustls::Error::AlertReceived(_) => {
            "no common version of TLS; TLS 1.2 or later is needed"
        }
        _ => "the TLS handshake failed",
    }
}

/// hyper says this of too many headers and of a head over its buffer; it has no type for it that we could name.
fn too_large(error: &reqwest::Error) -> bool {
    causes(error).any(|cause| cause.to_string().contains("too large"))
}
