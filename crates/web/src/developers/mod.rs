//! `GET /api`: the API's description for people, drawn from the generated OpenAPI document, with every problem code.
//!
//! Not here: the document itself (`api`), which is handed in as JSON when the routes are made.

mod reading;

use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use http_kit::{Route, Visit, route};
use serde_json::Value;

use crate::frame::PageFrame;
use crate::render;

pub use reading::{Group, Member, Operation, Schema};

/// `GET /api`.
#[derive(Clone, Debug, Template)]
#[template(path = "developers/api.html")]
pub struct ApiPage {
    /// Around it.
    pub page: PageFrame,
    /// What the document says of itself.
    pub introduction: String,
    /// Operations, by subject.
    pub groups: Vec<Group>,
    /// What goes in and comes out.
    pub schemas: Vec<Schema>,
    /// Every problem code with its sentence.
    pub problems: Vec<(String, String)>,
}

impl ApiPage {
    fn of(page: PageFrame, document: &Value) -> ApiPage {
        let words = page.words;
        // What a sentence mentions stands as its name.
        let problems = language::KEYS.iter().filter_map(|(key, names)| {
            let code = key.strip_prefix("problem-")?;
            let arguments: Vec<_> = names.iter().map(|name| (*name, format!("‹{name}›"))).collect();
            let arguments: Vec<_> = arguments.iter().map(|(name, value)| (*name, value.as_str().into())).collect();
            Some((code.replace('-', "_"), words.by_code("problem", code, &arguments)?))
        });
        let problems = problems.collect();
        ApiPage {
            introduction: document["info"]["description"].as_str().unwrap_or_default().to_owned(),
            groups: reading::groups(document),
            schemas: reading::schemas(document),
            problems,
            page: page.titled(words.common_api()),
        }
    }
}

/// The route, for one document.
pub(crate) fn route_for(document: Arc<Value>) -> Route {
    route!(GET "/api" => move |visit: Visit| show(visit, document))
}

async fn show(visit: Visit, document: Arc<Value>) -> Response {
    render::page(&ApiPage::of(PageFrame::of(&visit), &document))
}

#[cfg(test)]
impl crate::samples::Samples for ApiPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        let document = serde_json::json!({
            "info": {"description": "For programs <script>."},
            "paths": {"/api/v1/orders/{id}": {"get": {
                "tags": ["orders"], "summary": "One order <script>",
                "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
                "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}}}
            }}},
            "components": {"schemas": {"Order": {"description": "An order.", "required": ["id"], "properties": {
                "id": {"type": "string", "description": "The id."}, "lines": {"type": "array", "items": {"$ref": "#/components/schemas/Order"}}
            }}}}
        });
        vec![ApiPage::of(page, &document)]
    }
}
