//! The table `usage_records`: what was pushed, and what was judged of it.

use db::{Row, values};
use domain::ids::{OrganisationId, SubscriptionId, UsageBatchId, UsageRecordId};
use domain::metering::{
    Measured, PushedUsage, Taken, UsageAmount, UsageFault, UsageMark, UsageRecord, UsageState, UsageStateCode,
};
use domain::time::{Timestamp, to_millisecond};

use crate::decode::Suspect;
use crate::{StoreError, Tx};

/// What became of the records of a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Records that were not there before.
    pub new: u64,
    /// Records that were rejected before and are judged again.
    pub again: u64,
    /// Records that were rejected at once, because another living one has their number.
    pub refused: u64,
}

/// Writes the records of a push. The same record again stays as it is, but a rejected one is judged again, in its place of
/// this push: its cause may be gone. One whose number another living record has is kept as rejected, so that its seller sees
/// that it does not count (reliability.md P6).
pub async fn insert_all(tx: &mut Tx, records: &[UsageRecord]) -> Result<Written, StoreError> {
    let written = tx.execute_all(records.iter().map(insertion).collect()).await?;
    let known: Vec<&UsageRecord> = untouched(records, &written);
    let again = tx.execute_all(known.iter().map(|record| revival(record)).collect()).await?;
    let other: Vec<UsageRecord> = untouched(known, &again).into_iter().map(with_number_taken).collect();
    let refused = tx.execute_all(other.iter().map(insertion).collect()).await?;
    Ok(Written { new: written.iter().sum(), again: again.iter().sum(), refused: refused.iter().sum() })
}

/// Those for which nothing was written.
fn untouched<'a>(records: impl IntoIterator<Item = &'a UsageRecord>, counts: &[u64]) -> Vec<&'a UsageRecord> {
    records.into_iter().zip(counts).filter(|(_, count)| **count == 0).map(|(record, _)| record).collect()
}

/// Written where neither the same record is there nor its number free: the same record conflicts with itself again.
fn with_number_taken(record: &UsageRecord) -> UsageRecord {
    let state = UsageState::Rejected { at: record.received_at, fault: UsageFault::NumberTaken };
    UsageRecord { state, ..record.clone() }
}

fn insertion(record: &UsageRecord) -> (&'static str, Vec<db::Value>) {
    let pushed = &record.pushed;
    let (metering_sn, product) = match &pushed.mark {
        UsageMark::MeteringSn(number) => (Some(number.clone()), None),
        UsageMark::Product(product) => (None, Some(product.clone())),
    };
    let facts = StateColumns::of(&record.state);
    let sql = "INSERT INTO usage_records (id, batch, seller, fingerprint, instance, record_time, begin_time, end_time,
                 usage_value, metering_sn, product, package, received_at, state, judged_at, fault, subscription,
                 begin_at, end_at, amount)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
               ON CONFLICT DO NOTHING";
    let values = values![
        record.id.to_string(),
        record.batch.to_string(),
        record.seller.to_string(),
        pushed.fingerprint(),
        &pushed.instance,
        &pushed.recorded,
        &pushed.begin,
        &pushed.end,
        &pushed.value,
        metering_sn,
        product,
        pushed.package.clone(),
        to_millisecond(record.received_at),
        facts.state,
        facts.judged_at,
        facts.fault,
        facts.subscription,
        facts.begin_at,
        facts.end_at,
        facts.amount,
    ];
    (sql, values)
}

fn revival(record: &UsageRecord) -> (&'static str, Vec<db::Value>) {
    let sql =
        "UPDATE usage_records SET state = 'received', judged_at = NULL, fault = NULL, batch = $3, received_at = $4, id = $5
               WHERE seller = $1 AND fingerprint = $2 AND state = 'rejected' AND NOT EXISTS (
                 SELECT 1 FROM usage_records living WHERE living.seller = usage_records.seller
                   AND living.metering_sn = usage_records.metering_sn AND living.state <> 'rejected')";
    let values = values![
        record.seller.to_string(),
        record.pushed.fingerprint(),
        record.batch.to_string(),
        to_millisecond(record.received_at),
        record.id.to_string(),
    ];
    (sql, values)
}

/// Counts records that a seller's systems pushed within the hour that begins at `hour_at`; answers how many these are now.
pub async fn count_pushed(
    tx: &mut Tx,
    seller: OrganisationId,
    hour_at: Timestamp,
    records: usize,
) -> Result<u64, StoreError> {
    let row = tx
        .query_one(
            "INSERT INTO usage_pushed (seller, hour_at, records) VALUES ($1, $2, $3)
             ON CONFLICT (seller, hour_at) DO UPDATE SET records = usage_pushed.records + excluded.records
             RETURNING records",
            values![seller.to_string(), to_millisecond(hour_at), i64::try_from(records).unwrap_or(i64::MAX),],
        )
        .await?;
    Ok(u64::try_from(row.get::<i64>("records")?).unwrap_or(0))
}

/// Removes at most `most` records that were rejected before `before`; says how many.
pub async fn forget_rejected(tx: &mut Tx, before: Timestamp, most: u32) -> Result<u64, StoreError> {
    let forgotten = tx
        .execute(
            "DELETE FROM usage_records WHERE id IN (
               SELECT id FROM usage_records WHERE state = 'rejected' AND judged_at < $1 ORDER BY judged_at LIMIT $2)",
            values![to_millisecond(before), most],
        )
        .await?;
    Ok(forgotten)
}

/// Removes the counts of hours that began before `before`.
pub async fn forget_counts(tx: &mut Tx, before: Timestamp) -> Result<(), StoreError> {
    tx.execute("DELETE FROM usage_pushed WHERE hour_at < $1", values![to_millisecond(before)]).await?;
    Ok(())
}

/// The records of a push that are not judged yet, in their order.
pub async fn waiting(tx: &mut Tx, batch: UsageBatchId, most: u32) -> Result<Vec<UsageRecord>, StoreError> {
    let rows = tx
        .query(
            "SELECT * FROM usage_records WHERE batch = $1 AND state = 'received' ORDER BY id LIMIT $2",
            values![batch.to_string(), most],
        )
        .await?;
    rows.iter().map(decode).collect()
}

/// Whether an accepted record has this span of this app.
pub async fn taken(
    tx: &mut Tx,
    subscription: SubscriptionId,
    begin_at: Timestamp,
    end_at: Timestamp,
) -> Result<Taken, StoreError> {
    let row = tx
        .query_optional(
            "SELECT id FROM usage_records WHERE subscription = $1 AND begin_at = $2 AND end_at = $3 AND state = 'accepted'",
            values![subscription.to_string(), to_millisecond(begin_at), to_millisecond(end_at)],
        )
        .await?;
    Ok(if row.is_some() { Taken::Already } else { Taken::Free })
}

/// Writes what was judged of a record that waited.
pub async fn save_judgement(tx: &mut Tx, record: &UsageRecord) -> Result<(), StoreError> {
    let facts = StateColumns::of(&record.state);
    tx.execute(
        "UPDATE usage_records SET state = $2, judged_at = $3, fault = $4, subscription = $5, begin_at = $6, end_at = $7,
           amount = $8 WHERE id = $1 AND state = 'received'",
        values![
            record.id.to_string(),
            facts.state,
            facts.judged_at,
            facts.fault,
            facts.subscription,
            facts.begin_at,
            facts.end_at,
            facts.amount,
        ],
    )
    .await?;
    Ok(())
}

/// The seller's records, newest first.
pub async fn list(
    tx: &mut Tx,
    seller: OrganisationId,
    state: Option<UsageStateCode>,
    before: Option<UsageRecordId>,
    most: u32,
) -> Result<Vec<UsageRecord>, StoreError> {
    let before = before.map(|id| id.to_string()).unwrap_or_default();
    let rows = match state {
        None => {
            tx.query(
                "SELECT * FROM usage_records WHERE seller = $1 AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3",
                values![seller.to_string(), before, most],
            )
            .await?
        }
        Some(state) => {
            tx.query(
                "SELECT * FROM usage_records WHERE seller = $1 AND state = $2 AND ($3 = '' OR id < $3)
                 ORDER BY id DESC LIMIT $4",
                values![seller.to_string(), state.code(), before, most],
            )
            .await?
        }
    };
    rows.iter().map(decode).collect()
}

struct StateColumns {
    state: &'static str,
    judged_at: Option<i64>,
    fault: Option<&'static str>,
    subscription: Option<String>,
    begin_at: Option<i64>,
    end_at: Option<i64>,
    amount: Option<String>,
}

impl StateColumns {
    fn of(state: &UsageState) -> StateColumns {
        let bare = StateColumns {
            state: state.code().code(),
            judged_at: None,
            fault: None,
            subscription: None,
            begin_at: None,
            end_at: None,
            amount: None,
        };
        match state {
            UsageState::Received => bare,
            UsageState::Accepted { at, measured } => StateColumns {
                judged_at: Some(to_millisecond(*at)),
                subscription: Some(measured.subscription.to_string()),
                begin_at: Some(to_millisecond(measured.begin_at)),
                end_at: Some(to_millisecond(measured.end_at)),
                amount: Some(measured.amount.to_string()),
                ..bare
            },
            UsageState::Rejected { at, fault } => {
                StateColumns { judged_at: Some(to_millisecond(*at)), fault: Some(fault.code()), ..bare }
            }
        }
    }
}

fn decode(row: &Row) -> Result<UsageRecord, StoreError> {
    let row = Suspect::new("usage_records", row)?;
    let mark = match (row.optional_text("metering_sn")?, row.optional_text("product")?) {
        (Some(number), None) => UsageMark::MeteringSn(number),
        (None, Some(product)) => UsageMark::Product(product),
        (Some(_), Some(_)) | (None, None) => return Err(row.corrupt("not exactly one of metering_sn and product")),
    };
    let span = (row.optional_instant("begin_at")?, row.optional_instant("end_at")?);
    let measured = match (row.optional_parsed::<SubscriptionId>("subscription")?, span) {
        (Some(subscription), (Some(begin_at), Some(end_at))) => {
            Some((subscription, begin_at, end_at, row.parsed::<UsageAmount>("amount")?))
        }
        (None, (None, None)) => None,
        _ => return Err(row.corrupt("half of what was measured")),
    };
    let judged = (row.optional_instant("judged_at")?, row.optional_parsed::<UsageFault>("fault")?);
    let state = match (row.parsed::<UsageStateCode>("state")?, judged, measured) {
        (UsageStateCode::Received, (None, None), None) => UsageState::Received,
        (UsageStateCode::Accepted, (Some(at), None), Some((subscription, begin_at, end_at, amount))) => {
            UsageState::Accepted { at, measured: Measured { subscription, begin_at, end_at, amount } }
        }
        (UsageStateCode::Rejected, (Some(at), Some(fault)), None) => UsageState::Rejected { at, fault },
        (state, ..) => return Err(row.corrupt(format_args!("the facts do not fit the state {}", state.code()))),
    };
    Ok(UsageRecord {
        id: row.id("id")?,
        batch: row.id("batch")?,
        seller: row.id("seller")?,
        pushed: PushedUsage {
            instance: row.text("instance")?,
            recorded: row.text("record_time")?,
            begin: row.text("begin_time")?,
            end: row.text("end_time")?,
            value: row.text("usage_value")?,
            mark,
            package: row.optional_text("package")?,
        },
        received_at: row.instant("received_at")?,
        state,
    })
}
