//! The embedded engine: one writer thread with group commit, several reader threads, one process.
//!
//! *Group commit.* An fsync costs as much as dozens of small transactions, so the writer puts many into one real transaction, each in a
//! savepoint of its own. Nobody is answered before COMMIT returned. One that fails goes back to its savepoint and harms no neighbour; a
//! COMMIT that fails fails them all.
//!
//! *Work is polled once.* Statements run at once in this thread, so work that awaits only its transaction never waits. Work that is still
//! pending awaited something else, which would hold up every writer: it is rolled back and reported as [`DbError::Misuse`].
//!
//! *What is not here:* a second process. A lock file refuses it and points to PostgreSQL.

use crate::{
    DbError, DbSettings, Tx,
    queue::{Lane, Queue},
    sqlite_connection::{Health, SqliteConnection},
    statement::Dialect,
    transaction::{Connection, Statements, Verdict},
};
use futures_util::future::{BoxFuture, FutureExt};
use rusqlite::{OpenFlags, config::DbConfig};
use std::{
    fs::{File, OpenOptions, TryLockError},
    io::Write,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
    time::{Duration, Instant},
};
use tokio::sync::oneshot;

/// Work and the address of who waits for it, without its types.
pub(crate) trait Work: Send {
    /// Runs the work inside an open transaction. The reply is sent later, when its fate is known.
    fn run(self: Box<Self>, tx: &mut Tx) -> (Verdict, Reply);
    /// Answers without running.
    fn refuse(self: Box<Self>, error: DbError);
}

/// Answers the caller: with the error where the transaction around the work was not stored.
pub(crate) type Reply = Box<dyn FnOnce(Result<(), DbError>) + Send>;

struct Job<I, T, E, F> {
    input: I,
    act: F,
    caller: oneshot::Sender<Result<T, E>>,
}

impl<I, T, E, F> Work for Job<I, T, E, F>
where
    I: Send + 'static,
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
    F: for<'a> Fn(&'a mut Tx, I) -> BoxFuture<'a, Result<T, E>> + Send + 'static,
{
    fn run(self: Box<Self>, tx: &mut Tx) -> (Verdict, Reply) {
        let Job { input, act, caller } = *self;
        let polled = catch_unwind(AssertUnwindSafe(|| act(tx, input).now_or_never()));
        let result = match polled {
            Ok(Some(result)) => tx.settle(result),
            Ok(None) => tx.settle(Err(E::from(DbError::misuse(
                "the work of a transaction awaited something other than its transaction",
            )))),
            Err(payload) => tx.settle(Err(E::from(DbError::panicked(payload.as_ref())))),
        };
        let verdict = if result.is_ok() { Verdict::Keep } else { Verdict::Discard };
        let reply = move |stored: Result<(), DbError>| {
            let answer = result.and_then(|value| stored.map(|()| value).map_err(E::from));
            // The caller may be gone; what was stored stays stored.
            let _ = caller.send(answer);
        };
        (verdict, Box::new(reply))
    }

    fn refuse(self: Box<Self>, error: DbError) {
        let _ = self.caller.send(Err(E::from(error)));
    }
}

/// The embedded engine. Dropping it lets its threads finish what is queued; [`SqliteEngine::close`] also waits for them.
pub(crate) struct SqliteEngine {
    writes: Arc<Queue>,
    reads: Arc<Queue>,
    health: Arc<Health>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Drop for SqliteEngine {
    fn drop(&mut self) {
        self.writes.close();
        self.reads.close();
    }
}

impl SqliteEngine {
    pub(crate) fn open(path: &Path, settings: &DbSettings) -> Result<Self, DbError> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| cannot_open(path, &error))?;
        }
        let lock = lock(path)?;
        let health = Arc::new(Health::new(settings.on_failure.clone()));
        let dialect = Arc::new(Dialect::default());
        let wrap = |inner| SqliteConnection { inner, dialect: dialect.clone(), health: health.clone() };
        let writer = Tx::new(Connection::Sqlite(wrap(open_writer(path)?)));
        let engine = SqliteEngine {
            writes: Arc::new(Queue::new(settings.queue_limit)),
            reads: Arc::new(Queue::new(settings.queue_limit)),
            health: health.clone(),
            threads: Mutex::default(),
        };
        for number in 0..settings.readers.max(1) {
            let reader = Tx::new(Connection::Sqlite(wrap(open_reader(path)?)));
            let (queue, health) = (engine.reads.clone(), health.clone());
            engine.start(format!("db-reader-{number}"), move || run_reader(reader, &queue, &health))?;
        }
        let (queue, health) = (engine.writes.clone(), health.clone());
        let limits = GroupLimits {
            transactions: settings.group_limit.max(1),
            open_for: Duration::from_millis(settings.group_wait_ms),
        };
        engine.start(WRITER.to_owned(), move || {
            run_writer(writer, &queue, &health, &limits);
            drop(lock); // after the connection is closed
        })?;
        Ok(engine)
    }

    fn start(&self, name: String, body: impl FnOnce() + Send + 'static) -> Result<(), DbError> {
        let health = self.health.clone();
        let (writes, reads) = (self.writes.clone(), self.reads.clone());
        let guarded = move || {
            if catch_unwind(AssertUnwindSafe(body)).is_err() {
                health.fail("a thread of the engine panicked");
                // What is queued would wait for ever: dropping it answers the callers.
                writes.abandon();
                reads.abandon();
            }
        };
        let thread = std::thread::Builder::new()
            .name(name)
            .spawn(guarded)
            .map_err(|error| DbError::unavailable(format!("cannot start a thread: {error}")))?;
        self.threads.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
        Ok(())
    }

    pub(crate) async fn run<I, T, E, F>(&self, lane: Lane, input: I, act: F) -> Result<T, E>
    where
        I: Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: for<'a> Fn(&'a mut Tx, I) -> BoxFuture<'a, Result<T, E>> + Send + 'static,
    {
        self.health.check()?;
        let (caller, answer) = oneshot::channel();
        let queue = match lane {
            Lane::Write | Lane::Bulk => &self.writes,
            Lane::Ask | Lane::Read => &self.reads,
        };
        queue.push(lane, Box::new(Job { input, act, caller }))?;
        match answer.await {
            Ok(result) => result,
            Err(_) => Err(E::from(DbError::CommitUnknown { reason: "the engine stopped".to_owned() })),
        }
    }

    /// Finishes what is queued, refuses the rest, and returns when the files are closed and the lock is free.
    pub(crate) async fn close(&self) {
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        let (writes, reads) = (self.writes.clone(), self.reads.clone());
        let (done, wait) = oneshot::channel::<()>();
        std::thread::spawn(move || {
            // Readers first: the last connection moves the log into the database file, and a reader may not write.
            reads.close();
            let (writer, readers): (Vec<_>, Vec<_>) =
                threads.into_iter().partition(|thread| thread.thread().name() == Some(WRITER));
            for thread in readers {
                let _ = thread.join(); // a panic was reported where it happened
            }
            writes.close();
            for thread in writer {
                let _ = thread.join();
            }
            drop(done);
        });
        let _ = wait.await;
    }
}

/// Name of the thread that writes.
const WRITER: &str = "db-writer";

struct GroupLimits {
    transactions: usize,
    open_for: Duration,
}

fn run_writer(mut tx: Tx, queue: &Queue, health: &Health, limits: &GroupLimits) {
    while let Some((lane, work)) = queue.wait() {
        match health.check() {
            Ok(()) => run_group(&mut tx, lane, work, queue, limits),
            Err(error) => work.refuse(error),
        }
    }
}

/// One real transaction for as much work as is waiting, within the limits.
fn run_group(tx: &mut Tx, lane: Lane, first: Box<dyn Work>, queue: &Queue, limits: &GroupLimits) {
    if let Err(error) = command(tx, "BEGIN IMMEDIATE") {
        return first.refuse(error);
    }
    let started = Instant::now();
    let mut replies = Vec::new();
    let mut next = Some(first);
    let mut health = Ok(());
    while let Some(work) = next.take() {
        if let Err(error) = run_one(tx, work, &mut replies) {
            health = Err(error);
            break;
        }
        // Bulk work stands alone, so that interactive work never waits for more than one piece of it.
        if lane != Lane::Bulk && replies.len() < limits.transactions && started.elapsed() < limits.open_for {
            next = queue.take_interactive();
        }
    }
    let stored = health.and_then(|()| commit(tx));
    if stored.is_err() && !is_autocommit(tx) {
        // Its own failure would add nothing: the error that is reported came first.
        let _ = command(tx, "ROLLBACK");
    }
    for reply in replies {
        reply(stored.clone());
    }
}

/// One piece of work in its savepoint. An error here is one of the whole group.
fn run_one(tx: &mut Tx, work: Box<dyn Work>, replies: &mut Vec<Reply>) -> Result<(), DbError> {
    if let Err(error) = command(tx, "SAVEPOINT one") {
        work.refuse(error.clone());
        return Err(error);
    }
    let (verdict, reply) = work.run(tx);
    replies.push(reply);
    // A full or failing disk can make SQLite roll back everything on its own.
    if is_autocommit(tx) {
        return Err(DbError::unavailable("SQLite rolled the group of transactions back"));
    }
    if verdict == Verdict::Discard {
        command(tx, "ROLLBACK TO one")?;
    }
    command(tx, "RELEASE one")
}

fn commit(tx: &mut Tx) -> Result<(), DbError> {
    let Connection::Sqlite(connection) = &tx.connection else { return Err(wrong_engine()) };
    let committed = connection.command_cached("COMMIT");
    match committed {
        // A failed write or fsync of the log may still have put all of it on the disk: recovery decides.
        Err(error) if connection.health.check().is_err() => {
            Err(DbError::CommitUnknown { reason: format!("the disk failed at COMMIT: {error}") })
        }
        other => other,
    }
}

fn run_reader(mut tx: Tx, queue: &Queue, health: &Health) {
    while let Some((lane, work)) = queue.wait() {
        // One statement sees one state of the tables by itself.
        tx.allow(if lane == Lane::Ask { Statements::One } else { Statements::Many });
        let begun = if lane == Lane::Ask { Ok(()) } else { command(&mut tx, "BEGIN") };
        if let Err(error) = health.check().and(begun) {
            work.refuse(error);
            continue;
        }
        let (_, reply) = work.run(&mut tx);
        if !is_autocommit(&tx) {
            // Nothing was written, so nothing can be lost by failing to end it.
            let _ = command(&mut tx, "ROLLBACK");
        }
        reply(Ok(()));
    }
}

fn command(tx: &mut Tx, sql: &'static str) -> Result<(), DbError> {
    match &tx.connection {
        Connection::Sqlite(connection) => connection.command_cached(sql),
        Connection::Postgres(_) => Err(wrong_engine()),
    }
}

fn is_autocommit(tx: &Tx) -> bool {
    match &tx.connection {
        Connection::Sqlite(connection) => connection.inner.is_autocommit(),
        Connection::Postgres(_) => true,
    }
}

fn wrong_engine() -> DbError {
    DbError::misuse("a PostgreSQL connection in a SQLite thread")
}

fn cannot_open(path: &Path, error: &dyn std::fmt::Display) -> DbError {
    DbError::unavailable(format!("cannot open {}: {error}", path.display()))
}

/// Takes the lock of a database file, held until the process ends or the engine is closed.
fn lock(path: &Path) -> Result<File, DbError> {
    let mut lock_path = path.as_os_str().to_owned();
    lock_path.push(".lock");
    let lock_path = PathBuf::from(lock_path);
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&lock_path)
        .map_err(|error| cannot_open(&lock_path, &error))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(DbError::unavailable(format!(
                "another process uses {}. The embedded database serves one process; to run several, use PostgreSQL",
                path.display()
            )));
        }
        Err(TryLockError::Error(error)) => return Err(cannot_open(&lock_path, &error)),
    }
    // For people who look: the lock itself is held by the kernel, not by what the file says.
    let _ = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
    Ok(file)
}

fn open_writer(path: &Path) -> Result<rusqlite::Connection, DbError> {
    let open = || {
        let connection = rusqlite::Connection::open(path)?;
        prepare(&connection)?;
        let mode: String = connection.query_row("PRAGMA journal_mode = wal", [], |row| row.get(0))?;
        connection.execute_batch(
            "PRAGMA synchronous = full; PRAGMA foreign_keys = on; PRAGMA fullfsync = on; PRAGMA checkpoint_fullfsync = on;
             PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864;",
        )?;
        Ok((connection, mode))
    };
    let (connection, mode) = open().map_err(|error: rusqlite::Error| cannot_open(path, &error))?;
    if mode != "wal" {
        return Err(DbError::unavailable(format!(
            "{} cannot use a write-ahead log (mode {mode}): put it on a local disk",
            path.display()
        )));
    }
    Ok(connection)
}

fn open_reader(path: &Path) -> Result<rusqlite::Connection, DbError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || {
        let connection = rusqlite::Connection::open_with_flags(path, flags)?;
        prepare(&connection)?;
        connection.execute_batch("PRAGMA query_only = on; PRAGMA cache_size = -2048;")?;
        Ok(connection)
    };
    open().map_err(|error: rusqlite::Error| cannot_open(path, &error))
}

/// What both kinds of connection need: time for another program's backup, and the habits of PostgreSQL where SQLite is laxer.
fn prepare(connection: &rusqlite::Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(512);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    // A plan never depends on the values of a statement. Where it may, SQLite plans a statement again for each new value as soon as its
    // table has a partial index: an eighth of the writer's time under orders.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection
        .execute_batch("PRAGMA case_sensitive_like = on; PRAGMA temp_store = memory; PRAGMA trusted_schema = off;")
}
