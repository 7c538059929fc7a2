//! Transactions beside each other: what PostgreSQL loses without a guard, and that each guard holds on both engines.

use crate::{
    on_every_store,
    statements::{TABLES, execute, query},
    stores::{Fresh, fresh_postgres},
};
use db::{Db, DbError, Tx, values};
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};
use tokio::sync::Barrier;

on_every_store![
    a_locked_row_loses_no_update,
    a_version_column_loses_no_update,
    workers_that_skip_locked_rows_share_a_queue
];

const READ: &str = "SELECT size FROM things WHERE id = 'a'";
const READ_LOCKED: &str = concat!("SELECT size FROM things WHERE id = 'a'", db::for_update!());
const SET: &str = "UPDATE things SET size = $1 WHERE id = 'a'";

async fn with_one_thing(store: &Fresh) {
    store.migrate(TABLES).await.unwrap();
    execute(store, "INSERT INTO things (id, code, size) VALUES ('a', 'a', 0)", values![]).await.unwrap();
}

async fn size(db: &Db) -> i64 {
    query(db, READ, values![]).await.unwrap()[0].get("size").unwrap()
}

/// Lets `count` callers do the same at once.
async fn at_once<F>(count: usize, call: impl Fn() -> F)
where
    F: Future<Output = Result<(), DbError>> + Send + 'static,
{
    let calls: Vec<_> = (0..count).map(|_| tokio::spawn(call())).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_guard_postgres_loses_an_update() {
    let store = fresh_postgres().await;
    with_one_thing(&store).await;
    let both_have_read = Arc::new(Barrier::new(2));
    at_once(2, || {
        let (db, barrier) = (store.db.clone(), both_have_read.clone());
        async move {
            db.write(barrier, |tx, barrier| {
                Box::pin(async move {
                    let size: i64 = tx.query_one(READ, values![]).await?.get("size")?;
                    barrier.wait().await; // awaits more than its transaction: only this test may
                    tx.execute(SET, values![size + 1]).await.map(drop)
                })
            })
            .await
        }
    })
    .await;
    assert_eq!(size(&store).await, 1, "two updates, and one is lost: this is why a guard is needed");
}

async fn a_locked_row_loses_no_update(store: Fresh) {
    with_one_thing(&store).await;
    at_once(40, || {
        let db = store.db.clone();
        async move {
            db.write((), |tx, ()| {
                Box::pin(async move {
                    let size: i64 = tx.query_one(READ_LOCKED, values![]).await?.get("size")?;
                    tx.execute(SET, values![size + 1]).await.map(drop)
                })
            })
            .await
        }
    })
    .await;
    assert_eq!(size(&store).await, 40);
}

async fn a_version_column_loses_no_update(store: Fresh) {
    with_one_thing(&store).await;
    let lost = Arc::new(AtomicU32::new(0));
    at_once(20, || {
        let (db, lost) = (store.db.clone(), lost.clone());
        async move {
            loop {
                let size = size(&db).await;
                let sql = "UPDATE things SET size = size + 1 WHERE id = 'a' AND size = $1";
                if execute(&db, sql, values![size]).await? == 1 {
                    return Ok(());
                }
                lost.fetch_add(1, Ordering::Relaxed);
            }
        }
    })
    .await;
    assert_eq!(size(&store).await, 20);
    assert!(lost.load(Ordering::Relaxed) > 0, "nobody met: the test has shown nothing");
}

async fn workers_that_skip_locked_rows_share_a_queue(store: Fresh) {
    store.migrate(TABLES).await.unwrap();
    for number in 0..30_i64 {
        let sql = "INSERT INTO things (id, code) VALUES ($1, $1)";
        execute(&store, sql, values![format!("{number:02}")]).await.unwrap();
    }
    let take = concat!("SELECT id FROM things WHERE size = 0 ORDER BY id LIMIT 1", db::skip_locked!());
    let taken = Arc::new(AtomicU32::new(0));
    at_once(4, || {
        let (db, taken) = (store.db.clone(), taken.clone());
        async move {
            while db
                .write((), move |tx, ()| {
                    Box::pin(async move {
                        let Some(row) = tx.query_optional(take, values![]).await? else { return Ok(false) };
                        let sql = "UPDATE things SET size = size + 1 WHERE id = $1";
                        tx.execute(sql, values![row.get::<String>("id")?]).await?;
                        Ok::<bool, DbError>(true)
                    })
                })
                .await?
            {
                taken.fetch_add(1, Ordering::Relaxed);
            }
            Ok(())
        }
    })
    .await;
    assert_eq!(taken.load(Ordering::Relaxed), 30);
    let twice = query(&store, "SELECT id FROM things WHERE size <> 1", values![]).await.unwrap();
    assert!(twice.is_empty());
}

/// An error that forgets what happened, as a careless caller would make it.
#[derive(Debug)]
struct Forgetful;

impl From<DbError> for Forgetful {
    fn from(_: DbError) -> Self {
        Forgetful
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deadlock_is_tried_again_whatever_the_work_makes_of_the_error() {
    let store = fresh_postgres().await;
    with_one_thing(&store).await;
    execute(&store, "INSERT INTO things (id, code) VALUES ('b', 'b')", values![]).await.unwrap();
    let (attempts, both_hold_one) = (Arc::new(AtomicU32::new(0)), Arc::new(Barrier::new(2)));
    let add = "UPDATE things SET size = size + 1 WHERE id = $1";
    let calls = [["a", "b"], ["b", "a"]].map(|order| {
        let (db, input) = (store.db.clone(), (attempts.clone(), both_hold_one.clone()));
        tokio::spawn(async move {
            db.write::<_, _, Forgetful, _>(input, move |tx, (attempts, barrier)| {
                Box::pin(async move {
                    tx.execute(add, values![order[0]]).await?;
                    if attempts.fetch_add(1, Ordering::SeqCst) < 2 {
                        barrier.wait().await; // only the first time: then they surely hold a lock each
                    }
                    tx.execute(add, values![order[1]]).await?;
                    Ok(())
                })
            })
            .await
        })
    });
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert!(attempts.load(Ordering::SeqCst) >= 3, "nobody ran again: the test has shown nothing");
    assert_eq!(size(&store).await, 2);
}

/// Goes on duty only while another is: the invariant across rows that READ COMMITTED cannot keep.
async fn leave_if_another_stays(tx: &mut Tx, id: &'static str, barrier: Option<&Barrier>) -> Result<u64, DbError> {
    tx.serializable().await?;
    let others = tx.query_one("SELECT COUNT(*) AS n FROM things WHERE size = 1", values![]).await?;
    if let Some(barrier) = barrier {
        barrier.wait().await;
    }
    if others.get::<i64>("n")? < 2 {
        return Ok(0);
    }
    tx.execute("UPDATE things SET size = 0 WHERE id = $1", values![id]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_serialization_failure_is_tried_again() {
    let store = fresh_postgres().await;
    store.migrate(TABLES).await.unwrap();
    execute(&store, "INSERT INTO things (id, code, size) VALUES ('a', 'a', 1), ('b', 'b', 1)", values![])
        .await
        .unwrap();
    let (attempts, both_have_read) = (Arc::new(AtomicU32::new(0)), Arc::new(Barrier::new(2)));
    let calls = ["a", "b"].map(|id| {
        let (db, input) = (store.db.clone(), (attempts.clone(), both_have_read.clone()));
        tokio::spawn(async move {
            db.write::<_, _, DbError, _>(input, move |tx, (attempts, barrier)| {
                Box::pin(async move {
                    let first_time = attempts.fetch_add(1, Ordering::SeqCst) < 2;
                    leave_if_another_stays(tx, id, first_time.then_some(&*barrier)).await
                })
            })
            .await
        })
    });
    let mut left = 0;
    for call in calls {
        left += call.await.unwrap().unwrap();
    }
    assert_eq!(left, 1, "one left, the other looked again and stayed");
    assert!(attempts.load(Ordering::SeqCst) >= 3, "nobody had to look again: the test has shown nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_endless_conflict_ends_after_eight_attempts() {
    let store = fresh_postgres().await;
    let attempts = Arc::new(AtomicU32::new(0));
    let sql = "DO $do$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $do$";
    let given_up: Result<u64, DbError> = store
        .write(attempts.clone(), move |tx, attempts| {
            Box::pin(async move {
                attempts.fetch_add(1, Ordering::SeqCst);
                tx.execute(sql, values![]).await
            })
        })
        .await;
    assert_eq!(given_up, Err(DbError::Conflict { attempts: 8 }));
    assert_eq!(attempts.load(Ordering::SeqCst), 8);
}
