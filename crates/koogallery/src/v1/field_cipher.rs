//! Encryption of user name, password, mobile number and e-mail inside V1 messages (seller-protocol 4). Old cryptography, kept
//! because sellers speak it; Souk's own secrets at rest are sealed elsewhere and otherwise.

use aes::{Aes128, Aes256};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use sha1::{Digest, Sha1};

use crate::key::AccessKey;

/// What `encryptType` says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum EncryptType {
    /// `1`: AES256_CBC_PKCS5Padding.
    #[default]
    Aes256,
    /// `2`: AES128_CBC_PKCS5Padding.
    Aes128,
}

impl EncryptType {
    /// Reads the member's value.
    pub fn parse(text: &str) -> Option<EncryptType> {
        match text {
            "1" => Some(EncryptType::Aes256),
            "2" => Some(EncryptType::Aes128),
            _ => None,
        }
    }

    /// The member's value.
    pub fn as_str(self) -> &'static str {
        match self {
            EncryptType::Aes256 => "1",
            EncryptType::Aes128 => "2",
        }
    }
}

/// Why a field cannot be decrypted. It does not say at which step, so that nobody learns by trying.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the field cannot be decrypted")]
pub struct Unreadable;

/// Encrypts one field. `iv` are 16 random letters and digits; `None` if they are not.
pub fn encrypt(key: &AccessKey, kind: EncryptType, iv: &str, plain: &str) -> Option<String> {
    let fits = iv.len() == 16 && iv.bytes().all(|b| b.is_ascii_alphanumeric());
    if !fits {
        return None;
    }
    let mut buffer = plain.as_bytes().to_vec();
    buffer.resize(buffer.len() + 16, 0); // room for the padding
    let derived = derive_key(key.reveal().as_bytes());
    let sealed = match kind {
        EncryptType::Aes256 => {
            let cipher = cbc::Encryptor::<Aes256>::new_from_slices(&derived, iv.as_bytes()).ok()?;
            cipher.encrypt_padded::<Pkcs7>(&mut buffer, plain.len()).ok()?
        }
        EncryptType::Aes128 => {
            let cipher = cbc::Encryptor::<Aes128>::new_from_slices(derived.get(..16)?, iv.as_bytes()).ok()?;
            cipher.encrypt_padded::<Pkcs7>(&mut buffer, plain.len()).ok()?
        }
    };
    Some(format!("{iv}{}", STANDARD.encode(sealed)))
}

/// Decrypts one field: 16 characters of IV, then Base64.
pub fn decrypt(key: &AccessKey, kind: EncryptType, field: &str) -> Result<String, Unreadable> {
    open(key, kind, field).ok_or(Unreadable)
}

fn open(key: &AccessKey, kind: EncryptType, field: &str) -> Option<String> {
    let (iv, sealed) = field.split_at_checked(16)?;
    let mut buffer = STANDARD.decode(sealed).ok()?;
    let derived = derive_key(key.reveal().as_bytes());
    let plain = match kind {
        EncryptType::Aes256 => {
            let cipher = cbc::Decryptor::<Aes256>::new_from_slices(&derived, iv.as_bytes()).ok()?;
            cipher.decrypt_padded::<Pkcs7>(&mut buffer).ok()?
        }
        EncryptType::Aes128 => {
            let cipher = cbc::Decryptor::<Aes128>::new_from_slices(derived.get(..16)?, iv.as_bytes()).ok()?;
            cipher.decrypt_padded::<Pkcs7>(&mut buffer).ok()?
        }
    };
    String::from_utf8(plain.to_vec()).ok()
}

/// The AES key that Java's `KeyGenerator` makes from a `SHA1PRNG` seeded with the access key: 32 bytes, of which AES-128 takes
/// the first 16. The state is advanced with *signed* bytes and a carry that may be -1, as the JDK does it.
pub fn derive_key(seed: &[u8]) -> [u8; 32] {
    let mut state: [u8; 20] = Sha1::digest(seed).into();
    let mut stream = Vec::with_capacity(40);
    while stream.len() < 32 {
        let output: [u8; 20] = Sha1::digest(state).into();
        stream.extend_from_slice(&output);
        advance(&mut state, &output);
    }
    let mut key = [0; 32];
    key.iter_mut().zip(stream).for_each(|(place, byte)| *place = byte);
    key
}

fn advance(state: &mut [u8; 20], output: &[u8; 20]) {
    let mut carry = 1_i32;
    let mut changed = false;
    for (byte, out) in state.iter_mut().zip(output) {
        let sum = i32::from(byte.cast_signed()) + i32::from(out.cast_signed()) + carry;
        let [new, ..] = sum.to_le_bytes();
        changed |= new != *byte;
        *byte = new;
        carry = sum >> 8;
    }
    if !changed && let Some(first) = state.first_mut() {
        *first = first.wrapping_add(1);
    }
}
