//! Products whose interfaces fail, before the operator: stopped by dial tests, failing them now, or with too many failed
//! orders in a month. Looked at, and decided.

use domain::catalog::{FreezeReason, Product, ProductState};
use domain::identity::{Actor, Permission};
use domain::ids::{ProductId, UserId};
use domain::ordering::Order;
use domain::outcome::Outcome;
use domain::selling::{DialHours, DialTest, FailedOrders, FailedOrdersDecision};
use domain::text::{self, Lines};
use domain::time::Timestamp;
use serde_json::json;
use store::Tx;
use store::catalog::products;
use store::catalog::removals;
use store::identity::organisations;
use store::ordering::orders;
use store::selling::{addresses, dial_tests, failed_orders};

use super::dial_tests::days_in_a_row;
use crate::events::{Moment, fingerprint};
use crate::notices::{Audience, Notice, notify};
use crate::{App, AppError};

pub use store::catalog::removals::Removal;

/// Rows of a list, orders of a month.
const MOST: u32 = 200;
/// Months and tests that the page of a product shows.
const SHOWN: u32 = 14;

/// A product with too many failed orders in a month.
#[derive(Clone, Debug)]
pub struct RaisedProduct {
    /// The month's count.
    pub orders: FailedOrders,
    /// The product.
    pub product: Product,
    /// Who sells it.
    pub seller_name: String,
}

/// What waits for a decision because too many orders failed, the longest waiting first.
pub async fn raised_products(app: &App, actor: &Actor) -> Result<Vec<RaisedProduct>, AppError> {
    actor.require(Permission::SeeOperations)?;
    app.store
        .read::<_, _, AppError, _>((), |tx, ()| {
            Box::pin(async move {
                let waiting = failed_orders::waiting(tx, MOST).await?.into_iter();
                let raised = waiting.map(|(orders, shown)| RaisedProduct {
                    orders,
                    product: shown.product,
                    seller_name: shown.seller_name,
                });
                Ok(raised.collect())
            })
        })
        .await
}

/// How many products wait: stopped ones that pass their test again, and those with too many failed orders.
pub async fn count_waiting(app: &App, actor: &Actor) -> Result<usize, AppError> {
    actor.require(Permission::SeeOperations)?;
    let waiting = app
        .store
        .read::<_, _, AppError, _>((), |tx, ()| {
            Box::pin(async move {
                Ok(dial_tests::count_mended(tx).await?.saturating_add(failed_orders::count_waiting(tx).await?))
            })
        })
        .await?;
    Ok(usize::try_from(waiting).unwrap_or(0))
}

/// Everything about the interface of one product.
#[derive(Clone, Debug)]
pub struct ProductInterface {
    /// The product.
    pub product: Product,
    /// Who sells it.
    pub seller_name: String,
    /// Where its system is called.
    pub url: Option<String>,
    /// The last dial tests, the latest first.
    pub tests: Vec<DialTest>,
    /// Failed days in a row.
    pub days: u32,
    /// When the seller's own test passed since trade was stopped.
    pub mended_at: Option<Timestamp>,
    /// The months in which orders failed, the latest first.
    pub months: Vec<FailedOrders>,
    /// The failed orders of the latest of these months.
    pub orders: Vec<Order>,
    /// When an operator took it from sale for good, and why.
    pub removed: Option<Removal>,
}

impl ProductInterface {
    /// Whether failed orders wait for a decision.
    pub fn raised(&self) -> Option<&FailedOrders> {
        self.months.iter().find(|month| month.raised_at.is_some() && month.decided.is_none())
    }

    /// Whether failed dial tests stopped it.
    pub fn stopped(&self) -> Option<Timestamp> {
        match self.product.state {
            ProductState::Frozen { because: FreezeReason::DialTests, frozen_at, .. } => Some(frozen_at),
            ProductState::Draft
            | ProductState::InReview
            | ProductState::Listed { .. }
            | ProductState::Frozen { .. }
            | ProductState::Discontinued { .. } => None,
        }
    }
}

/// The interface of one product.
pub async fn product_interface(app: &App, actor: &Actor, id: ProductId) -> Result<ProductInterface, AppError> {
    actor.require(Permission::SeeOperations)?;
    let hours = app.settings.selling.dial_tests.hours.clone();
    app.store
        .read::<_, _, AppError, _>((id, hours), |tx, (id, hours)| Box::pin(async move { view(tx, id, &hours).await }))
        .await
}

async fn view(tx: &mut Tx, id: ProductId, hours: &DialHours) -> Result<ProductInterface, AppError> {
    let product = products::find(tx, id).await?.ok_or(AppError::NotFound("product"))?;
    let seller = organisations::find(tx, product.seller).await?;
    let address = product.release.as_ref().and_then(|release| release.interface_address);
    let (mut url, mut tests, mut days) = (None, Vec::new(), 0);
    if let Some(address) = address {
        url = addresses::find(tx, address).await?.map(|address| address.url);
        tests = dial_tests::last_of(tx, address, SHOWN).await?;
        if let Some(since) = product.dial_tests_count_from() {
            days = days_in_a_row(tx, address, since).await?;
        }
    }
    let mended_at = dial_tests::mended_at(tx, id).await?;
    let removed = removals::find(tx, id).await?;
    let months = failed_orders::of_product(tx, id, SHOWN).await?;
    let orders = match months.first() {
        Some(latest) => orders::failed_of_product(tx, id, hours.span_of(latest.month), MOST).await?,
        None => Vec::new(),
    };
    Ok(ProductInterface {
        product,
        seller_name: seller.map(|seller| seller.name).unwrap_or_default(),
        url,
        tests,
        days,
        mended_at,
        months,
        orders,
        removed,
    })
}

impl App {
    /// Keeps a product on sale in spite of its failed orders, or takes it from sale for good, with a reason. What was bought
    /// goes on. Also for a product that dial tests stopped: removing ends it, keeping concerns failed orders only.
    pub async fn decide_failing_product(
        &self,
        actor: &Actor,
        id: ProductId,
        decision: FailedOrdersDecision,
        reason: &str,
    ) -> Result<Outcome<()>, AppError> {
        actor.require(Permission::ReviewProducts)?;
        let reason = text::text("reason", reason, Lines::Many, 10, 2_000).map_err(AppError::field)?;
        let input = (id, decision, reason, actor.user, self.moment(actor));
        let outcome = self
            .store
            .write::<_, _, AppError, _>(input, |tx, (id, decision, reason, user, moment)| {
                Box::pin(async move {
                    let mut product = products::lock(tx, id).await?.ok_or(AppError::NotFound("product"))?;
                    let waiting = failed_orders::lock_waiting(tx, id).await?;
                    for mut orders in waiting.clone() {
                        orders.decided = Some((decision, moment.now, user, reason.clone()));
                        failed_orders::save(tx, &orders).await?;
                    }
                    match decision {
                        FailedOrdersDecision::Keep if waiting.is_empty() => Ok(Outcome::AlreadyApplied),
                        FailedOrdersDecision::Keep => {
                            let facts = json!({ "reason_sha256": fingerprint(&reason) });
                            moment.record(tx, "failing_product_kept", Some(product.seller), id, facts).await?;
                            Ok(Outcome::Applied(()))
                        }
                        FailedOrdersDecision::Remove => remove(tx, &moment, &mut product, (user, &reason)).await,
                    }
                })
            })
            .await?;
        self.job_bell.ring();
        crate::catalog::nudge(self).await;
        Ok(outcome)
    }
}

async fn remove(
    tx: &mut Tx,
    moment: &Moment,
    product: &mut Product,
    (by, reason): (UserId, &str),
) -> Result<Outcome<()>, AppError> {
    if product.discontinue(moment.now)? == Outcome::AlreadyApplied {
        return Ok(Outcome::AlreadyApplied);
    }
    products::save_state(tx, product).await?;
    let removal = Removal { product: product.id, at: moment.now, by, reason: reason.to_owned() };
    removals::insert(tx, &removal).await?;
    let facts = json!({ "reason_sha256": fingerprint(reason) });
    moment.record(tx, "product_removed", Some(product.seller), product.id, facts).await?;
    let name = product.release.as_ref().map(|release| (&release.name).into());
    let notice = Notice {
        to: Audience::Organisation(product.seller),
        kind: "product_removed",
        about: product.id.to_string(),
        arguments: vec![("product", name.unwrap_or_else(|| product.id.to_string().into())), ("reason", reason.into())],
        link: format!("/seller/products/{}", product.id),
    };
    notify(tx, moment, notice).await?;
    Ok(Outcome::Applied(()))
}
