//! Statements, rows and the names of broken rules.

use crate::{on_every_store, stores::Fresh};
use db::{DbError, Migration, values};

pub const TABLES: &[Migration] = &[Migration {
    number: 1,
    name: "things",
    sql: "CREATE TABLE owners (id TEXT PRIMARY KEY);
          CREATE TABLE things (
              id TEXT PRIMARY KEY, owner TEXT REFERENCES owners (id), code TEXT NOT NULL, size BIGINT NOT NULL DEFAULT 0,
              picture BYTEA, CONSTRAINT things_size_is_positive CHECK (size >= 0), UNIQUE (owner, size)
          );
          CREATE UNIQUE INDEX things_code_unique ON things (code);
          CREATE UNIQUE INDEX things_lower_code_unique ON things (lower(code));",
}];

async fn insert(store: &Fresh, id: &str, owner: Option<&str>, code: Option<&str>, size: i64) -> Result<u64, DbError> {
    let input = (id.to_owned(), owner.map(str::to_owned), code.map(str::to_owned), size);
    store
        .write(input, |tx, (id, owner, code, size)| {
            Box::pin(async move {
                tx.execute(
                    "INSERT INTO things (id, owner, code, size) VALUES ($1, $2, $3, $4)",
                    values![id, owner, code, size],
                )
                .await
            })
        })
        .await
}

on_every_store![broken_rules_have_the_same_names_on_both_engines];

async fn broken_rules_have_the_same_names_on_both_engines(store: Fresh) {
    store.migrate(TABLES).await.unwrap();
    let unique = |constraint: &str| Err(DbError::Unique { constraint: constraint.to_owned() });
    let owner = "INSERT INTO owners (id) VALUES ('ann')";
    store.write::<_, _, DbError, _>((), move |tx, ()| Box::pin(tx.execute(owner, values![]))).await.unwrap();
    assert_eq!(insert(&store, "a", Some("ann"), Some("one"), 1).await, Ok(1));
    assert_eq!(insert(&store, "a", None, Some("two"), 0).await, unique("things_pkey"));
    assert_eq!(insert(&store, "b", None, Some("one"), 0).await, unique("things_code_unique"));
    assert_eq!(insert(&store, "b", None, Some("ONE"), 0).await, unique("things_lower_code_unique"));
    assert_eq!(insert(&store, "b", Some("ann"), Some("two"), 1).await, unique("things_owner_size_key"));
    assert_eq!(insert(&store, "b", Some("bob"), Some("two"), 0).await, Err(DbError::ForeignKey));
    let check = DbError::Check { constraint: "things_size_is_positive".to_owned() };
    assert_eq!(insert(&store, "b", None, Some("two"), -1).await, Err(check));
    assert_eq!(insert(&store, "b", None, None, 0).await, Err(DbError::NotNull { column: "things.code".to_owned() }));
}
