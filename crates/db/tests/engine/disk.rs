//! A disk that is full or broken under the embedded engine.

use crate::{
    statements::{INSERT_THING, TABLES, execute, query, thing_ids},
    stores::fresh_sqlite,
};
use db::{Db, DbError, values};
use std::{
    os::unix::fs::FileExt,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_writes_and_recovers_when_there_is_space() {
    let store = fresh_sqlite().await;
    store.migrate(TABLES).await.unwrap();
    execute(&store, INSERT_THING, values!["a"]).await.unwrap();
    execute(&store, "PRAGMA max_page_count = 1", values![]).await.unwrap(); // means: no larger than it is
    let big = "INSERT INTO things (id, code, picture) VALUES ('big', 'big', $1)";
    let full = execute(&store, big, values![vec![7_u8; 200_000]]).await;
    assert!(matches!(&full, Err(DbError::Unavailable { reason }) if reason.contains("full")), "{full:?}");
    assert_eq!(thing_ids(&store).await, ["a"], "reading goes on");
    execute(&store, "PRAGMA max_page_count = 1000000", values![]).await.unwrap();
    execute(&store, big, values![vec![7_u8; 200_000]]).await.unwrap();
    assert_eq!(thing_ids(&store).await, ["a", "big"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_file_stops_the_engine_for_good_and_says_so_once() {
    let store = fresh_sqlite().await;
    store.migrate(TABLES).await.unwrap();
    for number in 0..200 {
        execute(&store, INSERT_THING, values![format!("{number} {}", "x".repeat(300))]).await.unwrap();
    }
    store.close().await;
    let path = store.folder().unwrap().join("souk.db");
    let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    let pages = file.metadata().unwrap().len() / 4096;
    for page in 2..pages {
        file.write_all_at(&[0xa5; 4096], page * 4096).unwrap(); // all but the schema
    }
    let told = Arc::new(AtomicU32::new(0));
    let count = told.clone();
    let settings = store.settings.clone().on_failure(move |_| {
        count.fetch_add(1, Ordering::SeqCst);
    });
    let damaged = Db::open(&settings).await.unwrap();
    let first = query(&damaged, "SELECT id FROM things ORDER BY id", values![]).await;
    assert!(matches!(first, Err(DbError::Corrupt { .. })), "{first:?}");
    for _ in 0..3 {
        let write = execute(&damaged, "INSERT INTO owners (id) VALUES ('ann')", values![]).await;
        assert!(matches!(&write, Err(DbError::Unavailable { reason }) if reason.contains("stopped")), "{write:?}");
    }
    assert_eq!(told.load(Ordering::SeqCst), 1);
}
