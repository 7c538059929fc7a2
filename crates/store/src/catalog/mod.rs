//! Tables of the catalogue: products, specifications, submissions, pictures, reports of the debugging kit.

pub mod debug_reports;
pub mod images;
mod offer;
pub mod products;
pub mod release_applications;
pub mod removals;
pub mod specifications;

pub use offer::{offer, offer_to_order};
