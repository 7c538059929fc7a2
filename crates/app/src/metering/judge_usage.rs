//! The job that judges the records of one push (seller-protocol 8.5).

use std::collections::HashMap;

use async_trait::async_trait;
use domain::audit::Doer;
use domain::ids::{OrganisationId, UsageBatchId};
use domain::metering::{Charging, Resource, SpokenTimes, Taken, UsageRecord, UsageState, UsageStateCode, judge};
use domain::ordering::{Subscription, SubscriptionState};
use domain::quantity::Period;
use domain::time::{Timestamp, from_millisecond};
use koogallery::open_api::usage_time_ms;
use store::Tx;
use store::metering::usage_records;

use crate::events::Moment;
use crate::jobs::{Handler, Leased, Verdict};
use crate::notices::{Audience, Notice, notify};
use crate::{App, AppError};

pub(super) const KIND: &str = "judge_usage";

/// So many records are judged in one transaction.
const AT_ONCE: u32 = 100;

pub(super) struct JudgeUsage;

#[async_trait]
impl Handler for JudgeUsage {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, app: &App, job: &Leased) -> Result<Verdict, AppError> {
        let batch = job.key().parse::<UsageBatchId>();
        let Ok(batch) = batch else { return Ok(Verdict::Park(format!("{} names no push", job.key()))) };
        loop {
            let input = (job.clone(), batch, app.moment(Doer::System));
            let judged = app
                .store
                .write_bulk::<_, _, AppError, _>(input, |tx, (job, batch, moment)| {
                    Box::pin(async move {
                        job.check(tx).await?;
                        some(tx, batch, &moment).await
                    })
                })
                .await?;
            if judged < AT_ONCE {
                return Ok(Verdict::Done);
            }
        }
    }
}

/// Judges the next records of the push; says how many there were.
async fn some(tx: &mut Tx, batch: UsageBatchId, moment: &Moment) -> Result<u32, AppError> {
    let waiting = usage_records::waiting(tx, batch, AT_ONCE).await?;
    let mut known: HashMap<String, Option<Resource>> = HashMap::new();
    let (mut judged, mut rejected) = (0, None);
    for mut record in waiting {
        let resource = match known.get(&record.pushed.instance) {
            Some(resource) => *resource,
            None => {
                let found = resource(tx, record.seller, &record.pushed.instance).await?;
                known.insert(record.pushed.instance.clone(), found);
                found
            }
        };
        record.state = judgement(tx, &record, resource.as_ref(), moment.now).await?;
        if record.state.code() == UsageStateCode::Rejected {
            rejected = Some(record.seller);
        }
        usage_records::save_judgement(tx, &record).await?;
        judged += 1;
    }
    if let Some(seller) = rejected {
        notify(tx, moment, rejected_notice(seller, moment.now)).await?;
    }
    Ok(judged)
}

/// Once a day: systems push by the hour, and the page has every record.
pub(crate) fn rejected_notice(seller: OrganisationId, now: Timestamp) -> Notice {
    Notice {
        to: Audience::Organisation(seller),
        kind: "usage_rejected",
        about: format!("{seller}/{}", now.strftime("%Y-%m-%d")),
        arguments: Vec::new(),
        link: "/seller/usage?state=rejected".to_owned(),
    }
}

async fn judgement(
    tx: &mut Tx,
    record: &UsageRecord,
    resource: Option<&Resource>,
    now: Timestamp,
) -> Result<UsageState, AppError> {
    let spoken = |text: &str| usage_time_ms(text).and_then(from_millisecond);
    let pushed = &record.pushed;
    let times = SpokenTimes {
        recorded_at: spoken(&pushed.recorded),
        begin_at: spoken(&pushed.begin),
        end_at: spoken(&pushed.end),
    };
    let taken = match (resource, times.begin_at, times.end_at) {
        (Some(resource), Some(begin_at), Some(end_at)) => {
            usage_records::taken(tx, resource.subscription, begin_at, end_at).await?
        }
        (_, _, _) => Taken::Free,
    };
    Ok(match judge(pushed, times, resource, taken, record.received_at) {
        Ok(measured) => UsageState::Accepted { at: now, measured },
        Err(fault) => UsageState::Rejected { at: now, fault },
    })
}

/// The app behind the seller's instance.
async fn resource(tx: &mut Tx, seller: OrganisationId, instance: &str) -> Result<Option<Resource>, AppError> {
    let Ok(instance) = instance.parse() else { return Ok(None) };
    let Some(found) = store::ordering::subscriptions::of_instance(tx, seller, &instance).await? else {
        return Ok(None);
    };
    let order = store::ordering::orders::find(tx, found.order).await?;
    let order = order.ok_or_else(|| AppError::Internal(format!("{} has no order", found.id)))?;
    let (since, closed_at) = lived(&found);
    Ok(Some(Resource {
        subscription: found.id,
        product: order.line.product,
        charging: charging(order.line.period),
        since,
        closed_at,
    }))
}

/// What is sold today is charged by month, by year or once.
fn charging(period: Period) -> Charging {
    match period {
        Period::Month | Period::Year | Period::Once => Charging::Otherwise,
    }
}

/// Since when the app is in use and when it closes.
fn lived(subscription: &Subscription) -> (Option<Timestamp>, Option<Timestamp>) {
    match &subscription.state {
        SubscriptionState::SettingUp { .. } => (None, None),
        SubscriptionState::Active { since, until, .. } => (Some(*since), *until),
        SubscriptionState::NotDelivered { at, .. } => (None, Some(*at)),
    }
}
