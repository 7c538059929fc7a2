//! The process that is killed: writes orders of four rows, and journals each after it was acknowledged.

use db::{Db, DbError, DbSettings, EngineSettings, Migration, Tx, values};
use std::{
    io::Write,
    path::{Path, PathBuf},
    time::Duration,
};

/// Says to this program that it is the writer: the address of the database.
pub const DATABASE: &str = "SOUK_KILL_DATABASE";
/// The PostgreSQL schema.
pub const SCHEMA: &str = "SOUK_KILL_SCHEMA";
/// The file that acknowledged keys are appended to.
pub const JOURNAL: &str = "SOUK_KILL_JOURNAL";
/// Which life of the writer this is.
pub const LIFE: &str = "SOUK_KILL_LIFE";

/// Tasks that write at once.
pub const TASKS: i64 = 8;

pub const TABLES: &[Migration] = &[Migration {
    number: 1,
    name: "orders",
    sql: "CREATE TABLE orders (key TEXT PRIMARY KEY, task BIGINT NOT NULL);
          CREATE TABLE lines (key TEXT NOT NULL, number BIGINT NOT NULL, PRIMARY KEY (key, number));
          CREATE TABLE totals (task BIGINT PRIMARY KEY, orders BIGINT NOT NULL)",
}];

async fn place(tx: &mut Tx, key: String, task: i64) -> Result<(), DbError> {
    let line = "INSERT INTO lines (key, number) VALUES ($1, $2)";
    tx.execute("INSERT INTO orders (key, task) VALUES ($1, $2)", values![&key, task]).await?;
    tx.execute_all((1..=3_i64).map(|number| (line, values![&key, number])).collect()).await?;
    // Read, then write: a lost update or half a transaction makes this differ from the count of orders.
    let read = concat!("SELECT orders FROM totals WHERE task = $1", db::for_update!());
    let orders: i64 = tx.query_one(read, values![task]).await?.get("orders")?;
    tx.execute("UPDATE totals SET orders = $1 WHERE task = $2", values![orders + 1, task]).await?;
    Ok(())
}

/// The address as settings.
pub fn settings(database: &str, schema: Option<String>) -> DbSettings {
    if !database.starts_with("postgres") {
        return DbSettings::sqlite(database);
    }
    let mut settings = DbSettings::postgres(database);
    if let EngineSettings::Postgres(server) = &mut settings.engine {
        server.schema = schema;
        server.pool_size = 8;
    }
    settings
}

/// Not a test of its own: the second life of this program. Does nothing unless the nemesis started it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_writer_that_is_killed() {
    let Ok(database) = std::env::var(DATABASE) else { return };
    let life = std::env::var(LIFE).unwrap();
    let journal = PathBuf::from(std::env::var(JOURNAL).unwrap());
    let db = Db::open(&settings(&database, std::env::var(SCHEMA).ok())).await.unwrap();
    // Should nobody kill it, it ends by itself.
    let refusals = tokio::time::timeout(Duration::from_secs(60), write_until_refused(&db, &life, &journal)).await;
    assert!(refusals.is_err(), "a writer was refused: {refusals:?}");
}

/// Writes from all tasks until each is refused, and answers why.
pub async fn write_until_refused(db: &Db, life: &str, journal: &Path) -> Vec<DbError> {
    let tasks = (0..TASKS).map(|task| {
        let (db, life) = (db.clone(), life.to_owned());
        // Each task is a client of its own, so its lines never mix with another's.
        let mut journal = std::fs::File::create(journal.with_extension(task.to_string())).unwrap();
        tokio::spawn(async move {
            let mut number = 0_u64;
            loop {
                let key = format!("{life}-{task}-{number}");
                let placed = db.write((key.clone(), task), |tx, (key, task)| Box::pin(place(tx, key, task))).await;
                if let Err(error) = placed {
                    return error;
                }
                journal.write_all(format!("{key}\n").as_bytes()).unwrap();
                number += 1;
            }
        })
    });
    let ended = futures_util::future::join_all(tasks).await;
    ended.into_iter().map(Result::unwrap).collect()
}
