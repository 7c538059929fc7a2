//! The selling resources of the API: applications, interface addresses, the debugger.

mod addresses;
mod applications;
mod debugger;
mod dial_tests;
mod keys;

use http_kit::{Routes, route};
use utoipa::OpenApi;

/// What this slice adds to the description.
#[derive(OpenApi)]
#[openapi(paths(
    applications::mine,
    applications::save,
    applications::submit,
    applications::logo,
    applications::put_licence,
    applications::licence,
    applications::licence_of,
    applications::queue,
    applications::show,
    applications::approve,
    applications::reject,
    addresses::list,
    addresses::add,
    addresses::set_notices,
    addresses::set_encrypt_type,
    addresses::set_product_info,
    addresses::show,
    addresses::reveal_key,
    addresses::replace_key,
    keys::proof,
    keys::prove,
    keys::retire,
    keys::list,
    keys::bind,
    dial_tests::list,
    dial_tests::run,
    dial_tests::failing,
    dial_tests::keep,
    dial_tests::remove,
    debugger::sample,
    debugger::generate,
    debugger::send,
    debugger::runs,
    debugger::run,
    debugger::cases,
    debugger::run_case,
    debugger::delete_case
))]
pub(crate) struct Description;

/// The routes of this slice.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .with(route!(GET "/api/v1/seller-application" => applications::mine))
        .with(route!(PUT "/api/v1/seller-application" => applications::save))
        .with(route!(POST "/api/v1/seller-application/submit" => applications::submit))
        .with(route!(PUT "/api/v1/seller-application/logo" => applications::logo))
        .with(route!(PUT "/api/v1/seller-application/licence" => applications::put_licence))
        .with(route!(GET "/api/v1/seller-application/licence" => applications::licence))
        .with(route!(GET "/api/v1/seller-applications" => applications::queue))
        .with(route!(GET "/api/v1/seller-applications/{id}" => applications::show))
        .with(route!(GET "/api/v1/seller-applications/{id}/licence" => applications::licence_of))
        .with(route!(POST "/api/v1/seller-applications/{id}/approve" => applications::approve))
        .with(route!(POST "/api/v1/seller-applications/{id}/reject" => applications::reject))
        .with(route!(GET "/api/v1/interface-addresses" => addresses::list))
        .with(route!(POST "/api/v1/interface-addresses" => addresses::add))
        .with(route!(GET "/api/v1/interface-addresses/{id}" => addresses::show))
        .with(route!(POST "/api/v1/interface-addresses/{id}/reveal-key" => addresses::reveal_key))
        .with(route!(PUT "/api/v1/interface-addresses/{id}/key" => addresses::replace_key))
        .with(route!(GET "/api/v1/interface-addresses/{id}/proof" => keys::proof))
        .with(route!(POST "/api/v1/interface-addresses/{id}/prove" => keys::prove))
        .with(route!(POST "/api/v1/interface-addresses/{id}/retire-key" => keys::retire))
        .with(route!(GET "/api/v1/interface-addresses/{id}/keys" => keys::list))
        .with(route!(PUT "/api/v1/interface-addresses/{id}/keys/{interface_type}" => keys::bind))
        .with(route!(PUT "/api/v1/interface-addresses/{id}/order-notices" => addresses::set_notices))
        .with(route!(PUT "/api/v1/interface-addresses/{id}/encrypt-type" => addresses::set_encrypt_type))
        .with(route!(PUT "/api/v1/interface-addresses/{id}/product-info" => addresses::set_product_info))
        .with(route!(GET "/api/v1/interface-addresses/{id}/dial-tests" => dial_tests::list))
        .with(route!(POST "/api/v1/interface-addresses/{id}/dial-tests" => dial_tests::run))
        .with(route!(GET "/api/v1/operator/failing-products" => dial_tests::failing))
        .with(route!(POST "/api/v1/operator/products/{id}/keep" => dial_tests::keep))
        .with(route!(POST "/api/v1/operator/products/{id}/remove" => dial_tests::remove))
        .with(route!(GET "/api/v1/interface-addresses/{id}/sample" => debugger::sample))
        .with(route!(POST "/api/v1/interface-addresses/{id}/debug-requests" => debugger::generate))
        .with(route!(POST "/api/v1/interface-addresses/{id}/debug-runs" => debugger::send))
        .with(route!(GET "/api/v1/interface-addresses/{id}/debug-runs" => debugger::runs))
        .with(route!(GET "/api/v1/interface-addresses/{id}/debug-cases" => debugger::cases))
        .with(route!(GET "/api/v1/debug-runs/{id}" => debugger::run))
        .with(route!(POST "/api/v1/debug-cases/{id}/runs" => debugger::run_case))
        .with(route!(DELETE "/api/v1/debug-cases/{id}" => debugger::delete_case))
}
