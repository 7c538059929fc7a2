//! Licence codes: the marketplace issues one for an order, the buyer fetches it, the seller's software is activated with it
//! and then says from time to time that it runs (seller-protocol 3.9).
//!
//! *What is not here.* Selling licence products (not built yet), the calls that tell a seller of renewals and releases.

mod code;
mod licence;

pub use code::LicenceCode;
pub use licence::{Licence, LicenceRefusal, LicenceState, LicenceStateCode};
