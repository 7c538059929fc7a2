//! The buyer fetches the licence code of its order: from then on the software can be activated with it.

use domain::identity::{Actor, Permission};
use domain::licensing::LicenceCode;
use domain::ordering::OrderNumber;
use domain::outcome::Outcome;
use serde_json::json;
use store::licensing::licences;

use super::code_place;
use crate::{App, AppError};

/// The code. Fetching it again answers the same one.
pub async fn fetch_licence(app: &App, actor: &Actor, number: &OrderNumber) -> Result<LicenceCode, AppError> {
    actor.require(Permission::UseApps)?;
    let input = (actor.organisation, number.clone(), app.moment(actor));
    let (id, sealed) = app
        .store
        .write::<_, _, AppError, _>(input, |tx, (buyer, number, moment)| {
            Box::pin(async move {
                let none = || AppError::NotFound("licence");
                let order = store::ordering::orders::find_by_number(tx, &number).await?;
                let order = order.filter(|order| order.buyer == buyer).ok_or_else(none)?;
                let mut licence = licences::lock_of_order(tx, order.id).await?.ok_or_else(none)?;
                match licence.receive(moment.now) {
                    Ok(Outcome::Applied(())) => {
                        licences::save_state(tx, &licence).await?;
                        moment.record(tx, "licence_received", Some(buyer), licence.id, json!({})).await?;
                    }
                    Ok(Outcome::AlreadyApplied) => {}
                    Err(_) => return Err(none()),
                }
                let sealed = licences::sealed_code(tx, licence.id).await?.ok_or_else(none)?;
                Ok((licence.id, sealed))
            })
        })
        .await?;
    let code = app.vault.open(code_place(&id.to_string()), &sealed)?;
    code.parse().map_err(|()| AppError::Internal(format!("the code of {id} is none")))
}
