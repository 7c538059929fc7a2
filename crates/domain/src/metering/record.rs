//! One usage record, from the push to its judgement.

use std::str::FromStr;

use sha2::{Digest, Sha256};

use crate::ids::{OrganisationId, SubscriptionId, UsageBatchId, UsageRecordId};
use crate::time::Timestamp;

use super::UsageAmount;

/// What tells a pushed record from others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UsageMark {
    /// The new form: a number of the seller's, unique per record.
    MeteringSn(String),
    /// The old form: the product, which is not unique.
    Product(String),
}

/// A record as the seller's system wrote it. Texts, so that what cannot be understood is kept and can be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushedUsage {
    /// The seller's name for the instance.
    pub instance: String,
    /// When the record was made.
    pub recorded: String,
    /// The beginning of the metered span.
    pub begin: String,
    /// Its end.
    pub end: String,
    /// How much.
    pub value: String,
    /// What tells it from others.
    pub mark: UsageMark,
    /// The package that it is deducted from.
    pub package: Option<String>,
}

impl PushedUsage {
    /// SHA-256 over every member, in 64 hexadecimal digits: the same record sent again has the same one.
    pub fn fingerprint(&self) -> String {
        let (kind, mark) = match &self.mark {
            UsageMark::MeteringSn(number) => ("metering_sn", number),
            UsageMark::Product(product) => ("product", product),
        };
        let package = self.package.as_deref().unwrap_or("");
        let mut hash = Sha256::new();
        for part in [&self.instance, &self.recorded, &self.begin, &self.end, &self.value, kind, mark, package] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hex::encode(hash.finalize())
    }
}

/// What an accepted record says, understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measured {
    /// Whose usage it is.
    pub subscription: SubscriptionId,
    /// The beginning of the metered span.
    pub begin_at: Timestamp,
    /// Its end.
    pub end_at: Timestamp,
    /// How much.
    pub amount: UsageAmount,
}

/// Why a record is rejected. One reason each: the first that applies, in this order. The first reason is found when the push
/// is taken, the others by [`judge`](super::judge).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsageFault {
    /// A record that counts or waits has the same `metering_sn` and says something else.
    NumberTaken,
    /// `record_time` is no point of time.
    RecordTimeUnreadable,
    /// `begin_time` is no point of time.
    BeginTimeUnreadable,
    /// `end_time` is no point of time.
    EndTimeUnreadable,
    /// `usage_value` is no amount above zero with at most 4 decimals.
    ValueUnreadable,
    /// The span ends before it begins.
    EndsBeforeItBegins,
    /// The record was made before its span ended.
    EndsAfterRecord,
    /// The record was made in the future.
    RecordedInTheFuture,
    /// The span begins more than 21 days before the push.
    TooOld,
    /// The seller has no such instance.
    NoSuchInstance,
    /// The old form names another product than the instance's.
    OtherProduct,
    /// The instance is not sold by usage.
    NotPayPerUse,
    /// The span begins before the instance was in use.
    BeforeStart,
    /// The span ends after the instance was closed.
    AfterClose,
    /// An accepted record has the same span of the same instance.
    Duplicate,
}

impl UsageFault {
    /// Every reason, in the order in which they are looked for.
    pub const ALL: [UsageFault; 15] = [
        UsageFault::NumberTaken,
        UsageFault::RecordTimeUnreadable,
        UsageFault::BeginTimeUnreadable,
        UsageFault::EndTimeUnreadable,
        UsageFault::ValueUnreadable,
        UsageFault::EndsBeforeItBegins,
        UsageFault::EndsAfterRecord,
        UsageFault::RecordedInTheFuture,
        UsageFault::TooOld,
        UsageFault::NoSuchInstance,
        UsageFault::OtherProduct,
        UsageFault::NotPayPerUse,
        UsageFault::BeforeStart,
        UsageFault::AfterClose,
        UsageFault::Duplicate,
    ];

    /// The word in columns and JSON.
    pub fn code(self) -> &'static str {
        match self {
            UsageFault::NumberTaken => "number_taken",
            UsageFault::RecordTimeUnreadable => "record_time_unreadable",
            UsageFault::BeginTimeUnreadable => "begin_time_unreadable",
            UsageFault::EndTimeUnreadable => "end_time_unreadable",
            UsageFault::ValueUnreadable => "value_unreadable",
            UsageFault::EndsBeforeItBegins => "ends_before_it_begins",
            UsageFault::EndsAfterRecord => "ends_after_record",
            UsageFault::RecordedInTheFuture => "recorded_in_the_future",
            UsageFault::TooOld => "too_old",
            UsageFault::NoSuchInstance => "no_such_instance",
            UsageFault::OtherProduct => "other_product",
            UsageFault::NotPayPerUse => "not_pay_per_use",
            UsageFault::BeforeStart => "before_start",
            UsageFault::AfterClose => "after_close",
            UsageFault::Duplicate => "duplicate",
        }
    }
}

impl FromStr for UsageFault {
    type Err = ();
    fn from_str(code: &str) -> Result<UsageFault, ()> {
        UsageFault::ALL.into_iter().find(|fault| fault.code() == code).ok_or(())
    }
}

/// How far a record has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsageState {
    /// Taken, not judged yet.
    Received,
    /// It counts.
    Accepted {
        /// When it was judged.
        at: Timestamp,
        /// What it says.
        measured: Measured,
    },
    /// It does not count; the seller mends it and sends it again.
    Rejected {
        /// When it was judged.
        at: Timestamp,
        /// Why.
        fault: UsageFault,
    },
}

/// The name of a state, without its facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UsageStateCode {
    /// [`UsageState::Received`].
    Received,
    /// [`UsageState::Accepted`].
    Accepted,
    /// [`UsageState::Rejected`].
    Rejected,
}

impl UsageStateCode {
    /// Every state.
    pub const ALL: [UsageStateCode; 3] = [UsageStateCode::Received, UsageStateCode::Accepted, UsageStateCode::Rejected];

    /// The word in columns, addresses and JSON.
    pub fn code(self) -> &'static str {
        match self {
            UsageStateCode::Received => "received",
            UsageStateCode::Accepted => "accepted",
            UsageStateCode::Rejected => "rejected",
        }
    }
}

impl FromStr for UsageStateCode {
    type Err = ();
    fn from_str(code: &str) -> Result<UsageStateCode, ()> {
        UsageStateCode::ALL.into_iter().find(|state| state.code() == code).ok_or(())
    }
}

impl UsageState {
    /// The name of the state.
    pub fn code(&self) -> UsageStateCode {
        match self {
            UsageState::Received => UsageStateCode::Received,
            UsageState::Accepted { .. } => UsageStateCode::Accepted,
            UsageState::Rejected { .. } => UsageStateCode::Rejected,
        }
    }
}

/// One usage record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageRecord {
    /// The id. Ids of one push sort as the records stood in it; one that comes again after it was rejected gets a new id.
    pub id: UsageRecordId,
    /// The push that brought it.
    pub batch: UsageBatchId,
    /// Whose app was used.
    pub seller: OrganisationId,
    /// As it came.
    pub pushed: PushedUsage,
    /// When it came.
    pub received_at: Timestamp,
    /// How far it has come.
    pub state: UsageState,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_tells_every_member_apart() {
        let whole = PushedUsage {
            instance: "i-1".into(),
            recorded: "20260514T132800Z".into(),
            begin: "20260514T120000Z".into(),
            end: "20260514T125959Z".into(),
            value: "1".into(),
            mark: UsageMark::MeteringSn("sn-1".into()),
            package: None,
        };
        let others = [
            PushedUsage { instance: "i-2".into(), ..whole.clone() },
            PushedUsage { recorded: "20260514T132801Z".into(), ..whole.clone() },
            PushedUsage { begin: "20260514T120001Z".into(), ..whole.clone() },
            PushedUsage { end: "20260514T125958Z".into(), ..whole.clone() },
            PushedUsage { value: "1.0".into(), ..whole.clone() },
            PushedUsage { mark: UsageMark::MeteringSn("sn-2".into()), ..whole.clone() },
            PushedUsage { mark: UsageMark::Product("sn-1".into()), ..whole.clone() },
            PushedUsage { package: Some("p".into()), ..whole.clone() },
        ];
        assert_eq!(whole.fingerprint(), whole.clone().fingerprint());
        assert_eq!(whole.fingerprint().len(), 64);
        for other in others {
            assert_ne!(other.fingerprint(), whole.fingerprint(), "{other:?}");
        }
    }

    #[test]
    fn codes_read_back() {
        assert!(UsageFault::ALL.into_iter().all(|fault| fault.code().parse() == Ok(fault)));
        assert!(UsageStateCode::ALL.into_iter().all(|state| state.code().parse() == Ok(state)));
    }
}
