//! Reads what is stored, with plain drivers, and compares it with what was acknowledged.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// All that is stored: keys with their task, lines per key, totals per task.
#[derive(Default)]
pub struct Stored {
    pub orders: BTreeMap<String, i64>,
    lines: BTreeMap<String, i64>,
    totals: BTreeMap<i64, i64>,
}

const ORDERS: &str = "SELECT key, task FROM orders";
const LINES: &str = "SELECT key, COUNT(*) FROM lines GROUP BY key";
const TOTALS: &str = "SELECT task, orders FROM totals";

pub fn read_sqlite(path: &Path) -> Stored {
    let connection = rusqlite::Connection::open(path).unwrap();
    let intact: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(intact, "ok");
    let pairs = |sql| -> BTreeMap<String, i64> {
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.map(Result::unwrap).collect()
    };
    let mut statement = connection.prepare(TOTALS).unwrap();
    let totals = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
    Stored { orders: pairs(ORDERS), lines: pairs(LINES), totals }
}

pub async fn read_postgres(url: &str, schema: &str) -> Stored {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute(&format!("SET search_path = {schema}")).await.unwrap();
    // Transactions of the killed writer may still be open on the server for a moment; they end, one way or the other, before this
    // lock is given.
    client.batch_execute("BEGIN; LOCK TABLE orders, lines, totals IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let mut stored = Stored::default();
    for row in client.query(ORDERS, &[]).await.unwrap() {
        stored.orders.insert(row.get(0), row.get(1));
    }
    for row in client.query(LINES, &[]).await.unwrap() {
        stored.lines.insert(row.get(0), row.get(1));
    }
    for row in client.query(TOTALS, &[]).await.unwrap() {
        stored.totals.insert(row.get(0), row.get(1));
    }
    stored
}

/// Every violation of the promises, in words. Empty is good.
pub fn violations(stored: &Stored, acknowledged: &BTreeSet<String>) -> Vec<String> {
    let mut found = Vec::new();
    for key in acknowledged {
        if !stored.orders.contains_key(key) {
            found.push(format!("{key} was acknowledged and is lost"));
        }
    }
    for key in stored.orders.keys() {
        let lines = stored.lines.get(key).copied().unwrap_or(0);
        if lines != 3 {
            found.push(format!("{key} has {lines} of 3 lines"));
        }
    }
    for key in stored.lines.keys() {
        if !stored.orders.contains_key(key) {
            found.push(format!("lines of {key} are there without their order"));
        }
    }
    for (task, total) in &stored.totals {
        let orders = stored.orders.values().filter(|owner| *owner == task).count() as i64;
        if orders != *total {
            found.push(format!("task {task} has {orders} orders, its total says {total}"));
        }
    }
    found
}

#[test]
fn the_checker_finds_each_kind_of_violation() {
    let map = |key: &str, count| BTreeMap::from([(key.to_owned(), count)]);
    let good = Stored { orders: map("a", 1), lines: map("a", 3), totals: BTreeMap::from([(1, 1)]) };
    let acknowledged = |key: &str| BTreeSet::from([key.to_owned()]);
    assert_eq!(violations(&good, &acknowledged("a")), Vec::<String>::new());
    assert_eq!(violations(&good, &acknowledged("b")), ["b was acknowledged and is lost"]);
    let half = Stored { orders: map("a", 1), lines: map("a", 2), totals: BTreeMap::from([(1, 1)]) };
    assert_eq!(violations(&half, &acknowledged("a")), ["a has 2 of 3 lines"]);
    let orphan = Stored { orders: BTreeMap::new(), lines: map("a", 3), totals: BTreeMap::from([(1, 0)]) };
    assert_eq!(violations(&orphan, &BTreeSet::new()), ["lines of a are there without their order"]);
    let lost = Stored { orders: map("a", 1), lines: map("a", 3), totals: BTreeMap::from([(1, 0)]) };
    assert_eq!(violations(&lost, &BTreeSet::new()), ["task 1 has 1 orders, its total says 0"]);
}
