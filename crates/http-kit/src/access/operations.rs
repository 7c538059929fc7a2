//! Rows of operations, pages and API: jobs that wait for a person.

use domain::identity::Permission;

use super::{Object, Row, Who, row};

const LOOKS: Who = Who::May(Permission::SeeOperations);
const DECIDES: Who = Who::May(Permission::ManageOperations);
const JOB: Object = Object::Any("parked_job");

/// The rows.
pub const ROWS: &[Row] = &[
    row("GET", "/operator/jobs", LOOKS, Object::Nothing),
    row("POST", "/operator/jobs/{id}/restart", DECIDES, JOB),
    row("GET", "/api/v1/operator/parked-jobs", LOOKS, Object::Nothing),
    row("POST", "/api/v1/operator/jobs/{id}/restart", DECIDES, JOB),
];
