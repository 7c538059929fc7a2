//! Group commit of the embedded engine: neighbours in one real transaction do not harm each other, and share its fate.

use crate::{
    gate::Gate,
    statements::{INSERT_THING, TABLES, execute, thing_ids},
    stores::{Fresh, fresh_sqlite},
};
use db::{Db, DbError, DbSettings, values};
use tokio::task::JoinHandle;

/// Holds the writer at a gate, so that what is sent meanwhile becomes one group together with it.
async fn hold_the_writer(store: &Fresh) -> (Gate, JoinHandle<Result<u64, DbError>>) {
    let (gate, db) = (Gate::default(), store.db.clone());
    let input = gate.clone();
    let holder = tokio::spawn(async move {
        db.write(input, |tx, gate| {
            Box::pin(async move {
                gate.pass();
                tx.execute(INSERT_THING, values!["holder"]).await
            })
        })
        .await
    });
    gate.wait_for_arrival();
    (gate, holder)
}

/// A group that stays open for as long as there is work: only then does the test decide who is in it.
async fn patient(group_limit: usize) -> Fresh {
    let mut store = fresh_sqlite().await;
    store.close().await;
    store.settings.group_wait_ms = 600_000;
    store.settings.group_limit = group_limit;
    store.db = Db::open(&store.settings).await.unwrap();
    store.migrate(TABLES).await.unwrap();
    store
}

/// Sends a write and returns once it waits in the queue.
async fn send(store: &Fresh, id: &'static str, then: fn() -> Result<(), DbError>) -> JoinHandle<Result<(), DbError>> {
    let db = store.db.clone();
    let mut call = Box::pin(async move {
        db.write((), move |tx, ()| {
            Box::pin(async move {
                tx.execute(INSERT_THING, values![id]).await?;
                then()
            })
        })
        .await
    });
    let first = futures_util::poll!(&mut call);
    assert!(first.is_pending());
    tokio::spawn(call)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_fails_or_panics_does_not_harm_its_neighbours() {
    let store = patient(64).await;
    let (gate, holder) = hold_the_writer(&store).await;
    let good = send(&store, "good", || Ok(())).await;
    let bad = send(&store, "bad", || Err(DbError::Other { detail: "no".to_owned() })).await;
    let worse = send(&store, "worse", || panic!("no")).await;
    let last = send(&store, "last", || Ok(())).await;
    gate.open();
    holder.await.unwrap().unwrap();
    good.await.unwrap().unwrap();
    assert_eq!(bad.await.unwrap(), Err(DbError::Other { detail: "no".to_owned() }));
    assert_eq!(worse.await.unwrap(), Err(DbError::Panicked { detail: "no".to_owned() }));
    last.await.unwrap().unwrap();
    assert_eq!(thing_ids(&store).await, ["good", "holder", "last"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn work_that_waits_for_something_else_is_reported_and_rolled_back() {
    let store = patient(64).await;
    let reported: Result<(), DbError> = store
        .write((), |tx, ()| {
            Box::pin(async move {
                tx.execute(INSERT_THING, values!["a"]).await?;
                std::future::pending::<()>().await;
                Ok(())
            })
        })
        .await;
    assert!(matches!(&reported, Err(DbError::Misuse { detail }) if detail.contains("awaited")), "{reported:?}");
    execute(&store, INSERT_THING, values!["b"]).await.unwrap();
    assert_eq!(thing_ids(&store).await, ["b"]);
}

/// Makes the COMMIT of the group fail, by a rule that is checked only there (product code cannot write one: see `migrate`).
async fn send_one_that_breaks_the_commit(store: &Fresh) -> JoinHandle<Result<u64, DbError>> {
    let db = store.db.clone();
    let mut call = Box::pin(async move {
        db.write((), |tx, ()| {
            Box::pin(async move {
                tx.execute("PRAGMA defer_foreign_keys = on", values![]).await?;
                tx.execute("INSERT INTO things (id, code, owner) VALUES ('x', 'x', 'nobody')", values![]).await
            })
        })
        .await
    });
    assert!(futures_util::poll!(&mut call).is_pending());
    tokio::spawn(call)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_fails_fails_the_whole_group_and_nobody_else() {
    let store = patient(4).await;
    execute(&store, INSERT_THING, values!["before"]).await.unwrap();
    let (gate, holder) = hold_the_writer(&store).await;
    let neighbour = send(&store, "neighbour", || Ok(())).await;
    let refused = send(&store, "refused", || Err(DbError::Other { detail: "no".to_owned() })).await;
    let guilty = send_one_that_breaks_the_commit(&store).await;
    let next_group = send(&store, "next group", || Ok(())).await;
    gate.open();
    assert_eq!(holder.await.unwrap(), Err(DbError::ForeignKey));
    assert_eq!(neighbour.await.unwrap(), Err(DbError::ForeignKey));
    assert_eq!(refused.await.unwrap(), Err(DbError::Other { detail: "no".to_owned() }), "its own reason stays");
    assert_eq!(guilty.await.unwrap(), Err(DbError::ForeignKey));
    next_group.await.unwrap().unwrap();
    assert_eq!(thing_ids(&store).await, ["before", "next group"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn interactive_work_goes_before_bulk_that_came_first() {
    let store = patient(64).await;
    let (gate, holder) = hold_the_writer(&store).await;
    let count = "SELECT COUNT(*) AS n FROM things";
    let (bulk_db, db) = (store.db.clone(), store.db.clone());
    let mut bulk =
        Box::pin(bulk_db.write_bulk((), move |tx, ()| {
            Box::pin(async move { tx.query_one(count, values![]).await?.get::<i64>("n") })
        }));
    assert!(futures_util::poll!(&mut bulk).is_pending());
    let later = send(&store, "later", || Ok(())).await;
    gate.open();
    assert_eq!(bulk.await, Ok::<i64, DbError>(2), "holder and later were stored before");
    later.await.unwrap().unwrap();
    holder.await.unwrap().unwrap();
    drop(db);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_much_waiting_work_is_refused_not_piled_up() {
    let mut store = fresh_sqlite().await;
    store.close().await;
    store.settings.queue_limit = 2;
    store.db = Db::open(&store.settings).await.unwrap();
    store.migrate(TABLES).await.unwrap();
    let (gate, holder) = hold_the_writer(&store).await;
    let waiting = [send(&store, "a", || Ok(())).await, send(&store, "b", || Ok(())).await];
    let refused = execute(&store, INSERT_THING, values!["c"]).await;
    assert!(matches!(refused, Err(DbError::Unavailable { .. })), "{refused:?}");
    gate.open();
    holder.await.unwrap().unwrap();
    for call in waiting {
        call.await.unwrap().unwrap();
    }
    assert_eq!(thing_ids(&store).await, ["a", "b", "holder"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_engine_on_the_same_file_is_sent_to_postgres() {
    let store = fresh_sqlite().await;
    let second = Db::open(&store.settings).await.err().unwrap();
    assert!(matches!(&second, DbError::Unavailable { reason } if reason.contains("use PostgreSQL")), "{second}");
    store.close().await;
    let path = store.folder().unwrap().join("souk.db");
    Db::open(&DbSettings::sqlite(path)).await.unwrap().close().await;
}
