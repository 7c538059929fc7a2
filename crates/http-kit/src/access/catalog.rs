//! Rows of the catalog slice.

use super::Row;

/// The rows.
pub const ROWS: &[Row] = &[];
