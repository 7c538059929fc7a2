//! The two languages in which this crate explains itself. It holds no texts and negotiates nothing.

/// A language for messages that people read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}
