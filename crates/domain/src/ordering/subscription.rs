//! What a buyer has after an order: the app, with the time it runs for.

use std::str::FromStr;

use crate::ids::{InstanceId, OrderId, OrganisationId, SubscriptionId};
use crate::outcome::{Outcome, Refusal, RefusalKind};
use crate::pricing::end_of_periods;
use crate::time::{SignedDuration, Timestamp};

use super::order::{OrderLine, OrderType};

/// How far a subscription has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubscriptionState {
    /// Paid; the seller is setting it up. The instance is known once the seller has named it.
    SettingUp {
        /// The seller's name for it.
        instance: Option<InstanceId>,
    },
    /// In use.
    Active {
        /// The seller's name for it.
        instance: InstanceId,
        /// Since when.
        since: Timestamp,
        /// Until when; a one-time purchase has no end.
        until: Option<Timestamp>,
    },
    /// The order failed: it never ran. An instance that the seller had named is released.
    NotDelivered {
        /// When it was given up.
        at: Timestamp,
        /// The seller's name for it, when it had one.
        instance: Option<InstanceId>,
    },
}

/// The name of a state, without its facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubscriptionStateCode {
    /// [`SubscriptionState::SettingUp`].
    SettingUp,
    /// [`SubscriptionState::Active`].
    Active,
    /// [`SubscriptionState::NotDelivered`].
    NotDelivered,
}

impl SubscriptionStateCode {
    /// Every state.
    pub const ALL: [SubscriptionStateCode; 3] =
        [SubscriptionStateCode::SettingUp, SubscriptionStateCode::Active, SubscriptionStateCode::NotDelivered];

    /// The word in columns and JSON.
    pub fn code(self) -> &'static str {
        match self {
            SubscriptionStateCode::SettingUp => "setting_up",
            SubscriptionStateCode::Active => "active",
            SubscriptionStateCode::NotDelivered => "not_delivered",
        }
    }
}

impl FromStr for SubscriptionStateCode {
    type Err = ();
    fn from_str(code: &str) -> Result<SubscriptionStateCode, ()> {
        SubscriptionStateCode::ALL.into_iter().find(|state| state.code() == code).ok_or(())
    }
}

impl SubscriptionState {
    /// The name of the state.
    pub fn code(&self) -> SubscriptionStateCode {
        match self {
            SubscriptionState::SettingUp { .. } => SubscriptionStateCode::SettingUp,
            SubscriptionState::Active { .. } => SubscriptionStateCode::Active,
            SubscriptionState::NotDelivered { .. } => SubscriptionStateCode::NotDelivered,
        }
    }
}

/// In which group a buyer's list shows it (ux.md U-26).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    /// Paid, being set up.
    SettingUp,
    /// Ends within 30 days.
    ExpiringSoon,
    /// In use.
    Active,
    /// Its time is over, or it was never delivered.
    Ended,
}

impl Standing {
    /// Every group, as the list shows them.
    pub const ALL: [Standing; 4] = [Standing::SettingUp, Standing::ExpiringSoon, Standing::Active, Standing::Ended];

    /// The word in addresses and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Standing::SettingUp => "setting_up",
            Standing::ExpiringSoon => "expiring_soon",
            Standing::Active => "active",
            Standing::Ended => "ended",
        }
    }
}

/// One app that a buyer has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The id.
    pub id: SubscriptionId,
    /// The order that brought it; one each.
    pub order: OrderId,
    /// Whose it is.
    pub buyer: OrganisationId,
    /// Who delivers it.
    pub seller: OrganisationId,
    /// When the order was paid.
    pub created_at: Timestamp,
    /// How far it has come.
    pub state: SubscriptionState,
}

impl Subscription {
    /// The seller's name for it, once known.
    pub fn instance(&self) -> Option<&InstanceId> {
        match &self.state {
            SubscriptionState::SettingUp { instance } | SubscriptionState::NotDelivered { instance, .. } => {
                instance.as_ref()
            }
            SubscriptionState::Active { instance, .. } => Some(instance),
        }
    }

    /// The seller delivered: it runs from `now`, for the bought periods or the days of the trial. A delivery of another
    /// instance, or after the order failed, is refused.
    pub fn activate(
        &mut self,
        instance: &InstanceId,
        line: &OrderLine,
        order_type: OrderType,
        now: Timestamp,
    ) -> Result<Outcome<()>, Refusal> {
        let refused = |code| Err(Refusal::new(RefusalKind::Conflict, code));
        match &self.state {
            SubscriptionState::SettingUp { instance: Some(known) } if known != instance => refused("other_instance"),
            SubscriptionState::SettingUp { .. } => {
                let until = runs_until(line, order_type, now)?;
                self.state = SubscriptionState::Active { instance: instance.clone(), since: now, until };
                Ok(Outcome::Applied(()))
            }
            SubscriptionState::Active { instance: known, .. } if known == instance => Ok(Outcome::AlreadyApplied),
            SubscriptionState::Active { .. } => refused("other_instance"),
            SubscriptionState::NotDelivered { .. } => refused("order_not_processing"),
        }
    }

    /// In which group a list shows it at `now`.
    pub fn standing(&self, now: Timestamp) -> Standing {
        match &self.state {
            SubscriptionState::SettingUp { .. } => Standing::SettingUp,
            SubscriptionState::NotDelivered { .. } => Standing::Ended,
            SubscriptionState::Active { until: None, .. } => Standing::Active,
            SubscriptionState::Active { until: Some(until), .. } if *until <= now => Standing::Ended,
            SubscriptionState::Active { until: Some(until), since, .. } => {
                // 30 days before the end, but never in the first three quarters: a month just bought does not end soon.
                let window = SignedDuration::from_hours(30 * 24).min(until.duration_since(*since) / 4);
                let soon = until.duration_since(now) <= window;
                if soon { Standing::ExpiringSoon } else { Standing::Active }
            }
        }
    }
}

fn runs_until(line: &OrderLine, order_type: OrderType, now: Timestamp) -> Result<Option<Timestamp>, Refusal> {
    match order_type {
        OrderType::New => Ok(end_of_periods(now, line.period, line.periods)?),
        OrderType::Trial { days } => {
            let end = now.checked_add(SignedDuration::from_hours(24 * i64::from(days.get())));
            end.map(Some).map_err(|_| Refusal::new(RefusalKind::Rule, "amount_out_of_range"))
        }
    }
}
