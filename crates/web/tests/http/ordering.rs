//! What a browser and a program see of ordering: one order per form, the way to the password page and back, the first
//! password on one page only.

use axum::http::{StatusCode, header};
use domain::time::SignedDuration;
use testkit::people::PASSWORD;
use testkit::{Offering, Person, World, on_every_world};

use crate::door::{Proof, send, service};

on_every_world![
    a_form_sent_twice_is_one_order_and_leads_to_its_page,
    a_box_left_open_is_named_and_nothing_is_ordered,
    the_first_password_is_shown_once_after_the_own_password_was_given_again,
    a_seller_sees_each_call_in_words_and_restarts_it,
    the_operator_tops_up_and_a_wrong_amount_stays_in_the_form,
];

const SELLER: &str = r#"{"resultCode":"000000","resultMsg":"ok","instanceId":"i-1","info":[{"instanceId":"i-1",
    "appInfo":{"frontEndUrl":"https://kestrel.granary.example/","userName":"lin","password":"Init-Pass-1"}}]}"#;

struct Stage {
    buyer: Person,
    seller: Person,
    offering: Offering,
}

async fn stage(world: &World) -> Stage {
    let seller = world.seller_named("Brightwell").await;
    let buyer = world.customer("Kestrel").await;
    let offering = world.on_sale(&seller).await;
    Stage { buyer, seller, offering }
}

fn proof(person: &Person) -> Proof {
    Proof::Session(person.token.clone())
}

/// The form of a trial as the page sends it, with these boxes ticked.
fn form(world: &World, stage: &Stage, boxes: &str) -> String {
    let (_, sealed) = world.quoted_trial(&stage.offering);
    format!("quote={sealed}&key=click-1&agreement={}{boxes}", stage.offering.agreement)
}

async fn a_form_sent_twice_is_one_order_and_leads_to_its_page(world: World) {
    let stage = stage(&world).await;
    let service = service(&world);
    let (_, sealed) = world.quoted_trial(&stage.offering);
    let page = send(&service, "GET", &format!("/checkout?quote={sealed}"), &proof(&stage.buyer), None).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains("Start the free trial") && page.body.contains("Be kind."), "{}", page.body);
    assert!(!page.body.contains(" checked"), "no consent is ticked beforehand");
    let body = form(&world, &stage, "&consent=on&accept=on");
    let first = send(&service, "POST", "/checkout", &proof(&stage.buyer), Some(&body)).await;
    let second = send(&service, "POST", "/checkout", &proof(&stage.buyer), Some(&body)).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.body);
    assert!(first.location().starts_with("/my/orders/CS"));
    assert_eq!(first.location(), second.location());
    let order = send(&service, "GET", first.location(), &proof(&stage.buyer), None).await;
    assert!(order.body.contains("being set up") && order.body.contains("hx-get"), "{}", order.body);
    world.seller.will_answer(SELLER);
    world.settle().await;
    let order = send(&service, "GET", &format!("{}?lang=zh", first.location()), &proof(&stage.buyer), None).await;
    assert!(order.body.contains("您的应用已就绪") && !order.body.contains("hx-get"), "{}", order.body);
    let foreign = send(&service, "GET", first.location(), &proof(&stage.seller), None).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
}

async fn a_box_left_open_is_named_and_nothing_is_ordered(world: World) {
    let stage = stage(&world).await;
    let service = service(&world);
    for (boxes, sentence) in [("&accept=on", "needs this data"), ("&consent=on", "Read the service agreement")] {
        let body = form(&world, &stage, boxes);
        let refused = send(&service, "POST", "/checkout", &proof(&stage.buyer), Some(&body)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains(sentence) && refused.body.contains("<title>Error: "), "{}", refused.body);
    }
    let orders = send(&service, "GET", "/my/orders", &proof(&stage.buyer), None).await;
    assert!(orders.body.contains("No orders yet"), "{}", orders.body);
}

async fn the_first_password_is_shown_once_after_the_own_password_was_given_again(world: World) {
    let stage = stage(&world).await;
    let service = service(&world);
    world.seller.will_answer(SELLER);
    let body = form(&world, &stage, "&consent=on&accept=on");
    send(&service, "POST", "/checkout", &proof(&stage.buyer), Some(&body)).await;
    world.settle().await;
    let apps = send(&service, "GET", "/my/apps", &proof(&stage.buyer), None).await;
    let at = apps.body.find("/my/apps/sub_").expect("the app is listed");
    let path = &apps.body[at..at + "/my/apps/sub_".len() + 32];
    world.clock.advance(SignedDuration::from_mins(6));
    let password = format!("{path}/password");
    let asked = send(&service, "POST", &password, &proof(&stage.buyer), None).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    assert!(asked.location().starts_with("/account/confirm?return="), "{}", asked.location());
    let proven = format!("password={}&return={password}", PASSWORD.replace(' ', "+"));
    let back = send(&service, "POST", "/account/confirm", &proof(&stage.buyer), Some(&proven)).await;
    let there = send(&service, "GET", back.location(), &proof(&stage.buyer), None).await;
    assert_eq!((there.status, there.location()), (StatusCode::SEE_OTHER, path));
    let shown = send(&service, "POST", &password, &proof(&stage.buyer), None).await;
    assert!(shown.status == StatusCode::OK && shown.body.contains("Init-Pass-1"), "{}", shown.body);
    assert!(shown.body.contains("data-hide-after=\"60\""));
    assert_eq!(shown.headers.get(header::CACHE_CONTROL).and_then(|value| value.to_str().ok()), Some("no-store"));
    let later = send(&service, "GET", path, &proof(&stage.buyer), None).await;
    assert!(later.status == StatusCode::OK && !later.body.contains("Init-Pass-1"));
    assert!(later.body.contains("Last shown to First of Kestrel"), "{}", later.body);
}

async fn a_seller_sees_each_call_in_words_and_restarts_it(world: World) {
    let stage = stage(&world).await;
    let service = service(&world);
    world.seller.will_answer(r#"{"resultCode":"000000","resultMsg":"<script>no instance</script>"}"#);
    let body = form(&world, &stage, "&consent=on&accept=on");
    send(&service, "POST", "/checkout", &proof(&stage.buyer), Some(&body)).await;
    world.settle().await;
    let list = send(&service, "GET", "/seller/messages?state=parked", &proof(&stage.seller), None).await;
    let at = list.body.find("/seller/messages/cal_").expect("the call is listed");
    let path = &list.body[at..at + "/seller/messages/cal_".len() + 32];
    let call = send(&service, "GET", path, &proof(&stage.seller), None).await;
    assert!(call.body.contains("instanceId is missing from the answer"), "{}", call.body);
    assert!(call.body.contains("newInstance") && !call.body.contains("<script>no instance"));
    world.seller.will_answer(SELLER);
    let restarted = send(&service, "POST", &format!("{path}/restart"), &proof(&stage.seller), None).await;
    assert_eq!((restarted.status, restarted.location()), (StatusCode::SEE_OTHER, path));
    world.settle().await;
    let done = send(&service, "GET", path, &proof(&stage.seller), None).await;
    assert!(done.body.contains("Restarted by hand") && !done.body.contains("Init-Pass-1"), "{}", done.body);
    let foreign = send(&service, "GET", path, &proof(&world.seller_named("Rival").await), None).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
}

async fn the_operator_tops_up_and_a_wrong_amount_stays_in_the_form(world: World) {
    let stage = stage(&world).await;
    let operator = world.operator().await;
    let service = service(&world);
    let path = format!("/operator/balances/{}", stage.buyer.actor.organisation);
    let wrong = send(&service, "POST", &path, &proof(&operator), Some("amount=1%2C000&note=Transfer&key=k")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("value=\"1,000\"") && wrong.body.contains("value=\"Transfer\""), "{}", wrong.body);
    for _ in 0..2 {
        let body = Some("amount=250.00&note=Transfer&key=k");
        let done = send(&service, "POST", &path, &proof(&operator), body).await;
        assert!(done.status == StatusCode::OK && done.body.contains("USD 250.00"), "{}", done.body);
    }
    let balance = send(&service, "GET", "/my/balance", &proof(&stage.buyer), None).await;
    assert!(balance.body.contains("USD 250.00") && !balance.body.contains("USD 500.00"), "{}", balance.body);
    let ledger = send(&service, "GET", "/operator/ledger", &proof(&operator), None).await;
    assert!(ledger.body.contains("Everything balances."), "{}", ledger.body);
}
