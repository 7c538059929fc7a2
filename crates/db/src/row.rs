//! One row of an answer, read by column name.

use crate::{DbError, FromValue, Value};
use std::sync::Arc;

/// One row. Columns are read by the name that the statement gave them.
#[derive(Debug, Clone)]
pub struct Row {
    columns: Arc<[String]>,
    values: Vec<Value>,
}

impl Row {
    pub(crate) fn new(columns: Arc<[String]>, values: Vec<Value>) -> Self {
        Row { columns, values }
    }

    /// The value of a column. [`DbError::Misuse`] if the statement has no such column; [`DbError::Corrupt`] if the value is of another
    /// kind, is NULL where `T` is no `Option`, or does not fit into `T`.
    pub fn get<T: FromValue>(&self, column: &str) -> Result<T, DbError> {
        let Some(value) = self.columns.iter().position(|name| name == column).and_then(|index| self.values.get(index))
        else {
            let known = self.columns.join(", ");
            return Err(DbError::misuse(format!("the row has no column {column}; it has {known}")));
        };
        T::from_value(value).ok_or_else(|| DbError::Corrupt {
            detail: format!("column {column} must hold {} but holds {}", T::EXPECTED, value.kind()),
        })
    }
}
