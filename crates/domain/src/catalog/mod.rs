//! The catalogue: what is on sale and how it comes to be there.
//!
//! *Who is who.* A [`Draft`] is what a seller typed so far, kept as typed. The checklist ([`check`]) turns it into a
//! [`Release`], the contents of a product that may be sold, or says what is missing. A [`ReleaseApplication`] carries a
//! release to the operator's review; a [`Product`] is what customers find once it was approved.
//!
//! *What is not here.* What a chosen count and period cost (`pricing`), debugging cases (`selling`), orders.

mod application;
mod category;
mod checklist;
mod delivery;
mod difference;
mod draft;
mod offer;
mod product;
mod release;
mod slug;

pub use application::TRANSITIONS as APPLICATION_TRANSITIONS;
pub use application::{
    ApplicationAct, ApplicationError, ApplicationKind, ApplicationState, ApplicationStateName, Claim, FieldReason,
    ReleaseApplication,
};
pub use category::Category;
pub use checklist::{AddressFacts, CaseNeeds, Checklist, Facts, Requirement, RequirementState, Standing, check};
pub use delivery::{DeliveryMethod, Supervision, Visibility};
pub use difference::{FieldDifference, Part, PartKind, differences, words_changed};
pub use draft::{ChangedElsewhere, Draft, Field, Section, SpecificationDraft, SpecificationField};
pub use offer::{Agreement, Offer, OfferState, PersonalField, SupportContact, UnitPrice};
pub use product::TRANSITIONS as PRODUCT_TRANSITIONS;
pub use product::{FreezeReason, Product, ProductAct, ProductError, ProductState, ProductStateName};
pub use release::{LocalisedList, Release, ReleaseVersion, Specification};
pub use slug::{slug_of, with_suffix};
