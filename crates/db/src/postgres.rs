//! The engine for many nodes: a pool of PostgreSQL connections.
//!
//! *Each transaction runs in a task of its own.* A request that is dropped half-way (its visitor left) must not leave a transaction open
//! or give a connection back in the middle of one; the task goes on to COMMIT or ROLLBACK.
//!
//! *Conflicts are tried again*, at most 8 times, with growing random pauses. The mark is set where the statement failed, so it does not
//! matter what the work made of the error.
//!
//! *Isolation.* READ COMMITTED for writes: guard what you read by `for_update!()` or a version column. `read` sees one snapshot.
//!
//! *TLS* is decided in `postgres_tls`.

use crate::{
    DbError, DbSettings, PostgresSettings, Tx,
    postgres_connection::PostgresConnection,
    postgres_tls,
    queue::Lane,
    statement::Dialect,
    transaction::{Connection, Statements},
};
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use futures_util::future::{BoxFuture, FutureExt};
use std::{
    hash::{BuildHasher, Hasher, RandomState},
    panic::AssertUnwindSafe,
    sync::Arc,
    time::Duration,
};
use tokio::sync::Semaphore;
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

/// How often a transaction runs before it gives up on conflicts.
const ATTEMPTS: u32 = 8;

#[derive(Clone)]
pub(crate) struct PostgresEngine {
    pool: Pool,
    dialect: Arc<Dialect>,
    /// Bulk work may use a quarter of the pool, so that interactive work finds connections.
    bulk: Arc<Semaphore>,
}

/// What became of one attempt.
enum Attempt<T> {
    Settled(T),
    /// Nothing was stored and it is safe to run the work again.
    Again,
}

impl PostgresEngine {
    pub(crate) async fn open(server: &PostgresSettings, settings: &DbSettings) -> Result<Self, DbError> {
        let (config, tls) = configuration(server, settings)?;
        let kept = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = match tls {
            Some(tls) => Manager::from_config(config, tls, kept),
            None => Manager::from_config(config, NoTls, kept),
        };
        let pool = Pool::builder(manager)
            .max_size(server.pool_size.max(1))
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(Duration::from_millis(settings.lock_timeout_ms)))
            .create_timeout(Some(Duration::from_secs(10)))
            .build()
            .map_err(|error| DbError::unavailable(format!("cannot make a pool of connections: {error}")))?;
        let engine = PostgresEngine {
            pool,
            dialect: Arc::default(),
            bulk: Arc::new(Semaphore::new((server.pool_size / 4).max(1))),
        };
        // Wrong addresses and passwords are said at the start, not at the first visitor.
        drop(engine.connect().await?);
        Ok(engine)
    }

    pub(crate) fn close(&self) {
        self.pool.close();
    }

    async fn connect(&self) -> Result<deadpool_postgres::Object, DbError> {
        self.pool
            .get()
            .await
            .map_err(|error| DbError::unavailable(format!("no connection to PostgreSQL: {}", chain(&error))))
    }

    pub(crate) async fn run<I, T, E, F>(&self, lane: Lane, input: I, act: F) -> Result<T, E>
    where
        I: Clone + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: for<'a> Fn(&'a mut Tx, I) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
    {
        let engine = self.clone();
        #[expect(
            clippy::disallowed_methods,
            reason = "not work that must happen, but a transaction that must end although its caller is dropped"
        )]
        let task = tokio::spawn(async move {
            let _permit = match lane {
                Lane::Bulk => engine.bulk.acquire().await.ok(),
                Lane::Ask | Lane::Read | Lane::Write => None,
            };
            engine.run_until_settled(lane, input, act).await
        });
        match task.await {
            Ok(result) => result,
            Err(error) if error.is_panic() => Err(E::from(DbError::panicked(error.into_panic().as_ref()))),
            Err(_) => Err(E::from(DbError::CommitUnknown { reason: "the program is stopping".to_owned() })),
        }
    }

    async fn run_until_settled<I, T, E, F>(&self, lane: Lane, input: I, act: F) -> Result<T, E>
    where
        I: Clone + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: for<'a> Fn(&'a mut Tx, I) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
    {
        for attempt in 1..=ATTEMPTS {
            match self.attempt(lane, input.clone(), &act).await {
                Attempt::Settled(result) => return result,
                Attempt::Again if attempt < ATTEMPTS => pause(attempt).await,
                Attempt::Again => {}
            }
        }
        Err(E::from(DbError::Conflict { attempts: ATTEMPTS }))
    }

    async fn attempt<I, T, E, F>(&self, lane: Lane, input: I, act: &F) -> Attempt<Result<T, E>>
    where
        I: Clone + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: for<'a> Fn(&'a mut Tx, I) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
    {
        let client = match self.connect().await {
            Ok(client) => client,
            Err(error) => return Attempt::Settled(Err(E::from(error))),
        };
        let connection = PostgresConnection::new(client, self.dialect.clone(), begin(lane));
        let mut tx = Tx::new(Connection::Postgres(connection));
        tx.allow(if lane == Lane::Ask { Statements::One } else { Statements::Many });
        let work = AssertUnwindSafe(async { act(&mut tx, input).await });
        let result = match work.catch_unwind().await {
            Ok(result) => tx.settle(result),
            Err(payload) => tx.settle(Err(E::from(DbError::panicked(payload.as_ref())))),
        };
        let Connection::Postgres(connection) = &mut tx.connection else {
            return Attempt::Settled(Err(E::from(DbError::misuse("a SQLite connection in the PostgreSQL engine"))));
        };
        let result = match result {
            Ok(value) => connection.commit().await.map(|()| value).map_err(E::from),
            Err(error) => {
                connection.roll_back().await;
                Err(error)
            }
        };
        if result.is_err() && connection.conflict { Attempt::Again } else { Attempt::Settled(result) }
    }
}

fn begin(lane: Lane) -> Option<&'static str> {
    match lane {
        Lane::Ask => None,
        Lane::Read => Some("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
        Lane::Write | Lane::Bulk => Some("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"),
    }
}

/// Waits 1 to 2 ms, then twice as long each time: random, so that the same two do not meet again.
async fn pause(attempt: u32) {
    let base_us = 1_000_u64 << attempt.min(8);
    let chance = RandomState::new().build_hasher().finish();
    let length = Duration::from_micros(base_us / 2 + chance % (base_us / 2));
    #[expect(
        clippy::disallowed_methods,
        reason = "milliseconds between two attempts, while the caller waits; no due time"
    )]
    tokio::time::sleep(length).await;
}

fn configuration(
    server: &PostgresSettings,
    settings: &DbSettings,
) -> Result<(Config, Option<MakeRustlsConnect>), DbError> {
    let mut config: Config = server.url.parse().map_err(|error| {
        DbError::unavailable(format!("the address of the PostgreSQL database cannot be read: {error}"))
    })?;
    let tls = postgres_tls::tls(&mut config, server.ca_file.as_deref())?;
    // Compiling a plan takes the server 20 to 40 ms each time; every statement of ours is done sooner than that. What the
    // operator writes into the address comes later and wins.
    let asked = config.get_options().map(|options| format!(" {options}")).unwrap_or_default();
    let mut options = format!("-c jit=off{asked} ");
    options.push_str(&format!(
        "-c statement_timeout={} -c lock_timeout={} -c idle_in_transaction_session_timeout=60000",
        settings.statement_timeout_ms, settings.lock_timeout_ms
    ));
    if let Some(schema) = &server.schema {
        if !schema.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_') {
            return Err(DbError::misuse("a schema name holds only a-z, 0-9 and _"));
        }
        options.push_str(&format!(" -c search_path={schema}"));
    }
    config.options(options);
    config.connect_timeout(Duration::from_secs(5));
    config.tcp_user_timeout(Duration::from_secs(30));
    if config.get_application_name().is_none() {
        config.application_name("souk");
    }
    Ok((config, tls))
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    text
}
