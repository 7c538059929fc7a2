//! /api/v1/interface-addresses: a seller's production addresses and their keys.

use app::App;
use app::selling::addresses::{self, AddAddress, AddressView};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::ids::InterfaceAddressId;
use http_kit::{At, Failure, SignedIn};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::catalog::Body;

/// A production address.
#[derive(Serialize, ToSchema)]
pub(crate) struct AddressBody {
    /// `adr_…`
    id: String,
    /// Where calls go.
    url: String,
    /// The key, masked but for its last four characters.
    access_key: String,
    /// `v1` or `v2`
    protocol: &'static str,
    /// `off`, `if_present` or `required`: how strictly answers must be signed.
    body_sign: &'static str,
    /// `on` or `off`: whether the system is told of each paid order.
    order_notices: &'static str,
    /// `1` (AES-256) or `2` (AES-128): what `email` and `mobilePhone` are encrypted with towards a `v1` system.
    encrypt_type: &'static str,
    /// `text` or `object`: how `productInfo` travels to a `v2` system.
    product_info: &'static str,
    /// The billing modes for whose products every required case is saved: `one_time`, `period`.
    ready_for: Vec<&'static str>,
    /// The calls of which a case is saved.
    saved_cases: Vec<&'static str>,
    /// RFC 3339
    created_at: String,
    /// When the key was last set.
    key_set_at: String,
}

fn body(view: &AddressView) -> AddressBody {
    let address = &view.address;
    AddressBody {
        id: address.id.to_string(),
        url: address.url.clone(),
        access_key: address.key_hint.masked(),
        protocol: address.protocol.code(),
        body_sign: address.body_sign.code(),
        order_notices: address.order_notices.code(),
        encrypt_type: address.encrypt_type.code(),
        product_info: address.product_info.code(),
        ready_for: view.ready_for().into_iter().map(domain::selling::BillingMode::code).collect(),
        saved_cases: view.cases.iter().map(|case| case.activity.code()).collect(),
        created_at: address.created_at.to_string(),
        key_set_at: address.key_set_at.to_string(),
    }
}

/// The addresses of the own organisation.
#[derive(Serialize, ToSchema)]
pub(crate) struct Addresses {
    /// The oldest first.
    items: Vec<AddressBody>,
}

/// The production addresses of one's own organisation.
#[utoipa::path(get, path = "/api/v1/interface-addresses", tag = "seller", responses((status = 200, body = Addresses)))]
pub(crate) async fn list(State(app): State<App>, SignedIn(actor): SignedIn) -> Result<Json<Addresses>, Failure> {
    let views = addresses::list(&app, &actor).await?;
    Ok(Json(Addresses { items: views.iter().map(body).collect() }))
}

/// A new address.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct NewAddress {
    /// https, a public domain name, port 443, with the path.
    url: String,
    /// The seller's own key, 16 to 128 characters; leave it out and we make one.
    access_key: String,
    /// `v2` (the default), or `v1` for a system that speaks the deprecated version already.
    protocol: String,
    /// `off`, `if_present` (the default of `v2`) or `required` (the default of `v1`).
    body_sign: String,
}

/// Adds a production address.
#[utoipa::path(post, path = "/api/v1/interface-addresses", tag = "seller", request_body = NewAddress,
    responses((status = 201, body = AddressBody), (status = 422)))]
pub(crate) async fn add(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Body(new): Body<NewAddress>,
) -> Result<(StatusCode, Json<AddressBody>), Failure> {
    let ask = AddAddress { url: new.url, access_key: new.access_key, protocol: new.protocol, body_sign: new.body_sign };
    let address = app.add_interface_address(&actor, ask).await?;
    Ok((StatusCode::CREATED, Json(body(&AddressView { address, cases: Vec::new() }))))
}

/// One production address.
#[utoipa::path(get, path = "/api/v1/interface-addresses/{id}", tag = "seller", params(("id" = String, Path)),
    responses((status = 200, body = AddressBody), (status = 404)))]
pub(crate) async fn show(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(address): At<InterfaceAddressId>,
) -> Result<Json<AddressBody>, Failure> {
    Ok(Json(body(&addresses::find(&app, &actor, address).await?)))
}

/// A key in clear.
#[derive(Serialize, ToSchema)]
pub(crate) struct ClearKey {
    /// Keep it out of logs.
    access_key: String,
}

/// Shows the access key of an address. Needs a fresh password.
#[utoipa::path(post, path = "/api/v1/interface-addresses/{id}/reveal-key", tag = "seller", params(("id" = String, Path)),
    responses((status = 200, body = ClearKey), (status = 403), (status = 404)))]
pub(crate) async fn reveal_key(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(address): At<InterfaceAddressId>,
) -> Result<Json<ClearKey>, Failure> {
    let access_key = app.reveal_access_key(&actor, address).await?;
    Ok(Json(ClearKey { access_key }))
}

/// Another key.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct NewKey {
    /// 16 to 128 characters; leave it out and we make one.
    access_key: String,
}

/// Puts a new access key in the place of the old one. Needs a fresh password.
#[utoipa::path(put, path = "/api/v1/interface-addresses/{id}/key", tag = "seller", params(("id" = String, Path)),
    request_body = NewKey, responses((status = 200, body = AddressBody), (status = 403), (status = 404), (status = 422)))]
pub(crate) async fn replace_key(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(id): At<InterfaceAddressId>,
    Body(new): Body<NewKey>,
) -> Result<Json<AddressBody>, Failure> {
    app.replace_access_key(&actor, id, &new.access_key).await?;
    Ok(Json(body(&addresses::find(&app, &actor, id).await?)))
}

/// Whether the system is told of each paid order.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Notices {
    /// `on` or `off`
    order_notices: String,
}

/// Says whether the system behind an address is told of each paid order. It needs a key for order notices and a saved case of
/// `orderNotify`.
#[utoipa::path(put, path = "/api/v1/interface-addresses/{id}/order-notices", tag = "seller", params(("id" = String, Path)),
    request_body = Notices, responses((status = 200, body = AddressBody), (status = 404), (status = 422)))]
pub(crate) async fn set_notices(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(id): At<InterfaceAddressId>,
    Body(notices): Body<Notices>,
) -> Result<Json<AddressBody>, Failure> {
    app.set_order_notices(&actor, id, &notices.order_notices).await?;
    Ok(Json(body(&addresses::find(&app, &actor, id).await?)))
}

/// With which size of key a system of version 1.0 encrypts.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Encryption {
    /// `1` (AES-256) or `2` (AES-128)
    encrypt_type: String,
}

/// Says with which size of key the system behind a `v1` address encrypts. What we encrypt for it follows; what it sends says
/// itself which it is.
#[utoipa::path(put, path = "/api/v1/interface-addresses/{id}/encrypt-type", tag = "seller", params(("id" = String, Path)),
    request_body = Encryption, responses((status = 200, body = AddressBody), (status = 404), (status = 422)))]
pub(crate) async fn set_encrypt_type(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(id): At<InterfaceAddressId>,
    Body(chosen): Body<Encryption>,
) -> Result<Json<AddressBody>, Failure> {
    app.set_encrypt_type(&actor, id, &chosen.encrypt_type).await?;
    Ok(Json(body(&addresses::find(&app, &actor, id).await?)))
}

/// How `productInfo` travels to a system of version 2.0.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ProductInfo {
    /// `text` (JSON inside a string) or `object`
    product_info: String,
}

/// Says how `productInfo` of `changeInstanceCheck` travels to the system behind a `v2` address.
#[utoipa::path(put, path = "/api/v1/interface-addresses/{id}/product-info", tag = "seller", params(("id" = String, Path)),
    request_body = ProductInfo, responses((status = 200, body = AddressBody), (status = 404), (status = 422)))]
pub(crate) async fn set_product_info(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(id): At<InterfaceAddressId>,
    Body(chosen): Body<ProductInfo>,
) -> Result<Json<AddressBody>, Failure> {
    app.set_product_info(&actor, id, &chosen.product_info).await?;
    Ok(Json(body(&addresses::find(&app, &actor, id).await?)))
}
