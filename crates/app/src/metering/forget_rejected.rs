//! Rejected usage records are forgotten, and the counts of past hours with them.

use domain::time::{SignedDuration, Timestamp};
use store::metering::usage_records;

use crate::{App, AppError};

/// Longer than the 21 days within which a record may be pushed: a seller who looks for an older one could not mend it.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);

/// So many are removed in one transaction: others write meanwhile.
const AT_ONCE: u32 = 1_000;

/// Forgets records that were rejected 30 days ago; says how many.
pub async fn forget_rejected(app: &App) -> Result<u64, AppError> {
    let before = |kept: SignedDuration| app.now().checked_sub(kept).unwrap_or(Timestamp::MIN);
    let (rejected, hours) = (before(KEPT_FOR), before(SignedDuration::from_hours(2)));
    let mut forgotten = 0;
    loop {
        let some = app
            .store
            .write_bulk::<_, _, AppError, _>((rejected, hours), |tx, (rejected, hours)| {
                Box::pin(async move {
                    usage_records::forget_counts(tx, hours).await?;
                    Ok(usage_records::forget_rejected(tx, rejected, AT_ONCE).await?)
                })
            })
            .await?;
        forgotten += some;
        if some < u64::from(AT_ONCE) {
            return Ok(forgotten);
        }
    }
}
