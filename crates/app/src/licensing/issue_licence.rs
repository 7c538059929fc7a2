//! The marketplace makes the licence code of a paid order.

use domain::audit::Doer;
use domain::ids::{LicenceId, OrderId};
use domain::licensing::{Licence, LicenceCode, LicenceState};
use domain::ordering::OrderState;
use serde_json::json;
use store::licensing::licences;

use super::{code_index, code_place};
use crate::{App, AppError};

/// Issues the code of this order; an order that has one keeps it. Refused with `order_not_processing` unless it is paid.
pub async fn issue_licence(app: &App, order: OrderId) -> Result<LicenceId, AppError> {
    let moment = app.moment(Doer::System);
    let id: LicenceId = moment.id("licence");
    let code = LicenceCode::make(app.random());
    let sealed = app.vault.seal(code_place(&id.to_string()), code.reveal());
    let input = (order, id, sealed, code_index(&app.vault, &code), moment);
    app.store
        .write::<_, _, AppError, _>(input, |tx, (order, id, sealed, index, moment)| {
            Box::pin(async move {
                let order = store::ordering::orders::lock(tx, order).await?.ok_or(AppError::NotFound("order"))?;
                match order.state {
                    OrderState::Processing { .. } | OrderState::Completed { .. } => {}
                    OrderState::PendingPayment { .. } | OrderState::Canceled { .. } | OrderState::Failed { .. } => {
                        return Err(AppError::conflict("order_not_processing"));
                    }
                }
                if let Some(known) = licences::lock_of_order(tx, order.id).await? {
                    return Ok(known.id);
                }
                let licence = Licence {
                    id,
                    order: order.id,
                    seller: order.line.seller,
                    buyer: order.buyer,
                    issued_at: moment.now,
                    state: LicenceState::Issued,
                };
                licences::insert(tx, &licence, &sealed, &index).await?;
                let facts = json!({ "order": order.number.as_str() });
                moment.record(tx, "licence_issued", Some(order.buyer), id, facts).await?;
                Ok(id)
            })
        })
        .await
}
