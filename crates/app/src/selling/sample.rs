//! What the debugging page offers to fill in for each activity: the members of the protocol's own table, with invented
//! values that make sense together.

use domain::selling::{Activity, DebugValues};
use domain::time::{SignedDuration, Timestamp};
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
    /// `yyyyMMddHHmmss`, UTC.
    Time,
}

/// The protocol's word for an activity of ours.
pub(super) fn wire_name(activity: Activity) -> ActivityName {
    match activity {
        Activity::NewInstance => ActivityName::NewInstance,
        Activity::QueryInstance => ActivityName::QueryInstance,
        Activity::RefreshInstance => ActivityName::RefreshInstance,
        Activity::UpdateInstanceStatus => ActivityName::UpdateInstanceStatus,
        Activity::ReleaseInstance => ActivityName::ReleaseInstance,
        Activity::UpgradeInstance => ActivityName::UpgradeInstance,
        Activity::ChangeInstanceCheck => ActivityName::ChangeInstanceCheck,
        Activity::OrderNotify => ActivityName::OrderNotify,
    }
}

/// The fields of an activity, in the order of the protocol. `testFlag` is not among them: it is always sent as `1`.
pub(super) fn fields(activity: Activity) -> Vec<SampleField> {
    let members = wire_name(activity).members().iter();
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
            let presence = match member.presence {
                Presence::Mandatory => SamplePresence::Mandatory,
                Presence::Optional => SamplePresence::Optional,
            };
            Some(SampleField { name: member.name, presence, kind })
        })
        .collect()
}

/// Invented values for every mandatory field. `instance` is what the seller last called an instance, if it did.
pub(super) fn values(activity: Activity, now: Timestamp, random: [u8; 16], instance: Option<&str>) -> DebugValues {
    let digits = hex::encode_upper(random);
    let order = format!("CS{}{}", minute(now), digits.get(..5).unwrap_or("ABCDE"));
    fields(activity)
        .into_iter()
        .map(|field| {
            let value = match field.name {
                "orderId" if activity != Activity::ReleaseInstance => order.clone(),
                "orderLineId" if activity != Activity::ReleaseInstance => format!("{order}-000001"),
                "businessId" => uuid::Builder::from_random_bytes(random).into_uuid().to_string(),
                "instanceId" => instance.unwrap_or("debug-instance-0001").to_owned(),
                "productInfo" => r#"{"linearValue":20,"productId":"OFFI223456789012345678"}"#.to_owned(),
                "scene" => "RENEWAL".to_owned(),
                "status" => "FREEZE".to_owned(),
                "expireTime" => second(now + SignedDuration::from_hours(30 * 24)),
                _ => String::new(),
            };
            (field.name.to_owned(), value)
        })
        .collect()
}

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
    use koogallery::v2::Activity as Call;

    use super::*;

    #[test]
    fn the_invented_values_of_every_activity_are_a_valid_call() {
        let now: Timestamp = "2026-01-15T09:30:00.5Z".parse().expect("an instant");
        for activity in Activity::ALL {
            let values = values(activity, now, [0xab; 16], None);
            let call = Call::from_form(wire_name(activity), &values);
            assert!(call.is_ok(), "{activity:?}: {call:?}");
        }
        let values = values(Activity::RefreshInstance, now, [0xab; 16], Some("i-7"));
        assert_eq!(values["expireTime"], "20260214093000");
        assert_eq!(values["orderLineId"], "CS2601150930ABABA-000001");
        assert_eq!(values["instanceId"], "i-7");
    }
}
