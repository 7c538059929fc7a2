//! Dial tests: twice a day, once each, what they tell, what five failed days stop, and how it goes on.

use app::catalog::{search_products, show_product, unfreeze_product};
use app::jobs::{NewJob, Runner, enqueue};
use app::selling::dial_tests::{AddressTests, address_tests, failing_addresses, start_dial_tests, stopped_products};
use app::selling::failing::{count_waiting, product_interface};
use app::{AppError, Settings};
use domain::audit::Doer;
use domain::catalog::{FreezeReason, ProductState};
use domain::ids::{InterfaceAddressId, ProductId};
use domain::ordering::SubscriptionState;
use domain::selling::{DialResult, DialSlot, DialTest, FailingCase, Occasion};
use domain::text::{Language, Localised};
use domain::time::{SignedDuration, TimeZone, Timestamp};
use ports::{FailureClass, LinkFailure, SearchRequest};
use testkit::{Person, ScriptedSeller, World, on_every_world};

use crate::code;

on_every_world![
    what_is_on_sale_is_tested_each_morning_and_afternoon_and_once_however_many_nodes_there_are,
    a_failing_case_is_told_with_product_case_and_reason,
    what_is_read_for_an_operators_list_is_what_it_shows,
    five_failed_days_stop_trade_and_the_operator_lets_it_go_on,
    what_was_bought_goes_on_while_nothing_new_is_sold,
    a_sellers_own_passing_test_stands_until_one_fails,
    tests_are_planned_a_part_at_a_time,
    a_test_that_was_asked_for_never_harms_and_is_limited,
    a_test_that_was_asked_for_is_under_way_until_it_is_kept,
    a_product_does_not_inherit_the_failed_days_of_the_address_it_moves_to,
    nobody_waits_behind_the_many_addresses_of_another,
    an_operator_may_switch_tests_off_and_the_stop_alone,
];

fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * count)
}

async fn product(world: &World, id: ProductId) -> domain::catalog::Product {
    let read = world.app.store.read::<_, _, AppError, _>(id, |tx, id| {
        Box::pin(async move { Ok(store::catalog::products::find(tx, id).await?.expect("it is there")) })
    });
    read.await.expect("readable")
}

async fn address_of(world: &World, id: ProductId) -> InterfaceAddressId {
    product(world, id).await.release.and_then(|release| release.interface_address).expect("it is sold by one")
}

async fn tests(world: &World, mei: &Person, address: InterfaceAddressId) -> AddressTests {
    address_tests(&world.app, &mei.actor, address).await.expect("its own")
}

/// Asks for a test and lets it be made.
async fn asked(world: &World, mei: &Person, address: InterfaceAddressId) -> DialTest {
    world.app.ask_dial_test(&mei.actor, address).await.expect("begun");
    world.settle().await;
    tests(world, mei, address).await.tests.remove(0)
}

fn searched(world: &World) -> usize {
    let request = SearchRequest { words: "granary".to_owned(), most: 50, ..SearchRequest::default() };
    search_products(&world.app, request).expect("the index answers").cards.len()
}

/// Everything that somebody was mailed, subject and text.
fn mailed(world: &World, to: &Person) -> Vec<String> {
    let mails = world.mail.mails_to(&to.email);
    mails.into_iter().map(|mail| format!("{}\n{}", mail.subject, mail.text)).collect()
}

async fn what_is_on_sale_is_tested_each_morning_and_afternoon_and_once_however_many_nodes_there_are(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let listed = world.listed(&mei, "Granary Backup").await;
    let draft_only = world.debugged_address(&mei).await;
    let address = address_of(&world, listed.id).await;
    let before = world.seller.calls().len();
    start_dial_tests(&world.app).await.expect("the first node");
    start_dial_tests(&world.app).await.expect("the second node");
    // It is 13:28. The afternoon's test begins at 15:00, and both nodes are at work.
    assert_eq!(world.settle().await, 0, "nothing is due yet");
    world.clock.advance(SignedDuration::from_mins(92));
    let (one, two) = (Runner::new(world.app.clone()), Runner::new(world.app.clone()));
    let (one, two) = tokio::join!(one.settle(), two.settle());
    assert_eq!((one.expect("jobs run") + two.expect("jobs run")), 2, "the plan, and the one address that is on sale");
    world.live_through(days(1)).await;
    let seen = tests(&world, &mei, address).await;
    let made: Vec<_> = seen.tests.iter().rev().map(|test| (test.slot.day.to_string(), test.slot.occasion)).collect();
    let day = |day: &str| day.to_owned();
    assert_eq!(
        made,
        [
            (day("2026-05-14"), Occasion::Afternoon),
            (day("2026-05-15"), Occasion::Morning),
            (day("2026-05-15"), Occasion::Afternoon),
        ]
    );
    assert!(seen.tests.iter().all(|test| test.result() == DialResult::Passed && test.cases == 5));
    let calls = world.seller.calls().split_off(before);
    assert_eq!(calls.len(), 15, "five cases, three times");
    for call in &calls {
        let body: serde_json::Value = serde_json::from_slice(&call.body).expect("JSON");
        assert_eq!(body["testFlag"], "1");
    }
    assert!(tests(&world, &mei, draft_only).await.tests.is_empty(), "nothing is sold with it");
    assert_eq!(seen.next_at.map(|at| at.to_string()).as_deref(), Some("2026-05-16T09:00:00Z"));
    assert!(mailed(&world, &mei).iter().all(|mail| !mail.contains("dial test")), "nobody is told what is well");

    // A worker that died after it recorded the test leaves its job behind: the repeat does nothing. Nor does a job that
    // waited for its marketplace until its half-day was over.
    for late in ["2026-05-15/afternoon", "2026-05-14/morning"] {
        let moment = world.app.moment(Doer::System);
        let again = world.app.store.write::<_, _, AppError, _>((moment, address), move |tx, (moment, address)| {
            Box::pin(async move {
                let key = format!("{address}/{late}");
                Ok(enqueue(tx, &moment, NewJob::now("dial_test", key, "dial", &moment)).await?)
            })
        });
        again.await.expect("written");
        assert_eq!(world.settle().await, 1);
    }
    assert_eq!(tests(&world, &mei, address).await.tests.len(), 3);
    assert_eq!(world.seller.calls().len(), before + 15, "and nobody was called");
}

async fn a_failing_case_is_told_with_product_case_and_reason(world: World) {
    let mei = world.seller_named("Brightwell").await;
    world.customer_service(&mei, "help@brightwell.example").await;
    let listed = world.listed(&mei, "Granary Backup").await;
    let address = address_of(&world, listed.id).await;
    // Everything is well but the query.
    world.seller.will(|call| {
        let honest = testkit::honest(call);
        let asks = String::from_utf8_lossy(&call.body).contains("queryInstance");
        Ok(ScriptedSeller::json(200, if asks { r#"{"resultMsg":"no code"}"# } else { &honest }))
    });
    start_dial_tests(&world.app).await.expect("planned");
    world.live_through(SignedDuration::from_hours(2)).await;
    let seen = tests(&world, &mei, address).await;
    let test = seen.tests.first().expect("it was tested");
    assert_eq!((test.result(), test.failing.len(), test.cases), (DialResult::Failed, 1, 5));
    let failing = &test.failing[0];
    assert_eq!((failing.activity.as_str(), failing.name.as_deref()), ("queryInstance", Some("queryInstance")));
    let reason = failing.reason.say(Language::English);
    assert!(reason.contains("resultCode"), "{reason}");
    assert!(!failing.reason.say(Language::Chinese).is_empty());
    let mails: Vec<String> = mailed(&world, &mei).into_iter().filter(|mail| mail.contains("dial test")).collect();
    let [mail] = mails.as_slice() else { panic!("one mail: {mails:#?}") };
    let case = failing.case.as_deref().expect("a saved one");
    for part in
        ["Granary Backup", "queryInstance", reason, "1 of 5", &format!("/seller/debugger/{address}?case={case}")]
    {
        assert!(mail.contains(part), "{part:?} is missing in {mail}");
    }
    let service = world.mail.mails_to("help@brightwell.example");
    let [letter] = service.as_slice() else { panic!("one mail to the customer service: {service:#?}") };
    assert!(mail.starts_with(&letter.subject) && letter.text.contains(reason), "{}", letter.text);
    assert!(matches!(product(&world, listed.id).await.state, ProductState::Listed { .. }));
    let ada = world.operator().await;
    let failing = failing_addresses(&world.app, &ada.actor).await.expect("an operator sees it");
    assert_eq!(failing.iter().map(|one| (one.last.address, one.days)).collect::<Vec<_>>(), [(address, 1)]);
}

async fn what_is_read_for_an_operators_list_is_what_it_shows(world: World) {
    use store::catalog::products;
    use store::selling::dial_tests;
    let (mei, bo) = (world.seller_named("Brightwell").await, world.seller_named("Larkspur").await);
    let (one, two) = (world.listed(&mei, "Granary Backup").await, world.listed(&bo, "Harvest Plan").await);
    let addresses = [address_of(&world, one.id).await, address_of(&world, two.id).await];
    world.seller.will_fail(FailureClass::ConnectFailed);
    start_dial_tests(&world.app).await.expect("planned");
    world.live_through(SignedDuration::from_hours(2)).await;
    type Read = (Vec<InterfaceAddressId>, Vec<ProductId>, Vec<InterfaceAddressId>);
    let read = async |most: u32, most_products: u32| -> Read {
        let since = world.app.now() - SignedDuration::from_hours(48);
        let read = world.app.store.read::<_, _, AppError, _>(
            (since, most, most_products),
            |tx, (since, most, most_products)| {
                Box::pin(async move {
                    let failing = dial_tests::failing_now(tx, since, most).await?;
                    let sold = products::failing_now(tx, since, most, most_products).await?;
                    let results = dial_tests::results_of_failing(tx, since, most, since).await?;
                    let listed = failing.into_iter().map(|one| one.test.address).collect();
                    let sold = sold.into_iter().map(|product| product.id).collect();
                    Ok((listed, sold, results.into_iter().map(|(address, ..)| address).collect()))
                })
            },
        );
        read.await.expect("readable")
    };
    let (listed, sold, results) = read(200, 200).await;
    assert_eq!((listed.len(), sold.len(), results.len()), (2, 2, 2), "both fail");
    let (listed, sold, results) = read(1, 200).await;
    let shown = if listed == [addresses[0]] { one.id } else { two.id };
    assert_eq!((listed.len(), &sold, &results), (1, &vec![shown], &listed), "of one address nothing else is read");
    assert_eq!(read(200, 1).await.1.len(), 1, "nor more products than asked for");
}

async fn five_failed_days_stop_trade_and_the_operator_lets_it_go_on(world: World) {
    let (mei, ada) = (world.seller_named("Brightwell").await, world.operator().await);
    let listed = world.listed(&mei, "Granary Backup").await;
    let address = address_of(&world, listed.id).await;
    world.seller.will_fail(FailureClass::ConnectFailed);
    start_dial_tests(&world.app).await.expect("planned");
    // 14 May, afternoon, to 18 May, noon: four days are over, the fifth is not.
    world.live_through(days(4)).await;
    assert_eq!(tests(&world, &mei, address).await.days, 4);
    assert_eq!(searched(&world), 1);
    world.live_through(SignedDuration::from_hours(2)).await;
    let stopped = product(&world, listed.id).await;
    assert!(matches!(stopped.state, ProductState::Frozen { because: FreezeReason::DialTests, .. }), "{stopped:?}");
    assert_eq!(searched(&world), 0, "it is not found");
    assert_eq!(code(show_product(&world.app, &listed.slug, None, Language::English).await), "not_found");
    for (who, person) in [("seller", &mei), ("operator", &ada)] {
        let told = mailed(&world, person);
        let stop = told.iter().filter(|mail| mail.contains("Granary Backup is stopped: dial tests failed")).count();
        assert_eq!(stop, 1, "{who}: {told:#?}");
    }
    // Nothing is tested while trade is stopped.
    let made = tests(&world, &mei, address).await.tests.len();
    world.live_through(days(2)).await;
    let seen = tests(&world, &mei, address).await;
    assert_eq!((seen.tests.len(), seen.next_at, seen.stopped.len()), (made, None, 1));

    // A test that fails changes nothing; one that passes is told to the operators, and trade stays stopped.
    let mei = world.sign_in(&mei.email).await.expect("the same password");
    assert_eq!(asked(&world, &mei, address).await.result(), DialResult::Failed);
    let waiting = stopped_products(&world.app, &ada.actor).await.expect("seen");
    assert_eq!(waiting.iter().map(|one| (one.product.id, one.mended_at)).collect::<Vec<_>>(), [(listed.id, None)]);
    world.sellers_are_honest();
    world.clock.advance(SignedDuration::from_mins(1));
    let test = asked(&world, &mei, address).await;
    assert_eq!((test.result(), test.slot.occasion), (DialResult::Passed, Occasion::Asked));
    world.settle().await;
    assert!(mailed(&world, &ada).iter().any(|mail| mail.contains("passes its dial test again")));
    let waiting = stopped_products(&world.app, &ada.actor).await.expect("seen");
    assert_eq!(waiting[0].mended_at, Some(test.tested_at));
    assert!(matches!(product(&world, listed.id).await.state, ProductState::Frozen { .. }), "a person decides");

    unfreeze_product(&world.app, &ada.actor, listed.id).await.expect("allowed");
    assert_eq!(searched(&world), 1);
    // Failed days count anew.
    world.seller.will_fail(FailureClass::TimedOut);
    world.live_through(days(4)).await;
    assert!(matches!(product(&world, listed.id).await.state, ProductState::Listed { .. }));
    world.live_through(days(2)).await;
    assert!(matches!(product(&world, listed.id).await.state, ProductState::Frozen { .. }));
}

/// A test of this address, as if it had been made then.
async fn made(world: &World, address: InterfaceAddressId, occasion: Occasion, result: DialResult) -> Timestamp {
    world.clock.advance(SignedDuration::from_hours(5));
    let (id, now) = (world.app.id(), world.app.now());
    let input = (id, address, occasion, result, now);
    let written = world.app.store.write::<_, _, AppError, _>(input, |tx, (id, address, occasion, result, now)| {
        Box::pin(async move {
            let seller = store::selling::addresses::find(tx, address).await?.expect("it is there").seller;
            let failing = FailingCase {
                activity: "newInstance".to_owned(),
                case: None,
                name: None,
                reason: Localised { en: Some("down".to_owned()), zh: None },
            };
            let test = DialTest {
                id,
                address,
                seller,
                slot: DialSlot { day: TimeZone::UTC.to_datetime(now).date(), occasion },
                tested_at: now,
                cases: 1,
                failing: if result == DialResult::Failed { vec![failing] } else { Vec::new() },
            };
            Ok(store::selling::dial_tests::insert(tx, &test).await?)
        })
    });
    assert_eq!(written.await.ok(), Some(true));
    now
}

async fn a_sellers_own_passing_test_stands_until_one_fails(world: World) {
    use DialResult::{Failed, Passed};
    let (mei, ada) = (world.seller_named("Brightwell").await, world.operator().await);
    let listed = world.listed(&mei, "Granary Backup").await;
    let address = address_of(&world, listed.id).await;
    let stopped = world.app.store.write::<_, _, AppError, _>((listed.id, world.app.now()), |tx, (id, now)| {
        Box::pin(async move {
            let mut product = store::catalog::products::lock(tx, id).await?.expect("it is there");
            product.freeze(FreezeReason::DialTests, now)?;
            Ok(store::catalog::products::save_state(tx, &product).await?)
        })
    });
    stopped.await.expect("written");
    // Something else is sold with the address, so it is tested every half-day.
    let seen = async || {
        let list = stopped_products(&world.app, &ada.actor).await.expect("seen");
        let page = product_interface(&world.app, &ada.actor, listed.id).await.expect("seen");
        let waiting = count_waiting(&world.app, &ada.actor).await.expect("counted");
        assert_eq!((list[0].mended_at, usize::from(list[0].mended_at.is_some())), (page.mended_at, waiting));
        let last = list[0].last.as_ref().map(|test| (test.slot.occasion, test.result()));
        (list[0].mended_at, last)
    };
    assert_eq!(seen().await, (None, None));
    made(&world, address, Occasion::Morning, Passed).await;
    assert_eq!(seen().await, (None, Some((Occasion::Morning, Passed))), "its seller says nothing");
    made(&world, address, Occasion::Asked, Failed).await;
    assert_eq!(seen().await, (None, Some((Occasion::Asked, Failed))));
    let passed_at = made(&world, address, Occasion::Asked, Passed).await;
    assert_eq!(seen().await, (Some(passed_at), Some((Occasion::Asked, Passed))));
    made(&world, address, Occasion::Afternoon, Passed).await;
    assert_eq!(seen().await, (Some(passed_at), Some((Occasion::Afternoon, Passed))), "and is not forgotten for it");
    made(&world, address, Occasion::Morning, Failed).await;
    assert_eq!(seen().await, (None, Some((Occasion::Morning, Failed))));
}

async fn tests_are_planned_a_part_at_a_time(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let mut addresses = Vec::new();
    for name in ["Granary Backup", "Silo Sync", "Barn Door"] {
        addresses.push(address_of(&world, world.listed(&mei, name).await.id).await);
    }
    addresses.sort();
    let read = world.app.store.read::<_, _, AppError, _>((), |tx, ()| {
        Box::pin(async move {
            let first = store::catalog::products::addresses_on_sale(tx, None, 2).await?;
            let rest = store::catalog::products::addresses_on_sale(tx, first.last().map(|one| one.0), 2).await?;
            Ok((first.len(), [first, rest].concat()))
        })
    });
    let (first, all) = read.await.expect("readable");
    assert_eq!((first, all.into_iter().map(|one| one.0).collect::<Vec<_>>()), (2, addresses));
}

async fn what_was_bought_goes_on_while_nothing_new_is_sold(world: World) {
    let (mei, lin) = (world.seller_named("Brightwell").await, world.customer("Kestrel").await);
    world.sellers_are_honest();
    // No case is saved for its address: every required one is missing, which fails as well.
    let offering = world.on_sale(&mei).await;
    let (_, sealed) = world.quoted_trial(&offering);
    let form = world.order_form(&offering, sealed, "one");
    let order = form.run(&world.app, &lin.actor).await.expect("a trial").0;
    world.settle().await;
    start_dial_tests(&world.app).await.expect("planned");
    world.live_through(days(5)).await;
    let stopped = product(&world, offering.product.id).await;
    assert!(matches!(stopped.state, ProductState::Frozen { because: FreezeReason::DialTests, .. }));
    let test = tests(&world, &mei, offering.address).await.tests.remove(0);
    assert_eq!((test.failing.len(), test.failing[0].case.as_deref()), (5, None));
    assert_eq!(test.failing[0].reason.say(Language::English), "No case of this required call is saved.");
    let details = app::ordering::my_order(&world.app, &lin.actor, &order.number).await.expect("its own");
    let state = details.subscription.expect("it was delivered").state;
    assert!(matches!(state, SubscriptionState::Active { .. }), "{state:?}");
    let zoe = world.customer("Zephyr").await;
    let (_, sealed) = world.quoted_trial(&offering);
    let late = world.order_form(&offering, sealed, "two").run(&world.app, &zoe.actor).await;
    assert_eq!(code(late), "not_on_sale");
}

async fn a_test_that_was_asked_for_never_harms_and_is_limited(world: World) {
    let (mei, eve) = (world.seller_named("Brightwell").await, world.seller_named("Eve").await);
    let listed = world.listed(&mei, "Granary Backup").await;
    let address = address_of(&world, listed.id).await;
    let bare = world.interface_address(&mei).await;
    assert_eq!(code(world.app.ask_dial_test(&eve.actor, address).await), "not_found");
    assert_eq!(code(address_tests(&world.app, &eve.actor, address).await), "not_found");
    assert_eq!(code(world.app.ask_dial_test(&mei.actor, bare).await), "no_debug_cases");
    world.clock.advance(SignedDuration::from_hours(2));
    world.seller.will_fail(FailureClass::ConnectFailed);
    // 30 calls an hour, five for each test.
    for _ in 0..6 {
        assert_eq!(asked(&world, &mei, address).await.result(), DialResult::Failed);
    }
    let before = world.seller.calls().len();
    let refused = world.app.ask_dial_test(&mei.actor, address).await;
    let Err(AppError::TooMany { retry_after_s: 3_600 }) = refused else { panic!("{refused:?}") };
    assert_eq!(world.seller.calls().len(), before, "nothing left");
    assert_eq!(tests(&world, &mei, address).await.days, 0, "what was asked for and failed does not count");
    assert!(mailed(&world, &mei).iter().all(|mail| !mail.contains("dial test")));
}

async fn a_test_that_was_asked_for_is_under_way_until_it_is_kept(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let listed = world.listed(&mei, "Granary Backup").await;
    let address = address_of(&world, listed.id).await;
    let (calls, now) = (world.seller.calls().len(), world.app.now());
    assert_eq!(world.app.ask_dial_test(&mei.actor, address).await.expect("begun"), now);
    assert_eq!(world.seller.calls().len(), calls, "nobody was called before the answer");
    let seen = tests(&world, &mei, address).await;
    assert_eq!((seen.running_since, seen.tests.len()), (Some(now), 0));
    assert_eq!(code(world.app.ask_dial_test(&mei.actor, address).await), "dial_test_running");
    // The first worker dies with the test in its hands, and another makes it.
    world.clock.advance(SignedDuration::from_secs(1));
    let limits = store::jobs::Limits { most: 8, per_lane: 4, per_crowd: 4 };
    let dead = world.app.store.write::<_, _, AppError, _>(world.app.now(), move |tx, now| {
        Box::pin(async move { Ok(store::jobs::lease(tx, now, now + SignedDuration::from_secs(30), limits).await?) })
    });
    assert_eq!(dead.await.expect("leased").len(), 1);
    assert_eq!(world.settle().await, 0);
    assert!(tests(&world, &mei, address).await.running_since.is_some());
    world.clock.advance(SignedDuration::from_secs(31));
    assert_eq!(world.settle().await, 1);
    let seen = tests(&world, &mei, address).await;
    assert_eq!((seen.running_since, seen.tests.len()), (None, 1));
    assert_eq!((seen.tests[0].result(), seen.tests[0].slot.occasion), (DialResult::Passed, Occasion::Asked));
    world.app.ask_dial_test(&mei.actor, address).await.expect("another one may begin");
}

async fn a_product_does_not_inherit_the_failed_days_of_the_address_it_moves_to(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let (old, moved) = (world.listed(&mei, "Granary Backup").await, world.listed(&mei, "Silo Sync").await);
    let down = address_of(&world, old.id).await;
    let find = world.app.store.read::<_, _, AppError, _>(down, |tx, id| {
        Box::pin(async move { Ok(store::selling::addresses::find(tx, id).await?.expect("it is there").url) })
    });
    let url = find.await.expect("readable");
    world.seller.will(move |call| {
        let detail = "as the test asked".to_owned();
        match call.url.split('?').next() == Some(url.as_str()) {
            true => Err(LinkFailure { class: FailureClass::ConnectFailed, detail, elapsed_ms: 5 }),
            false => Ok(ScriptedSeller::json(200, &testkit::honest(call))),
        }
    });
    start_dial_tests(&world.app).await.expect("planned");
    world.live_through(days(4)).await;
    assert_eq!(tests(&world, &mei, down).await.days, 4);
    // It moves on the morning of the fifth day, which stops the one that was there all the time.
    let mut product_moved = product(&world, moved.id).await;
    let mut release = product_moved.release.clone().expect("listed");
    release.interface_address = Some(down);
    let slug = product_moved.slug.clone().expect("listed");
    product_moved.list(release, slug, world.app.now()).expect("listed again");
    let save = world.app.store.write::<_, _, AppError, _>(product_moved, |tx, product| {
        Box::pin(async move { Ok(store::catalog::products::save_state(tx, &product).await?) })
    });
    save.await.expect("written");
    world.live_through(SignedDuration::from_hours(6)).await;
    assert!(matches!(product(&world, old.id).await.state, ProductState::Frozen { .. }));
    assert!(matches!(product(&world, moved.id).await.state, ProductState::Listed { .. }), "its first day there");
    assert_eq!(tests(&world, &mei, down).await.days, 1, "of the one that is still on sale");
    world.live_through(days(3)).await;
    assert!(matches!(product(&world, moved.id).await.state, ProductState::Listed { .. }), "its fourth");
    world.live_through(days(1)).await;
    assert!(matches!(product(&world, moved.id).await.state, ProductState::Frozen { .. }), "its fifth");
}

async fn nobody_waits_behind_the_many_addresses_of_another(world: World) {
    let (mei, eve) = (world.seller_named("Brightwell").await, world.seller_named("Eve").await);
    for number in 0..5 {
        // A seller sends so many calls an hour to save cases with.
        world.clock.advance(SignedDuration::from_mins(10));
        world.listed(&eve, &format!("Silo {number}")).await;
    }
    let one = world.listed(&mei, "Granary Backup").await;
    start_dial_tests(&world.app).await.expect("planned");
    // The plan, and the first address, which is one of Eve's; the others are due a moment later.
    world.clock.advance(SignedDuration::from_mins(92));
    assert_eq!(world.settle().await, 2);
    world.clock.advance(SignedDuration::from_secs(2));
    let limits = store::jobs::Limits { most: 8, per_lane: 4, per_crowd: 4 };
    let lease = world.app.store.write::<_, _, AppError, _>(world.app.now(), move |tx, now| {
        Box::pin(async move { Ok(store::jobs::lease(tx, now, now + SignedDuration::from_secs(30), limits).await?) })
    });
    let begun = lease.await.expect("leased");
    let addresses: Vec<String> = begun.iter().filter_map(|job| job.key.split('/').next().map(str::to_owned)).collect();
    let of_mei = address_of(&world, one.id).await.to_string();
    assert_eq!(addresses.len(), 2, "one of each seller at a time: {begun:?}");
    assert!(addresses.contains(&of_mei));
}

async fn an_operator_may_switch_tests_off_and_the_stop_alone(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let listed = world.listed(&mei, "Granary Backup").await;
    let address = address_of(&world, listed.id).await;
    let mut off = Settings::default();
    off.selling.dial_tests.scheduled = false;
    let without = crate::real_seller::with_settings(&world, off, world.seller.clone());
    start_dial_tests(&without).await.expect("nothing to do");
    assert_eq!(world.live_through(days(2)).await, 0, "no job was planned");
    let mut never = Settings::default();
    never.selling.dial_tests.freeze_after_days = 0;
    let never = crate::real_seller::with_settings(&world, never, world.seller.clone());
    world.seller.will_fail(FailureClass::ConnectFailed);
    start_dial_tests(&never).await.expect("planned");
    let runner = Runner::new(never.clone());
    for _ in 0..30 {
        runner.settle().await.expect("jobs run");
        world.clock.advance(SignedDuration::from_hours(6));
    }
    assert!(tests(&world, &mei, address).await.days >= 6);
    assert!(matches!(product(&world, listed.id).await.state, ProductState::Listed { .. }));
}
