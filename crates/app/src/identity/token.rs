//! Opaque tokens: 256 random bits that open something for whoever holds them. Only their SHA-256 is stored.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::App;

/// What a token opens; its first letters, so that a leaked one can be searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Session,
    Invitation,
    FirstOperator,
}

impl TokenKind {
    fn prefix(self) -> &'static str {
        match self {
            TokenKind::Session => "souk_s_",
            TokenKind::Invitation => "souk_i_",
            TokenKind::FirstOperator => "souk_o_",
        }
    }
}

/// A token as its holder has it. `Debug` does not print it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new one.
    pub(super) fn make(app: &App, kind: TokenKind) -> Token {
        Token(format!("{}{}", kind.prefix(), URL_SAFE_NO_PAD.encode(app.random::<32>())))
    }

    /// The text, for a cookie, a link or an answer: the one time that it is handed out.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored.
    pub(super) fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}

/// The stored form of what somebody sent, or `None` when it cannot be a token of this kind.
pub(super) fn hash_of(kind: TokenKind, sent: &str) -> Option<Vec<u8>> {
    let good = sent.len() == kind.prefix().len() + 43 && sent.starts_with(kind.prefix());
    good.then(|| Sha256::digest(sent.as_bytes()).to_vec())
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}
