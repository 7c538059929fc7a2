//! Use cases of selling: becoming a seller, addresses and keys, the debugger with its cases.
//!
//! *What is promised.* An access key is sealed before it is written and opened only to sign, or to be shown to its owner
//! after a fresh sign-in. What the debugger stores of a call holds neither the key nor a password. A case is saved only
//! when every required check passed.
//!
//! *What is not here.* Calls for real orders (`fulfilment`); bytes and rules of the protocol (`koogallery`).

pub mod addresses;
pub mod agreements;
pub mod applications;
pub mod debugger;
pub mod dial_tests;
mod exchange;
pub(crate) mod failed_orders;
pub mod failing;
mod front_end;
mod kept_runs;
mod keys;
pub mod papers;
pub mod prove_domain;
mod redact;
mod replay;
pub mod review;
mod sample;
mod wire;
mod wire_forms;

use domain::selling::{DomainProofRule, OpenEndpoint, UrlRules};
use domain::time::SignedDuration;

use crate::jobs::Handler;
pub(crate) use front_end::refuse_inside;
pub(crate) use keys::notice_key;
pub use keys::{LiveKeys, bound_keys, live_keys, open_key, seal_key};
pub(crate) use redact::body as redacted;
pub use replay::replay_cases;
pub use sample::{SampleField, SampleKind, SamplePresence};
pub(crate) use wire::{ENCRYPTED, SignedWire, Wire, Worth, encrypted, said_in, signing_of, without_token};

/// What an operator chooses about selling (functions.md 13).
#[derive(Clone, Debug)]
pub struct SellingSettings {
    /// Working days within which an application is answered.
    pub review_days: u32,
    /// Calls from the debugger per seller and hour.
    pub debug_calls_per_hour: u32,
    /// A call is cut off after this, in milliseconds (seller-protocol 1.1, "our default").
    pub deadline_ms: u64,
    /// Slower answers get a warning, in milliseconds.
    pub advised_ms: u64,
    /// Cases that are run at once when a product is submitted.
    pub replays_at_once: usize,
    /// When the saved cases of what is on sale are run, and what follows when they fail.
    pub dial_tests: dial_tests::DialTestSettings,
    /// Whether a product needs an address whose domain the seller has proven to be its own.
    pub domain_proof: DomainProofRule,
    /// How long the key before lives on when a new one is introduced.
    pub retiring_key_kept_for: SignedDuration,
    /// So many orders of a product may fail in a month through its interface; one more puts it before the operator
    /// (functions.md 13, `failed_orders_month_limit`).
    pub failed_orders_allowed: u32,
    /// So many usage records a seller's systems may push in an hour; at least as many as one push may hold.
    pub usage_records_per_hour: u32,
    /// What sellers agree to.
    pub agreements: agreements::Agreements,
    /// Endpoints inside the operator's own network that may be production addresses: exact address and port.
    pub open_endpoints: Vec<OpenEndpoint>,
    /// The ports that production addresses may have.
    pub ports: Vec<u16>,
}

impl SellingSettings {
    /// How production addresses may be spelt.
    pub fn url_rules(&self) -> UrlRules {
        UrlRules { open: self.open_endpoints.clone(), ports: self.ports.clone() }
    }
}

impl Default for SellingSettings {
    fn default() -> SellingSettings {
        SellingSettings {
            review_days: 3,
            debug_calls_per_hour: 30,
            deadline_ms: 20_000,
            advised_ms: 5_000,
            replays_at_once: 4,
            dial_tests: dial_tests::DialTestSettings::default(),
            domain_proof: DomainProofRule::Asked,
            retiring_key_kept_for: SignedDuration::from_hours(30 * 24),
            failed_orders_allowed: 5,
            usage_records_per_hour: 20_000,
            agreements: agreements::Agreements::default(),
            open_endpoints: Vec::new(),
            ports: vec![443],
        }
    }
}

pub(crate) fn handlers() -> Vec<Box<dyn Handler>> {
    let mut all = dial_tests::handlers();
    all.push(Box::new(failed_orders::CountFailedOrder));
    all.push(Box::new(keys::RetireKey));
    all
}
