//! How long a session lives: idle and absolute limits (security.md S-22). Pure; who holds it is `app`'s matter.

use crate::ids::{SessionId, UserId};
use crate::time::{SignedDuration, Timestamp};

use super::OrganisationKind;

/// How long a given password counts as fresh (security.md S-23).
pub const FRESH_WINDOW: SignedDuration = SignedDuration::from_mins(5);

/// How exactly the last request is remembered: writing it with each request would cost a transaction each.
pub const SEEN_STEP: SignedDuration = SignedDuration::from_mins(1);

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

    /// Whether `seen_at` is old enough to be written anew.
    pub fn seen_due(&self, now: Timestamp) -> bool {
        now.duration_since(self.seen_at) >= SEEN_STEP
    }
}

/// One signed-in browser or program, as its owner sees it in the list. The token is nowhere: only its hash is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The id, which is no secret and opens nothing.
    pub id: SessionId,
    /// Whose it is.
    pub user: UserId,
    /// Sign-in and last request.
    pub times: SessionTimes,
    /// When the password was last given in it.
    pub proven_at: Timestamp,
    /// The network address at sign-in.
    pub address: String,
    /// What the browser called itself at sign-in, cut to [`Session::DEVICE_LONGEST`] characters.
    pub device: String,
}

impl Session {
    /// The longest device hint that is kept, in characters.
    pub const DEVICE_LONGEST: usize = 200;

    /// A device hint as it may be stored and shown: one line, no control characters, bounded.
    pub fn device_hint(user_agent: &str) -> String {
        let plain = user_agent.chars().filter(|c| !c.is_control() && !crate::text::hidden_direction(*c));
        plain.take(Session::DEVICE_LONGEST).collect::<String>().trim().to_owned()
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
    fn the_last_request_is_written_at_most_once_a_minute() {
        let opened_at = Timestamp::UNIX_EPOCH;
        let times = SessionTimes { opened_at, seen_at: opened_at };
        assert!(!times.seen_due(opened_at + SignedDuration::from_secs(59)));
        assert!(times.seen_due(opened_at + SignedDuration::from_secs(60)));
    }

    #[test]
    fn a_device_hint_is_one_bounded_line() {
        assert_eq!(Session::device_hint(" Mozilla\r\n/5.0\u{202e} "), "Mozilla/5.0");
        assert_eq!(Session::device_hint(&"x".repeat(500)).len(), Session::DEVICE_LONGEST);
    }

    #[test]
    fn no_session_outlives_its_absolute_limit_however_busy() {
        let opened_at = Timestamp::UNIX_EPOCH;
        let now = opened_at + SignedDuration::from_hours(14 * 24 + 1);
        let times = SessionTimes { opened_at, seen_at: now };
        assert!(!times.alive(SessionLimits::of(OrganisationKind::Customer), now));
    }
}
