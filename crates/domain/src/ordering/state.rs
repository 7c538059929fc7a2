//! How far an order has come (functions.md 7.2), as one table.
//!
//! The reference names four states; *Completed* there includes orders that failed and were unsubscribed. We keep those
//! apart as *Failed*, because a buyer must see which it was.

use std::str::FromStr;

use crate::outcome::{Outcome, Refusal, RefusalKind};
use crate::time::Timestamp;

/// How far an order has come. Each state holds exactly the facts that exist once it is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderState {
    /// Placed, not paid; cancelled by itself at `until`.
    PendingPayment {
        /// When it is cancelled unless it is paid before.
        until: Timestamp,
    },
    /// Never paid.
    Canceled {
        /// When.
        at: Timestamp,
        /// By whom.
        cause: CancelCause,
    },
    /// Paid (a trial: accepted), and the seller has not delivered yet; interface trouble included.
    Processing {
        /// When the money was taken.
        paid_at: Timestamp,
    },
    /// Delivered.
    Completed {
        /// When the money was taken.
        paid_at: Timestamp,
        /// When the buyer could use it.
        at: Timestamp,
    },
    /// Not delivered; the money went back in the same transaction.
    Failed {
        /// When the money was taken.
        paid_at: Timestamp,
        /// When it was given up.
        at: Timestamp,
        /// Why.
        reason: FailureReason,
    },
}

/// Who cancelled an unpaid order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CancelCause {
    /// The buyer.
    Buyer,
    /// Nobody paid in time.
    Timeout,
}

impl CancelCause {
    /// Every cause.
    pub const ALL: [CancelCause; 2] = [CancelCause::Buyer, CancelCause::Timeout];

    /// The word in columns and JSON.
    pub fn code(self) -> &'static str {
        match self {
            CancelCause::Buyer => "buyer",
            CancelCause::Timeout => "timeout",
        }
    }
}

impl FromStr for CancelCause {
    type Err = ();
    fn from_str(code: &str) -> Result<CancelCause, ()> {
        CancelCause::ALL.into_iter().find(|cause| cause.code() == code).ok_or(())
    }
}

/// Why an order was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureReason {
    /// The seller's system did not deliver within the time for retries (seller-protocol 1.6).
    NotDelivered,
    /// An operator decided so.
    Operator,
}

impl FailureReason {
    /// Every reason.
    pub const ALL: [FailureReason; 2] = [FailureReason::NotDelivered, FailureReason::Operator];

    /// The word in columns and JSON.
    pub fn code(self) -> &'static str {
        match self {
            FailureReason::NotDelivered => "not_delivered",
            FailureReason::Operator => "operator",
        }
    }
}

impl FromStr for FailureReason {
    type Err = ();
    fn from_str(code: &str) -> Result<FailureReason, ()> {
        FailureReason::ALL.into_iter().find(|reason| reason.code() == code).ok_or(())
    }
}

/// The name of a state, without its facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StateCode {
    /// [`OrderState::PendingPayment`].
    PendingPayment,
    /// [`OrderState::Canceled`].
    Canceled,
    /// [`OrderState::Processing`].
    Processing,
    /// [`OrderState::Completed`].
    Completed,
    /// [`OrderState::Failed`].
    Failed,
}

impl StateCode {
    /// Every state, in the order a buyer meets them.
    pub const ALL: [StateCode; 5] = [
        StateCode::PendingPayment,
        StateCode::Processing,
        StateCode::Completed,
        StateCode::Failed,
        StateCode::Canceled,
    ];

    /// The word in columns and JSON.
    pub fn code(self) -> &'static str {
        match self {
            StateCode::PendingPayment => "pending_payment",
            StateCode::Canceled => "canceled",
            StateCode::Processing => "processing",
            StateCode::Completed => "completed",
            StateCode::Failed => "failed",
        }
    }
}

impl FromStr for StateCode {
    type Err = ();
    fn from_str(code: &str) -> Result<StateCode, ()> {
        StateCode::ALL.into_iter().find(|state| state.code() == code).ok_or(())
    }
}

impl OrderState {
    /// The name of the state.
    pub fn code(&self) -> StateCode {
        match self {
            OrderState::PendingPayment { .. } => StateCode::PendingPayment,
            OrderState::Canceled { .. } => StateCode::Canceled,
            OrderState::Processing { .. } => StateCode::Processing,
            OrderState::Completed { .. } => StateCode::Completed,
            OrderState::Failed { .. } => StateCode::Failed,
        }
    }
}

/// Something done to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The buyer's money was taken.
    Pay,
    /// The buyer does not want it any more.
    Cancel,
    /// Nobody paid in time.
    TimeOut,
    /// The seller delivered.
    Complete,
    /// It is given up and refunded.
    Fail(FailureReason),
}

impl Act {
    /// Every act.
    pub const ALL: [Act; 6] = [
        Act::Pay,
        Act::Cancel,
        Act::TimeOut,
        Act::Complete,
        Act::Fail(FailureReason::NotDelivered),
        Act::Fail(FailureReason::Operator),
    ];

    /// The word in diagrams and messages.
    pub fn code(self) -> &'static str {
        match self {
            Act::Pay => "pay",
            Act::Cancel => "cancel",
            Act::TimeOut => "time_out",
            Act::Complete => "complete",
            Act::Fail(_) => "fail",
        }
    }
}

/// Every edge of the lifecycle: from, by, to. What is not here is refused.
pub const TRANSITIONS: &[(StateCode, Act, StateCode)] = &[
    (StateCode::PendingPayment, Act::Pay, StateCode::Processing),
    (StateCode::PendingPayment, Act::Cancel, StateCode::Canceled),
    (StateCode::PendingPayment, Act::TimeOut, StateCode::Canceled),
    (StateCode::Processing, Act::Complete, StateCode::Completed),
    (StateCode::Processing, Act::Fail(FailureReason::NotDelivered), StateCode::Failed),
    (StateCode::Processing, Act::Fail(FailureReason::Operator), StateCode::Failed),
];

/// What moves an order on from a state: every state that is not final has a timer or an actor.
pub fn next_actor(state: StateCode) -> Option<&'static str> {
    match state {
        StateCode::PendingPayment => Some("the buyer, or the timer of pending payments"),
        StateCode::Processing => Some("the seller's answer, or the end of the time for retries, or an operator"),
        StateCode::Canceled | StateCode::Completed | StateCode::Failed => None,
    }
}

/// An act that the order's state does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an order that is {} takes no {}", state.code(), act.code())]
pub struct TransitionRefusal {
    /// The state the order is in.
    pub state: StateCode,
    /// What was tried.
    pub act: Act,
}

impl From<TransitionRefusal> for Refusal {
    fn from(refusal: TransitionRefusal) -> Refusal {
        let code = match refusal.act {
            Act::Pay => "order_not_payable",
            Act::Cancel | Act::TimeOut => "order_not_cancelable",
            Act::Complete | Act::Fail(_) => "order_not_processing",
        };
        Refusal::new(RefusalKind::Conflict, code).with("state", refusal.state.code())
    }
}

/// Applies one act. Doing again what already led here is calm.
pub fn transition(state: OrderState, act: Act, now: Timestamp) -> Result<Outcome<OrderState>, TransitionRefusal> {
    let refused = Err(TransitionRefusal { state: state.code(), act });
    let applied = |state| Ok(Outcome::Applied(state));
    match (state, act) {
        (OrderState::PendingPayment { until }, Act::Pay) if now < until => {
            applied(OrderState::Processing { paid_at: now })
        }
        (OrderState::PendingPayment { .. }, Act::Cancel) => {
            applied(OrderState::Canceled { at: now, cause: CancelCause::Buyer })
        }
        (OrderState::PendingPayment { until }, Act::TimeOut) if until <= now => {
            applied(OrderState::Canceled { at: now, cause: CancelCause::Timeout })
        }
        (OrderState::PendingPayment { .. }, Act::Pay | Act::TimeOut | Act::Complete | Act::Fail(_)) => refused,
        (OrderState::Canceled { .. }, Act::Cancel | Act::TimeOut) => Ok(Outcome::AlreadyApplied),
        (OrderState::Canceled { .. }, Act::Pay | Act::Complete | Act::Fail(_)) => refused,
        (OrderState::Processing { paid_at }, Act::Complete) => applied(OrderState::Completed { paid_at, at: now }),
        (OrderState::Processing { paid_at }, Act::Fail(reason)) => {
            applied(OrderState::Failed { paid_at, at: now, reason })
        }
        (OrderState::Processing { .. } | OrderState::Completed { .. } | OrderState::Failed { .. }, Act::Pay) => {
            Ok(Outcome::AlreadyApplied)
        }
        (OrderState::Processing { .. }, Act::Cancel | Act::TimeOut) => refused,
        (OrderState::Completed { .. }, Act::Complete) => Ok(Outcome::AlreadyApplied),
        (OrderState::Completed { .. }, Act::Cancel | Act::TimeOut | Act::Fail(_)) => refused,
        (OrderState::Failed { .. }, Act::Fail(_)) => Ok(Outcome::AlreadyApplied),
        (OrderState::Failed { .. }, Act::Cancel | Act::TimeOut | Act::Complete) => refused,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn samples() -> Vec<OrderState> {
        let at = Timestamp::UNIX_EPOCH;
        vec![
            OrderState::PendingPayment { until: at },
            OrderState::Canceled { at, cause: CancelCause::Buyer },
            OrderState::Processing { paid_at: at },
            OrderState::Completed { paid_at: at, at },
            OrderState::Failed { paid_at: at, at, reason: FailureReason::NotDelivered },
        ]
    }

    #[test]
    fn the_code_and_the_table_say_the_same() {
        // Paying happens before the time is over, timing out after it.
        let when = |act| if act == Act::TimeOut { 1 } else { -1 };
        for state in samples() {
            for act in Act::ALL {
                let now = Timestamp::from_second(when(act)).expect("an instant");
                let listed = TRANSITIONS.iter().find(|(from, by, _)| (*from, *by) == (state.code(), act));
                match transition(state, act, now) {
                    Ok(Outcome::Applied(next)) => {
                        assert_eq!(listed.map(|(_, _, to)| *to), Some(next.code()), "{state:?} {act:?}");
                    }
                    Ok(Outcome::AlreadyApplied) => assert!(listed.is_none(), "{state:?} {act:?} changes nothing"),
                    Err(refusal) => {
                        assert_eq!((refusal.state, refusal.act), (state.code(), act));
                        assert!(listed.is_none(), "{state:?} {act:?} is refused but listed");
                    }
                }
            }
        }
    }

    #[test]
    fn doing_the_same_again_is_calm() {
        for state in samples() {
            for act in Act::ALL {
                let now = Timestamp::from_second(if act == Act::TimeOut { 1 } else { -1 }).expect("an instant");
                if let Ok(Outcome::Applied(next)) = transition(state, act, now) {
                    assert_eq!(transition(next, act, now), Ok(Outcome::AlreadyApplied), "{act:?} on {next:?}");
                }
            }
        }
    }

    #[test]
    fn every_open_state_has_somebody_to_move_it_and_every_path_ends() {
        for state in StateCode::ALL {
            let leaves = TRANSITIONS.iter().any(|(from, _, _)| *from == state);
            assert_eq!(leaves, next_actor(state).is_some(), "{state:?}");
        }
        let mut open: BTreeSet<StateCode> = StateCode::ALL.into_iter().filter(|s| next_actor(*s).is_some()).collect();
        while !open.is_empty() {
            let ends: Vec<StateCode> = open
                .iter()
                .copied()
                .filter(|state| {
                    TRANSITIONS.iter().filter(|(from, ..)| from == state).all(|(_, _, to)| !open.contains(to))
                })
                .collect();
            assert!(!ends.is_empty(), "the states {open:?} form a circle");
            open.retain(|state| !ends.contains(state));
        }
    }

    #[test]
    fn a_pending_order_is_paid_before_its_time_is_over_and_timed_out_only_after() {
        let until = Timestamp::from_second(100).expect("an instant");
        let (before, after) = (until - crate::time::SignedDuration::from_millis(1), until);
        let state = OrderState::PendingPayment { until };
        assert!(transition(state, Act::Pay, before).is_ok());
        assert!(transition(state, Act::Pay, after).is_err());
        assert!(transition(state, Act::TimeOut, before).is_err());
        assert!(transition(state, Act::TimeOut, after).is_ok());
    }

    #[test]
    fn codes_read_back() {
        for state in StateCode::ALL {
            assert_eq!(state.code().parse(), Ok(state));
        }
        assert_eq!("paid".parse::<StateCode>(), Err(()));
    }
}
