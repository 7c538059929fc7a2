//! Addresses, debugging cases and runs, applications to sell.

use testkit::{Person, World};

use super::Thing;

pub async fn make(world: &World, sort: &str, owner: &Person) -> Option<Thing> {
    match sort {
        "interface_address" => {
            let address = Thing::named(world.interface_address(owner).await).with("activity", "newInstance");
            Some(address.with("interface_type", "order_notice"))
        }
        "debug_case" => Some(Thing::named(world.debug_case(owner).await)),
        "debug_run" => Some(Thing::named(world.debug_run(owner).await)),
        "seller_application" => Some(Thing::named(world.seller_application().await)),
        _ => None,
    }
}

pub fn body(method: &str, path: &str) -> Option<&'static str> {
    match (method, path) {
        ("POST", "/seller/debugger/{id}") => Some("activity=queryInstance&instanceId=i-1&act=generate"),
        ("POST", "/api/v1/interface-addresses/{id}/debug-requests" | "/api/v1/interface-addresses/{id}/debug-runs") => {
            Some(r#"{"activity":"queryInstance","values":{"instanceId":"i-1"}}"#)
        }
        ("POST", "/seller/addresses/{id}/product-info") => Some("product_info=object"),
        ("PUT", "/api/v1/interface-addresses/{id}/product-info") => Some(r#"{"product_info":"object"}"#),
        ("PUT", "/api/v1/interface-addresses/{id}/encrypt-type") => Some(r#"{"encrypt_type":"2"}"#),
        ("PUT", "/api/v1/interface-addresses/{id}/order-notices") => Some(r#"{"order_notices":"off"}"#),
        ("POST", "/api/v1/seller-applications/{id}/reject") => {
            Some(r#"{"reason":"The licence number belongs to another company."}"#)
        }
        ("POST", "/operator/interfaces/{id}") => Some("decision=keep&reason=It+was+our+own+network."),
        ("POST", "/api/v1/operator/products/{id}/keep" | "/api/v1/operator/products/{id}/remove") => {
            Some(r#"{"reason":"It was our own network."}"#)
        }
        ("POST", "/operator/applications/{id}") => Some("act=reject&reason=The+licence+is+out+of+date."),
        _ => None,
    }
}
