//! The table `products`.

use db::values;
use domain::catalog::{FreezeReason, Product, ProductState, ProductStateName, Visibility};
use domain::ids::{InterfaceAddressId, OrganisationId, ProductId};
use domain::time::{Timestamp, to_millisecond};

use crate::decode::{Suspect, to_json};
use crate::selling::dial_tests::failing_addresses;
use crate::{StoreError, Tx};

/// The unique rule by which no two products share an address.
pub const ONE_SLUG: &str = "products_slug_unique";

/// A product with what pages say of its seller and its picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The product.
    pub product: Product,
    /// The seller's name.
    pub seller_name: String,
    /// Since when the seller is here.
    pub seller_since: Timestamp,
    /// The content hash of the picture on sale, when there is one: its address.
    pub logo_hash: Option<String>,
}

struct Facts {
    visibility: Option<&'static str>,
    listed_at: Option<i64>,
    frozen_at: Option<i64>,
    frozen_because: Option<&'static str>,
    discontinued_at: Option<i64>,
}

fn facts(state: &ProductState) -> Facts {
    let none =
        Facts { visibility: None, listed_at: None, frozen_at: None, frozen_because: None, discontinued_at: None };
    match state {
        ProductState::Draft | ProductState::InReview => none,
        ProductState::Listed { listed_at, visibility } => {
            Facts { visibility: Some(visibility.code()), listed_at: Some(to_millisecond(*listed_at)), ..none }
        }
        ProductState::Frozen { listed_at, visibility, frozen_at, because } => Facts {
            visibility: Some(visibility.code()),
            listed_at: Some(to_millisecond(*listed_at)),
            frozen_at: Some(to_millisecond(*frozen_at)),
            frozen_because: Some(because.code()),
            ..none
        },
        ProductState::Discontinued { listed_at, discontinued_at } => Facts {
            listed_at: Some(to_millisecond(*listed_at)),
            discontinued_at: Some(to_millisecond(*discontinued_at)),
            ..none
        },
    }
}

/// Writes a new product.
pub async fn insert(tx: &mut Tx, product: &Product) -> Result<(), StoreError> {
    let facts = facts(&product.state);
    tx.execute(
        "INSERT INTO products (id, seller_id, delivery, slug, state, visibility, listed_at, frozen_at, discontinued_at,
                               draft, draft_version, draft_saved_at, content, created_at, changed_at, logo_id,
                               interface_address, frozen_because, unfrozen_at, addressed_at, approved_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
        values![
            product.id.to_string(),
            product.seller.to_string(),
            product.delivery.code(),
            product.slug.clone(),
            product.state.name().code(),
            facts.visibility.map(str::to_owned),
            facts.listed_at,
            facts.frozen_at,
            facts.discontinued_at,
            to_json(&product.draft),
            product.draft_version,
            to_millisecond(product.draft_saved_at),
            product.release.as_ref().map(to_json),
            to_millisecond(product.created_at),
            to_millisecond(product.changed_at),
            logo_of(product),
            address_of(product),
            facts.frozen_because.map(str::to_owned),
            product.unfrozen_at.map(to_millisecond),
            product.addressed_at.map(to_millisecond),
            product.approved_at.map(to_millisecond),
        ],
    )
    .await?;
    Ok(())
}

/// Writes the draft alone: what an autosave does.
pub async fn save_draft(tx: &mut Tx, product: &Product) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE products SET draft = $2, draft_version = $3, draft_saved_at = $4 WHERE id = $1",
        values![
            product.id.to_string(),
            to_json(&product.draft),
            product.draft_version,
            to_millisecond(product.draft_saved_at),
        ],
    )
    .await?;
    Ok(())
}

/// Writes state, address and what is on sale.
pub async fn save_state(tx: &mut Tx, product: &Product) -> Result<(), StoreError> {
    let facts = facts(&product.state);
    tx.execute(
        "UPDATE products SET slug = $2, state = $3, visibility = $4, listed_at = $5, frozen_at = $6,
                             discontinued_at = $7, content = $8, changed_at = $9, logo_id = $10, interface_address = $11,
                             frozen_because = $12, unfrozen_at = $13, addressed_at = $14, approved_at = $15
         WHERE id = $1",
        values![
            product.id.to_string(),
            product.slug.clone(),
            product.state.name().code(),
            facts.visibility.map(str::to_owned),
            facts.listed_at,
            facts.frozen_at,
            facts.discontinued_at,
            product.release.as_ref().map(to_json),
            to_millisecond(product.changed_at),
            logo_of(product),
            address_of(product),
            facts.frozen_because.map(str::to_owned),
            product.unfrozen_at.map(to_millisecond),
            product.addressed_at.map(to_millisecond),
            product.approved_at.map(to_millisecond),
        ],
    )
    .await?;
    Ok(())
}

/// Removes a draft that was never listed, with its submissions.
pub async fn delete(tx: &mut Tx, id: ProductId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM release_applications WHERE product_id = $1", values![id.to_string()]).await?;
    tx.execute("DELETE FROM products WHERE id = $1", values![id.to_string()]).await?;
    Ok(())
}

/// The product, whoever owns it.
pub async fn find(tx: &mut Tx, id: ProductId) -> Result<Option<Product>, StoreError> {
    let row = tx.query_optional("SELECT * FROM products WHERE id = $1", values![id.to_string()]).await?;
    row.as_ref().map(decode).transpose()
}

/// The product, when `seller` owns it.
pub async fn find_of(tx: &mut Tx, seller: OrganisationId, id: ProductId) -> Result<Option<Product>, StoreError> {
    Ok(find(tx, id).await?.filter(|product| product.seller == seller))
}

/// The product, and nobody else changes it until the transaction ends.
pub async fn lock(tx: &mut Tx, id: ProductId) -> Result<Option<Product>, StoreError> {
    let row = tx
        .query_optional(concat!("SELECT * FROM products WHERE id = $1", db::for_update!()), values![id.to_string()])
        .await?;
    row.as_ref().map(decode).transpose()
}

/// A seller's products, the newest first.
pub async fn of_seller(tx: &mut Tx, seller: OrganisationId) -> Result<Vec<Product>, StoreError> {
    let rows = tx
        .query(
            "SELECT * FROM products WHERE seller_id = $1 ORDER BY created_at DESC, id DESC LIMIT 500",
            values![seller.to_string()],
        )
        .await?;
    rows.iter().map(decode).collect()
}

/// How many products a seller has on sale.
pub async fn listed_count(tx: &mut Tx, seller: OrganisationId) -> Result<i64, StoreError> {
    let row = tx
        .query_one(
            "SELECT COUNT(*) AS listed FROM products WHERE seller_id = $1 AND state = 'listed' AND visibility = 'public'",
            values![seller.to_string()],
        )
        .await?;
    Ok(row.get("listed")?)
}

/// How many products everybody sees.
pub async fn public_count(tx: &mut Tx) -> Result<i64, StoreError> {
    let row = tx
        .query_one(
            "SELECT COUNT(*) AS listed FROM products WHERE state = 'listed' AND visibility = 'public'",
            values![],
        )
        .await?;
    Ok(row.get("listed")?)
}

/// The production addresses of everything that is on sale, each once, with its seller; in the order of their ids, `most` of
/// them after the address `after`.
pub async fn addresses_on_sale(
    tx: &mut Tx,
    after: Option<InterfaceAddressId>,
    most: u32,
) -> Result<Vec<(InterfaceAddressId, OrganisationId)>, StoreError> {
    let rows = tx
        .query(
            "SELECT DISTINCT interface_address, seller_id FROM products
             WHERE state = 'listed' AND interface_address > $1 ORDER BY interface_address LIMIT $2",
            values![after.map(|id| id.to_string()).unwrap_or_default(), most],
        )
        .await?;
    let pair = |row: &db::Row| {
        let row = Suspect::named("products", row, "on sale");
        Ok((row.id("interface_address")?, row.id("seller_id")?))
    };
    rows.iter().map(pair).collect()
}

/// The products that are sold, or stopped, with this production address, the oldest first; nobody else changes them until
/// the transaction ends.
pub async fn lock_on_address(tx: &mut Tx, address: InterfaceAddressId) -> Result<Vec<Product>, StoreError> {
    let rows = tx
        .query(
            concat!(
                "SELECT * FROM products WHERE interface_address = $1 AND state IN ('listed', 'frozen') ORDER BY id",
                db::for_update!()
            ),
            values![address.to_string()],
        )
        .await?;
    rows.iter().map(decode).collect()
}

/// The same, only to look at.
pub async fn on_address(tx: &mut Tx, address: InterfaceAddressId) -> Result<Vec<Product>, StoreError> {
    let rows = tx
        .query(
            "SELECT * FROM products WHERE interface_address = $1 AND state IN ('listed', 'frozen') ORDER BY id",
            values![address.to_string()],
        )
        .await?;
    rows.iter().map(decode).collect()
}

/// How many products are sold with this address, were applied for with it, or were ordered with it, whatever became of them.
pub async fn count_of_address(tx: &mut Tx, address: InterfaceAddressId) -> Result<usize, StoreError> {
    let row = tx
        .query_one(
            "SELECT (SELECT COUNT(*) FROM products WHERE interface_address = $1)
               + (SELECT COUNT(*) FROM release_applications WHERE content LIKE $2
                    AND seller_id = (SELECT organisation_id FROM interface_addresses WHERE id = $1))
               + (SELECT COUNT(*) FROM orders WHERE interface_address = $1
                    AND seller = (SELECT organisation_id FROM interface_addresses WHERE id = $1)) AS products",
            values![address.to_string(), format!("%{address}%")],
        )
        .await?;
    let found: i64 = row.get("products")?;
    Ok(usize::try_from(found).unwrap_or(usize::MAX))
}

/// The products that are sold with the first `most` addresses of [`failing_now`](crate::selling::dial_tests::failing_now), the
/// oldest first, and no more than `most_products`.
pub async fn failing_now(
    tx: &mut Tx,
    since: Timestamp,
    most: u32,
    most_products: u32,
) -> Result<Vec<Product>, StoreError> {
    let rows = tx
        .query(
            concat!(
                "SELECT * FROM products WHERE state = 'listed' AND interface_address IN (",
                failing_addresses!(),
                ") ORDER BY id LIMIT $3"
            ),
            values![to_millisecond(since), most, most_products],
        )
        .await?;
    rows.iter().map(decode).collect()
}

/// The products whose trade was stopped for this reason, with their sellers, the longest stopped first.
pub async fn stopped(tx: &mut Tx, because: FreezeReason, most: u32) -> Result<Vec<Shown>, StoreError> {
    let rows = tx
        .query(
            "SELECT p.*, o.name AS seller_name, o.created_at AS seller_since, i.content_hash AS logo_hash
             FROM products p JOIN organisations o ON o.id = p.seller_id LEFT JOIN images i ON i.id = p.logo_id
             WHERE p.state = 'frozen' AND p.frozen_because = $1 ORDER BY p.frozen_at, p.id LIMIT $2",
            values![because.code(), most],
        )
        .await?;
    rows.iter().map(shown).collect()
}

/// Whether an address is taken.
pub async fn slug_taken(tx: &mut Tx, slug: &str) -> Result<bool, StoreError> {
    Ok(tx.query_optional("SELECT id FROM products WHERE slug = $1", values![slug]).await?.is_some())
}

/// The product at an address, in whatever state, with its seller.
pub async fn by_slug(tx: &mut Tx, slug: &str) -> Result<Option<Shown>, StoreError> {
    let row = tx
        .query_optional(
            "SELECT p.*, o.name AS seller_name, o.created_at AS seller_since, i.content_hash AS logo_hash
             FROM products p JOIN organisations o ON o.id = p.seller_id LEFT JOIN images i ON i.id = p.logo_id WHERE p.slug = $1",
            values![slug],
        )
        .await?;
    row.as_ref().map(shown).transpose()
}

/// The product with its seller.
pub async fn shown_by_id(tx: &mut Tx, id: ProductId) -> Result<Option<Shown>, StoreError> {
    let row = tx
        .query_optional(
            "SELECT p.*, o.name AS seller_name, o.created_at AS seller_since, i.content_hash AS logo_hash
             FROM products p JOIN organisations o ON o.id = p.seller_id LEFT JOIN images i ON i.id = p.logo_id WHERE p.id = $1",
            values![id.to_string()],
        )
        .await?;
    row.as_ref().map(shown).transpose()
}

/// Products whose public side changed at or after `since`, oldest change first, after the product `after` of the same
/// instant: the feed of the search index.
pub async fn changed_since(
    tx: &mut Tx,
    since: Timestamp,
    after: Option<ProductId>,
    most: u32,
) -> Result<Vec<Shown>, StoreError> {
    let rows = tx
        .query(
            "SELECT p.*, o.name AS seller_name, o.created_at AS seller_since, i.content_hash AS logo_hash
             FROM products p JOIN organisations o ON o.id = p.seller_id LEFT JOIN images i ON i.id = p.logo_id
             WHERE p.slug IS NOT NULL AND (p.changed_at > $1 OR (p.changed_at = $1 AND p.id > $2))
             ORDER BY p.changed_at, p.id LIMIT $3",
            values![to_millisecond(since), after.map(|id| id.to_string()).unwrap_or_default(), most],
        )
        .await?;
    rows.iter().map(shown).collect()
}

pub(crate) fn shown(row: &db::Row) -> Result<Shown, StoreError> {
    let product = decode(row)?;
    let suspect = Suspect::new("products", row)?;
    Ok(Shown {
        product,
        seller_name: suspect.text("seller_name")?,
        seller_since: suspect.instant("seller_since")?,
        logo_hash: suspect.optional_text("logo_hash")?,
    })
}

fn logo_of(product: &Product) -> Option<String> {
    product.release.as_ref().and_then(|release| release.logo).map(|logo| logo.to_string())
}

fn address_of(product: &Product) -> Option<String> {
    product.release.as_ref().and_then(|release| release.interface_address).map(|address| address.to_string())
}

fn decode(row: &db::Row) -> Result<Product, StoreError> {
    let row = Suspect::new("products", row)?;
    let content = match row.optional_text("content")? {
        Some(_) => Some(row.json("content")?),
        None => None,
    };
    Ok(Product {
        id: row.id("id")?,
        seller: row.id("seller_id")?,
        delivery: row.parsed("delivery")?,
        slug: row.optional_text("slug")?,
        state: decode_state(&row)?,
        draft: row.json("draft")?,
        draft_version: row.number("draft_version")?,
        draft_saved_at: row.instant("draft_saved_at")?,
        release: content,
        created_at: row.instant("created_at")?,
        changed_at: row.instant("changed_at")?,
        unfrozen_at: row.optional_instant("unfrozen_at")?,
        addressed_at: row.optional_instant("addressed_at")?,
        approved_at: row.optional_instant("approved_at")?,
    })
}

/// The twin of the table's CHECK: every other combination is corrupt.
pub(super) fn decode_state(row: &Suspect<'_>) -> Result<ProductState, StoreError> {
    let name: ProductStateName = row.parsed("state")?;
    let visibility: Option<Visibility> = row.optional_parsed("visibility")?;
    let listed_at = row.optional_instant("listed_at")?;
    let frozen_at = row.optional_instant("frozen_at")?;
    let discontinued_at = row.optional_instant("discontinued_at")?;
    match (name, visibility, listed_at, frozen_at, discontinued_at) {
        (ProductStateName::Draft, None, None, None, None) => Ok(ProductState::Draft),
        (ProductStateName::InReview, None, None, None, None) => Ok(ProductState::InReview),
        (ProductStateName::Listed, Some(visibility), Some(listed_at), None, None) => {
            Ok(ProductState::Listed { listed_at, visibility })
        }
        (ProductStateName::Frozen, Some(visibility), Some(listed_at), Some(frozen_at), None) => {
            // A node of the version before writes none.
            let because = row.optional_parsed("frozen_because")?.unwrap_or(FreezeReason::Operator);
            Ok(ProductState::Frozen { listed_at, visibility, frozen_at, because })
        }
        (ProductStateName::Discontinued, None, Some(listed_at), None, Some(discontinued_at)) => {
            Ok(ProductState::Discontinued { listed_at, discontinued_at })
        }
        (name, ..) => Err(row.corrupt(format_args!("facts do not match the state {}", name.code()))),
    }
}
