//! Two live keys while a new one is introduced, and a key for each type of interface.

use app::identity::{api_keys, authenticate};
use app::selling::{bound_keys, live_keys, replay_cases};
use domain::identity::Role;
use domain::outcome::Outcome;
use domain::selling::{BillingMode, BodySignPolicy, CaseResult, InterfaceAddress, InterfaceType};
use domain::time::SignedDuration;
use koogallery::AccessKey;
use testkit::db::values;
use testkit::{Person, ScriptedSeller, World, on_every_world};

use crate::code;

const OLD: &str = "kg-test-access-key-0001";
const NEW: &str = "kg-test-access-key-0002";

on_every_world![
    while_a_key_is_introduced_answers_by_either_are_good,
    the_old_key_ends_by_itself_or_by_its_owner,
    a_second_rotation_waits_for_the_first,
    types_never_share_a_key,
    of_two_types_that_are_given_one_key_at_once_one_is_told,
    a_key_that_gives_way_is_told_to_the_organisation,
    keys_lie_sealed_and_are_shown_after_a_fresh_sign_in,
];

async fn address(world: &World, mei: &Person) -> InterfaceAddress {
    let id = world.debugged_address(mei).await;
    world.app.set_body_sign_policy(&mei.actor, id, BodySignPolicy::Required.code()).await.expect("a policy");
    find(world, mei, id).await
}

async fn find(world: &World, mei: &Person, id: domain::ids::InterfaceAddressId) -> InterfaceAddress {
    app::selling::addresses::find(&world.app, &mei.actor, id).await.expect("its own").address
}

/// The seller's system signs its answers with this key.
fn signs_with(world: &World, key: &str) {
    let key = AccessKey::parse(key).expect("a key");
    world.seller.will(move |call| {
        let body = testkit::honest(call);
        let mut answer = ScriptedSeller::json(200, &body);
        answer.headers.push(("body-sign".to_owned(), koogallery::body_sign::header_value(&key, body.as_bytes())));
        Ok(answer)
    });
}

async fn passes(world: &World, address: &InterfaceAddress) -> bool {
    let outcomes = replay_cases(&world.app, address, BillingMode::Period).await.expect("readable");
    outcomes.iter().all(|outcome| outcome.result == CaseResult::Passed)
}

async fn while_a_key_is_introduced_answers_by_either_are_good(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let address = address(&world, &mei).await;
    signs_with(&world, OLD);
    assert!(passes(&world, &address).await);
    world.app.replace_access_key(&mei.actor, address.id, NEW).await.expect("fresh");
    let address = find(&world, &mei, address.id).await;
    let keys = live_keys(&world.app, &address).expect("ours");
    assert_eq!(keys.each().map(AccessKey::reveal).collect::<Vec<_>>(), [NEW, OLD]);
    let before = world.seller.calls().len();
    for (key, good) in [(OLD, true), (NEW, true), ("kg-test-access-key-0003", false)] {
        signs_with(&world, key);
        assert_eq!(passes(&world, &address).await, good, "answers signed with {key}");
    }
    // Every call is signed with the new one.
    let new = AccessKey::parse(NEW).expect("a key");
    for call in world.seller.calls().split_off(before) {
        let query = koogallery::v2::SignedQuery::from_query_string(call.url.split_once('?').expect("signed").1);
        let (now, mut seen) = (world.app.now().as_millisecond(), koogallery::v2::RecentNonces::default());
        let verified = koogallery::v2::verify_request(&new, &query, &call.body, now, &mut seen);
        assert!(verified.is_ok(), "{}", call.url);
    }
    world.app.retire_access_key(&mei.actor, address.id).await.expect("ended");
    let address = find(&world, &mei, address.id).await;
    signs_with(&world, OLD);
    assert!(!passes(&world, &address).await, "the old key is nothing any more");
    signs_with(&world, NEW);
    assert!(passes(&world, &address).await);
}

async fn the_old_key_ends_by_itself_or_by_its_owner(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let id = world.interface_address(&mei).await;
    world.app.replace_access_key(&mei.actor, id, NEW).await.expect("fresh");
    let hour = SignedDuration::from_hours(1);
    world.live_through(SignedDuration::from_hours(30 * 24) - hour).await;
    let address = find(&world, &mei, id).await;
    assert!(address.retiring_at(world.app.now()).is_some());
    world.live_through(hour).await;
    assert_eq!(find(&world, &mei, id).await.retiring, None, "its sealed text is gone as well");
    let told = world.mail.mails_to(&mei.email);
    assert!(told.iter().any(|mail| mail.subject.contains("old access key is ended")));
    let mei = world.sign_in(&mei.email).await.expect("the same password");
    world.app.replace_access_key(&mei.actor, id, "kg-test-access-key-0003").await.expect("fresh");
    let viewer = world.colleague(&mei, Role::Viewer).await;
    assert_eq!(code(world.app.retire_access_key(&viewer.actor, id).await), "not_allowed");
    let eve = world.seller_named("Eve").await;
    assert_eq!(code(world.app.retire_access_key(&eve.actor, id).await), "not_found");
    assert_eq!(world.app.retire_access_key(&mei.actor, id).await.ok(), Some(Outcome::Applied(())));
    assert_eq!(world.app.retire_access_key(&mei.actor, id).await.ok(), Some(Outcome::AlreadyApplied));
    assert_eq!(find(&world, &mei, id).await.retiring, None);
}

async fn a_second_rotation_waits_for_the_first(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let id = world.interface_address(&mei).await;
    assert_eq!(code(world.app.replace_access_key(&mei.actor, id, OLD).await), "key_is_the_same");
    world.app.replace_access_key(&mei.actor, id, NEW).await.expect("fresh");
    assert_eq!(code(world.app.replace_access_key(&mei.actor, id, OLD).await), "key_is_the_same");
    let third = "kg-test-access-key-0003";
    assert_eq!(code(world.app.replace_access_key(&mei.actor, id, third).await), "key_rotation_running");
    world.app.retire_access_key(&mei.actor, id).await.expect("ended");
    world.app.replace_access_key(&mei.actor, id, third).await.expect("its turn");
    // Two at once: one of them is told.
    world.app.retire_access_key(&mei.actor, id).await.expect("ended");
    let (one, two) = tokio::join!(
        world.app.replace_access_key(&mei.actor, id, "kg-test-access-key-0004"),
        world.app.replace_access_key(&mei.actor, id, "kg-test-access-key-0005"),
    );
    let mut codes = [code(one), code(two)];
    codes.sort_unstable();
    assert_eq!(codes, ["fine", "key_rotation_running"]);
}

async fn types_never_share_a_key(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let id = world.interface_address(&mei).await;
    let bind = |interface_type, key: &'static str| world.app.bind_access_key(&mei.actor, id, interface_type, key);
    assert_eq!(code(bind(InterfaceType::OrderNotice, OLD).await), "key_shared");
    assert_eq!(code(bind(InterfaceType::OrderNotice, NEW).await), "fine");
    assert_eq!(code(bind(InterfaceType::OrderNotice, NEW).await), "key_is_the_same");
    assert_eq!(code(bind(InterfaceType::LicenceCode, NEW).await), "key_shared");
    assert_eq!(code(bind(InterfaceType::Basic, NEW).await), "key_shared");
    assert_eq!(code(bind(InterfaceType::LicenceCode, "").await), "fine", "we make one");
    assert_eq!(code(bind(InterfaceType::JointOperations, "short").await), "access_key_length");
    let bound = bound_keys(&world.app, &mei.actor, id).await.expect("its own");
    let types: Vec<_> = bound.iter().map(|key| key.interface_type).collect();
    assert_eq!(types, [InterfaceType::LicenceCode, InterfaceType::OrderNotice]);
    let eve = world.seller_named("Eve").await;
    assert_eq!(code(bound_keys(&world.app, &eve.actor, id).await), "not_found");
}

async fn of_two_types_that_are_given_one_key_at_once_one_is_told(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let id = world.interface_address(&mei).await;
    let bind = |interface_type| world.app.bind_access_key(&mei.actor, id, interface_type, NEW);
    let (one, two, three) = tokio::join!(
        bind(InterfaceType::OrderNotice),
        bind(InterfaceType::LicenceCode),
        bind(InterfaceType::JointOperations)
    );
    let mut codes = [code(one), code(two), code(three)];
    codes.sort_unstable();
    assert_eq!(codes, ["fine", "key_shared", "key_shared"]);
    assert_eq!(bound_keys(&world.app, &mei.actor, id).await.expect("its own").len(), 1);
}

async fn a_key_that_gives_way_is_told_to_the_organisation(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let id = world.interface_address(&mei).await;
    let told = || {
        let mails = world.mail.mails_to(&mei.email);
        mails.iter().filter(|mail| mail.text.contains("for one type of interface was replaced")).count()
    };
    for (key, mails) in [(NEW, 0), ("kg-test-access-key-0003", 1)] {
        world.app.bind_access_key(&mei.actor, id, InterfaceType::OrderNotice, key).await.expect("fresh");
        world.settle().await;
        assert_eq!(told(), mails, "after {key}");
    }
}

async fn keys_lie_sealed_and_are_shown_after_a_fresh_sign_in(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let id = world.interface_address(&mei).await;
    let notice = InterfaceType::OrderNotice;
    assert_eq!(code(world.app.reveal_bound_key(&mei.actor, id, notice).await), "no_key_bound");
    world.app.bind_access_key(&mei.actor, id, notice, NEW).await.expect("fresh");
    world.app.replace_access_key(&mei.actor, id, "kg-test-access-key-0003").await.expect("fresh");
    assert_eq!(world.app.reveal_bound_key(&mei.actor, id, notice).await.expect("fresh"), NEW);
    let basic = world.app.reveal_bound_key(&mei.actor, id, InterfaceType::Basic).await;
    assert_eq!(basic.expect("fresh"), "kg-test-access-key-0003");
    let kept: Vec<String> = world
        .app
        .store
        .read::<_, _, app::AppError, _>((), |tx, ()| {
            Box::pin(async move {
                let bound = tx.query_one("SELECT sealed_key FROM bound_keys", values![]).await?;
                let both = tx.query_one("SELECT sealed_key, retiring_key FROM interface_addresses", values![]).await?;
                Ok(vec![bound.get("sealed_key")?, both.get("sealed_key")?, both.get("retiring_key")?])
            })
        })
        .await
        .expect("readable");
    assert!(kept.iter().all(|text| !text.contains("kg-test")), "{kept:?}");
    // An access key of the API may be stolen; it shows and changes none of them, however young it is.
    let made = api_keys::make(&world.app, &mei.actor, "nightly").await.expect("fresh");
    let by_key = authenticate::by_api_key(&world.app, made.key.access_key.as_str(), made.secret.reveal()).await;
    let by_key = by_key.expect("readable").expect("works");
    for answer in [
        code(world.app.reveal_bound_key(&by_key, id, notice).await),
        code(world.app.reveal_access_key(&by_key, id).await),
        code(world.app.bind_access_key(&by_key, id, notice, "").await),
        code(world.app.replace_access_key(&by_key, id, "").await),
        code(world.app.retire_access_key(&by_key, id).await),
    ] {
        assert_eq!(answer, "person_needed");
    }
    world.advance(SignedDuration::from_mins(6)).await;
    assert_eq!(code(world.app.reveal_bound_key(&mei.actor, id, notice).await), "fresh_sign_in_needed");
    assert_eq!(code(world.app.bind_access_key(&mei.actor, id, notice, "").await), "fresh_sign_in_needed");
    assert_eq!(code(world.app.retire_access_key(&mei.actor, id).await), "fresh_sign_in_needed");
}
