//! Rows of balances and the ledger.

use super::{Object, Row, Who, row};
use domain::identity::Permission;

/// The rows.
pub const ROWS: &[Row] = &[
    row("GET", "/my/balance", Who::May(Permission::SeePurchases), Object::Nothing),
    row("GET", "/operator/balances", Who::May(Permission::SeeOperations), Object::Nothing),
    row("GET", "/operator/balances/{organisation}", Who::May(Permission::SeeOperations), Object::Any("customer")),
    row("POST", "/operator/balances/{organisation}", Who::May(Permission::ManageMoney), Object::Any("customer")),
    row("GET", "/operator/ledger", Who::May(Permission::SeeOperations), Object::Nothing),
];
