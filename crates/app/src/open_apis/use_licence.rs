//! The seller's software is activated with a licence code, and says that it runs (seller-protocol 3.9).

use domain::audit::Doer;
use domain::identity::Permission;
use domain::licensing::{LicenceCode, LicenceRefusal};
use domain::outcome::Outcome;
use koogallery::open_api::{LicenceAnswer, LicenceCall};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::licensing::licences;

use super::{OpenAnswer, Pace, SignedCall, Stop, caller};
use crate::{App, AppError};

/// What the software does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LicenceUse {
    /// It is activated.
    Activate,
    /// It says that it runs.
    Heartbeat,
}

/// Answers `POST …/license/activate` and `…/license/heartbeat`. A code of another seller is answered like one that does not
/// exist.
pub async fn use_licence(app: &App, call: &SignedCall, act: LicenceUse, pace: &dyn Pace) -> OpenAnswer {
    OpenAnswer::of_licence(answer(app, call, act, pace).await)
}

async fn answer(app: &App, call: &SignedCall, act: LicenceUse, pace: &dyn Pace) -> Result<LicenceAnswer, Stop> {
    let caller = caller(app, call, pace, Permission::ManageInterfaces).await?;
    let said = match LicenceCall::parse(&call.body) {
        Ok(said) => said,
        Err(answer) => return Ok(answer),
    };
    let Ok(code) = said.license.as_str().parse::<LicenceCode>() else { return Ok(LicenceAnswer::NoSuchCode) };
    let index = crate::licensing::code_index(&app.vault, &code);
    let device = said.device_fingerprint.map(|device| hex::encode(Sha256::digest(device.as_str())));
    let moment = app.moment(Doer::from(&caller.actor));
    let input = (caller.actor.organisation, caller.seen, index, device, moment);
    let answer = app
        .store
        .write::<_, _, AppError, _>(input, move |tx, (seller, seen, index, device, moment)| {
            Box::pin(async move {
                let Some(mut licence) = licences::lock_by_code(tx, seller, &index).await? else {
                    return Ok(LicenceAnswer::NoSuchCode);
                };
                let done = match act {
                    LicenceUse::Activate => licence.activate(device, moment.now),
                    LicenceUse::Heartbeat => licence.hear(moment.now),
                };
                match done {
                    // A call that comes again must not make dead software look alive, nor give a device back a place that
                    // another has taken since. So it is remembered also when there was nothing to change.
                    Ok(done) if seen.first_time(tx).await? && done == Outcome::Applied(()) => {
                        licences::save_state(tx, &licence).await?;
                        // Of heartbeats only the last is kept: the trail is for what people ask about.
                        if act == LicenceUse::Activate {
                            let buyer = Some(licence.buyer);
                            moment.record(tx, "licence_activated", buyer, licence.id, json!({})).await?;
                        }
                        Ok(LicenceAnswer::Success)
                    }
                    Ok(Outcome::Applied(()) | Outcome::AlreadyApplied) => Ok(LicenceAnswer::Success),
                    Err(LicenceRefusal::NotReceived) => Ok(LicenceAnswer::NotYetReceived),
                    Err(LicenceRefusal::NotActivated) => {
                        Ok(LicenceAnswer::BadParameter("activate the licence before its first heartbeat".to_owned()))
                    }
                    Err(LicenceRefusal::Withdrawn) => Ok(LicenceAnswer::NoSuchCode),
                }
            })
        })
        .await?;
    Ok(answer)
}
