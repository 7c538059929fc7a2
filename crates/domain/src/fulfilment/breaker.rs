//! The breaker of one seller: after many failures in a row the seller is left alone, and one call at a time probes.
//! Failures are the seller's, over all its orders; a person's restart passes by.

use crate::time::Timestamp;

use super::schedule::Policy;

/// How a seller's system has answered lately.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Breaker {
    /// Failed calls in a row.
    pub failures: u32,
    /// While open: not before then, but for one probe.
    pub open_until: Option<Timestamp>,
}

/// Whether a call may go now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// It may.
    Open,
    /// It may, as the probe; others wait for another pause.
    Probe(Breaker),
    /// Not before then.
    ShutUntil(Timestamp),
}

impl Breaker {
    /// Asks to call at `now`.
    pub fn ask(self, now: Timestamp, policy: &Policy) -> Gate {
        match self.open_until {
            None => Gate::Open,
            Some(until) if now < until => Gate::ShutUntil(until),
            Some(_) => Gate::Probe(Breaker { open_until: Some(Breaker::shut(now, policy)), ..self }),
        }
    }

    /// After a call that the seller answered, whatever the answer says about the order.
    pub fn answered(self) -> Breaker {
        Breaker::default()
    }

    /// After a call that came to nothing.
    pub fn failed(self, now: Timestamp, policy: &Policy) -> Breaker {
        let failures = self.failures.saturating_add(1);
        let open_until = (failures >= policy.breaker_failures).then(|| Breaker::shut(now, policy));
        Breaker { failures, open_until }
    }

    fn shut(now: Timestamp, policy: &Policy) -> Timestamp {
        now.checked_add(policy.breaker_pause).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::SignedDuration;

    #[test]
    fn ten_failures_shut_it_and_one_probe_a_minute_passes() {
        let policy = Policy::default();
        let now = Timestamp::UNIX_EPOCH;
        let nine = (0..9).fold(Breaker::default(), |breaker, _| breaker.failed(now, &policy));
        assert_eq!(nine.ask(now, &policy), Gate::Open);
        let ten = nine.failed(now, &policy);
        let later = now + SignedDuration::from_secs(60);
        assert_eq!(ten.ask(now, &policy), Gate::ShutUntil(later));
        let Gate::Probe(probing) = ten.ask(later, &policy) else { panic!("a probe passes after a minute") };
        assert_eq!(probing.ask(later, &policy), Gate::ShutUntil(later + SignedDuration::from_secs(60)));
        assert_eq!(probing.answered().ask(later, &policy), Gate::Open);
        assert_eq!(
            probing.failed(later, &policy).ask(later, &policy),
            Gate::ShutUntil(later + SignedDuration::from_secs(60))
        );
    }
}
