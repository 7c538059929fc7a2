//! Statements, values, rows, and the names of broken rules.

use crate::{on_every_store, stores::Fresh};
use db::{Db, DbError, Migration, Row, Value, values};
use proptest::{
    prelude::{Just, Strategy, any, prop_oneof},
    test_runner::{Config, TestRunner},
};

/// Tables that the tests of this folder share.
pub const TABLES: &[Migration] = &[Migration {
    number: 1,
    name: "things",
    sql: "CREATE TABLE owners (id TEXT PRIMARY KEY);
          CREATE TABLE things (
              id TEXT PRIMARY KEY, owner TEXT REFERENCES owners (id), code TEXT NOT NULL, size BIGINT NOT NULL DEFAULT 0,
              picture BYTEA, CONSTRAINT things_size_is_positive CHECK (size >= 0), UNIQUE (owner, size)
          );
          CREATE UNIQUE INDEX things_code_unique ON things (code);
          CREATE TABLE words (word TEXT NOT NULL);
          CREATE UNIQUE INDEX words_lower_word_unique ON words (lower(word));",
}];

/// Runs one statement as a transaction of its own.
pub async fn execute(db: &Db, sql: &'static str, parameters: Vec<Value>) -> Result<u64, DbError> {
    db.write(parameters, move |tx, parameters| Box::pin(async move { tx.execute(sql, parameters).await })).await
}

/// Asks one question as a transaction of its own.
pub async fn query(db: &Db, sql: &'static str, parameters: Vec<Value>) -> Result<Vec<Row>, DbError> {
    db.read(parameters, move |tx, parameters| Box::pin(async move { tx.query(sql, parameters).await })).await
}

/// The ids of all things, in order.
pub async fn thing_ids(db: &Db) -> Vec<String> {
    let rows = query(db, "SELECT id FROM things ORDER BY id", values![]).await.unwrap();
    rows.iter().map(|row| row.get("id").unwrap()).collect()
}

pub const INSERT_THING: &str = "INSERT INTO things (id, code) VALUES ($1, $1)";

async fn insert(db: &Db, id: &str, owner: Option<&str>, code: Option<&str>, size: i64) -> Result<u64, DbError> {
    let sql = "INSERT INTO things (id, owner, code, size) VALUES ($1, $2, $3, $4)";
    execute(db, sql, values![id, owner, code, size]).await
}

on_every_store![
    broken_rules_have_the_same_names_on_both_engines,
    every_kind_of_value_reads_back_as_it_was_written,
    a_column_says_what_is_wrong_with_it,
    several_statements_at_once_keep_their_order_and_stop_at_the_first_failure,
    what_is_put_off_is_there_for_the_next_statement_and_at_the_end,
    what_is_put_off_and_fails_undoes_everything_and_is_reported,
    returning_answers_rows_and_counts,
    like_and_order_agree_on_both_engines,
    text_that_one_engine_cannot_store_is_refused_by_both,
    a_wrong_number_of_values_is_refused,
    a_statement_of_several_rows_is_no_single_row,
];

async fn broken_rules_have_the_same_names_on_both_engines(store: Fresh) {
    store.migrate(TABLES).await.unwrap();
    let unique = |constraint: &str| Err(DbError::Unique { constraint: constraint.to_owned() });
    execute(&store, "INSERT INTO owners (id) VALUES ('ann')", values![]).await.unwrap();
    assert_eq!(insert(&store, "a", Some("ann"), Some("one"), 1).await, Ok(1));
    assert_eq!(insert(&store, "a", None, Some("two"), 0).await, unique("things_pkey"));
    assert_eq!(insert(&store, "b", None, Some("one"), 0).await, unique("things_code_unique"));
    assert_eq!(insert(&store, "b", Some("ann"), Some("two"), 1).await, unique("things_owner_size_key"));
    assert_eq!(insert(&store, "b", Some("bob"), Some("two"), 0).await, Err(DbError::ForeignKey));
    let check = DbError::Check { constraint: "things_size_is_positive".to_owned() };
    assert_eq!(insert(&store, "b", None, Some("two"), -1).await, Err(check));
    assert_eq!(insert(&store, "b", None, None, 0).await, Err(DbError::NotNull { column: "things.code".to_owned() }));
    let word = "INSERT INTO words (word) VALUES ($1)";
    assert_eq!(execute(&store, word, values!["Shop"]).await, Ok(1));
    assert_eq!(execute(&store, word, values!["SHOP"]).await, unique("words_lower_word_unique"));
    assert_eq!(execute(&store, "DELETE FROM owners", values![]).await, Err(DbError::ForeignKey));
}

async fn every_kind_of_value_reads_back_as_it_was_written(store: Fresh) {
    let table = Migration {
        number: 1,
        name: "kept",
        sql: "CREATE TABLE kept (number BIGINT, words TEXT, bytes BYTEA, flag BIGINT)",
    };
    store.migrate(&[table]).await.unwrap();
    let text = prop_oneof![
        any::<String>().prop_map(|text| text.replace('\0', "")),
        Just("123".to_owned()),
        Just("1e5".to_owned()),
        Just(String::new()),
        Just("中文 'quoted' \"$1\" /*pg x pg*/".to_owned()),
    ];
    let number = prop_oneof![any::<i64>(), Just(i64::MIN), Just(i64::MAX), Just(0)];
    let strategy = (
        proptest::option::of(number),
        proptest::option::of(text),
        proptest::option::of(proptest::collection::vec(any::<u8>(), 0..300)),
        any::<bool>(),
    );
    let runtime = tokio::runtime::Handle::current();
    let mut runner = TestRunner::new(Config { cases: 64, failure_persistence: None, ..Config::default() });
    let outcome = tokio::task::block_in_place(|| {
        runner.run(&strategy, |(number, text, bytes, flag)| {
            let back = runtime.block_on(async {
                execute(&store, "DELETE FROM kept", values![]).await.unwrap();
                let sql = "INSERT INTO kept (number, words, bytes, flag) VALUES ($1, $2, $3, $4)";
                execute(&store, sql, values![number, text.clone(), bytes.clone(), flag]).await.unwrap();
                query(&store, "SELECT number, words, bytes, flag FROM kept", values![]).await.unwrap()
            });
            assert_eq!(back[0].get::<Option<i64>>("number"), Ok(number));
            assert_eq!(back[0].get::<Option<String>>("words"), Ok(text));
            assert_eq!(back[0].get::<Option<Vec<u8>>>("bytes"), Ok(bytes));
            assert_eq!(back[0].get::<bool>("flag"), Ok(flag));
            Ok(())
        })
    });
    outcome.unwrap();
}

async fn a_column_says_what_is_wrong_with_it(store: Fresh) {
    let sql = "SELECT CAST('x' AS TEXT) AS name, CAST(NULL AS BIGINT) AS size, CAST(7 AS BIGINT) AS flag";
    let row = query(&store, sql, values![]).await.unwrap().remove(0);
    let misuse = DbError::Misuse { detail: "the row has no column nmae; it has name, size, flag".to_owned() };
    assert_eq!(row.get::<String>("nmae"), Err(misuse));
    let corrupt = |detail: &str| DbError::Corrupt { detail: detail.to_owned() };
    assert_eq!(row.get::<i64>("name"), Err(corrupt("column name must hold an integer but holds text")));
    assert_eq!(row.get::<i64>("size"), Err(corrupt("column size must hold an integer but holds NULL")));
    assert_eq!(row.get::<bool>("flag"), Err(corrupt("column flag must hold 0 or 1 but holds an integer")));
    assert_eq!(row.get::<Option<i64>>("size"), Ok(None));
    assert_eq!(row.get::<u16>("flag"), Ok(7));
    assert_eq!(format!("{:?}", values!["secret", 5]), "[Text(6 bytes), Int]");
}

async fn several_statements_at_once_keep_their_order_and_stop_at_the_first_failure(store: Fresh) {
    store.migrate(TABLES).await.unwrap();
    let counts = store
        .write::<_, _, DbError, _>((), |tx, ()| {
            Box::pin(async move {
                // Known beforehand, so that it could overtake the others, which must still be prepared.
                tx.execute("UPDATE things SET size = size + 10", values![]).await?;
                let mut list = vec![(INSERT_THING, values!["a"]), (INSERT_THING, values!["b"])];
                list.push(("UPDATE things SET size = size + 10", values![]));
                list.extend((0..100).map(|_| ("UPDATE things SET size = size * 2 WHERE id = $1", values!["none"])));
                tx.execute_all(list).await
            })
        })
        .await
        .unwrap();
    assert_eq!(counts[..3], [1, 1, 2]);
    assert_eq!(counts.len(), 103);
    let failed = store
        .write((), |tx, ()| {
            Box::pin(tx.execute_all(vec![
                (INSERT_THING, values!["c"]),
                ("INSERT INTO things (id, code) VALUES ('a', 'other')", values![]),
                ("UPDATE things SET size = -1", values![]),
            ]))
        })
        .await;
    assert_eq!(failed, Err(DbError::Unique { constraint: "things_pkey".to_owned() }));
    assert_eq!(thing_ids(&store).await, ["a", "b"]);
}

async fn what_is_put_off_is_there_for_the_next_statement_and_at_the_end(store: Fresh) {
    store.migrate(TABLES).await.unwrap();
    let (ids, counts) = store
        .write::<_, _, DbError, _>((), |tx, ()| {
            Box::pin(async move {
                tx.execute_later(INSERT_THING, values!["a"])?;
                tx.execute_later(INSERT_THING, values!["b"])?;
                let rows = tx.query("SELECT id FROM things ORDER BY id", values![]).await?;
                tx.execute_later(INSERT_THING, values!["c"])?;
                let both = tx
                    .query_all(vec![
                        ("SELECT COUNT(*) AS things FROM things", values![]),
                        ("SELECT COUNT(*) AS things FROM things WHERE id > $1", values!["a"]),
                    ])
                    .await?;
                tx.execute_later(INSERT_THING, values!["d"])?;
                let ids = rows.iter().map(|row| row.get("id")).collect::<Result<Vec<String>, DbError>>()?;
                let counts = both.iter().map(|rows| rows[0].get("things")).collect::<Result<Vec<i64>, DbError>>()?;
                Ok((ids, counts))
            })
        })
        .await
        .unwrap();
    assert_eq!(ids, ["a", "b"]);
    assert_eq!(counts, [3, 2]);
    assert_eq!(thing_ids(&store).await, ["a", "b", "c", "d"]);
}

async fn what_is_put_off_and_fails_undoes_everything_and_is_reported(store: Fresh) {
    store.migrate(TABLES).await.unwrap();
    let again = "INSERT INTO things (id, code) VALUES ($1, 'other')";
    let twice = || DbError::Unique { constraint: "things_pkey".to_owned() };
    let at_the_end: Result<(), DbError> = store
        .write((), move |tx, ()| {
            Box::pin(async move {
                tx.execute(INSERT_THING, values!["a"]).await?;
                tx.execute_later(again, values!["a"])
            })
        })
        .await;
    assert_eq!(at_the_end, Err(twice()));
    let on_the_way: Result<u64, DbError> = store
        .write((), move |tx, ()| {
            Box::pin(async move {
                tx.execute_later(INSERT_THING, values!["b"])?;
                tx.execute_later(again, values!["b"])?;
                tx.execute(INSERT_THING, values!["c"]).await
            })
        })
        .await;
    assert_eq!(on_the_way, Err(twice()));
    let given_up: Result<(), DbError> = store
        .write((), |tx, ()| {
            Box::pin(async move {
                tx.execute_later(INSERT_THING, values!["d"])?;
                Err(DbError::ReadOnly)
            })
        })
        .await;
    assert_eq!(given_up, Err(DbError::ReadOnly));
    assert_eq!(thing_ids(&store).await, Vec::<String>::new());
    // The connections are as good as before, and work that says nothing at all is none.
    let nothing: Result<(), DbError> = store.write((), |_, ()| Box::pin(async { Ok(()) })).await;
    assert_eq!(nothing, Ok(()));
    assert_eq!(execute(&store, INSERT_THING, values!["e"]).await, Ok(1));
    assert_eq!(thing_ids(&store).await, ["e"]);
}

async fn returning_answers_rows_and_counts(store: Fresh) {
    store.migrate(TABLES).await.unwrap();
    let sql = "INSERT INTO things (id, code) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET code = excluded.code RETURNING code";
    assert_eq!(execute(&store, sql, values!["a", "one"]).await, Ok(1));
    let code: Result<String, DbError> = store
        .write((), move |tx, ()| Box::pin(async move { tx.query_one(sql, values!["a", "two"]).await?.get("code") }))
        .await;
    assert_eq!(code.as_deref(), Ok("two"));
    let nothing = "INSERT INTO things (id, code) VALUES ($1, 'three') ON CONFLICT (id) DO NOTHING";
    assert_eq!(execute(&store, nothing, values!["a"]).await, Ok(0));
}

async fn like_and_order_agree_on_both_engines(store: Fresh) {
    store.migrate(TABLES).await.unwrap();
    for id in ["b", "B", "a", "ä", "Z", "中"] {
        execute(&store, INSERT_THING, values![id]).await.unwrap();
    }
    assert_eq!(thing_ids(&store).await, ["B", "Z", "a", "b", "ä", "中"]);
    let like = query(&store, "SELECT id FROM things WHERE id LIKE $1", values!["b%"]).await.unwrap();
    assert_eq!(like.len(), 1);
    let sum = query(&store, "SELECT CAST(SUM(size) AS BIGINT) AS total FROM things", values![]).await.unwrap();
    assert_eq!(sum[0].get::<i64>("total"), Ok(0));
}

async fn text_that_one_engine_cannot_store_is_refused_by_both(store: Fresh) {
    store.migrate(TABLES).await.unwrap();
    let refused = execute(&store, INSERT_THING, values!["a\0b"]).await;
    assert!(matches!(refused, Err(DbError::Misuse { .. })), "{refused:?}");
    assert_eq!(thing_ids(&store).await, [""; 0]);
}

async fn a_wrong_number_of_values_is_refused(store: Fresh) {
    store.migrate(TABLES).await.unwrap();
    let refused = execute(&store, "INSERT INTO things (id, code) VALUES ($1, $2)", values!["a"]).await;
    assert!(matches!(refused, Err(DbError::Misuse { .. })), "{refused:?}");
}

async fn a_statement_of_several_rows_is_no_single_row(store: Fresh) {
    let two = "SELECT CAST(1 AS BIGINT) AS n UNION ALL SELECT CAST(2 AS BIGINT)";
    let refused: Result<Option<Row>, DbError> =
        store.read((), move |tx, ()| Box::pin(tx.query_optional(two, values![]))).await;
    assert!(matches!(refused, Err(DbError::Misuse { .. })), "{refused:?}");
}
