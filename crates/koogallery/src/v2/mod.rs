//! Version 2.0 of the seller protocol: the calls, their signature, the seller's check of a call, the marketplace's check of an
//! answer (seller-protocol 2 and 3).
//!
//! A marketplace goes [`Activity`] → [`sign`] → send → [`examine`]. A seller goes [`verify_request`] → do the work →
//! [`SellerAnswer`]. Sending and receiving are nobody's business here.

mod activity;
pub(crate) mod answer;
mod diagnose;
pub(crate) mod examine;
pub(crate) mod fields;
mod member;
pub(crate) mod request;
mod verify;

pub use activity::*;
pub use answer::{Answer, AppInfo, Created, InstanceInfo, Progress, SellerAnswer, UsageAmount, UsageInfo};
pub use diagnose::{Mistake, diagnose, known_wrong};
pub use examine::{BodyEnd, BodySignPolicy, Examination, Examined, Limits, Reply, TransportFailure, examine};
pub use member::{
    InstanceIds, LicenseScene, Member, MemberKind, MemberProblem, Presence, ProductInfo, ProductInfoForm, SaidTestFlag,
    Scene, StatusChange, TestFlag,
};
pub use request::{AddressError, Explanation, ProductionAddress, SignedRequest, inner, sign, signature};
pub use verify::{
    NonceMemory, RecentNonces, Refusal, Sighting, SignedQuery, WINDOW_MS, verify_request, verify_signature,
};
