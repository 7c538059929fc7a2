//! Proof of an address's domain, and its keys: the one before, and those of other types of interface.

use app::App;
use app::selling::prove_domain::{ProofView, domain_proof};
use app::selling::{addresses, bound_keys};
use axum::Json;
use axum::extract::{Path, State};
use domain::ids::InterfaceAddressId;
use domain::selling::{DomainProofRule, InterfaceType};
use http_kit::{At, Failure, SignedIn, Visit};
use language::Words;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::catalog::Body;

/// Why the file proved nothing.
#[derive(Serialize, ToSchema)]
struct ProofFailureBody {
    /// `no_file`, `redirected`, `differs` …
    code: &'static str,
    /// One sentence, in the language that was asked for.
    message: String,
    /// RFC 3339
    at: String,
}

/// The proof of an address's domain.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProofBody {
    /// `https://saas.example.com`: the proof is for all addresses of the organisation there.
    origin: String,
    /// Whether products need it here.
    asked: bool,
    /// Whether the file was found.
    proven: bool,
    /// When; absent while it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    proven_at: Option<String>,
    /// The name of the file.
    file_name: String,
    /// Its text.
    text: String,
    /// Where it is looked for.
    url: String,
    /// Why the last look found nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<ProofFailureBody>,
}

fn body(view: &ProofView, visit: &Visit) -> ProofBody {
    let words = Words::of(visit.language);
    ProofBody {
        origin: view.proof.origin.clone(),
        asked: view.rule == DomainProofRule::Asked,
        proven: view.proof.proven_at.is_some(),
        proven_at: view.proof.proven_at.map(|at| at.to_string()),
        file_name: view.file_name.clone(),
        text: view.text.clone(),
        url: view.url(),
        failure: view.proof.last_failure.map(|(failure, at)| ProofFailureBody {
            code: failure.code(),
            message: words.by_code("proof-failure", failure.code(), &[]).unwrap_or_default(),
            at: at.to_string(),
        }),
    }
}

/// The file that proves an address's domain, and whether it did.
#[utoipa::path(get, path = "/api/v1/interface-addresses/{id}/proof", tag = "seller", params(("id" = String, Path)),
    responses((status = 200, body = ProofBody), (status = 404)))]
pub(crate) async fn proof(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At(id): At<InterfaceAddressId>,
) -> Result<Json<ProofBody>, Failure> {
    Ok(Json(body(&domain_proof(&app, &actor, id).await?, &visit)))
}

/// Looks for the file now. A file that is not there is no error: `proven` is false and `failure` says why.
#[utoipa::path(post, path = "/api/v1/interface-addresses/{id}/prove", tag = "seller", params(("id" = String, Path)),
    responses((status = 200, body = ProofBody), (status = 404), (status = 429)))]
pub(crate) async fn prove(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At(id): At<InterfaceAddressId>,
) -> Result<Json<ProofBody>, Failure> {
    Ok(Json(body(&app.prove_domain(&actor, id).await?, &visit)))
}

/// A key of an address, masked.
#[derive(Serialize, ToSchema)]
struct KeyBody {
    /// `basic`, `joint_operations`, `licence_code` or `order_notice`.
    interface_type: &'static str,
    /// Masked but for its last four characters.
    access_key: String,
    /// RFC 3339
    key_set_at: String,
    /// The key before, masked, while it lives.
    #[serde(skip_serializing_if = "Option::is_none")]
    retiring_key: Option<String>,
    /// When the key before ends by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    retiring_until: Option<String>,
}

/// The keys of an address.
#[derive(Serialize, ToSchema)]
pub(crate) struct Keys {
    /// The basic one first; a type without a key is absent.
    items: Vec<KeyBody>,
}

async fn keys(app: &App, actor: &domain::identity::Actor, id: InterfaceAddressId) -> Result<Keys, Failure> {
    let address = addresses::find(app, actor, id).await?.address;
    let retiring = address.retiring_at(app.now());
    let basic = KeyBody {
        interface_type: InterfaceType::Basic.code(),
        access_key: address.key_hint.masked(),
        key_set_at: address.key_set_at.to_string(),
        retiring_key: retiring.map(|key| key.key_hint.masked()),
        retiring_until: retiring.map(|key| key.until.to_string()),
    };
    let bound = bound_keys(app, actor, id).await?.into_iter().map(|key| KeyBody {
        interface_type: key.interface_type.code(),
        access_key: key.key_hint.masked(),
        key_set_at: key.key_set_at.to_string(),
        retiring_key: None,
        retiring_until: None,
    });
    Ok(Keys { items: std::iter::once(basic).chain(bound).collect() })
}

/// The keys of an address, masked.
#[utoipa::path(get, path = "/api/v1/interface-addresses/{id}/keys", tag = "seller", params(("id" = String, Path)),
    responses((status = 200, body = Keys), (status = 404)))]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(id): At<InterfaceAddressId>,
) -> Result<Json<Keys>, Failure> {
    Ok(Json(keys(&app, &actor, id).await?))
}

/// A key for a type of interface.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct KeyToBind {
    /// 16 to 128 characters; leave it out and we make one.
    access_key: String,
}

/// What stands in the path.
#[derive(Debug, Deserialize)]
pub(crate) struct BoundPlace {
    id: String,
    interface_type: String,
}

/// Binds a key for a type of interface. For `basic` it is a rotation: the key before lives on. Needs a fresh password.
#[utoipa::path(put, path = "/api/v1/interface-addresses/{id}/keys/{interface_type}", tag = "seller",
    params(("id" = String, Path), ("interface_type" = String, Path)), request_body = KeyToBind,
    responses((status = 200, body = Keys), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub(crate) async fn bind(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Path(place): Path<BoundPlace>,
    Body(key): Body<KeyToBind>,
) -> Result<Json<Keys>, Failure> {
    let missing = || app::AppError::NotFound("interface_address");
    let id = place.id.parse().map_err(|_| missing())?;
    let interface_type = place.interface_type.parse().map_err(|()| missing())?;
    app.bind_access_key(&actor, id, interface_type, &key.access_key).await?;
    Ok(Json(keys(&app, &actor, id).await?))
}

/// Ends the key before the present one now. Needs a fresh password.
#[utoipa::path(post, path = "/api/v1/interface-addresses/{id}/retire-key", tag = "seller", params(("id" = String, Path)),
    responses((status = 200, body = Keys), (status = 403), (status = 404)))]
pub(crate) async fn retire(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(id): At<InterfaceAddressId>,
) -> Result<Json<Keys>, Failure> {
    app.retire_access_key(&actor, id).await?;
    Ok(Json(keys(&app, &actor, id).await?))
}
