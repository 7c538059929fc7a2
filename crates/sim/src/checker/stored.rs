//! All that is stored, read with plain drivers in one snapshot: every table, every row, every cell.
//!
//! *What is not here.* Judging it. The checker looks at rows as they are, not through the product's types.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use rusqlite::OpenFlags;
use rusqlite::types::ValueRef;
use tokio_postgres::types::Type;

use crate::ground::Engine;

/// One value of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// A number.
    Int(i64),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// One table as it was in the snapshot.
#[derive(Clone, Debug, Default)]
pub struct Table {
    columns: Vec<String>,
    cells: Vec<Vec<Cell>>,
}

/// Everything that was in the snapshot.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    tables: BTreeMap<String, Table>,
}

/// One row.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    columns: &'a [String],
    cells: &'a [Cell],
}

impl<'a> Row<'a> {
    fn cell(&self, column: &str) -> Option<&'a Cell> {
        let place = self.columns.iter().position(|name| name == column)?;
        self.cells.get(place)
    }

    /// A text; empty when there is none.
    pub fn text(&self, column: &str) -> &'a str {
        match self.cell(column) {
            Some(Cell::Text(text)) => text,
            Some(Cell::Null | Cell::Int(_) | Cell::Bytes(_)) | None => "",
        }
    }

    /// A number; none when it is null or something else.
    pub fn number(&self, column: &str) -> Option<i64> {
        match self.cell(column) {
            Some(Cell::Int(number)) => Some(*number),
            Some(Cell::Null | Cell::Text(_) | Cell::Bytes(_)) | None => None,
        }
    }

    /// Every text of the row with its column.
    pub fn texts(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.columns.iter().zip(self.cells).filter_map(|(column, cell)| match cell {
            Cell::Text(text) => Some((column.as_str(), text.as_str())),
            Cell::Null | Cell::Int(_) | Cell::Bytes(_) => None,
        })
    }
}

impl Stored {
    /// The rows of a table; none when there is no such table.
    pub fn rows<'a>(&'a self, table: &str) -> Box<dyn Iterator<Item = Row<'a>> + 'a> {
        match self.tables.get(table) {
            None => Box::new(std::iter::empty()),
            Some(table) => Box::new(table.cells.iter().map(|cells| Row { columns: &table.columns, cells })),
        }
    }

    /// The names of all tables.
    pub fn tables(&self) -> impl Iterator<Item = &str> {
        self.tables.keys().map(String::as_str)
    }

    /// Fails when a table that is to be judged is not there at all: then nothing was judged.
    pub fn require(&self, tables: &[&str]) -> Result<()> {
        for table in tables {
            if !self.tables.contains_key(*table) {
                bail!("there is no table {table}");
            }
        }
        Ok(())
    }

    /// Reads an embedded database, also one that a killed process left behind, also while a process serves it.
    pub fn read_sqlite(path: &Path) -> Result<Stored> {
        let open = || -> Result<Stored> {
            let connection = rusqlite::Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
            connection.pragma_update(None, "query_only", true)?;
            connection.execute_batch("BEGIN")?;
            let intact: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
            if intact != "ok" {
                bail!("the database is damaged: {intact}");
            }
            let list = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
            let mut names = connection.prepare(list)?;
            let names: Vec<String> = names.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
            let tables = names.into_iter().map(|name| Ok((name.clone(), sqlite_table(&connection, &name)?)));
            Ok(Stored { tables: tables.collect::<Result<_>>()? })
        };
        open().with_context(|| format!("cannot read {}", path.display()))
    }

    /// Reads one schema of a PostgreSQL database.
    pub async fn read_postgres(url: &str, schema: &str) -> Result<Stored> {
        let client = connect(url).await?;
        client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        let list = "SELECT table_name::text FROM information_schema.tables WHERE table_schema = $1";
        let mut tables = BTreeMap::new();
        for row in client.query(list, &[&schema]).await? {
            let name: String = row.get(0);
            tables.insert(name.clone(), postgres_table(&client, schema, &name).await?);
        }
        Ok(Stored { tables })
    }
}

/// How much a running marketplace has still to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnderWay {
    /// Paid orders that are neither served nor refunded nor with people (I8).
    pub orders: u64,
    /// Sealed events: the audit chain has been begun.
    pub sealed: u64,
}

const UNDER_WAY: &str =
    "SELECT (SELECT COUNT(*) FROM orders WHERE state = 'processing' AND NOT EXISTS (SELECT 1 FROM seller_calls
      WHERE seller_calls.order_id = orders.id AND step = 'create' AND seller_calls.state = 'parked')),
    (SELECT COUNT(*) FROM (SELECT sequence FROM event_seals LIMIT 1) AS first)";

/// Asks without reading everything, so that asking does not slow down what is waited for.
pub async fn under_way(engine: &Engine, storage: &Path) -> Result<UnderWay> {
    let (orders, sealed): (i64, i64) = match engine {
        Engine::Sqlite => {
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
            let connection = rusqlite::Connection::open_with_flags(storage.join("souk.db"), flags)?;
            connection.pragma_update(None, "query_only", true)?;
            connection.query_row(UNDER_WAY, [], |row| Ok((row.get(0)?, row.get(1)?)))?
        }
        Engine::Postgres { url, schema } => {
            let client = connect(url).await?;
            client.batch_execute(&format!("SET search_path TO {schema}")).await?;
            let row = client.query_one(UNDER_WAY, &[]).await?;
            (row.try_get(0)?, row.try_get(1)?)
        }
    };
    Ok(UnderWay { orders: u64::try_from(orders)?, sealed: u64::try_from(sealed)? })
}

/// A connection of the harness itself to PostgreSQL.
pub async fn connect(url: &str) -> Result<tokio_postgres::Client> {
    let (client, connection) =
        tokio_postgres::connect(url, tokio_postgres::NoTls).await.context("PostgreSQL cannot be reached")?;
    #[expect(clippy::disallowed_methods, reason = "the connection's own task ends with the client")]
    tokio::spawn(connection);
    Ok(client)
}

fn sqlite_table(connection: &rusqlite::Connection, name: &str) -> Result<Table> {
    let mut statement = connection.prepare(&format!("SELECT * FROM \"{name}\""))?;
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let count = columns.len();
    let mut rows = statement.query([])?;
    let mut cells = Vec::new();
    while let Some(row) = rows.next()? {
        let one = (0..count).map(|place| {
            Ok(match row.get_ref(place)? {
                ValueRef::Null => Cell::Null,
                ValueRef::Integer(number) => Cell::Int(number),
                ValueRef::Real(_) => bail!("{name} holds a number with a fraction"),
                ValueRef::Text(text) => Cell::Text(String::from_utf8(text.to_vec())?),
                ValueRef::Blob(bytes) => Cell::Bytes(bytes.to_vec()),
            })
        });
        cells.push(one.collect::<Result<_>>()?);
    }
    Ok(Table { columns, cells })
}

async fn postgres_table(client: &tokio_postgres::Client, schema: &str, name: &str) -> Result<Table> {
    let statement = client.prepare(&format!("SELECT * FROM \"{schema}\".\"{name}\"")).await?;
    let columns: Vec<String> = statement.columns().iter().map(|column| column.name().to_owned()).collect();
    let mut cells = Vec::new();
    for row in client.query(&statement, &[]).await? {
        let one = row.columns().iter().enumerate().map(|(place, column)| postgres_cell(&row, place, column.type_()));
        cells.push(one.collect::<Result<_>>().with_context(|| format!("table {name}"))?);
    }
    Ok(Table { columns, cells })
}

fn postgres_cell(row: &tokio_postgres::Row, place: usize, kind: &Type) -> Result<Cell> {
    let cell = if *kind == Type::INT8 {
        row.try_get::<_, Option<i64>>(place)?.map(Cell::Int)
    } else if *kind == Type::INT4 {
        row.try_get::<_, Option<i32>>(place)?.map(|number| Cell::Int(number.into()))
    } else if *kind == Type::TEXT || *kind == Type::VARCHAR {
        row.try_get::<_, Option<String>>(place)?.map(Cell::Text)
    } else if *kind == Type::BYTEA {
        row.try_get::<_, Option<Vec<u8>>>(place)?.map(Cell::Bytes)
    } else {
        bail!("a column of type {kind}, which is not portable");
    };
    Ok(cell.unwrap_or(Cell::Null))
}
