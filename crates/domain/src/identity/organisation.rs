//! An organisation: the owner of everything. Not a login; people are users of an organisation.

use std::str::FromStr;

use crate::ids::OrganisationId;
use crate::time::Timestamp;

/// What an organisation may be here for. A customer becomes a seller when its application is approved
/// (functions.md 1.1) and keeps everything a customer can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrganisationKind {
    /// Buys and uses.
    Customer,
    /// Sells as well as buys.
    Seller,
    /// Runs the marketplace. There is exactly one.
    Operator,
}

impl OrganisationKind {
    /// Every kind.
    pub const ALL: [OrganisationKind; 3] =
        [OrganisationKind::Customer, OrganisationKind::Seller, OrganisationKind::Operator];

    /// The word in columns and JSON.
    pub fn code(self) -> &'static str {
        match self {
            OrganisationKind::Customer => "customer",
            OrganisationKind::Seller => "seller",
            OrganisationKind::Operator => "operator",
        }
    }
}

impl FromStr for OrganisationKind {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        OrganisationKind::ALL.into_iter().find(|kind| kind.code() == code).ok_or(())
    }
}

/// A company or person with an account here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// The id.
    pub id: OrganisationId,
    /// What it is here for.
    pub kind: OrganisationKind,
    /// The name that others see.
    pub name: String,
    /// When it signed up.
    pub created_at: Timestamp,
}
