//! Becoming a seller, and joining a seller's production system to the marketplace: applications, interface addresses
//! with their keys, debugging cases.
//!
//! *What is not here.* Products (`catalog`), calls for real orders (`fulfilment`), and everything about bytes on the wire
//! (`koogallery`).

mod address;
mod application;
mod case;
mod interface_url;
mod profile;
mod report;
mod run;

pub use address::{BodySignPolicy, InterfaceAddress, KeyHint, ProtocolVersion};
pub use application::{
    ApplicationCommand, ApplicationRefusal, ApplicationStage, ApplicationState, SellerApplication, TRANSITIONS,
    after_working_days,
};
pub use case::{
    Activity, BillingMode, CaseOutcome, CaseResult, CheckLine, DebugCase, DebugValues, Verdict, missing_cases,
    required_activities,
};
pub use interface_url::{InterfaceUrl, OpenEndpoint, UrlRefusal};
pub use profile::{ApplicationForm, Employees, PostalAddress, SellerAgreement, SellerProfile, YearsInBusiness};
pub use report::{DebugReport, ReportCase, ReportCheck, ReportConcern, ReportOutcome, ReportSetting};
pub use run::{DebugRun, Exchange, NoAnswer, ReceivedAnswer, SentRequest, Signing};
