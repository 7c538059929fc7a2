//! Becoming a seller, and joining a seller's production system to the marketplace: applications, interface addresses
//! with their keys, debugging cases.
//!
//! *What is not here.* Products (`catalog`), calls for real orders (`fulfilment`), and everything about bytes on the wire
//! (`koogallery`).

mod address;
mod case;
mod interface_url;

pub use address::{BodySignPolicy, InterfaceAddress, KeyHint, ProtocolVersion};
pub use case::{
    Activity, BillingMode, CaseOutcome, CaseResult, CheckLine, DebugCase, DebugValues, Verdict, missing_cases,
    required_activities,
};
pub use interface_url::{InterfaceUrl, OpenEndpoint, UrlRefusal};
