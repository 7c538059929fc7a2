//! The access keys of a seller's system: one for every path, or one of its own for a path, so that one system can serve
//! several sellers of a demo market.

use koogallery::{AccessKey, AccessKeyError};

/// One key, the calls it is for, and the name of the product behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeyLine {
    path: Option<String>,
    pub(crate) key: AccessKey,
    pub(crate) product_name: Option<String>,
}

/// Which key is bound to which production address of this system.
///
/// As text there is one key on a line, `[PATH] KEY [PRODUCT NAME]`. A line without a path is for every path that has no
/// line of its own. Empty lines and lines that start with `#` say nothing.
///
/// ```
/// use conformance::seller::KeyRing;
///
/// assert!(KeyRing::parse("").expect("a seller may wait for its key").is_empty());
/// assert!(KeyRing::parse("kg-key-0001").is_ok());
/// assert!(KeyRing::parse("/produce/granary kg-key-0001 Granary Backup\n/produce/abacus kg-key-0002").is_ok());
/// assert!(KeyRing::parse("/produce/granary").is_err());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyRing(Vec<KeyLine>);

/// Why a text holds no keys.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyRingError {
    /// A path and no key after it.
    #[error("line {line}: no key follows the path")]
    NoKey {
        /// Counted from 1.
        line: usize,
    },
    /// A key that cannot be one.
    #[error("line {line}: {source}")]
    NotAKey {
        /// Counted from 1.
        line: usize,
        /// Why.
        source: AccessKeyError,
    },
}

impl KeyRing {
    /// The same key for every path.
    pub fn of(key: AccessKey) -> KeyRing {
        KeyRing(vec![KeyLine { path: None, key, product_name: None }])
    }

    /// Reads keys, one on a line.
    pub fn parse(text: &str) -> Result<KeyRing, KeyRingError> {
        let lines = text.lines().map(str::trim).enumerate();
        let said = lines.filter(|(_, text)| !text.is_empty() && !text.starts_with('#'));
        said.map(|(index, text)| KeyLine::parse(index + 1, text)).collect::<Result<_, _>>().map(KeyRing)
    }

    /// Whether there is no key at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The key for calls to `path`: of its own line, else of the first line without a path.
    pub(crate) fn find(&self, path: &str) -> Option<&KeyLine> {
        let own = self.0.iter().find(|line| line.path.as_deref() == Some(path));
        own.or_else(|| self.0.iter().find(|line| line.path.is_none()))
    }
}

impl KeyLine {
    fn parse(line: usize, text: &str) -> Result<KeyLine, KeyRingError> {
        let (path, rest) = match text.split_once(char::is_whitespace) {
            Some((path, rest)) if path.starts_with('/') => (Some(path.to_owned()), rest.trim_start()),
            None if text.starts_with('/') => return Err(KeyRingError::NoKey { line }),
            Some(_) | None => (None, text),
        };
        let (key, name) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let key = AccessKey::parse(key).map_err(|source| KeyRingError::NotAKey { line, source })?;
        let name = name.trim();
        Ok(KeyLine { path, key, product_name: (!name.is_empty()).then(|| name.to_owned()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_a_line_of_its_own_has_its_own_key_and_name() {
        let ring = KeyRing::parse("# keys\n\nkey-of-all\n/a key-of-a Granary Backup\n").expect("keys");
        let found = |path: &str| ring.find(path).map(|line| (line.key.reveal().to_owned(), line.product_name.clone()));
        assert_eq!(found("/a"), Some(("key-of-a".into(), Some("Granary Backup".into()))));
        assert_eq!(found("/b"), Some(("key-of-all".into(), None)));
    }

    #[test]
    fn without_a_line_for_every_path_others_have_no_key() {
        let ring = KeyRing::parse("/a key-of-a").expect("keys");
        assert!(ring.find("/b").is_none());
        assert!(ring.find("/a/b").is_none());
    }

    #[test]
    fn a_line_that_is_wrong_is_named() {
        assert_eq!(KeyRing::parse("key\n/a"), Err(KeyRingError::NoKey { line: 2 }));
    }
}
