//! The catalogue: what is on sale and how it comes to be there.

mod offer;

pub use offer::{Agreement, Offer, OfferState, PersonalField, SupportContact, UnitPrice};
