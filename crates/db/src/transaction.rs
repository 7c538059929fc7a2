//! One open transaction, as the work inside it sees it.
//!
//! A transaction that had a failed statement is over, on both engines: PostgreSQL aborts it, SQLite would go on, so a mark makes them
//! alike. Work that expects a conflict says `ON CONFLICT DO NOTHING` and looks at the count.

use crate::{
    DbError, Engine, Row, Value, postgres_connection::PostgresConnection, sqlite_connection::SqliteConnection,
};

/// An open transaction. Only [`crate::Db`] makes one; it commits when the work answers `Ok` and rolls back otherwise.
pub struct Tx {
    pub(crate) connection: Connection,
    /// The first failed statement.
    failed: Option<DbError>,
    /// A statement was started and its answer never awaited: on PostgreSQL nobody knows whether it failed.
    unfinished: bool,
    allowed: Statements,
}

/// How many statements the work may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Statements {
    /// As many as it wants: a transaction.
    Many,
    /// One, which reads: no transaction is open around it.
    One,
    /// No more: the one was said.
    None,
}

/// Where the statements of a transaction go.
pub(crate) enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PostgresConnection),
}

/// Whether the changes of a transaction are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Keep,
    Discard,
}

impl Tx {
    pub(crate) fn new(connection: Connection) -> Self {
        Tx { connection, failed: None, unfinished: false, allowed: Statements::Many }
    }

    /// How many statements the next work may run.
    pub(crate) fn allow(&mut self, allowed: Statements) {
        self.allowed = allowed;
    }

    /// Which engine this is. For what `db` alone may say differently, and for messages; never for business.
    pub fn engine(&self) -> Engine {
        match &self.connection {
            Connection::Sqlite(_) => Engine::Sqlite,
            Connection::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs a statement and answers how many rows it changed.
    pub async fn execute(&mut self, sql: &'static str, values: Vec<Value>) -> Result<u64, DbError> {
        self.start([(sql, values.as_slice())])?;
        let answer = match &mut self.connection {
            Connection::Sqlite(connection) => connection.execute(sql, &values),
            Connection::Postgres(connection) => connection.execute(sql, values).await,
        };
        self.finish(answer)
    }

    /// Runs a statement of whose answer nothing depends. On PostgreSQL it waits for the next statement or the end of the transaction and
    /// travels with it, which saves a round trip; where it fails, that one fails. Not for a statement whose failure the work explains:
    /// that must be awaited by [`Tx::execute`].
    pub fn execute_later(&mut self, sql: &'static str, values: Vec<Value>) -> Result<(), DbError> {
        self.start([(sql, values.as_slice())])?;
        let answer = match &mut self.connection {
            Connection::Sqlite(connection) => connection.execute(sql, &values).map(|_| ()),
            Connection::Postgres(connection) => {
                connection.execute_later(sql, values);
                Ok(())
            }
        };
        self.finish(answer)
    }

    /// Runs a statement and answers its rows.
    pub async fn query(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>, DbError> {
        self.start([(sql, values.as_slice())])?;
        let answer = match &mut self.connection {
            Connection::Sqlite(connection) => connection.query(sql, &values),
            Connection::Postgres(connection) => connection.query(sql, values).await,
        };
        self.finish(answer)
    }

    /// Runs a statement that answers one row or none. More than one is [`DbError::Misuse`].
    pub async fn query_optional(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Option<Row>, DbError> {
        let mut rows = self.query(sql, values).await?;
        let row = rows.pop();
        if rows.is_empty() {
            return Ok(row);
        }
        self.finish(Err(DbError::misuse(format!("expected at most one row, found {}: {sql}", rows.len() + 1))))
    }

    /// Runs a statement that always answers one row, such as a count. None or several are [`DbError::Misuse`].
    pub async fn query_one(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Row, DbError> {
        match self.query_optional(sql, values).await? {
            Some(row) => Ok(row),
            None => self.finish(Err(DbError::misuse(format!("expected one row, found none: {sql}")))),
        }
    }

    /// Runs several statements in order and answers how many rows each changed. On PostgreSQL they travel together, which saves a round
    /// trip each; the first that fails ends the transaction.
    pub async fn execute_all(&mut self, statements: Vec<(&'static str, Vec<Value>)>) -> Result<Vec<u64>, DbError> {
        self.start(statements.iter().map(|(sql, values)| (*sql, values.as_slice())))?;
        let answer = match &mut self.connection {
            Connection::Sqlite(connection) => {
                statements.iter().map(|(sql, values)| connection.execute(sql, values)).collect()
            }
            Connection::Postgres(connection) => connection.execute_all(statements).await,
        };
        self.finish(answer)
    }

    /// Runs several statements in order and answers the rows of each. On PostgreSQL they travel together, and each sees what was committed
    /// when its turn came: one that waits for a lock goes before one that reads what the lock guards.
    pub async fn query_all(&mut self, statements: Vec<(&'static str, Vec<Value>)>) -> Result<Vec<Vec<Row>>, DbError> {
        self.start(statements.iter().map(|(sql, values)| (*sql, values.as_slice())))?;
        let answer = match &mut self.connection {
            Connection::Sqlite(connection) => {
                statements.iter().map(|(sql, values)| connection.query(sql, values)).collect()
            }
            Connection::Postgres(connection) => connection.query_all(statements).await,
        };
        self.finish(answer)
    }

    /// Asks for SERIALIZABLE, as the first act of a transaction, for the few invariants across rows that no lock can guard. SQLite always
    /// is.
    pub async fn serializable(&mut self) -> Result<(), DbError> {
        match self.engine() {
            Engine::Sqlite => Ok(()),
            Engine::Postgres => self.run_script("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE").await,
        }
    }

    /// Runs several statements without parameters: migrations.
    pub(crate) async fn run_script(&mut self, sql: &str) -> Result<(), DbError> {
        self.start([(sql, [].as_slice())])?;
        let answer = match &mut self.connection {
            Connection::Sqlite(connection) => connection.command(sql),
            Connection::Postgres(connection) => connection.command(sql).await,
        };
        self.finish(answer)
    }

    fn start<'a>(&mut self, statements: impl IntoIterator<Item = (&'a str, &'a [Value])>) -> Result<(), DbError> {
        if let Some(error) = &self.failed {
            return Err(DbError::misuse(format!(
                "a statement after one that failed ({error}): the transaction is over"
            )));
        }
        for (sql, values) in statements {
            match self.allowed {
                Statements::Many => {}
                Statements::One if sql.trim_start().starts_with("SELECT") => self.allowed = Statements::None,
                Statements::One => return self.finish(Err(DbError::misuse(format!("a question only reads: {sql}")))),
                Statements::None => {
                    let detail = format!("a question is one statement, use `read` for more: {sql}");
                    return self.finish(Err(DbError::misuse(detail)));
                }
            }
            if values.iter().any(|value| matches!(value, Value::Text(text) if text.contains('\0'))) {
                let detail = "text with a NUL character: refuse it where text is parsed";
                return self.finish(Err(DbError::misuse(detail)));
            }
        }
        self.unfinished = true;
        Ok(())
    }

    fn finish<T>(&mut self, answer: Result<T, DbError>) -> Result<T, DbError> {
        self.unfinished = false;
        if let Err(error) = &answer {
            self.failed.get_or_insert_with(|| error.clone());
        }
        answer
    }

    /// The end of the work: an `Ok` after a failed or unfinished statement is none, because its changes cannot be kept. Makes the
    /// transaction ready for the next work.
    pub(crate) fn settle<T, E: From<DbError>>(&mut self, result: Result<T, E>) -> Result<T, E> {
        let failed = self.failed.take();
        let unfinished = std::mem::take(&mut self.unfinished);
        result.and_then(|value| match failed {
            Some(error) => Err(E::from(swallowed(error))),
            None if unfinished => Err(E::from(DbError::misuse(
                "the answer of a statement was not awaited to its end: await each, with no time limit around it",
            ))),
            None => Ok(value),
        })
    }
}

/// What a transaction answers whose work hid the failure of a statement.
fn swallowed(error: DbError) -> DbError {
    match error {
        DbError::Unique { .. } | DbError::ForeignKey | DbError::Check { .. } | DbError::NotNull { .. } => {
            DbError::misuse(format!(
                "the work answered Ok although a statement failed ({error}): its changes are gone. Use ON CONFLICT DO NOTHING, or let \
                 the error out of the transaction and decide there"
            ))
        }
        DbError::Unavailable { .. }
        | DbError::CommitUnknown { .. }
        | DbError::Conflict { .. }
        | DbError::ReadOnly
        | DbError::Corrupt { .. }
        | DbError::Migration { .. }
        | DbError::Panicked { .. }
        | DbError::Misuse { .. }
        | DbError::Other { .. } => error,
    }
}
