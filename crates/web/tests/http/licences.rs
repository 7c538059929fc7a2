//! Licence codes over the real router: issued for an order, fetched by the buyer, used by the seller's software
//! (seller-protocol 3.9).

use axum::Router;
use domain::ids::OrderId;
use domain::licensing::LicenceCode;
use domain::ordering::OrderNumber;
use domain::time::SignedDuration;
use serde_json::json;
use testkit::dump::places_of;
use testkit::signer::{Headers, Signer};
use testkit::{Person, World, on_every_world};

use crate::door::service;
use crate::open_apis::{call, said};

on_every_world![
    a_licence_is_fetched_activated_and_heard,
    a_foreign_unknown_or_withdrawn_code_does_not_exist,
    a_heartbeat_sent_again_does_not_make_software_look_alive,
    what_is_not_signed_or_not_understood_is_refused_with_the_licence_codes,
    an_order_has_one_code_that_only_its_buyer_sees,
    an_activation_sent_again_gives_no_device_its_place_back,
    a_licence_is_taken_back_with_the_order_that_fails,
];

const ACTIVATE: &str = "/api/mkp-openapi-public/global/v1/license/activate";
const HEARTBEAT: &str = "/api/mkp-openapi-public/global/v1/license/heartbeat";
const FINE: &str = r#"200 {"resultCode":"92020000","resultMsg":"Success"}"#;
const NO_SUCH: &str = r#"400 {"resultCode":"92020005","resultMsg":"There is no such licence code."}"#;
const NOT_RECEIVED: &str =
    r#"400 {"resultCode":"92020004","resultMsg":"The user has not received the licence code yet."}"#;

struct Stage {
    world: World,
    service: Router,
    seller: Person,
    buyer: Person,
    signer: Signer,
    order: OrderId,
    number: OrderNumber,
}

impl Stage {
    async fn set(world: World) -> Stage {
        let seller = world.seller_named("Brightwell").await;
        let buyer = world.customer("Kestrel").await;
        let offering = world.on_sale(&seller).await;
        let (_, sealed) = world.quoted_trial(&offering);
        let order = world.order_form(&offering, sealed, "trial").run(&world.app, &buyer.actor).await;
        let order = order.expect("a good order is placed").0;
        let signer = world.signer(&seller).await;
        app::licensing::issue_licence(&world.app, order.id).await.expect("a paid order takes a licence");
        let service = service(&world);
        Stage { world, service, seller, buyer, signer, order: order.id, number: order.number }
    }

    async fn fetched(&self) -> LicenceCode {
        let fetched = app::licensing::fetch_licence(&self.world.app, &self.buyer.actor, &self.number).await;
        fetched.expect("the buyer fetches it")
    }

    async fn asked(&self, signer: &Signer, path: &str, body: &str) -> String {
        let headers = signer.headers("POST", path, body, self.world.app.now());
        said(&call(&self.service, ("POST", path), headers, body).await)
    }

    async fn row(&self) -> testkit::dump::DumpedRow {
        self.world.dump().await["licences"][0].clone()
    }
}

fn naming(code: &LicenceCode) -> String {
    json!({ "license": code.reveal(), "deviceFingerprint": "AA-BB-CC-DD", "version": "7" }).to_string()
}

/// The code, although nobody fetched it: as somebody who guessed it would know it.
async fn unfetched(stage: &Stage) -> LicenceCode {
    let row = stage.row().await;
    let place = app::vault::Place { table: "licences", column: "code_sealed", row: &row["id"] };
    let code = stage.world.app.vault.open(place, &row["code_sealed"]).expect("it opens in its own row");
    code.parse().expect("it is a code")
}

async fn a_licence_is_fetched_activated_and_heard(world: World) {
    let stage = Stage::set(world).await;
    let body = naming(&unfetched(&stage).await);
    for path in [ACTIVATE, HEARTBEAT] {
        assert_eq!(stage.asked(&stage.signer, path, &body).await, NOT_RECEIVED);
    }
    let code = stage.fetched().await;
    assert_eq!(naming(&code), body);
    let early = stage.asked(&stage.signer, HEARTBEAT, &body).await;
    assert!(early.starts_with(r#"400 {"resultCode":"92020002","resultMsg":"Bad parameter: activate"#), "{early}");
    assert_eq!(stage.asked(&stage.signer, ACTIVATE, &body).await, FINE);
    assert_eq!(stage.asked(&stage.signer, ACTIVATE, &body).await, FINE, "twice is no mistake");
    stage.world.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(stage.asked(&stage.signer, HEARTBEAT, &json!({"license": code.reveal()}).to_string()).await, FINE);
    let row = stage.row().await;
    assert_eq!(row["state"], "active");
    assert_eq!(row["heard_at"], stage.world.app.now().as_millisecond().to_string());
    assert_eq!(
        row["activated_at"].parse::<i64>().expect("an instant") + 3_600_000,
        stage.world.app.now().as_millisecond()
    );
    let dump = stage.world.dump().await;
    assert_eq!(places_of(&dump, code.reveal()), [""; 0], "the code lies open nowhere");
    assert_eq!(places_of(&dump, "AA-BB-CC-DD"), [""; 0], "nor does the fingerprint");
}

async fn a_foreign_unknown_or_withdrawn_code_does_not_exist(world: World) {
    let stage = Stage::set(world).await;
    let body = naming(&stage.fetched().await);
    let rival = stage.world.seller_named("Rival").await;
    let rival = stage.world.signer(&rival).await;
    let unknown = naming(&LicenceCode::make([7; LicenceCode::RANDOM]));
    let no_code = json!({"license": "12345"}).to_string();
    assert_eq!(stage.asked(&stage.signer, ACTIVATE, &body).await, FINE);
    for path in [ACTIVATE, HEARTBEAT] {
        assert_eq!(stage.asked(&rival, path, &body).await, NO_SUCH);
        assert_eq!(stage.asked(&stage.signer, path, &unknown).await, NO_SUCH);
        assert_eq!(stage.asked(&stage.signer, path, &no_code).await, NO_SUCH);
    }
    for _ in 0..2 {
        app::licensing::withdraw_licence(&stage.world.app, stage.order).await.expect("it can be taken back");
    }
    stage.world.clock.advance(SignedDuration::from_secs(1));
    for path in [ACTIVATE, HEARTBEAT] {
        assert_eq!(stage.asked(&stage.signer, path, &body).await, NO_SUCH);
    }
    let fetched = app::licensing::fetch_licence(&stage.world.app, &stage.buyer.actor, &stage.number).await;
    assert_eq!(fetched.map_err(|error| error.code()), Err("not_found"));
}

async fn a_heartbeat_sent_again_does_not_make_software_look_alive(world: World) {
    let stage = Stage::set(world).await;
    let body = naming(&stage.fetched().await);
    assert_eq!(stage.asked(&stage.signer, ACTIVATE, &body).await, FINE);
    stage.world.clock.advance(SignedDuration::from_mins(1));
    let heard_at = stage.world.app.now();
    let headers: Headers = stage.signer.headers("POST", HEARTBEAT, &body, heard_at);
    let shouted: Headers = headers
        .iter()
        .map(|(name, value)| match value.split_once("Signature=") {
            Some((before, signature)) => (name.clone(), format!("{before}Signature={}", signature.to_uppercase())),
            None => (name.clone(), value.clone()),
        })
        .collect();
    for headers in [headers.clone(), headers, shouted] {
        assert_eq!(said(&call(&stage.service, ("POST", HEARTBEAT), headers, &body).await), FINE);
        assert_eq!(stage.row().await["heard_at"], heard_at.as_millisecond().to_string());
        stage.world.clock.advance(SignedDuration::from_mins(5));
    }
}

async fn an_activation_sent_again_gives_no_device_its_place_back(world: World) {
    let stage = Stage::set(world).await;
    let code = stage.fetched().await;
    let on = |device: &str| json!({ "license": code.reveal(), "deviceFingerprint": device }).to_string();
    assert_eq!(stage.asked(&stage.signer, ACTIVATE, &on("A")).await, FINE);
    stage.world.clock.advance(SignedDuration::from_secs(1));
    // The device is active already: this call changes nothing, and is overheard.
    let overheard = stage.signer.headers("POST", ACTIVATE, &on("A"), stage.world.app.now());
    assert_eq!(said(&call(&stage.service, ("POST", ACTIVATE), overheard.clone(), &on("A")).await), FINE);
    stage.world.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(stage.asked(&stage.signer, ACTIVATE, &on("B")).await, FINE);
    let moved = stage.row().await["device"].clone();
    assert_eq!(said(&call(&stage.service, ("POST", ACTIVATE), overheard, &on("A")).await), FINE);
    assert_eq!(stage.row().await["device"], moved);
}

async fn a_licence_is_taken_back_with_the_order_that_fails(world: World) {
    let stage = Stage::set(world).await;
    let body = naming(&stage.fetched().await);
    assert_eq!(stage.asked(&stage.signer, ACTIVATE, &body).await, FINE);
    stage.world.seller.will_answer(r#"{"resultCode":"000005","resultMsg":"no room"}"#);
    stage.world.live_through(SignedDuration::from_hours(4)).await;
    assert_eq!(stage.row().await["state"], "withdrawn");
    assert_eq!(stage.asked(&stage.signer, HEARTBEAT, &body).await, NO_SUCH);
}

async fn what_is_not_signed_or_not_understood_is_refused_with_the_licence_codes(world: World) {
    let stage = Stage::set(world).await;
    let body = naming(&stage.fetched().await);
    let wrong = Signer { secret: "A".repeat(40), ..stage.signer.clone() };
    let differs = r#"403 {"resultCode":"92020001","resultMsg":"Unauthorised: the signature differs."}"#;
    assert_eq!(stage.asked(&wrong, ACTIVATE, &body).await, differs);
    let late = stage.signer.headers("POST", ACTIVATE, &body, stage.world.app.now() - SignedDuration::from_mins(16));
    let late = said(&call(&stage.service, ("POST", ACTIVATE), late, &body).await);
    assert!(
        late.starts_with(r#"403 {"resultCode":"92020001","resultMsg":"Unauthorised: X-Sdk-Date differs"#),
        "{late}"
    );
    let customer = stage.world.signer(&stage.buyer).await;
    let refused = stage.asked(&customer, ACTIVATE, &body).await;
    assert!(refused.starts_with(r#"403 {"resultCode":"92020001""#), "{refused}");
    for (body, why) in [
        ("", "the body is empty"),
        ("{", "the body is not JSON"),
        ("{}", "license is missing"),
        (r#"{"license":1}"#, "license is of type number"),
    ] {
        let refused = stage.asked(&stage.signer, ACTIVATE, body).await;
        let start = format!(r#"400 {{"resultCode":"92020002","resultMsg":"Bad parameter: {why}"#);
        assert!(refused.starts_with(&start), "{refused}");
    }
    assert_eq!(stage.row().await["state"], "received");
}

async fn an_order_has_one_code_that_only_its_buyer_sees(world: World) {
    let stage = Stage::set(world).await;
    let code = stage.fetched().await;
    app::licensing::issue_licence(&stage.world.app, stage.order).await.expect("issuing again is calm");
    assert_eq!(stage.fetched().await, code, "the order keeps its code");
    assert_eq!(stage.world.dump().await["licences"].len(), 1);
    for other in [&stage.seller, &stage.world.customer("Stranger").await] {
        let fetched = app::licensing::fetch_licence(&stage.world.app, &other.actor, &stage.number).await;
        assert_eq!(fetched.map_err(|error| error.code()), Err("not_found"));
    }
}
