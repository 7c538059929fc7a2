//! Rows of the ordering slice: checkout, orders, apps, balance; a seller's orders and calls; the operator's money.

use domain::identity::Permission;

use super::{Object, Row, Who, row};

const SEE: Who = Who::May(Permission::SeePurchases);
const BUY: Who = Who::May(Permission::Buy);
const USE: Who = Who::May(Permission::UseApps);
const SELL: Who = Who::May(Permission::SeeSelling);
const RESTART: Who = Who::May(Permission::RestartCalls);
const OPERATE: Who = Who::May(Permission::SeeOperations);
const MONEY: Who = Who::May(Permission::ManageMoney);
const DECIDE: Who = Who::May(Permission::ManageOperations);

/// The rows.
pub const ROWS: &[Row] = &[
    row("GET", "/checkout", BUY, Object::Nothing),
    row("POST", "/checkout", BUY, Object::Nothing),
    row("GET", "/my/orders", SEE, Object::Nothing),
    row("GET", "/my/orders/{number}", SEE, Object::Own("order")),
    row("POST", "/my/orders/{number}/pay", BUY, Object::Own("order")),
    row("POST", "/my/orders/{number}/cancel", BUY, Object::Own("order")),
    row("GET", "/my/apps", SEE, Object::Nothing),
    row("GET", "/my/apps/{id}", SEE, Object::Own("subscription")),
    row("GET", "/my/apps/{id}/password", USE, Object::Own("subscription")),
    row("POST", "/my/apps/{id}/password", USE, Object::Own("subscription")),
    row("POST", "/my/apps/{id}/refresh", USE, Object::Own("subscription")),
    row("GET", "/my/balance", SEE, Object::Nothing),
    row("GET", "/seller/orders", SELL, Object::Nothing),
    row("GET", "/seller/orders/{number}", SELL, Object::Own("sold_order")),
    row("GET", "/seller/messages", SELL, Object::Nothing),
    row("GET", "/seller/messages/{id}", SELL, Object::Own("seller_call")),
    row("POST", "/seller/messages/{id}/restart", RESTART, Object::Own("seller_call")),
    row("GET", "/operator/orders", OPERATE, Object::Nothing),
    row("GET", "/operator/orders/{number}", OPERATE, Object::Any("order")),
    row("GET", "/operator/calls", OPERATE, Object::Nothing),
    row("GET", "/operator/calls/{id}", OPERATE, Object::Any("seller_call")),
    row("POST", "/operator/calls/{id}/restart", DECIDE, Object::Any("seller_call")),
    row("POST", "/operator/calls/{id}/give-up", DECIDE, Object::Any("seller_call")),
    row("GET", "/operator/balances", OPERATE, Object::Nothing),
    row("GET", "/operator/balances/{id}", OPERATE, Object::Any("customer")),
    row("POST", "/operator/balances/{id}", MONEY, Object::Any("customer")),
    row("GET", "/operator/ledger", OPERATE, Object::Nothing),
];
