//! A licence is taken back, because its order ended.

use domain::audit::Doer;
use domain::ids::OrderId;
use domain::outcome::Outcome;
use serde_json::json;
use store::Tx;
use store::licensing::licences;

use crate::events::Moment;
use crate::{App, AppError};

/// Takes the licence of this order back; one that was taken back stays so, and an order without one has nothing to take.
pub async fn withdraw_licence(app: &App, order: OrderId) -> Result<(), AppError> {
    app.store
        .write::<_, _, AppError, _>((order, app.moment(Doer::System)), |tx, (order, moment)| {
            Box::pin(async move { withdraw(tx, &moment, order).await })
        })
        .await
}

/// The same, inside the transaction that ends the order.
pub(crate) async fn withdraw(tx: &mut Tx, moment: &Moment, order: OrderId) -> Result<(), AppError> {
    let Some(mut licence) = licences::lock_of_order(tx, order).await? else { return Ok(()) };
    if licence.withdraw(moment.now) == Outcome::Applied(()) {
        licences::save_state(tx, &licence).await?;
        moment.record(tx, "licence_withdrawn", Some(licence.buyer), licence.id, json!({})).await?;
    }
    Ok(())
}
