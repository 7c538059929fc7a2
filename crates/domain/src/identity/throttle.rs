//! How often a password may be tried (security.md, "Default limits"): by account, five free failures and then a growing
//! wait; by network address, so many in a minute. No account is ever locked hard, so that nobody can lock others out.
//!
//! Pure: what was counted comes in, the wait goes out. The counters are rows (`store::identity::tries`).

use std::net::IpAddr;

use crate::time::{SignedDuration, Timestamp};

/// The failed tries on one account since its last success, whether or not the account exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountTries {
    /// How many failed in a row.
    pub failures: u32,
    /// When the last one failed.
    pub failed_at: Timestamp,
}

impl AccountTries {
    /// So many failures cost nothing.
    pub const FREE: u32 = 5;
    /// The longest wait between two tries.
    pub const LONGEST: SignedDuration = SignedDuration::from_mins(15);
    /// After so long without a failure the count starts anew.
    pub const FORGOTTEN: SignedDuration = SignedDuration::from_hours(24);

    /// The wait that these failures impose, counted from the last one: none below the fifth, then 1 s, 2 s, 4 s … 15 min.
    fn delay(&self) -> SignedDuration {
        match self.failures.checked_sub(AccountTries::FREE) {
            None => SignedDuration::ZERO,
            Some(beyond) => SignedDuration::from_secs(1 << beyond.min(10)).min(AccountTries::LONGEST),
        }
    }

    /// How long to wait until the next try is looked at; `None` when it may come now.
    pub fn wait(&self, now: Timestamp) -> Option<SignedDuration> {
        let left = self.delay() - now.duration_since(self.failed_at);
        (left > SignedDuration::ZERO).then_some(left)
    }

    /// The count with one more failure at `now`.
    pub fn after_failure(before: Option<AccountTries>, now: Timestamp) -> AccountTries {
        let remembered = before.filter(|tries| now.duration_since(tries.failed_at) < AccountTries::FORGOTTEN);
        let failures = remembered.map_or(0, |tries| tries.failures).saturating_add(1);
        AccountTries { failures, failed_at: now }
    }
}

/// The tries from one network address in the running minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressTries {
    /// How many.
    pub tries: u32,
    /// When the minute began.
    pub since: Timestamp,
}

impl AddressTries {
    /// So many in a minute.
    pub const MOST: u32 = 20;
    /// The minute.
    pub const WINDOW: SignedDuration = SignedDuration::from_mins(1);

    /// The count with one more try at `now`, or how long to wait when the minute is used up.
    pub fn after_try(before: Option<AddressTries>, now: Timestamp) -> Result<AddressTries, SignedDuration> {
        let running = before.filter(|tries| {
            let age = now.duration_since(tries.since);
            age >= SignedDuration::ZERO && age < AddressTries::WINDOW
        });
        match running {
            None => Ok(AddressTries { tries: 1, since: now }),
            Some(tries) if tries.tries >= AddressTries::MOST => {
                Err(AddressTries::WINDOW - now.duration_since(tries.since))
            }
            Some(tries) => Ok(AddressTries { tries: tries.tries + 1, since: tries.since }),
        }
    }
}

/// What is counted as one network address: an IPv4 address, or the /64 of an IPv6 address, because one subscriber holds
/// all of a /64.
pub fn address_key(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a second near 1970 is an instant")
    }

    #[test]
    fn five_failures_are_free_and_then_the_wait_doubles_up_to_a_quarter_of_an_hour() {
        let waits: Vec<i64> = (1..=18)
            .map(|failures| {
                AccountTries { failures, failed_at: second(0) }.wait(second(0)).map_or(0, |wait| wait.as_secs())
            })
            .collect();
        assert_eq!(waits, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900]);
        assert_eq!(
            AccountTries { failures: u32::MAX, failed_at: second(0) }.wait(second(899)).map(|w| w.as_secs()),
            Some(1)
        );
        assert_eq!(AccountTries { failures: u32::MAX, failed_at: second(0) }.wait(second(900)), None);
    }

    #[test]
    fn failures_are_forgotten_after_a_day() {
        let before = Some(AccountTries { failures: 9, failed_at: second(0) });
        assert_eq!(AccountTries::after_failure(before, second(60)).failures, 10);
        assert_eq!(AccountTries::after_failure(before, second(24 * 3600)).failures, 1);
        assert_eq!(AccountTries::after_failure(None, second(60)).failures, 1);
    }

    #[test]
    fn an_address_has_twenty_tries_a_minute() {
        let mut tries = None;
        for _ in 0..20 {
            tries = AddressTries::after_try(tries, second(10)).ok();
            assert!(tries.is_some());
        }
        assert_eq!(AddressTries::after_try(tries, second(30)), Err(SignedDuration::from_secs(40)));
        assert_eq!(AddressTries::after_try(tries, second(70)), Ok(AddressTries { tries: 1, since: second(70) }));
    }

    #[test]
    fn a_subscriber_of_ipv6_is_one_address() {
        let key = |text: &str| address_key(text.parse().expect("an address"));
        assert_eq!(key("2001:db8:1:2:3:4:5:6"), key("2001:db8:1:2:ffff::1"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("::ffff:203.0.113.7"), "203.0.113.7");
    }
}
