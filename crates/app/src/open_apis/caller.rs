//! Who signed a call with an access key and its secret (seller-protocol 8.1).

use domain::identity::{Actor, OrganisationKind, Permission};
use koogallery::gateway::{self, ApiRequest, Authorization};
use koogallery::open_api::{OpenApiCode, query_pairs};

use super::replay::Seen;
use super::{Pace, SignedCall, Stop};
use crate::App;
use crate::identity::authenticate;

/// A seller's program whose signature proved right.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// For whom it acts.
    pub actor: Actor,
    /// By what the same call is known when it comes again.
    pub seen: Seen,
}

/// Checks signature, time and pace, and that the signer belongs to a seller and may do this.
pub(crate) async fn caller(
    app: &App,
    call: &SignedCall,
    pace: &dyn Pace,
    permission: Permission,
) -> Result<Caller, Stop> {
    let refused = |detail: &str| Stop::refused(OpenApiCode::TokenInvalid, detail);
    if !call.has_header("authorization") {
        return Err(refused("the header Authorization is missing; sign the call with SDK-HMAC-SHA256"));
    }
    let authorization = call
        .header("authorization")
        .and_then(Authorization::parse)
        .ok_or_else(|| refused("Authorization is no SDK-HMAC-SHA256 with Access, SignedHeaders and Signature"))?;
    let query = query_pairs(&call.query);
    let request =
        ApiRequest { method: &call.method, path: &call.path, query: &query, headers: &call.headers, body: &call.body };
    let now_ms = app.now().as_millisecond();
    let signed_with = |secret: &str| gateway::verify(&authorization, secret, &request, now_ms);
    let found = authenticate::by_signature(app, &authorization.access_key, signed_with).await?;
    let actor = found
        .ok_or_else(|| refused("there is no working access key of this name"))?
        .map_err(|error| refused(&error.to_string()))?;
    pace.admit(&authorization.access_key).map_err(Stop::TooOften)?;
    if actor.kind != OrganisationKind::Seller {
        return Err(Stop::refused(OpenApiCode::NotASeller, "the access key belongs to no seller"));
    }
    if actor.require(permission).is_err() {
        let detail = "whoever made the access key may not do this any more";
        return Err(Stop::refused(OpenApiCode::OperationNotAllowed, detail));
    }
    let seen = Seen::signature(app.now(), &authorization);
    Ok(Caller { actor, seen })
}
