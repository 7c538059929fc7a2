//! Proof of the domain, keys, dial tests and failing interfaces, as sellers and operators see them in a browser.

use app::ledger::TopUp;
use app::selling::failing::product_interface;
use app::selling::prove_domain::domain_proof;
use axum::http::StatusCode;
use domain::catalog::ProductState;
use domain::time::SignedDuration;
use testkit::{ScriptedSeller, World, on_every_world};

use crate::door::{Answer, Proof, send, service};

on_every_world![
    a_seller_proves_a_domain_rotates_a_key_and_runs_a_dial_test_without_script,
    an_operator_reads_why_a_product_is_stopped_and_lets_it_go_on,
    the_api_says_the_same,
    a_program_decides_about_failed_orders_and_it_takes_effect,
];

fn by(token: &str) -> Proof {
    Proof::Session(token.to_owned())
}

fn says(answer: &Answer, texts: &[&str]) {
    for text in texts {
        assert!(answer.body.contains(text), "{text:?} is missing in {}", answer.body);
    }
}

async fn a_seller_proves_a_domain_rotates_a_key_and_runs_a_dial_test_without_script(world: World) {
    let service = service(&world);
    let mei = world.seller_named("Brightwell").await;
    let me = by(&mei.token);
    let id = world.interface_address(&mei).await;
    let path = format!("/seller/addresses/{id}");
    let view = domain_proof(&world.app, &mei.actor, id).await.expect("its own");
    let page = send(&service, "GET", &path, &me, None).await;
    says(&page, &["same scheme, host and port", "For basic interfaces: teach", "the other types change at once"]);
    let chinese = send(&service, "GET", &format!("{path}?lang=zh"), &me, None).await;
    says(&chinese, &["协议、主机和端口相同", "基础接口：请先让", "其他类型的密钥立即更换"]);
    says(&page, &["Not proven", &view.file_name, &view.text, &view.url(), "Check now", "Not tested yet."]);
    let file = send(&service, "GET", &format!("{path}/proof-file"), &me, None).await;
    assert_eq!((file.status, file.body), (StatusCode::OK, format!("{}\n", view.text)));

    world.seller.will(|_| Ok(ScriptedSeller::json(404, "nothing")));
    let looked = send(&service, "POST", &format!("{path}/prove"), &me, Some("")).await;
    assert_eq!(looked.location(), format!("{path}?said=unproven#domain"));
    let page = send(&service, "GET", &format!("{path}?said=unproven"), &me, None).await;
    says(&page, &["There is no such file (404).", "The file was not found."]);
    world.seller.will(move |_| Ok(ScriptedSeller::json(200, &view.text)));
    let looked = send(&service, "POST", &format!("{path}/prove"), &me, Some("")).await;
    assert_eq!(looked.location(), format!("{path}?said=proven#domain"));
    let page = send(&service, "GET", &format!("{path}?lang=zh"), &me, None).await;
    says(&page, &["属于您，验证于"]);
    assert!(!page.body.contains("/prove\""), "nothing is left to do");

    let refused = send(&service, "POST", &format!("{path}/dial-test"), &me, Some("")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&refused, &["No debugging case is saved for this address."]);
    let shared = "interface_type=order_notice&access_key=kg-test-access-key-0001";
    let refused = send(&service, "POST", &format!("{path}/key"), &me, Some(shared)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&refused, &["Types must not share one."]);
    for act in ["key", "reveal"] {
        let misspelt = "interface_type=order-notice&access_key=kg-test-access-key-0009";
        let refused = send(&service, "POST", &format!("{path}/{act}"), &me, Some(misspelt)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{act}");
        says(&refused, &["••••••••••0001", "aria-invalid=\"true\""]);
        assert!(!refused.body.contains("kg-test-access-key-0001"), "the basic key is not shown instead");
    }
    for (body, said) in [
        ("interface_type=order_notice&access_key=kg-test-access-key-0002", "Order notices"),
        ("interface_type=basic&access_key=kg-test-access-key-0003", "The key before, ••••••••••0001, is still good."),
    ] {
        let done = send(&service, "POST", &format!("{path}/key"), &me, Some(body)).await;
        assert_eq!(done.location(), format!("{path}?said=replaced"));
        says(&send(&service, "GET", &path, &me, None).await, &[said]);
    }
    let shown = send(&service, "POST", &format!("{path}/reveal"), &me, Some("interface_type=order_notice")).await;
    says(&shown, &["kg-test-access-key-0002"]);
    // Whoever proved who they are long ago proves it once more.
    world.clock.advance(SignedDuration::from_mins(6));
    let asked = send(&service, "POST", &format!("{path}/retire-key"), &me, Some("")).await;
    assert!(asked.location().starts_with("/account/confirm?return="), "{}", asked.location());
    let me = by(&world.sign_in(&mei.email).await.expect("the same password").token);
    let ended = send(&service, "POST", &format!("{path}/retire-key"), &me, Some("")).await;
    assert_eq!(ended.location(), format!("{path}?said=retired#key"));
    assert!(!send(&service, "GET", &path, &me, None).await.body.contains("is still good"));
}

async fn an_operator_reads_why_a_product_is_stopped_and_lets_it_go_on(world: World) {
    let service = service(&world);
    let (mei, ada) = (world.seller_named("Brightwell").await, world.operator().await);
    let listed = world.listed(&mei, "Granary Backup").await;
    let page = send(&service, "GET", "/operator/interfaces", &by(&ada.token), None).await;
    says(&page, &["Every interface answers"]);
    world.seller.will(|_| Ok(ScriptedSeller::json(500, "{}")));
    app::selling::dial_tests::start_dial_tests(&world.app).await.expect("planned");
    world.live_through(SignedDuration::from_hours(5 * 24)).await;
    let ada = world.sign_in(&ada.email).await.expect("the same password");
    let op = by(&ada.token);
    let list = send(&service, "GET", "/operator/interfaces", &op, None).await;
    let failing = api_list(&service, &op).await;
    assert_eq!(failing.as_array().map(Vec::len), Some(1), "{failing}");
    let one = &failing[0];
    assert_eq!((&one["product"], &one["seller"]), (&listed.id.to_string().into(), &"Brightwell".into()));
    assert_eq!((&one["because"], &one["last_test"]["result"]), (&"stopped".into(), &"failed".into()), "{one}");
    assert!(one["last_test"]["failing"].as_array().is_some_and(|cases| !cases.is_empty()), "{one}");
    assert!(one.get("mended_at").is_none() && one.get("failed_orders").is_none(), "{one}");
    says(
        &list,
        &["Stopped by dial tests", "Granary Backup", "Brightwell", &format!("/operator/interfaces/{}", listed.id)],
    );
    let path = format!("/operator/interfaces/{}", listed.id);
    let page = send(&service, "GET", &path, &op, None).await;
    says(&page, &["newInstance", "has not shown yet", "Allow trade", "Take from sale for good"]);
    assert!(!page.body.contains("Keep on sale"), "no failed orders wait");
    let refused = send(&service, "POST", &path, &op, Some("decision=remove&reason=%3Cb%3E")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&refused, &["&#60;b&#62;</textarea>"]);
    let wrong = send(&service, "POST", &path, &op, Some("decision=burn")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);

    let mei = world.sign_in(&mei.email).await.expect("the same password");
    let me = by(&mei.token);
    let product = send(&service, "GET", &format!("/seller/products/{}", listed.id), &me, None).await;
    says(&product, &["Trade is stopped because dial tests failed.", "See the dial tests"]);
    let address = product.body.split("/seller/addresses/").nth(1).and_then(|rest| rest.split(['#', '"']).next());
    let address = format!("/seller/addresses/{}", address.expect("it leads to the address"));
    let page = send(&service, "GET", &address, &me, None).await;
    says(&page, &["Trade in Granary Backup is stopped", "Run the dial test now", "5 of 5 failed"]);
    world.sellers_are_honest();
    world.clock.advance(SignedDuration::from_mins(1));
    let run = send(&service, "POST", &format!("{address}/dial-test"), &me, Some("")).await;
    assert_eq!(run.location(), format!("{address}#dial-tests"));
    let page = send(&service, "GET", &address, &me, None).await;
    says(&page, &["A dial test has been running since", "Look again", "hx-trigger=\"every 3s\""]);
    assert!(!page.body.contains("Run the dial test now"));
    let again = send(&service, "POST", &format!("{address}/dial-test"), &me, Some("")).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    says(&again, &["A dial test of this address is running."]);
    world.settle().await;
    let page = send(&service, "GET", &address, &me, None).await;
    says(&page, &["Run the dial test now", "Asked for", "Passed", "No day in a row has failed."]);
    assert!(!page.body.contains("A dial test has been running"));
    says(&send(&service, "GET", "/operator/interfaces", &op, None).await, &["Passes again"]);
    let failing = api_list(&service, &op).await;
    assert!(failing[0]["mended_at"].is_string() && failing[0]["last_test"]["result"] == "passed", "{failing}");
    let allowed = send(&service, "POST", &path, &op, Some("decision=allow")).await;
    assert_eq!(allowed.location(), format!("{path}?said=allowed"));
    let shop = send(&service, "GET", &format!("/products/{}", listed.slug), &Proof::Nobody, None).await;
    assert_eq!(shop.status, StatusCode::OK);
    assert_eq!(api_list(&service, &op).await, serde_json::json!([]));
}

/// What the API lists as failing.
async fn api_list(service: &axum::Router, by: &Proof) -> serde_json::Value {
    let answer = send(service, "GET", "/api/v1/operator/failing-products", by, None).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let mut json: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
    json["items"].take()
}

async fn a_program_decides_about_failed_orders_and_it_takes_effect(world: World) {
    let service = service(&world);
    let (ada, mei) = (world.operator().await, world.seller_named("Brightwell").await);
    let lin = world.customer("Kestrel").await;
    let offering = world.on_sale(&mei).await;
    let (organisation, note) = (lin.actor.organisation, "Bank transfer".to_owned());
    let money = TopUp { organisation, amount: "5000".to_owned(), note, key: "one".to_owned() };
    money.run(&world.app, &ada.actor).await.expect("an operator may");
    world.seller.will(|_| Ok(ScriptedSeller::json(500, "{}")));
    for count in 0..6 {
        let (_, sealed) = world.quoted(&offering, 1);
        let form = world.order_form(&offering, sealed, &format!("order {count}"));
        form.run(&world.app, &lin.actor).await.expect("it is on sale");
    }
    world.live_through(SignedDuration::from_hours(4)).await;
    let ada = world.sign_in(&ada.email).await.expect("the same password");
    let (op, id) = (by(&ada.token), offering.product.id);
    let failing = api_list(&service, &op).await;
    let one = &failing[0];
    assert_eq!((&one["product"], &one["because"]), (&id.to_string().into(), &"failed_orders".into()), "{failing}");
    assert_eq!((&one["failed_orders"], &one["month"]), (&6.into(), &"2026-05".into()), "{failing}");

    let decide = |act: &'static str, reason: &'static str| {
        let (service, op) = (service.clone(), op.clone());
        let body = serde_json::json!({ "reason": reason }).to_string();
        async move { send(&service, "POST", &format!("/api/v1/operator/products/{id}/{act}"), &op, Some(&body)).await }
    };
    let short = decide("keep", "short").await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", short.body);
    assert_eq!(decide("keep", "It was our own network.").await.status, StatusCode::NO_CONTENT);
    assert_eq!(api_list(&service, &op).await, serde_json::json!([]), "it is decided");
    let seen = || async { product_interface(&world.app, &ada.actor, id).await.expect("an operator sees it") };
    let kept = seen().await;
    assert!(matches!(kept.product.state, ProductState::Listed { .. }) && kept.removed.is_none());
    assert_eq!(decide("remove", "Six buyers waited for nothing.").await.status, StatusCode::NO_CONTENT);
    let removed = seen().await;
    assert!(matches!(removed.product.state, ProductState::Discontinued { .. }));
    let why = removed.removed.expect("no failed orders wait, and the reason is kept all the same");
    assert_eq!((why.by, why.reason.as_str()), (ada.actor.user, "Six buyers waited for nothing."));
    assert_eq!(decide("remove", "Another reason, too late.").await.status, StatusCode::NO_CONTENT, "again is calm");
    let page = send(&service, "GET", &format!("/operator/interfaces/{id}"), &op, None).await;
    says(&page, &["Six buyers waited for nothing."]);
    assert!(!page.body.contains("too late"));
    // The trail can never be altered, so what people type stands only as a fingerprint there.
    let events = format!("{:?}", world.dump().await["events"]);
    assert!(events.contains("failing_product_kept") && events.contains("reason_sha256"), "{events}");
    for typed in ["Six buyers", "our own network", "Bank transfer"] {
        assert!(!events.contains(typed), "{typed}: {events}");
    }
}

async fn the_api_says_the_same(world: World) {
    let service = service(&world);
    let (mei, ada) = (world.seller_named("Brightwell").await, world.operator().await);
    let (me, op) = (by(&mei.token), by(&ada.token));
    let id = world.debugged_address(&mei).await;
    let base = format!("/api/v1/interface-addresses/{id}");
    let ask = |method: &'static str, path: String, body: Option<&'static str>, who: Proof| {
        let service = service.clone();
        async move {
            let answer = send(&service, method, &path, &who, body).await;
            let json: serde_json::Value = serde_json::from_str(&answer.body).unwrap_or_default();
            (answer.status.as_u16(), json)
        }
    };
    let (status, proof) = ask("GET", format!("{base}/proof"), None, me.clone()).await;
    assert_eq!((status, &proof["proven"], &proof["asked"]), (200, &true.into(), &true.into()), "{proof}");
    let (status, begun) = ask("POST", format!("{base}/dial-tests"), None, me.clone()).await;
    assert_eq!(status, 202, "{begun}");
    let (_, tests) = ask("GET", format!("{base}/dial-tests"), None, me.clone()).await;
    assert_eq!((&tests["running_since"], tests["items"].as_array().map(Vec::len)), (&begun["running_since"], Some(0)));
    let (status, refused) = ask("POST", format!("{base}/dial-tests"), None, me.clone()).await;
    assert_eq!((status, &refused["code"]), (409, &"dial_test_running".into()), "{refused}");
    world.settle().await;
    let (status, tests) = ask("GET", format!("{base}/dial-tests"), None, me.clone()).await;
    assert_eq!((status, tests["items"].as_array().map(Vec::len), &tests["failed_days"]), (200, Some(1), &0.into()));
    let test = &tests["items"][0];
    assert_eq!((&test["result"], &test["occasion"]), (&"passed".into(), &"asked".into()), "{test}");
    assert_eq!(tests["running_since"], serde_json::Value::Null);
    let body = Some(r#"{"access_key":"kg-test-access-key-0007"}"#);
    let (status, keys) = ask("PUT", format!("{base}/keys/basic"), body, me.clone()).await;
    assert_eq!((status, &keys["items"][0]["retiring_key"]), (200, &"••••••••••0001".into()), "{keys}");
    let (status, _) = ask("PUT", format!("{base}/keys/everything"), body, me.clone()).await;
    assert_eq!(status, 404);
    let on = Some(r#"{"order_notices":"on"}"#);
    let (status, refused) = ask("PUT", format!("{base}/order-notices"), on, me.clone()).await;
    assert_eq!((status, &refused["code"]), (422, &"order_notices_need_key".into()), "{refused}");
    let page =
        send(&service, "POST", &format!("/seller/addresses/{id}/order-notices"), &me, Some("order_notices=on")).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&page, &["Bind an access key for order notices first.", "Save notices"]);
    let off = Some(r#"{"order_notices":"off"}"#);
    let (status, address) = ask("PUT", format!("{base}/order-notices"), off, me.clone()).await;
    assert_eq!((status, &address["order_notices"]), (200, &"off".into()), "{address}");
    let object = Some(r#"{"product_info":"object"}"#);
    let (status, address) = ask("PUT", format!("{base}/product-info"), object, me.clone()).await;
    assert_eq!((status, &address["product_info"]), (200, &"object".into()), "{address}");
    let aes128 = Some(r#"{"encrypt_type":"2"}"#);
    let (status, refused) = ask("PUT", format!("{base}/encrypt-type"), aes128, me.clone()).await;
    assert_eq!((status, &refused["code"]), (422, &"setting_of_other_protocol".into()), "{refused}");
    let root = format!("/seller/addresses/{id}");
    let page = send(&service, "POST", &format!("{root}/encrypt-type"), &me, Some("encrypt_type=2")).await;
    says(&page, &["Only addresses that speak V1.0 have this setting."]);
    let page = send(&service, "POST", &format!("{root}/product-info"), &me, Some("product_info=text")).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    let page = send(&service, "GET", &format!("{root}?said=wire-form"), &me, None).await;
    says(&page, &["productInfo in changeInstanceCheck", "Every call from now on is sent this way."]);
    let (status, keys) = ask("POST", format!("{base}/retire-key"), None, me.clone()).await;
    assert_eq!((status, &keys["items"][0]["retiring_key"]), (200, &serde_json::Value::Null), "{keys}");
    let (status, failing) = ask("GET", "/api/v1/operator/failing-products".to_owned(), None, op).await;
    assert_eq!((status, failing["items"].as_array().map(Vec::len)), (200, Some(0)));
}
