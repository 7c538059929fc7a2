//! Orders and what they bring: placed, paid, delivered or refunded; and the subscription that a buyer then uses.
//!
//! *What is not here.* What things cost (`pricing`), where money stands (`ledger`), how the seller's system is asked to
//! deliver (`fulfilment`).

mod number;
mod order;
mod place;
mod state;
mod subscription;

pub use number::{LineNumber, OrderNumber};
pub use order::{Consent, Order, OrderLine, OrderType, content_hash};
pub use place::{PersonalData, PlaceRefusal, Placing, place};
pub use state::{
    Act, CancelCause, FailureReason, OrderState, StateCode, TRANSITIONS, TransitionRefusal, next_actor, transition,
};
pub use subscription::{Standing, Subscription, SubscriptionState, SubscriptionStateCode};
