//! The one registry of ids. Each has a kind and a prefix, so that a log line or an address says what it names.
//!
//! An id is a version 7 UUID (time ordered, so that inserts stay local) written as `prefix_` and 32 hexadecimal
//! digits. It is made from an instant and ten random bytes that the caller brings.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use crate::time::Timestamp;

/// Text that is not an id of the wanted kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the form {prefix}_ and 32 hexadecimal digits")]
pub struct IdError {
    /// The prefix that the id should have had.
    pub prefix: &'static str,
}

/// What every id has in common, for code that makes or stores ids of any kind.
pub trait Id: Copy + fmt::Display + FromStr<Err = IdError> + Send + Sync + 'static {
    /// The letters before the underscore.
    const PREFIX: &'static str;
    /// Makes a new id from the instant and ten random bytes.
    fn make(now: Timestamp, random: [u8; 10]) -> Self;
    /// Makes a fixed id; for tests and for ids derived from something else.
    fn from_u128(value: u128) -> Self;
}

fn make_uuid(now: Timestamp, random: [u8; 10]) -> Uuid {
    let millisecond = u64::try_from(now.as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millisecond, &random).into_uuid()
}

fn parse_uuid(text: &str, prefix: &'static str) -> Result<Uuid, IdError> {
    let digits = text
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'))
        .filter(|digits| digits.len() == 32 && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')))
        .ok_or(IdError { prefix })?;
    Uuid::try_parse(digits).map_err(|_| IdError { prefix })
}

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl Id for $name {
            const PREFIX: &'static str = $prefix;
            fn make(now: Timestamp, random: [u8; 10]) -> Self { Self(make_uuid(now, random)) }
            fn from_u128(value: u128) -> Self { Self(Uuid::from_u128(value)) }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.simple())
            }
        }
        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> { parse_uuid(text, $prefix).map(Self) }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )*
        /// Every prefix in use. No two kinds share one.
        pub const PREFIXES: &[&str] = &[$($prefix),*];
    };
}

ids! {
    /// A company or person that buys, sells or operates: everything owned is owned by an organisation.
    OrganisationId = "org";
    /// One person's account inside an organisation.
    UserId = "usr";
    /// One signed-in browser or program.
    SessionId = "ses";
    /// One access key with its secret.
    ApiKeyId = "key";
    /// A person asked to join an organisation, until they set a password.
    InvitationId = "inv";
    /// A wish to sell here, from draft to decision (functions.md 1.1).
    SellerApplicationId = "sap";
    /// A seller's production address with the key bound to it.
    InterfaceAddressId = "adr";
    /// A saved debugging case of one activity on one address.
    DebugCaseId = "cas";
    /// One dial test of one address: all its saved cases, run without the seller having asked or at its wish.
    DialTestId = "dia";
    /// One run of the debugger, saved or not.
    DebugRunId = "run";
    /// A product, whatever state it is in.
    ProductId = "prd";
    /// One specification of a product: what a buyer chooses between.
    SpecificationId = "spc";
    /// One submission of a product to the operator's review (functions.md 3.5).
    ReleaseApplicationId = "rel";
    /// A signed report of the debugging kit that a seller put beside a release.
    DebugReportId = "rpt";
    /// A picture kept by the marketplace, re-encoded.
    ImageId = "img";
    /// A price promised for some minutes.
    QuoteId = "quo";
    /// An order as the marketplace knows it; people and sellers see its order number.
    OrderId = "ord";
    /// What a buyer got by an order and uses.
    SubscriptionId = "sub";
    /// One step towards a seller's production system, with all its attempts.
    SellerCallId = "cal";
    /// One attempt of a seller call.
    AttemptId = "att";
    /// The business licence of an applicant, as it was uploaded.
    BusinessLicenceId = "bli";
    /// One licence code that was issued for an order.
    LicenceId = "lic";
    /// One push of usage records by a seller's system.
    UsageBatchId = "ubt";
    /// One usage record of a pay-per-use app.
    UsageRecordId = "usg";
    /// One balanced movement of money.
    TransferId = "tfr";
    /// One account of the ledger.
    AccountId = "acc";
    /// One thing that happened, as the audit trail keeps it.
    EventId = "evt";
    /// One piece of work to be done after commit.
    JobId = "job";
    /// One message to one person.
    NoticeId = "ntc";
    /// One HTTP request, as logs and error pages name it.
    RequestId = "req";
}

/// A seller's own name for what it delivered (seller-protocol 3.1): 1 to 64 letters, digits and `- _ . : @ / + = ~`,
/// which is what may stand in a list of ids, an address and a log line.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InstanceId(String);

impl InstanceId {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for InstanceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for InstanceId {
    type Err = ();
    fn from_str(text: &str) -> Result<InstanceId, ()> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-_.:@/+=~".contains(&b);
        let good = (1..=64).contains(&text.len()) && text.bytes().all(allowed);
        if good { Ok(InstanceId(text.to_owned())) } else { Err(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_it_was_written() {
        let id = OrderId::make(Timestamp::UNIX_EPOCH, [7; 10]);
        assert_eq!(id.to_string().parse::<OrderId>(), Ok(id));
        assert!(id.to_string().starts_with("ord_"));
    }

    #[test]
    fn an_id_of_another_kind_is_refused() {
        let user = UserId::from_u128(1).to_string();
        assert_eq!(user.parse::<OrderId>(), Err(IdError { prefix: "ord" }));
        assert_eq!("ord_1".parse::<OrderId>(), Err(IdError { prefix: "ord" }));
        assert_eq!("ord_0000000000000000000000000000000G".parse::<OrderId>(), Err(IdError { prefix: "ord" }));
    }

    #[test]
    fn instance_ids_are_short_and_plain() {
        for good in ["6f1c2d7e-0b35-4a57-9c43-8f0f5b1f7a10", "a", "T_1:2@x/y+z=~."] {
            assert!(good.parse::<InstanceId>().is_ok(), "{good}");
        }
        for bad in ["", "a b", "a,b", "<b>", "';--", "实例", "a\u{202e}b", &"x".repeat(65)] {
            assert!(bad.parse::<InstanceId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn no_two_kinds_share_a_prefix() {
        let mut seen = std::collections::BTreeSet::new();
        assert!(PREFIXES.iter().all(|prefix| seen.insert(prefix)));
    }

    #[test]
    fn later_ids_sort_after_earlier_ones() {
        let early = OrderId::make(Timestamp::UNIX_EPOCH, [255; 10]);
        let later = OrderId::make(Timestamp::from_millisecond(1).expect("one millisecond is an instant"), [0; 10]);
        assert!(early.to_string() < later.to_string());
    }
}
