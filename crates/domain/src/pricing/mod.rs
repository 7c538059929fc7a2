//! The pricing context.
