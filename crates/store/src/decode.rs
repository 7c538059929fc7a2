//! From column to domain value, with the row named when it does not fit.

use std::fmt::Display;
use std::str::FromStr;

use db::Row;
use domain::ids::Id;
use domain::money::{Currency, Money};
use domain::time::{Timestamp, from_millisecond};

use crate::{Place, Safe, StoreError};

/// One row under suspicion: knows its table and name, so that each complaint says where.
pub struct Suspect<'r> {
    row: &'r Row,
    table: &'static str,
    name: String,
}

impl<'r> Suspect<'r> {
    /// A row of `table`, named by its `id` column.
    pub fn new(table: &'static str, row: &'r Row) -> Result<Suspect<'r>, StoreError> {
        let name = row.get::<String>("id")?;
        Ok(Suspect { row, table, name })
    }

    /// A row of `table` that has no `id` column.
    pub fn named(table: &'static str, row: &'r Row, name: impl Into<String>) -> Suspect<'r> {
        Suspect { row, table, name: name.into() }
    }

    /// The error for this row.
    pub fn corrupt(&self, detail: impl Display) -> StoreError {
        StoreError::Corrupt { table: self.table, row: self.name.clone(), detail: detail.to_string() }
    }

    /// A text column.
    pub fn text(&self, column: &'static str) -> Result<String, StoreError> {
        Ok(self.row.get::<String>(column)?)
    }

    /// A sealed column, opened. The value was sealed for `place`, which a join may have brought from another table.
    pub fn opened(&self, safe: &dyn Safe, column: &'static str, place: Place<'_>) -> Result<String, StoreError> {
        let sealed = self.text(column)?;
        safe.open(place, &sealed).ok_or_else(|| StoreError::Corrupt {
            table: place.table,
            row: place.row.to_owned(),
            detail: format!("{} does not open", place.column),
        })
    }

    /// A text column that may be NULL.
    pub fn optional_text(&self, column: &'static str) -> Result<Option<String>, StoreError> {
        Ok(self.row.get::<Option<String>>(column)?)
    }

    /// A whole number.
    pub fn number(&self, column: &'static str) -> Result<i64, StoreError> {
        Ok(self.row.get::<i64>(column)?)
    }

    /// A whole number that may be NULL.
    pub fn optional_number(&self, column: &'static str) -> Result<Option<i64>, StoreError> {
        Ok(self.row.get::<Option<i64>>(column)?)
    }

    /// A whole number that fits `u32`.
    pub fn count(&self, column: &'static str) -> Result<u32, StoreError> {
        u32::try_from(self.number(column)?).map_err(|_| self.corrupt(format_args!("{column} is not a count")))
    }

    /// Bytes.
    pub fn bytes(&self, column: &'static str) -> Result<Vec<u8>, StoreError> {
        Ok(self.row.get::<Vec<u8>>(column)?)
    }

    /// Bytes that may be NULL.
    pub fn optional_bytes(&self, column: &'static str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.row.get::<Option<Vec<u8>>>(column)?)
    }

    /// A column of 0 or 1.
    pub fn truth(&self, column: &'static str) -> Result<bool, StoreError> {
        match self.number(column)? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(self.corrupt(format_args!("{column} is {other}, not 0 or 1"))),
        }
    }

    /// An instant in milliseconds.
    pub fn instant(&self, column: &'static str) -> Result<Timestamp, StoreError> {
        from_millisecond(self.number(column)?).ok_or_else(|| self.corrupt(format_args!("{column} is no instant")))
    }

    /// An instant that may be NULL.
    pub fn optional_instant(&self, column: &'static str) -> Result<Option<Timestamp>, StoreError> {
        self.optional_number(column)?
            .map(|ms| from_millisecond(ms).ok_or_else(|| self.corrupt(format_args!("{column} is no instant"))))
            .transpose()
    }

    /// An id, or any other text that its type can read.
    pub fn parsed<T: FromStr>(&self, column: &'static str) -> Result<T, StoreError> {
        let text = self.text(column)?;
        text.parse()
            .map_err(|_| self.corrupt(format_args!("{column} holds '{}'", text.chars().take(64).collect::<String>())))
    }

    /// The same for a column that may be NULL.
    pub fn optional_parsed<T: FromStr>(&self, column: &'static str) -> Result<Option<T>, StoreError> {
        let Some(text) = self.optional_text(column)? else { return Ok(None) };
        text.parse().map(Some).map_err(|_| self.corrupt(format_args!("{column} does not read as its type")))
    }

    /// An id of one kind.
    pub fn id<T: Id>(&self, column: &'static str) -> Result<T, StoreError> {
        self.parsed(column)
    }

    /// Money from a column of minor units and one with the currency.
    pub fn money(&self, minor: &'static str, currency: &'static str) -> Result<Money, StoreError> {
        Ok(Money::new(self.number(minor)?, self.parsed::<Currency>(currency)?))
    }

    /// A JSON column.
    pub fn json<T: serde::de::DeserializeOwned>(&self, column: &'static str) -> Result<T, StoreError> {
        let text = self.text(column)?;
        serde_json::from_str(&text).map_err(|error| self.corrupt(format_args!("{column}: {error}")))
    }
}

/// JSON text of plain data.
pub fn to_json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("domain values are plain data with text keys")
}
