//! What the debugging page offers to fill in for each activity: the members of the protocol's own table, with invented
//! values that make sense together.

use domain::selling::{Activity, DebugValues, ProtocolVersion};
use domain::time::{SignedDuration, Timestamp};
use koogallery::joint_operations::{self, SyncKind, SyncName};
use koogallery::v1::CallName;
use koogallery::v2::{ActivityName, MemberKind, Presence};

/// One field of a sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleField {
    /// The member's name on the wire.
    pub name: &'static str,
    /// Whether it must be there.
    pub presence: SamplePresence,
    /// What it takes.
    pub kind: SampleKind,
}

/// Whether a member must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SamplePresence {
    /// Yes.
    Mandatory,
    /// It may be left empty.
    Optional,
}

/// What a field takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SampleKind {
    /// A text of at most so many characters.
    Text(usize),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// One of these numbers.
    Number(&'static [i64]),
    /// `yyyyMMddHHmmss`, UTC.
    Time,
    /// `yyyyMMddHHmmssSSS`, UTC+8.
    Moment,
    /// A list, typed as JSON.
    List,
    /// Typed plain, sent encrypted with the key of the address (seller-protocol 4).
    Secret,
}

/// Version 2.0's word for an activity of ours.
pub(super) fn wire_name(activity: Activity) -> Option<ActivityName> {
    match activity {
        Activity::NewInstance => Some(ActivityName::NewInstance),
        Activity::QueryInstance => Some(ActivityName::QueryInstance),
        Activity::RefreshInstance => Some(ActivityName::RefreshInstance),
        Activity::UpdateInstanceStatus => Some(ActivityName::UpdateInstanceStatus),
        Activity::ReleaseInstance => Some(ActivityName::ReleaseInstance),
        Activity::UpgradeInstance => Some(ActivityName::UpgradeInstance),
        Activity::ChangeInstanceCheck => Some(ActivityName::ChangeInstanceCheck),
        Activity::OrderNotify => Some(ActivityName::OrderNotify),
        Activity::GetLicenseAsync => Some(ActivityName::GetLicenseAsync),
        Activity::RefreshLicenseCode => Some(ActivityName::RefreshLicenseCode),
        Activity::UpdateLicenseCodeStatus => Some(ActivityName::UpdateLicenseCodeStatus),
        Activity::ReleaseLicenseCode => Some(ActivityName::ReleaseLicenseCode),
        Activity::ExpireInstance
        | Activity::InstanceStatus
        | Activity::Upgrade
        | Activity::GetLicense
        | Activity::ReleaseLicense
        | Activity::TenantSync
        | Activity::ApplicationSync
        | Activity::AuthSync
        | Activity::SingleOrgSync
        | Activity::AllOrgSync => None,
    }
}

/// Version 1.0's word for an activity of ours.
pub(super) fn call_name(activity: Activity) -> Option<CallName> {
    match activity {
        Activity::NewInstance => Some(CallName::NewInstance),
        Activity::QueryInstance => Some(CallName::QueryInstance),
        Activity::RefreshInstance => Some(CallName::RefreshInstance),
        Activity::ReleaseInstance => Some(CallName::ReleaseInstance),
        Activity::ExpireInstance => Some(CallName::ExpireInstance),
        Activity::InstanceStatus => Some(CallName::InstanceStatus),
        Activity::Upgrade => Some(CallName::Upgrade),
        Activity::GetLicense => Some(CallName::GetLicense),
        Activity::ReleaseLicense => Some(CallName::ReleaseLicense),
        Activity::UpdateInstanceStatus
        | Activity::UpgradeInstance
        | Activity::ChangeInstanceCheck
        | Activity::OrderNotify
        | Activity::GetLicenseAsync
        | Activity::RefreshLicenseCode
        | Activity::UpdateLicenseCodeStatus
        | Activity::ReleaseLicenseCode
        | Activity::TenantSync
        | Activity::ApplicationSync
        | Activity::AuthSync
        | Activity::SingleOrgSync
        | Activity::AllOrgSync => None,
    }
}

/// The joint-operations call that an activity is, in either version.
pub(super) fn sync_name(activity: Activity) -> Option<SyncName> {
    SyncName::ALL.iter().copied().find(|name| name.as_str() == activity.code())
}

/// The fields of an activity, in the order of the protocol; none when the version has no such activity. `testFlag` is not
/// among them: it is always sent as `1`. Nor is the `timeStamp` of a body: it is the time of sending.
pub(super) fn fields(protocol: ProtocolVersion, activity: Activity) -> Vec<SampleField> {
    if let Some(name) = sync_name(activity) {
        return fields_sync(name);
    }
    match protocol {
        ProtocolVersion::V1 => call_name(activity).map_or_else(Vec::new, fields_one),
        ProtocolVersion::V2 => wire_name(activity).map_or_else(Vec::new, fields_two),
    }
}

fn presence(presence: Presence) -> SamplePresence {
    match presence {
        Presence::Mandatory => SamplePresence::Mandatory,
        Presence::Optional => SamplePresence::Optional,
    }
}

fn fields_sync(name: SyncName) -> Vec<SampleField> {
    let typed = name.members().iter().filter(|member| !matches!(member.name, "testFlag" | "timeStamp"));
    typed
        .map(|member| {
            let kind = match member.kind {
                SyncKind::Text(limit) => SampleKind::Text(limit),
                SyncKind::Word(words) => SampleKind::Choice(words),
                SyncKind::Integer(numbers) => SampleKind::Number(numbers),
                SyncKind::Moment => SampleKind::Moment,
                SyncKind::Day => SampleKind::Text(10),
                SyncKind::Users | SyncKind::Departments => SampleKind::List,
            };
            SampleField { name: member.name, presence: presence(member.presence), kind }
        })
        .collect()
}

fn fields_one(name: CallName) -> Vec<SampleField> {
    let parameters = name.parameters().iter().filter(|parameter| parameter.name != "testFlag");
    parameters
        .map(|parameter| {
            let kind = match parameter.name {
                "expireTime" => SampleKind::Time,
                "instanceStatus" => SampleKind::Choice(&["FREEZE", "NORMAL"]),
                "mobilePhone" | "email" => SampleKind::Secret,
                _ => SampleKind::Text(parameter.limit),
            };
            SampleField { name: parameter.name, presence: presence(parameter.presence), kind }
        })
        .collect()
}

fn fields_two(name: ActivityName) -> Vec<SampleField> {
    let members = name.members().iter();
    members
        .filter_map(|member| {
            let kind = match member.kind {
                MemberKind::Text { limit } => SampleKind::Text(limit),
                MemberKind::InstanceIds { .. } => SampleKind::Text(100),
                MemberKind::Choice(words) => SampleKind::Choice(words),
                MemberKind::Time => SampleKind::Time,
                MemberKind::ProductInfo => SampleKind::Text(1_000),
                MemberKind::TestFlag => return None,
            };
            Some(SampleField { name: member.name, presence: presence(member.presence), kind })
        })
        .collect()
}

/// Invented values for every mandatory field, and for what a seller's system needs beside. `instance` is what the seller
/// last called an instance, if it did.
pub(super) fn values(
    protocol: ProtocolVersion,
    activity: Activity,
    now: Timestamp,
    random: [u8; 16],
    instance: Option<&str>,
) -> DebugValues {
    let digits = hex::encode_upper(random);
    let order = format!("CS{}{}", minute(now), digits.get(..5).unwrap_or("ABCDE"));
    // A release names an order in version 2.0 only when something was unsubscribed.
    let is_release = matches!(activity, Activity::ReleaseInstance | Activity::ReleaseLicenseCode);
    let names_order = protocol == ProtocolVersion::V1 || !is_release;
    let bought_by_period =
        protocol == ProtocolVersion::V1 && matches!(activity, Activity::NewInstance | Activity::GetLicense);
    fields(protocol, activity)
        .into_iter()
        .map(|field| {
            let value = match field.name {
                "orderId" if names_order => order.clone(),
                "orderLineId" if names_order => format!("{order}-000001"),
                "businessId" => uuid::Builder::from_random_bytes(random).into_uuid().to_string(),
                "instanceId" => instance.unwrap_or("debug-instance-0001").to_owned(),
                "productInfo" => r#"{"linearValue":20,"productId":"OFFI223456789012345678"}"#.to_owned(),
                "scene" => "RENEWAL".to_owned(),
                "status" | "instanceStatus" => "FREEZE".to_owned(),
                "expireTime" => second(now + SignedDuration::from_hours(30 * 24)),
                "effectiveTime" => second(now),
                "license" => "SOUK-DEBUG-LICENCE-0001".to_owned(),
                "eventId" => format!("event-{}", digits.get(..8).unwrap_or("0001")),
                "deviceFingerprint" => "AA-BB-CC-DD".to_owned(),
                "customerId" => "9a1b6c2f8d7e4f30a5c4b3d2e1f00917".to_owned(),
                "customerName" => "kestrel-clinics".to_owned(),
                "skuCode" => "d0abcd12-1234-5678-ab90-11ab012aaaa1".to_owned(),
                "productId" if field.presence == SamplePresence::Mandatory => "OFFI123456789012345678".to_owned(),
                "chargingMode" | "periodNumber" | "amount" if bought_by_period => "1".to_owned(),
                "periodType" if bought_by_period => "month".to_owned(),
                other => of_a_company(other, now),
            };
            (field.name.to_owned(), value)
        })
        .collect()
}

/// Invented values of the joint-operations calls: a company with two departments and two people.
fn of_a_company(field: &str, now: Timestamp) -> String {
    match field {
        "tenantId" => "tenant-0001".to_owned(),
        "tenantCode" => "kestrel".to_owned(),
        "name" => "Kestrel Clinics".to_owned(),
        "domainName" => "https://kestrel.example.org".to_owned(),
        "appId" => "app-0001".to_owned(),
        "clientId" => "client-0001".to_owned(),
        // As long as what RSA with 3072 bits makes of a secret; nobody can decrypt it.
        "clientSecret" => "U291ayBkZWJ1Z2dpbmch".repeat(25) + "U291ayBkZWJ1",
        "flag" => "1".to_owned(),
        "orgCode" => "1001".to_owned(),
        "orgName" => "Research".to_owned(),
        "parentCode" => "1000".to_owned(),
        "currentSyncTime" => joint_operations::time_stamp(now.as_millisecond()).unwrap_or_default(),
        "userList" => USERS.to_owned(),
        "orgInfoList" => DEPARTMENTS.to_owned(),
        _ => String::new(),
    }
}

const USERS: &str = r#"[
  {"userName":"mei.tan","name":"Tan Mei","orgCode":"1001","position":"Nurse","role":"user","enable":"true"},
  {"userName":"zhao.min","name":"赵敏","orgCode":"1000","employeeType":1,"role":"admin","enable":"true","email":"zhao.min@kestrel.example.org"}
]"#;

const DEPARTMENTS: &str = r#"[
  {"orgCode":"1000","orgName":"Head office"},
  {"orgCode":"1001","orgName":"Research","parentCode":"1000"}
]"#;

/// `yyyyMMddHHmmss` of an instant, UTC.
fn second(at: Timestamp) -> String {
    at.to_string().chars().filter(char::is_ascii_digit).take(14).collect()
}

/// `yyMMddHHmm` of an instant, UTC.
fn minute(at: Timestamp) -> String {
    second(at).chars().skip(2).take(10).collect()
}

#[cfg(test)]
mod tests {
    use domain::selling::ActivityGroup;
    use koogallery::joint_operations::SyncCall;
    use koogallery::v2::Activity as Call;

    use super::*;

    #[test]
    fn the_invented_values_of_every_activity_are_a_valid_call() {
        let now: Timestamp = "2026-01-15T09:30:00.5Z".parse().expect("an instant");
        for activity in ActivityGroup::JointOperations.activities(ProtocolVersion::V2) {
            let values = values(ProtocolVersion::V2, activity, now, [0xab; 16], None);
            let name = sync_name(activity).expect("both versions have it");
            let call = SyncCall::from_form(name, &values, now.as_millisecond());
            assert!(call.is_ok(), "{activity:?}: {call:?}");
        }
        let others = |activity: &Activity| sync_name(*activity).is_none();
        for activity in Activity::of(ProtocolVersion::V2).iter().copied().filter(others) {
            let values = values(ProtocolVersion::V2, activity, now, [0xab; 16], None);
            let call = Call::from_form(wire_name(activity).expect("version 2.0 has it"), &values);
            assert!(call.is_ok(), "{activity:?}: {call:?}");
        }
        for activity in Activity::of(ProtocolVersion::V1).iter().copied().filter(others) {
            let values = values(ProtocolVersion::V1, activity, now, [0xab; 16], None);
            let call = koogallery::v1::Call::from_values(call_name(activity).expect("version 1.0 has it"), &values);
            assert!(call.is_ok(), "{activity:?}: {call:?}");
        }
        let values = values(ProtocolVersion::V2, Activity::RefreshInstance, now, [0xab; 16], Some("i-7"));
        assert_eq!(values["expireTime"], "20260214093000");
        assert_eq!(values["orderLineId"], "CS2601150930ABABA-000001");
        assert_eq!(values["instanceId"], "i-7");
    }

    #[test]
    fn a_version_offers_no_activity_of_the_other() {
        assert!(fields(ProtocolVersion::V1, Activity::OrderNotify).is_empty());
        assert!(fields(ProtocolVersion::V2, Activity::ExpireInstance).is_empty());
        let named = |activity| fields(ProtocolVersion::V1, activity).iter().map(|field| field.name).collect::<Vec<_>>();
        assert_eq!(named(Activity::ExpireInstance), ["instanceId", "orderId"]);
    }
}
