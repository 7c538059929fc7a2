//! How long a session lives: idle and absolute limits (security.md S-22). Pure; who holds it is `app`'s matter.

use crate::time::{SignedDuration, Timestamp};

use super::OrganisationKind;

/// After how long a session ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLimits {
    /// Without a request.
    pub idle: SignedDuration,
    /// After sign-in, whatever happens.
    pub absolute: SignedDuration,
}

impl SessionLimits {
    /// Operators: 30 minutes idle, 12 hours in all. Others: 12 hours idle, 14 days in all.
    pub fn of(kind: OrganisationKind) -> SessionLimits {
        match kind {
            OrganisationKind::Operator => {
                SessionLimits { idle: SignedDuration::from_mins(30), absolute: SignedDuration::from_hours(12) }
            }
            OrganisationKind::Customer | OrganisationKind::Seller => {
                SessionLimits { idle: SignedDuration::from_hours(12), absolute: SignedDuration::from_hours(14 * 24) }
            }
        }
    }
}

/// The instants that decide whether a session still counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionTimes {
    /// Sign-in.
    pub opened_at: Timestamp,
    /// The last request.
    pub seen_at: Timestamp,
}

impl SessionTimes {
    /// Whether the session counts at `now`.
    pub fn alive(&self, limits: SessionLimits, now: Timestamp) -> bool {
        now.duration_since(self.seen_at) <= limits.idle && now.duration_since(self.opened_at) <= limits.absolute
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operator_is_signed_out_after_half_an_hour_and_a_customer_is_not() {
        let opened_at = Timestamp::UNIX_EPOCH;
        let times = SessionTimes { opened_at, seen_at: opened_at };
        let later = opened_at + SignedDuration::from_mins(31);
        assert!(!times.alive(SessionLimits::of(OrganisationKind::Operator), later));
        assert!(times.alive(SessionLimits::of(OrganisationKind::Customer), later));
    }

    #[test]
    fn no_session_outlives_its_absolute_limit_however_busy() {
        let opened_at = Timestamp::UNIX_EPOCH;
        let now = opened_at + SignedDuration::from_hours(14 * 24 + 1);
        let times = SessionTimes { opened_at, seen_at: now };
        assert!(!times.alive(SessionLimits::of(OrganisationKind::Customer), now));
    }
}
