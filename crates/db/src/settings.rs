//! How a database is opened.

use crate::sqlite_connection::OnFailure;
use std::{path::PathBuf, sync::Arc};

/// Which engine a database has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// One file, one process, no set-up.
    Sqlite,
    /// Many nodes.
    Postgres,
}

impl std::fmt::Display for Engine {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        })
    }
}

/// Where the database is.
#[derive(Clone)]
pub enum EngineSettings {
    /// A file on a local disk; its folder is made if missing.
    Sqlite {
        /// The file.
        path: PathBuf,
    },
    /// A server.
    Postgres(PostgresSettings),
}

/// A PostgreSQL server, and how to use it.
#[derive(Clone)]
pub struct PostgresSettings {
    /// `postgres://user:password@host/database`. A secret: never shown.
    pub url: String,
    /// Connections of this node.
    pub pool_size: usize,
    /// The search path, for tests that each have a schema of their own.
    pub schema: Option<String>,
    /// Certificates in PEM of the authorities that the server's certificate may come from. Without it, the machine's roots
    /// decide. With it, TLS is used on this host too.
    pub ca_file: Option<PathBuf>,
}

/// How a database is opened.
#[derive(Clone)]
pub struct DbSettings {
    /// Which engine, and where.
    pub engine: EngineSettings,
    /// SQLite: how many transactions share one fsync, at most.
    pub group_limit: usize,
    /// SQLite: how long a group takes in more work, so that its first member does not wait longer. An empty queue ends it at once.
    pub group_wait_ms: u64,
    /// SQLite: threads that read.
    pub readers: usize,
    /// SQLite: how much may wait before more is refused as unavailable.
    pub queue_limit: usize,
    /// PostgreSQL: how long one statement may take.
    pub statement_timeout_ms: u64,
    /// PostgreSQL: how long a statement waits for a lock, and a transaction for a connection.
    pub lock_timeout_ms: u64,
    pub(crate) on_failure: Option<OnFailure>,
}

impl DbSettings {
    /// The embedded database in this file, with the usual limits.
    pub fn sqlite(path: impl Into<PathBuf>) -> Self {
        Self::new(EngineSettings::Sqlite { path: path.into() })
    }

    /// The PostgreSQL database at this address, with the usual limits.
    pub fn postgres(url: impl Into<String>) -> Self {
        Self::new(EngineSettings::Postgres(PostgresSettings {
            url: url.into(),
            pool_size: 16,
            schema: None,
            ca_file: None,
        }))
    }

    fn new(engine: EngineSettings) -> Self {
        DbSettings {
            engine,
            group_limit: 64,
            group_wait_ms: 5,
            readers: 4,
            queue_limit: 8192,
            statement_timeout_ms: 30_000,
            lock_timeout_ms: 10_000,
            on_failure: None,
        }
    }

    /// Is called once, from any thread and with the reason, when the embedded engine meets a broken disk and stops for good. The owner of
    /// the process decides what to do; stopping it is usually right.
    #[must_use]
    pub fn on_failure(mut self, tell: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.on_failure = Some(Arc::new(tell));
        self
    }
}
