//! Reports of the debugging kit for tests: written and signed by the kit, about a run that was never made.

use conformance::kit::report::{ReportKey, signed};
use conformance::kit::{Billing, Case, Finding, KitCode, KitLimits, Protocol, Reached, Run, Setup, Trial};
use domain::time::{Timestamp, to_millisecond};
use koogallery::AccessKey;

use crate::ACCESS_KEY;

/// The file of a run in which every required call of a periodic product passed. The same `seed` is the same signing key.
pub fn signed_report(address: &str, made_at: Timestamp, seed: u8) -> Vec<u8> {
    let case = |activity: &str| Case {
        activity: activity.to_owned(),
        trial: Trial::Plain,
        elapsed_ms: 12,
        findings: vec![Finding::Kit(KitCode::RepeatTaken, Default::default())],
        sent: String::new(),
        received: String::new(),
    };
    let setup = Setup {
        address: address.to_owned(),
        key: AccessKey::parse(ACCESS_KEY).expect("a key"),
        protocol: Protocol::V2,
        billing: Billing::Period,
        activities: Vec::new(),
        orders: Vec::new(),
        limits: KitLimits::default(),
    };
    let cases = Protocol::V2.required(Billing::Period).into_iter().map(case).collect();
    let run = Run { setup, cases, reached: Reached::Yes };
    signed(&run, &ReportKey::from_seed(&[seed; 32]), "souk 0.1.0", to_millisecond(made_at)).into_bytes()
}
