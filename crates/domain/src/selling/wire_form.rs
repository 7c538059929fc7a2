//! What a seller chooses about members that travel in two forms, by the version of the protocol that has them.
//!
//! *What is not here.* The forms themselves (`koogallery`); which version an address speaks (`address`).

use std::str::FromStr;

use super::ProtocolVersion;
use crate::outcome::{Refusal, RefusalKind};

/// With which size of key a version 1.0 seller encrypts (seller-protocol 4). The seller picks it when publishing; what it
/// sends says which, and what we send carries no mark, so the address has to know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum EncryptType {
    /// `1`: AES256_CBC_PKCS5Padding, the protocol's default.
    #[default]
    Aes256,
    /// `2`: AES128_CBC_PKCS5Padding.
    Aes128,
}

impl EncryptType {
    /// Both, the default first.
    pub const ALL: [EncryptType; 2] = [EncryptType::Aes256, EncryptType::Aes128];

    /// The word in forms, columns and JSON: the protocol's own.
    pub fn code(self) -> &'static str {
        match self {
            EncryptType::Aes256 => "1",
            EncryptType::Aes128 => "2",
        }
    }
}

impl FromStr for EncryptType {
    type Err = ();
    fn from_str(code: &str) -> Result<EncryptType, ()> {
        EncryptType::ALL.into_iter().find(|one| one.code() == code).ok_or(())
    }
}

/// How `productInfo` travels in `changeInstanceCheck` of version 2.0, whose shape is not published (seller-protocol 3.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ProductInfoForm {
    /// JSON inside a string: the form that no seller's check of the signature stumbles over.
    #[default]
    Text,
    /// A nested object.
    Object,
}

impl ProductInfoForm {
    /// Both, the default first.
    pub const ALL: [ProductInfoForm; 2] = [ProductInfoForm::Text, ProductInfoForm::Object];

    /// The word in forms, columns and JSON.
    pub fn code(self) -> &'static str {
        match self {
            ProductInfoForm::Text => "text",
            ProductInfoForm::Object => "object",
        }
    }
}

impl FromStr for ProductInfoForm {
    type Err = ();
    fn from_str(code: &str) -> Result<ProductInfoForm, ()> {
        ProductInfoForm::ALL.into_iter().find(|one| one.code() == code).ok_or(())
    }
}

/// One such choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireForm {
    /// Of version 1.0.
    EncryptType(EncryptType),
    /// Of version 2.0.
    ProductInfo(ProductInfoForm),
}

/// The choice means nothing to this address, which speaks another version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the setting is one of {}", .0.name())]
pub struct OtherVersion(pub ProtocolVersion);

impl From<OtherVersion> for Refusal {
    fn from(OtherVersion(version): OtherVersion) -> Refusal {
        Refusal::new(RefusalKind::Rule, "setting_of_other_protocol").with("version", version.name())
    }
}

impl WireForm {
    /// The version that has the member.
    pub fn version(self) -> ProtocolVersion {
        match self {
            WireForm::EncryptType(_) => ProtocolVersion::V1,
            WireForm::ProductInfo(_) => ProtocolVersion::V2,
        }
    }

    /// Whether an address that speaks this version has the choice.
    pub fn require_spoken(self, by_address: ProtocolVersion) -> Result<(), OtherVersion> {
        if self.version() == by_address { Ok(()) } else { Err(OtherVersion(self.version())) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_read_back_from_their_codes_and_begin_with_the_default_of_the_protocol() {
        for one in EncryptType::ALL {
            assert_eq!(one.code().parse(), Ok(one));
        }
        for one in ProductInfoForm::ALL {
            assert_eq!(one.code().parse(), Ok(one));
        }
        assert_eq!((EncryptType::default().code(), ProductInfoForm::default().code()), ("1", "text"));
        assert_eq!("3".parse::<EncryptType>(), Err(()));
    }

    #[test]
    fn a_choice_belongs_to_the_version_that_has_the_member() {
        let (sealed, product) =
            (WireForm::EncryptType(EncryptType::Aes128), WireForm::ProductInfo(ProductInfoForm::Object));
        assert_eq!(sealed.require_spoken(ProtocolVersion::V1), Ok(()));
        assert_eq!(sealed.require_spoken(ProtocolVersion::V2), Err(OtherVersion(ProtocolVersion::V1)));
        assert_eq!(product.require_spoken(ProtocolVersion::V2), Ok(()));
        assert_eq!(product.require_spoken(ProtocolVersion::V1), Err(OtherVersion(ProtocolVersion::V2)));
    }
}
