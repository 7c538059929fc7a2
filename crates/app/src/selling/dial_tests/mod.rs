//! Dial testing: the saved cases of what is on sale, run every morning and afternoon, and what follows when they fail
//! (functions.md 6, seller-protocol 1.6). The rule about days stands in `domain::selling::failed_days_in_a_row`.
//!
//! *What is promised.* An address is tested once for each morning and each afternoon, however many nodes there are and
//! however often a job is repeated: the row of the test is unique. The test's row, its notices and the stop of trade are
//! one transaction. What was bought goes on.
//!
//! *What is ours.* The reference stops trade and says nothing of how it begins again. Here the seller mends its system and
//! runs the test itself; when that passes, the operators are told and one of them allows trade again. The machine stops,
//! a person lets go on: a system that fails for five days and passes once has not shown that it stays up.

mod ask;
mod look;
mod plan;
mod run;

use domain::catalog::{FreezeReason, Product, ProductState};
use domain::ids::{DialTestId, InterfaceAddressId};
use domain::outcome::Arguments;
use domain::selling::{
    CaseOutcome, CaseResult, DialHours, DialResult, DialSlot, DialTest, FailingCase, InterfaceAddress, Occasion,
    Verdict, failed_days_in_a_row,
};
use domain::text::{Language, Localised};
use domain::time::{Time, TimeZone, Timestamp};
use language::Words;
use serde_json::json;
use store::Tx;
use store::catalog::products;
use store::selling::dial_tests;

use crate::events::Moment;
use crate::jobs::Handler;
use crate::notices::{Audience, Notice, notify};
use crate::{App, AppError};

pub(super) use look::days_in_a_row;
pub use look::{AddressTests, FailingAddress, StoppedProduct, address_tests, failing_addresses, stopped_products};
pub use plan::start_dial_tests;

/// So many results are looked at to count days: years of two a day.
const MOST_RESULTS: u32 = 5_000;

/// When the saved cases of what is on sale are run, and what follows when they fail.
#[derive(Clone, Debug)]
pub struct DialTestSettings {
    /// When tests begin.
    pub hours: DialHours,
    /// Whether they begin by themselves. Sellers can always ask for one.
    pub scheduled: bool,
    /// After so many failed days in a row trade is stopped (functions.md 13, `freeze_after_days`); 0 never stops it.
    pub freeze_after_days: u32,
    /// The pause between the beginnings of two tests, in milliseconds, so that they never take every worker at once.
    pub pause_ms: u32,
}

impl Default for DialTestSettings {
    fn default() -> DialTestSettings {
        let o_clock = |hour| Time::new(hour, 0, 0, 0).unwrap_or_default();
        DialTestSettings {
            hours: DialHours { morning: o_clock(9), afternoon: o_clock(15), zone: TimeZone::UTC },
            scheduled: true,
            freeze_after_days: 5,
            pause_ms: 200,
        }
    }
}

/// Whether something in the market changed, so that the index must hear of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Market {
    Same,
    Changed,
}

/// What came of running every case, as a test of this slot.
fn test_of(
    id: DialTestId,
    address: &InterfaceAddress,
    slot: DialSlot,
    moment: &Moment,
    outcomes: &[CaseOutcome],
) -> DialTest {
    DialTest {
        id,
        address: address.id,
        seller: address.seller,
        slot,
        tested_at: moment.now,
        cases: u32::try_from(outcomes.len()).unwrap_or(u32::MAX),
        failing: outcomes.iter().filter(|outcome| outcome.result != CaseResult::Passed).map(failing).collect(),
    }
}

fn failing(outcome: &CaseOutcome) -> FailingCase {
    let line = outcome.checks.iter().find(|line| line.verdict == Verdict::Fail);
    let reason = match line {
        Some(line) => Localised { en: Some(line.en.clone()), zh: Some(line.zh.clone()) },
        None => {
            let said = |language| Some(Words::of(language).dial_case_missing().to_owned());
            Localised { en: said(Language::English), zh: said(Language::Chinese) }
        }
    };
    let (case, name) = outcome.case.clone().unzip();
    FailingCase { activity: outcome.activity.code().to_owned(), case: case.map(|id| id.to_string()), name, reason }
}

/// Writes a test and everything that follows from it. A second one of the same morning or afternoon changes nothing.
async fn record(tx: &mut Tx, moment: &Moment, test: &DialTest, freeze_after_days: u32) -> Result<Market, AppError> {
    if !dial_tests::insert(tx, test).await? {
        return Ok(Market::Same);
    }
    let kind = match test.result() {
        DialResult::Passed => "dial_test_passed",
        DialResult::Failed => "dial_test_failed",
    };
    let facts = json!({
        "day": test.slot.day.to_string(),
        "occasion": test.slot.occasion.code(),
        "cases": test.cases,
        "failing": test.failing.len(),
    });
    moment.record(tx, kind, Some(test.seller), test.address, facts).await?;
    let mut market = Market::Same;
    for product in products::lock_on_address(tx, test.address).await? {
        match (&product.state, test.slot.occasion, test.result()) {
            (ProductState::Listed { .. }, Occasion::Morning | Occasion::Afternoon, DialResult::Failed) => {
                if failed(tx, moment, test, product, freeze_after_days).await? == Market::Changed {
                    market = Market::Changed;
                }
            }
            (
                &ProductState::Frozen { because: FreezeReason::DialTests, frozen_at, .. },
                Occasion::Asked,
                DialResult::Passed,
            ) => {
                mended(tx, moment, &product, frozen_at).await?;
            }
            // Nobody is told what is as it should be, nor what was asked for: who asked sees it on the page.
            (
                ProductState::Draft
                | ProductState::InReview
                | ProductState::Listed { .. }
                | ProductState::Frozen { .. }
                | ProductState::Discontinued { .. },
                Occasion::Morning | Occasion::Afternoon | Occasion::Asked,
                DialResult::Passed | DialResult::Failed,
            ) => {}
        }
    }
    Ok(market)
}

/// Tells the seller, and stops trade when it was a day too many.
async fn failed(
    tx: &mut Tx,
    moment: &Moment,
    test: &DialTest,
    mut product: Product,
    freeze_after_days: u32,
) -> Result<Market, AppError> {
    let since = product.dial_tests_count_from().unwrap_or(moment.now);
    let results = dial_tests::results_since(tx, test.address, since, MOST_RESULTS).await?;
    let days = failed_days_in_a_row(&results);
    let told = Told { test, product: &product, days };
    if freeze_after_days == 0 || days < freeze_after_days {
        notify(tx, moment, told.failure()).await?;
        return Ok(Market::Same);
    }
    let notices = [told.stop(Audience::Seller(product.seller)), told.stop(Audience::Operators)];
    product.freeze(FreezeReason::DialTests, moment.now)?;
    products::save_state(tx, &product).await?;
    let facts = json!({ "because": FreezeReason::DialTests.code(), "days": days });
    moment.record(tx, "product_frozen", Some(product.seller), product.id, facts).await?;
    for notice in notices {
        notify(tx, moment, notice).await?;
    }
    Ok(Market::Changed)
}

/// A stopped product answers again: an operator may let it go on.
async fn mended(tx: &mut Tx, moment: &Moment, product: &Product, frozen_at: Timestamp) -> Result<(), AppError> {
    let notice = Notice {
        to: Audience::Operators,
        kind: "dial_test_mended",
        // Once for each stop, however often the seller tries.
        about: format!("{}/{}", product.id, frozen_at),
        arguments: vec![("product", name_of(product))],
        link: "/operator/interfaces".to_owned(),
    };
    Ok(notify(tx, moment, notice).await?)
}

/// What is told about one product.
struct Told<'a> {
    test: &'a DialTest,
    product: &'a Product,
    days: u32,
}

impl Told<'_> {
    fn failure(&self) -> Notice {
        Notice {
            to: Audience::Seller(self.product.seller),
            kind: "dial_test_failed",
            about: format!("{}/{}/{}", self.product.id, self.test.slot.day, self.test.slot.occasion.code()),
            arguments: self.arguments(),
            link: self.case(),
        }
    }

    fn stop(&self, to: Audience) -> Notice {
        let (kind, link) = match to {
            Audience::Operators => ("dial_test_stopped_operator", "/operator/interfaces".to_owned()),
            Audience::Organisation(_) | Audience::Seller(_) | Audience::User(_) => ("dial_test_stopped", self.case()),
        };
        let about = format!("{}/{}", self.product.id, self.test.id);
        Notice { to, kind, about, arguments: self.arguments(), link }
    }

    fn arguments(&self) -> Arguments {
        let first = self.test.failing.first();
        let called = first.map(|case| case.name.as_ref().unwrap_or(&case.activity).clone()).unwrap_or_default();
        let mut arguments: Arguments = vec![
            ("product", name_of(self.product)),
            ("case", called.into()),
            ("failing", self.test.failing.len().into()),
            ("cases", self.test.cases.into()),
            ("days", self.days.into()),
        ];
        arguments.extend(first.map(|case| ("reason", (&case.reason).into())));
        arguments
    }

    /// Where the failing case can be run by hand.
    fn case(&self) -> String {
        let bench = format!("/seller/debugger/{}", self.test.address);
        match self.test.failing.first() {
            Some(FailingCase { case: Some(case), .. }) => format!("{bench}?case={case}"),
            Some(FailingCase { activity, .. }) => format!("{bench}?activity={activity}"),
            None => bench,
        }
    }
}

fn name_of(product: &Product) -> domain::mention::Mention {
    match &product.release {
        Some(release) => (&release.name).into(),
        None => product.id.to_string().into(),
    }
}

/// The key of the job that makes one test.
fn job_key(address: InterfaceAddressId, slot: DialSlot) -> String {
    format!("{address}/{}/{}", slot.day, slot.occasion.code())
}

pub(super) fn handlers() -> Vec<Box<dyn Handler>> {
    vec![Box::new(plan::PlanDialTests), Box::new(run::RunDialTest), Box::new(ask::AskedDialTest)]
}

/// What is tested: an address, and what is sold or was stopped with it.
async fn subject(tx: &mut Tx, address: InterfaceAddress) -> Result<(InterfaceAddress, Vec<Product>), AppError> {
    let products = products::on_address(tx, address.id).await?;
    Ok((address, products))
}

/// Runs every saved case; a required activity of one of the products without a case fails.
async fn outcomes(app: &App, address: &InterfaceAddress, products: &[Product]) -> Result<Vec<CaseOutcome>, AppError> {
    let releases = products.iter().filter_map(|product| product.release.as_ref());
    let mut billings: Vec<_> = releases.map(crate::catalog::billing_of).collect();
    billings.dedup();
    super::replay::run_every_case(app, address, &billings).await
}
