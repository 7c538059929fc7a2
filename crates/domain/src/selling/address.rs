//! A seller's production address with the access keys that are bound to it (seller-protocol 1.1, 2.1; functions.md 6).
//!
//! While a new key is being introduced the one before lives on: we sign with the new one, and what the seller signs with
//! either is good. Each type of interface has a key of its own; types never share one.
//!
//! One address serves every activity of the protocol; the key signs every call to it and is kept sealed. Whether an
//! address is ready for a product is not a flag here: it follows from its saved debugging cases (`case.rs`).

use std::str::FromStr;

use super::{EncryptType, ProductInfoForm};
use crate::ids::{InterfaceAddressId, OrganisationId};
use crate::outcome::{Refusal, RefusalKind};
use crate::time::Timestamp;

/// Which protocol the seller's system speaks. V2.0 is the version for new products (seller-protocol, opening).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProtocolVersion {
    /// GET with everything in the query and an `authToken`. Deprecated; for systems that speak it already.
    V1,
    /// POST with a JSON body, signed in the query.
    #[default]
    V2,
}

impl ProtocolVersion {
    /// Every version, the one for new products first.
    pub const ALL: [ProtocolVersion; 2] = [ProtocolVersion::V2, ProtocolVersion::V1];

    /// The word in forms, columns and JSON.
    pub fn code(self) -> &'static str {
        match self {
            ProtocolVersion::V1 => "v1",
            ProtocolVersion::V2 => "v2",
        }
    }

    /// As people write it.
    pub fn name(self) -> &'static str {
        match self {
            ProtocolVersion::V1 => "V1.0",
            ProtocolVersion::V2 => "V2.0",
        }
    }

    /// How strictly answers are asked to be signed when nobody says otherwise (seller-protocol 2.5, "ours").
    pub fn default_body_sign(self) -> BodySignPolicy {
        match self {
            ProtocolVersion::V1 => BodySignPolicy::Required,
            ProtocolVersion::V2 => BodySignPolicy::IfPresent,
        }
    }
}

impl FromStr for ProtocolVersion {
    type Err = ();
    fn from_str(code: &str) -> Result<ProtocolVersion, ()> {
        ProtocolVersion::ALL.into_iter().find(|version| version.code() == code).ok_or(())
    }
}

/// Why the protocol of an address stays as it is: what stands on the address was made for that protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProtocolRefusal {
    /// Debugging cases are saved for it.
    #[error("the address has {0} saved cases")]
    HasCases(usize),
    /// Products are sold with it.
    #[error("the address has products")]
    HasProducts,
}

impl From<ProtocolRefusal> for Refusal {
    fn from(refusal: ProtocolRefusal) -> Refusal {
        match refusal {
            ProtocolRefusal::HasCases(count) => {
                Refusal::new(RefusalKind::Conflict, "protocol_has_cases").with("count", count)
            }
            ProtocolRefusal::HasProducts => Refusal::new(RefusalKind::Conflict, "protocol_has_products"),
        }
    }
}

/// How strictly the signature of an answer is asked for (seller-protocol 2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BodySignPolicy {
    /// The header is not looked at.
    Off,
    /// A header that is there must be right. The default of V2.0.
    IfPresent,
    /// The header must be there and right. The default of V1.0.
    Required,
}

impl BodySignPolicy {
    /// Every policy, the weakest first.
    pub const ALL: [BodySignPolicy; 3] = [BodySignPolicy::Off, BodySignPolicy::IfPresent, BodySignPolicy::Required];

    /// The word in forms, columns and JSON.
    pub fn code(self) -> &'static str {
        match self {
            BodySignPolicy::Off => "off",
            BodySignPolicy::IfPresent => "if_present",
            BodySignPolicy::Required => "required",
        }
    }
}

impl FromStr for BodySignPolicy {
    type Err = ();
    fn from_str(code: &str) -> Result<BodySignPolicy, ()> {
        BodySignPolicy::ALL.into_iter().find(|policy| policy.code() == code).ok_or(())
    }
}

/// The last four characters of an access key, so that its owner can tell it from another; empty for a short key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyHint(String);

impl KeyHint {
    /// The hint of a key in clear: nothing when the key has less than twelve characters.
    pub fn of_key(key: &str) -> KeyHint {
        let count = key.chars().count();
        KeyHint(if count < 12 { String::new() } else { key.chars().skip(count - 4).collect() })
    }

    /// A hint as it was stored; `None` when it is longer than four characters.
    pub fn from_stored(text: &str) -> Option<KeyHint> {
        (text.chars().count() <= 4).then(|| KeyHint(text.to_owned()))
    }

    /// The characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Ten dots and the hint, as pages show a key.
    pub fn masked(&self) -> String {
        format!("••••••••••{}", self.0)
    }
}

/// One production address of one seller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterfaceAddress {
    /// The id.
    pub id: InterfaceAddressId,
    /// The seller's organisation.
    pub seller: OrganisationId,
    /// Where calls go, in the parser's spelling (`InterfaceUrl`). It is judged again at each call.
    pub url: String,
    /// The access key, sealed by the vault under this row; `app::selling::open_key` opens it.
    pub sealed_key: String,
    /// Its last characters.
    pub key_hint: KeyHint,
    /// What the seller's system speaks.
    pub protocol: ProtocolVersion,
    /// How strictly answers must be signed.
    pub body_sign: BodySignPolicy,
    /// When it was added.
    pub created_at: Timestamp,
    /// When the key was last set.
    pub key_set_at: Timestamp,
    /// The key before, while a new one is being introduced.
    pub retiring: Option<RetiringKey>,
    /// The key that order notices are signed with, sealed by the vault under its row in `bound_keys`; none until one is bound.
    pub notice_key: Option<String>,
    /// The key that calls about licence codes are signed with, likewise.
    pub licence_key: Option<String>,
    /// The key that the joint-operations sync is signed with, likewise.
    pub joint_key: Option<String>,
    /// Whether the seller's system is told of each paid order (seller-protocol 3.8).
    pub order_notices: OrderNotices,
    /// With which size of key the seller encrypts; means something only in version 1.0.
    pub encrypt_type: EncryptType,
    /// How `productInfo` travels; means something only in version 2.0.
    pub product_info: ProductInfoForm,
}

/// Whether a seller's system is told of each paid order of what is sold with an address. Off until the seller wants it: the
/// reference says "order of a type that subscribes to notices" and not how one subscribes (seller-protocol 1.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OrderNotices {
    /// Not told.
    #[default]
    Off,
    /// Told, beside the call that delivers the order.
    On,
}

impl OrderNotices {
    /// Both.
    pub const ALL: [OrderNotices; 2] = [OrderNotices::Off, OrderNotices::On];

    /// The word in forms, columns and JSON.
    pub fn code(self) -> &'static str {
        match self {
            OrderNotices::Off => "off",
            OrderNotices::On => "on",
        }
    }
}

impl FromStr for OrderNotices {
    type Err = ();
    fn from_str(code: &str) -> Result<OrderNotices, ()> {
        OrderNotices::ALL.into_iter().find(|one| one.code() == code).ok_or(())
    }
}

impl InterfaceAddress {
    /// Whether another protocol may be chosen: only while nothing was made for the present one.
    pub fn require_free_protocol(cases: usize, products: usize) -> Result<(), ProtocolRefusal> {
        if products > 0 {
            return Err(ProtocolRefusal::HasProducts);
        }
        if cases > 0 { Err(ProtocolRefusal::HasCases(cases)) } else { Ok(()) }
    }

    /// Whether calls of this type can be signed.
    pub fn can_sign(&self, interface_type: InterfaceType) -> bool {
        match interface_type {
            InterfaceType::Basic => true,
            InterfaceType::OrderNotice => self.notice_key.is_some(),
            InterfaceType::LicenceCode => self.licence_key.is_some(),
            InterfaceType::JointOperations => self.joint_key.is_some(),
        }
    }

    /// The key before, as long as it lives.
    pub fn retiring_at(&self, now: Timestamp) -> Option<&RetiringKey> {
        self.retiring.as_ref().filter(|key| key.until > now)
    }
}

/// A key that gave way to another and still verifies what the seller signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetiringKey {
    /// The key, sealed by the vault under this row.
    pub sealed_key: String,
    /// Its last characters.
    pub key_hint: KeyHint,
    /// When it ends by itself.
    pub until: Timestamp,
}

/// What a key is for (seller-protocol 2.1): one key is bound for each type, and types must not share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InterfaceType {
    /// Create, query, refresh, status, release, upgrade: the key of the address itself.
    Basic,
    /// Sync of tenants, applications, users and departments (seller-protocol 3.10).
    JointOperations,
    /// Delivery of licence codes (seller-protocol 3.9).
    LicenceCode,
    /// The general interface: order notices (seller-protocol 3.8).
    OrderNotice,
}

impl InterfaceType {
    /// Every type.
    pub const ALL: [InterfaceType; 4] =
        [InterfaceType::Basic, InterfaceType::JointOperations, InterfaceType::LicenceCode, InterfaceType::OrderNotice];

    /// The word in columns, forms and JSON.
    pub fn code(self) -> &'static str {
        match self {
            InterfaceType::Basic => "basic",
            InterfaceType::JointOperations => "joint_operations",
            InterfaceType::LicenceCode => "licence_code",
            InterfaceType::OrderNotice => "order_notice",
        }
    }
}

impl FromStr for InterfaceType {
    type Err = ();
    fn from_str(code: &str) -> Result<InterfaceType, ()> {
        InterfaceType::ALL.into_iter().find(|one| one.code() == code).ok_or(())
    }
}

/// The key of another type of interface than the basic one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundKey {
    /// What it is for; never [`InterfaceType::Basic`].
    pub interface_type: InterfaceType,
    /// The key, sealed by the vault under its row.
    pub sealed_key: String,
    /// Its last characters.
    pub key_hint: KeyHint,
    /// When it was set.
    pub key_set_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_never_gives_away_a_short_key() {
        assert_eq!(KeyHint::of_key("kg-test-access-key-0001").as_str(), "0001");
        assert_eq!(KeyHint::of_key("short-key").as_str(), "");
        assert_eq!(KeyHint::of_key("short-key").masked(), "••••••••••");
        assert_eq!(KeyHint::from_stored("longer"), None);
    }

    #[test]
    fn versions_read_back_from_their_codes_and_the_old_one_must_be_signed() {
        for version in ProtocolVersion::ALL {
            assert_eq!(version.code().parse(), Ok(version));
        }
        assert_eq!(ProtocolVersion::default(), ProtocolVersion::V2);
        assert_eq!(ProtocolVersion::V1.default_body_sign(), BodySignPolicy::Required);
        assert_eq!(ProtocolVersion::V2.default_body_sign(), BodySignPolicy::IfPresent);
    }

    #[test]
    fn policies_read_back_from_their_codes() {
        for policy in BodySignPolicy::ALL {
            assert_eq!(policy.code().parse(), Ok(policy));
        }
        assert_eq!("always".parse::<BodySignPolicy>(), Err(()));
    }
}
