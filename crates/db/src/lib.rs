//! The storage engine: one API and one SQL text over SQLite and PostgreSQL. Knows no business.
//!
//! ```no_run
//! # async fn example() -> Result<(), db::DbError> {
//! use db::{Db, DbError, DbSettings, values};
//! let db = Db::open(&DbSettings::sqlite("souk.db")).await?;
//! let name: Option<String> = db
//!     .write::<_, _, DbError, _>("ord_1".to_owned(), |tx, id| {
//!         Box::pin(async move {
//!             tx.execute("UPDATE orders SET state = 'paid' WHERE id = $1", values![&id]).await?;
//!             let row = tx.query_optional("SELECT name FROM orders WHERE id = $1", values![id]).await?;
//!             row.map(|row| row.get("name")).transpose()
//!         })
//!     })
//!     .await?;
//! # Ok(()) }
//! ```
//!
//! *What is promised.* A transaction is acknowledged after COMMIT returned, never before: then it survives kill -9 and a power cut. Work may
//! run more than once and may await only its transaction; what it did outside would be done twice or for nothing. A dropped caller changes
//! nothing: the transaction goes on to its end.
//!
//! *What the two engines share* is what you may say: TEXT, BIGINT, BYTEA; `ON CONFLICT`, `RETURNING`, partial indexes, named CHECKs, window
//! functions, `CAST(SUM(x) AS BIGINT)`, `NULLS FIRST`. Text is compared by bytes on SQLite; give PostgreSQL a database of the C
//! collation, and the orders agree. Tests run on both, because SQLite never shows a lost update.
//!
//! *What is not here:* business, tables, and one word about them.
#![forbid(unsafe_code)]

mod error;
mod migrate;
mod postgres;
mod postgres_connection;
mod postgres_tls;
mod queue;
mod row;
mod settings;
mod sqlite;
mod sqlite_connection;
mod statement;
mod transaction;
mod value;

pub use error::DbError;
pub use migrate::Migration;
pub use row::Row;
pub use settings::{DbSettings, Engine, EngineSettings, PostgresSettings};
pub use transaction::Tx;
pub use value::{FromValue, Value};

/// What [`Db::write`] and its like take: a boxed future that borrows the transaction.
pub use futures_util::future::BoxFuture;

use postgres::PostgresEngine;
use queue::Lane;
use sqlite::SqliteEngine;
use std::sync::Arc;

/// A database. Cheap to clone; all clones are the same.
#[derive(Clone)]
pub struct Db {
    engine: Arc<Opened>,
}

enum Opened {
    Sqlite(SqliteEngine),
    Postgres(PostgresEngine),
}

impl Db {
    /// Opens or creates the database. [`DbError::Unavailable`] says what is in the way, such as another process that uses the file.
    pub async fn open(settings: &DbSettings) -> Result<Db, DbError> {
        let engine = match &settings.engine {
            EngineSettings::Sqlite { path } => Opened::Sqlite(SqliteEngine::open(path, settings)?),
            EngineSettings::Postgres(server) => Opened::Postgres(PostgresEngine::open(server, settings).await?),
        };
        Ok(Db { engine: Arc::new(engine) })
    }

    /// Runs the work as one transaction, and answers after it is stored. The work gets a clone of `input` each time it runs.
    pub async fn write<I, T, E, F>(&self, input: I, act: F) -> Result<T, E>
    where
        I: Clone + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: for<'a> Fn(&'a mut Tx, I) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
    {
        self.run(Lane::Write, input, act).await
    }

    /// As [`Db::write`], for work that nobody waits for, such as imports and clean-up: it goes after interactive work, and never shares a
    /// group with it. Keep each piece to a few milliseconds.
    pub async fn write_bulk<I, T, E, F>(&self, input: I, act: F) -> Result<T, E>
    where
        I: Clone + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: for<'a> Fn(&'a mut Tx, I) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
    {
        self.run(Lane::Bulk, input, act).await
    }

    /// Runs work that only reads, on one snapshot, beside any writing. A write in it is [`DbError::ReadOnly`].
    pub async fn read<I, T, E, F>(&self, input: I, act: F) -> Result<T, E>
    where
        I: Clone + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: for<'a> Fn(&'a mut Tx, I) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
    {
        self.run(Lane::Read, input, act).await
    }

    /// As [`Db::read`], for work that is one SELECT: nothing is opened and closed around it, which on PostgreSQL saves a round trip. A second
    /// statement, or one that writes, is [`DbError::Misuse`].
    pub async fn ask<I, T, E, F>(&self, input: I, act: F) -> Result<T, E>
    where
        I: Clone + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: for<'a> Fn(&'a mut Tx, I) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
    {
        self.run(Lane::Ask, input, act).await
    }

    async fn run<I, T, E, F>(&self, lane: Lane, input: I, act: F) -> Result<T, E>
    where
        I: Clone + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: for<'a> Fn(&'a mut Tx, I) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
    {
        match &*self.engine {
            Opened::Sqlite(engine) => engine.run(lane, input, act).await,
            Opened::Postgres(engine) => engine.run(lane, input, act).await,
        }
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        match &*self.engine {
            Opened::Sqlite(_) => Engine::Sqlite,
            Opened::Postgres(_) => Engine::Postgres,
        }
    }

    /// Finishes what is queued, refuses what comes later, and answers when files and locks are free.
    pub async fn close(&self) {
        match &*self.engine {
            Opened::Sqlite(engine) => engine.close().await,
            Opened::Postgres(engine) => engine.close(),
        }
    }
}
