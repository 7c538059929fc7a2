//! The open APIs for sellers' systems (seller-protocol 8): order query, usage push, licences. Answers are KooGallery's, to
//! the byte, so that systems which know it need no change.
//!
//! *Who asks.* The seller's server, by a signature: with an access key of the organisation (Huawei's gateway scheme), or,
//! for pushed usage, with the key bound to the interface address. No session and no bearer token opens these doors.
//!
//! *What is promised.* A signed call that changes something has its effect once: what was seen of it is written in the
//! transaction of the effect, in a table that all nodes share. The same gateway signature again is answered like the first
//! time and changes nothing; the nonce of a usage push again is refused (docs/adr/0014-signed-calls-once.md).
//!
//! *What is not here.* Shapes, codes and signatures (`koogallery`), reading requests (`api`).

mod answer;
mod caller;
mod push_usage;
mod query_order;
mod replay;
mod signer;
mod use_licence;

use domain::ids::OrganisationId;

pub use answer::{OpenAnswer, at_the_door};
pub use koogallery::open_api::PushForm;
pub use push_usage::push_usage;
pub use query_order::query_order;
pub use replay::forget_old;
pub use use_licence::{LicenceUse, use_licence};

pub(crate) use answer::Stop;
pub(crate) use caller::caller;
pub(crate) use query_order::{PaidOrder, buyer, decimal, runs_until, second};

/// A call as it arrived.
#[derive(Clone, Debug)]
pub struct SignedCall {
    /// `GET` or `POST`.
    pub method: String,
    /// The path, as it was sent.
    pub path: String,
    /// The query string, as it was sent; empty without one.
    pub query: String,
    /// The headers that are text, `host` among them.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl SignedCall {
    /// The largest body, in bytes: a thousand records with every member at its longest are 0.6 MB, written widely.
    pub const MOST_BODY_BYTES: usize = 2 * 1024 * 1024;

    /// The only value of a header.
    fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        match (values.next(), values.next()) {
            (Some((_, value)), None) => Some(value),
            (None, _) | (Some(_), Some(_)) => None,
        }
    }

    /// Whether the header is there at all.
    fn has_header(&self, name: &str) -> bool {
        self.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
    }
}

/// How often one key may call. Asked only after the signature proved right, so that nobody can use up another's share.
pub trait Pace: Send + Sync {
    /// Lets one call of this key through, or says after how many seconds to come again.
    fn admit(&self, key: &str) -> Result<(), u64>;
    /// The same for one push of usage by this seller, whichever of its keys signed it.
    fn admit_push(&self, seller: OrganisationId) -> Result<(), u64>;
}
