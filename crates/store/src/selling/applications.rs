//! The tables `seller_applications` and `seller_agreements`.

use db::values;
use domain::ids::{OrganisationId, SellerApplicationId, UserId};
use domain::selling::{ApplicationStage, ApplicationState, Papers, SellerAgreement, SellerApplication};
use domain::time::{Timestamp, to_millisecond};

use crate::decode::{Suspect, to_json};
use crate::{Place, Safe, StoreError, Tx};

/// The unique rule by which an organisation has one application.
pub const ONE_PER_ORGANISATION: &str = "seller_applications_organisation_id_unique";

/// A consent as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The code of the agreement; a later program may know it no more.
    pub agreement: String,
    /// The version of its wording.
    pub version: String,
    /// When.
    pub agreed_at: Timestamp,
    /// By whom.
    pub agreed_by: UserId,
}

/// Writes a new application.
pub async fn insert(tx: &mut Tx, safe: &dyn Safe, application: &SellerApplication) -> Result<(), StoreError> {
    let facts = Facts::of(application);
    let id = application.id.to_string();
    let form = safe.seal(form_place(&id), &to_json(&application.form));
    tx.execute(
        "INSERT INTO seller_applications (id, organisation_id, stage, form_sealed, submitted_at, due_at, decided_at, decided_by,
                                          reason, created_at, changed_at, revision, logo_id, licence_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        values![
            id,
            application.organisation.to_string(),
            application.stage().code(),
            form,
            facts.submitted_at,
            facts.due_at,
            facts.decided_at,
            facts.decided_by,
            facts.reason,
            to_millisecond(application.created_at),
            to_millisecond(application.changed_at),
            application.revision,
            application.papers.logo.map(|id| id.to_string()),
            application.papers.licence.map(|id| id.to_string()),
        ],
    )
    .await?;
    Ok(())
}

/// Writes everything that can change of an application that [`lock`] or [`lock_of`] has read in this transaction.
pub async fn update(tx: &mut Tx, safe: &dyn Safe, application: &SellerApplication) -> Result<(), StoreError> {
    let facts = Facts::of(application);
    let id = application.id.to_string();
    let form = safe.seal(form_place(&id), &to_json(&application.form));
    tx.execute(
        "UPDATE seller_applications SET stage = $2, form_sealed = $3, submitted_at = $4, due_at = $5, decided_at = $6,
                decided_by = $7, reason = $8, changed_at = $9, revision = $10, logo_id = $11, licence_id = $12
         WHERE id = $1",
        values![
            id,
            application.stage().code(),
            form,
            facts.submitted_at,
            facts.due_at,
            facts.decided_at,
            facts.decided_by,
            facts.reason,
            to_millisecond(application.changed_at),
            application.revision,
            application.papers.logo.map(|id| id.to_string()),
            application.papers.licence.map(|id| id.to_string()),
        ],
    )
    .await?;
    Ok(())
}

/// The application with this id.
pub async fn find(
    tx: &mut Tx,
    safe: &dyn Safe,
    id: SellerApplicationId,
) -> Result<Option<SellerApplication>, StoreError> {
    let row = tx.query_optional("SELECT * FROM seller_applications WHERE id = $1", values![id.to_string()]).await?;
    row.as_ref().map(|row| decode(safe, row)).transpose()
}

/// As [`find`], and nobody else changes it until this transaction ends.
pub async fn lock(
    tx: &mut Tx,
    safe: &dyn Safe,
    id: SellerApplicationId,
) -> Result<Option<SellerApplication>, StoreError> {
    let row = tx
        .query_optional(
            concat!("SELECT * FROM seller_applications WHERE id = $1 ", db::for_update!()),
            values![id.to_string()],
        )
        .await?;
    row.as_ref().map(|row| decode(safe, row)).transpose()
}

/// The application of an organisation.
pub async fn of(
    tx: &mut Tx,
    safe: &dyn Safe,
    organisation: OrganisationId,
) -> Result<Option<SellerApplication>, StoreError> {
    let row = tx
        .query_optional(
            "SELECT * FROM seller_applications WHERE organisation_id = $1",
            values![organisation.to_string()],
        )
        .await?;
    row.as_ref().map(|row| decode(safe, row)).transpose()
}

/// As [`of`], and nobody else changes it until this transaction ends.
pub async fn lock_of(
    tx: &mut Tx,
    safe: &dyn Safe,
    organisation: OrganisationId,
) -> Result<Option<SellerApplication>, StoreError> {
    let row = tx
        .query_optional(
            concat!("SELECT * FROM seller_applications WHERE organisation_id = $1 ", db::for_update!()),
            values![organisation.to_string()],
        )
        .await?;
    row.as_ref().map(|row| decode(safe, row)).transpose()
}

/// A place in a list of applications: the instant by which it is ordered, and the id.
pub type Position = (Timestamp, SellerApplicationId);

/// What waits for an operator, longest waiting first, after a position when one is given.
pub async fn waiting(
    tx: &mut Tx,
    safe: &dyn Safe,
    after: Option<Position>,
    most: u32,
) -> Result<Vec<SellerApplication>, StoreError> {
    let (at, id) = after.map_or((i64::MIN, String::new()), |(at, id)| (to_millisecond(at), id.to_string()));
    let rows = tx
        .query(
            "SELECT * FROM seller_applications WHERE stage = 'pending_review' AND (submitted_at, id) > ($1, $2)
             ORDER BY submitted_at, id LIMIT $3",
            values![at, id, most],
        )
        .await?;
    rows.iter().map(|row| decode(safe, row)).collect()
}

/// What was decided, latest first, after a position when one is given.
pub async fn decided(
    tx: &mut Tx,
    safe: &dyn Safe,
    after: Option<Position>,
    most: u32,
) -> Result<Vec<SellerApplication>, StoreError> {
    let (at, id) = after.map_or((i64::MAX, String::new()), |(at, id)| (to_millisecond(at), id.to_string()));
    let rows = tx
        .query(
            "SELECT * FROM seller_applications WHERE decided_at IS NOT NULL AND (decided_at, id) < ($1, $2)
             ORDER BY decided_at DESC, id DESC LIMIT $3",
            values![at, id, most],
        )
        .await?;
    rows.iter().map(|row| decode(safe, row)).collect()
}

/// How many wait for an operator.
pub async fn count_waiting(tx: &mut Tx) -> Result<i64, StoreError> {
    let row = tx
        .query_one("SELECT COUNT(*) AS waiting FROM seller_applications WHERE stage = 'pending_review'", values![])
        .await?;
    Ok(row.get("waiting")?)
}

/// Notes a consent; the same wording agreed to again keeps its first instant.
pub async fn insert_consent(
    tx: &mut Tx,
    organisation: OrganisationId,
    (agreement, version): (SellerAgreement, u32),
    by: UserId,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO seller_agreements (organisation_id, agreement, version, agreed_at, agreed_by)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organisation_id, agreement, version) DO NOTHING",
        values![organisation.to_string(), agreement.code(), version.to_string(), to_millisecond(at), by.to_string()],
    )
    .await?;
    Ok(())
}

/// What an organisation agreed to as a seller, in order of time.
pub async fn consents(tx: &mut Tx, organisation: OrganisationId) -> Result<Vec<Consent>, StoreError> {
    let rows = tx
        .query(
            "SELECT * FROM seller_agreements WHERE organisation_id = $1 ORDER BY agreed_at, agreement, version",
            values![organisation.to_string()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let row = Suspect::named("seller_agreements", row, organisation.to_string());
            Ok(Consent {
                agreement: row.text("agreement")?,
                version: row.text("version")?,
                agreed_at: row.instant("agreed_at")?,
                agreed_by: row.id("agreed_by")?,
            })
        })
        .collect()
}

/// The facts of a state, spread over the columns.
#[derive(Default)]
struct Facts {
    submitted_at: Option<i64>,
    due_at: Option<i64>,
    decided_at: Option<i64>,
    decided_by: Option<String>,
    reason: Option<String>,
}

impl Facts {
    fn of(application: &SellerApplication) -> Facts {
        match &application.state {
            ApplicationState::Draft => Facts::default(),
            ApplicationState::PendingReview { submitted_at, due_at } => Facts {
                submitted_at: Some(to_millisecond(*submitted_at)),
                due_at: Some(to_millisecond(*due_at)),
                ..Facts::default()
            },
            ApplicationState::Approved { submitted_at, decided_at, decided_by } => Facts {
                submitted_at: Some(to_millisecond(*submitted_at)),
                decided_at: Some(to_millisecond(*decided_at)),
                decided_by: Some(decided_by.to_string()),
                ..Facts::default()
            },
            ApplicationState::Rejected { submitted_at, decided_at, decided_by, reason } => Facts {
                submitted_at: Some(to_millisecond(*submitted_at)),
                decided_at: Some(to_millisecond(*decided_at)),
                decided_by: Some(decided_by.to_string()),
                reason: Some(reason.clone()),
                due_at: None,
            },
        }
    }
}

fn form_place(application: &str) -> Place<'_> {
    Place { table: "seller_applications", column: "form_sealed", row: application }
}

fn decode(safe: &dyn Safe, row: &db::Row) -> Result<SellerApplication, StoreError> {
    let row = Suspect::new("seller_applications", row)?;
    let stage: ApplicationStage = row.parsed("stage")?;
    let facts = (
        row.optional_instant("submitted_at")?,
        row.optional_instant("due_at")?,
        row.optional_instant("decided_at")?,
        row.optional_parsed("decided_by")?,
        row.optional_text("reason")?,
    );
    let state = match (stage, facts) {
        (ApplicationStage::Draft, (None, None, None, None, None)) => ApplicationState::Draft,
        (ApplicationStage::PendingReview, (Some(submitted_at), Some(due_at), None, None, None)) => {
            ApplicationState::PendingReview { submitted_at, due_at }
        }
        (ApplicationStage::Approved, (Some(submitted_at), None, Some(decided_at), Some(decided_by), None)) => {
            ApplicationState::Approved { submitted_at, decided_at, decided_by }
        }
        (ApplicationStage::Rejected, (Some(submitted_at), None, Some(decided_at), Some(decided_by), Some(reason))) => {
            ApplicationState::Rejected { submitted_at, decided_at, decided_by, reason }
        }
        (stage, _) => return Err(row.corrupt(format_args!("the facts do not fit the stage {}", stage.code()))),
    };
    let id: SellerApplicationId = row.id("id")?;
    let form = row.opened(safe, "form_sealed", form_place(&id.to_string()))?;
    let form =
        serde_json::from_str(&form).map_err(|error| row.corrupt(format_args!("the form does not read: {error}")))?;
    Ok(SellerApplication {
        id,
        organisation: row.id("organisation_id")?,
        form,
        papers: Papers { logo: row.optional_parsed("logo_id")?, licence: row.optional_parsed("licence_id")? },
        state,
        created_at: row.instant("created_at")?,
        changed_at: row.instant("changed_at")?,
        revision: row.count("revision")?,
    })
}
