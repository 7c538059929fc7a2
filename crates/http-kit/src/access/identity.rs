//! Rows of the identity slice.

use super::Row;

/// The rows.
pub const ROWS: &[Row] = &[];
