//! A seller asks for the dial test of one of its addresses now, and the job that makes it. A test of a system that is down takes
//! longer than a person's browser waits; so nobody waits for it, and it is kept whatever becomes of the page.

use async_trait::async_trait;
use domain::identity::{Actor, Permission};
use domain::ids::{InterfaceAddressId, OrganisationId};
use domain::selling::{DialSlot, Occasion};
use domain::time::Timestamp;
use serde_json::json;
use store::Tx;
use store::identity::organisations;
use store::selling::{addresses, cases};

use super::run::make;
use super::subject;
use crate::events::Moment;
use crate::jobs::{Handler, Leased, NewJob, Verdict, enqueue};
use crate::selling::debugger::count_calls;
use crate::{App, AppError};

pub(super) const KIND: &str = "asked_dial_test";

impl App {
    /// Asks for a test of every saved case of the address, as the morning's test makes it; answers since when it is under way.
    /// Each case counts against the calls per hour of the debugger. Refused while one that was asked for is under way. A test that
    /// passes tells the operators when trade was stopped.
    pub async fn ask_dial_test(&self, actor: &Actor, id: InterfaceAddressId) -> Result<Timestamp, AppError> {
        actor.require(Permission::ManageInterfaces)?;
        let moment = self.moment(actor);
        let input = (actor.organisation, id, moment, self.settings.selling.debug_calls_per_hour);
        let asked_at = self
            .store
            .write::<_, _, AppError, _>(input, |tx, (seller, id, moment, an_hour)| {
                Box::pin(async move { ask(tx, seller, id, &moment, an_hour).await })
            })
            .await?;
        self.job_bell.ring();
        Ok(asked_at)
    }
}

async fn ask(
    tx: &mut Tx,
    seller: OrganisationId,
    id: InterfaceAddressId,
    moment: &Moment,
    an_hour: u32,
) -> Result<Timestamp, AppError> {
    // Two that press at once are one after the other.
    organisations::lock(tx, seller).await?;
    let address = addresses::find_of(tx, seller, id).await?.ok_or(AppError::NotFound("interface_address"))?;
    let saved = cases::for_address(tx, address.id).await?.len();
    if saved == 0 {
        return Err(AppError::rule("no_debug_cases"));
    }
    match store::jobs::find(tx, KIND, &id.to_string()).await? {
        Some(job) if job.parked_at.is_none() => return Err(AppError::conflict("dial_test_running")),
        // It crashed again and again, and this is another one.
        Some(parked) => drop(store::jobs::finish(tx, &parked).await?),
        None => {}
    }
    // Never more than an hour has: an address with many cases could not be tested at all.
    let most = usize::try_from(an_hour).unwrap_or(usize::MAX);
    count_calls(tx, seller, saved.min(most), moment, an_hour).await?;
    enqueue(tx, moment, NewJob::now(KIND, id, format!("crowd/hand/{seller}"), moment)).await?;
    moment.record(tx, "dial_test_asked", Some(seller), id, json!({ "cases": saved })).await?;
    Ok(moment.now)
}

/// Since when a test that was asked for is under way.
pub(super) async fn running_since(tx: &mut Tx, id: InterfaceAddressId) -> Result<Option<Timestamp>, AppError> {
    let job = store::jobs::find(tx, KIND, &id.to_string()).await?;
    Ok(job.filter(|job| job.parked_at.is_none()).map(|job| job.created_at))
}

/// Makes a test that was asked for.
pub(super) struct AskedDialTest;

#[async_trait]
impl Handler for AskedDialTest {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, app: &App, job: &Leased) -> Result<Verdict, AppError> {
        let id: InterfaceAddressId =
            job.key().parse().map_err(|_| AppError::Internal(format!("{} names no address", job.key())))?;
        let found = app
            .store
            .read::<_, _, AppError, _>(id, |tx, id| {
                Box::pin(async move {
                    match addresses::find(tx, id).await? {
                        Some(address) => Ok(Some(subject(tx, address).await?)),
                        None => Ok(None),
                    }
                })
            })
            .await?;
        let Some((address, products)) = found else { return Ok(Verdict::Done) };
        let day = app.settings.selling.dial_tests.hours.day(app.now());
        make(app, job, &address, &products, DialSlot { day, occasion: Occasion::Asked }).await?;
        Ok(Verdict::Recorded)
    }
}
