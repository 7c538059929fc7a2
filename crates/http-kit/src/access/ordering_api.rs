//! Rows of the ordering slice for the API; its pages are in `ordering.rs`.

use super::{Object, Row, Who, row};
use domain::identity::Permission;

const SEES: Who = Who::May(Permission::SeePurchases);
const BUYS: Who = Who::May(Permission::Buy);
const USES: Who = Who::May(Permission::UseApps);
const SELLS: Who = Who::May(Permission::SeeSelling);
const LOOKS: Who = Who::May(Permission::SeeOperations);
const PAYS: Who = Who::May(Permission::ManageMoney);
const ORDER: Object = Object::Own("order");
const SOLD: Object = Object::Own("sold_order");
const SUBSCRIPTION: Object = Object::Own("subscription");
const ANY_ORDER: Object = Object::Any("order");
const CALL: Object = Object::Own("seller_call");
const ANY_CALL: Object = Object::Any("seller_call");
const ANY_CUSTOMER: Object = Object::Any("customer");

/// The rows.
pub const ROWS: &[Row] = &[
    row("POST", "/api/v1/checkout", BUYS, Object::Nothing),
    row("GET", "/api/v1/orders", SEES, Object::Nothing),
    row("POST", "/api/v1/orders", BUYS, Object::Nothing),
    row("GET", "/api/v1/orders/{number}", SEES, ORDER),
    row("POST", "/api/v1/orders/{number}/pay", BUYS, ORDER),
    row("POST", "/api/v1/orders/{number}/cancel", BUYS, ORDER),
    row("GET", "/api/v1/apps", SEES, Object::Nothing),
    row("GET", "/api/v1/apps/{id}", SEES, SUBSCRIPTION),
    row("POST", "/api/v1/apps/{id}/reveal-password", USES, SUBSCRIPTION),
    row("POST", "/api/v1/apps/{id}/refresh-access", USES, SUBSCRIPTION),
    row("GET", "/api/v1/balance", SEES, Object::Nothing),
    row("GET", "/api/v1/seller/orders", SELLS, Object::Nothing),
    row("GET", "/api/v1/seller/orders/{number}", SELLS, SOLD),
    row("GET", "/api/v1/operator/orders", LOOKS, Object::Nothing),
    row("GET", "/api/v1/operator/orders/{number}", LOOKS, ANY_ORDER),
    row("GET", "/api/v1/operator/customers", LOOKS, Object::Nothing),
    row("POST", "/api/v1/operator/customers/{id}/top-ups", PAYS, ANY_CUSTOMER),
    row("GET", "/api/v1/seller/calls", SELLS, Object::Nothing),
    row("GET", "/api/v1/seller/calls/{id}", SELLS, CALL),
    row("POST", "/api/v1/seller/calls/{id}/restart", Who::May(Permission::RestartCalls), CALL),
    row("GET", "/api/v1/operator/parked-calls", LOOKS, Object::Nothing),
    row("GET", "/api/v1/operator/calls/{id}", LOOKS, ANY_CALL),
    row("POST", "/api/v1/operator/calls/{id}/restart", Who::May(Permission::ManageOperations), ANY_CALL),
    row("POST", "/api/v1/operator/calls/{id}/give-up", Who::May(Permission::ManageOperations), ANY_CALL),
];
