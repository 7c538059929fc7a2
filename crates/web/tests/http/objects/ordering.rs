//! Orders, apps, calls to sellers, customers.

use std::sync::atomic::{AtomicU32, Ordering};

use domain::ordering::Order;
use testkit::{Person, World};

use super::Thing;

/// A number that no other thing of this process has.
fn next() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// A free trial: an order that is paid at once, with an app and a call, and costs nothing.
async fn order(world: &World, buyer: &Person, seller: &Person) -> Order {
    let offering = world.on_sale(seller).await;
    let (_, sealed) = world.quoted_trial(&offering);
    let form = world.order_form(&offering, sealed, &format!("matrix-{}", next()));
    form.run(&world.app, &buyer.actor).await.expect("everybody who buys may try").0
}

async fn bought(world: &World, buyer: &Person) -> Order {
    let seller = world.seller_named(&format!("Matrix Seller {}", next())).await;
    order(world, buyer, &seller).await
}

async fn sold(world: &World, seller: &Person) -> (Order, Person) {
    let buyer = world.customer(&format!("Matrix Buyer {}", next())).await;
    (order(world, &buyer, seller).await, buyer)
}

pub async fn make(world: &World, sort: &str, owner: &Person) -> Option<Thing> {
    match sort {
        "order" => Some(Thing::named(bought(world, owner).await.number)),
        "subscription" => {
            let order = bought(world, owner).await;
            let found = app::ordering::my_order(&world.app, &owner.actor, &order.number).await;
            let details = found.expect("the buyer sees its order");
            Some(Thing::named(details.subscription.expect("a trial has an app").id))
        }
        "sold_order" => Some(Thing::named(sold(world, owner).await.0.number)),
        "seller_call" => {
            let (order, buyer) = sold(world, owner).await;
            let found = app::ordering::my_order(&world.app, &buyer.actor, &order.number).await;
            Some(Thing::named(found.expect("the buyer sees its order").calls[0].id))
        }
        "customer" => Some(Thing::named(owner.actor.organisation)),
        _ => None,
    }
}

pub fn body(method: &str, path: &str) -> Option<&'static str> {
    match (method, path) {
        ("POST", "/operator/balances/{id}") => Some("amount=1.00&note=matrix&key=matrix"),
        ("POST", "/api/v1/operator/customers/{id}/top-ups") => Some(r#"{"amount":"1.00","note":"matrix"}"#),
        // Well formed, so that nothing but the missing signature refuses them.
        ("POST", "/api/mkp-openapi-public/global/v1/isv/usage-data") => Some(
            r#"{"usage_records":[{"begin_time":"20260514T120000Z","end_time":"20260514T125959Z","instance_id":"i-1","metering_sn":"sn-1","record_time":"20260514T130000Z","usage_value":"1"}]}"#,
        ),
        ("POST", "/rest/marketplace/v1/isv/usage-data") => Some(
            r#"{"usage_records":[{"begin_time":"20260514T120000Z","end_time":"20260514T125959Z","instance_id":"i-1","product_id":"p-1","record_time":"20260514T130000Z","usage_value":"1"}]}"#,
        ),
        _ => None,
    }
}
