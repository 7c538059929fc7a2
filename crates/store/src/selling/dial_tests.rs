//! The table `dial_tests`.

use db::values;
use domain::ids::{InterfaceAddressId, ProductId};
use domain::selling::{DialResult, DialSlot, DialTest};
use domain::time::{Timestamp, to_millisecond};

use crate::decode::{Suspect, to_json};
use crate::{StoreError, Tx};

/// Writes a test; says whether it is the first of its morning or afternoon.
pub async fn insert(tx: &mut Tx, test: &DialTest) -> Result<bool, StoreError> {
    let written = tx
        .execute(
            "INSERT INTO dial_tests (id, address_id, organisation_id, day, occasion, tested_at, cases, passed, failing)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
            values![
                test.id.to_string(),
                test.address.to_string(),
                test.seller.to_string(),
                test.slot.day.to_string(),
                test.slot.occasion.code(),
                to_millisecond(test.tested_at),
                test.cases,
                test.result() == DialResult::Passed,
                to_json(&test.failing),
            ],
        )
        .await?;
    Ok(written == 1)
}

/// Whether the address was tested on this morning or afternoon.
pub async fn done(tx: &mut Tx, address: InterfaceAddressId, slot: DialSlot) -> Result<bool, StoreError> {
    let row = tx
        .query_optional(
            "SELECT id FROM dial_tests WHERE address_id = $1 AND day = $2 AND occasion = $3 AND occasion <> 'asked'",
            values![address.to_string(), slot.day.to_string(), slot.occasion.code()],
        )
        .await?;
    Ok(row.is_some())
}

/// The last tests of an address, the latest first.
pub async fn last_of(tx: &mut Tx, address: InterfaceAddressId, most: u32) -> Result<Vec<DialTest>, StoreError> {
    let rows = tx
        .query(
            "SELECT * FROM dial_tests WHERE address_id = $1 ORDER BY tested_at DESC, id DESC LIMIT $2",
            values![address.to_string(), most],
        )
        .await?;
    rows.iter().map(decode).collect()
}

/// What the tests of an address came to from `since` on, in the order in which they were made; the latest `most` of them.
/// Failing ones that the seller asked for never count, so they are left out.
pub async fn results_since(
    tx: &mut Tx,
    address: InterfaceAddressId,
    since: Timestamp,
    most: u32,
) -> Result<Vec<(DialSlot, DialResult)>, StoreError> {
    let rows = tx
        .query(
            "SELECT id, day, occasion, passed FROM dial_tests WHERE address_id = $1 AND tested_at >= $2 AND (occasion <> 'asked' OR passed = 1)
             ORDER BY tested_at DESC, id DESC LIMIT $3",
            values![address.to_string(), to_millisecond(since), most],
        )
        .await?;
    rows.iter().rev().map(result).collect()
}

/// Of a row `test`: that it failed from `$1` on, and is the last one of its address.
macro_rules! failing {
    () => {
        "test.passed = 0 AND test.tested_at >= $1
           AND NOT EXISTS (SELECT 1 FROM dial_tests AS later WHERE later.address_id = test.address_id
             AND (later.tested_at, later.id) > (test.tested_at, test.id))"
    };
}
pub(crate) use failing;

/// The addresses of the first `$2` rows that [`failing_now`] answers: whatever else is read beside them is read for these.
macro_rules! failing_addresses {
    () => {
        concat!(
            "SELECT shown.address_id FROM (SELECT test.address_id FROM dial_tests AS test WHERE ",
            $crate::selling::dial_tests::failing!(),
            " AND EXISTS (SELECT 1 FROM products WHERE interface_address = test.address_id AND state = 'listed')
              ORDER BY test.tested_at DESC, test.id DESC LIMIT $2) AS shown"
        )
    };
}
pub(crate) use failing_addresses;

/// A failed test with where its calls went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failing {
    /// The test.
    pub test: DialTest,
    /// The address.
    pub url: String,
    /// The name of its seller.
    pub seller_name: String,
}

/// The last test of each address of something on sale, where it failed, from `since` on; the latest first.
pub async fn failing_now(tx: &mut Tx, since: Timestamp, most: u32) -> Result<Vec<Failing>, StoreError> {
    let rows = tx
        .query(
            concat!(
                "SELECT test.*, address.url, seller.name AS seller_name FROM dial_tests AS test
                   JOIN interface_addresses address ON address.id = test.address_id
                   JOIN organisations seller ON seller.id = address.organisation_id
                 WHERE ",
                failing!(),
                " AND EXISTS (SELECT 1 FROM products WHERE interface_address = test.address_id AND state = 'listed')
                 ORDER BY test.tested_at DESC, test.id DESC LIMIT $2"
            ),
            values![to_millisecond(since), most],
        )
        .await?;
    let failing = |row| {
        let test = decode(row)?;
        let row = Suspect::new("dial_tests", row)?;
        Ok(Failing { test, url: row.text("url")?, seller_name: row.text("seller_name")? })
    };
    rows.iter().map(failing).collect()
}

/// What counts of the tests of the first `most` addresses of [`failing_now`] from `counted_from` on, with the address and when it ended, in
/// the order in which they ended.
pub async fn results_of_failing(
    tx: &mut Tx,
    since: Timestamp,
    most: u32,
    counted_from: Timestamp,
) -> Result<Vec<(InterfaceAddressId, Timestamp, (DialSlot, DialResult))>, StoreError> {
    let rows = tx
        .query(
            concat!(
                "SELECT id, address_id, day, occasion, passed, tested_at FROM dial_tests
                 WHERE tested_at >= $3 AND (occasion <> 'asked' OR passed = 1) AND address_id IN (",
                failing_addresses!(),
                ") ORDER BY tested_at, id"
            ),
            values![to_millisecond(since), most, to_millisecond(counted_from)],
        )
        .await?;
    let counted = |row: &db::Row| {
        let suspect = Suspect::new("dial_tests", row)?;
        Ok((suspect.id("address_id")?, suspect.instant("tested_at")?, result(row)?))
    };
    rows.iter().map(counted).collect()
}

/// Products that dial tests stopped, each with a test `test` that its seller asked for since, that passed, and after which
/// none of its address failed.
macro_rules! mended {
    () => {
        "FROM products JOIN dial_tests test ON test.address_id = products.interface_address
         WHERE products.state = 'frozen' AND products.frozen_because = 'dial_tests'
           AND test.occasion = 'asked' AND test.passed = 1 AND test.tested_at >= products.frozen_at
           AND NOT EXISTS (SELECT 1 FROM dial_tests AS later WHERE later.address_id = test.address_id AND later.passed = 0
             AND (later.tested_at, later.id) > (test.tested_at, test.id))"
    };
}

/// Of the `most` products that are stopped the longest, those whose seller's own test passed since, with when it did, the last
/// time.
pub async fn mended(tx: &mut Tx, most: u32) -> Result<Vec<(ProductId, Timestamp)>, StoreError> {
    let sql = concat!(
        "SELECT products.id, MAX(test.tested_at) AS mended_at ",
        mended!(),
        " AND products.id IN (SELECT shown.id FROM (SELECT p.id FROM products p
              WHERE p.state = 'frozen' AND p.frozen_because = 'dial_tests' ORDER BY p.frozen_at, p.id LIMIT $1) AS shown)
          GROUP BY products.id"
    );
    let rows = tx.query(sql, values![most]).await?;
    let pair = |row: &db::Row| {
        let row = Suspect::new("products", row)?;
        Ok((row.id("id")?, row.instant("mended_at")?))
    };
    rows.iter().map(pair).collect()
}

/// How many there are.
pub async fn count_mended(tx: &mut Tx) -> Result<i64, StoreError> {
    let sql = concat!("SELECT COUNT(DISTINCT products.id) AS mended ", mended!());
    Ok(tx.query_one(sql, values![]).await?.get("mended")?)
}

/// When one of them passed.
pub async fn mended_at(tx: &mut Tx, product: ProductId) -> Result<Option<Timestamp>, StoreError> {
    let sql = concat!(
        "SELECT products.id, test.tested_at AS mended_at ",
        mended!(),
        " AND products.id = $1 ORDER BY test.tested_at DESC LIMIT 1"
    );
    let row = tx.query_optional(sql, values![product.to_string()]).await?;
    row.as_ref().map(|row| Suspect::new("products", row)?.instant("mended_at")).transpose()
}

/// The last test of each address of the `most` products that dial tests stopped the longest ago.
pub async fn last_of_stopped(tx: &mut Tx, most: u32) -> Result<Vec<DialTest>, StoreError> {
    let rows = tx
        .query(
            "SELECT test.* FROM (SELECT DISTINCT shown.interface_address AS address FROM (
                 SELECT interface_address FROM products WHERE state = 'frozen' AND frozen_because = 'dial_tests'
                 ORDER BY frozen_at, id LIMIT $1) AS shown WHERE shown.interface_address IS NOT NULL) stopped
               JOIN dial_tests test ON test.id = (SELECT last.id FROM dial_tests AS last
                 WHERE last.address_id = stopped.address ORDER BY last.tested_at DESC, last.id DESC LIMIT 1)",
            values![most],
        )
        .await?;
    rows.iter().map(decode).collect()
}

/// Forgets tests that were made before.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    Ok(tx.execute("DELETE FROM dial_tests WHERE tested_at < $1", values![to_millisecond(before)]).await?)
}

fn result(row: &db::Row) -> Result<(DialSlot, DialResult), StoreError> {
    let row = Suspect::new("dial_tests", row)?;
    let result = if row.truth("passed")? { DialResult::Passed } else { DialResult::Failed };
    Ok((DialSlot { day: row.parsed("day")?, occasion: row.parsed("occasion")? }, result))
}

fn decode(row: &db::Row) -> Result<DialTest, StoreError> {
    let (slot, result) = result(row)?;
    let row = Suspect::new("dial_tests", row)?;
    let test = DialTest {
        id: row.id("id")?,
        address: row.id("address_id")?,
        seller: row.id("organisation_id")?,
        slot,
        tested_at: row.instant("tested_at")?,
        cases: row.count("cases")?,
        failing: row.json("failing")?,
    };
    if test.result() == result { Ok(test) } else { Err(row.corrupt("the failing cases do not fit the result")) }
}
