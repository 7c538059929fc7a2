//! The whole way over real HTTP: the guarded client against the reference seller.

use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use app::jobs::Runner;
use app::selling::addresses::{self, AddAddress};
use app::selling::debugger::{self, SaveCase, SendSample};
use app::selling::dial_tests::address_tests;
use app::selling::replay_cases;
use app::{App, Parts, Settings};
use conformance::seller::{KeyRing, Seller, SellerConfig, SellerWorld, Spoken};
use domain::identity::{Actor, Role};
use domain::ids::InterfaceAddressId;
use domain::selling::{
    Activity, BillingMode, CaseResult, DebugRun, DialResult, DialTest, InterfaceType, OpenEndpoint, ProofFailure,
    ProtocolVersion, Signing,
};
use domain::time::SignedDuration;
use koogallery::AccessKey;
use outbound::{GuardPolicy, GuardedClient, Limits, SystemResolver};
use ports::{Chance as _, Clock as _, SellerLink};
use testkit::{Person, SeededChance, TestClock, World, on_every_world};

on_every_world![
    every_activity_passes_against_the_reference_seller_and_fails_when_it_lies,
    every_call_of_version_one_passes_against_the_reference_seller_and_fails_when_it_lies,
];

const LICENCE_KEY: &str = "kg-test-licence-key-0003";
const JOINT_KEY: &str = "kg-test-joint-key-0004";
const NOTICE_KEY: &str = "kg-test-notice-key-0009";

/// The reference seller in the time of the test world.
struct TestWorld(Arc<TestClock>);

impl SellerWorld for TestWorld {
    fn now_ms(&self) -> i64 {
        self.0.now().as_millisecond()
    }
    fn fill_random(&self, bytes: &mut [u8]) {
        SeededChance::new(7).fill(bytes);
    }
    fn pause(&self, _: u64) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(std::future::ready(())) // an honest seller never pauses
    }
}

/// The same marketplace with other settings and another way to sellers.
pub(crate) fn with_settings(world: &World, settings: Settings, link: Arc<dyn SellerLink>) -> App {
    let app = &world.app;
    App::new(Parts {
        store: app.store.clone(),
        clock: app.clock.clone(),
        chance: app.chance.clone(),
        vault: app.vault.clone(),
        seller_link: link,
        reports: app.reports.clone(),
        mailer: app.mailer.clone(),
        search: app.search.clone(),
        settings,
        job_bell: app.job_bell.clone(),
        password_pool: app.password_pool.clone(),
    })
}

async fn every_activity_passes_against_the_reference_seller_and_fails_when_it_lies(world: World) {
    debugged_and_dial_tested(world, ProtocolVersion::V2, Spoken::V2).await;
}

async fn every_call_of_version_one_passes_against_the_reference_seller_and_fails_when_it_lies(world: World) {
    debugged_and_dial_tested(world, ProtocolVersion::V1, Spoken::V1).await;
}

/// Whoever manages interfaces reads the run as it was; the table and people without the key do not have the token.
async fn what_was_sent_is_kept_without_its_token(app: &App, mei: &Person, sent: &DebugRun) {
    let shown = debugger::run(app, &mei.actor, sent.id).await.expect("its own");
    assert_eq!(shown.exchange, sent.exchange);
    let Signing::Token(steps) = &sent.exchange.request.signing else { return };
    let request = &sent.exchange.request;
    let in_header = request.headers.iter().find(|(name, _)| name == "authToken").map(|(_, value)| value.as_str());
    let in_address = || request.url.split_once("authToken=").expect("it is signed").1;
    let travelled = in_header.unwrap_or_else(in_address);
    let struck = if in_header.is_some() { "authToken: ••••••'" } else { "authToken=••••••'" };
    let kept = app
        .store
        .read::<_, _, app::AppError, _>((mei.actor.organisation, sent.id), |tx, (seller, id)| {
            Box::pin(async move { Ok(store::selling::runs::find_of(tx, seller, id).await?) })
        })
        .await
        .expect("readable")
        .expect("it is kept");
    let viewer = Actor { role: Role::Viewer, ..mei.actor.clone() };
    let seen = debugger::run(app, &viewer, sent.id).await.expect("viewers see the console");
    for run in [kept, seen] {
        let text = format!("{run:?}");
        assert!(!text.contains(&steps.auth_token) && !text.contains(travelled), "{text}");
        assert!(run.exchange.request.curl.contains(struck), "{}", run.exchange.request.curl);
    }
}

#[expect(clippy::too_many_lines, reason = "one journey, told from its first step to its last")]
async fn debugged_and_dial_tested(world: World, protocol: ProtocolVersion, spoken: Spoken) {
    let cases = Activity::of(protocol).len();
    let key = "kg-test-access-key-0001";
    let honest = SellerConfig::honest(AccessKey::parse(key).expect("a key"));
    // Ids are seeded alike in every world, so the folder is named by who runs this test.
    let own = format!("souk-site-{}-{:?}", std::process::id(), std::thread::current().id());
    let site = std::env::temp_dir().join(own);
    std::fs::create_dir_all(&site).expect("a folder can be made");
    let site_folder = Some(site.clone());
    let world_of_seller = Arc::new(TestWorld(world.clock.clone()));
    let keys = KeyRing::parse(&format!(
        "{key}\nlicence-code: {LICENCE_KEY}\njoint-operations: {JOINT_KEY}\norder-notice: {NOTICE_KEY}"
    ))
    .expect("keys");
    let config = SellerConfig { world: world_of_seller, spoken, site_folder, keys, ..honest };
    let seller = Seller::bind(config).await.expect("a port is free");
    let (endpoint, handle) = (seller.address(), seller.handle());
    let open: OpenEndpoint = endpoint.to_string().parse().expect("an endpoint");
    let policy = GuardPolicy::opening(vec![open]);
    let client = GuardedClient::new(policy, Limits::default(), Arc::new(SystemResolver::new())).expect("a client");
    let mut settings = Settings::default();
    settings.selling.open_endpoints = vec![open];
    // Every call of a version once by hand and once in a dial test is more than sellers make in an hour.
    settings.selling.debug_calls_per_hour = 100;
    let app = with_settings(&world, settings, Arc::new(client));
    let mei = world.seller_named("Brightwell").await;

    let work = async {
        let ask = AddAddress {
            url: seller_url(&handle),
            access_key: key.to_owned(),
            protocol: protocol.code().to_owned(),
            ..AddAddress::default()
        };
        let address = app.add_interface_address(&mei.actor, ask).await.expect("the operator opened it");
        proves_its_domain(&app, &mei, address.id, &site).await;
        binds_keys_of_other_types(&app, &mei, address.id).await;
        let address = addresses::find(&app, &mei.actor, address.id).await.expect("there").address;
        for activity in Activity::of(protocol).iter().copied() {
            let bench = debugger::bench(&app, &mei.actor, address.id).await.expect("there");
            let mut values = debugger::invented(&app, &bench, activity);
            if values.contains_key("mobilePhone") {
                values.insert("mobilePhone".to_owned(), "+65 8123 4567".to_owned());
            }
            let save = SaveCase::Named(activity.code().to_owned());
            let ask = SendSample { address: address.id, activity, values, save };
            let sent = app.send_debug_sample(&mei.actor, ask).await.expect("sent");
            assert!(sent.saved.is_some(), "{activity:?}: {:#?}", sent.run);
            let url = &sent.run.exchange.request.url;
            let plain = ["8123 4567", "8123%204567", "8123+4567"].iter().any(|number| url.contains(number));
            assert!(!plain, "what is asked for is sent encrypted: {url}");
            what_was_sent_is_kept_without_its_token(&app, &mei, &sent.run).await;
        }
        let view = addresses::find(&app, &mei.actor, address.id).await.expect("there");
        assert_eq!(view.ready_for(), BillingMode::ALL);
        for billing in BillingMode::ALL {
            let outcomes = replay_cases(&app, &address, billing).await.expect("readable");
            assert!(outcomes.iter().all(|outcome| outcome.result == CaseResult::Passed), "{outcomes:#?}");
        }
        let test = asked(&app, &mei, address.id).await;
        assert_eq!((test.result(), test.cases), (DialResult::Passed, u32::try_from(cases).expect("few")));
        // Another key is a lie on our side: the seller refuses the signature, and the page says so.
        app.replace_access_key(&mei.actor, address.id, "kg-test-access-key-0002").await.expect("fresh");
        let address = addresses::find(&app, &mei.actor, address.id).await.expect("there").address;
        let outcomes = replay_cases(&app, &address, BillingMode::OneTime).await.expect("readable");
        assert!(outcomes.iter().all(|outcome| outcome.result == CaseResult::Failed), "{outcomes:#?}");
        world.clock.advance(SignedDuration::from_hours(2));
        let test = asked(&app, &mei, address.id).await;
        // Licence codes, joint operations and order notices have keys of their own, which are the same as before.
        let own = Activity::of(protocol).iter().filter(|one| one.interface_type() != InterfaceType::Basic).count();
        assert!(own >= 5, "the sync of five things");
        assert_eq!((test.result(), test.failing.len()), (DialResult::Failed, cases - own));
        std::fs::remove_dir_all(&site).expect("the folder is there");
    };
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = seller.run(async move { drop(stopped.await) });
    let (_, served) = tokio::join!(
        async {
            work.await;
            drop(stop);
        },
        serving
    );
    served.expect("it served until the end");
}

async fn binds_keys_of_other_types(app: &App, mei: &Person, address: InterfaceAddressId) {
    let own = [
        (InterfaceType::OrderNotice, NOTICE_KEY),
        (InterfaceType::LicenceCode, LICENCE_KEY),
        (InterfaceType::JointOperations, JOINT_KEY),
    ];
    for (of, key) in own {
        app.bind_access_key(&mei.actor, address, of, key).await.expect("fresh");
    }
}

/// Looks for the file in vain, puts it at the root of the real site, and finds it by the guarded client.
async fn proves_its_domain(app: &App, mei: &Person, address: InterfaceAddressId, site: &Path) {
    let looked = app.prove_domain(&mei.actor, address).await.expect("looked at");
    assert_eq!(looked.proof.last_failure.map(|(failure, _)| failure), Some(ProofFailure::NoFile));
    std::fs::write(site.join(&looked.file_name), format!("{}\n", looked.text)).expect("a file can be written");
    let looked = app.prove_domain(&mei.actor, address).await.expect("looked at");
    assert_eq!((looked.proof.last_failure, looked.proof.proven_at), (None, Some(app.now())));
}

fn seller_url(handle: &conformance::seller::SellerHandle) -> String {
    handle.production_url()
}

/// Asks for a dial test and lets it be made.
async fn asked(app: &App, mei: &Person, address: InterfaceAddressId) -> DialTest {
    app.ask_dial_test(&mei.actor, address).await.expect("begun");
    Runner::new(app.clone()).settle().await.expect("jobs run");
    address_tests(app, &mei.actor, address).await.expect("its own").tests.remove(0)
}
