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
