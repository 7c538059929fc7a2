//! How a transaction begins and ends, whatever its work does.

use crate::{
    gate::Gate,
    on_every_store,
    statements::{INSERT_THING, TABLES, execute, query, thing_ids},
    stores::Fresh,
};
use db::{DbError, values};

on_every_store![
    an_error_of_the_work_rolls_everything_back,
    a_panic_rolls_back_and_is_reported,
    a_swallowed_failure_is_no_success,
    nothing_runs_after_a_failed_statement,
    a_read_sees_one_moment,
    a_read_cannot_write,
    a_question_is_one_statement_that_reads,
    a_dropped_caller_does_not_stop_the_transaction,
    a_dropped_caller_does_not_stop_the_rollback,
    a_closed_database_refuses,
    a_write_is_seen_by_the_next_read,
    bulk_work_is_stored_too,
];

async fn an_error_of_the_work_rolls_everything_back(store: Fresh) {
    #[derive(Debug, PartialEq)]
    enum Refused {
        TooSmall,
        Db(DbError),
    }
    impl From<DbError> for Refused {
        fn from(error: DbError) -> Self {
            Refused::Db(error)
        }
    }
    store.migrate(TABLES).await.unwrap();
    let refused: Result<(), Refused> = store
        .write("a".to_owned(), |tx, id| {
            Box::pin(async move {
                tx.execute(INSERT_THING, values![id]).await?;
                Err(Refused::TooSmall)
            })
        })
        .await;
    assert_eq!(refused, Err(Refused::TooSmall));
    assert_eq!(thing_ids(&store).await, [""; 0]);
}

async fn a_panic_rolls_back_and_is_reported(store: Fresh) {
    store.migrate(TABLES).await.unwrap();
    for _ in 0..20 {
        let reported: Result<(), DbError> = store
            .write((), |tx, ()| {
                Box::pin(async move {
                    tx.execute(INSERT_THING, values!["a"]).await?;
                    panic!("the work went wrong")
                })
            })
            .await;
        assert_eq!(reported, Err(DbError::Panicked { detail: "the work went wrong".to_owned() }));
    }
    execute(&store, INSERT_THING, values!["b"]).await.unwrap();
    assert_eq!(thing_ids(&store).await, ["b"]);
}

async fn a_swallowed_failure_is_no_success(store: Fresh) {
    store.migrate(TABLES).await.unwrap();
    execute(&store, INSERT_THING, values!["a"]).await.unwrap();
    let reported: Result<&str, DbError> = store
        .write((), |tx, ()| {
            Box::pin(async move {
                tx.execute(INSERT_THING, values!["b"]).await?;
                match tx.execute("INSERT INTO things (id, code) VALUES ('a', 'other')", values![]).await {
                    Err(DbError::Unique { .. }) => Ok("it was there already"),
                    other => other.map(|_| "new"),
                }
            })
        })
        .await;
    assert!(matches!(&reported, Err(DbError::Misuse { detail }) if detail.contains("things_pkey")), "{reported:?}");
    assert_eq!(thing_ids(&store).await, ["a"]);
}

async fn nothing_runs_after_a_failed_statement(store: Fresh) {
    store.migrate(TABLES).await.unwrap();
    let second: Result<(), DbError> = store
        .write((), |tx, ()| {
            Box::pin(async move {
                let _ = tx.execute("UPDATE things SET nonsense = 1", values![]).await;
                let second = tx.execute(INSERT_THING, values!["a"]).await;
                assert!(matches!(second, Err(DbError::Misuse { .. })), "{second:?}");
                Ok(())
            })
        })
        .await;
    assert!(matches!(second, Err(DbError::Other { .. })), "{second:?}");
    assert_eq!(thing_ids(&store).await, [""; 0]);
}

async fn a_read_sees_one_moment(store: Fresh) {
    store.migrate(TABLES).await.unwrap();
    let (gate, db) = (Gate::default(), store.db.clone());
    let count = "SELECT COUNT(*) AS n FROM things";
    let reader = {
        let gate = gate.clone();
        tokio::spawn(async move {
            db.read::<_, (i64, i64), DbError, _>(gate, move |tx, gate| {
                Box::pin(async move {
                    let before = tx.query_one(count, values![]).await?.get("n")?;
                    gate.pass();
                    Ok((before, tx.query_one(count, values![]).await?.get("n")?))
                })
            })
            .await
        })
    };
    gate.wait_for_arrival();
    execute(&store, INSERT_THING, values!["a"]).await.unwrap();
    gate.open();
    assert_eq!(reader.await.unwrap(), Ok((0, 0)));
    assert_eq!(query(&store, count, values![]).await.unwrap()[0].get::<i64>("n"), Ok(1));
}

async fn a_read_cannot_write(store: Fresh) {
    store.migrate(TABLES).await.unwrap();
    let refused: Result<u64, DbError> = store.read((), |tx, ()| Box::pin(tx.execute(INSERT_THING, values!["a"]))).await;
    assert_eq!(refused, Err(DbError::ReadOnly));
    assert_eq!(thing_ids(&store).await, [""; 0]);
}

async fn a_question_is_one_statement_that_reads(store: Fresh) {
    store.migrate(TABLES).await.unwrap();
    execute(&store, INSERT_THING, values!["a"]).await.unwrap();
    let count = "SELECT COUNT(*) AS n FROM things";
    let asked: Result<i64, DbError> =
        store.ask((), move |tx, ()| Box::pin(async move { tx.query_one(count, values![]).await?.get("n") })).await;
    assert_eq!(asked, Ok(1));
    let twice: Result<i64, DbError> = store
        .ask((), move |tx, ()| {
            Box::pin(async move {
                tx.query_one(count, values![]).await?;
                tx.query_one(count, values![]).await?.get("n")
            })
        })
        .await;
    assert!(matches!(twice, Err(DbError::Misuse { .. })), "{twice:?}");
    let written: Result<u64, DbError> =
        store.ask((), move |tx, ()| Box::pin(tx.execute(INSERT_THING, values!["b"]))).await;
    assert!(matches!(written, Err(DbError::Misuse { .. })), "{written:?}");
    // What was refused leaves nothing behind for the next one.
    let read: Result<i64, DbError> = store
        .read((), move |tx, ()| {
            Box::pin(async move {
                tx.query_one(count, values![]).await?;
                tx.query_one(count, values![]).await?.get("n")
            })
        })
        .await;
    assert_eq!(read, Ok(1));
}

/// Starts a transaction, drops its caller in the middle, lets it go on, and answers when it has ended.
async fn drop_the_caller_of(store: &Fresh, end: fn() -> Result<(), DbError>) {
    store.migrate(TABLES).await.unwrap();
    let (middle, after, db) = (Gate::default(), Gate::default(), store.db.clone());
    let gates = (middle.clone(), after.clone());
    let caller = tokio::spawn(async move {
        db.write::<_, (), DbError, _>(gates, move |tx, (middle, _after)| {
            Box::pin(async move {
                tx.execute(INSERT_THING, values!["a"]).await?;
                middle.pass();
                tx.execute(INSERT_THING, values!["b"]).await?;
                end()
            })
        })
        .await
    });
    middle.wait_for_arrival();
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    middle.open();
    // The same row from somebody else waits for the fate of the first, on both engines.
    let same = "INSERT INTO things (id, code) VALUES ('a', 'from the second') ON CONFLICT (id) DO NOTHING";
    execute(store, same, values![]).await.unwrap();
}

async fn a_dropped_caller_does_not_stop_the_transaction(store: Fresh) {
    drop_the_caller_of(&store, || Ok(())).await;
    assert_eq!(thing_ids(&store).await, ["a", "b"]);
}

async fn a_dropped_caller_does_not_stop_the_rollback(store: Fresh) {
    drop_the_caller_of(&store, || Err(DbError::Other { detail: "no".to_owned() })).await;
    assert_eq!(thing_ids(&store).await, ["a"]);
    let code = query(&store, "SELECT code FROM things", values![]).await.unwrap();
    assert_eq!(code[0].get::<String>("code").as_deref(), Ok("from the second"));
}

async fn a_closed_database_refuses(store: Fresh) {
    store.migrate(TABLES).await.unwrap();
    store.close().await;
    let write = execute(&store, INSERT_THING, values!["a"]).await;
    assert!(matches!(write, Err(DbError::Unavailable { .. })), "{write:?}");
    let read = query(&store, "SELECT id FROM things", values![]).await;
    assert!(matches!(read, Err(DbError::Unavailable { .. })), "{read:?}");
    let again = db::Db::open(&store.settings).await.unwrap();
    assert_eq!(execute(&again, INSERT_THING, values!["a"]).await, Ok(1));
    again.close().await;
}

async fn a_write_is_seen_by_the_next_read(store: Fresh) {
    store.migrate(TABLES).await.unwrap();
    for number in 0..50 {
        execute(&store, INSERT_THING, values![format!("{number:02}")]).await.unwrap();
        assert_eq!(thing_ids(&store).await.len(), number + 1);
    }
}

async fn bulk_work_is_stored_too(store: Fresh) {
    store.migrate(TABLES).await.unwrap();
    let stored: Result<u64, DbError> =
        store.write_bulk((), |tx, ()| Box::pin(tx.execute(INSERT_THING, values!["a"]))).await;
    assert_eq!(stored, Ok(1));
    assert_eq!(thing_ids(&store).await, ["a"]);
}
