//! The table `product_removals`: what operators took from sale for good, and why. A seller's own end of sale has no row.

use db::values;
use domain::ids::{ProductId, UserId};
use domain::time::{Timestamp, to_millisecond};

use crate::decode::Suspect;
use crate::{StoreError, Tx};

/// One removal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// What was taken from sale.
    pub product: ProductId,
    /// When.
    pub at: Timestamp,
    /// By which operator.
    pub by: UserId,
    /// What the seller was told, 10 to 2,000 characters.
    pub reason: String,
}

/// Writes it. A product is removed once.
pub async fn insert(tx: &mut Tx, removal: &Removal) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO product_removals (product_id, removed_at, removed_by, reason) VALUES ($1, $2, $3, $4)",
        values![
            removal.product.to_string(),
            to_millisecond(removal.at),
            removal.by.to_string(),
            removal.reason.clone()
        ],
    )
    .await?;
    Ok(())
}

/// The removal of a product, if an operator removed it.
pub async fn find(tx: &mut Tx, product: ProductId) -> Result<Option<Removal>, StoreError> {
    let row =
        tx.query_optional("SELECT * FROM product_removals WHERE product_id = $1", values![product.to_string()]).await?;
    let Some(row) = row else { return Ok(None) };
    let row = Suspect::named("product_removals", &row, product.to_string());
    Ok(Some(Removal {
        product,
        at: row.instant("removed_at")?,
        by: row.parsed("removed_by")?,
        reason: row.text("reason")?,
    }))
}
