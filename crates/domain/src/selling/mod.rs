//! Becoming a seller, and joining a seller's production system to the marketplace: applications, interface addresses
//! with their keys, debugging cases, dial tests and what follows when they or orders fail.
//!
//! *What is not here.* Products (`catalog`), calls for real orders (`fulfilment`), and everything about bytes on the wire
//! (`koogallery`).

mod address;
mod application;
mod case;
mod dial_test;
mod domain_proof;
mod failed_orders;
mod interface_url;
mod papers;
mod profile;
pub mod public_ip;
mod report;
mod run;
mod wire_form;

pub use address::{
    BodySignPolicy, BoundKey, InterfaceAddress, InterfaceType, KeyHint, OrderNotices, ProtocolRefusal, ProtocolVersion,
    RetiringKey,
};
pub use application::{
    ApplicationCommand, ApplicationRefusal, ApplicationStage, ApplicationState, SellerApplication, TRANSITIONS,
};
pub use case::{
    Activity, ActivityGroup, BillingMode, CaseNeed, CaseOutcome, CaseResult, CheckLine, DebugCase, DebugValues,
    Verdict, case_need, missing_cases, optional_everywhere, required_activities,
};
pub use dial_test::{DialHours, DialResult, DialSlot, DialTest, FailingCase, Occasion, failed_days_in_a_row};
pub use domain_proof::{DomainProof, DomainProofRule, ProofFailure, bare_text, judge_status};
pub use failed_orders::{FailedOrders, FailedOrdersDecision, Month, Raised};
pub use interface_url::{InterfaceUrl, OpenEndpoint, UrlRefusal, UrlRules, leads_inside};
pub use papers::{LicenceFormat, Papers};
pub use profile::{ApplicationForm, Employees, PostalAddress, SellerAgreement, SellerProfile, YearsInBusiness};
pub use report::{DebugReport, ReportCase, ReportCheck, ReportConcern, ReportOutcome, ReportSetting};
pub use run::{
    DebugRun, Exchange, HeaderSteps, NoAnswer, ReceivedAnswer, SentRequest, Signing, SigningSteps, TokenSteps,
};
pub use wire_form::{EncryptType, OtherVersion, ProductInfoForm, WireForm};
