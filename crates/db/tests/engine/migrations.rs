//! Migrations: once, in order, together, and never edited.

use crate::{
    on_every_store,
    statements::query,
    stores::{Fresh, fresh_postgres},
};
use db::{Db, DbError, Migration, values};

on_every_store![
    migrations_run_once_and_in_order,
    an_edited_migration_is_refused,
    a_database_from_a_newer_program_is_refused,
    a_late_comer_is_refused,
    a_failed_migration_leaves_nothing,
    numbers_that_do_not_rise_are_refused,
    a_deferred_rule_is_refused,
    statements_survive_a_change_of_their_table,
];

const fn step(number: i64, name: &'static str, sql: &'static str) -> Migration {
    Migration { number, name, sql }
}

const FIRST: Migration =
    step(1, "first", "CREATE TABLE first (id TEXT PRIMARY KEY); INSERT INTO first (id) VALUES ('x')");
const SECOND: Migration = step(2, "second", "INSERT INTO first (id) SELECT id || 'y' FROM first");
const FOURTH: Migration = step(4, "fourth", "INSERT INTO first (id) VALUES ('fourth')");

async fn ids(db: &Db) -> Vec<String> {
    let rows = query(db, "SELECT id FROM first ORDER BY id", values![]).await.unwrap();
    rows.iter().map(|row| row.get("id").unwrap()).collect()
}

fn refused(result: Result<(), DbError>, words: &str) {
    assert!(matches!(&result, Err(DbError::Migration { detail }) if detail.contains(words)), "{result:?}");
}

async fn migrations_run_once_and_in_order(store: Fresh) {
    store.migrate(&[FIRST]).await.unwrap();
    store.migrate(&[FIRST, SECOND, FOURTH]).await.unwrap();
    store.migrate(&[FIRST, SECOND, FOURTH]).await.unwrap();
    assert_eq!(ids(&store).await, ["fourth", "x", "xy"]);
}

async fn an_edited_migration_is_refused(store: Fresh) {
    store.migrate(&[FIRST]).await.unwrap();
    let edited = step(1, "first", "CREATE TABLE first (id TEXT PRIMARY KEY)");
    refused(store.migrate(&[edited, SECOND]).await, "migration 1 (first) was changed after it was applied");
    assert_eq!(ids(&store).await, ["x"], "nothing after it ran");
    let other_line_ends =
        step(1, "first", "CREATE TABLE first (id TEXT PRIMARY KEY); INSERT INTO first (id) VALUES ('x')");
    store.migrate(&[other_line_ends]).await.unwrap();
}

async fn a_database_from_a_newer_program_is_refused(store: Fresh) {
    store.migrate(&[FIRST, SECOND]).await.unwrap();
    refused(store.migrate(&[FIRST]).await, "migration 2 (second), which this program does not know");
}

async fn a_late_comer_is_refused(store: Fresh) {
    store.migrate(&[FIRST, FOURTH]).await.unwrap();
    refused(store.migrate(&[FIRST, SECOND, FOURTH]).await, "migration 2 (second) is not applied, but the later 4");
}

async fn a_failed_migration_leaves_nothing(store: Fresh) {
    let broken =
        step(2, "broken", "INSERT INTO first (id) VALUES ('half'); CREATE TABLE other (id TEXT); SELECT nonsense");
    refused(store.migrate(&[FIRST, broken]).await, "migration 2 (broken) failed");
    assert_eq!(ids(&store).await, ["x"]);
    let mended = step(2, "mended", "CREATE TABLE other (id TEXT)");
    store.migrate(&[FIRST, mended]).await.unwrap();
}

async fn numbers_that_do_not_rise_are_refused(store: Fresh) {
    refused(store.migrate(&[SECOND, FIRST]).await, "migration 1 (first) has no higher number");
}

async fn a_deferred_rule_is_refused(store: Fresh) {
    let sql = "CREATE TABLE pair (id TEXT PRIMARY KEY, other TEXT REFERENCES pair (id) DEFERRABLE INITIALLY DEFERRED)";
    refused(store.migrate(&[step(1, "deferred", sql)]).await, "DEFERRABLE");
}

async fn statements_survive_a_change_of_their_table(store: Fresh) {
    store.migrate(&[FIRST]).await.unwrap();
    let all = "SELECT * FROM first";
    for _ in 0..12 {
        query(&store, all, values![]).await.unwrap(); // known to every connection and reader
    }
    store
        .migrate(&[FIRST, step(2, "wider", "ALTER TABLE first ADD COLUMN size BIGINT NOT NULL DEFAULT 7")])
        .await
        .unwrap();
    for _ in 0..12 {
        assert_eq!(query(&store, all, values![]).await.unwrap()[0].get::<i64>("size"), Ok(7));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_may_start_at_once() {
    let store = fresh_postgres().await;
    let nodes = [(); 4].map(|()| {
        let settings = store.settings.clone();
        tokio::spawn(async move {
            let node = Db::open(&settings).await?;
            node.migrate(&[FIRST, SECOND, FOURTH]).await
        })
    });
    for node in nodes {
        node.await.unwrap().unwrap();
    }
    assert_eq!(ids(&store).await, ["fourth", "x", "xy"]);
}
