//! The access keys of a seller's system: one for every path, or one of its own for a path, so that one system can serve
//! several sellers of a demo market.

use koogallery::v2::ActivityName;
use koogallery::{AccessKey, AccessKeyError};

/// Types of calls with a key of their own (seller-protocol 2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyKind {
    /// About licence codes.
    LicenceCode,
    /// Sync of tenants, applications, users and departments.
    JointOperations,
    /// Order notices.
    OrderNotice,
}

impl KeyKind {
    const ALL: [KeyKind; 3] = [KeyKind::LicenceCode, KeyKind::JointOperations, KeyKind::OrderNotice];

    fn word(self) -> &'static str {
        match self {
            KeyKind::LicenceCode => "licence-code:",
            KeyKind::JointOperations => "joint-operations:",
            KeyKind::OrderNotice => "order-notice:",
        }
    }

    /// Whose key signs a call, by its name; none for the basic ones. The name is read before the signature is, because
    /// it says what key to check that with.
    pub(crate) fn of_activity(name: &str) -> Option<KeyKind> {
        match ActivityName::parse(name)? {
            ActivityName::OrderNotify => Some(KeyKind::OrderNotice),
            ActivityName::RefreshLicenseCode
            | ActivityName::UpdateLicenseCodeStatus
            | ActivityName::ReleaseLicenseCode => Some(KeyKind::LicenceCode),
            ActivityName::NewInstance
            | ActivityName::QueryInstance
            | ActivityName::RefreshInstance
            | ActivityName::UpdateInstanceStatus
            | ActivityName::ReleaseInstance
            | ActivityName::UpgradeInstance
            | ActivityName::ChangeInstanceCheck
            | ActivityName::GetLicenseAsync => None,
        }
    }
}

/// One key, the calls it is for, and the name of the product behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeyLine {
    /// Which calls, when not all of them.
    kind: Option<KeyKind>,
    path: Option<String>,
    pub(crate) key: AccessKey,
    pub(crate) product_name: Option<String>,
}

/// Which key is bound to which production address of this system.
///
/// As text there is one key on a line, `[PATH] KEY [PRODUCT NAME]`. A line without a path is for every path that has no
/// line of its own. Before it may stand the type of calls that it is for, `licence-code:`, `joint-operations:` or
/// `order-notice:`; where a type has no line, the others hold for it, too. Empty lines and lines that start with `#` say
/// nothing.
///
/// ```
/// use conformance::seller::KeyRing;
///
/// assert!(KeyRing::parse("").expect("a seller may wait for its key").is_empty());
/// assert!(KeyRing::parse("kg-key-0001").is_ok());
/// assert!(KeyRing::parse("/produce/granary kg-key-0001 Granary Backup\n/produce/abacus kg-key-0002").is_ok());
/// assert!(KeyRing::parse("kg-key-0001\nlicence-code: kg-key-0002\njoint-operations: /produce/granary kg-key-0003").is_ok());
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
        KeyRing(vec![KeyLine { kind: None, path: None, key, product_name: None }])
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

    /// The key for calls of a type to `path`: of its own line, else of the first line without a path; of the type's own
    /// lines, else of those for all.
    pub(crate) fn find(&self, path: &str, kind: Option<KeyKind>) -> Option<&KeyLine> {
        let of_kind = |kind: Option<KeyKind>| {
            let lines = || self.0.iter().filter(move |line| line.kind == kind);
            lines().find(|line| line.path.as_deref() == Some(path)).or_else(|| lines().find(|line| line.path.is_none()))
        };
        of_kind(kind).or_else(|| of_kind(None))
    }
}

impl KeyLine {
    fn parse(line: usize, text: &str) -> Result<KeyLine, KeyRingError> {
        let kind = KeyKind::ALL.into_iter().find(|kind| text.starts_with(kind.word()));
        let text = kind.map_or(text, |kind| text[kind.word().len()..].trim_start());
        let (path, rest) = match text.split_once(char::is_whitespace) {
            Some((path, rest)) if path.starts_with('/') => (Some(path.to_owned()), rest.trim_start()),
            None if text.starts_with('/') => return Err(KeyRingError::NoKey { line }),
            Some(_) | None => (None, text),
        };
        let (key, name) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let key = AccessKey::parse(key).map_err(|source| KeyRingError::NotAKey { line, source })?;
        let name = name.trim();
        Ok(KeyLine { kind, path, key, product_name: (!name.is_empty()).then(|| name.to_owned()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_a_line_of_its_own_has_its_own_key_and_name() {
        let ring = KeyRing::parse("# keys\n\nkey-of-all\n/a key-of-a Granary Backup\n").expect("keys");
        let found =
            |path: &str| ring.find(path, None).map(|line| (line.key.reveal().to_owned(), line.product_name.clone()));
        assert_eq!(found("/a"), Some(("key-of-a".into(), Some("Granary Backup".into()))));
        assert_eq!(found("/b"), Some(("key-of-all".into(), None)));
    }

    #[test]
    fn without_a_line_for_every_path_others_have_no_key() {
        let ring = KeyRing::parse("/a key-of-a").expect("keys");
        assert!(ring.find("/b", None).is_none());
        assert!(ring.find("/a/b", None).is_none());
    }

    #[test]
    fn a_type_of_calls_has_its_own_key_and_makes_do_with_the_others_until_then() {
        let text = "basic-key\n/a basic-of-a\nlicence-code: licence-key\nlicence-code: /a licence-of-a";
        let ring = KeyRing::parse(text).expect("keys");
        let found = |path: &str, kind| ring.find(path, kind).map(|line| line.key.reveal().to_owned());
        let licence = KeyKind::of_activity("releaseLicenseCode");
        assert_eq!(found("/a", licence).as_deref(), Some("licence-of-a"));
        assert_eq!(found("/b", licence).as_deref(), Some("licence-key"));
        assert_eq!(found("/a", Some(KeyKind::JointOperations)).as_deref(), Some("basic-of-a"));
        assert_eq!(found("/b", KeyKind::of_activity("getLicenseAsync")).as_deref(), Some("basic-key"));
    }

    #[test]
    fn a_line_that_is_wrong_is_named() {
        assert_eq!(KeyRing::parse("key\n/a"), Err(KeyRingError::NoKey { line: 2 }));
    }
}
