//! Rows of what belongs to the whole site: health, preferences, notices, API description.

use super::{Object, Row, Who, row};
use domain::identity::Permission;

/// The rows.
pub const ROWS: &[Row] = &[
    row("GET", "/healthz", Who::Anyone, Object::Nothing),
    row("GET", "/readyz", Who::Anyone, Object::Nothing),
    row("GET", "/assets/{name}", Who::Anyone, Object::Public),
    row("GET", "/favicon.svg", Who::Anyone, Object::Nothing),
    row("POST", "/preferences", Who::Anyone, Object::Nothing),
    row("GET", "/notices", Who::May(Permission::OwnAccount), Object::Nothing),
    row("GET", "/notices/{id}", Who::May(Permission::OwnAccount), Object::Own("notice")),
    row("POST", "/notices/{id}", Who::May(Permission::OwnAccount), Object::Own("notice")),
    row("POST", "/notices/read", Who::May(Permission::OwnAccount), Object::Nothing),
    row("GET", "/help", Who::Anyone, Object::Nothing),
    row("GET", "/api", Who::Anyone, Object::Nothing),
    row("GET", "/api/openapi.json", Who::Anyone, Object::Nothing),
    row("GET", "/api/v1/notices", Who::May(Permission::OwnAccount), Object::Nothing),
    row("POST", "/api/v1/notices/read", Who::May(Permission::OwnAccount), Object::Nothing),
    row("POST", "/api/v1/notices/{id}/read", Who::May(Permission::OwnAccount), Object::Own("notice")),
];
