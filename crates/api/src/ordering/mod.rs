//! The ordering resources of the API.

use http_kit::Routes;
use utoipa::OpenApi;

/// What this slice adds to the description.
#[derive(OpenApi)]
#[openapi(paths())]
pub(crate) struct Description;

/// The routes of this slice.
pub(crate) fn routes() -> Routes {
    Routes::new()
}
