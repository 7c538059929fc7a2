//! Products and their releases.

use testkit::{Person, World};

use super::Thing;

pub async fn make(world: &World, sort: &str, owner: &Person) -> Option<Thing> {
    match sort {
        "product" => {
            let (product, specification) = world.draft(owner).await;
            world.report(owner, product).await;
            Some(Thing::named(product).with("section", "basics").with("specification", specification))
        }
        "release" => Some(Thing::named(world.submitted_release(owner).await)),
        _ => None,
    }
}

pub fn body(method: &str, path: &str) -> Option<&'static str> {
    match (method, path) {
        ("PATCH", "/api/v1/seller/products/{id}" | "/api/v1/seller/products/{id}/specifications/{specification}")
        | ("POST", "/api/v1/seller/products/{id}/specifications") => Some(r#"{"fields":{}}"#),
        ("POST", "/seller/products/{id}/show-or-hide") => Some("visibility=hidden"),
        ("POST", "/operator/releases/{id}/decide") => Some("decision=return&reason=Please+correct+it."),
        ("POST", "/api/v1/seller/products/{id}/visibility") => Some(r#"{"visibility":"hidden"}"#),
        ("POST", "/api/v1/operator/releases/{id}/reject") => {
            Some(r#"{"reason":"The description does not say what a buyer gets.","fields":{}}"#)
        }
        _ => None,
    }
}
