//! The bodies of the V2.0 calls, one struct per activity, and the table of their members (seller-protocol 3).
//!
//! One macro writes struct, member table, reader and writer from the same lines, so that the form of the debugging
//! page, the request and the seller's check cannot drift apart.

use std::collections::BTreeMap;
use std::fmt;

use super::member::{
    InstanceIds, LicenseScene, Member, MemberProblem, MemberValue, ProductInfo, SaidTestFlag, Scene, StatusChange,
    TestFlag,
};
use crate::json::Json;
use crate::text::{Id, Text, UtcSecond, ValueProblem};

macro_rules! activities {
    ($(
        $(#[$doc:meta])*
        $name:ident = $wire:literal, rule $rule:literal {
            $( $(#[$field_doc:meta])* $field:ident : $type:ty = $member:literal, )*
        }
    )*) => {
        /// The name of a V2.0 call: the member `activity`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum ActivityName { $( $(#[$doc])* $name, )* }

        impl ActivityName {
            /// Every activity, in the order of the documentation.
            pub const ALL: &[ActivityName] = &[$( ActivityName::$name, )*];

            /// The name on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $( ActivityName::$name => $wire, )* }
            }

            /// Reads the name on the wire.
            pub fn parse(text: &str) -> Option<ActivityName> {
                match text { $( $wire => Some(ActivityName::$name), )* _ => None }
            }

            /// The section of seller-protocol that describes the call.
            pub fn rule(self) -> &'static str {
                match self { $( ActivityName::$name => $rule, )* }
            }

            /// Its members besides `activity`, in the order of the documentation.
            pub fn members(self) -> &'static [Member] {
                match self { $( ActivityName::$name => $name::MEMBERS, )* }
            }
        }

        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Eq)]
            pub struct $name { $( $(#[$field_doc])* pub $field: $type, )* }

            impl $name {
                const MEMBERS: &[Member] = &[$( Member {
                    name: $member,
                    presence: <$type as MemberValue>::PRESENCE,
                    kind: <$type as MemberValue>::KIND,
                }, )*];

                fn read(body: &Json) -> Result<$name, Vec<MemberProblem>> {
                    let mut problems = Vec::new();
                    $( let $field = note(&mut problems, $member, <$type as MemberValue>::read(body.get($member))); )*
                    match ($( $field, )*) {
                        ($( Some($field), )*) if problems.is_empty() => Ok($name { $( $field, )* }),
                        _ => Err(problems),
                    }
                }

                fn write(&self) -> Vec<(String, Json)> {
                    let mut members = vec![("activity".to_owned(), Json::text($wire))];
                    $( members.extend(self.$field.write().map(|value| ($member.to_owned(), value))); )*
                    members
                }
            }

            impl From<$name> for Activity {
                fn from(call: $name) -> Activity { Activity::$name(call) }
            }
        )*

        /// One call of the marketplace to a seller's production system.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Activity { $( $(#[$doc])* $name($name), )* }

        impl Activity {
            /// Which call it is.
            pub fn name(&self) -> ActivityName {
                match self { $( Activity::$name(_) => ActivityName::$name, )* }
            }

            /// Is it a debugging call?
            pub fn test_flag(&self) -> TestFlag {
                match self { $( Activity::$name(call) => call.test_flag.into(), )* }
            }

            /// The same call with another flag.
            pub fn with_test_flag(mut self, flag: TestFlag) -> Activity {
                match &mut self { $( Activity::$name(call) => call.test_flag = flag.into(), )* }
                self
            }

            fn read(name: ActivityName, body: &Json) -> Result<Activity, Vec<MemberProblem>> {
                match name { $( ActivityName::$name => $name::read(body).map(Activity::$name), )* }
            }

            /// The body's members as the documentation orders them, absent ones left out.
            pub fn in_documented_order(&self) -> Json {
                Json::Object(match self { $( Activity::$name(call) => call.write(), )* })
            }
        }
    };
}

fn note<T>(problems: &mut Vec<MemberProblem>, member: &'static str, read: Result<T, ValueProblem>) -> Option<T> {
    read.map_err(|problem| problems.push(MemberProblem { member, problem })).ok()
}

impl From<SaidTestFlag> for TestFlag {
    fn from(said: SaidTestFlag) -> TestFlag {
        said.0
    }
}

activities! {
    /// Create what was bought.
    NewInstance = "newInstance", rule "3.1" {
        /// The marketplace's order.
        order_id: Id = "orderId",
        /// The line of the order; together with the order it is the key of the call.
        order_line_id: Id = "orderLineId",
        /// Differs in every request, also in retries; a seller may use the first one as instance id.
        business_id: Id = "businessId",
        /// Debugging or real.
        test_flag: TestFlag = "testFlag",
    }
    /// Ask for access data and usage.
    QueryInstance = "queryInstance", rule "3.2" {
        /// Which instances.
        instance_id: InstanceIds = "instanceId",
        /// Debugging or real.
        test_flag: TestFlag = "testFlag",
    }
    /// Change the term.
    RefreshInstance = "refreshInstance", rule "3.3" {
        /// Why it changes.
        scene: Scene = "scene",
        /// The order behind the change.
        order_id: Id = "orderId",
        /// Its line.
        order_line_id: Id = "orderLineId",
        /// The instance.
        instance_id: Id = "instanceId",
        /// Said when the product changes with it.
        product_id: Option<Id> = "productId",
        /// The new end of the term.
        expire_time: UtcSecond = "expireTime",
        /// Debugging or real.
        test_flag: TestFlag = "testFlag",
    }
    /// Freeze or unfreeze.
    UpdateInstanceStatus = "updateInstanceStatus", rule "3.4" {
        /// The instance.
        instance_id: Id = "instanceId",
        /// Freeze or unfreeze.
        status: StatusChange = "status",
        /// Debugging or real.
        test_flag: TestFlag = "testFlag",
    }
    /// Delete for good.
    ReleaseInstance = "releaseInstance", rule "3.5" {
        /// The instance.
        instance_id: Id = "instanceId",
        /// The unsubscription order, only when one is the cause.
        order_id: Option<Id> = "orderId",
        /// Its line.
        order_line_id: Option<Id> = "orderLineId",
        /// Debugging or real.
        test_flag: TestFlag = "testFlag",
    }
    /// Change specification or quantity within the term.
    UpgradeInstance = "upgradeInstance", rule "3.6" {
        /// The instance; it keeps its id.
        instance_id: Id = "instanceId",
        /// The upgrade order.
        order_id: Id = "orderId",
        /// Its line.
        order_line_id: Id = "orderLineId",
        /// Debugging or real.
        test_flag: TestFlag = "testFlag",
    }
    /// Ask whether a renewal may change the specification.
    ChangeInstanceCheck = "changeInstanceCheck", rule "3.7" {
        /// The instance.
        instance_id: Id = "instanceId",
        /// What it would change to.
        product_info: ProductInfo = "productInfo",
        /// Debugging or real.
        test_flag: TestFlag = "testFlag",
    }
    /// Tell of an order (general interface, with a key of its own).
    OrderNotify = "orderNotify", rule "3.8" {
        /// The order.
        order_id: Id = "orderId",
        /// Its line.
        order_line_id: Id = "orderLineId",
        /// Debugging or real; always said.
        test_flag: SaidTestFlag = "testFlag",
    }
    /// Ask for an online licence, to be uploaded later.
    GetLicenseAsync = "getLicenseAsync", rule "3.9" {
        /// The instance.
        instance_id: Id = "instanceId",
        /// From when the licence holds.
        effective_time: UtcSecond = "effectiveTime",
        /// Until when; mandatory for period licences.
        expire_time: Option<UtcSecond> = "expireTime",
        /// The event under which the licence is uploaded.
        event_id: Id = "eventId",
        /// The machine the licence is for.
        device_fingerprint: Option<Text<1024>> = "deviceFingerprint",
        /// Debugging or real.
        test_flag: TestFlag = "testFlag",
    }
    /// Change the term of a licence code.
    RefreshLicenseCode = "refreshLicenseCode", rule "3.9" {
        /// Why it changes.
        scene: LicenseScene = "scene",
        /// The order behind the change.
        order_id: Id = "orderId",
        /// Its line.
        order_line_id: Id = "orderLineId",
        /// The licence code.
        license: Id = "license",
        /// Said when the product changes with it.
        product_id: Option<Id> = "productId",
        /// The new end of the term.
        expire_time: UtcSecond = "expireTime",
        /// Debugging or real.
        test_flag: TestFlag = "testFlag",
    }
    /// Freeze or unfreeze a licence code.
    UpdateLicenseCodeStatus = "updateLicenseCodeStatus", rule "3.9" {
        /// The licence code.
        license: Id = "license",
        /// Freeze or unfreeze.
        status: StatusChange = "status",
        /// Debugging or real.
        test_flag: TestFlag = "testFlag",
    }
    /// Withdraw a licence code.
    ReleaseLicenseCode = "releaseLicenseCode", rule "3.9" {
        /// The licence code.
        license: Id = "license",
        /// The unsubscription order, only when one is the cause.
        order_id: Option<Id> = "orderId",
        /// Its line.
        order_line_id: Option<Id> = "orderLineId",
        /// Debugging or real.
        test_flag: TestFlag = "testFlag",
    }
}

/// Why a body is no call of this protocol.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ActivityError {
    /// The body is no object, or has no text member `activity`.
    #[error("the body has no member activity")]
    NoActivity,
    /// A name that is not in the protocol.
    #[error("the activity {0:?} is not known")]
    Unknown(String),
    /// Members are missing or wrong.
    #[error("{} of the members cannot be used: {}", .0.len(), .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Members(Vec<MemberProblem>),
}

impl Activity {
    /// Reads a call from its body, as a seller does. Unknown members are ignored: newer marketplaces may add some.
    pub fn parse(body: &Json) -> Result<Activity, ActivityError> {
        let name = body.get("activity").and_then(Json::as_text).ok_or(ActivityError::NoActivity)?;
        let known = ActivityName::parse(name).ok_or_else(|| ActivityError::Unknown(name.chars().take(64).collect()))?;
        Activity::read(known, body).map_err(ActivityError::Members)
    }

    /// Builds a call from typed values, as the debugging page does: member name to text. Blank values count as absent.
    ///
    /// ```
    /// use koogallery::v2::{Activity, ActivityName};
    /// let typed = [("instanceId", "i-1"), ("status", "FREEZ")].map(|(k, v)| (k.to_owned(), v.to_owned()));
    /// let problems = Activity::from_form(ActivityName::UpdateInstanceStatus, &typed.into()).expect_err("a letter is missing");
    /// assert_eq!(problems[0].to_string(), "status must be one of: FREEZE, UNFREEZE");
    /// ```
    pub fn from_form(name: ActivityName, values: &BTreeMap<String, String>) -> Result<Activity, Vec<MemberProblem>> {
        let members = values.iter().map(|(name, value)| (name.clone(), Json::text(value.trim()))).collect();
        Activity::read(name, &Json::Object(members))
    }

    /// The text that is signed **and** sent as the body: members ascending by name, compact, UTF-8 (seller-protocol 2.3).
    pub fn payload(&self) -> String {
        self.in_documented_order().sorted_outermost().to_compact()
    }

    /// The instance this call is about, where it is about exactly one that exists already.
    pub fn instance_id(&self) -> Option<&Id> {
        match self {
            Activity::QueryInstance(call) => call.instance_id.iter().next(),
            Activity::RefreshInstance(call) => Some(&call.instance_id),
            Activity::UpdateInstanceStatus(call) => Some(&call.instance_id),
            Activity::ReleaseInstance(call) => Some(&call.instance_id),
            Activity::UpgradeInstance(call) => Some(&call.instance_id),
            Activity::ChangeInstanceCheck(call) => Some(&call.instance_id),
            Activity::GetLicenseAsync(call) => Some(&call.instance_id),
            Activity::NewInstance(_)
            | Activity::OrderNotify(_)
            | Activity::RefreshLicenseCode(_)
            | Activity::UpdateLicenseCodeStatus(_)
            | Activity::ReleaseLicenseCode(_) => None,
        }
    }
}

impl fmt::Display for ActivityName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
