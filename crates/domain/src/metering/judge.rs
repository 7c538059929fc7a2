//! The judgement of one usage record (seller-protocol 8.5).

use crate::ids::{ProductId, SubscriptionId};
use crate::time::{SignedDuration, Timestamp};

use super::{Measured, PushedUsage, UsageAmount, UsageFault, UsageMark};

/// How far back a span may begin when it is pushed.
pub const OLDEST: SignedDuration = SignedDuration::from_hours(21 * 24);

/// How far a seller's clock may be ahead of ours, as for the signature of the push.
const CLOCKS_APART: SignedDuration = SignedDuration::from_mins(15);

/// The three times of a record; `None` for a text that is no point of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpokenTimes {
    /// When the record was made.
    pub recorded_at: Option<Timestamp>,
    /// The beginning of the metered span.
    pub begin_at: Option<Timestamp>,
    /// Its end.
    pub end_at: Option<Timestamp>,
}

/// Whether an app is charged by what is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charging {
    /// By usage.
    ByUsage,
    /// By period or once.
    Otherwise,
}

/// The app behind an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resource {
    /// What the buyer has.
    pub subscription: SubscriptionId,
    /// Of which product.
    pub product: ProductId,
    /// How it is charged.
    pub charging: Charging,
    /// Since when it is in use; `None` when it never was.
    pub since: Option<Timestamp>,
    /// From when on it is closed.
    pub closed_at: Option<Timestamp>,
}

/// Whether an accepted record has the same span of the same instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// None has.
    Free,
    /// One has, and counts: the first one does.
    Already,
}

/// Judges a record that came at `received_at`. `resource` is what the seller's instance is, if there is one; `taken` is asked
/// once everything else is right.
pub fn judge(
    pushed: &PushedUsage,
    times: SpokenTimes,
    resource: Option<&Resource>,
    taken: Taken,
    received_at: Timestamp,
) -> Result<Measured, UsageFault> {
    let recorded_at = times.recorded_at.ok_or(UsageFault::RecordTimeUnreadable)?;
    let begin_at = times.begin_at.ok_or(UsageFault::BeginTimeUnreadable)?;
    let end_at = times.end_at.ok_or(UsageFault::EndTimeUnreadable)?;
    let amount: UsageAmount = pushed.value.parse().map_err(|_| UsageFault::ValueUnreadable)?;
    if begin_at > end_at {
        return Err(UsageFault::EndsBeforeItBegins);
    }
    if end_at > recorded_at {
        return Err(UsageFault::EndsAfterRecord);
    }
    if recorded_at.duration_since(received_at) > CLOCKS_APART {
        return Err(UsageFault::RecordedInTheFuture);
    }
    if received_at.duration_since(begin_at) > OLDEST {
        return Err(UsageFault::TooOld);
    }
    let resource = resource.ok_or(UsageFault::NoSuchInstance)?;
    match &pushed.mark {
        UsageMark::Product(product) if *product != resource.product.to_string() => {
            return Err(UsageFault::OtherProduct);
        }
        UsageMark::Product(_) | UsageMark::MeteringSn(_) => {}
    }
    match resource.charging {
        Charging::ByUsage => {}
        Charging::Otherwise => return Err(UsageFault::NotPayPerUse),
    }
    if resource.since.is_none_or(|since| begin_at < since) {
        return Err(UsageFault::BeforeStart);
    }
    if resource.closed_at.is_some_and(|closed_at| end_at > closed_at) {
        return Err(UsageFault::AfterClose);
    }
    match taken {
        Taken::Free => Ok(Measured { subscription: resource.subscription, begin_at, end_at, amount }),
        Taken::Already => Err(UsageFault::Duplicate),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id as _;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("the test writes RFC 3339")
    }

    fn resource() -> Resource {
        Resource {
            subscription: SubscriptionId::from_u128(1),
            product: ProductId::from_u128(2),
            charging: Charging::ByUsage,
            since: Some(at("2026-05-01T00:00:00Z")),
            closed_at: None,
        }
    }

    struct Case {
        value: &'static str,
        mark: UsageMark,
        times: SpokenTimes,
        resource: Option<Resource>,
        taken: Taken,
    }

    impl Case {
        fn good() -> Case {
            Case {
                value: "12.5000",
                mark: UsageMark::MeteringSn("sn-1".to_owned()),
                times: SpokenTimes {
                    recorded_at: Some(at("2026-05-14T13:05:00Z")),
                    begin_at: Some(at("2026-05-14T12:00:00Z")),
                    end_at: Some(at("2026-05-14T12:59:59Z")),
                },
                resource: Some(resource()),
                taken: Taken::Free,
            }
        }

        fn spoken(recorded: &str, begin: &str, end: &str) -> Case {
            let times =
                SpokenTimes { recorded_at: Some(at(recorded)), begin_at: Some(at(begin)), end_at: Some(at(end)) };
            Case { times, ..Case::good() }
        }

        fn of(change: impl FnOnce(&mut Resource)) -> Case {
            let mut changed = resource();
            change(&mut changed);
            Case { resource: Some(changed), ..Case::good() }
        }

        fn judged(self) -> Result<Measured, UsageFault> {
            let pushed = PushedUsage {
                instance: "i-1".to_owned(),
                recorded: String::new(),
                begin: String::new(),
                end: String::new(),
                value: self.value.to_owned(),
                mark: self.mark,
                package: None,
            };
            judge(&pushed, self.times, self.resource.as_ref(), self.taken, at("2026-05-14T13:28:00Z"))
        }
    }

    #[test]
    fn a_good_record_of_a_pay_per_use_app_counts() {
        let measured = Case::good().judged().expect("everything is right");
        assert_eq!(measured.amount.to_string(), "12.5");
        assert_eq!((measured.begin_at, measured.end_at), (at("2026-05-14T12:00:00Z"), at("2026-05-14T12:59:59Z")));
        let product = ProductId::from_u128(2).to_string();
        assert!(Case { mark: UsageMark::Product(product), ..Case::good() }.judged().is_ok(), "the old form too");
    }

    #[test]
    fn every_fault_has_a_case_and_the_first_one_is_named() {
        use UsageFault as F;
        let unread = |change: fn(&mut SpokenTimes)| {
            let mut case = Case::good();
            change(&mut case.times);
            case
        };
        let cases = [
            (F::RecordTimeUnreadable, unread(|times| times.recorded_at = None)),
            (F::BeginTimeUnreadable, unread(|times| times.begin_at = None)),
            (F::EndTimeUnreadable, unread(|times| times.end_at = None)),
            (F::ValueUnreadable, Case { value: "1.23456", ..Case::good() }),
            (
                F::EndsBeforeItBegins,
                Case::spoken("2026-05-14T13:05:00Z", "2026-05-14T12:00:00Z", "2026-05-14T11:59:59Z"),
            ),
            (F::EndsAfterRecord, Case::spoken("2026-05-14T13:05:00Z", "2026-05-14T12:00:00Z", "2026-05-14T13:05:01Z")),
            (
                F::RecordedInTheFuture,
                Case::spoken("2026-05-14T13:43:01Z", "2026-05-14T12:00:00Z", "2026-05-14T12:59:59Z"),
            ),
            (F::TooOld, Case::spoken("2026-05-14T13:05:00Z", "2026-04-23T13:27:59Z", "2026-04-23T13:59:59Z")),
            (F::NoSuchInstance, Case { resource: None, ..Case::good() }),
            (F::OtherProduct, Case { mark: UsageMark::Product("prd_1".to_owned()), ..Case::good() }),
            (F::NotPayPerUse, Case::of(|resource| resource.charging = Charging::Otherwise)),
            (F::BeforeStart, Case::of(|resource| resource.since = Some(at("2026-05-14T12:00:01Z")))),
            (F::AfterClose, Case::of(|resource| resource.closed_at = Some(at("2026-05-14T12:59:58Z")))),
            (F::Duplicate, Case { taken: Taken::Already, ..Case::good() }),
        ];
        let named: Vec<_> = cases.iter().map(|(fault, _)| *fault).collect();
        assert_eq!(named, F::ALL[1..], "that a number is taken is found when the push is");
        for (fault, case) in cases {
            assert_eq!(case.judged(), Err(fault));
        }
        assert_eq!(Case::of(|resource| resource.since = None).judged(), Err(F::BeforeStart), "it never ran");
    }

    #[test]
    fn limits_themselves_are_within() {
        let day_21 = Case::spoken("2026-05-14T13:43:00Z", "2026-04-23T13:28:00Z", "2026-05-14T13:43:00Z");
        let mut whole = resource();
        whole.since = Some(at("2026-04-23T13:28:00Z"));
        whole.closed_at = Some(at("2026-05-14T13:43:00Z"));
        assert!(Case { resource: Some(whole), ..day_21 }.judged().is_ok());
        let instant = Case::spoken("2026-05-14T12:00:00Z", "2026-05-14T12:00:00Z", "2026-05-14T12:00:00Z");
        assert!(instant.judged().is_ok(), "a span may be a moment");
    }
}
