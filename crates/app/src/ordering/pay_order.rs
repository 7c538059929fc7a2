//! A buyer pays an order that waited for payment, from the balance. What was stopped or ended meanwhile is not sold any
//! more (functions.md 3.6 "no trade"); the order can still be cancelled.

use domain::identity::{Actor, Permission};
use domain::ids::OrderId;
use domain::ledger::AccountName;
use domain::ordering::{Act, Order};
use domain::outcome::Outcome;
use store::Tx;

use super::outcome::{self, Tried};
use crate::{App, AppError};

/// Pays an order. Doing it again is calm.
#[derive(Clone, Copy, Debug)]
pub struct PayOrder {
    /// Which order.
    pub order: OrderId,
}

impl PayOrder {
    /// Pays; refuses with `not_on_sale` when the product was stopped or ended since it was ordered, and with
    /// `exceeds_balance` when the balance does not suffice.
    pub async fn run(self, app: &App, actor: &Actor) -> Result<Order, AppError> {
        actor.require(Permission::Buy)?;
        let policy = app.settings.fulfilment.policy.clone();
        let paid = app
            .store
            .write((self.order, actor.organisation, app.moment(actor), policy), |tx, (id, buyer, moment, policy)| {
                Box::pin(async move {
                    let found = store::ordering::orders::lock(tx, id).await?.filter(|order| order.buyer == buyer);
                    let mut order = found.ok_or(AppError::NotFound("order"))?;
                    if order.apply(Act::Pay, moment.now)? == Outcome::Applied(()) {
                        if !still_on_sale(tx, &order).await? {
                            return Err(AppError::conflict("not_on_sale"));
                        }
                        store::ordering::orders::save_state(tx, &order).await?;
                        let payer = AccountName::Customer(buyer);
                        let account = store::ledger::account_for_update(tx, payer, order.total.currency()).await?;
                        let address = store::selling::addresses::find(tx, order.line.interface_address).await?;
                        let notices = address.map(|address| address.order_notices).unwrap_or_default();
                        outcome::paid(tx, &moment, (&order, &account), Tried::of(&policy, notices)).await?;
                    }
                    Ok::<_, AppError>(order)
                })
            })
            .await?;
        app.job_bell.ring();
        Ok(paid)
    }
}

/// Whether what the order names may be sold at this moment: the product and the specification, each on its own.
pub(super) async fn still_on_sale(tx: &mut Tx, order: &Order) -> Result<bool, AppError> {
    let offer = store::catalog::offer(tx, order.line.specification).await?;
    Ok(offer.is_some_and(|offer| offer.state.on_sale()))
}
