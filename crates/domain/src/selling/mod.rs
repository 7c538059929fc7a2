//! The selling context.
