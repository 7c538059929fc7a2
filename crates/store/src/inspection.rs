//! Looking at the tables as they are, for `souk doctor`: nothing here makes, migrates or changes a table.

use db::{DbError, DbSettings, Engine, values};

use crate::{MIGRATIONS, Store};

/// How the tables fit to this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Migrations of this program that are applied.
    pub known: usize,
    /// Migrations of this program that are not.
    pub missing: usize,
    /// Applied migrations that this program does not know: a newer version made them.
    pub newer: usize,
}

impl Store {
    /// Opens the engine over the tables as they are, without migrating. On SQLite the file must exist, or it is made.
    pub async fn open_as_it_is(settings: &DbSettings) -> Result<Store, DbError> {
        Ok(Store { db: db::Db::open(settings).await? })
    }

    /// Which migrations are applied.
    pub async fn applied(&self) -> Result<Applied, DbError> {
        let numbers = self.read((), |tx, ()| {
            Box::pin(async move {
                let sql = match tx.engine() {
                    Engine::Sqlite => "SELECT COUNT(*) AS tables FROM sqlite_master WHERE name = 'schema_migrations'",
                    Engine::Postgres => {
                        "SELECT COUNT(*) AS tables FROM pg_tables WHERE tablename = 'schema_migrations' AND schemaname = \
                         ANY (current_schemas(false))"
                    }
                };
                if tx.query_one(sql, values![]).await?.get::<i64>("tables")? == 0 {
                    return Ok::<Vec<i64>, DbError>(Vec::new());
                }
                let rows = tx.query("SELECT number FROM schema_migrations", values![]).await?;
                rows.iter().map(|row| row.get("number")).collect()
            })
        });
        let numbers = numbers.await?;
        let known = MIGRATIONS.iter().filter(|migration| numbers.contains(&migration.number)).count();
        Ok(Applied { known, missing: MIGRATIONS.len() - known, newer: numbers.len() - known })
    }

    /// A time to hold the machine's clock against, in milliseconds since 1970: on PostgreSQL the server's clock, on SQLite
    /// the latest time at which anything was recorded (none in empty tables).
    pub async fn reference_time_ms(&self) -> Result<Option<i64>, DbError> {
        let look = self.read((), |tx, ()| {
            Box::pin(async move {
                let sql = match tx.engine() {
                    Engine::Sqlite => {
                        "SELECT MAX(at) AS at FROM (SELECT MAX(at) AS at FROM events UNION ALL SELECT MAX(created_at) FROM jobs \
                         UNION ALL SELECT MAX(created_at) FROM notices) AS latest"
                    }
                    Engine::Postgres => "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS at",
                };
                tx.query_one(sql, values![]).await?.get::<Option<i64>>("at")
            })
        });
        look.await
    }
}
