//! What a browser and a program see of ordering: one order per form, the way to the password page and back, the first
//! password on one page only.

use axum::http::{StatusCode, header};
use domain::pricing::Prices;
use domain::selling::ProtocolVersion;
use domain::time::SignedDuration;
use testkit::people::PASSWORD;
use testkit::{Offering, Person, World, on_every_world, usd};

use crate::door::{Proof, send, service};

on_every_world![
    a_form_sent_twice_is_one_order_and_leads_to_its_page,
    a_box_left_open_is_named_and_nothing_is_ordered,
    a_changed_price_is_shown_beside_the_old_one_and_accepted_with_one_press,
    a_price_whose_time_is_over_is_held_anew,
    a_page_with_an_old_copy_asks_for_a_new_one_from_the_browser_and_opening_it_asks_nobody,
    an_order_of_what_is_not_on_sale_any_more_is_cancelled_instead_of_paid,
    the_first_password_is_shown_once_after_the_own_password_was_given_again,
    a_seller_sees_each_call_in_words_and_restarts_it,
    a_call_of_version_one_shows_its_address_and_the_way_to_its_token,
    the_operator_tops_up_and_a_wrong_amount_stays_in_the_form,
    notices_are_marked_by_opening_and_by_marking_and_not_by_looking,
];

const SELLER: &str = r#"{"resultCode":"000000","resultMsg":"ok","instanceId":"i-1","info":[{"instanceId":"i-1",
    "appInfo":{"frontEndUrl":"https://kestrel.granary.example/","userName":"lin","password":"Init-Pass-1"}}]}"#;

struct Stage {
    buyer: Person,
    seller: Person,
    offering: Offering,
}

async fn stage(world: &World) -> Stage {
    stage_speaking(world, ProtocolVersion::V2).await
}

async fn stage_speaking(world: &World, protocol: ProtocolVersion) -> Stage {
    let seller = world.seller_named("Brightwell").await;
    let buyer = world.customer("Kestrel").await;
    let offering = world.on_sale_speaking(&seller, protocol).await;
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

/// The value of a hidden field of the page.
fn hidden(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let rest = page.split(&start).nth(1).expect("the form carries it");
    rest.split('"').next().expect("a value ends").to_owned()
}

/// What a browser sends when every box of the page is ticked and its button is pressed.
fn pressed(page: &str) -> String {
    let carried = ["quote", "key", "agreement"].map(|name| format!("{name}={}", hidden(page, name)));
    format!("{}&consent=on&accept=on", carried.join("&"))
}

async fn a_changed_price_is_shown_beside_the_old_one_and_accepted_with_one_press(world: World) {
    let stage = stage(&world).await;
    let (service, buyer) = (service(&world), proof(&stage.buyer));
    let (_, sealed) = world.quoted(&stage.offering, 100);
    let page = send(&service, "GET", &format!("/checkout?quote={sealed}"), &buyer, None).await;
    let dearer = Prices::new(Some(usd(2_150)), None, None).expect("a price");
    world.reprice(&stage.offering, dearer).await;
    let refused = send(&service, "POST", "/checkout", &buyer, Some(&pressed(&page.body))).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    for part in ["from USD 19.00 to USD 21.50", "USD 1,900.00", "Order for USD 2,150.00", "accepts the new price"] {
        assert!(refused.body.contains(part), "{part:?} is missing in {}", refused.body);
    }
    assert!(refused.body.contains("name=\"accept\" value=\"on\" checked"), "what was ticked stays ticked");
    let orders = send(&service, "GET", "/my/orders", &buyer, None).await;
    assert!(orders.body.contains("No orders yet"), "{}", orders.body);
    let accepted = send(&service, "POST", "/checkout", &buyer, Some(&pressed(&refused.body))).await;
    assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.body);
    let order = send(&service, "GET", accepted.location(), &buyer, None).await;
    assert!(order.body.contains("USD 2,150.00") && !order.body.contains("USD 1,900.00"), "{}", order.body);
    // The old address shows the same, before anything is pressed; the API says it to programs.
    let shown = send(&service, "GET", &format!("/checkout?quote={sealed}&lang=zh"), &buyer, None).await;
    assert!(shown.status == StatusCode::OK && shown.body.contains("USD 19.00变为USD 21.50"), "{}", shown.body);
    let ask = format!(r#"{{"quote":"{sealed}"}}"#);
    let told = send(&service, "POST", "/api/v1/checkout", &buyer, Some(&ask)).await;
    let told: serde_json::Value = serde_json::from_str(&told.body).expect("JSON");
    assert_eq!((&told["total_before"]["minor"], &told["total_today"]["minor"]), (&190_000.into(), &215_000.into()));
    assert_ne!(told["quote"], sealed);
}

async fn a_price_whose_time_is_over_is_held_anew(world: World) {
    let stage = stage(&world).await;
    let (service, buyer) = (service(&world), proof(&stage.buyer));
    let (_, sealed) = world.quoted(&stage.offering, 1);
    let page = send(&service, "GET", &format!("/checkout?quote={sealed}"), &buyer, None).await;
    world.clock.advance(SignedDuration::from_mins(16));
    let late = send(&service, "POST", "/checkout", &buyer, Some(&pressed(&page.body))).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.body.contains("held for 15 minutes") && !late.body.contains("accepts the new price"), "{}", late.body);
    let again = send(&service, "POST", "/checkout", &buyer, Some(&pressed(&late.body))).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.body);
    let forged = send(&service, "GET", &format!("/checkout?quote=x{sealed}"), &buyer, None).await;
    assert_eq!(forged.status, StatusCode::UNPROCESSABLE_ENTITY, "only what we sealed is priced anew");
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
    // Without JavaScript the browser itself leaves the page for the masked one.
    let refresh = shown.headers.get(header::REFRESH).and_then(|value| value.to_str().ok());
    assert_eq!(refresh, Some(format!("60; url={path}").as_str()));
    assert_eq!(shown.headers.get(header::CACHE_CONTROL).and_then(|value| value.to_str().ok()), Some("no-store"));
    let later = send(&service, "GET", path, &proof(&stage.buyer), None).await;
    assert!(later.status == StatusCode::OK && !later.body.contains("Init-Pass-1"));
    assert!(later.body.contains("Last shown to First of Kestrel"), "{}", later.body);
    assert!(!later.headers.contains_key(header::REFRESH));
    // An access key never counts as the password, however young it is.
    let again = world.sign_in(&stage.buyer.email).await.expect("the password is known");
    let made = app::identity::api_keys::make(&world.app, &again.actor, "nightly").await.expect("fresh");
    let key = Proof::Key(made.key.access_key.to_string(), made.secret.reveal().to_owned());
    let read = send(&service, "GET", &format!("/api/v1{}", path.replace("/my", "")), &key, None).await;
    assert!(read.status == StatusCode::OK && !read.body.contains("Init-Pass-1"), "{}", read.body);
    let ask = format!("/api/v1{}/reveal-password", path.replace("/my", ""));
    let refused = send(&service, "POST", &ask, &key, None).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.body.contains("\"person_needed\"") && refused.body.contains("in the browser"), "{}", refused.body);
    assert!(!refused.body.contains("Init-Pass-1"));
}

async fn an_order_of_what_is_not_on_sale_any_more_is_cancelled_instead_of_paid(world: World) {
    let stage = stage(&world).await;
    let (service, buyer, operator) = (service(&world), proof(&stage.buyer), world.operator().await);
    let (_, sealed) = world.quoted(&stage.offering, 1);
    let page = send(&service, "GET", &format!("/checkout?quote={sealed}"), &buyer, None).await;
    let placed = send(&service, "POST", "/checkout", &buyer, Some(&pressed(&page.body))).await;
    let path = placed.location();
    let pay = format!("action=\"{path}/pay\"");
    let waiting = send(&service, "GET", path, &buyer, None).await;
    assert!(waiting.body.contains(&pay) && waiting.body.contains("waits for your payment"), "{}", waiting.body);
    app::catalog::freeze_product(&world.app, &operator.actor, stage.offering.product.id).await.expect("may");
    let stopped = send(&service, "GET", &format!("{path}?lang=zh"), &buyer, None).await;
    assert!(stopped.body.contains("该商品已停止销售") && !stopped.body.contains(&pay), "{}", stopped.body);
    // The page was open meanwhile, and a program asks.
    let pressed = send(&service, "POST", &format!("{path}/pay"), &buyer, None).await;
    assert_eq!(pressed.status, StatusCode::CONFLICT);
    assert!(pressed.body.contains("cannot be paid") && pressed.body.contains(&format!("action=\"{path}/cancel\"")));
    let told = send(&service, "POST", &format!("/api/v1{}/pay", path.replace("/my", "")), &buyer, None).await;
    assert_eq!(told.status, StatusCode::CONFLICT, "{}", told.body);
    assert!(told.body.contains("\"not_on_sale\"") && told.body.contains("not on sale any more"), "{}", told.body);
    let cancelled = send(&service, "POST", &format!("{path}/cancel"), &buyer, None).await;
    assert_eq!((cancelled.status, cancelled.location()), (StatusCode::SEE_OTHER, path));
    let ended = send(&service, "GET", path, &buyer, None).await;
    assert!(ended.body.contains("This order was cancelled"), "{}", ended.body);
}

async fn a_page_with_an_old_copy_asks_for_a_new_one_from_the_browser_and_opening_it_asks_nobody(world: World) {
    let stage = stage(&world).await;
    let service = service(&world);
    world.seller.will_answer(SELLER);
    let body = form(&world, &stage, "&consent=on&accept=on");
    send(&service, "POST", "/checkout", &proof(&stage.buyer), Some(&body)).await;
    world.settle().await;
    let apps = send(&service, "GET", "/my/apps", &proof(&stage.buyer), None).await;
    let at = apps.body.find("/my/apps/sub_").expect("the app is listed");
    let path = &apps.body[at..at + "/my/apps/sub_".len() + 32];
    let ask = format!("{path}/refresh?because=opened");
    let page = async || send(&service, "GET", path, &proof(&stage.buyer), None).await.body;
    assert!(!page().await.contains("because=opened"), "the copy is fresh");
    world.clock.advance(SignedDuration::from_mins(10));
    let old = page().await;
    assert!(old.contains(&format!("hx-post=\"{ask}\" hx-trigger=\"load\"")), "{old}");
    assert!(old.contains(&format!("action=\"{path}/refresh\"")), "without JavaScript there is a button");
    let calls = world.seller.calls().len();
    assert_eq!((world.settle().await, world.seller.calls().len()), (0, calls), "opening a page asks nobody");
    let asked = send(&service, "POST", &ask, &proof(&stage.buyer), None).await;
    assert_eq!((asked.status, asked.location()), (StatusCode::SEE_OTHER, path));
    let waits = page().await;
    assert!(waits.contains("every 3s") && !waits.contains("because=opened"), "{waits}");
    world.settle().await;
    assert_eq!(world.seller.calls().len(), calls + 1);
    assert!(!page().await.contains("because=opened"), "the copy is fresh again");
    send(&service, "POST", &ask, &proof(&stage.buyer), None).await;
    assert_eq!(world.settle().await, 0, "whatever a page says, a fresh copy is not asked for");
}

async fn a_call_of_version_one_shows_its_address_and_the_way_to_its_token(world: World) {
    let stage = stage_speaking(&world, ProtocolVersion::V1).await;
    let operator = world.operator().await;
    let service = service(&world);
    world.seller.will_answer(r#"{"resultCode":"000000","instanceId":"i-1"}"#);
    let body = form(&world, &stage, "&consent=on&accept=on");
    send(&service, "POST", "/checkout", &proof(&stage.buyer), Some(&body)).await;
    world.settle().await;
    let list = send(&service, "GET", "/seller/messages", &proof(&stage.seller), None).await;
    let at = list.body.find("/seller/messages/cal_").expect("the call is listed");
    let path = &list.body[at..at + "/seller/messages/cal_".len() + 32];
    let call = send(&service, "GET", path, &proof(&stage.seller), None).await;
    for part in
        ["The header Body-Sign is missing.", "authToken, in two steps", "activity=newInstance&#38;amount=1", "GET /"]
    {
        assert!(call.body.contains(part), "{part}: {}", call.body);
    }
    let token = call.body.split("authToken=").nth(1).and_then(|rest| rest.split([' ', '<']).next()).expect("a token");
    let operated = path.replace("/seller/messages", "/operator/calls");
    let seen = send(&service, "GET", &operated, &proof(&operator), None).await;
    assert!(seen.body.contains("authToken=••••••") && seen.body.contains("activity=newInstance"), "{}", seen.body);
    assert!(!seen.body.contains(token) && !seen.body.contains("in two steps"), "nobody else can send it again");
    let at = call.body.find("/seller/debugger/adr_").expect("the request can be changed and sent again");
    let again: String = call.body[at..].chars().take_while(|letter| *letter != '"').collect();
    let debugger = send(&service, "GET", &again, &proof(&stage.seller), None).await;
    assert!(debugger.body.contains("These are the values of attempt 1 for order CS"), "{}", debugger.body);
    assert!(debugger.body.contains("Protocol V1.0") && debugger.body.contains("value=\"Kestrel\""));
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
    // How it was signed stands there, and the request opens in the debugger, where nothing real is sent.
    let at = call.body.find("/seller/debugger/adr_").expect("the request can be changed and sent again");
    let again: String = call.body[at..].chars().take_while(|letter| *letter != '"').collect();
    let debugger = send(&service, "GET", &again, &proof(&stage.seller), None).await;
    assert!(debugger.body.contains("These are the values of attempt 1 for order CS"), "{}", debugger.body);
    assert!(debugger.body.contains("changes no real order") && debugger.body.contains("value=\"CS"));
    let rival = world.seller_named("Other").await;
    let stolen = send(&service, "GET", &again, &proof(&rival), None).await;
    assert_eq!(stolen.status, StatusCode::NOT_FOUND);
    let at = list.body.find(">CS").expect("the order is named") + 1;
    let number: String = list.body[at..].chars().take_while(char::is_ascii_alphanumeric).collect();
    let (this, small) = (format!("order={number}"), format!("order=+{}+", number.to_lowercase()));
    for (filter, listed) in [
        (this.as_str(), true),
        (&small, true),
        ("from=2026-05-14&to=2026-05-14", true),
        ("from=2026-05-15", false),
        ("to=2026-05-13", false),
        ("failures=on", true),
        ("activity=newInstance", true),
        ("activity=releaseInstance", false),
        ("order=CS0", false),
        ("from=2199-01-01", false),
        ("to=1999-01-01&state=parked", false),
    ] {
        let list = send(&service, "GET", &format!("/seller/messages?{filter}"), &proof(&stage.seller), None).await;
        assert_eq!(list.body.contains("/seller/messages/cal_"), listed, "{filter}");
        assert!(listed || list.body.contains("No calls like this"), "{filter}");
    }
    let wrong = send(&service, "GET", "/seller/messages?from=yesterday", &proof(&stage.seller), None).await;
    assert!(wrong.body.contains("Write the day as 2026-05-14") && wrong.body.contains("value=\"yesterday\""));
    a_program_filters_alike(&service, &stage, &number).await;
    world.seller.will_answer(SELLER);
    let restarted = send(&service, "POST", &format!("{path}/restart"), &proof(&stage.seller), None).await;
    assert_eq!((restarted.status, restarted.location()), (StatusCode::SEE_OTHER, path));
    world.settle().await;
    let done = send(&service, "GET", path, &proof(&stage.seller), None).await;
    assert!(done.body.contains("Restarted by hand") && !done.body.contains("Init-Pass-1"), "{}", done.body);
    let foreign = send(&service, "GET", path, &proof(&world.seller_named("Rival").await), None).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
}

/// The API's list takes the filters of the page, and refuses what it does not know instead of showing everything.
async fn a_program_filters_alike(service: &axum::Router, stage: &Stage, number: &str) {
    let ask = |query: String| async move {
        let path = format!("/api/v1/seller/calls?{query}");
        let answer = send(service, "GET", &path, &proof(&stage.seller), None).await;
        let json: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
        (answer.status.as_u16(), json)
    };
    for (query, count) in [
        (format!("order={number}"), 1),
        ("order=CS0".to_owned(), 0),
        ("activity=newInstance&course=troubled&state=parked".to_owned(), 1),
        ("course=any".to_owned(), 1),
        ("activity=releaseInstance".to_owned(), 0),
        ("from=2026-05-14T00:00:00Z&until=2026-05-15T00:00:00Z".to_owned(), 1),
        ("from=2026-05-15T00:00:00Z".to_owned(), 0),
        ("until=2026-05-14T00:00:00Z".to_owned(), 0),
    ] {
        let (status, found) = ask(query.clone()).await;
        assert_eq!((status, found["items"].as_array().map(Vec::len)), (200, Some(count)), "{query}: {found}");
    }
    for (query, code) in [
        ("activity=buy", "not_in_list"),
        ("course=bad", "not_in_list"),
        ("from=yesterday", "instant"),
        ("until=2026-05-14", "instant"),
        ("before=cal_1", "cursor"),
    ] {
        let (status, problem) = ask(query.to_owned()).await;
        assert_eq!((status, &problem["errors"][0]["code"]), (422, &code.into()), "{query}: {problem}");
    }
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

async fn notices_are_marked_by_opening_and_by_marking_and_not_by_looking(world: World) {
    let stage = stage(&world).await;
    let (service, buyer) = (service(&world), proof(&stage.buyer));
    let operator = proof(&world.operator().await);
    let top_up = format!("/operator/balances/{}", stage.buyer.actor.organisation);
    send(&service, "POST", &top_up, &operator, Some("amount=250.00&note=Transfer&key=k")).await;
    world.clock.advance(SignedDuration::from_mins(1));
    world.seller.will_answer(SELLER);
    let body = form(&world, &stage, "&consent=on&accept=on");
    send(&service, "POST", "/checkout", &buyer, Some(&body)).await;
    world.settle().await;
    let unread = async |path: &str| send(&service, "GET", path, &buyer, None).await.body.matches("not read").count();
    assert_eq!((unread("/notices").await, unread("/notices").await), (3, 3), "money, a paid order, and an app");
    let page = send(&service, "GET", "/notices", &buyer, None).await;
    let at = page.body.find("/notices/ntc_").expect("one that is not read opens by a form");
    let path: String = page.body[at..].chars().take_while(|letter| *letter != '"').collect();
    let looked = send(&service, "GET", &path, &buyer, None).await;
    assert!(looked.location().starts_with("/my/"), "{}", looked.location());
    assert_eq!(unread("/notices").await, 3, "its address alone marks nothing");
    let opened = send(&service, "POST", &path, &buyer, None).await;
    assert_eq!((opened.status, opened.location()), (StatusCode::SEE_OTHER, looked.location()));
    assert_eq!(unread("/notices").await, 2);
    // A program that looks clears no bell; it says so.
    let listed = send(&service, "GET", "/api/v1/notices", &buyer, None).await;
    let listed: serde_json::Value = serde_json::from_str(&listed.body).expect("JSON");
    let of = |at: usize| (listed["items"][at]["id"].as_str().unwrap_or("?"), listed["items"][at]["read_at"].is_null());
    assert_eq!(unread("/notices").await, 2);
    assert!(!of(0).1 && of(1).1, "the newest was opened: {listed}");
    let mark = format!("/api/v1/notices/{}/read", of(1).0);
    assert_eq!(send(&service, "POST", &mark, &proof(&stage.seller), None).await.status, StatusCode::NOT_FOUND);
    for _ in 0..2 {
        assert_eq!(send(&service, "POST", &mark, &buyer, None).await.status, StatusCode::NO_CONTENT);
    }
    assert_eq!(unread("/notices").await, 1);
    let all = send(&service, "POST", "/api/v1/notices/read", &proof(&stage.seller), None).await;
    assert_eq!(all.status, StatusCode::NO_CONTENT);
}
