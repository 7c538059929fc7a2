//! The ordering context.
