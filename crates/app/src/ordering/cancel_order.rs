//! A buyer cancels an order that was never paid.

use domain::identity::{Actor, Permission};
use domain::ids::OrderId;
use domain::ordering::{Act, Order};
use domain::outcome::Outcome;
use serde_json::json;

use crate::{App, AppError};

/// Cancels an unpaid order. Doing it again is calm.
#[derive(Clone, Copy, Debug)]
pub struct CancelOrder {
    /// Which order.
    pub order: OrderId,
}

impl CancelOrder {
    /// Cancels.
    pub async fn run(self, app: &App, actor: &Actor) -> Result<Order, AppError> {
        actor.require(Permission::Buy)?;
        app.store
            .write((self.order, actor.organisation, app.moment(actor)), |tx, (id, buyer, moment)| {
                Box::pin(async move {
                    let found = store::ordering::orders::lock(tx, id).await?.filter(|order| order.buyer == buyer);
                    let mut order = found.ok_or(AppError::NotFound("order"))?;
                    if order.apply(Act::Cancel, moment.now)? == Outcome::Applied(()) {
                        store::ordering::orders::save_state(tx, &order).await?;
                        let facts = json!({"number": order.number.as_str()});
                        moment.record(tx, "order_canceled", Some(order.buyer), order.id, facts).await?;
                    }
                    Ok(order)
                })
            })
            .await
    }
}
