//! The notices of the signed-in person.

mod list;
mod mark;

use http_kit::{Routes, route};
use utoipa::OpenApi;

/// What this slice adds to the description.
#[derive(OpenApi)]
#[openapi(paths(list::list, mark::all, mark::one))]
pub(crate) struct Description;

/// The routes of this slice.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .with(route!(GET "/api/v1/notices" => list::list))
        .with(route!(POST "/api/v1/notices/read" => mark::all))
        .with(route!(POST "/api/v1/notices/{id}/read" => mark::one))
}
