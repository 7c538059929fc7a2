//! The table `failed_orders`: one row for each product and month in which an order failed.

use db::values;
use domain::ids::{OrganisationId, ProductId};
use domain::selling::{FailedOrders, Month};
use domain::time::to_millisecond;

use crate::catalog::products::{Shown, shown};
use crate::decode::Suspect;
use crate::{StoreError, Tx};

/// Counts one more, and nobody else counts for this product and month until the transaction ends.
pub async fn count(
    tx: &mut Tx,
    product: ProductId,
    seller: OrganisationId,
    month: Month,
) -> Result<FailedOrders, StoreError> {
    let row = tx
        .query_one(
            "INSERT INTO failed_orders (product_id, organisation_id, month, failed) VALUES ($1, $2, $3, 1)
             ON CONFLICT (product_id, month) DO UPDATE SET failed = failed_orders.failed + 1 RETURNING *",
            values![product.to_string(), seller.to_string(), month.to_string()],
        )
        .await?;
    decode(&row)
}

/// Writes when it was put before the operator, and what was decided.
pub async fn save(tx: &mut Tx, orders: &FailedOrders) -> Result<(), StoreError> {
    let decided = orders.decided.as_ref();
    tx.execute(
        "UPDATE failed_orders SET raised_at = $3, decision = $4, decided_at = $5, decided_by = $6, reason = $7
         WHERE product_id = $1 AND month = $2",
        values![
            orders.product.to_string(),
            orders.month.to_string(),
            orders.raised_at.map(to_millisecond),
            decided.map(|(decision, ..)| decision.code().to_owned()),
            decided.map(|(_, at, ..)| to_millisecond(*at)),
            decided.map(|(_, _, by, _)| by.to_string()),
            decided.map(|(.., reason)| reason.clone()),
        ],
    )
    .await?;
    Ok(())
}

/// The months of a product, the latest first.
pub async fn of_product(tx: &mut Tx, product: ProductId, most: u32) -> Result<Vec<FailedOrders>, StoreError> {
    let rows = tx
        .query(
            "SELECT * FROM failed_orders WHERE product_id = $1 ORDER BY month DESC LIMIT $2",
            values![product.to_string(), most],
        )
        .await?;
    rows.iter().map(decode).collect()
}

/// The months of a product that wait for a decision, the latest first; nobody else decides until the transaction ends.
pub async fn lock_waiting(tx: &mut Tx, product: ProductId) -> Result<Vec<FailedOrders>, StoreError> {
    let rows = tx
        .query(
            concat!(
                "SELECT * FROM failed_orders WHERE product_id = $1 AND raised_at IS NOT NULL AND decided_at IS NULL
                 ORDER BY month DESC",
                db::for_update!()
            ),
            values![product.to_string()],
        )
        .await?;
    rows.iter().map(decode).collect()
}

/// What waits for the operator, with its product, the longest waiting first.
pub async fn waiting(tx: &mut Tx, most: u32) -> Result<Vec<(FailedOrders, Shown)>, StoreError> {
    let rows = tx
        .query(
            "SELECT f.*, p.*, o.name AS seller_name, o.created_at AS seller_since, i.content_hash AS logo_hash
             FROM failed_orders f JOIN products p ON p.id = f.product_id JOIN organisations o ON o.id = p.seller_id
               LEFT JOIN images i ON i.id = p.logo_id
             WHERE f.raised_at IS NOT NULL AND f.decided_at IS NULL ORDER BY f.raised_at, f.product_id LIMIT $1",
            values![most],
        )
        .await?;
    rows.iter().map(|row| Ok((decode(row)?, shown(row)?))).collect()
}

/// How many months of products wait for the operator.
pub async fn count_waiting(tx: &mut Tx) -> Result<i64, StoreError> {
    let sql = "SELECT COUNT(*) AS waiting FROM failed_orders WHERE raised_at IS NOT NULL AND decided_at IS NULL";
    Ok(tx.query_one(sql, values![]).await?.get("waiting")?)
}

fn decode(row: &db::Row) -> Result<FailedOrders, StoreError> {
    let row = Suspect::named("failed_orders", row, row.get::<String>("product_id")?);
    let facts = (
        row.optional_parsed("decision")?,
        row.optional_instant("decided_at")?,
        row.optional_parsed("decided_by")?,
        row.optional_text("reason")?,
    );
    let decided = match facts {
        (None, None, None, None) => None,
        (Some(decision), Some(at), Some(by), Some(reason)) => Some((decision, at, by, reason)),
        _ => return Err(row.corrupt("a decision without its facts")),
    };
    Ok(FailedOrders {
        product: row.id("product_id")?,
        seller: row.id("organisation_id")?,
        month: row.parsed("month")?,
        failed: row.count("failed")?,
        raised_at: row.optional_instant("raised_at")?,
        decided,
    })
}
