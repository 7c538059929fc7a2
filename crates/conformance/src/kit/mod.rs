//! Plays the marketplace against one address and says in words what is wrong: the whole of `souk debug` but its command line.
//!
//! *What a run is.* Every required call of the billing mode, each sent twice, as a debugging page would (`testFlag` 1); between them
//! calls that a good system refuses: each of the same activities signed wrongly and not at all, and too old; one about things that do not
//! exist; and calls that it must take although they are unusual: a member more, Chinese text. That is about 35 calls. A [`Run`] holds
//! [`Case`]s, a case holds [`Finding`]s, and each finding has a stable code, a sentence and a cure.
//!
//! *What is promised.* A run ends within [`KitLimits::total_ms`], whatever the other side does; what was not tried for lack of time is no
//! pass. Nothing real is made: calls carry `testFlag` 1, but the query for an instance that does not exist, which only reads. The key is
//! in none of the texts.
//!
//! *What is not here.* The checks of a single answer (`koogallery`), sending (`outbound`), arguments and exit codes (`souk`).

mod caller;
mod code;
mod finding;
mod orders;
pub mod report;
mod report_reader;
mod script;
mod show;
mod target;
mod v1;
mod v2;
mod words;

use std::fmt;
use std::str::FromStr;

use koogallery::AccessKey;
use koogallery::debugging::ChargingMode;
use koogallery::v1::CallName;
use koogallery::v2::ActivityName;
use outbound::GuardedClient;
use ports::FailureClass;

pub use code::KitCode;
pub use finding::{Case, Finding, Outcome, Reached, Run, Trial};
pub use report_reader::KitReports;
pub use show::{RunJson, json, reference_page, text, text_in};
pub use target::{Loopback, Target, TargetProblem};

use crate::seller::SellerWorld;
use caller::Caller;
use script::Script;

/// Which version of the protocol is spoken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// 1.0, by GET.
    V1,
    /// 2.0, by POST.
    #[default]
    V2,
}

/// How the product is charged; decides which calls are required (seller-protocol 6.5, 7.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Billing {
    /// By month or year.
    #[default]
    Period,
    /// Once.
    OneTime,
    /// By what is used.
    PayPerUse,
}

/// A word that is none of the ones expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{found:?} is not known; use {allowed}")]
pub struct UnknownWord {
    found: String,
    allowed: String,
}

impl Protocol {
    /// The word of the command line and of reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Protocol::V1 => "v1",
            Protocol::V2 => "v2",
        }
    }

    /// The activities that can be named in this version.
    pub fn activities(self) -> Vec<&'static str> {
        match self {
            Protocol::V1 => CallName::ALL.iter().map(|name| name.as_str()).collect(),
            Protocol::V2 => ActivityName::ALL.iter().map(|name| name.as_str()).collect(),
        }
    }

    /// The activities that a product with this billing needs, in the order in which they are called.
    pub fn required(self, billing: Billing) -> Vec<&'static str> {
        match self {
            Protocol::V1 => koogallery::debugging::required_calls(billing.charging_mode())
                .iter()
                .map(|name| name.as_str())
                .collect(),
            Protocol::V2 => koogallery::debugging::required_cases(billing.charging_mode())
                .iter()
                .map(|name| name.as_str())
                .collect(),
        }
    }
}

impl FromStr for Protocol {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<Protocol, UnknownWord> {
        let all = [Protocol::V2, Protocol::V1];
        all.into_iter()
            .find(|protocol| protocol.as_str() == text)
            .ok_or_else(|| UnknownWord { found: text.to_owned(), allowed: "v2 or v1".to_owned() })
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Billing {
    /// Every mode.
    pub const ALL: [Billing; 3] = [Billing::Period, Billing::OneTime, Billing::PayPerUse];

    /// The word of the command line and of reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Billing::Period => "period",
            Billing::OneTime => "one-time",
            Billing::PayPerUse => "pay-per-use",
        }
    }

    fn charging_mode(self) -> ChargingMode {
        match self {
            Billing::Period => ChargingMode::Period,
            Billing::OneTime => ChargingMode::OneTime,
            Billing::PayPerUse => ChargingMode::OnDemand,
        }
    }
}

impl FromStr for Billing {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<Billing, UnknownWord> {
        Billing::ALL.into_iter().find(|billing| billing.as_str() == text).ok_or_else(|| UnknownWord {
            found: text.to_owned(),
            allowed: "period, one-time or pay-per-use".to_owned(),
        })
    }
}

impl fmt::Display for Billing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How long a run and its calls may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KitLimits {
    /// One call, from the first byte sent to the last byte read.
    pub call_ms: u64,
    /// Above it an answer is a warning.
    pub advised_ms: u64,
    /// The whole run.
    pub total_ms: u64,
    /// Between two queries while an instance is being made.
    pub query_pause_ms: u64,
}

impl Default for KitLimits {
    fn default() -> KitLimits {
        KitLimits { call_ms: 20_000, advised_ms: 5_000, total_ms: 240_000, query_pause_ms: 1_000 }
    }
}

/// The longest order that leaves room for its line, which is the order and `-000001` in 64 characters (seller-protocol 3.1).
pub const MOST_ORDER_CHARACTERS: usize = 57;

/// Against what, and how.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The production address, as it is called.
    pub address: String,
    /// The key that both sides share.
    pub key: AccessKey,
    /// Which version.
    pub protocol: Protocol,
    /// Which calls are required.
    pub billing: Billing,
    /// Only these calls; empty means the required ones. Names of [`Protocol::activities`].
    pub activities: Vec<String>,
    /// Orders to ask new instances for in the place of those of the kit: none, one, or one and another. Of at most
    /// [`MOST_ORDER_CHARACTERS`] characters.
    pub orders: Vec<String>,
    /// How long it may take.
    pub limits: KitLimits,
}

impl Setup {
    /// The calls of this run, in order.
    fn selected(&self) -> Vec<&str> {
        let required = self.protocol.required(self.billing);
        if self.activities.is_empty() {
            return required;
        }
        let known = self.protocol.activities();
        known.into_iter().filter(|name| self.activities.iter().any(|wanted| wanted == name)).collect()
    }
}

/// Runs every case. Never fails: what goes wrong is a finding.
pub async fn run(setup: &Setup, client: &GuardedClient, world: &dyn SellerWorld) -> Run {
    let caller = Caller::new(setup, client, world);
    let mut script = Script::new(caller);
    script.connect().await;
    match setup.protocol {
        Protocol::V1 => v1::play(&mut script).await,
        Protocol::V2 => v2::play(&mut script).await,
    }
    let reached = script.reached;
    Run { setup: setup.clone(), cases: script.into_cases(), reached }
}

/// Does this failure mean that the address was not reached?
fn unreached(class: FailureClass) -> bool {
    match class {
        FailureClass::RefusedByPolicy
        | FailureClass::NameNotResolved
        | FailureClass::ConnectFailed
        | FailureClass::ConnectTimedOut => true,
        FailureClass::TlsFailed
        | FailureClass::TimedOut
        | FailureClass::Broken
        | FailureClass::TooLarge
        | FailureClass::Redirected
        | FailureClass::RedirectedInside => false,
    }
}
