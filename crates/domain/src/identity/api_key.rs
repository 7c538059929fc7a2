//! Access keys of an organisation, for programs: a public name (`SK…`) and a secret that is shown once.
//!
//! The secret must be recomputable by us, because the KooGallery-compatible interfaces sign with it; so it is sealed,
//! not hashed (`app::vault`), and never part of [`ApiKey`].

use std::fmt;
use std::str::FromStr;

use crate::ids::{ApiKeyId, OrganisationId, UserId};
use crate::time::Timestamp;

/// 32 signs that nobody confuses when reading aloud.
const SIGNS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// One sign a byte: 5 bits of it, evenly spread.
fn signs(random: &[u8]) -> String {
    random.iter().filter_map(|byte| SIGNS.get(usize::from(byte & 31))).map(|sign| char::from(*sign)).collect()
}

/// The public half of a key: 20 characters, the first two `SK`, so that leaks can be searched for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AccessKey(String);

impl AccessKey {
    /// How many characters an access key has.
    pub const LENGTH: usize = 20;

    /// A new one from random bytes.
    pub fn make(random: [u8; 18]) -> AccessKey {
        AccessKey(format!("SK{}", signs(&random)))
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for AccessKey {
    type Err = ();
    fn from_str(text: &str) -> Result<AccessKey, ()> {
        let signs = text.strip_prefix("SK").ok_or(())?;
        let good = text.len() == AccessKey::LENGTH && signs.bytes().all(|byte| SIGNS.contains(&byte));
        if good { Ok(AccessKey(text.to_owned())) } else { Err(()) }
    }
}

/// The secret half: 40 characters, 200 bits. `Debug` does not print it.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKeySecret(String);

impl ApiKeySecret {
    /// How many characters a secret has.
    pub const LENGTH: usize = 40;

    /// A new one from random bytes.
    pub fn make(random: [u8; ApiKeySecret::LENGTH]) -> ApiKeySecret {
        ApiKeySecret(signs(&random))
    }

    /// The characters, for the one page that shows them and for sealing.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ApiKeySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKeySecret(…)")
    }
}

/// One access key, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// The id.
    pub id: ApiKeyId,
    /// Whose things it reaches.
    pub organisation: OrganisationId,
    /// Who made it: the key may what this person may, and nothing once the person is disabled.
    pub made_by: UserId,
    /// What it is for, in the words of its maker.
    pub name: String,
    /// The public half.
    pub access_key: AccessKey,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub used_at: Option<Timestamp>,
    /// Since when it opens nothing.
    pub revoked_at: Option<Timestamp>,
}

impl ApiKey {
    /// How many working keys an organisation may have.
    pub const MOST: usize = 20;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_access_key_is_twenty_capitals_and_digits_and_reads_back() {
        let key = AccessKey::make([0xff; 18]);
        assert_eq!(key.as_str(), "SK999999999999999999");
        assert_eq!(key.as_str().parse(), Ok(key));
        for bad in
            ["", "SK", "SK99999999999999999", "AK999999999999999999", "SK99999999999999999l", "SK9999999999999999990"]
        {
            assert_eq!(bad.parse::<AccessKey>(), Err(()), "{bad}");
        }
    }

    #[test]
    fn a_secret_is_forty_signs_and_never_printed_by_accident() {
        let random: [u8; 40] = std::array::from_fn(|place| u8::try_from(place * 6).unwrap_or(0));
        let secret = ApiKeySecret::make(random);
        assert_eq!(secret.reveal().len(), 40);
        assert_eq!(format!("{secret:?}"), "ApiKeySecret(…)");
    }
}
