//! Rows of the open APIs for sellers' servers, at KooGallery's own paths, and of what a seller sees of their use.

use super::{Object, Row, Who, row};
use domain::identity::Permission;

const SELLS: Who = Who::May(Permission::SeeSelling);

/// The rows. What a call names stands in its query or body, and is looked for among the signer's own things only.
pub const ROWS: &[Row] = &[
    row("GET", "/api/mkp-openapi-public/global/v1/order/query", Who::Signed, Object::Nothing),
    row("POST", "/api/mkp-openapi-public/global/v1/isv/usage-data", Who::Signed, Object::Nothing),
    row("POST", "/api/mkp-openapi-public/global/v1/license/activate", Who::Signed, Object::Nothing),
    row("POST", "/api/mkp-openapi-public/global/v1/license/heartbeat", Who::Signed, Object::Nothing),
    row("POST", "/rest/marketplace/v1/isv/usage-data", Who::Signed, Object::Nothing),
    row("GET", "/seller/usage", SELLS, Object::Nothing),
    row("GET", "/api/v1/seller/usage-records", SELLS, Object::Nothing),
];
