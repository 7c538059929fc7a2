//! The job that begins the tests of a morning or afternoon: one job for each address. One row for the whole marketplace.

use async_trait::async_trait;
use domain::audit::Doer;
use domain::ids::OrganisationId;
use domain::selling::DialSlot;
use domain::time::{SignedDuration, Timestamp};
use store::Tx;
use store::catalog::products;
use store::selling::dial_tests;
use tracing::info;

use super::job_key;
use crate::events::Moment;
use crate::jobs::{Handler, Leased, NewJob, Verdict, enqueue};
use crate::{App, AppError};

const KIND: &str = "plan_dial_tests";

/// Tests are kept for so long: more than the year that a quarrel may take.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(400 * 24);

/// Makes sure that the job exists. Called at every start.
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
                Ok::<(), AppError>(enqueue(tx, &moment, job).await?)
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
        let input = (job.clone(), moment, (slot, next), settings.pause_ms);
        let planned = app
            .store
            .write_bulk(input, |tx, (job, moment, (slot, next), pause_ms)| {
                Box::pin(async move {
                    job.check(tx).await?;
                    let planned = match slot {
                        Some(slot) => plan(tx, &moment, slot, pause_ms).await?,
                        None => 0,
                    };
                    if let Ok(before) = moment.now.checked_sub(KEPT_FOR) {
                        dial_tests::forget(tx, before).await?;
                    }
                    job.again_at(tx, next).await?;
                    Ok::<usize, AppError>(planned)
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

async fn plan(tx: &mut Tx, moment: &Moment, slot: DialSlot, pause_ms: u32) -> Result<usize, AppError> {
    let mut planned = 0;
    for (address, seller) in products::addresses_on_sale(tx).await? {
        if dial_tests::done(tx, address, slot).await? {
            continue;
        }
        let wait =
            SignedDuration::from_millis(i64::from(pause_ms).saturating_mul(i64::try_from(planned).unwrap_or(i64::MAX)));
        let due_at: Timestamp = moment.now.checked_add(wait).unwrap_or(moment.now);
        let job = NewJob {
            kind: super::run::KIND,
            key: job_key(address, slot),
            lane: lane_of(seller),
            payload: "{}".to_owned(),
            due_at,
        };
        enqueue(tx, moment, job).await?;
        planned += 1;
    }
    Ok(planned)
}
