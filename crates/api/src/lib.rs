//! The JSON API, for programs. Each file translates one resource to use cases and back; nothing is decided here.
//!
//! OpenAPI 3.1 is generated from the handlers and served at `/api/openapi.json`, with a readable page at `/api`. A test
//! compares the description with the authorisation table, so that neither forgets a route.
#![forbid(unsafe_code)]

mod catalog;
mod description;
mod identity;
mod metering;
mod notices;
mod open_apis;
mod operations;
mod ordering;
mod problems;
mod selling;

pub use description::describe;
use http_kit::{Routes, route};

/// Every route of the API.
pub fn routes() -> Routes {
    Routes::new()
        .with(route!(GET "/api/openapi.json" => description::json))
        .and(notices::routes())
        .and(identity::routes())
        .and(selling::routes())
        .and(catalog::routes())
        .and(ordering::routes())
        .and(metering::routes())
        .and(open_apis::routes())
        .and(operations::routes())
}
