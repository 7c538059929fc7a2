//! How a product reaches its buyer (functions.md 2.1).

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How a product reaches its buyer. Only SaaS can be bought so far; the others are listed with what they are and whom
/// to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryMethod {
    /// An online application that the seller's system sets up.
    Saas,
    /// A system disk that the buyer starts a server from.
    Image,
    /// A key or code for software that the buyer runs.
    Licence,
    /// People's work, with agreed steps and acceptance.
    ProfessionalService,
    /// A conversation first; never traded here.
    Consulting,
}

impl DeliveryMethod {
    /// Every method, in the order that pages show them.
    pub const ALL: [DeliveryMethod; 5] = [
        DeliveryMethod::Saas,
        DeliveryMethod::Image,
        DeliveryMethod::Licence,
        DeliveryMethod::ProfessionalService,
        DeliveryMethod::Consulting,
    ];

    /// The word in addresses, columns and JSON.
    pub fn code(self) -> &'static str {
        match self {
            DeliveryMethod::Saas => "saas",
            DeliveryMethod::Image => "image",
            DeliveryMethod::Licence => "licence",
            DeliveryMethod::ProfessionalService => "professional_service",
            DeliveryMethod::Consulting => "consulting",
        }
    }

    /// Whether orders can be placed for it.
    pub fn purchasable(self) -> bool {
        match self {
            DeliveryMethod::Saas => true,
            DeliveryMethod::Image
            | DeliveryMethod::Licence
            | DeliveryMethod::ProfessionalService
            | DeliveryMethod::Consulting => false,
        }
    }
}

impl FromStr for DeliveryMethod {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        DeliveryMethod::ALL.into_iter().find(|method| method.code() == code).ok_or(())
    }
}

/// Whether an order needs the seller's people before it can be used. Fixed once released (functions.md 3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Supervision {
    /// The interface sets it up; the buyer starts within minutes.
    None,
    /// Request, delivery and acceptance steps watched by the marketplace.
    Supervised,
}

impl Supervision {
    /// Both.
    pub const ALL: [Supervision; 2] = [Supervision::None, Supervision::Supervised];

    /// The word in forms and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Supervision::None => "none",
            Supervision::Supervised => "supervised",
        }
    }
}

impl FromStr for Supervision {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Supervision::ALL.into_iter().find(|one| one.code() == code).ok_or(())
    }
}

/// Whether storefront and search show a thing. Hidden things can be bought by their address (functions.md 3.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Shown.
    Public,
    /// Reached by address only.
    Hidden,
}

impl Visibility {
    /// Both.
    pub const ALL: [Visibility; 2] = [Visibility::Public, Visibility::Hidden];

    /// The word in columns, forms and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Visibility::Public => "public",
            Visibility::Hidden => "hidden",
        }
    }
}

impl FromStr for Visibility {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Visibility::ALL.into_iter().find(|one| one.code() == code).ok_or(())
    }
}
