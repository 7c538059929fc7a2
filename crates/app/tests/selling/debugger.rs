//! The debugger with a seller that answers what the test says.

use std::sync::Arc;

use app::AppError;
use app::selling::addresses::{self, AddAddress};
use app::selling::debugger::{self, SaveCase, SendSample, Sent};
use app::selling::replay_cases;
use app::{App, Parts};
use async_trait::async_trait;
use domain::identity::Actor;
use domain::ids::InterfaceAddressId;
use domain::selling::{
    Activity, ActivityGroup, BillingMode, CaseResult, InterfaceAddress, InterfaceType, ProtocolVersion, Signing,
    Verdict, required_activities,
};
use domain::time::SignedDuration;
use koogallery::AccessKey;
use koogallery::joint_operations::{self, SyncHeaders, SyncName, verify_request};
use koogallery::v2::{RecentNonces, SignedQuery, verify_signature};
use ports::{FailureClass, LinkFailure, OutgoingCall, SellerAnswer, SellerLink};
use testkit::db::values;
use testkit::{Person, ScriptedSeller, World, on_every_world};

use crate::code;

on_every_world![
    what_is_generated_is_signed_and_shows_no_key,
    a_call_that_passes_becomes_a_case_and_can_be_run_again,
    a_call_that_fails_is_kept_in_the_history_and_not_as_a_case,
    silence_is_put_into_words,
    wrong_values_are_named_by_member_and_nothing_is_sent,
    passwords_are_struck_out_before_a_run_is_stored,
    a_seller_sends_so_many_calls_an_hour,
    several_calls_are_told_when_all_of_them_have_a_place,
    a_case_whose_values_are_no_longer_good_fails_alone,
    licence_codes_are_signed_with_their_own_key_or_not_at_all,
    joint_operations_are_signed_in_headers_with_their_own_key_and_run_again,
    what_is_wrong_inside_a_list_is_named_with_its_place,
    the_replay_names_what_fails_and_what_is_missing,
    what_belongs_to_another_seller_does_not_exist,
    product_info_travels_as_the_seller_chose,
    an_order_notice_is_never_signed_with_the_basic_key,
    a_case_is_not_saved_for_a_protocol_that_it_was_not_sent_with,
];

const KEY: &str = "kg-test-access-key-0001";

async fn bench(world: &World) -> (Person, InterfaceAddress) {
    let mei = world.seller_named("Brightwell").await;
    let ask = AddAddress {
        url: "https://saas.example.com/produce".to_owned(),
        access_key: KEY.to_owned(),
        ..AddAddress::default()
    };
    let address = world.app.add_interface_address(&mei.actor, ask).await.expect("a good address");
    (mei, address)
}

async fn sample(world: &World, mei: &Person, address: &InterfaceAddress, activity: Activity) -> SendSample {
    let bench = debugger::bench(&world.app, &mei.actor, address.id).await.expect("there");
    let values = debugger::invented(&world.app, &bench, activity);
    SendSample { address: address.id, activity, values, save: SaveCase::No }
}

async fn save(world: &World, mei: &Person, address: &InterfaceAddress, activity: Activity) -> Sent {
    let ask = sample(world, mei, address, activity).await;
    let ask = SendSample { save: SaveCase::Named(activity.code().to_owned()), ..ask };
    world.app.send_debug_sample(&mei.actor, ask).await.expect("it is sent")
}

/// A seller that does everything right.
fn honest(call: &OutgoingCall) -> String {
    let body: serde_json::Value = serde_json::from_slice(&call.body).expect("we send JSON");
    let said = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let mut answer = serde_json::json!({ "resultCode": "000000", "resultMsg": "success." });
    match said("activity").as_str() {
        "newInstance" => answer["instanceId"] = said("businessId").into(),
        "queryInstance" => {
            answer["info"] = serde_json::json!([{ "instanceId": said("instanceId"), "appInfo": {
                "frontEndUrl": "https://app.example.com/", "userName": "admin", "password": "Init-Pass-1" } }]);
        }
        _ => {}
    }
    answer.to_string()
}

fn be_honest(world: &World) {
    world.seller.will(|call| Ok(ScriptedSeller::json(200, &honest(call))));
}

async fn what_is_generated_is_signed_and_shows_no_key(world: World) {
    let (mei, address) = bench(&world).await;
    let ask = sample(&world, &mei, &address, Activity::NewInstance).await;
    let shown = debugger::generate(&world.app, &mei.actor, &address, ask.activity, &ask.values).expect("valid");
    assert!(shown.body.starts_with(r#"{"activity":"newInstance","businessId":""#), "{}", shown.body);
    assert!(shown.body.ends_with(r#","testFlag":"1"}"#), "{}", shown.body);
    let Signing::Steps(steps) = &shown.signing else { unreachable!("the address speaks version 2.0") };
    assert!(
        shown.url.starts_with(&format!("https://saas.example.com/produce?signature={}&timestamp=", steps.signature))
    );
    assert!(shown.curl.contains(&shown.url) && shown.wire_text.contains(&shown.body));
    assert_eq!(steps.masked_key, "••••••••••0001");
    assert!(!format!("{shown:?}").contains(KEY));
    assert!(world.seller.calls().is_empty(), "nothing was sent");
}

async fn a_call_that_passes_becomes_a_case_and_can_be_run_again(world: World) {
    let (mei, address) = bench(&world).await;
    be_honest(&world);
    let only_sent =
        world.app.send_debug_sample(&mei.actor, sample(&world, &mei, &address, Activity::NewInstance).await).await;
    assert_eq!(only_sent.expect("sent").saved, None);
    let sent = save(&world, &mei, &address, Activity::NewInstance).await;
    let id = sent.saved.expect("every check passed");
    assert_eq!((sent.run.result, sent.run.failed(), sent.run.case), (CaseResult::Passed, 0, Some(id)));
    world.clock.advance(SignedDuration::from_secs(1));
    let again = world.app.run_debug_case(&mei.actor, id).await.expect("it runs");
    assert_eq!(
        (again.result, &again.values),
        (CaseResult::Passed, &sent.run.values),
        "unchanged, as often as one likes"
    );
    let calls = world.seller.calls();
    assert_eq!(calls[1].body, calls[2].body);
    assert_ne!(calls[1].url, calls[2].url, "the signature is fresh");
    let bench = debugger::bench(&world.app, &mei.actor, address.id).await.expect("there");
    assert_eq!(bench.cases.iter().map(|case| case.id).collect::<Vec<_>>(), [id]);
    assert_eq!(bench.runs.len(), 3);
    assert_eq!(bench.last_of_cases.iter().map(|run| run.id).collect::<Vec<_>>(), [again.id]);
    assert_eq!(debugger::run(&world.app, &mei.actor, again.id).await.expect("stored"), again, "it reads back equal");
    let next = debugger::invented(&world.app, &bench, Activity::QueryInstance);
    let created = bench.runs.iter().find(|run| run.activity == Activity::NewInstance).expect("created");
    assert_eq!(next["instanceId"], created.values["businessId"], "the next sample asks for what was created");
    world.app.delete_debug_case(&mei.actor, id).await.expect("it is there");
    let bench = debugger::bench(&world.app, &mei.actor, address.id).await.expect("there");
    assert_eq!((bench.cases.len(), bench.runs.len()), (0, 3), "the history stays");
}

async fn licence_codes_are_signed_with_their_own_key_or_not_at_all(world: World) {
    let (mei, address) = bench(&world).await;
    be_honest(&world);
    let ask = sample(&world, &mei, &address, Activity::RefreshLicenseCode).await;
    assert_eq!(code(world.app.send_debug_sample(&mei.actor, ask.clone()).await), "no_key_bound");
    let shown = debugger::generate(&world.app, &mei.actor, &address, ask.activity, &ask.values);
    assert_eq!(code(shown), "no_key_bound");
    assert!(world.seller.calls().is_empty(), "nothing was sent, and nothing signed with another key");
    let own = "kg-test-licence-key-0003";
    world.app.bind_access_key(&mei.actor, address.id, InterfaceType::LicenceCode, own).await.expect("fresh");
    for activity in [Activity::RefreshLicenseCode, Activity::UpdateLicenseCodeStatus, Activity::ReleaseLicenseCode] {
        let sent = save(&world, &mei, &address, activity).await;
        assert!(sent.saved.is_some(), "{:?}", sent.run.checks);
        let call = world.seller.calls().pop().expect("it was sent");
        let query = call.url.split_once('?').expect("signed").1;
        let heard = |key: &str| {
            let key = AccessKey::parse(key).expect("a key");
            let now_ms = world.app.now().as_millisecond();
            verify_signature(&key, &SignedQuery::from_query_string(query), &call.body, now_ms).is_ok()
        };
        assert!(heard(own) && !heard(KEY), "{activity:?}");
    }
    // The online licence belongs to an instance, whose calls have the key of the address.
    let sent = save(&world, &mei, &address, Activity::GetLicenseAsync).await;
    let Signing::Steps(steps) = &sent.run.exchange.request.signing else { unreachable!("version 2.0") };
    assert_eq!(steps.masked_key, "••••••••••0001");
}

async fn joint_operations_are_signed_in_headers_with_their_own_key_and_run_again(world: World) {
    let (mei, address) = bench(&world).await;
    world.seller.will(|_| Ok(ScriptedSeller::json(200, r#"{"resultCode":"000000","resultMsg":"success."}"#)));
    let ask = sample(&world, &mei, &address, Activity::AuthSync).await;
    assert_eq!(code(world.app.send_debug_sample(&mei.actor, ask).await), "no_key_bound");
    let own = "kg-test-joint-key-0004";
    world.app.bind_access_key(&mei.actor, address.id, InterfaceType::JointOperations, own).await.expect("fresh");
    for activity in ActivityGroup::JointOperations.activities(ProtocolVersion::V2) {
        let saved = save(&world, &mei, &address, activity).await;
        let id = saved.saved.expect("every check passed");
        world.clock.advance(SignedDuration::from_secs(90));
        let again = world.app.run_debug_case(&mei.actor, id).await.expect("it runs");
        assert_eq!(again.result, CaseResult::Passed);
        assert_eq!(
            debugger::run(&world.app, &mei.actor, again.id).await.expect("stored"),
            again,
            "it reads back equal"
        );
        let Signing::Headers(steps) = &again.exchange.request.signing else { unreachable!("version 2.0") };
        assert_eq!(steps.masked_key, "••••••••••0004");
        let call = world.seller.calls().pop().expect("it was sent");
        let name = SyncName::of_path(&call.url).expect("the path says which");
        assert_eq!(name.as_str(), activity.code());
        assert_eq!(call.url, format!("https://saas.example.com/produce/produceAPI/v2/{}", activity.code()));
        let headers = call.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let heard = |key: &str| {
            let (key, mut nonces) = (AccessKey::parse(key).expect("a key"), RecentNonces::default());
            let headers = SyncHeaders::from_headers(headers.clone());
            let now_ms = world.app.now().as_millisecond();
            verify_request(&key, name, &headers, &call.body, now_ms, &mut nonces)
        };
        let heard_call = heard(own).expect("the body says the time of sending, too");
        assert!(heard_call.is_rehearsal() && heard(KEY).is_err(), "{activity:?}");
        let time_stamp = heard_call.get("timeStamp").and_then(joint_operations::made_at_ms);
        assert_eq!(time_stamp, Some(world.app.now().as_millisecond()), "fresh in a case that is run again");
    }
    // A refusal is explained in the words of this signature.
    world.seller.will(|_| Ok(ScriptedSeller::json(200, r#"{"resultCode":"000001"}"#)));
    let refused = save(&world, &mei, &address, Activity::TenantSync).await;
    assert_eq!(refused.run.checks.first().map(|check| check.code.as_str()), Some("result_sync_refused"));
}

async fn what_is_wrong_inside_a_list_is_named_with_its_place(world: World) {
    let (mei, address) = bench(&world).await;
    let own = "kg-test-joint-key-0004";
    world.app.bind_access_key(&mei.actor, address.id, InterfaceType::JointOperations, own).await.expect("fresh");
    let mut ask = sample(&world, &mei, &address, Activity::AuthSync).await;
    ask.values.insert(
        "userList".to_owned(),
        r#"[{"userName":"mei","name":"Mei","orgCode":"1","role":"boss","enable":"true"}]"#.to_owned(),
    );
    ask.values.insert("flag".to_owned(), "one".to_owned());
    let Err(AppError::Invalid(problems)) = world.app.send_debug_sample(&mei.actor, ask).await else {
        unreachable!("two values are wrong")
    };
    let said: Vec<_> = problems.iter().map(|problem| (problem.field.to_string(), problem.code)).collect();
    assert_eq!(said, [("flag".to_owned(), "one_of"), ("userList".to_owned(), "wire_entry")]);
    assert!(world.seller.calls().is_empty(), "nothing was sent");
}

async fn a_call_that_fails_is_kept_in_the_history_and_not_as_a_case(world: World) {
    let (mei, address) = bench(&world).await;
    world.seller.will_answer(r#"{"resultCode":"000000","resultMsg":"success."}"#);
    let sent = save(&world, &mei, &address, Activity::NewInstance).await;
    assert_eq!((sent.saved, sent.run.result), (None, CaseResult::Failed));
    let first = sent.run.checks.first().expect("failures stand first");
    assert_eq!(
        (first.code.as_str(), first.verdict, first.rule.as_str()),
        ("instance_id_missing", Verdict::Fail, "3.1")
    );
    assert!(first.en.contains("instanceId") && first.zh.contains("instanceId"));
    let view = addresses::find(&world.app, &mei.actor, address.id).await.expect("there");
    assert!(view.cases.is_empty() && view.ready_for().is_empty());
    let stored = debugger::bench(&world.app, &mei.actor, address.id).await.expect("there").runs;
    assert_eq!(stored, [sent.run]);
}

async fn silence_is_put_into_words(world: World) {
    let (mei, address) = bench(&world).await;
    let classes = [
        (FailureClass::RefusedByPolicy, "address_refused"),
        (FailureClass::NameNotResolved, "name_not_found"),
        (FailureClass::ConnectFailed, "connection_refused"),
        (FailureClass::ConnectTimedOut, "connect_timed_out"),
        (FailureClass::TlsFailed, "tls_failed"),
        (FailureClass::TimedOut, "timed_out"),
        (FailureClass::Broken, "connection_broken"),
        (FailureClass::TooLarge, "body_too_long"),
        (FailureClass::Redirected, "redirected"),
    ];
    for (class, check) in classes {
        world.seller.will_fail(class);
        let sent = save(&world, &mei, &address, Activity::QueryInstance).await;
        assert_eq!((sent.run.result, sent.saved), (CaseResult::NoAnswer, None), "{class:?}");
        assert_eq!(sent.run.checks.iter().map(|line| line.code.as_str()).collect::<Vec<_>>(), [check], "{class:?}");
        assert_eq!(sent.run.exchange.failure.expect("named").class, class.code());
    }
}

async fn wrong_values_are_named_by_member_and_nothing_is_sent(world: World) {
    let (mei, address) = bench(&world).await;
    let good = sample(&world, &mei, &address, Activity::RefreshInstance).await;
    let with = |name: &str, value: &str| {
        let mut ask = good.clone();
        ask.values.insert(name.to_owned(), value.to_owned());
        world.app.send_debug_sample(&mei.actor, ask)
    };
    assert_eq!(code(with("orderId", "").await), "required");
    assert_eq!(code(with("orderId", &"x".repeat(65)).await), "too_long");
    assert_eq!(code(with("scene", "RENEW").await), "one_of");
    assert_eq!(code(with("expireTime", "tomorrow").await), "wire_time");
    assert_eq!(code(with("testFlag", "0").await), "unknown_field", "it is always 1 from here");
    assert_eq!(code(with("surplus", "1").await), "unknown_field");
    let nameless = SendSample { save: SaveCase::Named(" ".to_owned()), ..good.clone() };
    assert_eq!(code(world.app.send_debug_sample(&mei.actor, nameless).await), "required");
    assert!(world.seller.calls().is_empty());
}

async fn passwords_are_struck_out_before_a_run_is_stored(world: World) {
    let (mei, address) = bench(&world).await;
    be_honest(&world);
    let sent = save(&world, &mei, &address, Activity::QueryInstance).await;
    assert_eq!(sent.run.result, CaseResult::Passed);
    let rows: Vec<String> = world
        .app
        .store
        .read::<_, _, app::AppError, _>((), |tx, ()| {
            Box::pin(async move {
                let rows = tx.query("SELECT exchange, checks, sample FROM debug_runs", testkit::db::values![]).await?;
                let texts = rows
                    .iter()
                    .flat_map(|row| ["exchange", "checks", "sample"].map(|column| row.get::<String>(column)));
                Ok(texts.collect::<Result<_, _>>()?)
            })
        })
        .await
        .expect("readable");
    assert!(rows.iter().any(|text| text.contains("frontEndUrl")), "the answer is there");
    assert!(!rows.iter().any(|text| text.contains("Init-Pass-1") || text.contains(KEY)), "{rows:?}");
}

async fn a_seller_sends_so_many_calls_an_hour(world: World) {
    let (mei, address) = bench(&world).await;
    be_honest(&world);
    let ask = sample(&world, &mei, &address, Activity::NewInstance).await;
    for _ in 0..30 {
        assert_eq!(code(world.app.send_debug_sample(&mei.actor, ask.clone()).await), "fine");
        world.clock.advance(SignedDuration::from_mins(1));
    }
    let Err(app::AppError::TooMany { retry_after_s }) = world.app.send_debug_sample(&mei.actor, ask.clone()).await
    else {
        panic!("the 31st is too many")
    };
    assert_eq!(retry_after_s, 30 * 60, "the first one is an hour old then");
    assert_eq!(world.seller.calls().len(), 30);
    world.clock.advance(SignedDuration::from_mins(30));
    let mei = world.again(mei).await;
    assert_eq!(code(world.app.send_debug_sample(&mei.actor, ask).await), "fine");
}

async fn several_calls_are_told_when_all_of_them_have_a_place(world: World) {
    let (mei, address) = bench(&world).await;
    be_honest(&world);
    let minutes = SignedDuration::from_mins;
    // 27 calls, one a minute; five of them become cases.
    for activity in required_activities(address.protocol, BillingMode::Period).iter().copied() {
        assert!(save(&world, &mei, &address, activity).await.saved.is_some(), "{activity:?}");
        world.clock.advance(minutes(1));
    }
    let ask = sample(&world, &mei, &address, Activity::NewInstance).await;
    for _ in 0..22 {
        assert_eq!(code(world.app.send_debug_sample(&mei.actor, ask.clone()).await), "fine");
        world.clock.advance(minutes(1));
    }
    let refused = world.app.ask_dial_test(&mei.actor, address.id).await;
    let Err(app::AppError::TooMany { retry_after_s }) = refused else { panic!("{refused:?}") };
    assert_eq!(retry_after_s, 34 * 60, "the second one is an hour old then, and five more make thirty");
    world.clock.advance(minutes(33));
    let mei = world.again(mei).await;
    assert_eq!(code(world.app.ask_dial_test(&mei.actor, address.id).await), "too_often");
    world.clock.advance(minutes(1));
    assert_eq!(code(world.app.ask_dial_test(&mei.actor, address.id).await), "fine");
}

async fn a_case_whose_values_are_no_longer_good_fails_alone(world: World) {
    let (mei, address) = bench(&world).await;
    be_honest(&world);
    for activity in required_activities(address.protocol, BillingMode::Period).iter().copied() {
        assert!(save(&world, &mei, &address, activity).await.saved.is_some(), "{activity:?}");
    }
    // As a version of ours leaves it that knew another member.
    let sql = "UPDATE debug_cases SET sample = '{\"shoeSize\":\"44\"}' WHERE activity = 'queryInstance'";
    let spoilt = world.app.store.write::<_, _, app::AppError, _>((), move |tx, ()| {
        Box::pin(async move { Ok(tx.execute(sql, testkit::db::values![]).await?) })
    });
    assert_eq!(spoilt.await.ok(), Some(1));
    let outcomes = replay_cases(&world.app, &address, BillingMode::Period).await.expect("the others are run");
    let failed: Vec<_> = outcomes.iter().filter(|outcome| outcome.result != CaseResult::Passed).collect();
    let [one] = failed.as_slice() else { panic!("{outcomes:#?}") };
    assert_eq!((one.activity, one.result), (Activity::QueryInstance, CaseResult::Failed));
    assert_eq!(one.checks[0].verdict, Verdict::Fail);
    assert!(one.checks[0].en.contains("shoeSize") && one.checks[0].zh.contains("shoeSize"), "{:?}", one.checks);
}

async fn the_replay_names_what_fails_and_what_is_missing(world: World) {
    let (mei, address) = bench(&world).await;
    be_honest(&world);
    for activity in [Activity::NewInstance, Activity::QueryInstance, Activity::RefreshInstance] {
        assert!(save(&world, &mei, &address, activity).await.saved.is_some(), "{activity:?}");
    }
    let outcomes = replay_cases(&world.app, &address, BillingMode::OneTime).await.expect("readable");
    let shape = |outcomes: &[domain::selling::CaseOutcome]| {
        outcomes.iter().map(|outcome| (outcome.activity, outcome.result)).collect::<Vec<_>>()
    };
    assert_eq!(
        shape(&outcomes),
        [
            (Activity::NewInstance, CaseResult::Passed),
            (Activity::QueryInstance, CaseResult::Passed),
            (Activity::ReleaseInstance, CaseResult::Missing),
        ]
    );
    world.seller.will(|call| {
        let failing = String::from_utf8_lossy(&call.body).contains("refreshInstance");
        let body = if failing { r#"{"resultCode":"000005","resultMsg":"broken"}"#.to_owned() } else { honest(call) };
        Ok(ScriptedSeller::json(200, &body))
    });
    let before = world.seller.calls().len();
    let outcomes = replay_cases(&world.app, &address, BillingMode::Period).await.expect("readable");
    assert_eq!(
        shape(&outcomes),
        [
            (Activity::NewInstance, CaseResult::Passed),
            (Activity::QueryInstance, CaseResult::Passed),
            (Activity::RefreshInstance, CaseResult::Failed),
            (Activity::UpdateInstanceStatus, CaseResult::Missing),
            (Activity::ReleaseInstance, CaseResult::Missing),
        ]
    );
    assert_eq!(outcomes[2].case.as_ref().expect("saved").1, "refreshInstance");
    assert_eq!(outcomes[2].checks[0].verdict, Verdict::Fail);
    let calls = world.seller.calls().split_off(before);
    let urls: std::collections::BTreeSet<&str> = calls.iter().map(|call| call.url.as_str()).collect();
    assert_eq!((calls.len(), urls.len()), (3, 3), "each with a signature of its own");
}

async fn what_belongs_to_another_seller_does_not_exist(world: World) {
    let (mei, address) = bench(&world).await;
    be_honest(&world);
    let sent = save(&world, &mei, &address, Activity::NewInstance).await;
    let case = sent.saved.expect("saved");
    let ask = sample(&world, &mei, &address, Activity::NewInstance).await;
    let lin = world.seller_named("Kestrel").await;
    assert_eq!(code(debugger::bench(&world.app, &lin.actor, address.id).await), "not_found");
    assert_eq!(code(debugger::generate(&world.app, &lin.actor, &address, ask.activity, &ask.values)), "not_found");
    assert_eq!(code(world.app.send_debug_sample(&lin.actor, ask).await), "not_found");
    assert_eq!(code(world.app.run_debug_case(&lin.actor, case).await), "not_found");
    assert_eq!(code(world.app.delete_debug_case(&lin.actor, case).await), "not_found");
    assert_eq!(code(debugger::run(&world.app, &lin.actor, sent.run.id).await), "not_found");
    assert_eq!(code(debugger::case(&world.app, &lin.actor, case).await), "not_found");
    assert_eq!(world.seller.calls().len(), 1);
}

async fn product_info_travels_as_the_seller_chose(world: World) {
    let (mei, address) = bench(&world).await;
    be_honest(&world);
    let sent = save(&world, &mei, &address, Activity::ChangeInstanceCheck).await;
    assert!(sent.saved.is_some(), "{:?}", sent.run.checks);
    let set = |to: &'static str| {
        let (app, actor) = (world.app.clone(), mei.actor.clone());
        async move { code(app.set_product_info(&actor, address.id, to).await) }
    };
    assert_eq!(set("array").await, "not_a_choice");
    assert_eq!(set("object").await, "fine");
    let rival = world.seller_named("Rival").await;
    assert_eq!(code(world.app.set_product_info(&rival.actor, address.id, "text").await), "not_found");
    let other = world.app.set_encrypt_type(&mei.actor, address.id, "2").await;
    assert_eq!(code(other), "setting_of_other_protocol");
    // The saved case follows: what is said is the same, how it is said is the address's.
    let case = sent.saved.expect("it passed");
    world.app.run_debug_case(&mei.actor, case).await.expect("sent");
    let bodies: Vec<serde_json::Value> =
        world.seller.calls().iter().map(|call| serde_json::from_slice(&call.body).expect("JSON")).collect();
    let text = bodies[0]["productInfo"].as_str().expect("a string by default");
    let object = &bodies[1]["productInfo"];
    assert!(object.is_object(), "{object}");
    assert_eq!(&serde_json::from_str::<serde_json::Value>(text).expect("JSON inside"), object);
    let calls = world.seller.calls();
    let query = koogallery::v2::SignedQuery::from_query_string(calls[1].url.split_once('?').expect("signed").1);
    let key = koogallery::AccessKey::parse(KEY).expect("a key");
    let now_ms = world.app.now().as_millisecond();
    assert!(koogallery::v2::verify_signature(&key, &query, &calls[1].body, now_ms).is_ok());
}

async fn an_order_notice_is_never_signed_with_the_basic_key(world: World) {
    let (mei, address) = bench(&world).await;
    be_honest(&world);
    let ask = sample(&world, &mei, &address, Activity::OrderNotify).await;
    assert_eq!(code(world.app.send_debug_sample(&mei.actor, ask.clone()).await), "no_key_bound");
    assert_eq!(code(debugger::generate(&world.app, &mei.actor, &address, ask.activity, &ask.values)), "no_key_bound");
    assert_eq!(world.seller.calls().len(), 0);
    let notice = InterfaceType::OrderNotice;
    world.app.bind_access_key(&mei.actor, address.id, notice, "kg-test-notice-key-0009").await.expect("fresh");
    assert!(save(&world, &mei, &address, Activity::OrderNotify).await.saved.is_some());
    // A case of an earlier release, whose address has no such key: it cannot be called, so it does not fail, and the others are run.
    let unbound = world
        .database()
        .write((), |tx, ()| Box::pin(async move { tx.execute("DELETE FROM bound_keys", values![]).await }));
    unbound.await.expect("whoever owns the tables can do anything");
    for activity in required_activities(address.protocol, BillingMode::OneTime).iter().copied() {
        save(&world, &mei, &address, activity).await;
    }
    world.app.ask_dial_test(&mei.actor, address.id).await.expect("begun");
    world.settle().await;
    let test = app::selling::dial_tests::address_tests(&world.app, &mei.actor, address.id).await.expect("its own");
    let test = &test.tests[0];
    assert_eq!((test.cases, test.failing.len()), (3, 0), "{test:?}");
}

/// A seller's system that answers well, and meanwhile its owner chooses another protocol.
struct ChangesMeanwhile {
    app: App,
    actor: Actor,
    address: InterfaceAddressId,
}

#[async_trait]
impl SellerLink for ChangesMeanwhile {
    async fn send(&self, call: OutgoingCall) -> Result<SellerAnswer, LinkFailure> {
        self.app.set_protocol(&self.actor, self.address, "v1").await.expect("it has no case");
        Ok(ScriptedSeller::json(200, &honest(&call)))
    }
}

async fn a_case_is_not_saved_for_a_protocol_that_it_was_not_sent_with(world: World) {
    let (mei, address) = bench(&world).await;
    let ask = sample(&world, &mei, &address, Activity::NewInstance).await;
    let link = ChangesMeanwhile { app: world.app.clone(), actor: mei.actor.clone(), address: address.id };
    let app = &world.app;
    let app = App::new(Parts {
        store: app.store.clone(),
        clock: app.clock.clone(),
        chance: app.chance.clone(),
        vault: app.vault.clone(),
        seller_link: Arc::new(link),
        reports: app.reports.clone(),
        mailer: app.mailer.clone(),
        search: app.search.clone(),
        settings: app.settings.clone(),
        job_bell: app.job_bell.clone(),
        password_pool: app.password_pool.clone(),
    });
    let ask = SendSample { save: SaveCase::Named("first".to_owned()), ..ask };
    assert_eq!(code(app.send_debug_sample(&mei.actor, ask).await), "protocol_changed_meanwhile");
    let bench = debugger::bench(&world.app, &mei.actor, address.id).await.expect("there");
    assert!(bench.cases.is_empty(), "{:?}", bench.cases);
    let kept: Vec<_> = bench.runs.iter().map(|run| (run.result, run.case)).collect();
    assert_eq!(kept, [(CaseResult::Passed, None)], "what was sent stays in the history");
}
