//! One effect and one answer for a write that is sent again with the same key (reliability.md P2).
//!
//! The key is taken in a transaction of its own before the act, and the answer is kept after it. A process that dies in
//! between leaves a key that counts as given up after a minute and may then be used for the same request again; orders
//! and money are protected beyond that by unique keys of their own.

use domain::time::SignedDuration;
use sha2::{Digest as _, Sha256};
use store::idempotency::Progress;

use crate::vault::Place;
use crate::{App, AppError};

/// How long a request may run before its key counts as given up.
const RUNS: SignedDuration = SignedDuration::from_mins(1);

/// How long answers are kept; at least seven days are promised.
const KEPT: SignedDuration = SignedDuration::from_hours(8 * 24);

/// A request under a key.
#[derive(Clone, Debug)]
pub struct Keyed {
    id: String,
    request: String,
}

impl Keyed {
    /// The request of `owner`, a user's id, under `key`.
    pub fn new(owner: &str, key: &str, method: &str, path: &str, body: &[u8]) -> Keyed {
        let mut hash = Sha256::new();
        for part in [method.as_bytes(), path.as_bytes(), body] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        Keyed { id: format!("{owner}/{key}"), request: hex::encode(hash.finalize()) }
    }
}

/// An answer that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The HTTP status.
    pub status: u16,
    /// The content type.
    pub content_type: String,
    /// The body.
    pub body: String,
}

/// Takes the key, or answers what was answered before. Refused with `idempotency_key_reused` when the key belongs to
/// another request, and with `still_running` while the first one is at work.
pub async fn begin(app: &App, keyed: &Keyed) -> Result<Option<Kept>, AppError> {
    let now = app.now();
    let input = (keyed.clone(), now, now + RUNS);
    let found: Option<Progress> = app
        .store
        .write(input, |tx, (keyed, now, until)| {
            Box::pin(async move {
                if store::idempotency::begin(tx, &keyed.id, &keyed.request, now, until).await? {
                    return Ok(None);
                }
                let Some((request, progress)) = store::idempotency::find(tx, &keyed.id).await? else {
                    return Err(AppError::conflict("still_running"));
                };
                if request != keyed.request {
                    return Err(AppError::rule("idempotency_key_reused"));
                }
                match progress {
                    Progress::Running { until: given_up } if given_up > now => Err(AppError::conflict("still_running")),
                    Progress::Running { .. } => {
                        store::idempotency::take_over(tx, &keyed.id, until).await?;
                        Ok(None)
                    }
                    Progress::Answered { .. } => Ok(Some(progress)),
                }
            })
        })
        .await?;
    match found {
        None | Some(Progress::Running { .. }) => Ok(None),
        Some(Progress::Answered { status, content_type, answer }) => {
            Ok(Some(Kept { status, content_type, body: app.vault.open(place(&keyed.id), &answer)? }))
        }
    }
}

/// Keeps the answer.
pub async fn keep(app: &App, keyed: &Keyed, kept: &Kept) -> Result<(), AppError> {
    let sealed = app.vault.seal(place(&keyed.id), &kept.body);
    let input = (keyed.id.clone(), kept.status, kept.content_type.clone(), sealed);
    app.store
        .write(input, |tx, (id, status, content_type, sealed)| {
            Box::pin(async move {
                Ok::<(), AppError>(store::idempotency::answer(tx, &id, status, &content_type, &sealed).await?)
            })
        })
        .await
}

/// Gives the key back, because the request had no effect.
pub async fn give_back(app: &App, keyed: &Keyed) -> Result<(), AppError> {
    app.store
        .write(keyed.id.clone(), |tx, id| {
            Box::pin(async move { Ok::<(), AppError>(store::idempotency::forget(tx, &id).await?) })
        })
        .await
}

/// Forgets answers that are older than promised.
pub async fn forget_old(app: &App) -> Result<u64, AppError> {
    app.store
        .write_bulk(app.now() - KEPT, |tx, before| {
            Box::pin(async move { Ok::<_, AppError>(store::idempotency::forget_before(tx, before).await?) })
        })
        .await
}

fn place(id: &str) -> Place<'_> {
    Place { table: "idempotency_keys", column: "answer", row: id }
}
