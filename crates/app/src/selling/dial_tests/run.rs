//! The job that makes one dial test: every saved case of one address, with no transaction open.

use async_trait::async_trait;
use domain::audit::Doer;
use domain::catalog::{Product, ProductState};
use domain::ids::{DialTestId, InterfaceAddressId};
use domain::selling::{DialSlot, InterfaceAddress};
use store::selling::{addresses, dial_tests};
use tracing::info;

use super::{Market, outcomes, record, subject, test_of};
use crate::jobs::{Handler, Leased, Verdict};
use crate::{App, AppError};

pub(super) const KIND: &str = "dial_test";

pub(super) struct RunDialTest;

#[async_trait]
impl Handler for RunDialTest {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, app: &App, job: &Leased) -> Result<Verdict, AppError> {
        let (address, slot) =
            of_key(job.key()).ok_or_else(|| AppError::Internal(format!("{} names no dial test", job.key())))?;
        // After a long silence of ours: what a seller's system says now is nothing about then.
        if app.settings.selling.dial_tests.hours.due(app.now()) != Some(slot) {
            return Ok(Verdict::Done);
        }
        let found = app
            .store
            .read::<_, _, AppError, _>((address, slot), |tx, (address, slot)| {
                Box::pin(async move {
                    if dial_tests::done(tx, address, slot).await? {
                        return Ok(None);
                    }
                    match addresses::find(tx, address).await? {
                        Some(address) => Ok(Some(subject(tx, address).await?)),
                        None => Ok(None),
                    }
                })
            })
            .await?;
        let Some((address, mut products)) = found else { return Ok(Verdict::Done) };
        // Stopped, hidden for good or never listed with it: only what is on sale is tested.
        products.retain(|product| matches!(product.state, ProductState::Listed { .. }));
        if products.is_empty() {
            return Ok(Verdict::Done);
        }
        let market = make(app, job, &address, &products, slot).await?;
        if market == Market::Changed {
            crate::catalog::nudge(app).await;
        }
        Ok(Verdict::Recorded)
    }
}

/// Calls every saved case, and keeps what came of it together with the end of the job.
pub(super) async fn make(
    app: &App,
    job: &Leased,
    address: &InterfaceAddress,
    products: &[Product],
    slot: DialSlot,
) -> Result<Market, AppError> {
    let outcomes = outcomes(app, address, products).await?;
    let moment = app.moment(Doer::System);
    let test = test_of(moment.id::<DialTestId>(job.key()), address, slot, &moment, &outcomes);
    info!(address.id = %address.id, result = test.result().code(), failing = test.failing.len(), "A dial test {}", test.result().code());
    let input = (job.clone(), moment, test, app.settings.selling.dial_tests.freeze_after_days);
    app.store
        .write(input, |tx, (job, moment, test, days)| {
            Box::pin(async move {
                job.check(tx).await?;
                let market = record(tx, &moment, &test, days).await?;
                job.finish(tx).await?;
                Ok::<Market, AppError>(market)
            })
        })
        .await
}

fn of_key(key: &str) -> Option<(InterfaceAddressId, DialSlot)> {
    let mut parts = key.split('/');
    let (address, day, occasion) = (parts.next()?, parts.next()?, parts.next()?);
    Some((address.parse().ok()?, DialSlot { day: day.parse().ok()?, occasion: occasion.parse().ok()? }))
}
