//! An order and its one line, with what the buyer agreed to. Everything bought is copied here, so that later changes of
//! the product never change an order.

use sha2::{Digest, Sha256};

use crate::catalog::{PersonalField, SupportContact};
use crate::ids::{ImageId, InterfaceAddressId, OrderId, OrganisationId, ProductId, SpecificationId, UserId};
use crate::money::Money;
use crate::outcome::{Outcome, Refusal};
use crate::pricing::TrialDays;
use crate::quantity::{Count, Period};
use crate::text::Localised;
use crate::time::Timestamp;

use super::number::{LineNumber, OrderNumber};
use super::place::PersonalData;
use super::state::{Act, OrderState, transition};

/// What sort of order it is (functions.md 7.2), of those that exist here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderType {
    /// A purchase.
    New,
    /// A free trial of that many days; once per buyer and product.
    Trial {
        /// For how long.
        days: TrialDays,
    },
}

impl OrderType {
    /// The word in columns and JSON.
    pub fn code(self) -> &'static str {
        match self {
            OrderType::New => "new",
            OrderType::Trial { .. } => "trial",
        }
    }
}

/// What is bought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderLine {
    /// The product.
    pub product: ProductId,
    /// The product's part of its page address, when it was bought.
    pub product_slug: String,
    /// The product's name, when it was bought.
    pub product_name: Localised,
    /// The product's logo, when it was bought.
    pub product_logo: Option<ImageId>,
    /// The specification.
    pub specification: SpecificationId,
    /// The specification's name, when it was bought.
    pub specification_name: Localised,
    /// Who sells it.
    pub seller: OrganisationId,
    /// The seller's name, when it was bought.
    pub seller_name: String,
    /// Where the seller's production system answers.
    pub interface_address: InterfaceAddressId,
    /// Where the buyer gets help.
    pub support: SupportContact,
    /// What one period is.
    pub period: Period,
    /// How many of it.
    pub count: Count,
    /// How many periods.
    pub periods: u32,
    /// One unit for one period.
    pub unit_price: Money,
}

/// What the buyer agreed to when ordering. Given at the instant the order was placed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The personal data that is handed to the seller.
    pub handed_over: Vec<PersonalField>,
    /// Which version of the seller's agreement was accepted ([`crate::catalog::Agreement::version_hash`]).
    pub agreement: Option<String>,
}

/// One order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The id.
    pub id: OrderId,
    /// What people and sellers call it.
    pub number: OrderNumber,
    /// Who buys.
    pub buyer: OrganisationId,
    /// The person who ordered.
    pub placed_by: UserId,
    /// The buyer's own name for the order; one order per buyer and key.
    pub client_key: String,
    /// What was asked for under that key ([`content_hash`]).
    pub content: String,
    /// Purchase or trial.
    pub order_type: OrderType,
    /// What is bought.
    pub line: OrderLine,
    /// What is paid.
    pub total: Money,
    /// What the buyer agreed to.
    pub consent: Consent,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// How far it has come.
    pub state: OrderState,
}

impl Order {
    /// The number of the only line.
    pub fn line_number(&self) -> LineNumber {
        self.number.first_line()
    }

    /// Does `act`; answers whether anything changed.
    pub fn apply(&mut self, act: Act, now: Timestamp) -> Result<Outcome<()>, Refusal> {
        match transition(self.state, act, now)? {
            Outcome::Applied(state) => {
                self.state = state;
                Ok(Outcome::Applied(()))
            }
            Outcome::AlreadyApplied => Ok(Outcome::AlreadyApplied),
        }
    }
}

/// The fingerprint of what a client asked for under one key: the sealed quote as it was sent, and the agreement and
/// consent. The same key with the same fingerprint is the same order; with another one it is refused.
pub fn content_hash(sealed_quote: &str, agreement: Option<&str>, personal_data: PersonalData) -> String {
    let consent = match personal_data {
        PersonalData::Agreed => "agreed",
        PersonalData::NotAgreed => "",
    };
    let mut hasher = Sha256::new();
    for part in [sealed_quote, agreement.unwrap_or(""), consent] {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hex::encode(hasher.finalize())
}
