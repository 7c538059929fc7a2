//! Bringing the tables of a database up to date.
//!
//! One numbered list for both engines. Each migration runs in one transaction together with its line in `schema_migrations`, so a process
//! killed in the middle leaves it whole or not there. Several nodes may start at once: on PostgreSQL a lock makes them take turns and each
//! looks again under the lock; SQLite has one process.

use crate::{Db, DbError, Engine, Tx, statement::for_postgres, values};
use sha2::{Digest, Sha256};

/// One step of the schema. Never edited once released: write the next one instead.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Its place in the order: rising, gaps are allowed.
    pub number: i64,
    /// A few words, for people.
    pub name: &'static str,
    /// Portable DDL and DML, without parameters and without DEFERRABLE.
    pub sql: &'static str,
}

impl Migration {
    /// SHA-256 of the text, in hex. Line ends of other systems do not count.
    fn checksum(&self) -> String {
        hex::encode(Sha256::digest(self.sql.replace("\r\n", "\n")))
    }
}

impl Db {
    /// Applies what is missing, in order. Refuses, with [`DbError::Migration`], if an applied migration was edited, if the database knows one
    /// that this program does not (it is newer), or if one would have to go in before another that is applied.
    pub async fn migrate(&self, migrations: &[Migration]) -> Result<(), DbError> {
        check_list(migrations)?;
        let list = migrations.to_vec();
        self.write(list, |tx, list| Box::pin(async move { compare(tx, &list).await })).await?;
        for migration in migrations {
            self.write(*migration, |tx, migration| Box::pin(async move { apply(tx, &migration).await })).await?;
        }
        Ok(())
    }
}

fn check_list(migrations: &[Migration]) -> Result<(), DbError> {
    if let Some(pair) = migrations.windows(2).find(|pair| pair[0].number >= pair[1].number) {
        return Err(refuse(&pair[1], "has no higher number than the one before it"));
    }
    // SQLite would notice a broken deferred rule at COMMIT, where it fails a whole group of transactions.
    match migrations.iter().find(|migration| migration.sql.to_ascii_uppercase().contains("DEFERRABLE")) {
        Some(migration) => Err(refuse(migration, "has a DEFERRABLE constraint; check at once instead")),
        None => Ok(()),
    }
}

fn refuse(migration: &Migration, problem: &str) -> DbError {
    DbError::Migration { detail: format!("migration {} ({}) {problem}", migration.number, migration.name) }
}

/// Takes turns with other nodes until this transaction ends, for as long as theirs takes.
async fn take_turn(tx: &mut Tx) -> Result<(), DbError> {
    if tx.engine() == Engine::Postgres {
        tx.run_script("SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0").await?;
        tx.run_script("SELECT pg_advisory_xact_lock(hashtext('souk migrations of ' || current_schema()))").await?;
    }
    Ok(())
}

async fn compare(tx: &mut Tx, list: &[Migration]) -> Result<(), DbError> {
    take_turn(tx).await?;
    tx.run_script(
        "CREATE TABLE IF NOT EXISTS schema_migrations (number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL)",
    )
    .await?;
    let mut highest_applied = None;
    for row in tx.query("SELECT number, name, checksum FROM schema_migrations ORDER BY number", values![]).await? {
        let (number, name): (i64, String) = (row.get("number")?, row.get("name")?);
        let Some(migration) = list.iter().find(|migration| migration.number == number) else {
            let detail = format!(
                "the database has migration {number} ({name}), which this program does not know: it is from a newer version. Use that \
                 version, or restore a backup made before it"
            );
            return Err(DbError::Migration { detail });
        };
        if row.get::<String>("checksum")? != migration.checksum() {
            return Err(refuse(migration, "was changed after it was applied; restore its text and write a new one"));
        }
        if let Some(missing) = list.iter().find(|known| highest_applied < Some(known.number) && known.number < number) {
            return Err(refuse(
                missing,
                &format!("is not applied, but the later {number} ({name}) is; give it a higher number"),
            ));
        }
        highest_applied = Some(number);
    }
    Ok(())
}

async fn apply(tx: &mut Tx, migration: &Migration) -> Result<(), DbError> {
    take_turn(tx).await?;
    let known = "SELECT number FROM schema_migrations WHERE number = $1";
    if tx.query_optional(known, values![migration.number]).await?.is_some() {
        return Ok(());
    }
    let text = match tx.engine() {
        Engine::Sqlite => migration.sql.to_owned(),
        Engine::Postgres => for_postgres(migration.sql),
    };
    if let Err(error) = tx.run_script(&text).await {
        return Err(refuse(migration, &format!("failed: {error}")));
    }
    let insert = "INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, $3)";
    tx.execute(insert, values![migration.number, migration.name, migration.checksum()]).await?;
    tracing::info!(migration.number, migration.name, "Applied migration {} ({})", migration.number, migration.name);
    Ok(())
}
