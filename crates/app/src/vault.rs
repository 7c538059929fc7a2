//! Sealing what must not lie open in the tables: AES-256-GCM under keys derived from one master key.
//!
//! The associated data names table, column, row and owner, so that a sealed value copied to another row does not open.
//! Blind indexes let a sealed value be looked up by equality. Tokens are signed texts that come back to us.
//!
//! *What is not here.* The master key's home (a file that `souk` makes on first start), rotation (the version byte
//! leaves room for it), password hashes.

use aes_gcm::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac as _};
use ports::Chance;
use sha2::Sha256;
use std::sync::Arc;
use subtle::ConstantTimeEq as _;

use crate::AppError;

pub use store::Place;

/// Seals, opens, indexes and signs.
#[derive(Clone)]
pub struct Vault {
    sealing: Arc<Aes256Gcm>,
    indexing: [u8; 32],
    signing: [u8; 32],
    chance: Arc<dyn Chance>,
}

const VERSION: u8 = 1;

impl Vault {
    /// A vault under a master key of 32 bytes.
    pub fn new(master: &[u8; 32], chance: Arc<dyn Chance>) -> Vault {
        let sealing = derive(master, "souk/seal/v1");
        Vault {
            sealing: Arc::new(Aes256Gcm::new(&sealing.into())),
            indexing: derive(master, "souk/index/v1"),
            signing: derive(master, "souk/sign/v1"),
            chance,
        }
    }

    /// Seals `plain` for one place.
    pub fn seal(&self, place: Place<'_>, plain: &str) -> String {
        STANDARD_NO_PAD.encode(self.seal_bytes(place, plain.as_bytes()))
    }

    /// Seals bytes for one place.
    pub fn seal_bytes(&self, place: Place<'_>, plain: &[u8]) -> Vec<u8> {
        let mut nonce = [0_u8; 12];
        self.chance.fill(&mut nonce);
        let data = associated(place);
        let sealed = self
            .sealing
            .encrypt(&Nonce::from(nonce), Payload { msg: plain, aad: data.as_bytes() })
            .expect("AES-GCM seals anything shorter than 64 GiB");
        let mut out = Vec::with_capacity(1 + nonce.len() + sealed.len());
        out.push(VERSION);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        out
    }

    /// Opens what was sealed for this place. Anything else, a wrong master key included, is an internal error and
    /// never garbage.
    pub fn open(&self, place: Place<'_>, sealed: &str) -> Result<String, AppError> {
        let bytes = STANDARD_NO_PAD.decode(sealed).map_err(|_| shut(place))?;
        String::from_utf8(self.open_bytes(place, &bytes)?).map_err(|_| shut(place))
    }

    /// Opens bytes that were sealed for this place, as [`open`](Vault::open) does.
    pub fn open_bytes(&self, place: Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, AppError> {
        let fault = || shut(place);
        let (&version, rest) = sealed.split_first().ok_or_else(fault)?;
        let (nonce, text) = rest.split_at_checked(12).ok_or_else(fault)?;
        if version != VERSION {
            return Err(fault());
        }
        let nonce: [u8; 12] = nonce.try_into().map_err(|_| fault())?;
        let data = associated(place);
        self.sealing.decrypt(&Nonce::from(nonce), Payload { msg: text, aad: data.as_bytes() }).map_err(|_| fault())
    }

    /// The value by which a sealed text is found again: equal texts of one purpose have equal indexes, and nobody
    /// without the key learns the text from it.
    pub fn blind_index(&self, purpose: &'static str, text: &str) -> String {
        hex::encode(mac(&self.indexing, purpose, text.as_bytes()))
    }

    /// A text that leaves us and comes back: `payload.signature`, for one purpose. It is readable, not secret.
    pub fn sign(&self, purpose: &'static str, payload: &str) -> String {
        let signature = mac(&self.signing, purpose, payload.as_bytes());
        format!("{}.{}", URL_SAFE_NO_PAD.encode(payload), URL_SAFE_NO_PAD.encode(signature))
    }

    /// The payload of a text that we signed for this purpose, else `None`.
    pub fn verify(&self, purpose: &'static str, signed: &str) -> Option<String> {
        let (payload, signature) = signed.split_once('.')?;
        let payload = URL_SAFE_NO_PAD.decode(payload).ok()?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let expected = mac(&self.signing, purpose, &payload);
        if bool::from(expected.as_slice().ct_eq(&signature)) { String::from_utf8(payload).ok() } else { None }
    }
}

impl store::Safe for Vault {
    fn seal(&self, place: Place<'_>, plain: &str) -> String {
        Vault::seal(self, place, plain)
    }

    fn open(&self, place: Place<'_>, sealed: &str) -> Option<String> {
        Vault::open(self, place, sealed).ok()
    }

    fn email_index(&self, email: &str) -> String {
        self.blind_index("email", email)
    }
}

fn shut(place: Place<'_>) -> AppError {
    AppError::Internal(format!("{}.{} of {} does not open", place.table, place.column, place.row))
}

fn associated(place: Place<'_>) -> String {
    format!("{}\u{1f}{}\u{1f}{}", place.table, place.column, place.row)
}

fn derive(master: &[u8; 32], purpose: &'static str) -> [u8; 32] {
    mac(master, purpose, b"")
}

fn mac(key: &[u8; 32], purpose: &'static str, message: &[u8]) -> [u8; 32] {
    use hmac::KeyInit as _;
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(purpose.as_bytes());
    mac.update(&[0]);
    mac.update(message);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::*;

    struct Counting(AtomicU8);
    impl Chance for Counting {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(self.0.fetch_add(1, Ordering::Relaxed));
        }
    }

    fn vault(master: u8) -> Vault {
        Vault::new(&[master; 32], Arc::new(Counting(AtomicU8::new(0))))
    }

    const PLACE: Place<'_> = Place { table: "subscriptions", column: "password", row: "sub_1" };

    #[test]
    fn a_sealed_value_opens_in_its_own_row_only() {
        let vault = vault(1);
        let sealed = vault.seal(PLACE, "Init-Pass-1");
        assert!(!sealed.contains("Init"));
        assert_eq!(vault.open(PLACE, &sealed).ok().as_deref(), Some("Init-Pass-1"));
        assert!(vault.open(Place { row: "sub_2", ..PLACE }, &sealed).is_err());
        assert!(vault.open(Place { column: "user_name", ..PLACE }, &sealed).is_err());
        assert!(self::vault(2).open(PLACE, &sealed).is_err());
        assert!(vault.open(PLACE, "").is_err());
        assert!(vault.open(PLACE, &sealed[..20]).is_err());
    }

    #[test]
    fn sealing_twice_does_not_show_that_the_texts_are_equal() {
        let vault = vault(1);
        assert_ne!(vault.seal(PLACE, "same"), vault.seal(PLACE, "same"));
        assert_eq!(vault.blind_index("email", "same"), vault.blind_index("email", "same"));
        assert_ne!(vault.blind_index("email", "same"), vault.blind_index("phone", "same"));
    }

    #[test]
    fn a_signed_text_comes_back_whole_or_not_at_all() {
        let vault = vault(1);
        let signed = vault.sign("quote", r#"{"total":100}"#);
        assert_eq!(vault.verify("quote", &signed).as_deref(), Some(r#"{"total":100}"#));
        assert_eq!(vault.verify("return", &signed), None);
        assert_eq!(vault.verify("quote", &signed.replace('.', "A.")), None);
        assert_eq!(self::vault(2).verify("quote", &signed), None);
    }
}
