//! Rows of the ordering slice.

use super::Row;

/// The rows.
pub const ROWS: &[Row] = &[];
