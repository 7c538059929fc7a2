//! One SQLite connection: statements, values, and what its errors mean.

use crate::{
    DbError, Row, Value,
    statement::{Dialect, for_sqlite},
};
use rusqlite::{
    CachedStatement, ErrorCode, OptionalExtension,
    types::{ToSqlOutput, ValueRef},
};
use std::sync::{Arc, OnceLock};

/// Called once, with the reason, when the engine stops for good.
pub(crate) type OnFailure = Arc<dyn Fn(&str) + Send + Sync>;

/// Whether the disk under the database still does what it says.
///
/// After a failed read, write or fsync nobody knows what is on the disk, and trying again may find a cached page that says all is well.
/// So the engine refuses everything from then on, and the owner of the process decides (usually: stop, and let a fresh one recover).
pub(crate) struct Health {
    failed: OnceLock<String>,
    on_failure: Option<OnFailure>,
}

impl Health {
    pub(crate) fn new(on_failure: Option<OnFailure>) -> Self {
        Health { failed: OnceLock::new(), on_failure }
    }

    pub(crate) fn check(&self) -> Result<(), DbError> {
        match self.failed.get() {
            Some(reason) => Err(DbError::unavailable(format!("the engine stopped: {reason}"))),
            None => Ok(()),
        }
    }

    pub(crate) fn fail(&self, reason: &str) {
        if self.failed.set(reason.to_owned()).is_ok() {
            tracing::error!(reason, "The storage engine stopped: {reason}");
            if let Some(tell) = &self.on_failure {
                tell(reason);
            }
        }
    }
}

/// A connection with what it needs to speak the shared SQL.
pub(crate) struct SqliteConnection {
    pub(crate) inner: rusqlite::Connection,
    pub(crate) dialect: Arc<Dialect>,
    pub(crate) health: Arc<Health>,
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(number) => ValueRef::Integer(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl SqliteConnection {
    pub(crate) fn execute(&self, sql: &'static str, values: &[Value]) -> Result<u64, DbError> {
        let mut statement = self.prepare(sql, values)?;
        if statement.column_count() == 0 {
            return statement.raw_execute().map(|count| count as u64).map_err(|error| self.meaning(error));
        }
        // RETURNING: SQLite applies the statement while its rows are read.
        let mut rows = statement.raw_query();
        while rows.next().map_err(|error| self.meaning(error))?.is_some() {}
        Ok(self.inner.changes())
    }

    pub(crate) fn query(&self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>, DbError> {
        let mut statement = self.prepare(sql, values)?;
        read_rows(&mut statement).map_err(|error| self.meaning(error))?
    }

    /// Runs text as it stands: BEGIN, COMMIT, migrations.
    pub(crate) fn command(&self, sql: &str) -> Result<(), DbError> {
        self.inner.execute_batch(sql).map_err(|error| self.meaning(error))
    }

    /// As [`Self::command`], for the few that run with every transaction.
    pub(crate) fn command_cached(&self, sql: &'static str) -> Result<(), DbError> {
        let run = || self.inner.prepare_cached(sql)?.raw_execute();
        run().map(|_| ()).map_err(|error| self.meaning(error))
    }

    fn prepare(&self, sql: &'static str, values: &[Value]) -> Result<CachedStatement<'_>, DbError> {
        let text = self.dialect.translate(sql, for_sqlite);
        let mut statement = self.inner.prepare_cached(text).map_err(|error| self.meaning(error))?;
        // A placeholder inside /*pg … pg*/ does not exist here, so there may be fewer than values.
        let wanted = statement.parameter_count();
        if values.len() < wanted {
            return Err(DbError::misuse(format!("{} values for {wanted} placeholders: {sql}", values.len())));
        }
        for (index, value) in values.iter().take(wanted).enumerate() {
            statement.raw_bind_parameter(index + 1, value).map_err(|error| self.meaning(error))?;
        }
        Ok(statement)
    }

    /// What an error of SQLite means; a broken disk is remembered.
    pub(crate) fn meaning(&self, error: rusqlite::Error) -> DbError {
        let (code, message) = match error {
            rusqlite::Error::SqliteFailure(code, message) => (code, message.unwrap_or_else(|| code.to_string())),
            rusqlite::Error::SqlInputError { msg, sql, .. } => {
                return DbError::Other { detail: format!("{msg}: {sql}") };
            }
            other => return DbError::Other { detail: other.to_string() },
        };
        match code.code {
            ErrorCode::ConstraintViolation => self.constraint(code.extended_code, &message),
            ErrorCode::DiskFull => DbError::unavailable(format!("the disk is full ({message})")),
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
                DbError::unavailable(format!("another program holds the database file ({message})"))
            }
            ErrorCode::ReadOnly => DbError::ReadOnly,
            ErrorCode::OutOfMemory => DbError::unavailable("out of memory"),
            ErrorCode::SystemIoFailure => {
                self.health.fail(&format!("disk error {} ({message})", code.extended_code));
                DbError::unavailable(format!("disk error ({message})"))
            }
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
                self.health.fail(&format!("the database file is damaged ({message})"));
                DbError::Corrupt { detail: format!("the database file is damaged ({message})") }
            }
            _ => DbError::Other { detail: message },
        }
    }

    fn constraint(&self, extended_code: i32, message: &str) -> DbError {
        let subject = message.split_once("failed: ").map_or(message, |(_, subject)| subject);
        match extended_code {
            rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE
            | rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY
            | rusqlite::ffi::SQLITE_CONSTRAINT_ROWID => DbError::Unique { constraint: self.unique_name(subject) },
            rusqlite::ffi::SQLITE_CONSTRAINT_FOREIGNKEY => DbError::ForeignKey,
            rusqlite::ffi::SQLITE_CONSTRAINT_CHECK => DbError::Check { constraint: subject.to_owned() },
            rusqlite::ffi::SQLITE_CONSTRAINT_NOTNULL => DbError::NotNull { column: subject.to_owned() },
            _ => DbError::Other { detail: message.to_owned() },
        }
    }

    /// The name PostgreSQL would give: of the unique index over exactly the columns that SQLite lists (`orders.buyer, orders.key`). Where
    /// several partial indexes cover the same columns, the first by name: SQLite does not say which it was.
    fn unique_name(&self, subject: &str) -> String {
        if let Some(index) = subject.strip_prefix("index '") {
            return index.trim_end_matches('\'').to_owned();
        }
        let mut table = "";
        let columns: Vec<&str> = subject
            .split(", ")
            .map(|part| {
                let (owner, column) = part.split_once('.').unwrap_or(("", part));
                table = owner;
                column
            })
            .collect();
        let joined = columns.join(",");
        let found = self
            .inner
            .query_row(
                "SELECT list.name, list.origin FROM pragma_index_list(?1) AS list
                 WHERE list.\"unique\" = 1
                   AND (SELECT group_concat(info.name, ',') FROM pragma_index_info(list.name) AS info) = ?2
                 ORDER BY list.origin, list.name LIMIT 1",
                [table, joined.as_str()],
                |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)),
            )
            .optional();
        match found {
            Ok(Some((name, origin))) if origin == "c" => name,
            Ok(Some((_, origin))) if origin == "u" => format!("{table}_{}_key", columns.join("_")),
            Ok(_) => format!("{table}_pkey"),
            Err(_) => subject.to_owned(),
        }
    }
}

/// The rows of a prepared statement, or what the engine said instead.
fn read_rows(statement: &mut CachedStatement<'_>) -> rusqlite::Result<Result<Vec<Row>, DbError>> {
    let mut columns: Option<Arc<[String]>> = None;
    let mut answer = Vec::new();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        // Asked after the first step: that is where a statement meets a table that was changed since it was prepared.
        let columns = columns.get_or_insert_with(|| row.as_ref().column_names().map(str::to_owned).collect());
        let mut values = Vec::with_capacity(columns.len());
        for (index, column) in columns.iter().enumerate() {
            match read_value(row.get_ref(index)?) {
                Ok(value) => values.push(value),
                Err(found) => {
                    let detail = format!("column {column} holds {found}; only BIGINT, TEXT and BYTEA are stored");
                    return Ok(Err(DbError::Corrupt { detail }));
                }
            }
        }
        answer.push(Row::new(columns.clone(), values));
    }
    Ok(Ok(answer))
}

fn read_value(value: ValueRef<'_>) -> Result<Value, &'static str> {
    match value {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(number) => Ok(Value::Int(number)),
        ValueRef::Text(text) => {
            std::str::from_utf8(text).map(|text| Value::Text(text.to_owned())).map_err(|_| "text that is not UTF-8")
        }
        ValueRef::Blob(bytes) => Ok(Value::Bytes(bytes.to_vec())),
        ValueRef::Real(_) => Err("a floating-point number"),
    }
}
