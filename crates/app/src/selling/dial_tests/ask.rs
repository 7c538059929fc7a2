//! A seller runs the dial test of one of its addresses now.

use domain::identity::{Actor, Permission};
use domain::ids::{DialTestId, InterfaceAddressId};
use domain::selling::{DialSlot, DialTest, Occasion};
use store::selling::{addresses, cases};

use super::{outcomes, record, subject, test_of};
use crate::{App, AppError};

impl App {
    /// Runs every saved case of the address now, as the morning's test does, and keeps what came of it. Each case counts
    /// against the calls per hour of the debugger. A test that passes tells the operators when trade was stopped.
    pub async fn run_dial_test(&self, actor: &Actor, id: InterfaceAddressId) -> Result<DialTest, AppError> {
        actor.require(Permission::ManageInterfaces)?;
        let (subject, saved) = self
            .store
            .read::<_, _, AppError, _>((actor.organisation, id), |tx, (seller, id)| {
                Box::pin(async move {
                    let address = addresses::find_of(tx, seller, id).await?;
                    let address = address.ok_or(AppError::NotFound("interface_address"))?;
                    let saved = cases::for_address(tx, id).await?.len();
                    Ok((subject(tx, address).await?, saved))
                })
            })
            .await?;
        let (address, products) = subject;
        if saved == 0 {
            return Err(AppError::rule("no_debug_cases"));
        }
        // Never more than an hour has: an address with many cases could not be tested at all.
        let an_hour = usize::try_from(self.settings.selling.debug_calls_per_hour).unwrap_or(usize::MAX);
        self.count_debug_calls(actor.organisation, saved.min(an_hour)).await?;
        let outcomes = outcomes(self, &address, &products).await?;
        let moment = self.moment(actor);
        let settings = &self.settings.selling.dial_tests;
        let slot = DialSlot { day: settings.hours.day(moment.now), occasion: Occasion::Asked };
        let test = test_of(moment.id::<DialTestId>("dial test"), &address, slot, &moment, &outcomes);
        self.store
            .write::<_, _, AppError, _>((moment, test, settings.freeze_after_days), |tx, (moment, test, days)| {
                Box::pin(async move {
                    record(tx, &moment, &test, days).await?;
                    Ok(test)
                })
            })
            .await
    }
}
