//! The job that begins the tests of a morning or afternoon: one job for each address. One row for the whole marketplace.

use async_trait::async_trait;
use domain::audit::Doer;
use domain::ids::{InterfaceAddressId, OrganisationId};
use domain::selling::DialSlot;
use domain::time::{SignedDuration, Timestamp};
use store::Tx;
use store::catalog::products;
use store::selling::dial_tests;
use tracing::info;

use super::job_key;
use crate::events::Moment;
use crate::jobs::{Handler, Leased, NewJob, Verdict, enqueue, enqueue_standing};
use crate::{App, AppError};

const KIND: &str = "plan_dial_tests";

/// Tests are kept for so long: more than the year that a quarrel may take.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(400 * 24);

/// So many addresses are planned in one transaction: others write meanwhile.
const AT_ONCE: u32 = 200;

/// Makes sure that the job exists and is not parked. Called at every start.
pub async fn start_dial_tests(app: &App) -> Result<(), AppError> {
    let settings = &app.settings.selling.dial_tests;
    if !settings.scheduled {
        return Ok(());
    }
    let moment = app.moment(Doer::System);
    let due_at = settings.hours.next_after(moment.now);
    app.store
        .write((moment, due_at), |tx, (moment, due_at)| {
            Box::pin(async move {
                let job = NewJob { due_at, ..NewJob::now(KIND, "all", "dial", &moment) };
                Ok::<(), AppError>(enqueue_standing(tx, &moment, job).await?)
            })
        })
        .await
}

pub(super) struct PlanDialTests;

#[async_trait]
impl Handler for PlanDialTests {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, app: &App, job: &Leased) -> Result<Verdict, AppError> {
        let settings = &app.settings.selling.dial_tests;
        if !settings.scheduled {
            return Ok(Verdict::Done);
        }
        let moment = app.moment(Doer::System);
        let (slot, next) = (settings.hours.due(moment.now), settings.hours.next_after(moment.now));
        let mut planned = 0;
        if let Some(slot) = slot {
            let mut after = None;
            loop {
                let input = (job.clone(), moment.clone(), slot, (after, planned, settings.pause_ms));
                let some = app
                    .store
                    .write_bulk::<_, _, AppError, _>(input, |tx, (job, moment, slot, (after, planned, pause_ms))| {
                        Box::pin(async move {
                            job.check(tx).await?;
                            plan(tx, &moment, slot, (after, planned, pause_ms)).await
                        })
                    })
                    .await?;
                planned += some.len();
                match some.last() {
                    Some(last) if some.len() >= AT_ONCE as usize => after = Some(*last),
                    Some(_) | None => break,
                }
            }
        }
        app.store
            .write_bulk::<_, _, AppError, _>((job.clone(), moment, next), |tx, (job, moment, next)| {
                Box::pin(async move {
                    job.check(tx).await?;
                    if let Ok(before) = moment.now.checked_sub(KEPT_FOR) {
                        dial_tests::forget(tx, before).await?;
                    }
                    job.again_at(tx, next).await
                })
            })
            .await?;
        info!(addresses = planned, "Dial tests of {planned} addresses begin");
        app.job_bell.ring();
        Ok(Verdict::Recorded)
    }
}

/// One for each seller, so that nobody waits behind the many addresses of another. The tests of a market full of dead systems would
/// take every worker, and orders would wait behind them; so all these lanes together are a crowd, which has a bounded part.
fn lane_of(seller: OrganisationId) -> String {
    format!("crowd/dial/{seller}")
}

/// Plans the tests of the next addresses, `planned` having been planned before; answers which. What was tested already is left to
/// the test's own job: a look for each would double the work.
async fn plan(
    tx: &mut Tx,
    moment: &Moment,
    slot: DialSlot,
    (after, planned, pause_ms): (Option<InterfaceAddressId>, usize, u32),
) -> Result<Vec<InterfaceAddressId>, AppError> {
    let some = products::addresses_on_sale(tx, after, AT_ONCE).await?;
    for (place, (address, seller)) in some.iter().enumerate() {
        let before = i64::try_from(planned + place).unwrap_or(i64::MAX);
        let wait = SignedDuration::from_millis(i64::from(pause_ms).saturating_mul(before));
        let due_at: Timestamp = moment.now.checked_add(wait).unwrap_or(moment.now);
        let job = NewJob {
            kind: super::run::KIND,
            key: job_key(*address, slot),
            lane: lane_of(*seller),
            payload: "{}".to_owned(),
            due_at,
        };
        enqueue(tx, moment, job).await?;
    }
    Ok(some.into_iter().map(|(address, _)| address).collect())
}
