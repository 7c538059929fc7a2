//! The table `specifications`: what an order names, also after it went off sale.

use db::values;
use domain::catalog::{Release, Specification};
use domain::ids::{ProductId, SpecificationId};
use domain::time::{Timestamp, to_millisecond};

use crate::decode::{Suspect, to_json};
use crate::{StoreError, Tx};

/// A specification as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecificationRow {
    /// The product.
    pub product: ProductId,
    /// What it is.
    pub specification: Specification,
    /// When it went off sale for good.
    pub discontinued_at: Option<Timestamp>,
}

/// Makes the specifications of `release` the ones on sale: new ones come, changed ones change, those that are not in it
/// are discontinued.
pub async fn replace(tx: &mut Tx, product: ProductId, release: &Release, now: Timestamp) -> Result<(), StoreError> {
    for (position, specification) in (0_i64..).zip(&release.specifications) {
        tx.execute(
            "INSERT INTO specifications (id, product_id, position, content) VALUES ($1, $2, $3, $4)
             ON CONFLICT (id) DO UPDATE SET position = $3, content = $4, discontinued_at = NULL",
            values![specification.id.to_string(), product.to_string(), position, to_json(specification)],
        )
        .await?;
    }
    for row in of_product(tx, product).await? {
        if row.discontinued_at.is_none() && release.specification(row.specification.id).is_none() {
            tx.execute(
                "UPDATE specifications SET discontinued_at = $2 WHERE id = $1",
                values![row.specification.id.to_string(), to_millisecond(now)],
            )
            .await?;
        }
    }
    Ok(())
}

/// The specification, on sale or not.
pub async fn find(tx: &mut Tx, id: SpecificationId) -> Result<Option<SpecificationRow>, StoreError> {
    let row = tx.query_optional("SELECT * FROM specifications WHERE id = $1", values![id.to_string()]).await?;
    row.as_ref().map(decode).transpose()
}

/// Every specification that a product ever had, those on sale in their order.
pub async fn of_product(tx: &mut Tx, product: ProductId) -> Result<Vec<SpecificationRow>, StoreError> {
    let rows = tx
        .query("SELECT * FROM specifications WHERE product_id = $1 ORDER BY position, id", values![product.to_string()])
        .await?;
    rows.iter().map(decode).collect()
}

fn decode(row: &db::Row) -> Result<SpecificationRow, StoreError> {
    let row = Suspect::new("specifications", row)?;
    let specification: Specification = row.json("content")?;
    if specification.id != row.id::<SpecificationId>("id")? {
        return Err(row.corrupt("content is of another specification"));
    }
    Ok(SpecificationRow {
        product: row.id("product_id")?,
        specification,
        discontinued_at: row.optional_instant("discontinued_at")?,
    })
}
