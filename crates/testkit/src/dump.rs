//! Every row of every table as text: for tests that look for what must not be there, or for what must not change.

use std::collections::BTreeMap;

use db::{DbError, Engine, values};

use crate::World;

/// One row: text by column. Bytes are written in hexadecimal.
pub type DumpedRow = BTreeMap<String, String>;

/// All rows by table.
pub type Dump = BTreeMap<String, Vec<DumpedRow>>;

/// Statements of tests are made at run time; they live as long as the test.
fn statement(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

impl World {
    /// Reads every table, the one of the migrations included.
    pub async fn dump(&self) -> Dump {
        let mut dump = Dump::new();
        for (table, columns) in self.columns().await {
            let rows = self.rows(&table, &columns).await;
            dump.insert(table, rows);
        }
        dump
    }

    async fn texts(&self, sql: &'static str, names: Vec<String>) -> Vec<Vec<String>> {
        self.database()
            .db
            .read::<_, _, DbError, _>(names, move |tx, names| {
                Box::pin(async move {
                    let rows = tx.query(sql, values![]).await?;
                    let text = |row: &db::Row, name: &String| row.get::<String>(name.as_str());
                    rows.iter().map(|row| names.iter().map(|name| text(row, name)).collect()).collect()
                })
            })
            .await
            .expect("every table can be read")
    }

    async fn columns(&self) -> BTreeMap<String, Vec<String>> {
        let sql = match self.app.store.engine() {
            Engine::Sqlite => {
                "SELECT t.name AS in_table, c.name AS in_column FROM sqlite_master t JOIN pragma_table_info(t.name) c
                 WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid"
            }
            Engine::Postgres => {
                "SELECT table_name::text AS in_table, column_name::text AS in_column FROM information_schema.columns
                 WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position"
            }
        };
        let mut columns = BTreeMap::<String, Vec<String>>::new();
        for pair in self.texts(sql, vec!["in_table".to_owned(), "in_column".to_owned()]).await {
            let [table, column] = pair.try_into().expect("two texts were asked for");
            columns.entry(table).or_default().push(column);
        }
        columns
    }

    async fn rows(&self, table: &str, columns: &[String]) -> Vec<DumpedRow> {
        let text = |column: &String| match self.app.store.engine() {
            Engine::Sqlite => format!(
                "CASE typeof(\"{column}\") WHEN 'blob' THEN hex(\"{column}\") ELSE COALESCE(CAST(\"{column}\" AS TEXT), '') END AS \"{column}\""
            ),
            Engine::Postgres => format!("COALESCE(\"{column}\"::text, '') AS \"{column}\""),
        };
        let list = columns.iter().map(text).collect::<Vec<_>>().join(", ");
        let sql = statement(format!("SELECT {list} FROM \"{table}\" ORDER BY 1"));
        let rows = self.texts(sql, columns.to_vec()).await;
        rows.into_iter().map(|row| columns.iter().cloned().zip(row).collect()).collect()
    }
}

/// Where a text stands in the tables, as `table.column`, as it is or in hexadecimal; whatever the case of letters.
pub fn places_of(dump: &Dump, text: &str) -> Vec<String> {
    let plain = text.to_lowercase();
    let bytes: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut places = Vec::new();
    for (table, rows) in dump {
        for (column, value) in rows.iter().flatten() {
            let value = value.to_lowercase();
            if value.contains(&plain) || value.contains(&bytes) {
                places.push(format!("{table}.{column}"));
            }
        }
    }
    places.sort();
    places.dedup();
    places
}
