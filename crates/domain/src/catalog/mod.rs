//! The catalog context.
