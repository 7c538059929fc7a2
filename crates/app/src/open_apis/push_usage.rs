//! A seller's system reports what was used (seller-protocol 8.4). The batch is taken as a whole or not at all; a job judges
//! its records.

use domain::audit::Doer;
use domain::identity::Permission;
use domain::ids::{Id as _, OrganisationId, UsageBatchId, UsageRecordId};
use domain::metering::{PushedUsage, UsageMark, UsageRecord, UsageState};
use domain::time::{Timestamp, from_millisecond};
use koogallery::open_api::{AnswerShape, OpenApiCode, PushForm, PushedRecord, RecordMark, usage_success};
use koogallery::usage_push::PushHeaders;
use serde_json::json;
use store::metering::usage_records;

use super::replay::Seen;
use super::signer::signer;
use super::{OpenAnswer, Pace, SignedCall, Stop, caller};
use crate::events::Moment;
use crate::jobs::enqueue;
use crate::notices::notify;
use crate::{App, AppError};

/// Answers both addresses of the usage push.
///
/// The new form is signed with `signature`, `ts` and `nonce` under the key of the interface address that serves the
/// instances; where the call is signed with an access key as well, both must be right and of one seller. Without those
/// headers an access key alone will do, because one of the reference's pages wants it so. The old form takes an access key.
pub async fn push_usage(app: &App, call: &SignedCall, form: PushForm, pace: &dyn Pace) -> OpenAnswer {
    OpenAnswer::of(AnswerShape::Error, answer(app, call, form, pace).await)
}

/// Who pushes, and what happens when the same call comes again.
struct Pusher {
    seller: OrganisationId,
    doer: Doer,
    /// By each of its signatures, first the one that decides, and what is answered when it comes again.
    seen: Vec<(Seen, Repeat)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Repeat {
    /// Answered like the first time.
    Calm,
    /// Refused: a nonce is for one call.
    Refused,
}

async fn answer(app: &App, call: &SignedCall, form: PushForm, pace: &dyn Pace) -> Result<String, Stop> {
    let inner = ["signature", "ts", "nonce"].iter().any(|name| call.has_header(name));
    let (pusher, records) = match form {
        PushForm::New if inner || !call.has_header("authorization") => {
            let headers = headers(app, call)?;
            let records = PushedRecord::parse_batch(&call.body, form)?;
            (by_address_key(app, call, &headers, &records, pace).await?, records)
        }
        PushForm::New | PushForm::Old => {
            let pusher = by_access_key(app, call, pace).await?;
            (pusher, PushedRecord::parse_batch(&call.body, form)?)
        }
    };
    pace.admit_push(pusher.seller).map_err(Stop::TooOften)?;
    take(app, pusher, records).await?;
    Ok(usage_success())
}

fn headers(app: &App, call: &SignedCall) -> Result<PushHeaders, Stop> {
    let headers = PushHeaders::parse(call.header("signature"), call.header("ts"), call.header("nonce"))
        .map_err(|problem| Stop::refused(OpenApiCode::InvalidParameter, problem.to_string()))?;
    if headers.within_window(app.now().as_millisecond()) {
        Ok(headers)
    } else {
        Err(not_signed("ts differs from our clock by more than 15 minutes"))
    }
}

fn not_signed(detail: &str) -> Stop {
    Stop::refused(OpenApiCode::BodySignatureInvalid, detail)
}

async fn by_access_key(app: &App, call: &SignedCall, pace: &dyn Pace) -> Result<Pusher, Stop> {
    let caller = caller(app, call, pace, Permission::ManageInterfaces).await?;
    Ok(Pusher {
        seller: caller.actor.organisation,
        doer: Doer::from(&caller.actor),
        seen: vec![(caller.seen, Repeat::Calm)],
    })
}

const NO_KEY: &str = "signed with no key of an interface address that serves one of these instances";

/// Many sellers may use one name for an instance, and not every key of theirs is tried for a stranger.
const NO_KEY_ALONE: &str = "signed with no key of an interface address that serves one of these instances, as far as they were \
    tried: sign with an access key as well, so that only your own addresses are";

async fn by_address_key(
    app: &App,
    call: &SignedCall,
    headers: &PushHeaders,
    records: &[PushedRecord],
    pace: &dyn Pace,
) -> Result<Pusher, Stop> {
    let signed_as_well = match call.has_header("authorization") {
        true => Some(caller(app, call, pace, Permission::ManageInterfaces).await?),
        false => None,
    };
    let seller = signed_as_well.as_ref().map(|signed| signed.actor.organisation);
    let own = match seller {
        Some(_) => signer(app, headers, records, &call.body, seller).await?,
        None => None,
    };
    // Without an access key, and where the key of another seller's address signed.
    let found = match own {
        Some(address) => Some(address),
        None => signer(app, headers, records, &call.body, None).await?,
    };
    let address = found.ok_or_else(|| {
        not_signed(match seller {
            // Whether an instance exists is nobody's business who has not proved to be its seller.
            Some(_) => NO_KEY,
            None => NO_KEY_ALONE,
        })
    })?;
    match &signed_as_well {
        Some(signed) if signed.actor.organisation != address.seller => {
            let detail = "the access key and the key of the interface address belong to two sellers";
            return Err(Stop::refused(OpenApiCode::OperationNotAllowed, detail));
        }
        Some(_) | None => {}
    }
    let doer = signed_as_well.as_ref().map_or(Doer::System, |signed| Doer::from(&signed.actor));
    // Either signature alone opens this door: without its other headers the call must not have its effect again.
    let mut seen = vec![(Seen::nonce(app.now(), address.id, headers), Repeat::Refused)];
    seen.extend(signed_as_well.map(|signed| (signed.seen, Repeat::Calm)));
    Ok(Pusher { seller: address.seller, doer, seen })
}

/// Writes the records and the job that judges them, in one transaction with the memory of the call.
async fn take(app: &App, pusher: Pusher, records: Vec<PushedRecord>) -> Result<(), Stop> {
    let moment = app.moment(pusher.doer);
    let batch: UsageBatchId = moment.id("usage batch");
    let records: Vec<UsageRecord> = records
        .into_iter()
        .enumerate()
        .map(|(place, pushed)| UsageRecord {
            id: record_id(app, &moment, place),
            batch,
            seller: pusher.seller,
            pushed: understood(pushed),
            received_at: moment.now,
            state: UsageState::Received,
        })
        .collect();
    let most = u64::from(app.settings.selling.usage_records_per_hour);
    let input = (pusher.seller, pusher.seen, batch, records, (moment, most));
    let repeat = app
        .store
        .write_bulk::<_, _, AppError, _>(input, |tx, (seller, seen, batch, records, (moment, most))| {
            Box::pin(async move {
                for (seen, repeat) in &seen {
                    if !seen.first_time(tx).await? {
                        return Ok(Some(*repeat));
                    }
                }
                let (began_at, retry_after_s) = hour_of(moment.now);
                if usage_records::count_pushed(tx, seller, began_at, records.len()).await? > most {
                    return Err(AppError::TooMany { retry_after_s });
                }
                let written = usage_records::insert_all(tx, &records).await?;
                let facts = json!({
                    "records": records.len(), "new": written.new, "again": written.again, "refused": written.refused,
                });
                moment.record(tx, "usage_pushed", Some(seller), batch, facts).await?;
                if written.new + written.again > 0 {
                    enqueue(tx, &moment, crate::metering::job_of(batch, seller, &moment)).await?;
                }
                if written.refused > 0 {
                    notify(tx, &moment, crate::metering::rejected_notice(seller, moment.now)).await?;
                }
                Ok(None)
            })
        })
        .await?;
    match repeat {
        None | Some(Repeat::Calm) => Ok(()),
        Some(Repeat::Refused) => Err(not_signed("the nonce was used before")),
    }
}

/// When the hour began in which this is, and how many seconds it still lasts.
fn hour_of(now: Timestamp) -> (Timestamp, u64) {
    const HOUR_MS: i64 = 3_600_000;
    let into = now.as_millisecond().rem_euclid(HOUR_MS);
    let began_at = from_millisecond(now.as_millisecond() - into).unwrap_or(now);
    (began_at, u64::try_from((HOUR_MS - into) / 1_000).unwrap_or(0).max(1))
}

/// An id whose place in the millisecond is the record's in its push: the twelve bits after the instant.
fn record_id(app: &App, moment: &Moment, place: usize) -> UsageRecordId {
    let mut random: [u8; 10] = app.random();
    [random[0], random[1]] = u16::try_from(place).unwrap_or(u16::MAX).min(0x0fff).to_be_bytes();
    UsageRecordId::make(moment.now, random)
}

fn understood(pushed: PushedRecord) -> PushedUsage {
    let text = ToString::to_string;
    PushedUsage {
        instance: text(&pushed.instance_id),
        recorded: pushed.record_time.to_string(),
        begin: pushed.begin_time.to_string(),
        end: pushed.end_time.to_string(),
        value: pushed.usage_value.to_string(),
        mark: match &pushed.mark {
            RecordMark::MeteringSn(number) => UsageMark::MeteringSn(number.to_string()),
            RecordMark::ProductId(product) => UsageMark::Product(product.to_string()),
        },
        package: pushed.relate_pkg_instance.as_ref().map(text),
    }
}
