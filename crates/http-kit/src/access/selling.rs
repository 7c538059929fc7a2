//! Rows of the selling slice.

use super::{Object, Row, Who, row};
use domain::identity::Permission;

const LOOKS: Who = Who::May(Permission::SeePurchases);
const APPLIES: Who = Who::May(Permission::ApplyAsSeller);
const SEES: Who = Who::May(Permission::SeeSelling);
const DEBUGS: Who = Who::May(Permission::ManageInterfaces);
const OPERATES: Who = Who::May(Permission::SeeOperations);
const REVIEWS: Who = Who::May(Permission::ReviewSellers);
const ADDRESS: Object = Object::Own("interface_address");
const CASE: Object = Object::Own("debug_case");
const DECIDES: Who = Who::May(Permission::ReviewProducts);
const ANY_PRODUCT: Object = Object::Any("product");
const APPLICATION: Object = Object::Any("seller_application");

/// The rows. Everybody of an organisation that buys or sells sees its application; administrators of customers write it.
pub const ROWS: &[Row] = &[
    row("GET", "/seller", SEES, Object::Nothing),
    row("GET", "/seller/application", LOOKS, Object::Nothing),
    row("POST", "/seller/application", APPLIES, Object::Nothing),
    row("POST", "/seller/application/draft", APPLIES, Object::Nothing),
    row("GET", "/seller/application/licence", LOOKS, Object::Nothing),
    row("GET", "/agreements/{code}/{version}", Who::Anyone, Object::Public),
    row("GET", "/seller/addresses", SEES, Object::Nothing),
    row("POST", "/seller/addresses", DEBUGS, Object::Nothing),
    row("GET", "/seller/addresses/{id}", SEES, ADDRESS),
    row("POST", "/seller/addresses/{id}/reveal", DEBUGS, ADDRESS),
    row("POST", "/seller/addresses/{id}/key", DEBUGS, ADDRESS),
    row("POST", "/seller/addresses/{id}/body-sign", DEBUGS, ADDRESS),
    row("POST", "/seller/addresses/{id}/order-notices", DEBUGS, ADDRESS),
    row("POST", "/seller/addresses/{id}/encrypt-type", DEBUGS, ADDRESS),
    row("POST", "/seller/addresses/{id}/product-info", DEBUGS, ADDRESS),
    row("POST", "/seller/addresses/{id}/protocol", DEBUGS, ADDRESS),
    row("POST", "/seller/addresses/{id}/retire-key", DEBUGS, ADDRESS),
    row("POST", "/seller/addresses/{id}/prove", DEBUGS, ADDRESS),
    row("GET", "/seller/addresses/{id}/proof-file", SEES, ADDRESS),
    row("POST", "/seller/addresses/{id}/dial-test", DEBUGS, ADDRESS),
    row("GET", "/seller/debugger", SEES, Object::Nothing),
    row("GET", "/seller/debugger/{id}", SEES, ADDRESS),
    row("POST", "/seller/debugger/{id}", DEBUGS, ADDRESS),
    row("GET", "/seller/cases", SEES, Object::Nothing),
    row("POST", "/seller/cases/{id}/run", DEBUGS, CASE),
    row("POST", "/seller/cases/{id}/delete", DEBUGS, CASE),
    row("GET", "/operator", OPERATES, Object::Nothing),
    row("GET", "/operator/interfaces", OPERATES, Object::Nothing),
    row("GET", "/operator/interfaces/{id}", OPERATES, ANY_PRODUCT),
    row("POST", "/operator/interfaces/{id}", DECIDES, ANY_PRODUCT),
    row("GET", "/operator/applications", OPERATES, Object::Nothing),
    row("GET", "/operator/applications/{id}", OPERATES, APPLICATION),
    row("GET", "/operator/applications/{id}/licence", OPERATES, APPLICATION),
    row("POST", "/operator/applications/{id}", REVIEWS, APPLICATION),
    row("GET", "/api/v1/seller-application", LOOKS, Object::Nothing),
    row("PUT", "/api/v1/seller-application", APPLIES, Object::Nothing),
    row("PUT", "/api/v1/seller-application/logo", APPLIES, Object::Nothing),
    row("PUT", "/api/v1/seller-application/licence", APPLIES, Object::Nothing),
    row("GET", "/api/v1/seller-application/licence", LOOKS, Object::Nothing),
    row("POST", "/api/v1/seller-application/submit", APPLIES, Object::Nothing),
    row("GET", "/api/v1/operator/failing-products", OPERATES, Object::Nothing),
    row("POST", "/api/v1/operator/products/{id}/keep", DECIDES, ANY_PRODUCT),
    row("POST", "/api/v1/operator/products/{id}/remove", DECIDES, ANY_PRODUCT),
    row("GET", "/api/v1/seller-applications", OPERATES, Object::Nothing),
    row("GET", "/api/v1/seller-applications/{id}", OPERATES, APPLICATION),
    row("GET", "/api/v1/seller-applications/{id}/licence", OPERATES, APPLICATION),
    row("POST", "/api/v1/seller-applications/{id}/approve", REVIEWS, APPLICATION),
    row("POST", "/api/v1/seller-applications/{id}/reject", REVIEWS, APPLICATION),
    row("GET", "/api/v1/interface-addresses", SEES, Object::Nothing),
    row("POST", "/api/v1/interface-addresses", DEBUGS, Object::Nothing),
    row("GET", "/api/v1/interface-addresses/{id}", SEES, ADDRESS),
    row("POST", "/api/v1/interface-addresses/{id}/reveal-key", DEBUGS, ADDRESS),
    row("PUT", "/api/v1/interface-addresses/{id}/key", DEBUGS, ADDRESS),
    row("GET", "/api/v1/interface-addresses/{id}/proof", SEES, ADDRESS),
    row("POST", "/api/v1/interface-addresses/{id}/prove", DEBUGS, ADDRESS),
    row("POST", "/api/v1/interface-addresses/{id}/retire-key", DEBUGS, ADDRESS),
    row("GET", "/api/v1/interface-addresses/{id}/keys", SEES, ADDRESS),
    row("PUT", "/api/v1/interface-addresses/{id}/keys/{interface_type}", DEBUGS, ADDRESS),
    row("PUT", "/api/v1/interface-addresses/{id}/order-notices", DEBUGS, ADDRESS),
    row("PUT", "/api/v1/interface-addresses/{id}/encrypt-type", DEBUGS, ADDRESS),
    row("PUT", "/api/v1/interface-addresses/{id}/product-info", DEBUGS, ADDRESS),
    row("GET", "/api/v1/interface-addresses/{id}/dial-tests", SEES, ADDRESS),
    row("POST", "/api/v1/interface-addresses/{id}/dial-tests", DEBUGS, ADDRESS),
    row("GET", "/api/v1/interface-addresses/{id}/sample", SEES, ADDRESS),
    row("POST", "/api/v1/interface-addresses/{id}/debug-requests", DEBUGS, ADDRESS),
    row("POST", "/api/v1/interface-addresses/{id}/debug-runs", DEBUGS, ADDRESS),
    row("GET", "/api/v1/interface-addresses/{id}/debug-runs", SEES, ADDRESS),
    row("GET", "/api/v1/interface-addresses/{id}/debug-cases", SEES, ADDRESS),
    row("GET", "/api/v1/debug-runs/{id}", SEES, Object::Own("debug_run")),
    row("POST", "/api/v1/debug-cases/{id}/runs", DEBUGS, CASE),
    row("DELETE", "/api/v1/debug-cases/{id}", DEBUGS, CASE),
];
