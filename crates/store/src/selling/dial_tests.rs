//! The table `dial_tests`.

use db::values;
use domain::ids::InterfaceAddressId;
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

/// The last test of each address of something on sale, where it failed, from `since` on; the latest first.
pub async fn failing_now(tx: &mut Tx, since: Timestamp, most: u32) -> Result<Vec<DialTest>, StoreError> {
    let rows = tx
        .query(
            "SELECT * FROM dial_tests AS test WHERE test.passed = 0 AND test.tested_at >= $1
               AND NOT EXISTS (SELECT 1 FROM dial_tests AS later WHERE later.address_id = test.address_id
                 AND (later.tested_at, later.id) > (test.tested_at, test.id))
               AND EXISTS (SELECT 1 FROM products WHERE interface_address = test.address_id AND state = 'listed')
             ORDER BY test.tested_at DESC, test.id DESC LIMIT $2",
            values![to_millisecond(since), most],
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
