//! Which debugging cases a product needs before it may be sold, sample values for the debugging page, and the invented orders that
//! sellers try the order query with (seller-protocol 7).

use crate::v1::CallName;
use crate::v2::{ActivityName, MemberKind, Scene, StatusChange};

/// How a product is charged, as the order query writes it (seller-protocol 8.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChargingMode {
    /// `ON_DEMAND`: pay-per-use.
    OnDemand,
    /// `ONE_TIME`.
    OneTime,
    /// `PERIOD`: by month or year.
    Period,
    /// `ON_DEMAND_PKG`: pay-per-use package.
    OnDemandPackage,
}

/// The cases that must be saved for a product with this charging mode (seller-protocol 7.2).
pub fn required_cases(mode: ChargingMode) -> &'static [ActivityName] {
    use ActivityName as A;
    match mode {
        ChargingMode::OneTime => &[A::NewInstance, A::QueryInstance, A::ReleaseInstance],
        ChargingMode::Period | ChargingMode::OnDemand | ChargingMode::OnDemandPackage => {
            &[A::NewInstance, A::QueryInstance, A::RefreshInstance, A::UpdateInstanceStatus, A::ReleaseInstance]
        }
    }
}

/// The calls of version 1.0 of which a case must be saved (seller-protocol 6.5). Its packages are counted and released like what is paid
/// per use.
pub fn required_calls(mode: ChargingMode) -> &'static [CallName] {
    use CallName as C;
    match mode {
        ChargingMode::OneTime => &[C::NewInstance, C::ReleaseInstance],
        ChargingMode::Period => &[C::NewInstance, C::RefreshInstance, C::ExpireInstance, C::ReleaseInstance],
        ChargingMode::OnDemand | ChargingMode::OnDemandPackage => {
            &[C::NewInstance, C::QueryInstance, C::InstanceStatus, C::ReleaseInstance]
        }
    }
}

/// A value that a seller may send unchanged from the debugging page. `testFlag` has none: debugging calls always carry `1`.
pub fn sample_value(activity: ActivityName, member: &str, kind: MemberKind) -> Option<&'static str> {
    let unsubscribed = matches!(activity, ActivityName::ReleaseInstance | ActivityName::ReleaseLicenseCode);
    match kind {
        MemberKind::TestFlag => None,
        MemberKind::Time => Some("20301231155959"),
        MemberKind::Choice(words) if words.contains(&Scene::Renewal.as_str()) => Some(Scene::Renewal.as_str()),
        MemberKind::Choice(words) if words.contains(&StatusChange::Freeze.as_str()) => {
            Some(StatusChange::Freeze.as_str())
        }
        MemberKind::Choice(words) => words.first().copied(),
        MemberKind::ProductInfo => Some(r#"{"linearValue":20,"productId":"OFFI223456789012345678"}"#),
        MemberKind::InstanceIds { .. } => Some("123456789"),
        MemberKind::Text { .. } => match member {
            "orderId" | "orderLineId" if unsubscribed => None,
            "orderId" => Some("MOCKPERIODYEARNEW"),
            "orderLineId" => Some("MOCKPERIODYEARNEW-000001"),
            "businessId" | "instanceId" => Some("123456789"),
            "license" => Some("LIC-TEST-0001"),
            "eventId" => Some("evt-0001"),
            _ => None,
        },
    }
}

/// Orders that the order query answers without any purchase, spelled as in the documentation. A line is the order and `-000001`.
pub const MOCK_ORDERS: [&str; 9] = [
    "MOCKPERIODYEARNEW",
    "MOCKONETIMENEW",
    "MOCKONDEMAND",
    "MOCKONDEMANDPKG",
    "MOCKPERIODDAYTRIAL",
    "MOCKMONTYTRIALTOFORMAL",
    "MOCKMONTYUNSUBSCRIBE",
    "MOCKMONTYRENEW",
    "MOCKMONTYCHANGE",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::v2::Activity;

    #[test]
    fn the_samples_alone_make_every_call() {
        for name in ActivityName::ALL {
            let samples = name.members().iter().filter_map(|member| {
                Some((member.name.to_owned(), sample_value(*name, member.name, member.kind)?.to_owned()))
            });
            let made = Activity::from_form(*name, &samples.collect());
            assert!(made.is_ok(), "{name}: {made:?}");
        }
    }
}
