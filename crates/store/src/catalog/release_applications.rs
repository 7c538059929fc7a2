//! The table `release_applications`.

use db::values;
use domain::catalog::{ApplicationState, ApplicationStateName, Claim, FieldReason, ReleaseApplication};
use domain::ids::{OrganisationId, ProductId, ReleaseApplicationId, UserId};
use domain::time::{Timestamp, to_millisecond};

use crate::decode::{Suspect, to_json};
use crate::identity::users::name_place;
use crate::{Safe, StoreError, Tx};

/// The unique rule by which a product has one pending submission.
pub const ONE_PENDING: &str = "release_applications_product_id_unique";

struct Facts {
    claimed_by: Option<String>,
    claimed_at: Option<i64>,
    decided_by: Option<String>,
    decided_at: Option<i64>,
    reason: Option<String>,
    field_reasons: Option<String>,
}

fn facts(state: &ApplicationState) -> Facts {
    let none = Facts {
        claimed_by: None,
        claimed_at: None,
        decided_by: None,
        decided_at: None,
        reason: None,
        field_reasons: None,
    };
    match state {
        ApplicationState::Pending { claim: None } => none,
        ApplicationState::Pending { claim: Some(Claim { by, at }) } => {
            Facts { claimed_by: Some(by.to_string()), claimed_at: Some(to_millisecond(*at)), ..none }
        }
        ApplicationState::Withdrawn { at } => Facts { decided_at: Some(to_millisecond(*at)), ..none },
        ApplicationState::Approved { at, by } => {
            Facts { decided_by: Some(by.to_string()), decided_at: Some(to_millisecond(*at)), ..none }
        }
        ApplicationState::Rejected { at, by, reason, fields } => Facts {
            decided_by: Some(by.to_string()),
            decided_at: Some(to_millisecond(*at)),
            reason: Some(reason.clone()),
            field_reasons: Some(to_json(fields)),
            ..none
        },
    }
}

/// Writes a new submission.
pub async fn insert(tx: &mut Tx, application: &ReleaseApplication) -> Result<(), StoreError> {
    let facts = facts(&application.state);
    tx.execute(
        "INSERT INTO release_applications (id, product_id, seller_id, kind, content, cases_replayed, submitted_by,
             submitted_at, due_at, state, claimed_by, claimed_at, decided_by, decided_at, reason, field_reasons)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        values![
            application.id.to_string(),
            application.product.to_string(),
            application.seller.to_string(),
            application.kind.code(),
            to_json(&application.release),
            application.cases_replayed,
            application.submitted_by.to_string(),
            to_millisecond(application.submitted_at),
            to_millisecond(application.due_at),
            application.state.name().code(),
            facts.claimed_by,
            facts.claimed_at,
            facts.decided_by,
            facts.decided_at,
            facts.reason,
            facts.field_reasons,
        ],
    )
    .await?;
    Ok(())
}

/// Writes where a submission stands.
pub async fn save_state(tx: &mut Tx, application: &ReleaseApplication) -> Result<(), StoreError> {
    let facts = facts(&application.state);
    tx.execute(
        "UPDATE release_applications SET state = $2, claimed_by = $3, claimed_at = $4, decided_by = $5, decided_at = $6,
                                         reason = $7, field_reasons = $8
         WHERE id = $1",
        values![
            application.id.to_string(),
            application.state.name().code(),
            facts.claimed_by,
            facts.claimed_at,
            facts.decided_by,
            facts.decided_at,
            facts.reason,
            facts.field_reasons,
        ],
    )
    .await?;
    Ok(())
}

/// The submission.
pub async fn find(tx: &mut Tx, id: ReleaseApplicationId) -> Result<Option<ReleaseApplication>, StoreError> {
    let row = tx.query_optional("SELECT * FROM release_applications WHERE id = $1", values![id.to_string()]).await?;
    row.as_ref().map(decode).transpose()
}

/// The submission, and nobody else changes it until the transaction ends.
pub async fn lock(tx: &mut Tx, id: ReleaseApplicationId) -> Result<Option<ReleaseApplication>, StoreError> {
    let row = tx
        .query_optional(
            concat!("SELECT * FROM release_applications WHERE id = $1", db::for_update!()),
            values![id.to_string()],
        )
        .await?;
    row.as_ref().map(decode).transpose()
}

/// A product's newest submission.
pub async fn latest_of(tx: &mut Tx, product: ProductId) -> Result<Option<ReleaseApplication>, StoreError> {
    let row = tx
        .query_optional(
            "SELECT * FROM release_applications WHERE product_id = $1 ORDER BY submitted_at DESC, id DESC LIMIT 1",
            values![product.to_string()],
        )
        .await?;
    row.as_ref().map(decode).transpose()
}

/// A seller's submissions, the newest first.
pub async fn of_seller(tx: &mut Tx, seller: OrganisationId) -> Result<Vec<ReleaseApplication>, StoreError> {
    let rows = tx
        .query(
            "SELECT * FROM release_applications WHERE seller_id = $1 ORDER BY submitted_at DESC, id DESC LIMIT 200",
            values![seller.to_string()],
        )
        .await?;
    rows.iter().map(decode).collect()
}

/// A product's submissions, the newest first.
pub async fn of_product(tx: &mut Tx, product: ProductId) -> Result<Vec<ReleaseApplication>, StoreError> {
    let rows = tx
        .query(
            "SELECT * FROM release_applications WHERE product_id = $1 ORDER BY submitted_at DESC, id DESC LIMIT 50",
            values![product.to_string()],
        )
        .await?;
    rows.iter().map(decode).collect()
}

/// A submission in the operator's queue, with names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queued {
    /// The submission.
    pub application: ReleaseApplication,
    /// Who sells.
    pub seller_name: String,
    /// Who claimed it.
    pub claimed_by_name: Option<String>,
}

/// What waits for a decision, the oldest first (ux.md U-46); after the one with this instant and id when given.
pub async fn queue(
    tx: &mut Tx,
    safe: &dyn Safe,
    after: Option<(Timestamp, ReleaseApplicationId)>,
    most: u32,
) -> Result<Vec<Queued>, StoreError> {
    let (at, id) = after.map_or((-1, String::new()), |(at, id)| (to_millisecond(at), id.to_string()));
    let rows = tx
        .query(
            "SELECT a.*, o.name AS seller_name, u.name_sealed AS claimed_by_name
             FROM release_applications a
             JOIN organisations o ON o.id = a.seller_id
             LEFT JOIN users u ON u.id = a.claimed_by
             WHERE a.state = 'pending' AND (a.submitted_at > $1 OR (a.submitted_at = $1 AND a.id > $2))
             ORDER BY a.submitted_at, a.id LIMIT $3",
            values![at, id, most],
        )
        .await?;
    rows.iter().map(|row| queued(safe, row)).collect()
}

/// One submission with names, in whatever state.
pub async fn find_with_names(
    tx: &mut Tx,
    safe: &dyn Safe,
    id: ReleaseApplicationId,
) -> Result<Option<Queued>, StoreError> {
    let row = tx
        .query_optional(
            "SELECT a.*, o.name AS seller_name, u.name_sealed AS claimed_by_name
             FROM release_applications a
             JOIN organisations o ON o.id = a.seller_id
             LEFT JOIN users u ON u.id = a.claimed_by
             WHERE a.id = $1",
            values![id.to_string()],
        )
        .await?;
    row.as_ref().map(|row| queued(safe, row)).transpose()
}

fn queued(safe: &dyn Safe, row: &db::Row) -> Result<Queued, StoreError> {
    let application = decode(row)?;
    let suspect = Suspect::new("release_applications", row)?;
    let claimed_by_name = match suspect.optional_text("claimed_by")? {
        Some(user) => Some(suspect.opened(safe, "claimed_by_name", name_place(&user))?),
        None => None,
    };
    Ok(Queued { application, seller_name: suspect.text("seller_name")?, claimed_by_name })
}

fn decode(row: &db::Row) -> Result<ReleaseApplication, StoreError> {
    let row = Suspect::new("release_applications", row)?;
    Ok(ReleaseApplication {
        id: row.id("id")?,
        product: row.id("product_id")?,
        seller: row.id("seller_id")?,
        kind: row.parsed("kind")?,
        release: row.json("content")?,
        cases_replayed: row.count("cases_replayed")?,
        submitted_by: row.id("submitted_by")?,
        submitted_at: row.instant("submitted_at")?,
        due_at: row.instant("due_at")?,
        state: decode_state(&row)?,
    })
}

/// The twin of the table's CHECK: every other combination is corrupt.
fn decode_state(row: &Suspect<'_>) -> Result<ApplicationState, StoreError> {
    use ApplicationStateName as Name;
    let name: Name = row.parsed("state")?;
    let claimed = (row.optional_parsed::<UserId>("claimed_by")?, row.optional_instant("claimed_at")?);
    let decided = (row.optional_parsed::<UserId>("decided_by")?, row.optional_instant("decided_at")?);
    let reason = row.optional_text("reason")?;
    let fields: Option<Vec<FieldReason>> = match row.optional_text("field_reasons")? {
        Some(_) => Some(row.json("field_reasons")?),
        None => None,
    };
    match (name, claimed, decided, reason, fields) {
        (Name::Pending, (None, None), (None, None), None, None) => Ok(ApplicationState::Pending { claim: None }),
        (Name::Pending, (Some(by), Some(at)), (None, None), None, None) => {
            Ok(ApplicationState::Pending { claim: Some(Claim { by, at }) })
        }
        (Name::Withdrawn, (None, None), (None, Some(at)), None, None) => Ok(ApplicationState::Withdrawn { at }),
        (Name::Approved, (None, None), (Some(by), Some(at)), None, None) => Ok(ApplicationState::Approved { at, by }),
        (Name::Rejected, (None, None), (Some(by), Some(at)), Some(reason), Some(fields)) => {
            Ok(ApplicationState::Rejected { at, by, reason, fields })
        }
        (name, ..) => Err(row.corrupt(format_args!("facts do not match the state {}", name.code()))),
    }
}
