//! One step towards a seller's production system, and how far it has come.

use std::str::FromStr;

use crate::ids::{InstanceId, InterfaceAddressId, OrderId, OrganisationId, SellerCallId, SubscriptionId};
use crate::time::Timestamp;

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$case_meta:meta])* $case:ident = $code:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$case_meta])* $case,)* }

        impl $name {
            /// Every one.
            pub const ALL: &[$name] = &[$($name::$case,)*];

            /// The word in columns and JSON.
            pub fn code(self) -> &'static str {
                match self { $($name::$case => $code,)* }
            }
        }

        impl FromStr for $name {
            type Err = ();
            fn from_str(code: &str) -> Result<$name, ()> {
                $name::ALL.iter().copied().find(|one| one.code() == code).ok_or(())
            }
        }
    };
}

words! {
    /// What a call is for.
    Step {
        /// To deliver what was paid: `newInstance`, then `queryInstance` until the seller describes the instance.
        Create = "create",
        /// To read the access data again, once, because the buyer asked.
        Refresh = "refresh",
        /// To take back what must not run: an instance of a failed order.
        Release = "release",
        /// To tell that an order was paid, where the seller asked for it: `orderNotify`. Nothing waits for it.
        Notify = "notify",
    }
}

words! {
    /// One activity of the seller protocol (seller-protocol 3).
    Activity {
        /// `newInstance`.
        NewInstance = "newInstance",
        /// `queryInstance`.
        QueryInstance = "queryInstance",
        /// `releaseInstance`.
        ReleaseInstance = "releaseInstance",
        /// `orderNotify`.
        OrderNotify = "orderNotify",
    }
}

words! {
    /// Why a call waits for a person.
    ParkReason {
        /// Calling again will not help as things are: the seller must change something, then press Restart. A creation
        /// still fails and is refunded when its time is over.
        Stopped = "stopped",
        /// The time for retries is over.
        Exhausted = "exhausted",
        /// The seller named an instance that cannot be this order's, or says that one exists and nobody finds it. Nothing is delivered and nothing refunded until a
        /// person has looked.
        Held = "held",
    }
}

words! {
    /// Why a call was given up.
    GiveUpReason {
        /// The time for retries is over.
        Exhausted = "exhausted",
        /// An operator decided so.
        Operator = "operator",
        /// It was to be tried only once.
        Once = "once",
    }
}

words! {
    /// The name of a state, without its facts.
    CallStateCode {
        /// [`CallState::Waiting`].
        Waiting = "waiting",
        /// [`CallState::Parked`].
        Parked = "parked",
        /// [`CallState::Done`].
        Done = "done",
        /// [`CallState::GivenUp`].
        GivenUp = "given_up",
    }
}

words! {
    /// What a seller says about an instance when it is asked for it.
    Said {
        /// It is there.
        There = "there",
        /// There is no such instance.
        NotThere = "not_there",
    }
}

/// A seller whose answers about an instance contradicted each other: from now on several equal ones in a row are
/// needed before one is believed (reliability.md L-39, L-40).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// What it said last.
    pub said: Said,
    /// How many times in a row.
    pub times: u32,
}

impl Doubt {
    /// How many equal answers in a row are believed.
    pub const ENOUGH: u32 = 3;

    /// One more answer.
    pub fn and(before: Option<Doubt>, said: Said) -> Doubt {
        match before {
            Some(doubt) if doubt.said == said => Doubt { said, times: doubt.times.saturating_add(1) },
            Some(_) | None => Doubt { said, times: 1 },
        }
    }
}

/// How far a call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallState {
    /// An attempt is due, or under way.
    Waiting {
        /// Which activity is next.
        activity: Activity,
        /// When.
        due_at: Timestamp,
        /// How often this activity came to nothing in a row.
        failures: u32,
        /// How many of those in a row were refusals by HTTP status.
        strikes: u32,
    },
    /// Waits for a person.
    Parked {
        /// Which activity a restart begins with.
        activity: Activity,
        /// Since when.
        at: Timestamp,
        /// Why.
        reason: ParkReason,
    },
    /// Did what it was for.
    Done {
        /// When.
        at: Timestamp,
    },
    /// Did not, and will not.
    GivenUp {
        /// When.
        at: Timestamp,
        /// Why.
        reason: GiveUpReason,
    },
}

impl CallState {
    /// The name of the state.
    pub fn code(&self) -> CallStateCode {
        match self {
            CallState::Waiting { .. } => CallStateCode::Waiting,
            CallState::Parked { .. } => CallStateCode::Parked,
            CallState::Done { .. } => CallStateCode::Done,
            CallState::GivenUp { .. } => CallStateCode::GivenUp,
        }
    }
}

/// One step towards a seller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SellerCall {
    /// The id.
    pub id: SellerCallId,
    /// What it is for.
    pub step: Step,
    /// For which order.
    pub order: OrderId,
    /// For which subscription.
    pub subscription: SubscriptionId,
    /// Whose system.
    pub seller: OrganisationId,
    /// Where it answers.
    pub address: InterfaceAddressId,
    /// The seller's name for the instance, once the seller has named it; what a release is about.
    pub instance: Option<InstanceId>,
    /// While the seller says that the order's instance exists and does not name it: the names under which it may stand,
    /// the likeliest first (reliability.md F-16).
    pub presumed: Vec<InstanceId>,
    /// Whether the seller has contradicted itself about the instance.
    pub doubt: Option<Doubt>,
    /// When it began.
    pub opened_at: Timestamp,
    /// When retries end; `None` while a person decides.
    pub closes_at: Option<Timestamp>,
    /// How far it has come.
    pub state: CallState,
}

impl SellerCall {
    /// Which instance a question is about: the one that the seller named, else the likeliest name.
    pub fn asked_for(&self) -> Option<&InstanceId> {
        self.instance.as_ref().or(self.presumed.first())
    }

    /// Whether the seller says that there is an instance that nobody has found yet.
    pub fn in_search(&self) -> bool {
        self.instance.is_none() && !self.presumed.is_empty()
    }

    /// When the engine must look at the call again: the next attempt, or the end of the time for retries.
    pub fn due_at(&self) -> Option<Timestamp> {
        match self.state {
            CallState::Waiting { due_at, .. } => Some(due_at),
            CallState::Parked { reason: ParkReason::Stopped, .. } => self.closes_at,
            CallState::Parked { reason: ParkReason::Exhausted | ParkReason::Held, .. }
            | CallState::Done { .. }
            | CallState::GivenUp { .. } => None,
        }
    }
}
