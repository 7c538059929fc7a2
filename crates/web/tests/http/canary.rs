//! I13 of the reliability design, and I14 beside it: unmistakable words in every secret and personal field, one whole
//! journey from the first sign-up to the opened app, and then a search for them in every column of every table, in
//! everything that was logged, in the metrics, and in every page and API answer that others can get.
//!
//! *What is not here.* Mails: they go to the person whose data they hold, or hold a link that is meant for it.

use std::sync::{Arc, Mutex, OnceLock};

use axum::Router;
use http_kit::access::rows;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use serde_json::{Value, json};
use testkit::dump::{Dump, places_of};
use testkit::signer::{Signer, push_headers};
use testkit::{ScriptedSeller, World, on_every_world};

use crate::door::{Answer, Proof, Sent, send, service};
use crate::open_apis::call;

on_every_world![no_secret_and_no_personal_word_is_where_it_must_not_be];

/// Who a word belongs to; they may see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Operator,
    Seller,
    Customer,
    /// Nobody but the one who typed it, in a form that shows nothing back.
    Nobody,
}

/// A word that was planted, or a secret that the marketplace made.
#[derive(Clone, Debug)]
struct Canary {
    what: &'static str,
    text: String,
    whose: Whose,
}

/// What the seller's system says about getting in.
const INSTANCE_PASSWORD: &str = "canary-instance-password-Zq81";
const INSTANCE_USER: &str = "canary-instance-user-Zq82";
const INSTANCE_MEMO: &str = "canary instance memo Zq83";
const INSTANCE_ADDRESS: &str = "https://canary-instance-zq84.granary.example/";

#[derive(Default)]
struct Planted(Vec<Canary>);

impl Planted {
    /// Notes a word, and answers it.
    fn plant(&mut self, whose: Whose, what: &'static str, text: &str) -> String {
        assert!(text.len() >= 9, "{what}: too short to be unmistakable");
        self.0.push(Canary { what, text: text.to_owned(), whose });
        text.to_owned()
    }

    /// The bodies of sign-ups: every field of a person.
    fn person(&mut self, whose: Whose, word: &str) -> Value {
        json!({
            // An organisation's name is public, a person's is not.
            "organisation_name": format!("{word} Trading"),
            "name": self.plant(whose, "a person's name", &format!("Canary {word} Quetzalcoatl")),
            "email": self.plant(whose, "an e-mail address", &format!("canary-{}@people.example", word.to_lowercase())),
            "password": self.plant(whose, "a password", &format!("canary password of {word} Zq71")),
        })
    }
}

/// What was logged.
#[derive(Clone, Default)]
struct Logs(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Logs {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("nothing panics while it logs").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Everything that this process logs from the first call on, down to DEBUG.
fn logs() -> Logs {
    static LOGS: OnceLock<Logs> = OnceLock::new();
    let kept = LOGS.get_or_init(|| {
        let kept = Logs::default();
        let writer = kept.clone();
        let subscriber = tracing_subscriber::fmt()
            .json()
            .with_max_level(tracing_subscriber::filter::LevelFilter::DEBUG)
            .with_writer(move || writer.clone());
        subscriber.try_init().expect("nobody else listens in this process");
        kept
    });
    kept.clone()
}

fn metrics() -> PrometheusHandle {
    static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();
    METRICS.get_or_init(|| PrometheusBuilder::new().install_recorder().expect("nobody else counts")).clone()
}

/// One who asks through the API.
struct Asking<'a> {
    service: &'a Router,
    proof: Proof,
}

impl Asking<'_> {
    async fn ask(&self, method: &str, path: &str, body: Value) -> Value {
        let body = body.to_string();
        let answer = send(self.service, method, path, &self.proof, (method != "GET").then_some(body.as_str())).await;
        assert!(answer.status.is_success(), "{method} {path} answers {}: {}", answer.status, answer.body);
        serde_json::from_str(&answer.body).unwrap_or_default()
    }
}

fn text(value: &Value, pointer: &str) -> String {
    let found = value.pointer(pointer).and_then(Value::as_str);
    assert!(found.is_some(), "{pointer} is missing in {value}");
    found.unwrap_or_default().to_owned()
}

/// Opens an account and answers who asks with it.
async fn arrive<'a>(
    service: &'a Router,
    planted: &mut Planted,
    whose: Whose,
    (path, body): (&str, Value),
) -> Asking<'a> {
    let nobody = Asking { service, proof: Proof::Nobody };
    let opened = nobody.ask("POST", path, body).await;
    let token = planted.plant(whose, "a session's token", &text(&opened, "/token"));
    Asking { service, proof: Proof::Session(token) }
}

fn honest_seller(world: &World) {
    world.seller.will(|call| {
        let asked: Value = serde_json::from_slice(&call.body).unwrap_or_default();
        let mut answer = json!({"resultCode": "000000", "resultMsg": "success."});
        match asked["activity"].as_str() {
            Some("newInstance") => answer["instanceId"] = asked["businessId"].clone(),
            // What the debugger is answered is invented, but for a password that slipped in.
            Some("queryInstance") if asked["testFlag"] == "1" => {
                let access = json!({"frontEndUrl": "https://invented.granary.example/", "userName": "invented",
                    "password": INSTANCE_PASSWORD});
                answer["info"] = json!([{"instanceId": asked["instanceId"], "appInfo": access}]);
            }
            Some("queryInstance") => {
                let access = json!({"frontEndUrl": INSTANCE_ADDRESS, "adminUrl": format!("{INSTANCE_ADDRESS}admin"),
                    "userName": INSTANCE_USER, "password": INSTANCE_PASSWORD, "memo": INSTANCE_MEMO});
                answer["info"] = json!([{"instanceId": asked["instanceId"], "appInfo": access}]);
            }
            _ => {}
        }
        Ok(ScriptedSeller::json(200, &answer.to_string()))
    });
}

/// The seller applies with canaries in every field that is not public.
fn application(planted: &mut Planted) -> Value {
    let mut seller = |what, text: &str| planted.plant(Whose::Seller, what, text);
    json!({
        "company_name": "Brightwell Systems Ltd", "website": "https://brightwell.example",
        "years_in_business": "5-10", "employees": "50-199",
        "registered_capital": seller("the registered capital", "USD 517,310,411"),
        "licence_number": seller("a licence number", "91310000CANARYZQ1X"),
        "contact_name": seller("a contact's name", "Canary Contact Tlaloc"),
        "contact_mobile": seller("a contact's telephone", "+8613977014411"),
        "contact_email": seller("a contact's e-mail address", "canary-contact@people.example"),
        "country": "China", "province": "Shanghai", "city": "Shanghai",
        "street": seller("a street", "77 Canary Zq Street"), "postcode": "200120",
        "support_phone": "+86 21 0000 0000", "support_email": "help@brightwell.example",
        "introduction": "We plan the routes of small freight companies, and have done so since 2021.",
        "agreed": ["seller_terms", "cooperation_rules", "privacy_statement"],
    })
}

/// The seller's address with the proof of its domain, two live keys and one for notices, debugged in every activity: samples
/// and answers are kept.
async fn address(world: &World, seller: &Asking<'_>, planted: &mut Planted) -> String {
    let key = planted.plant(Whose::Seller, "the key of an interface address", "canary-access-key-Zq61-4411");
    let body = json!({"url": "https://saas.brightwell.example/produce", "access_key": key});
    let id = text(&seller.ask("POST", "/api/v1/interface-addresses", body).await, "/id");
    let path = format!("/api/v1/interface-addresses/{id}");
    let file = text(&seller.ask("GET", &format!("{path}/proof"), Value::Null).await, "/text");
    world.seller.will(move |_| Ok(ScriptedSeller::json(200, &file)));
    let proof = seller.ask("POST", &format!("{path}/prove"), json!({})).await;
    assert_eq!(proof["proven"], true, "{proof}");
    honest_seller(world);
    let key = planted.plant(Whose::Seller, "the next key of an interface address", "canary-access-key-Zq62-5511");
    seller.ask("PUT", &format!("{path}/keys/basic"), json!({"access_key": key})).await;
    let key = planted.plant(Whose::Seller, "the key of order notices", "canary-access-key-Zq63-6611");
    seller.ask("PUT", &format!("{path}/keys/order_notice"), json!({"access_key": key})).await;
    for activity in ["newInstance", "queryInstance", "refreshInstance", "updateInstanceStatus", "releaseInstance"] {
        let path = format!("/api/v1/interface-addresses/{id}/sample?activity={activity}");
        let values = seller.ask("GET", &path, Value::Null).await["values"].clone();
        let body = json!({"activity": activity, "values": values, "save_as": activity});
        let run = seller.ask("POST", &format!("/api/v1/interface-addresses/{id}/debug-runs"), body).await;
        assert_eq!(text(&run, "/result"), "passed", "{run}");
    }
    id
}

async fn product(seller: &Asking<'_>, operator: &Asking<'_>, address: &str) -> String {
    let begun = seller.ask("POST", "/api/v1/seller/products", json!({"delivery": "saas"})).await;
    let path = format!("/api/v1/seller/products/{}", text(&begun, "/id"));
    let long = "A backup that was never opened is a hope. Granary copies databases and opens a copy every week. ";
    let fields = json!({
        "name_en": "Granary Backup", "version": "V1.0", "category": "backup",
        "overview_en": "Backups that are opened every week, so that you know they open.",
        "highlights_en": "Opened every week\nEncrypted with your own key", "description_en": long.repeat(6),
        "guide_en": "Open the address, sign in, choose a database.", "supervision": "none",
        "interface_address": address, "handed_over": "email",
        "agreement_en": "The service is provided as described, month by month.",
        "support_email": "help@brightwell.example", "support_phone": "+86 21 0000 0000",
        "support_hours_en": "Monday to Friday, 9 to 18", "visibility": "public",
    });
    seller.ask("PATCH", &path, json!({"fields": fields})).await;
    let plan = json!({"name_en": "Starter", "unit_en": "per database", "month": "9.00"});
    seller.ask("POST", &format!("{path}/specifications"), json!({"fields": plan})).await;
    let release = text(&seller.ask("POST", &format!("{path}/submit"), json!({})).await, "/id");
    for step in ["claim", "approve"] {
        operator.ask("POST", &format!("/api/v1/operator/releases/{release}/{step}"), json!({})).await;
    }
    text(&begun, "/id")
}

/// Buys, and answers the order's number.
async fn order(service: &Router, customer: &Asking<'_>, operator: &Asking<'_>, product: &str) -> String {
    let organisation = text(&customer.ask("GET", "/api/v1/me", Value::Null).await, "/organisation/id");
    let path = format!("/api/v1/operator/customers/{organisation}/top-ups");
    operator.ask("POST", &path, json!({"amount": "100.00", "note": "Bank transfer"})).await;
    let nobody = Asking { service, proof: Proof::Nobody };
    let shown = nobody.ask("GET", &format!("/api/v1/products/{product}"), Value::Null).await;
    let wanted = json!({"specification": text(&shown, "/specifications/0/id"), "period": "month"});
    let quote = text(&customer.ask("POST", "/api/v1/quotes", wanted).await, "/quote");
    let checkout = customer.ask("POST", "/api/v1/checkout", json!({"quote": quote})).await;
    let body = json!({"quote": quote, "agreement": checkout["agreement"], "hand_over_data": true});
    text(&customer.ask("POST", "/api/v1/orders", body).await, "/number")
}

/// What people do with accounts: keys, invitations, passwords, mistakes.
async fn live(service: &Router, customer: &Asking<'_>, planted: &mut Planted, password: &str) {
    let made = customer.ask("POST", "/api/v1/api-keys", json!({"name": "deployment"})).await;
    planted.plant(Whose::Customer, "an access key's secret", &text(&made, "/secret"));
    let invited = json!({
        "name": planted.plant(Whose::Customer, "an invited person's name", "Canary Invited Xochitl"),
        "email": planted.plant(Whose::Customer, "an invited person's address", "canary-invited@people.example"),
        "role": "member",
    });
    let invitation = customer.ask("POST", "/api/v1/invitations", invited).await;
    planted.plant(Whose::Customer, "an invitation's token", &text(&invitation, "/token"));
    let fresh = planted.plant(Whose::Nobody, "a new password", "canary new password Zq72");
    let body = json!({"current_password": password, "new_password": fresh});
    customer.ask("PUT", "/api/v1/me/password", body).await;
    let nobody = Proof::Nobody;
    let stranger = json!({
        "email": planted.plant(Whose::Nobody, "an address nobody has", "canary-stranger@people.example"),
        "password": planted.plant(Whose::Nobody, "a wrong password", "canary wrong password Zq73"),
    });
    let refused = send(service, "POST", "/api/v1/sessions", &nobody, Some(&stranger.to_string())).await;
    assert!(refused.status.is_client_error(), "{}", refused.body);
    let broken =
        format!("{{\"password\": \"{}\"", planted.plant(Whose::Nobody, "a body cut off", "canary cut off Zq74"));
    let refused = send(service, "POST", "/api/v1/sign-ups", &nobody, Some(&broken)).await;
    assert_eq!(refused.status.as_u16(), 400, "{}", refused.body);
}

/// The seller's server asks for the order and pushes usage, signed with both of its keys; some of it goes wrong.
async fn sign(
    world: &World,
    service: &Router,
    (seller, customer): (&Asking<'_>, &Asking<'_>),
    planted: &mut Planted,
    number: &str,
) {
    let made = seller.ask("POST", "/api/v1/api-keys", json!({"name": "production"})).await;
    let secret = planted.plant(Whose::Seller, "an access key's secret", &text(&made, "/secret"));
    let signer = Signer { access_key: text(&made, "/key/access_key"), secret };
    let now = world.app.now();
    let path = format!("/api/mkp-openapi-public/global/v1/order/query?orderId={number}");
    let headers = signer.headers("GET", &path, "", now);
    let signature = headers.iter().find_map(|(name, value)| (name == "authorization").then_some(value.as_str()));
    let signature = signature.and_then(|value| value.rsplit('=').next()).expect("it is signed");
    planted.plant(Whose::Nobody, "the signature key of a call", signature);
    let asked = call(service, ("GET", &path), headers, "").await;
    assert_eq!(asked.status.as_u16(), 200, "{}", asked.body);
    assert!(asked.body.contains("canary-kestrel@people.example"), "the buyer agreed: {}", asked.body);
    let key = "canary-access-key-Zq61-4411";
    let body = json!({"usage_records": [{
        "begin_time": "20260514T120000Z", "end_time": "20260514T125959Z", "record_time": "20260514T130000Z",
        "instance_id": world.dump().await["subscriptions"][0]["instance"], "metering_sn": "sn-1", "usage_value": "1",
    }]});
    let push = "/api/mkp-openapi-public/global/v1/isv/usage-data";
    for (body, status) in [(body.to_string(), 200), (body.to_string(), 400), ("{".to_owned(), 400)] {
        let headers = push_headers(key, &body, "n-1", now);
        let signature = headers.iter().find_map(|(name, value)| (name == "signature").then_some(value.as_str()));
        planted.plant(Whose::Nobody, "the signature key of a push", signature.expect("it is signed"));
        let answer = call(service, ("POST", push), headers, &body).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.body);
    }
    let old = "/rest/marketplace/v1/isv/usage-data";
    let wrong = call(service, ("POST", old), signer.headers("POST", old, "x", now), "y").await;
    assert_eq!(wrong.status.as_u16(), 401, "{}", wrong.body);
    let order = world.dump().await["orders"][0]["id"].parse().expect("an order");
    app::licensing::issue_licence(&world.app, order).await.expect("a paid order takes a licence");
    let Proof::Session(token) = &customer.proof else { unreachable!("people have sessions") };
    let buyer = app::identity::authenticate::by_session_token(&world.app, token).await.expect("readable");
    let number = number.parse().expect("an order number");
    let code = app::licensing::fetch_licence(&world.app, &buyer.expect("the session lives"), &number).await;
    let code = planted.plant(Whose::Customer, "a licence's key", code.expect("it is the buyer's").reveal());
    let activate = "/api/mkp-openapi-public/global/v1/license/activate";
    let fingerprint = planted.plant(Whose::Nobody, "a device's key", "canary-device-Zq91");
    let body = json!({"license": code, "deviceFingerprint": fingerprint}).to_string();
    let activated = call(service, ("POST", activate), signer.headers("POST", activate, &body, now), &body).await;
    assert_eq!(activated.status.as_u16(), 200, "{}", activated.body);
}

/// Every name that a path may hold: ids, order numbers, slugs, some of each table.
fn names(dump: &Dump) -> Vec<String> {
    const EACH: usize = 3;
    let unnamed =
        ["jobs", "events", "event_seals", "ledger_transfers", "ledger_accounts", "idempotency_keys", "quotes"];
    let mut names = Vec::new();
    for (table, rows) in dump.iter().filter(|(table, _)| !unnamed.contains(&table.as_str())) {
        for column in ["id", "number", "slug"] {
            let values = rows.iter().filter_map(|row| row.get(column)).filter(|value| !value.is_empty());
            names.extend(values.rev().take(EACH).map(|value| {
                assert!(!value.contains('/'), "{table}.{column} is no name of a path: {value}");
                value.clone()
            }));
        }
    }
    names
}

/// Every GET route with every name in its place.
fn paths(dump: &Dump) -> Vec<String> {
    let names = names(dump);
    let mut paths = Vec::new();
    for row in rows().filter(|row| row.method == "GET") {
        if row.path.contains('{') {
            paths.extend(names.iter().map(|name| crate::actors::path_with(row.path, name)));
        } else {
            paths.push(row.path.to_owned());
        }
    }
    paths
}

fn whole(answer: &Answer) -> String {
    format!("{:?}\n{}", answer.headers, answer.body).to_lowercase()
}

/// Asks for everything, and says which words of others came back.
async fn look_around(
    service: &Router,
    (who, proof, own): (&str, &Proof, &[Whose]),
    paths: &[String],
    canaries: &[Canary],
) -> Vec<String> {
    let mut found = Vec::new();
    for path in paths {
        let answer = whole(&send(service, "GET", path, proof, None).await);
        for canary in canaries.iter().filter(|canary| !own.contains(&canary.whose)) {
            if answer.contains(&canary.text.to_lowercase()) {
                found.push(format!("GET {path} as {who} shows {}", canary.what));
            }
        }
    }
    found
}

/// A text that must hold none of the words.
fn search(place: &str, text: &str, canaries: &[Canary]) -> Vec<String> {
    let text = text.to_lowercase();
    let found = canaries.iter().filter(|canary| text.contains(&canary.text.to_lowercase()));
    found.map(|canary| format!("{place} holds {}", canary.what)).collect()
}

#[expect(clippy::too_many_lines, reason = "one journey, told from its first step to its last")]
async fn no_secret_and_no_personal_word_is_where_it_must_not_be(world: World) {
    let (logs, metrics) = (logs(), metrics());
    let service = service(&world);
    let mut planted = Planted::default();
    honest_seller(&world);

    let first = app::identity::first_operator::make_token(&world.app).await.expect("a link can be made");
    let first = planted.plant(Whose::Nobody, "the first operator's token", first.expect("nobody operates").reveal());
    let mut form = planted.person(Whose::Operator, "Harbour");
    form["token"] = json!(first);
    let operator = arrive(&service, &mut planted, Whose::Operator, ("/api/v1/first-operator", form)).await;
    let form = planted.person(Whose::Seller, "Brightwell");
    let seller = arrive(&service, &mut planted, Whose::Seller, ("/api/v1/sign-ups", form)).await;
    let form = json!({"form": application(&mut planted)});
    seller.ask("PUT", "/api/v1/seller-application", form).await;
    let licence = planted.plant(Whose::Seller, "the business licence", "canary-licence-of-brightwell-0000");
    let licence = format!("%PDF-1.4\n% {licence}\n%%EOF\n");
    for (paper, file) in [("logo", testkit::LOGO_PNG.to_vec()), ("licence", licence.into_bytes())] {
        let sent = Sent::new("PUT", &format!("/api/v1/seller-application/{paper}"));
        let Proof::Session(token) = &seller.proof else { continue };
        let sent = sent.header("authorization", &format!("Bearer {token}"));
        let sent = sent.header("content-type", "application/octet-stream");
        assert!(sent.bytes(file).to(&service).await.status.is_success(), "{paper}");
    }
    let submitted = seller.ask("POST", "/api/v1/seller-application/submit", json!({})).await;
    let path = format!("/api/v1/seller-applications/{}/approve", text(&submitted, "/id"));
    operator.ask("POST", &path, json!({})).await;
    let address = address(&world, &seller, &mut planted).await;
    let product = product(&seller, &operator, &address).await;

    let form = planted.person(Whose::Customer, "Kestrel");
    let password = text(&form, "/password");
    let customer = arrive(&service, &mut planted, Whose::Customer, ("/api/v1/sign-ups", form)).await;
    for (what, word) in [
        ("an instance's first password", INSTANCE_PASSWORD),
        ("an instance's user name", INSTANCE_USER),
        ("an instance's memo", INSTANCE_MEMO),
        ("an instance's address", INSTANCE_ADDRESS.trim_end_matches('/')),
    ] {
        planted.plant(Whose::Customer, what, word);
    }
    let number = order(&service, &customer, &operator, &product).await;
    world.settle().await;
    let apps = customer.ask("GET", "/api/v1/apps", Value::Null).await;
    let path = format!("/api/v1/apps/{}", text(&apps, "/items/0/id"));
    assert_eq!(text(&customer.ask("GET", &path, Value::Null).await, "/access/user_name"), INSTANCE_USER, "it arrived");
    let shown = customer.ask("POST", &format!("{path}/reveal-password"), json!({})).await;
    assert_eq!(text(&shown, "/password"), INSTANCE_PASSWORD, "whose it is sees it");
    customer.ask("POST", &format!("{path}/refresh-access"), json!({})).await;
    live(&service, &customer, &mut planted, &password).await;
    sign(&world, &service, (&seller, &customer), &mut planted, &number).await;
    world.settle().await;

    let canaries = planted.0;
    let dump = world.dump().await;
    let mut found = Vec::new();
    for canary in &canaries {
        found.extend(places_of(&dump, &canary.text).into_iter().map(|place| format!("{place} holds {}", canary.what)));
    }
    let foreign = world.customer("Stranger").await;
    let rival = world.seller_named("Rival").await;
    let paths = paths(&dump);
    assert!(paths.len() > 500, "only {} paths", paths.len());
    for (who, proof, own) in [
        ("a visitor", Proof::Nobody, &[][..]),
        ("another customer", Proof::Session(foreign.token), &[][..]),
        ("another seller", Proof::Session(rival.token), &[][..]),
    ] {
        found.extend(look_around(&service, (who, &proof, own), &paths, &canaries).await);
    }
    // Those who take part see of each other no password, key or token. Who deals with whom, and what the seller's system
    // answered beside passwords, is theirs to see.
    let secret = |canary: &&Canary| ["password", "token", "key"].iter().any(|word| canary.what.contains(word));
    let secrets: Vec<Canary> = canaries.iter().filter(secret).cloned().collect();
    for (who, proof, own) in
        [("the seller", &seller.proof, &[Whose::Seller][..]), ("the operator", &operator.proof, &[Whose::Operator][..])]
    {
        found.extend(look_around(&service, (who, proof, own), &paths, &secrets).await);
    }

    app::operations::measure(&world.app).await.expect("the tables can be measured");
    let counted = metrics.render();
    assert!(counted.contains("souk_jobs_waiting") && counted.contains("souk_http_requests_total"), "{counted}");
    found.extend(search("the metrics", &counted, &canaries));
    let logged = String::from_utf8_lossy(&logs.0.lock().expect("nothing panics while it logs")).into_owned();
    assert!(logged.contains(&number), "what happened to the order is logged");
    found.extend(search("the log", &logged, &canaries));
    found.sort();
    assert_eq!(found, Vec::<String>::new());
}
