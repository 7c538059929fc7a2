//! Production addresses and their keys.

use app::Settings;
use app::selling::addresses::{self, AddAddress};
use app::selling::debugger::{SaveCase, SendSample};
use domain::identity::Role;
use domain::selling::{Activity, BodySignPolicy, InterfaceAddress, ProtocolVersion};
use domain::time::SignedDuration;
use testkit::db::values;
use testkit::{Person, World, on_every_world};

use crate::code;

on_every_world![
    an_address_is_judged_and_kept_in_the_parsers_spelling,
    the_key_is_sealed_at_rest_and_shown_only_after_a_fresh_sign_in,
    a_replaced_key_signs_from_then_on,
    addresses_of_others_do_not_exist,
    an_endpoint_inside_needs_the_operators_word,
    a_port_beside_443_needs_the_operators_word_and_is_named_where_it_is_refused,
    an_address_of_version_one_must_sign_its_answers_unless_told_otherwise,
    the_protocol_of_an_address_changes_only_while_nothing_was_made_for_it,
];

fn ask(url: &str) -> AddAddress {
    AddAddress { url: url.to_owned(), ..AddAddress::default() }
}

async fn add(world: &World, mei: &Person, url: &str) -> InterfaceAddress {
    world.app.add_interface_address(&mei.actor, ask(url)).await.expect("a good address")
}

async fn an_address_is_judged_and_kept_in_the_parsers_spelling(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let address = add(&world, &mei, " HTTPS://SaaS.Example.com./produce ").await;
    assert_eq!(
        (address.url.as_str(), address.body_sign),
        ("https://saas.example.com/produce", BodySignPolicy::IfPresent)
    );
    let added = |url: &str| world.app.add_interface_address(&mei.actor, ask(url));
    assert_eq!(code(added("https://saas.example.com/produce").await), "url_taken");
    assert_eq!(code(added("").await), "required");
    assert_eq!(code(added("http://saas.example.com/").await), "url_not_https");
    assert_eq!(code(added("https://10.0.0.1/").await), "url_ip_literal");
    assert_eq!(code(added("https://db.internal/").await), "url_inside_name");
    assert_eq!(code(added("https://saas.example.com:8443/").await), "url_port");
    assert_eq!(code(added("https://saas.example.com/?nonce=1").await), "url_taken_parameter");
    let bad = AddAddress {
        access_key: "short".to_owned(),
        body_sign: "sometimes".to_owned(),
        protocol: "v3".to_owned(),
        url: "x".to_owned(),
    };
    let Err(app::AppError::Invalid(problems)) = world.app.add_interface_address(&mei.actor, bad).await else {
        panic!("all four are wrong")
    };
    let fields: Vec<_> = problems.iter().map(|problem| problem.field.as_ref()).collect();
    assert_eq!(fields, ["protocol", "url", "access_key", "body_sign"]);
    assert_eq!(addresses::list(&world.app, &mei.actor).await.expect("readable").len(), 1, "nothing wrong was stored");
}

async fn an_address_of_version_one_must_sign_its_answers_unless_told_otherwise(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let old = |url: &str| AddAddress { protocol: "v1".to_owned(), ..ask(url) };
    let address = world.app.add_interface_address(&mei.actor, old("https://saas.example.com/one")).await.expect("good");
    assert_eq!((address.protocol, address.body_sign), (ProtocolVersion::V1, BodySignPolicy::Required));
    let lenient = AddAddress { body_sign: "off".to_owned(), ..old("https://saas.example.com/two") };
    let address = world.app.add_interface_address(&mei.actor, lenient).await.expect("good");
    let kept = addresses::find(&world.app, &mei.actor, address.id).await.expect("there").address;
    assert_eq!((kept.protocol, kept.body_sign), (ProtocolVersion::V1, BodySignPolicy::Off));
    world.app.set_body_sign_policy(&mei.actor, address.id, "").await.expect("the default again");
    let kept = addresses::find(&world.app, &mei.actor, address.id).await.expect("there").address;
    assert_eq!(kept.body_sign, BodySignPolicy::Required);
    // Everything is said in the query, so the address itself must not say it, too.
    let added = |url: &str| world.app.add_interface_address(&mei.actor, old(url));
    assert_eq!(code(added("https://saas.example.com/?orderId=1").await), "url_taken_call_parameter");
    assert_eq!(code(added("https://saas.example.com/?tenant=7").await), "fine");
}

async fn the_protocol_of_an_address_changes_only_while_nothing_was_made_for_it(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let address = add(&world, &mei, "https://saas.example.com/produce?orderId=1").await;
    let (app, actor) = (&world.app, &mei.actor);
    assert_eq!(code(app.set_protocol(actor, address.id, "v1").await), "url_taken_call_parameter");
    let address = add(&world, &mei, "https://saas.example.com/produce").await;
    assert_eq!(code(app.set_protocol(actor, address.id, "v3").await), "not_a_choice");
    assert_eq!(code(app.set_protocol(actor, address.id, "v1").await), "fine");
    let kept = addresses::find(app, actor, address.id).await.expect("there").address;
    assert_eq!((kept.protocol, kept.body_sign), (ProtocolVersion::V1, BodySignPolicy::Required));
    app.set_protocol(actor, address.id, "v2").await.expect("nothing was made for it yet");
    world.seller.will_answer(r#"{"resultCode":"000000","resultMsg":"success."}"#);
    let values = [("instanceId".to_owned(), "i-1".to_owned())].into();
    let save = SaveCase::Named("Release".to_owned());
    let sample = SendSample { address: address.id, activity: Activity::ReleaseInstance, values, save };
    let saved = app.send_debug_sample(actor, sample).await.expect("sent").saved.expect("it passed");
    assert_eq!(code(app.set_protocol(actor, address.id, "v1").await), "protocol_has_cases");
    assert_eq!(code(app.set_protocol(actor, address.id, "v2").await), "fine", "as it is");
    app.delete_debug_case(actor, saved).await.expect("its own");
    assert_eq!(code(app.set_protocol(actor, address.id, "v1").await), "fine");
    let sold = world.on_sale(&mei).await.address;
    assert_eq!(code(app.set_protocol(actor, sold, "v1").await), "protocol_has_products");
    let rival = world.seller_named("Rival").await;
    assert_eq!(code(app.set_protocol(&rival.actor, address.id, "v2").await), "not_found");
    let viewer = world.colleague(&mei, Role::Viewer).await;
    assert_eq!(code(app.set_protocol(&viewer.actor, address.id, "v2").await), "not_allowed");
}

async fn the_key_is_sealed_at_rest_and_shown_only_after_a_fresh_sign_in(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let own =
        AddAddress { access_key: "brightwell-own-key-0042".to_owned(), ..ask("https://saas.example.com/produce") };
    let address = world.app.add_interface_address(&mei.actor, own).await.expect("good");
    assert_eq!(address.key_hint.masked(), "••••••••••0042");
    let kept: String = world
        .app
        .store
        .read::<_, _, app::AppError, _>((), |tx, ()| {
            Box::pin(async move {
                Ok(tx.query_one("SELECT sealed_key FROM interface_addresses", values![]).await?.get("sealed_key")?)
            })
        })
        .await
        .expect("readable");
    assert!(!kept.contains("brightwell") && kept == address.sealed_key);
    let shown = world.app.reveal_access_key(&mei.actor, address.id).await.expect("just signed in");
    assert_eq!(shown, "brightwell-own-key-0042");
    world.advance(SignedDuration::from_mins(6)).await;
    assert_eq!(code(world.app.reveal_access_key(&mei.actor, address.id).await), "fresh_sign_in_needed");
    assert_eq!(code(world.app.replace_access_key(&mei.actor, address.id, "").await), "fresh_sign_in_needed");
}

async fn a_replaced_key_signs_from_then_on(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let address = add(&world, &mei, "https://saas.example.com/produce").await;
    let made = world.app.reveal_access_key(&mei.actor, address.id).await.expect("fresh");
    assert_eq!(made.len(), 64, "we make 32 random bytes");
    let other = add(&world, &mei, "https://saas.example.com/other").await;
    assert_ne!(made, world.app.reveal_access_key(&mei.actor, other.id).await.expect("fresh"), "each has its own");
    world.app.replace_access_key(&mei.actor, address.id, "another-key-of-brightwell").await.expect("fresh");
    world.settle().await;
    let told = world.mail.mails_to(&mei.email);
    assert!(
        told.iter()
            .any(|mail| mail.text.contains("https://saas.example.com/produce") && !mail.text.contains("another-key"))
    );
    let found = addresses::find(&world.app, &mei.actor, address.id).await.expect("there").address;
    assert_eq!(app::selling::open_key(&world.app, &found).expect("ours"), "another-key-of-brightwell");
    assert_eq!(found.key_hint.as_str(), "well");
    let moved = InterfaceAddress { id: other.id, ..found };
    assert_eq!(code(app::selling::open_key(&world.app, &moved)), "internal", "a sealed key opens in its own row only");
}

async fn addresses_of_others_do_not_exist(world: World) {
    let (mei, lin) = (world.seller_named("Brightwell").await, world.seller_named("Kestrel").await);
    let address = add(&world, &mei, "https://saas.example.com/produce").await;
    assert_eq!(code(addresses::find(&world.app, &lin.actor, address.id).await), "not_found");
    assert_eq!(code(world.app.reveal_access_key(&lin.actor, address.id).await), "not_found");
    assert_eq!(code(world.app.replace_access_key(&lin.actor, address.id, "").await), "not_found");
    assert_eq!(code(world.app.set_body_sign_policy(&lin.actor, address.id, "off").await), "not_found");
    assert!(addresses::list(&world.app, &lin.actor).await.expect("readable").is_empty());
    let viewer = world.colleague(&mei, Role::Viewer).await;
    assert_eq!(code(addresses::find(&world.app, &viewer.actor, address.id).await), "fine");
    assert_eq!(code(world.app.reveal_access_key(&viewer.actor, address.id).await), "not_allowed");
    let same = AddAddress { url: address.url, ..AddAddress::default() };
    assert_eq!(code(world.app.add_interface_address(&lin.actor, same).await), "fine", "two sellers may share a host");
}

async fn an_endpoint_inside_needs_the_operators_word(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let inside = "http://127.0.0.1:9090/produce";
    assert_eq!(code(world.app.add_interface_address(&mei.actor, ask(inside)).await), "url_ip_literal");
    let mut settings = Settings::default();
    settings.selling.open_endpoints = vec!["127.0.0.1:9090".parse().expect("an endpoint")];
    let open = crate::real_seller::with_settings(&world, settings, world.seller.clone());
    assert_eq!(code(open.add_interface_address(&mei.actor, ask(inside)).await), "fine");
    assert_eq!(code(open.add_interface_address(&mei.actor, ask("http://127.0.0.1:9091/")).await), "url_ip_literal");
}

async fn a_port_beside_443_needs_the_operators_word_and_is_named_where_it_is_refused(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let said = async |app: &app::App, language| match app
        .add_interface_address(&mei.actor, ask("https://saas.example.com:9443/"))
        .await
    {
        Err(app::AppError::Invalid(problems)) => {
            let problem = problems.iter().next().expect("the port").clone();
            language::Words::of(language).say("problem", problem.code, &problem.arguments).expect("a sentence")
        }
        other => panic!("{other:?}"),
    };
    let english = said(&world.app, domain::text::Language::English).await;
    assert!(english.contains("Allowed: 443."), "{english}");
    let mut settings = Settings::default();
    settings.selling.ports = vec![443, 8443];
    let wider = crate::real_seller::with_settings(&world, settings, world.seller.clone());
    let address =
        wider.add_interface_address(&mei.actor, ask("https://saas.example.com:8443/a")).await.expect("allowed");
    assert_eq!(address.url, "https://saas.example.com:8443/a");
    let chinese = said(&wider, domain::text::Language::Chinese).await;
    assert!(chinese.contains("443, 8443"), "{chinese}");
}
