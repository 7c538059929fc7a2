//! What sellers and operators see of dial tests.

use std::collections::HashMap;

use domain::catalog::{FreezeReason, Product, ProductState};
use domain::identity::{Actor, Permission};
use domain::ids::{InterfaceAddressId, ProductId};
use domain::selling::{DialResult, DialSlot, DialTest, failed_days_in_a_row};
use domain::time::{SignedDuration, Timestamp};
use store::Tx;
use store::catalog::products;
use store::selling::dial_tests::Failing;
use store::selling::{addresses, dial_tests};

use super::MOST_RESULTS;
use crate::{App, AppError};

/// Tests that a page lists.
const SHOWN: u32 = 14;
/// Addresses of an operator's list.
const LISTED: u32 = 200;
/// Products of it: many may be sold with one address.
const LISTED_PRODUCTS: u32 = 1_000;
/// Failed days in a row are counted so far back on an operator's list; on the page of one product as far as tests are kept.
const COUNTED_BACK: SignedDuration = SignedDuration::from_hours(90 * 24);

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

/// Failed days in a row of what counts since `since`.
pub(crate) async fn days_in_a_row(tx: &mut Tx, address: InterfaceAddressId, since: Timestamp) -> Result<u32, AppError> {
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
    /// When the seller's own test passed since trade was stopped, and none failed afterwards: an operator may allow it again.
    /// Tests that begin by themselves say nothing of it: they go on where something else is sold with the address.
    pub mended_at: Option<Timestamp>,
}

/// What is stopped because of dial tests, the longest stopped first. For operators.
pub async fn stopped_products(app: &App, actor: &Actor) -> Result<Vec<StoppedProduct>, AppError> {
    actor.require(Permission::SeeOperations)?;
    app.store
        .read::<_, _, AppError, _>((), |tx, ()| {
            Box::pin(async move {
                let last: HashMap<InterfaceAddressId, DialTest> = dial_tests::last_of_stopped(tx, LISTED)
                    .await?
                    .into_iter()
                    .map(|test| (test.address, test))
                    .collect();
                let mended: HashMap<ProductId, Timestamp> = dial_tests::mended(tx, LISTED).await?.into_iter().collect();
                let stopped = products::stopped(tx, FreezeReason::DialTests, LISTED).await?;
                let found = stopped.into_iter().filter_map(|shown| {
                    let ProductState::Frozen { frozen_at: since, .. } = shown.product.state else { return None };
                    let address = shown.product.release.as_ref().and_then(|release| release.interface_address);
                    Some(StoppedProduct {
                        since,
                        last: address.and_then(|address| last.get(&address).cloned()),
                        mended_at: mended.get(&shown.product.id).copied(),
                        seller_name: shown.seller_name,
                        product: shown.product,
                    })
                });
                Ok(found.collect())
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
    let before = |span| app.now().checked_sub(span).unwrap_or(Timestamp::UNIX_EPOCH);
    let input = (before(SignedDuration::from_hours(48)), before(COUNTED_BACK));
    app.store
        .read::<_, _, AppError, _>(input, |tx, (since, counted_back)| {
            Box::pin(async move {
                let sold = products::failing_now(tx, since, LISTED, LISTED_PRODUCTS).await?;
                let counted_from = sold.iter().filter_map(Product::dial_tests_count_from).min().unwrap_or(since);
                let counted_from = counted_from.max(counted_back);
                let results = dial_tests::results_of_failing(tx, since, LISTED, counted_from).await?;
                let failing = dial_tests::failing_now(tx, since, LISTED).await?;
                Ok(failing.into_iter().map(|failing| of_address(failing, &sold, &results)).collect())
            })
        })
        .await
}

fn of_address(
    failing: Failing,
    sold: &[Product],
    results: &[(InterfaceAddressId, Timestamp, (DialSlot, DialResult))],
) -> FailingAddress {
    let address = failing.test.address;
    let with_it =
        |product: &&Product| product.release.as_ref().is_some_and(|release| release.interface_address == Some(address));
    let products: Vec<Product> = sold.iter().filter(with_it).cloned().collect();
    let days_since = |since: Timestamp| {
        let its = results.iter().filter(|(of, at, _)| *of == address && *at >= since);
        failed_days_in_a_row(&its.map(|(_, _, result)| *result).collect::<Vec<_>>())
    };
    let days = products.iter().filter_map(Product::dial_tests_count_from).map(days_since).max().unwrap_or(0);
    FailingAddress { last: failing.test, url: failing.url, seller_name: failing.seller_name, products, days }
}
