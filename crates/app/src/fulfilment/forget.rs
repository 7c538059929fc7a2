//! Forgetting what was sent and answered, when it has been kept long enough. The attempts themselves stay.

use async_trait::async_trait;
use domain::time::SignedDuration;
use store::Tx;

use crate::events::Moment;
use crate::jobs::{Handler, Leased, NewJob, Verdict, enqueue};
use crate::{App, AppError};

const KIND: &str = "forget_attempts";

/// One job per day on which something was sent; it forgets that day and everything before.
pub(super) async fn plan(tx: &mut Tx, moment: &Moment, kept_for: SignedDuration) -> Result<(), AppError> {
    let day = moment.now.strftime("%Y-%m-%d").to_string();
    // Looked for first: writing it again would make every call of the day wait for one row.
    if store::jobs::exists(tx, KIND, &day).await? {
        return Ok(());
    }
    let pause = kept_for.checked_add(SignedDuration::from_hours(24)).unwrap_or(kept_for);
    let due_at = moment.now.checked_add(pause).unwrap_or(moment.now);
    let job = NewJob { kind: KIND, key: day, lane: KIND.to_owned(), payload: "{}".to_owned(), due_at };
    Ok(enqueue(tx, moment, job).await?)
}

pub(super) struct Forget;

#[async_trait]
impl Handler for Forget {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, app: &App, _: &Leased) -> Result<Verdict, AppError> {
        let before = app.now().checked_sub(app.settings.fulfilment.bodies_kept_for);
        let Ok(before) = before else { return Ok(Verdict::Done) };
        app.store
            .write_bulk(before, |tx, before| {
                Box::pin(
                    async move { Ok::<_, AppError>(store::fulfilment::attempts::forget_bodies(tx, before).await?) },
                )
            })
            .await?;
        Ok(Verdict::Done)
    }
}
