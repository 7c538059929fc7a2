//! One PostgreSQL connection inside a transaction: statements, values, and what its errors mean.

use crate::{
    DbError, Row, Value,
    statement::{Dialect, for_postgres},
};
use deadpool_postgres::Object;
use futures_util::{
    TryStreamExt as _,
    future::{MaybeDone, maybe_done},
};
use std::{
    future::Future,
    pin::{Pin, pin},
    sync::Arc,
    task::Poll,
};
use tokio_postgres::{
    Statement,
    error::SqlState,
    types::{FromSql, IsNull, ToSql, Type, private::BytesMut},
};

/// A connection that is thrown away rather than given back, unless the transaction on it is known to have ended.
pub(crate) struct PostgresConnection {
    /// `None` only while it is being dropped.
    client: Option<Object>,
    dialect: Arc<Dialect>,
    /// What goes out together with the next statement.
    waiting: Vec<Saying>,
    /// No transaction is open: there is nothing to commit or to roll back.
    alone: bool,
    /// Something was sent, BEGIN before all.
    begun: bool,
    /// A statement met another transaction (40001, 40P01), so the whole may be tried again, whatever the work makes of the error.
    pub(crate) conflict: bool,
    ended: bool,
}

impl Drop for PostgresConnection {
    fn drop(&mut self) {
        if !self.ended
            && let Some(client) = self.client.take()
        {
            // Out of the pool and closed: the server rolls back what was open.
            drop(Object::take(client));
        }
    }
}

impl PostgresConnection {
    /// A connection on which `begin` is said together with the first statement; without it, the one statement stands alone.
    pub(crate) fn new(client: Object, dialect: Arc<Dialect>, begin: Option<&'static str>) -> Self {
        PostgresConnection {
            client: Some(client),
            dialect,
            waiting: begin.map(Saying::Command).into_iter().collect(),
            alone: begin.is_none(),
            begun: false,
            conflict: false,
            ended: false,
        }
    }

    fn client(&self) -> Result<&Object, DbError> {
        self.client.as_ref().ok_or_else(|| DbError::unavailable("the connection was given back"))
    }

    fn is_closed(&self) -> bool {
        self.client.as_ref().is_none_or(|client| client.is_closed())
    }

    pub(crate) async fn execute(&mut self, sql: &'static str, values: Vec<Value>) -> Result<u64, DbError> {
        let answer = self.say_one(Saying::Statement(sql, values)).await?;
        Ok(answer.changed)
    }

    /// Puts a statement off until the next one is sent, and then sends it before that.
    pub(crate) fn execute_later(&mut self, sql: &'static str, values: Vec<Value>) {
        self.waiting.push(Saying::Statement(sql, values));
    }

    pub(crate) async fn query(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>, DbError> {
        let answer = self.say_one(Saying::Statement(sql, values)).await?;
        read_rows(&answer)
    }

    pub(crate) async fn query_all(&mut self, list: Vec<(&'static str, Vec<Value>)>) -> Result<Vec<Vec<Row>>, DbError> {
        let answers = self.say(list.into_iter().map(|(sql, values)| Saying::Statement(sql, values)).collect()).await?;
        answers.iter().map(read_rows).collect()
    }

    pub(crate) async fn execute_all(&mut self, list: Vec<(&'static str, Vec<Value>)>) -> Result<Vec<u64>, DbError> {
        let answers = self.say(list.into_iter().map(|(sql, values)| Saying::Statement(sql, values)).collect()).await?;
        Ok(answers.into_iter().map(|answer| answer.changed).collect())
    }

    /// Runs text as it stands.
    pub(crate) async fn command(&mut self, sql: &str) -> Result<(), DbError> {
        self.say(Vec::new()).await?;
        let answer = self.client()?.batch_execute(sql).await;
        answer.map_err(|error| self.note(error.into()))
    }

    /// COMMIT, together with what was put off. An error that leaves open whether it happened is [`DbError::CommitUnknown`].
    pub(crate) async fn commit(&mut self) -> Result<(), DbError> {
        let waiting = std::mem::take(&mut self.waiting);
        if self.alone || (!self.begun && waiting.len() == 1) {
            // Nothing was said but BEGIN, and that only here.
            self.ended = true;
            return Ok(());
        }
        let prepared = self.prepare_all(waiting).await?;
        let mut answers = self.exchange(prepared, Some("COMMIT")).await?;
        let last = answers.pop().unwrap_or(Ok(Answer::default()));
        if let Err(error) = &last
            && (self.is_closed() || is_lost(error))
        {
            return Err(DbError::CommitUnknown { reason: format!("the connection was lost at COMMIT: {error}") });
        }
        // The server has answered: where a statement before it had failed, it rolled back.
        self.ended = true;
        for answer in answers.into_iter().chain([last]) {
            answer.map_err(|error| self.note(error.into()))?;
        }
        Ok(())
    }

    /// ROLLBACK, as far as it matters: where it fails the connection is closed, which does the same.
    pub(crate) async fn roll_back(&mut self) {
        self.waiting.clear();
        if self.alone || !self.begun {
            self.ended = true;
        } else if let Ok(client) = self.client() {
            self.ended = client.batch_execute("ROLLBACK").await.is_ok();
        }
    }

    async fn say_one(&mut self, saying: Saying) -> Result<Answer, DbError> {
        let mut answers = self.say(vec![saying]).await?;
        answers.pop().ok_or_else(|| DbError::misuse("a statement without an answer"))
    }

    /// Sends what was put off and these, and answers these. The first that fails is the error of all.
    async fn say(&mut self, sayings: Vec<Saying>) -> Result<Vec<Answer>, DbError> {
        let mut all = std::mem::take(&mut self.waiting);
        let put_off = all.len();
        all.extend(sayings);
        // A connection that died in the pool: nothing was begun, so the work may begin on another one.
        let opening = !self.begun;
        let prepared = self.prepare_all(all).await.inspect_err(|_| self.conflict |= opening && self.is_closed())?;
        self.begun = true;
        let answers = self.exchange(prepared, None).await?;
        let mut kept = Vec::with_capacity(answers.len() - put_off);
        for (number, answer) in answers.into_iter().enumerate() {
            match answer {
                Ok(answer) if number >= put_off => kept.push(answer),
                Ok(_) => {}
                Err(error) => {
                    self.conflict |= opening && number == 0 && self.is_closed();
                    return Err(self.note(error.into()));
                }
            }
        }
        Ok(kept)
    }

    /// Prepares all before any is sent: a statement that must still be prepared would otherwise be overtaken by a later
    /// one that is known already.
    async fn prepare_all(&mut self, sayings: Vec<Saying>) -> Result<Vec<Prepared>, DbError> {
        let mut prepared = Vec::with_capacity(sayings.len());
        for saying in sayings {
            prepared.push(match saying {
                Saying::Command(sql) => Prepared::Command(sql),
                Saying::Statement(sql, values) => {
                    let statement = self.prepare(sql, &values).await.map_err(|failure| self.note(failure))?;
                    Prepared::Statement(statement, values)
                }
            });
        }
        Ok(prepared)
    }

    /// Sends all before the first answer is awaited.
    async fn exchange(
        &self,
        prepared: Vec<Prepared>,
        last: Option<&'static str>,
    ) -> Result<Vec<Result<Answer, tokio_postgres::Error>>, DbError> {
        let client = self.client()?;
        let last = last.map(Prepared::Command);
        Ok(all_in_order(prepared.iter().chain(&last).map(|prepared| ask(client, prepared))).await)
    }

    async fn prepare(&self, sql: &'static str, values: &[Value]) -> Result<Statement, Failure> {
        let text = self.dialect.translate(sql, for_postgres);
        let client = self.client().map_err(Failure::Known)?;
        let statement = client.prepare_cached(text).await?;
        let wanted = statement.params().len();
        if values.len() == wanted {
            return Ok(statement);
        }
        Err(Failure::Known(DbError::misuse(format!("{} values for {wanted} placeholders: {sql}", values.len()))))
    }

    /// Remembers what matters for the fate of the transaction, and says what the error means.
    fn note(&mut self, failure: Failure) -> DbError {
        let error = match failure {
            Failure::Known(error) => return error,
            Failure::Postgres(error) => error,
        };
        let Some(code) = error.code() else {
            return if self.is_closed() || error.is_closed() {
                DbError::unavailable(format!("the connection to PostgreSQL was lost: {error}"))
            } else {
                // The client's own refusal, such as text for a BIGINT parameter. Its source says what; neither holds values.
                DbError::Other { detail: with_source(&error) }
            };
        };
        if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED {
            self.conflict = true;
        }
        // A migration changed a table under a prepared statement. Forgotten, it is prepared anew. The message depends on the server's
        // language, the place in its source does not.
        let routine = error.as_db_error().and_then(|server| server.routine());
        if *code == SqlState::FEATURE_NOT_SUPPORTED && routine == Some("RevalidateCachedQuery") {
            if let Some(client) = &self.client {
                client.statement_cache.clear();
            }
            self.conflict = true;
        }
        meaning(&error, code)
    }
}

/// What goes to the server.
enum Saying {
    /// Text as it stands.
    Command(&'static str),
    /// A statement with the values of its placeholders.
    Statement(&'static str, Vec<Value>),
}

/// The same, known to the server.
enum Prepared {
    Command(&'static str),
    Statement(Statement, Vec<Value>),
}

/// What comes back.
#[derive(Default)]
struct Answer {
    rows: Vec<tokio_postgres::Row>,
    changed: u64,
}

async fn ask(client: &Object, prepared: &Prepared) -> Result<Answer, tokio_postgres::Error> {
    let (statement, values) = match prepared {
        Prepared::Command(sql) => return client.batch_execute(sql).await.map(|()| Answer::default()),
        Prepared::Statement(statement, values) => (statement, values),
    };
    let mut stream = pin!(client.query_raw(statement, parameters(values)).await?);
    let mut rows = Vec::new();
    while let Some(row) = stream.try_next().await? {
        rows.push(row);
    }
    Ok(Answer { rows, changed: stream.rows_affected().unwrap_or(0) })
}

/// What stopped a statement: the server or driver, or something already in our words.
enum Failure {
    Known(DbError),
    Postgres(tokio_postgres::Error),
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Failure::Postgres(error)
    }
}

/// Drives all futures to their end, starting them strictly in order.
async fn all_in_order<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut running: Vec<Pin<Box<MaybeDone<F>>>> = futures.map(|future| Box::pin(maybe_done(future))).collect();
    std::future::poll_fn(|context| {
        let mut pending = false;
        for future in &mut running {
            pending |= future.as_mut().poll(context).is_pending();
        }
        if pending { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    running.iter_mut().filter_map(|future| future.as_mut().take_output()).collect()
}

/// Whether the server may have ended the connection before or after it did what was asked.
fn is_lost(error: &tokio_postgres::Error) -> bool {
    match error.code() {
        None => true,
        Some(code) => code.code().starts_with("08") || code.code().starts_with("57P"),
    }
}

fn meaning(error: &tokio_postgres::Error, code: &SqlState) -> DbError {
    let server = error.as_db_error();
    // `message()` only: DETAIL holds values.
    let message = server.map_or_else(|| error.to_string(), |server| format!("{} ({})", server.message(), code.code()));
    let constraint = || server.and_then(|server| server.constraint()).unwrap_or("unnamed").to_owned();
    match code.code() {
        "23505" => DbError::Unique { constraint: constraint() },
        "23503" => DbError::ForeignKey,
        "23514" => DbError::Check { constraint: constraint() },
        "23502" => {
            let table = server.and_then(|server| server.table()).unwrap_or("?");
            let column = server.and_then(|server| server.column()).unwrap_or("?");
            DbError::NotNull { column: format!("{table}.{column}") }
        }
        "25006" => DbError::ReadOnly,
        // Connection, resources, stopped by an operator or a limit, lock not there in time, serialisation.
        "55P03" => DbError::unavailable(format!("waited too long for a lock: {message}")),
        "57014" => DbError::unavailable(format!("the statement took too long: {message}")),
        other if ["08", "53", "57", "58", "40"].iter().any(|class| other.starts_with(class)) => {
            DbError::unavailable(message)
        }
        "XX001" | "XX002" => DbError::Corrupt { detail: message },
        _ => DbError::Other { detail: message },
    }
}

fn with_source(error: &tokio_postgres::Error) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

fn parameters(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

type ConversionError = Box<dyn std::error::Error + Sync + Send>;

impl ToSql for Value {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, ConversionError> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(number) if *kind == Type::INT8 => number.to_sql(kind, out),
            Value::Int(number) if *kind == Type::INT4 => i32::try_from(*number)?.to_sql(kind, out),
            Value::Int(number) if *kind == Type::INT2 => i16::try_from(*number)?.to_sql(kind, out),
            Value::Text(text) if <&str as ToSql>::accepts(kind) => text.as_str().to_sql(kind, out),
            Value::Bytes(bytes) if *kind == Type::BYTEA => bytes.as_slice().to_sql(kind, out),
            Value::Int(_) | Value::Text(_) | Value::Bytes(_) => {
                Err(format!("the statement takes {kind} here but was given {}", self.kind()).into())
            }
        }
    }

    fn accepts(_: &Type) -> bool {
        true // to_sql refuses with better words
    }

    tokio_postgres::types::to_sql_checked!();
}

/// A column as PostgreSQL sent it, decoded by its own type.
struct Stored(Value);

impl<'a> FromSql<'a> for Stored {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, ConversionError> {
        let value = match *kind {
            Type::INT8 => Value::Int(i64::from_sql(kind, raw)?),
            Type::INT4 => Value::Int(i32::from_sql(kind, raw)?.into()),
            Type::INT2 => Value::Int(i16::from_sql(kind, raw)?.into()),
            Type::BOOL => Value::Int(bool::from_sql(kind, raw)?.into()),
            Type::BYTEA => Value::Bytes(raw.to_vec()),
            _ if <&str as FromSql>::accepts(kind) => Value::Text(String::from_sql(kind, raw)?),
            _ => return Err(format!("{kind} is not shared by both engines: CAST it AS BIGINT or TEXT").into()),
        };
        Ok(Stored(value))
    }

    fn from_sql_null(_: &Type) -> Result<Self, ConversionError> {
        Ok(Stored(Value::Null))
    }

    fn accepts(_: &Type) -> bool {
        true // from_sql refuses with better words
    }
}

fn read_rows(answer: &Answer) -> Result<Vec<Row>, DbError> {
    let Some(first) = answer.rows.first() else { return Ok(Vec::new()) };
    let columns: Arc<[String]> = first.columns().iter().map(|column| column.name().to_owned()).collect();
    answer.rows.iter().map(|row| read_row(row, &columns)).collect()
}

fn read_row(row: &tokio_postgres::Row, columns: &Arc<[String]>) -> Result<Row, DbError> {
    let values = (0..row.len()).map(|index| row.try_get::<_, Stored>(index).map(|Stored(value)| value));
    match values.collect::<Result<Vec<Value>, _>>() {
        Ok(values) => Ok(Row::new(columns.clone(), values)),
        Err(error) => Err(DbError::Corrupt { detail: with_source(&error) }),
    }
}
