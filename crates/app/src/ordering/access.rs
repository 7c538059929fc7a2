//! How a buyer gets into an app: what the seller said, sealed at rest, the first password by itself.

use domain::ids::SubscriptionId;
use domain::time::Timestamp;
use store::ordering::subscriptions::SealedAccess;

use crate::vault::Place;
use crate::{App, AppError};

/// What a seller said about getting in. Only lives between the answer and the vault; `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct AccessData {
    /// Address for the user.
    pub front_end_url: String,
    /// Address for the administrator.
    pub admin_url: Option<String>,
    /// Administrator account.
    pub user_name: Option<String>,
    /// First password.
    pub password: Option<String>,
    /// Remarks.
    pub memo: Option<String>,
}

impl std::fmt::Debug for AccessData {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AccessData(••••)")
    }
}

/// What a page may show without asking for the password again. The first password itself is not in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessView {
    /// Address for the user.
    pub front_end_url: String,
    /// Address for the administrator.
    pub admin_url: Option<String>,
    /// Administrator account.
    pub user_name: Option<String>,
    /// Remarks.
    pub memo: Option<String>,
    /// Whether there is a first password to reveal.
    pub password_known: bool,
    /// When the seller said so.
    pub at: Timestamp,
}

/// The open part, as it is sealed.
#[derive(serde::Serialize, serde::Deserialize)]
struct OpenPart {
    front_end_url: String,
    admin_url: Option<String>,
    user_name: Option<String>,
    memo: Option<String>,
}

const fn place<'a>(column: &'static str, row: &'a str) -> Place<'a> {
    Place { table: "subscriptions", column, row }
}

/// Seals what a seller said for the row of one subscription.
pub(crate) fn seal(app: &App, id: SubscriptionId, access: AccessData, at: Timestamp) -> SealedAccess {
    let row = id.to_string();
    let AccessData { front_end_url, admin_url, user_name, password, memo } = access;
    let open = OpenPart { front_end_url, admin_url, user_name, memo };
    let open = serde_json::to_string(&open).expect("texts are plain data");
    SealedAccess {
        access: app.vault.seal(place("access_sealed", &row), &open),
        password: password.map(|password| app.vault.seal(place("password_sealed", &row), &password)),
        at,
    }
}

/// Opens what a page may show.
pub(super) fn view(app: &App, id: SubscriptionId, sealed: &SealedAccess) -> Result<AccessView, AppError> {
    let row = id.to_string();
    let open = app.vault.open(place("access_sealed", &row), &sealed.access)?;
    let open: OpenPart = serde_json::from_str(&open)
        .map_err(|error| AppError::Internal(format!("access data of {id} does not read: {error}")))?;
    Ok(AccessView {
        front_end_url: open.front_end_url,
        admin_url: open.admin_url,
        user_name: open.user_name,
        memo: open.memo,
        password_known: sealed.password.is_some(),
        at: sealed.at,
    })
}

/// Opens the first password.
pub(super) fn password(app: &App, id: SubscriptionId, sealed: &SealedAccess) -> Result<Option<String>, AppError> {
    let row = id.to_string();
    sealed.password.as_ref().map(|password| app.vault.open(place("password_sealed", &row), password)).transpose()
}
