//! A run of the debugging kit as a file that a seller puts beside a release, and what a reviewer should notice about it.
//!
//! *What a good signature says.* The bytes are the ones that the holder of the key wrote. It says nothing about who that is,
//! and the holder could have written something else: the marketplace calls the saved cases itself on submission.
//!
//! *What is not here.* The form of the file and its signature (the kit, behind `ports::ReportReader`).

use crate::time::Timestamp;

use super::{Activity, BillingMode, ProtocolVersion, required_activities};

/// How a case or a check of the kit ended. The order is the order of gravity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReportOutcome {
    /// Not tried.
    Skip,
    /// As it must be.
    Pass,
    /// Accepted, but worth a look.
    Warn,
    /// Not as the protocol wants it.
    Fail,
}

impl ReportOutcome {
    /// Every one.
    pub const ALL: [ReportOutcome; 4] =
        [ReportOutcome::Skip, ReportOutcome::Pass, ReportOutcome::Warn, ReportOutcome::Fail];

    /// The word in the file and in JSON.
    pub fn code(self) -> &'static str {
        match self {
            ReportOutcome::Skip => "skip",
            ReportOutcome::Pass => "pass",
            ReportOutcome::Warn => "warn",
            ReportOutcome::Fail => "fail",
        }
    }
}

impl std::str::FromStr for ReportOutcome {
    type Err = ();
    fn from_str(code: &str) -> Result<ReportOutcome, ()> {
        ReportOutcome::ALL.into_iter().find(|outcome| outcome.code() == code).ok_or(())
    }
}

/// One check as the file tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportCheck {
    /// The stable code.
    pub code: String,
    /// How it ended.
    pub outcome: ReportOutcome,
    /// What was found and how to mend it, in English. Written by the seller's program: text, never markup.
    pub message: String,
}

/// One case as the file tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportCase {
    /// The activity, by its name on the wire; `connection` for the address itself.
    pub activity: String,
    /// How it ended.
    pub outcome: ReportOutcome,
    /// How long it took, in milliseconds.
    pub elapsed_ms: u64,
    /// What was checked.
    pub checks: Vec<ReportCheck>,
}

/// A report whose signature fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DebugReport {
    /// The address that was tried.
    pub address: String,
    /// `v1` or `v2`.
    pub protocol: String,
    /// `period`, `one-time` or `pay-per-use`.
    pub billing: String,
    /// The program and its version.
    pub tool: String,
    /// When it was made, by the seller's clock.
    pub made_at: Timestamp,
    /// Whether it says that everything required passed.
    pub passed: bool,
    /// The fingerprint of the key that signed it: the first 32 hexadecimal digits of its SHA-256.
    pub key_fingerprint: String,
    /// Every case, in the order of the run.
    pub cases: Vec<ReportCase>,
}

/// What a report is compared with.
#[derive(Clone, Debug)]
pub struct ReportSetting<'a> {
    /// The address of the release, in the parser's spelling; `None` when none is chosen.
    pub address: Option<&'a str>,
    /// What the address speaks.
    pub protocol: ProtocolVersion,
    /// How the release is paid for; `None` when it has no price yet.
    pub billing: Option<BillingMode>,
    /// The present instant.
    pub now: Timestamp,
    /// A report older than so many days is named old.
    pub fresh_days: u32,
}

/// Something about a report that a reviewer should notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportConcern {
    /// So many cases failed, or it says itself that it did not pass.
    Failed {
        /// How many cases.
        cases: usize,
    },
    /// It is about another address than the release uses.
    OtherAddress {
        /// The address in the report.
        tried: String,
    },
    /// The release names no address yet, so there is nothing to compare with.
    NoAddress,
    /// It speaks another version of the protocol than the marketplace calls the address with.
    OtherProtocol {
        /// The version in the report.
        found: String,
        /// The version of the address.
        wanted: ProtocolVersion,
    },
    /// Activities that the release's billing requires were not tried, or only skipped.
    NotTried {
        /// Their names on the wire, in the order of the tabs.
        activities: Vec<&'static str>,
    },
    /// It is older than the operator likes.
    Old {
        /// Its age in whole days.
        days: i64,
        /// The operator's limit.
        most: u32,
    },
    /// It says that it was made later than now: a clock is wrong.
    FromTheFuture,
}

impl ReportConcern {
    /// A stable code, for JSON.
    pub fn code(&self) -> &'static str {
        match self {
            ReportConcern::Failed { .. } => "failed",
            ReportConcern::OtherAddress { .. } => "other_address",
            ReportConcern::NoAddress => "no_address",
            ReportConcern::OtherProtocol { .. } => "other_protocol",
            ReportConcern::NotTried { .. } => "not_tried",
            ReportConcern::Old { .. } => "old",
            ReportConcern::FromTheFuture => "from_the_future",
        }
    }
}

/// A clock may be wrong by so much before it is worth a word, in seconds (seller-protocol 2.4 allows as much between systems).
const CLOCKS_DIFFER_S: i64 = 60;

impl DebugReport {
    /// How many cases ended so.
    pub fn count(&self, outcome: ReportOutcome) -> usize {
        self.cases.iter().filter(|case| case.outcome == outcome).count()
    }

    /// Its age in whole days; nothing while it lies in the future.
    pub fn age_days(&self, now: Timestamp) -> Option<i64> {
        let age_s = now.duration_since(self.made_at).as_secs();
        (age_s >= -CLOCKS_DIFFER_S).then(|| age_s.max(0) / 86_400)
    }

    /// Whether a case of this activity was really tried.
    fn tried(&self, activity: Activity) -> bool {
        self.cases.iter().any(|case| case.activity == activity.code() && case.outcome != ReportOutcome::Skip)
    }

    /// Everything that a reviewer should notice, the gravest first.
    pub fn concerns(&self, setting: &ReportSetting<'_>) -> Vec<ReportConcern> {
        let mut concerns = Vec::new();
        let failed = self.count(ReportOutcome::Fail);
        if failed > 0 || !self.passed {
            concerns.push(ReportConcern::Failed { cases: failed });
        }
        match setting.address {
            None => concerns.push(ReportConcern::NoAddress),
            Some(wanted) if wanted != self.address => {
                concerns.push(ReportConcern::OtherAddress { tried: self.address.clone() });
            }
            Some(_) => {}
        }
        if self.protocol != setting.protocol.code() {
            concerns.push(ReportConcern::OtherProtocol { found: self.protocol.clone(), wanted: setting.protocol });
        }
        let required = setting.billing.map_or(&[][..], |billing| required_activities(setting.protocol, billing));
        let activities: Vec<_> =
            required.iter().filter(|activity| !self.tried(**activity)).map(|activity| activity.code()).collect();
        if !activities.is_empty() {
            concerns.push(ReportConcern::NotTried { activities });
        }
        match self.age_days(setting.now) {
            None => concerns.push(ReportConcern::FromTheFuture),
            Some(days) if days > i64::from(setting.fresh_days) => {
                concerns.push(ReportConcern::Old { days, most: setting.fresh_days });
            }
            Some(_) => {}
        }
        concerns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "https://saas.example.com/produce";

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    fn report() -> DebugReport {
        let case = |activity: Activity| ReportCase {
            activity: activity.code().to_owned(),
            outcome: ReportOutcome::Pass,
            elapsed_ms: 12,
            checks: Vec::new(),
        };
        DebugReport {
            address: ADDRESS.to_owned(),
            protocol: "v2".to_owned(),
            billing: "period".to_owned(),
            tool: "souk 0.1.0".to_owned(),
            made_at: at("2026-05-01T00:00:00Z"),
            passed: true,
            key_fingerprint: "00".repeat(16),
            cases: required_activities(ProtocolVersion::V2, BillingMode::Period)
                .iter()
                .map(|activity| case(*activity))
                .collect(),
        }
    }

    fn setting(now: &str) -> ReportSetting<'static> {
        ReportSetting {
            address: Some(ADDRESS),
            protocol: ProtocolVersion::V2,
            billing: Some(BillingMode::Period),
            now: at(now),
            fresh_days: 30,
        }
    }

    #[test]
    fn a_fresh_whole_report_about_the_right_address_raises_no_concern() {
        assert_eq!(report().concerns(&setting("2026-05-31T23:59:59Z")), []);
        // A clock that is half a minute ahead is no news.
        assert_eq!(report().concerns(&setting("2026-04-30T23:59:30Z")), []);
    }

    #[test]
    fn age_address_failures_and_gaps_are_named_in_the_order_of_gravity() {
        let mut bad = report();
        bad.address = "https://other.example.com/produce".to_owned();
        bad.protocol = "v1".to_owned();
        bad.cases[1].outcome = ReportOutcome::Fail;
        bad.cases[2].outcome = ReportOutcome::Skip;
        let codes: Vec<_> = bad.concerns(&setting("2026-06-01T00:00:00Z")).iter().map(ReportConcern::code).collect();
        assert_eq!(codes, ["failed", "other_address", "other_protocol", "not_tried", "old"]);
        assert_eq!(
            report().concerns(&setting("2026-04-30T23:58:00Z")),
            [ReportConcern::FromTheFuture],
            "two minutes ahead"
        );
    }

    #[test]
    fn a_report_is_compared_with_the_protocol_and_the_cases_of_the_address() {
        let old = ReportSetting { protocol: ProtocolVersion::V1, ..setting("2026-05-02T00:00:00Z") };
        let wanted = ProtocolVersion::V1;
        let not_tried = ReportConcern::NotTried { activities: vec!["expireInstance"] };
        assert_eq!(
            report().concerns(&old),
            [ReportConcern::OtherProtocol { found: "v2".to_owned(), wanted }, not_tried]
        );
    }

    #[test]
    fn a_report_that_says_it_did_not_pass_is_believed() {
        let unsaid = DebugReport { passed: false, ..report() };
        assert_eq!(unsaid.concerns(&setting("2026-05-02T00:00:00Z")), [ReportConcern::Failed { cases: 0 }]);
    }

    #[test]
    fn a_release_without_address_or_price_has_less_to_compare() {
        let open = ReportSetting { address: None, billing: None, ..setting("2026-05-02T00:00:00Z") };
        let partial = DebugReport { cases: Vec::new(), ..report() };
        assert_eq!(partial.concerns(&open), [ReportConcern::NoAddress]);
    }
}
