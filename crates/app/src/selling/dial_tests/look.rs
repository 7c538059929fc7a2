//! What sellers and operators see of dial tests.

use domain::catalog::{FreezeReason, Product, ProductState};
use domain::identity::{Actor, Permission};
use domain::ids::InterfaceAddressId;
use domain::selling::{DialResult, DialTest, Occasion, failed_days_in_a_row};
use domain::time::{SignedDuration, Timestamp};
use store::Tx;
use store::catalog::products;
use store::identity::organisations;
use store::selling::{addresses, dial_tests};

use super::MOST_RESULTS;
use crate::{App, AppError};

/// Tests that a page lists.
const SHOWN: u32 = 14;
/// Rows of an operator's list.
const LISTED: u32 = 200;

/// The dial tests of one address.
#[derive(Clone, Debug)]
pub struct AddressTests {
    /// The last ones, the latest first.
    pub tests: Vec<DialTest>,
    /// Failed days in a row of the product that has the most.
    pub days: u32,
    /// After so many trade is stopped; 0 never.
    pub freeze_after_days: u32,
    /// When the next begins by itself; none when nothing is sold with the address or tests are switched off.
    pub next_at: Option<Timestamp>,
    /// What is stopped because of them.
    pub stopped: Vec<Product>,
    /// Since when a test that the seller asked for is under way.
    pub running_since: Option<Timestamp>,
}

/// The dial tests of an address of the own organisation.
pub async fn address_tests(app: &App, actor: &Actor, id: InterfaceAddressId) -> Result<AddressTests, AppError> {
    actor.require(Permission::SeeSelling)?;
    let settings = &app.settings.selling.dial_tests;
    let next_at = settings.scheduled.then(|| settings.hours.next_after(app.now()));
    let input = (actor.organisation, id, settings.freeze_after_days, next_at);
    app.store
        .read::<_, _, AppError, _>(input, |tx, (seller, id, freeze_after_days, next_at)| {
            Box::pin(async move {
                addresses::find_of(tx, seller, id).await?.ok_or(AppError::NotFound("interface_address"))?;
                let (mut days, mut sold, mut stopped) = (0, false, Vec::new());
                for product in products::on_address(tx, id).await? {
                    if let Some(since) = product.dial_tests_count_from() {
                        sold = true;
                        days = days.max(days_in_a_row(tx, id, since).await?);
                    }
                    if stopped_by_tests(&product) {
                        stopped.push(product);
                    }
                }
                let tests = dial_tests::last_of(tx, id, SHOWN).await?;
                let running_since = super::ask::running_since(tx, id).await?;
                let next_at = next_at.filter(|_| sold);
                Ok(AddressTests { tests, days, freeze_after_days, next_at, stopped, running_since })
            })
        })
        .await
}

async fn days_in_a_row(tx: &mut Tx, address: InterfaceAddressId, since: Timestamp) -> Result<u32, AppError> {
    Ok(failed_days_in_a_row(&dial_tests::results_since(tx, address, since, MOST_RESULTS).await?))
}

fn stopped_by_tests(product: &Product) -> bool {
    matches!(product.state, ProductState::Frozen { because: FreezeReason::DialTests, .. })
}

/// A product whose trade failed dial tests stopped.
#[derive(Clone, Debug)]
pub struct StoppedProduct {
    /// The product.
    pub product: Product,
    /// Who sells it.
    pub seller_name: String,
    /// Since when it is stopped.
    pub since: Timestamp,
    /// The last test of its address.
    pub last: Option<DialTest>,
}

impl StoppedProduct {
    /// When the seller's own test passed since trade was stopped: an operator may allow it again.
    pub fn mended_at(&self) -> Option<Timestamp> {
        mended_at(self.last.as_ref(), self.since)
    }
}

/// When the last test of a stopped product is one that the seller asked for since, and passed.
pub(crate) fn mended_at(last: Option<&DialTest>, stopped_at: Timestamp) -> Option<Timestamp> {
    let passed = |test: &&DialTest| {
        test.slot.occasion == Occasion::Asked && test.result() == DialResult::Passed && test.tested_at >= stopped_at
    };
    last.filter(passed).map(|test| test.tested_at)
}

/// What is stopped because of dial tests, the longest stopped first. For operators.
pub async fn stopped_products(app: &App, actor: &Actor) -> Result<Vec<StoppedProduct>, AppError> {
    actor.require(Permission::SeeOperations)?;
    app.store
        .read::<_, _, AppError, _>((), |tx, ()| {
            Box::pin(async move {
                let mut found = Vec::new();
                for shown in products::stopped(tx, FreezeReason::DialTests, LISTED).await? {
                    let ProductState::Frozen { frozen_at: since, .. } = shown.product.state else { continue };
                    let address = shown.product.release.as_ref().and_then(|release| release.interface_address);
                    let last = match address {
                        Some(address) => dial_tests::last_of(tx, address, 1).await?.pop(),
                        None => None,
                    };
                    found.push(StoppedProduct { product: shown.product, seller_name: shown.seller_name, since, last });
                }
                Ok(found)
            })
        })
        .await
}

/// An address of something on sale whose last test failed.
#[derive(Clone, Debug)]
pub struct FailingAddress {
    /// The test.
    pub last: DialTest,
    /// Where calls go.
    pub url: String,
    /// Who sells.
    pub seller_name: String,
    /// What is sold with it.
    pub products: Vec<Product>,
    /// Failed days in a row.
    pub days: u32,
}

/// Addresses of what is on sale whose last test failed within the last two days, the latest first. For operators.
pub async fn failing_addresses(app: &App, actor: &Actor) -> Result<Vec<FailingAddress>, AppError> {
    actor.require(Permission::SeeOperations)?;
    let since = app.now().checked_sub(SignedDuration::from_hours(48)).unwrap_or(Timestamp::UNIX_EPOCH);
    app.store
        .read::<_, _, AppError, _>(since, |tx, since| {
            Box::pin(async move {
                let mut found = Vec::new();
                for last in dial_tests::failing_now(tx, since, LISTED).await? {
                    let Some(address) = addresses::find(tx, last.address).await? else { continue };
                    let seller = organisations::find(tx, address.seller).await?;
                    let mut days = 0;
                    let mut sold = Vec::new();
                    for product in products::on_address(tx, address.id).await? {
                        if let Some(since) = product.dial_tests_count_from() {
                            days = days.max(days_in_a_row(tx, address.id, since).await?);
                            sold.push(product);
                        }
                    }
                    let seller_name = seller.map(|seller| seller.name).unwrap_or_default();
                    found.push(FailingAddress { last, url: address.url, seller_name, products: sold, days });
                }
                Ok(found)
            })
        })
        .await
}
