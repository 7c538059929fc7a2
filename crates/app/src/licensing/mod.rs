//! Use cases of licensing: a code is issued for an order, fetched by its buyer, taken back when the order fails.
//!
//! *What is promised.* An order has one code; issuing it again changes nothing. The code is sealed before it is written and
//! shown to its buyer only.
//!
//! *What is not here.* What the seller's software says (`open_apis`); products that are sold with a licence code, and the end of
//! what was delivered: ordering will issue a code for each order of such a product, and take it back at that end.

mod fetch_licence;
mod issue_licence;
mod withdraw_licence;

pub use fetch_licence::fetch_licence;
pub use issue_licence::issue_licence;
pub(crate) use withdraw_licence::withdraw;
pub use withdraw_licence::withdraw_licence;

use domain::licensing::LicenceCode;

use crate::Vault;
use crate::vault::Place;

fn code_place(row: &str) -> Place<'_> {
    Place { table: "licences", column: "code_sealed", row }
}

/// By what a code is found again.
pub(crate) fn code_index(vault: &Vault, code: &LicenceCode) -> String {
    vault.blind_index("licence_code", code.reveal())
}
