//! SQL: one file per table family, from row to domain type and back. No decisions.
//!
//! Functions take the open transaction first. Rows are suspects: a row that does not fit its type is
//! [`StoreError::Corrupt`], never a guess. The tables are in `migrations/`.
#![forbid(unsafe_code)]

pub mod decode;
pub mod events;
pub mod idempotency;
mod inspection;
pub mod jobs;
mod migrations;
pub mod notices;
mod safe;
pub mod signed_calls;

pub mod catalog;
pub mod fulfilment;
pub mod identity;
pub mod ledger;
pub mod licensing;
pub mod metering;
pub mod ordering;
pub mod pricing;
pub mod selling;

use std::future::Future;
use std::pin::Pin;

pub use db::{Db, DbError, DbSettings, Engine, EngineSettings, PostgresSettings, Tx};
pub use inspection::Applied;
pub use migrations::MIGRATIONS;
pub use safe::{Place, Safe};

/// What a transaction's closure returns.
pub type Work<'t, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 't>>;

/// Why something could not be read or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The engine's own refusal or failure.
    #[error(transparent)]
    Db(#[from] DbError),
    /// A row that no program of ours writes.
    #[error("table {table}, row {row}: {detail}")]
    Corrupt {
        /// Which table.
        table: &'static str,
        /// Which row, by its id.
        row: String,
        /// What does not fit.
        detail: String,
    },
}

impl StoreError {
    /// Whether the row was refused by the named unique rule.
    pub fn duplicate_of(&self, constraint: &str) -> bool {
        matches!(self, StoreError::Db(error) if error.unique_constraint() == Some(constraint))
    }
}

/// The tables of one marketplace.
#[derive(Clone)]
pub struct Store {
    db: db::Db,
}

impl Store {
    /// Opens the engine and brings the tables up to date.
    pub async fn open(settings: &DbSettings) -> Result<Store, DbError> {
        Store::over(db::Db::open(settings).await?).await
    }

    /// The same over an engine that is open already.
    pub async fn over(db: db::Db) -> Result<Store, DbError> {
        db.migrate(MIGRATIONS).await?;
        Ok(Store { db })
    }

    /// Which engine it is: for `souk doctor` and the log.
    pub fn engine(&self) -> Engine {
        self.db.engine()
    }

    /// Runs `work` as one transaction. It may run more than once and may await nothing but the transaction.
    pub async fn write<I, T, E, F>(&self, input: I, work: F) -> Result<T, E>
    where
        I: Clone + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: for<'t> Fn(&'t mut Tx, I) -> Work<'t, T, E> + Send + Sync + 'static,
    {
        self.db.write(input, work).await
    }

    /// As [`Store::write`], after interactive work: for jobs and imports.
    pub async fn write_bulk<I, T, E, F>(&self, input: I, work: F) -> Result<T, E>
    where
        I: Clone + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: for<'t> Fn(&'t mut Tx, I) -> Work<'t, T, E> + Send + Sync + 'static,
    {
        self.db.write_bulk(input, work).await
    }

    /// Runs `work` on one consistent view, without writing.
    pub async fn read<I, T, E, F>(&self, input: I, work: F) -> Result<T, E>
    where
        I: Clone + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: for<'t> Fn(&'t mut Tx, I) -> Work<'t, T, E> + Send + Sync + 'static,
    {
        self.db.read(input, work).await
    }

    /// As [`Store::read`], for work that is one SELECT: saves what opens and closes a view.
    pub async fn ask<I, T, E, F>(&self, input: I, work: F) -> Result<T, E>
    where
        I: Clone + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: for<'t> Fn(&'t mut Tx, I) -> Work<'t, T, E> + Send + Sync + 'static,
    {
        self.db.ask(input, work).await
    }

    /// Finishes what was begun and closes the engine.
    pub async fn close(&self) {
        self.db.close().await;
    }
}
