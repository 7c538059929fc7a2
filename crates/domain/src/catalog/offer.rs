//! What ordering needs to know of a product: one specification on sale, as it stands at this moment.
//!
//! An [`Offer`] is read from the catalogue inside the transaction that places an order; the order then keeps what it
//! needs of it, so that later changes of the product never change what was bought.
//!
//! *What is not here.* How a product is drafted, reviewed and listed (the rest of `catalog`); what a chosen count and
//! period cost (`pricing`).

use sha2::{Digest, Sha256};

use crate::ids::{ImageId, InterfaceAddressId, OrganisationId, ProductId, SpecificationId};
use crate::money::Money;
use crate::quantity::Period;
use crate::text::Localised;

/// One specification that somebody may buy, with the product and the seller it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The product.
    pub product: ProductId,
    /// The product's part of its page address.
    pub product_slug: String,
    /// The product's name.
    pub product_name: Localised,
    /// The product's logo, when it has one of its own.
    pub product_logo: Option<ImageId>,
    /// The specification that is bought.
    pub specification: SpecificationId,
    /// The specification's name.
    pub specification_name: Localised,
    /// The organisation that sells it and whose production system delivers it.
    pub seller: OrganisationId,
    /// The seller's name.
    pub seller_name: String,
    /// The unit price of each period that is on sale; no period twice.
    pub prices: Vec<UnitPrice>,
    /// Length of the free trial in days (3 to 180, functions.md 4.4), when there is one.
    pub trial_days: Option<u32>,
    /// Where the seller's production system answers.
    pub interface_address: InterfaceAddressId,
    /// What of the buyer's data is handed to the seller (functions.md 3.3, "Provisioning info").
    pub handed_over: Vec<PersonalField>,
    /// The agreement that a buyer accepts.
    pub agreement: Option<Agreement>,
    /// Where a buyer gets help.
    pub support: SupportContact,
    /// Whether it may be bought now.
    pub state: OfferState,
}

impl Offer {
    /// The unit price of `period`, when it is on sale.
    pub fn price(&self, period: Period) -> Option<Money> {
        self.prices.iter().find(|price| price.period == period).map(|price| price.amount)
    }
}

/// What one unit costs for one period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitPrice {
    /// The period.
    pub period: Period,
    /// The price of one unit for one such period.
    pub amount: Money,
}

/// Whether an offer may be bought (functions.md 3.6): the product's state and the specification's state together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfferState {
    /// Found by search and sold.
    Public,
    /// Not found by search, sold to those who have the address.
    Hidden,
    /// Stopped by the operator: shown to those who have it, sold to nobody.
    Frozen,
    /// Never sold again.
    Discontinued,
}

impl OfferState {
    /// Whether somebody may order it.
    pub fn on_sale(self) -> bool {
        match self {
            OfferState::Public | OfferState::Hidden => true,
            OfferState::Frozen | OfferState::Discontinued => false,
        }
    }
}

/// A piece of the buyer's personal data that a seller may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonalField {
    /// The buyer's e-mail address.
    Email,
    /// The buyer's mobile number: known to the protocol and to older releases, offered no more.
    MobilePhone,
    /// The user's id and name.
    UserName,
}

impl PersonalField {
    /// Every field.
    pub const ALL: [PersonalField; 3] = [PersonalField::Email, PersonalField::MobilePhone, PersonalField::UserName];

    /// What a seller may ask for here. People have no telephone number in this marketplace, so nobody is asked to consent to
    /// handing one over; releases and orders that name it are still read.
    pub const OFFERED: [PersonalField; 2] = [PersonalField::Email, PersonalField::UserName];

    /// The word in columns, forms and JSON.
    pub fn code(self) -> &'static str {
        match self {
            PersonalField::Email => "email",
            PersonalField::MobilePhone => "mobile_phone",
            PersonalField::UserName => "user_name",
        }
    }
}

/// The text of a seller's agreement (EULA), in the version that is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// The text.
    pub text: Localised,
}

impl Agreement {
    /// SHA-256 over both languages, in 64 lower-case hexadecimal digits: what an order keeps to prove which version was
    /// accepted. Each part is preceded by its length, so that no text can be moved from one language to the other.
    pub fn version_hash(&self) -> String {
        let mut hasher = Sha256::new();
        for part in [&self.text.en, &self.text.zh] {
            let part = part.as_deref().unwrap_or("");
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part.as_bytes());
        }
        hex::encode(hasher.finalize())
    }
}

/// Where a buyer gets help from the seller.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SupportContact {
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// When somebody answers, in the seller's words.
    pub hours: Option<Localised>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agreement(en: Option<&str>, zh: Option<&str>) -> Agreement {
        Agreement { text: Localised { en: en.map(str::to_owned), zh: zh.map(str::to_owned) } }
    }

    #[test]
    fn a_changed_agreement_has_another_version_hash_and_the_same_text_the_same() {
        let hash = agreement(Some("one"), None).version_hash();
        assert_eq!(hash.len(), 64);
        assert_eq!(hash, agreement(Some("one"), None).version_hash());
        assert_ne!(hash, agreement(Some("two"), None).version_hash());
        assert_ne!(hash, agreement(None, Some("one")).version_hash());
        assert_ne!(agreement(Some("ab"), Some("c")).version_hash(), agreement(Some("a"), Some("bc")).version_hash());
    }

    #[test]
    fn nobody_buys_what_is_frozen_or_discontinued() {
        assert!(OfferState::Public.on_sale() && OfferState::Hidden.on_sale());
        assert!(!OfferState::Frozen.on_sale() && !OfferState::Discontinued.on_sale());
    }
}
