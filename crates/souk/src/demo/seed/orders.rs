//! Balances and the one order of a demo that is delivered already.

use std::time::Duration;

use anyhow::{Context as _, bail};
use app::App;
use app::catalog::show_product_by_id;
use app::ledger::TopUp;
use app::ordering::{PlaceOrder, checkout, my_order};
use app::pricing::make_quote;
use domain::identity::Actor;
use domain::ids::ProductId;
use domain::ordering::{OrderState, PersonalData};
use domain::pricing::{Purchase, QuoteRequest};
use domain::quantity::{Count, Period};

/// Adds to a customer's balance.
pub async fn top_up(app: &App, operator: &Actor, customer: &Actor, amount: &str) -> anyhow::Result<()> {
    let top_up = TopUp {
        organisation: customer.organisation,
        amount: amount.to_owned(),
        note: "Bank transfer received".to_owned(),
        key: "demo".to_owned(),
    };
    top_up.run(app, operator).await.context("a top-up")?;
    Ok(())
}

/// Buys the first plan of a product for a month and waits until the seller delivered.
#[expect(
    clippy::disallowed_methods,
    reason = "the seller's system is another process; it is looked at until it delivered"
)]
pub async fn buy(app: &App, customer: &Actor, product: ProductId) -> anyhow::Result<()> {
    let product = show_product_by_id(app, product, customer.language).await.context("the product to buy")?;
    let plan = product.plans.first().context("a plan to buy")?;
    let request = QuoteRequest {
        specification: plan.specification.id,
        period: Period::Month,
        count: Count::new(1).context("one")?,
        periods: 1,
        purchase: Purchase::Paid,
    };
    let quote = make_quote(app, request).await.context("the quote")?;
    let agreed = checkout(app, customer, &quote.sealed).await.context("checkout")?.offer.agreement;
    let order = PlaceOrder {
        client_key: "demo-first-order".to_owned(),
        quote: quote.sealed,
        agreement: agreed.map(|agreement| agreement.version_hash()),
        personal_data: PersonalData::Agreed,
    };
    let (order, _) = order.run(app, customer).await.context("the order")?;
    for _ in 0..300 {
        if let OrderState::Completed { .. } = my_order(app, customer, &order.number).await?.order.state {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bail!("the first order was not delivered")
}
