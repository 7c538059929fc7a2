//! The OpenAPI description, put together from every slice.

use axum::Json;
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

use crate::{catalog, identity, metering, notices, operations, ordering, selling};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Souk",
        description = "The marketplace for programs. Amounts are whole minor units with a currency; times are RFC 3339 in UTC. \
                       Problems are RFC 9457 with a stable `code`. Writes that create something take an `Idempotency-Key`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    security(("session" = []), ("key" = []))
)]
struct Whole;

/// The whole description.
pub fn describe() -> utoipa::openapi::OpenApi {
    let mut whole = Whole::openapi();
    for part in [
        notices::Description::openapi(),
        identity::Description::openapi(),
        selling::Description::openapi(),
        catalog::Description::openapi(),
        ordering::Description::openapi(),
        metering::Description::openapi(),
        operations::Description::openapi(),
    ] {
        whole.merge(part);
    }
    let components = whole.components.get_or_insert_with(Default::default);
    let scheme =
        |scheme, words: &str| SecurityScheme::Http(HttpBuilder::new().scheme(scheme).description(Some(words)).build());
    components.add_security_scheme("session", scheme(HttpAuthScheme::Bearer, "The token of `POST /api/v1/sessions`."));
    components.add_security_scheme("key", scheme(HttpAuthScheme::Basic, "An access key and its secret."));
    crate::problems::document(&mut whole);
    whole
}

/// GET /api/openapi.json
pub(crate) async fn json() -> Json<utoipa::openapi::OpenApi> {
    Json(describe())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use http_kit::access::rows;

    use super::*;

    #[test]
    fn the_description_and_the_table_of_routes_name_the_same_routes() {
        let description = serde_json::to_value(describe()).expect("the description is JSON");
        let paths = description["paths"].as_object().expect("it has paths");
        let described: BTreeSet<(String, String)> = paths
            .iter()
            .flat_map(|(path, methods)| {
                let methods = methods.as_object().expect("methods by name");
                methods.keys().map(|method| (method.to_uppercase(), path.clone())).collect::<Vec<_>>()
            })
            .collect();
        let table: BTreeSet<(String, String)> = rows()
            .filter(|row| row.path.starts_with("/api/v1/"))
            .map(|row| (row.method.to_owned(), row.path.to_owned()))
            .collect();
        assert_eq!(described.difference(&table).collect::<Vec<_>>(), Vec::<&(String, String)>::new());
        assert_eq!(table.difference(&described).collect::<Vec<_>>(), Vec::<&(String, String)>::new());
    }
}
