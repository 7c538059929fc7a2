//! A seller looks at the usage records that its systems pushed.

use domain::identity::{Actor, Permission};
use domain::ids::UsageRecordId;
use domain::metering::{UsageRecord, UsageStateCode};

use crate::{App, AppError};

/// A page of records, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsagePage {
    /// The records.
    pub records: Vec<UsageRecord>,
    /// The id to ask older records with, when there are more.
    pub older: Option<UsageRecordId>,
}

/// The records of the actor's organisation, at most 50.
pub async fn usage_records(
    app: &App,
    actor: &Actor,
    state: Option<UsageStateCode>,
    before: Option<UsageRecordId>,
) -> Result<UsagePage, AppError> {
    const MOST: usize = 50;
    actor.require(Permission::SeeSelling)?;
    let input = (actor.organisation, state, before);
    app.store
        .read(input, |tx, (seller, state, before)| {
            Box::pin(async move {
                let mut records = store::metering::usage_records::list(tx, seller, state, before, 51).await?;
                let more = records.len() > MOST;
                records.truncate(MOST);
                let older = records.last().filter(|_| more).map(|record| record.id);
                Ok(UsagePage { records, older })
            })
        })
        .await
}
