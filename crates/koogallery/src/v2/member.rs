//! How single members of a V2 body are read and written, and what the debugging page must know about each. The bodies
//! themselves are in [`super::activity`].

use crate::json::Json;
use crate::text::{Id, Text, UtcSecond, ValueProblem, check_text};

/// What may stand in a member; enough to draw a form field for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberKind {
    /// A text of at most so many characters.
    Text {
        /// Characters allowed.
        limit: usize,
    },
    /// Several instance ids, separated by commas.
    InstanceIds {
        /// Entries allowed.
        limit: usize,
    },
    /// One of the listed words.
    Choice(&'static [&'static str]),
    /// `yyyyMMddHHmmss`, UTC.
    Time,
    /// Product, specification and number to change to.
    ProductInfo,
    /// `1` for debugging calls.
    TestFlag,
}

/// Whether a member may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Must be there.
    Mandatory,
    /// May be left out.
    Optional,
}

/// One member of an activity's body, as section 3 of seller-protocol lists it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// The name on the wire, e.g. `orderLineId`.
    pub name: &'static str,
    /// Mandatory or optional.
    pub presence: Presence,
    /// What may stand in it.
    pub kind: MemberKind,
}

/// A member of a request that cannot be used, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{member} {problem}")]
pub struct MemberProblem {
    /// The name on the wire.
    pub member: &'static str,
    /// What is wrong with it.
    pub problem: ValueProblem,
}

/// A Rust type that stands for a member.
pub(super) trait MemberValue: Sized {
    /// May it be left out?
    const PRESENCE: Presence;
    /// What it takes.
    const KIND: MemberKind;
    /// From the wire.
    fn read(value: Option<&Json>) -> Result<Self, ValueProblem>;
    /// To the wire; `None` leaves the member out.
    fn write(&self) -> Option<Json>;
}

fn text_of(value: Option<&Json>) -> Result<&str, ValueProblem> {
    match value {
        None | Some(Json::Null) => Err(ValueProblem::Missing),
        Some(Json::Text(text)) if text.is_empty() => Err(ValueProblem::Missing),
        Some(Json::Text(text)) => Ok(text),
        Some(other @ (Json::Bool(_) | Json::Number(_) | Json::List(_) | Json::Object(_))) => {
            Err(ValueProblem::WrongType { expected: "string", found: other.kind() })
        }
    }
}

impl<const MAX: usize> MemberValue for Text<MAX> {
    const PRESENCE: Presence = Presence::Mandatory;
    const KIND: MemberKind = MemberKind::Text { limit: MAX };
    fn read(value: Option<&Json>) -> Result<Self, ValueProblem> {
        Text::parse(text_of(value)?)
    }
    fn write(&self) -> Option<Json> {
        Some(Json::text(self.as_str()))
    }
}

impl MemberValue for UtcSecond {
    const PRESENCE: Presence = Presence::Mandatory;
    const KIND: MemberKind = MemberKind::Time;
    fn read(value: Option<&Json>) -> Result<Self, ValueProblem> {
        UtcSecond::parse(text_of(value)?)
    }
    fn write(&self) -> Option<Json> {
        Some(Json::text(self.to_string()))
    }
}

impl<T: MemberValue> MemberValue for Option<T> {
    const PRESENCE: Presence = Presence::Optional;
    const KIND: MemberKind = T::KIND;
    fn read(value: Option<&Json>) -> Result<Self, ValueProblem> {
        match T::read(value) {
            Err(ValueProblem::Missing) => Ok(None),
            other => other.map(Some),
        }
    }
    fn write(&self) -> Option<Json> {
        self.as_ref().and_then(MemberValue::write)
    }
}

macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $( $(#[$case_doc:meta])* $case:ident = $wire:literal ),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $( $(#[$case_doc])* $case ),* }

        impl $name {
            /// Every value, in the order of the documentation.
            pub const ALL: &[$name] = &[$( $name::$case ),*];

            /// The word on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $( $name::$case => $wire ),* }
            }

            /// Reads the word on the wire.
            pub fn parse(text: &str) -> Option<$name> {
                match text { $( $wire => Some($name::$case), )* _ => None }
            }
        }

        impl MemberValue for $name {
            const PRESENCE: Presence = Presence::Mandatory;
            const KIND: MemberKind = MemberKind::Choice(&[$( $wire ),*]);
            fn read(value: Option<&Json>) -> Result<Self, ValueProblem> {
                $name::parse(text_of(value)?).ok_or_else(|| ValueProblem::NotAllowed { allowed: [$( $wire ),*].join(", ") })
            }
            fn write(&self) -> Option<Json> {
                Some(Json::text(self.as_str()))
            }
        }
    };
}

choice! {
    /// Why a term changes (seller-protocol 3.3).
    Scene {
        /// A trial became a paid subscription.
        TrialToFormal = "TRIAL_TO_FORMAL",
        /// The term was renewed.
        Renewal = "RENEWAL",
        /// A renewal was undone.
        UnsubscribeRenewalPeriod = "UNSUBSCRIBE_RENEWAL_PERIOD",
        /// The term was renewed with another specification.
        RenewalChange = "RENEWAL_CHANGE",
    }
}

choice! {
    /// Why a licence code's term changes (seller-protocol 3.9).
    LicenseScene {
        /// The term was renewed.
        Renewal = "RENEWAL",
        /// A renewal was undone.
        UnsubscribeRenewalPeriod = "UNSUBSCRIBE_RENEWAL_PERIOD",
    }
}

choice! {
    /// Stop or resume (seller-protocol 3.4).
    StatusChange {
        /// Expiry, violation or arrears: the customer must not get in, the data stays.
        Freeze = "FREEZE",
        /// Renewed, or the violation is lifted.
        Unfreeze = "UNFREEZE",
    }
}

/// Is this a call from the debugging page or dial test? (seller-protocol 1.3)
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TestFlag {
    /// A real call. The member is left out; an old sender's `"0"` reads the same.
    #[default]
    Production,
    /// A debugging call: `"1"`. It must succeed any number of times and leave nothing real behind.
    Debugging,
}

fn read_flag(value: Option<&Json>) -> Result<TestFlag, ValueProblem> {
    match text_of(value) {
        Ok("1") => Ok(TestFlag::Debugging),
        Ok("0") | Err(ValueProblem::Missing) => Ok(TestFlag::Production),
        Ok(_) => Err(ValueProblem::NotAllowed { allowed: "0, 1".into() }),
        Err(problem) => Err(problem),
    }
}

impl MemberValue for TestFlag {
    const PRESENCE: Presence = Presence::Optional;
    const KIND: MemberKind = MemberKind::TestFlag;
    fn read(value: Option<&Json>) -> Result<Self, ValueProblem> {
        read_flag(value)
    }
    fn write(&self) -> Option<Json> {
        match self {
            TestFlag::Production => None,
            TestFlag::Debugging => Some(Json::text("1")),
        }
    }
}

/// The flag of `orderNotify`, which is always said: `"0"` or `"1"` (seller-protocol 3.8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SaidTestFlag(pub TestFlag);

impl From<TestFlag> for SaidTestFlag {
    fn from(flag: TestFlag) -> Self {
        SaidTestFlag(flag)
    }
}

impl MemberValue for SaidTestFlag {
    const PRESENCE: Presence = Presence::Mandatory;
    const KIND: MemberKind = MemberKind::TestFlag;
    fn read(value: Option<&Json>) -> Result<Self, ValueProblem> {
        read_flag(value).map(SaidTestFlag)
    }
    fn write(&self) -> Option<Json> {
        Some(Json::text(match self.0 {
            TestFlag::Production => "0",
            TestFlag::Debugging => "1",
        }))
    }
}

/// The instances a query is about: 1 to 100, joined with commas on the wire (seller-protocol 3.2).
///
/// The documentation limits the member to 100 characters *and* to 100 ids, which contradict; one id per call is what every
/// seller understands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceIds(Vec<Id>);

impl InstanceIds {
    /// How many ids one query may carry.
    pub const LIMIT: usize = 100;

    /// Ask about one instance.
    pub fn one(id: Id) -> InstanceIds {
        InstanceIds(vec![id])
    }

    /// Reads a comma-separated list.
    pub fn parse(text: &str) -> Result<InstanceIds, ValueProblem> {
        check_text(text, Self::LIMIT * 65)?;
        let count = text.split(',').count();
        if count > Self::LIMIT {
            return Err(ValueProblem::TooMany { count, limit: Self::LIMIT });
        }
        text.split(',').map(Id::parse).collect::<Result<_, _>>().map(InstanceIds)
    }

    /// The ids, in the order asked.
    pub fn iter(&self) -> impl Iterator<Item = &Id> {
        self.0.iter()
    }
}

impl MemberValue for InstanceIds {
    const PRESENCE: Presence = Presence::Mandatory;
    const KIND: MemberKind = MemberKind::InstanceIds { limit: InstanceIds::LIMIT };
    fn read(value: Option<&Json>) -> Result<Self, ValueProblem> {
        InstanceIds::parse(text_of(value)?)
    }
    fn write(&self) -> Option<Json> {
        Some(Json::text(self.0.iter().map(Id::as_str).collect::<Vec<_>>().join(",")))
    }
}

/// How `productInfo` travels. Its shape is not published (seller-protocol 3.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ProductInfoForm {
    /// JSON inside a string: a seller that reads the body as string to string still verifies the signature.
    #[default]
    Text,
    /// A nested object.
    Object,
}

/// What a renewal would change to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductInfo {
    /// How it travels.
    pub form: ProductInfoForm,
    /// The product to change to.
    pub product_id: Id,
    /// Its specification.
    pub sku_code: Option<Id>,
    /// Its quantity.
    pub linear_value: Option<i64>,
    /// Its name.
    pub product_name: Option<Text<255>>,
}

impl MemberValue for ProductInfo {
    const PRESENCE: Presence = Presence::Mandatory;
    const KIND: MemberKind = MemberKind::ProductInfo;

    fn read(value: Option<&Json>) -> Result<Self, ValueProblem> {
        let (form, inner) = match value {
            Some(object @ Json::Object(_)) => (ProductInfoForm::Object, object.clone()),
            other => {
                let wrong = ValueProblem::WrongType { expected: "object", found: "string" };
                (ProductInfoForm::Text, Json::parse(text_of(other)?.as_bytes()).map_err(|_| wrong)?)
            }
        };
        let linear_value = match inner.get("linearValue") {
            None | Some(Json::Null) => None,
            Some(Json::Number(number)) => Some(number.as_i64().ok_or(ValueProblem::NotAnAmount)?),
            Some(Json::Text(text)) => Some(text.parse().map_err(|_| ValueProblem::NotAnAmount)?),
            Some(other) => return Err(ValueProblem::WrongType { expected: "number", found: other.kind() }),
        };
        Ok(ProductInfo {
            form,
            product_id: Id::read(inner.get("productId"))?,
            sku_code: MemberValue::read(inner.get("skuCode"))?,
            linear_value,
            product_name: MemberValue::read(inner.get("productName"))?,
        })
    }

    fn write(&self) -> Option<Json> {
        let mut members = Vec::new();
        let mut push = |name: &str, value: Option<Json>| members.extend(value.map(|value| (name.to_owned(), value)));
        push("linearValue", self.linear_value.map(|value| Json::Number(value.into())));
        push("productId", self.product_id.write());
        push("productName", self.product_name.write());
        push("skuCode", self.sku_code.write());
        let object = Json::Object(members);
        Some(match self.form {
            ProductInfoForm::Text => Json::text(object.to_compact()),
            ProductInfoForm::Object => object,
        })
    }
}
