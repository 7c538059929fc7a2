//! One HTTP call to an address that a seller chose. Knows nothing of the protocol: bytes go out, bytes come back.
//!
//! *What is promised.* The adapter keeps every rule of `security.md` ("Calls to seller-supplied URLs"): it refuses
//! addresses inside our network however they are spelled, follows no redirect, reads no more than the limits.

use async_trait::async_trait;

/// The HTTP methods of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// V1.0 of the protocol.
    Get,
    /// V2.0.
    Post,
}

/// What to send: exact bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingCall {
    /// The method.
    pub method: Method,
    /// The whole URL with its query.
    pub url: String,
    /// Headers beside `Host` and `Content-Length`.
    pub headers: Vec<(String, String)>,
    /// The body as it was signed.
    pub body: Vec<u8>,
    /// After how long the call is cut off, from its start to the last byte of the answer.
    pub deadline_ms: u64,
}

/// What came back: exact bytes, whatever the status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SellerAnswer {
    /// The HTTP status.
    pub status: u16,
    /// Headers as received, names in lower case, at most 100.
    pub headers: Vec<(String, String)>,
    /// The body, at most 64 KiB.
    pub body: Vec<u8>,
    /// From the start of the call to the last byte.
    pub elapsed_ms: u64,
}

/// How long a connection may take, TCP and TLS together (reliability.md, "Numbers for the call engine"). Adapters keep to it, and
/// [`FailureClass::ConnectTimedOut`] speaks of it.
pub const CONNECT_LIMIT_MS: u64 = 3_000;

/// What sort of failure it was. What follows (reliability.md, classes R, P, S, Q) is decided where the answers of sellers are judged too:
/// `koogallery`, told by `app::fulfilment`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureClass {
    /// A rule of ours forbids the address; nothing was sent.
    RefusedByPolicy,
    /// The name has no address, or its servers did not answer; nothing was sent.
    NameNotResolved,
    /// No connection: it was refused or cut. Nothing was sent.
    ConnectFailed,
    /// No connection within [`CONNECT_LIMIT_MS`]; nothing was sent.
    ConnectTimedOut,
    /// The certificate or protocol version is not acceptable; nothing was sent.
    TlsFailed,
    /// No whole answer before the deadline; the seller may have acted.
    TimedOut,
    /// The connection broke after the request was sent; the seller may have acted.
    Broken,
    /// More bytes or headers than the limits allow; the seller has acted.
    TooLarge,
    /// A redirect, which is never followed.
    Redirected,
    /// A redirect to a place inside a network, where nobody but an attacker would send us. Never followed either.
    RedirectedInside,
}

impl FailureClass {
    /// The word in columns, logs and texts.
    pub fn code(self) -> &'static str {
        match self {
            FailureClass::RefusedByPolicy => "refused_by_policy",
            FailureClass::NameNotResolved => "name_not_resolved",
            FailureClass::ConnectFailed => "connect_failed",
            FailureClass::ConnectTimedOut => "connect_timed_out",
            FailureClass::TlsFailed => "tls_failed",
            FailureClass::TimedOut => "timed_out",
            FailureClass::Broken => "broken",
            FailureClass::TooLarge => "too_large",
            FailureClass::Redirected => "redirected",
            FailureClass::RedirectedInside => "redirected_inside",
        }
    }
}

/// A call without a usable answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {detail}", class.code())]
pub struct LinkFailure {
    /// What sort.
    pub class: FailureClass,
    /// For the seller and the log: never an internal address.
    pub detail: String,
    /// From the start of the call to the failure.
    pub elapsed_ms: u64,
}

/// Speaks to sellers' systems.
#[async_trait]
pub trait SellerLink: Send + Sync {
    /// Sends once and waits for the whole answer or a failure; never longer than the deadline. Any HTTP status is an
    /// answer. Repeats are the caller's decision.
    async fn send(&self, call: OutgoingCall) -> Result<SellerAnswer, LinkFailure>;
}
