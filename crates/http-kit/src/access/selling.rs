//! Rows of the selling slice.

use super::Row;

/// The rows.
pub const ROWS: &[Row] = &[];
