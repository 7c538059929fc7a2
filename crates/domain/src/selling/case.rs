//! Debugging cases: sample values of one activity that a seller saved after they passed, and what came of running them
//! (functions.md 6, seller-protocol 7).
//!
//! *What is promised.* A product may be submitted only when the required cases of its billing mode are saved for its
//! address and pass once more (seller-protocol 7.1, "ours").
//!
//! *What is not here.* Bytes, signatures and the rules an answer must keep (`koogallery`).

use std::collections::BTreeMap;
use std::str::FromStr;

use crate::ids::{DebugCaseId, InterfaceAddressId, OrganisationId};
use crate::time::Timestamp;

use super::{InterfaceType, ProtocolVersion};

/// An activity of either version of the protocol that the debugging page can send (seller-protocol 3.1 to 3.10, 6.3 to 6.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Activity {
    /// Create what was bought.
    NewInstance,
    /// Ask for access data.
    QueryInstance,
    /// Change the term.
    RefreshInstance,
    /// Freeze or unfreeze.
    UpdateInstanceStatus,
    /// Delete for good.
    ReleaseInstance,
    /// A larger plan or quantity was paid for.
    UpgradeInstance,
    /// May the plan change at the next renewal?
    ChangeInstanceCheck,
    /// An order was placed, changed or cancelled.
    OrderNotify,
    /// V1.0: the term ended.
    ExpireInstance,
    /// V1.0: freeze or unfreeze what is paid by use.
    InstanceStatus,
    /// V1.0: a larger plan or quantity was paid for.
    Upgrade,
    /// Ask for an online licence, which is uploaded later.
    GetLicenseAsync,
    /// Change the term of a licence code.
    RefreshLicenseCode,
    /// Freeze or unfreeze a licence code.
    UpdateLicenseCodeStatus,
    /// Withdraw a licence code.
    ReleaseLicenseCode,
    /// V1.0: ask for an offline licence.
    GetLicense,
    /// V1.0: withdraw an offline licence.
    ReleaseLicense,
    /// A company that uses the application came or went.
    TenantSync,
    /// The company's credential for single sign-on.
    ApplicationSync,
    /// Who may use the application.
    AuthSync,
    /// One department.
    SingleOrgSync,
    /// Every department at once.
    AllOrgSync,
}

/// What calls are about: the debugging page shows one group of tabs at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActivityGroup {
    /// Instances and the orders behind them; what every product lives on.
    Instances,
    /// Licences (seller-protocol 3.9, 6.6).
    Licences,
    /// The joint-operations kit (seller-protocol 3.10).
    JointOperations,
}

impl ActivityGroup {
    /// Every group, in the order of the page.
    pub const ALL: [ActivityGroup; 3] =
        [ActivityGroup::Instances, ActivityGroup::Licences, ActivityGroup::JointOperations];

    /// The activities of the group in one version, in the order of the tabs.
    pub fn activities(self, protocol: ProtocolVersion) -> impl Iterator<Item = Activity> {
        Activity::of(protocol).iter().copied().filter(move |activity| activity.group() == self)
    }
}

impl Activity {
    /// Every activity of any version.
    pub const ALL: [Activity; 22] = [
        Activity::NewInstance,
        Activity::QueryInstance,
        Activity::RefreshInstance,
        Activity::UpdateInstanceStatus,
        Activity::ReleaseInstance,
        Activity::UpgradeInstance,
        Activity::ChangeInstanceCheck,
        Activity::OrderNotify,
        Activity::ExpireInstance,
        Activity::InstanceStatus,
        Activity::Upgrade,
        Activity::GetLicenseAsync,
        Activity::RefreshLicenseCode,
        Activity::UpdateLicenseCodeStatus,
        Activity::ReleaseLicenseCode,
        Activity::GetLicense,
        Activity::ReleaseLicense,
        Activity::TenantSync,
        Activity::ApplicationSync,
        Activity::AuthSync,
        Activity::SingleOrgSync,
        Activity::AllOrgSync,
    ];

    /// The activities of one version, in the order of the tabs.
    pub fn of(protocol: ProtocolVersion) -> &'static [Activity] {
        match protocol {
            ProtocolVersion::V1 => &[
                Activity::NewInstance,
                Activity::RefreshInstance,
                Activity::ExpireInstance,
                Activity::ReleaseInstance,
                Activity::QueryInstance,
                Activity::InstanceStatus,
                Activity::Upgrade,
                Activity::GetLicense,
                Activity::ReleaseLicense,
                Activity::TenantSync,
                Activity::ApplicationSync,
                Activity::AuthSync,
                Activity::SingleOrgSync,
                Activity::AllOrgSync,
            ],
            ProtocolVersion::V2 => &[
                Activity::NewInstance,
                Activity::QueryInstance,
                Activity::RefreshInstance,
                Activity::UpdateInstanceStatus,
                Activity::ReleaseInstance,
                Activity::UpgradeInstance,
                Activity::ChangeInstanceCheck,
                Activity::OrderNotify,
                Activity::GetLicenseAsync,
                Activity::RefreshLicenseCode,
                Activity::UpdateLicenseCodeStatus,
                Activity::ReleaseLicenseCode,
                Activity::TenantSync,
                Activity::ApplicationSync,
                Activity::AuthSync,
                Activity::SingleOrgSync,
                Activity::AllOrgSync,
            ],
        }
    }

    /// What the call is about.
    pub fn group(self) -> ActivityGroup {
        match self {
            Activity::NewInstance
            | Activity::QueryInstance
            | Activity::RefreshInstance
            | Activity::UpdateInstanceStatus
            | Activity::ReleaseInstance
            | Activity::UpgradeInstance
            | Activity::ChangeInstanceCheck
            | Activity::OrderNotify
            | Activity::ExpireInstance
            | Activity::InstanceStatus
            | Activity::Upgrade => ActivityGroup::Instances,
            Activity::GetLicenseAsync
            | Activity::RefreshLicenseCode
            | Activity::UpdateLicenseCodeStatus
            | Activity::ReleaseLicenseCode
            | Activity::GetLicense
            | Activity::ReleaseLicense => ActivityGroup::Licences,
            Activity::TenantSync
            | Activity::ApplicationSync
            | Activity::AuthSync
            | Activity::SingleOrgSync
            | Activity::AllOrgSync => ActivityGroup::JointOperations,
        }
    }

    /// Whose key signs the call (seller-protocol 2.1). An online licence belongs to an instance of the basic interfaces; only
    /// the delivery of licence codes has a type of its own.
    pub fn interface_type(self) -> InterfaceType {
        match self {
            Activity::OrderNotify => InterfaceType::OrderNotice,
            Activity::RefreshLicenseCode | Activity::UpdateLicenseCodeStatus | Activity::ReleaseLicenseCode => {
                InterfaceType::LicenceCode
            }
            Activity::TenantSync
            | Activity::ApplicationSync
            | Activity::AuthSync
            | Activity::SingleOrgSync
            | Activity::AllOrgSync => InterfaceType::JointOperations,
            Activity::NewInstance
            | Activity::QueryInstance
            | Activity::RefreshInstance
            | Activity::UpdateInstanceStatus
            | Activity::ReleaseInstance
            | Activity::UpgradeInstance
            | Activity::ChangeInstanceCheck
            | Activity::ExpireInstance
            | Activity::InstanceStatus
            | Activity::Upgrade
            | Activity::GetLicenseAsync
            | Activity::GetLicense
            | Activity::ReleaseLicense => InterfaceType::Basic,
        }
    }

    /// The name on the wire, in addresses, columns and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Activity::NewInstance => "newInstance",
            Activity::QueryInstance => "queryInstance",
            Activity::RefreshInstance => "refreshInstance",
            Activity::UpdateInstanceStatus => "updateInstanceStatus",
            Activity::ReleaseInstance => "releaseInstance",
            Activity::UpgradeInstance => "upgradeInstance",
            Activity::ChangeInstanceCheck => "changeInstanceCheck",
            Activity::OrderNotify => "orderNotify",
            Activity::ExpireInstance => "expireInstance",
            Activity::InstanceStatus => "instanceStatus",
            Activity::Upgrade => "upgrade",
            Activity::GetLicenseAsync => "getLicenseAsync",
            Activity::RefreshLicenseCode => "refreshLicenseCode",
            Activity::UpdateLicenseCodeStatus => "updateLicenseCodeStatus",
            Activity::ReleaseLicenseCode => "releaseLicenseCode",
            Activity::GetLicense => "getLicense",
            Activity::ReleaseLicense => "releaseLicense",
            Activity::TenantSync => "tenantSync",
            Activity::ApplicationSync => "applicationSync",
            Activity::AuthSync => "authSync",
            Activity::SingleOrgSync => "singleOrgSync",
            Activity::AllOrgSync => "allOrgSync",
        }
    }
}

impl FromStr for Activity {
    type Err = ();
    fn from_str(code: &str) -> Result<Activity, ()> {
        Activity::ALL.into_iter().find(|activity| activity.code() == code).ok_or(())
    }
}

/// How a product is paid for, as far as it decides which cases its address must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BillingMode {
    /// Once, for ever.
    OneTime,
    /// By month or year, renewable.
    Period,
    /// By what is used, after use.
    PayPerUse,
}

impl BillingMode {
    /// Every mode.
    pub const ALL: [BillingMode; 3] = [BillingMode::OneTime, BillingMode::Period, BillingMode::PayPerUse];

    /// The word in JSON.
    pub fn code(self) -> &'static str {
        match self {
            BillingMode::OneTime => "one_time",
            BillingMode::Period => "period",
            BillingMode::PayPerUse => "pay_per_use",
        }
    }
}

/// The activities whose cases a product of this mode needs (seller-protocol 7.2; V1.0: 6.5).
pub fn required_activities(protocol: ProtocolVersion, billing: BillingMode) -> &'static [Activity] {
    match (protocol, billing) {
        (ProtocolVersion::V1, BillingMode::OneTime) => &[Activity::NewInstance, Activity::ReleaseInstance],
        (ProtocolVersion::V1, BillingMode::Period) => {
            &[Activity::NewInstance, Activity::RefreshInstance, Activity::ExpireInstance, Activity::ReleaseInstance]
        }
        (ProtocolVersion::V1, BillingMode::PayPerUse) => {
            &[Activity::NewInstance, Activity::ReleaseInstance, Activity::QueryInstance, Activity::InstanceStatus]
        }
        (ProtocolVersion::V2, BillingMode::OneTime) => {
            &[Activity::NewInstance, Activity::QueryInstance, Activity::ReleaseInstance]
        }
        (ProtocolVersion::V2, BillingMode::Period | BillingMode::PayPerUse) => &[
            Activity::NewInstance,
            Activity::QueryInstance,
            Activity::RefreshInstance,
            Activity::UpdateInstanceStatus,
            Activity::ReleaseInstance,
        ],
    }
}

/// Whether a product of a mode needs a case of an activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CaseNeed {
    /// Without one the product cannot be submitted.
    Required,
    /// Only for what goes beyond buying, renewing and leaving: upgrades, changed renewals, notices of orders, licences, joint
    /// operations.
    Optional,
    /// The call is never made for such a product.
    NotNeeded,
}

/// Whether a product of this mode needs a case of this activity (seller-protocol 7.2, 6.5; orderNotify: 3.8).
pub fn case_need(protocol: ProtocolVersion, billing: BillingMode, activity: Activity) -> CaseNeed {
    if required_activities(protocol, billing).contains(&activity) {
        return CaseNeed::Required;
    }
    match (activity, billing) {
        (
            Activity::OrderNotify
            | Activity::TenantSync
            | Activity::ApplicationSync
            | Activity::AuthSync
            | Activity::SingleOrgSync
            | Activity::AllOrgSync,
            BillingMode::OneTime | BillingMode::Period | BillingMode::PayPerUse,
        )
        | (
            Activity::UpgradeInstance
            | Activity::Upgrade
            | Activity::ChangeInstanceCheck
            | Activity::RefreshLicenseCode,
            BillingMode::Period,
        )
        | (
            Activity::GetLicenseAsync
            | Activity::UpdateLicenseCodeStatus
            | Activity::ReleaseLicenseCode
            | Activity::GetLicense
            | Activity::ReleaseLicense,
            BillingMode::OneTime | BillingMode::Period,
        ) => CaseNeed::Optional,
        (
            Activity::NewInstance
            | Activity::QueryInstance
            | Activity::RefreshInstance
            | Activity::UpdateInstanceStatus
            | Activity::ReleaseInstance
            | Activity::UpgradeInstance
            | Activity::ChangeInstanceCheck
            | Activity::ExpireInstance
            | Activity::InstanceStatus
            | Activity::Upgrade
            | Activity::GetLicenseAsync
            | Activity::RefreshLicenseCode
            | Activity::UpdateLicenseCodeStatus
            | Activity::ReleaseLicenseCode
            | Activity::GetLicense
            | Activity::ReleaseLicense,
            BillingMode::OneTime | BillingMode::Period | BillingMode::PayPerUse,
        ) => CaseNeed::NotNeeded,
    }
}

/// Whether no mode requires a case of this activity.
pub fn optional_everywhere(protocol: ProtocolVersion, activity: Activity) -> bool {
    BillingMode::ALL.iter().all(|billing| case_need(protocol, *billing, activity) != CaseNeed::Required)
}

/// The required activities of which no case is saved, in the order of the tabs.
pub fn missing_cases(protocol: ProtocolVersion, billing: BillingMode, saved: &[Activity]) -> Vec<Activity> {
    required_activities(protocol, billing).iter().copied().filter(|activity| !saved.contains(activity)).collect()
}

/// What was typed into the sample of one call: member name to text, without `activity` and `testFlag`.
pub type DebugValues = BTreeMap<String, String>;

/// A saved debugging case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DebugCase {
    /// The id.
    pub id: DebugCaseId,
    /// The address it is sent to.
    pub address: InterfaceAddressId,
    /// The seller that owns address and case.
    pub seller: OrganisationId,
    /// Which call.
    pub activity: Activity,
    /// How the seller calls it; unique among the cases of the address.
    pub name: String,
    /// What is sent.
    pub values: DebugValues,
    /// When it was saved.
    pub saved_at: Timestamp,
}

/// What one check of an answer found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// A rule is broken; a case with it is not saved.
    Fail,
    /// Nothing is broken, but the seller should look.
    Warn,
    /// The rule is kept.
    Pass,
}

impl Verdict {
    /// The word in JSON and columns.
    pub fn code(self) -> &'static str {
        match self {
            Verdict::Fail => "fail",
            Verdict::Warn => "warn",
            Verdict::Pass => "pass",
        }
    }
}

/// One check of one answer, in words.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct CheckLine {
    /// A stable code: `result_code`, `instance_id`.
    pub code: String,
    /// What it found.
    pub verdict: Verdict,
    /// Cause and remedy in English.
    pub en: String,
    /// The same in Simplified Chinese.
    pub zh: String,
    /// The section of seller-protocol that says so, e.g. `3.1`.
    pub rule: String,
}

/// How the run of a case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CaseResult {
    /// The seller answered and every check passed (warnings allowed).
    Passed,
    /// The seller answered and at least one check failed.
    Failed,
    /// No answer came, or we refused to call; the checks hold one line that says why.
    NoAnswer,
    /// No case of this required activity is saved, so nothing was sent.
    Missing,
}

impl CaseResult {
    /// The word in JSON.
    pub fn code(self) -> &'static str {
        match self {
            CaseResult::Passed => "passed",
            CaseResult::Failed => "failed",
            CaseResult::NoAnswer => "no_answer",
            CaseResult::Missing => "missing",
        }
    }
}

impl FromStr for CaseResult {
    type Err = ();
    fn from_str(code: &str) -> Result<CaseResult, ()> {
        let all = [CaseResult::Passed, CaseResult::Failed, CaseResult::NoAnswer, CaseResult::Missing];
        all.into_iter().find(|result| result.code() == code).ok_or(())
    }
}

/// What came of one case when the required cases of an address were run again.
///
/// `app::selling::replay_cases(&App, &InterfaceAddress, BillingMode) -> Result<Vec<CaseOutcome>, AppError>` answers one for
/// each saved case of a required activity, and one with [`CaseResult::Missing`] for each required activity without a case.
/// A product may go on when every one has [`CaseResult::Passed`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseOutcome {
    /// The activity.
    pub activity: Activity,
    /// The case, and how the seller calls it; `None` when it is missing.
    pub case: Option<(DebugCaseId, String)>,
    /// How it ended.
    pub result: CaseResult,
    /// Every check, failures first.
    pub checks: Vec<CheckLine>,
    /// How long the call took, in milliseconds; 0 when nothing was sent.
    pub elapsed_ms: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use ProtocolVersion::{V1, V2};

    #[test]
    fn one_time_products_need_three_activities_and_periodic_ones_five() {
        assert_eq!(missing_cases(V2, BillingMode::OneTime, &[]).len(), 3);
        assert_eq!(missing_cases(V2, BillingMode::Period, &[]), required_activities(V2, BillingMode::Period));
        let saved = [Activity::NewInstance, Activity::ReleaseInstance, Activity::RefreshInstance];
        assert_eq!(missing_cases(V2, BillingMode::OneTime, &saved), [Activity::QueryInstance]);
        assert_eq!(
            missing_cases(V2, BillingMode::Period, &saved),
            [Activity::QueryInstance, Activity::UpdateInstanceStatus]
        );
    }

    #[test]
    fn version_one_needs_other_cases_for_each_billing_mode() {
        let codes = |billing| {
            let needed = required_activities(V1, billing).iter();
            needed.map(|activity| activity.code()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(codes(BillingMode::OneTime), "newInstance releaseInstance");
        assert_eq!(codes(BillingMode::Period), "newInstance refreshInstance expireInstance releaseInstance");
        assert_eq!(codes(BillingMode::PayPerUse), "newInstance releaseInstance queryInstance instanceStatus");
        assert!(optional_everywhere(V1, Activity::Upgrade) && !optional_everywhere(V1, Activity::QueryInstance));
        for protocol in ProtocolVersion::ALL {
            for billing in BillingMode::ALL {
                let tabs = Activity::of(protocol);
                assert!(required_activities(protocol, billing).iter().all(|needed| tabs.contains(needed)));
            }
        }
    }

    #[test]
    fn activities_read_back_from_their_names_on_the_wire() {
        for activity in Activity::ALL {
            assert_eq!(activity.code().parse(), Ok(activity));
        }
        assert_eq!("refreshLicense".parse::<Activity>(), Err(()), "its parameters are in no page");
    }

    #[test]
    fn every_tab_stands_in_one_group_and_only_what_the_reference_says_has_another_key() {
        for protocol in ProtocolVersion::ALL {
            let grouped: usize = ActivityGroup::ALL.iter().map(|group| group.activities(protocol).count()).sum();
            assert_eq!(grouped, Activity::of(protocol).len());
            let mut tabs = Activity::of(protocol).to_vec();
            tabs.sort_by_key(|activity| activity.group());
            assert_eq!(tabs, Activity::of(protocol), "a group stands together");
        }
        let licences: Vec<_> = ActivityGroup::Licences.activities(V2).map(Activity::interface_type).collect();
        assert_eq!(licences[0], InterfaceType::Basic, "an online licence belongs to an instance");
        assert_eq!(licences[1..], [InterfaceType::LicenceCode; 3]);
        for protocol in ProtocolVersion::ALL {
            let joint: Vec<_> = ActivityGroup::JointOperations.activities(protocol).collect();
            assert!(joint.iter().all(|one| one.interface_type() == InterfaceType::JointOperations));
            assert!(joint.iter().all(|one| optional_everywhere(protocol, *one)), "only such products need them");
            assert_eq!(joint.len(), 5);
        }
    }

    #[test]
    fn licences_are_required_of_nobody_and_not_made_for_what_is_paid_by_use() {
        for protocol in ProtocolVersion::ALL {
            for activity in ActivityGroup::Licences.activities(protocol) {
                assert!(optional_everywhere(protocol, activity), "{activity:?}");
                assert_eq!(case_need(protocol, BillingMode::PayPerUse, activity), CaseNeed::NotNeeded);
                assert_eq!(case_need(protocol, BillingMode::Period, activity), CaseNeed::Optional);
            }
        }
        assert_eq!(case_need(V2, BillingMode::OneTime, Activity::RefreshLicenseCode), CaseNeed::NotNeeded);
    }

    #[test]
    fn upgrades_are_optional_and_only_by_period() {
        let needs = |activity| BillingMode::ALL.map(|billing| case_need(V2, billing, activity));
        assert_eq!(needs(Activity::UpgradeInstance), [CaseNeed::NotNeeded, CaseNeed::Optional, CaseNeed::NotNeeded]);
        assert_eq!(needs(Activity::OrderNotify), [CaseNeed::Optional; 3]);
        assert_eq!(needs(Activity::RefreshInstance), [CaseNeed::NotNeeded, CaseNeed::Required, CaseNeed::Required]);
        assert!(optional_everywhere(V2, Activity::ChangeInstanceCheck));
        assert!(!optional_everywhere(V2, Activity::NewInstance));
    }
}
