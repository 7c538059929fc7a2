//! The catalogue: what is on sale and how it comes to be there.

mod delivery;
mod offer;

pub use delivery::DeliveryMethod;
pub use offer::{Agreement, Offer, OfferState, PersonalField, SupportContact, UnitPrice};
