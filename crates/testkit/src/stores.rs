//! A fresh, empty database on either engine, for one test each.
//!
//! SQLite: a folder of its own. PostgreSQL: a schema of its own in the throw-away server that `cargo xtask test` starts. Both are removed
//! when the test ends. A missing server fails the test: a test that skips itself proves nothing.
//!
//! This file uses only `db` and `tokio_postgres`, because the tests of `db` itself include it by path.

use db::{Db, DbSettings, EngineSettings};
use std::{
    ops::Deref,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

/// The variable that names the PostgreSQL server for tests, as `postgres://user@127.0.0.1:port/database`.
pub const POSTGRES_VARIABLE: &str = "SOUK_TEST_POSTGRES";

/// A database of one test. Ends with it.
pub struct Fresh {
    /// The database, without tables.
    pub db: Db,
    /// How it was opened, to open it again. The embedded engine must be closed before.
    pub settings: DbSettings,
    remains: Remains,
}

impl Deref for Fresh {
    type Target = Db;
    fn deref(&self) -> &Db {
        &self.db
    }
}

/// What a test leaves to be removed. Apart from `Fresh`, so that it is dropped after the database.
enum Remains {
    Folder(PathBuf),
    Schema { url: String, name: String },
}

impl Fresh {
    /// The folder of a SQLite database, for tests that look at its files.
    pub fn folder(&self) -> Option<&Path> {
        match &self.remains {
            Remains::Folder(folder) => Some(folder),
            Remains::Schema { .. } => None,
        }
    }
}

impl Drop for Remains {
    fn drop(&mut self) {
        match self {
            // What cannot be removed is in the system's folder for temporary files.
            Remains::Folder(folder) => drop(std::fs::remove_dir_all(folder)),
            Remains::Schema { url, name } => {
                let script = format!("SET lock_timeout = '5s'; DROP SCHEMA IF EXISTS {name} CASCADE");
                let url = std::mem::take(url);
                // A thread, because a runtime cannot be entered from inside the one that this test runs on.
                let thread = std::thread::spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                    if let Ok(runtime) = runtime {
                        // The server is thrown away as a whole; a schema that stays costs nothing.
                        let _ = runtime.block_on(run_script(&url, &script));
                    }
                });
                let _ = thread.join();
            }
        }
    }
}

/// A name that no other test has, in this run or a parallel one.
fn unique_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// A fresh embedded database.
pub async fn fresh_sqlite() -> Fresh {
    let folder = std::env::temp_dir().join(format!("souk_{}", unique_name()));
    let settings = DbSettings::sqlite(folder.join("souk.db"));
    let remains = Remains::Folder(folder);
    let db = Db::open(&settings).await.expect("a folder for temporary files can be written");
    Fresh { db, settings, remains }
}

/// A fresh schema on the PostgreSQL server of the tests.
pub async fn fresh_postgres() -> Fresh {
    #[expect(clippy::disallowed_methods, reason = "a test has no configuration; its runner says where the server is")]
    let url = std::env::var(POSTGRES_VARIABLE).expect(
        "SOUK_TEST_POSTGRES names no PostgreSQL server. `cargo xtask test` starts a throw-away one and runs the tests with it",
    );
    let name = unique_name();
    let script = format!("DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}");
    run_script(&url, &script).await.expect("the PostgreSQL server in SOUK_TEST_POSTGRES lets us make a schema");
    let remains = Remains::Schema { url: url.clone(), name: name.clone() };
    let mut settings = DbSettings::postgres(url);
    if let EngineSettings::Postgres(server) = &mut settings.engine {
        server.schema = Some(name);
        server.pool_size = 8;
    }
    let db = Db::open(&settings).await.expect("the PostgreSQL server in SOUK_TEST_POSTGRES answers");
    Fresh { db, settings, remains }
}

async fn run_script(url: &str, script: &str) -> Result<(), tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
    let driver = async move {
        let _ = connection.await; // its error also reaches the client
    };
    let work = async move { client.batch_execute(script).await };
    let (result, ()) = futures_util::future::join(work, driver).await;
    result
}

/// Runs each test twice, on a [`Fresh`] SQLite and on a [`Fresh`] PostgreSQL database: `on_every_store![a_row_reads_back];` for
/// `async fn a_row_reads_back(store: Fresh)`. Once per module.
#[macro_export]
macro_rules! on_every_store {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $test() {
                    super::$test($crate::stores::fresh_sqlite().await).await;
                }
            )+
        }
        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $test() {
                    super::$test($crate::stores::fresh_postgres().await).await;
                }
            )+
        }
    };
}
