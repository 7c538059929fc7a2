//! Deliveries over real HTTP from the reference seller, which lies as the test says: contradictions (L-39, L-40) and
//! instances that an unheard attempt made (F-16).

use std::pin::Pin;
use std::sync::Arc;

use app::{App, Parts, Settings};
use async_trait::async_trait;
use conformance::seller::{Plan, Seller, SellerConfig, SellerHandle, SellerWorld, Spoken, Standing};
use domain::fulfilment::{CallState, ParkReason};
use domain::ordering::{OrderState, SubscriptionState};
use domain::selling::ProtocolVersion;
use domain::time::SignedDuration;
use koogallery::AccessKey;
use koogallery::v1::field_cipher::EncryptType;
use outbound::{GuardPolicy, GuardedClient, Limits, SystemResolver};
use ports::{Chance as _, Clock as _, LinkFailure, OutgoingCall, SellerAnswer, SellerLink};
use testkit::{ACCESS_KEY, SeededChance, TestClock, World, on_every_world, usd};

use crate::story::Market;

on_every_world![
    a_seller_that_denies_once_is_believed_after_three_equal_answers,
    a_seller_that_denies_for_good_is_reported_and_the_buyer_has_its_money_back,
    what_an_unheard_attempt_made_is_found_by_asking_and_not_refunded,
    what_exists_and_is_denied_waits_for_a_person,
    a_seller_that_refuses_a_first_call_as_bought_already_is_no_search,
];

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
        Box::pin(std::future::ready(())) // no behaviour of these tests is slow
    }
}

/// Leads every call to the reference seller, wherever its address is said to be.
pub(crate) struct ToReference(pub(crate) GuardedClient, pub(crate) String);

#[async_trait]
impl SellerLink for ToReference {
    async fn send(&self, call: OutgoingCall) -> Result<SellerAnswer, LinkFailure> {
        let query = call.url.split_once('?').map_or("", |(_, query)| query);
        let url = format!("{}?{query}", self.1);
        self.0.send(OutgoingCall { url, ..call }).await
    }
}

/// Opens a market whose only seller is the reference seller, and lets the test work in it.
async fn with_seller<W>(world: World, work: impl FnOnce(Market, SellerHandle) -> W)
where
    W: Future<Output = ()>,
{
    let time = Arc::new(TestWorld(world.clock.clone()));
    let settings = world.app.settings.clone();
    with_seller_in(world, time, settings, work).await;
}

/// The same, with a seller that understands version 1.0 alone.
pub(crate) async fn with_seller_of_version_one<W>(world: World, work: impl FnOnce(Market, SellerHandle) -> W)
where
    W: Future<Output = ()>,
{
    let time = Arc::new(TestWorld(world.clock.clone()));
    let settings = world.app.settings.clone();
    with_seller_speaking(world, time, settings, ProtocolVersion::V1, work).await;
}

/// The same, with one that encrypts with this size of key and knows no other.
pub(crate) async fn with_seller_that_encrypts<W>(
    world: World,
    encrypt_type: EncryptType,
    work: impl FnOnce(Market, SellerHandle) -> W,
) where
    W: Future<Output = ()>,
{
    let time = Arc::new(TestWorld(world.clock.clone()));
    let settings = world.app.settings.clone();
    let honest = SellerConfig::honest(AccessKey::parse(ACCESS_KEY).expect("a key"));
    let config = SellerConfig { world: time, spoken: Spoken::V1, encrypt_type, ..honest };
    with_seller_of(world, config, settings, ProtocolVersion::V1, work).await;
}

/// The same, with a seller that lives in its own time and a market with its own numbers.
pub(crate) async fn with_seller_in<W>(
    world: World,
    time: Arc<dyn SellerWorld>,
    settings: Settings,
    work: impl FnOnce(Market, SellerHandle) -> W,
) where
    W: Future<Output = ()>,
{
    with_seller_speaking(world, time, settings, ProtocolVersion::V2, work).await;
}

/// The same, with a seller that understands this version of the protocol alone.
pub(crate) async fn with_seller_speaking<W>(
    world: World,
    time: Arc<dyn SellerWorld>,
    settings: Settings,
    protocol: ProtocolVersion,
    work: impl FnOnce(Market, SellerHandle) -> W,
) where
    W: Future<Output = ()>,
{
    let spoken = match protocol {
        ProtocolVersion::V1 => Spoken::V1,
        ProtocolVersion::V2 => Spoken::V2,
    };
    let honest = SellerConfig::honest(AccessKey::parse(ACCESS_KEY).expect("a key"));
    let config = SellerConfig { world: time, spoken, ..honest };
    with_seller_of(world, config, settings, protocol, work).await;
}

/// Opens a market whose only seller is this one.
async fn with_seller_of<W>(
    mut world: World,
    config: SellerConfig,
    settings: Settings,
    protocol: ProtocolVersion,
    work: impl FnOnce(Market, SellerHandle) -> W,
) where
    W: Future<Output = ()>,
{
    let seller = Seller::bind(config).await.expect("a port is free");
    let handle = seller.handle();
    let open = seller.address().to_string().parse().expect("an endpoint");
    let mut settings = settings;
    settings.selling.open_endpoints = vec![open];
    let policy = GuardPolicy::opening(vec![open]);
    let client = GuardedClient::new(policy, Limits::default(), Arc::new(SystemResolver::new())).expect("a client");
    let app = &world.app;
    world.app = App::new(Parts {
        store: app.store.clone(),
        clock: app.clock.clone(),
        chance: app.chance.clone(),
        vault: app.vault.clone(),
        seller_link: Arc::new(ToReference(client, seller.production_url())),
        reports: app.reports.clone(),
        mailer: app.mailer.clone(),
        search: app.search.clone(),
        settings,
        job_bell: app.job_bell.clone(),
        password_pool: app.password_pool.clone(),
    });
    let market = Market::open_speaking(world, 1_900, protocol).await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = seller.run(async move { drop(stopped.await) });
    let (_, served) = tokio::join!(
        async {
            work(market, handle).await;
            drop(stop);
        },
        serving
    );
    served.expect("it served until the end");
}

pub(crate) fn behave(handle: &SellerHandle, plan: &str) {
    handle.behave(plan.parse::<Plan>().expect("known behaviours"));
}

/// What the seller was asked, in order.
pub(crate) fn heard(handle: &SellerHandle) -> Vec<String> {
    handle.calls().into_iter().map(|call| call.activity).collect()
}

async fn a_seller_that_denies_once_is_believed_after_three_equal_answers(world: World) {
    with_seller(world, |market, handle| async move {
        // not found, then exists, not found, exists, not found …
        behave(&handle, "queryInstance:denying*1, queryInstance:honest*2, queryInstance:denying*1");
        let order = market.order("one").await;
        market.world.live_through(SignedDuration::from_secs(35)).await;
        assert!(heard(&handle).len() >= 4, "{:?}", heard(&handle));
        assert!(
            matches!(market.state(&order).await, OrderState::Processing { .. }),
            "two equal answers are not enough"
        );
        market.world.live_through(SignedDuration::from_mins(5)).await;
        assert!(matches!(market.state(&order).await, OrderState::Completed { .. }));
        let outcomes: Vec<String> = market
            .creation(&order)
            .await
            .attempts
            .iter()
            .rev()
            .map(|kept| kept.attempt.finished.as_ref().map_or("?".to_owned(), |finished| finished.outcome.clone()))
            .collect();
        let expected = ["created", "denied", "described", "described", "denied", "described", "described", "described"];
        assert_eq!(outcomes, expected);
        assert_eq!(handle.accounts().len(), 1);
        assert_eq!(market.told(&market.operator).await, Vec::<String>::new(), "a contradiction alone alarms nobody");
    })
    .await;
}

async fn a_seller_that_denies_for_good_is_reported_and_the_buyer_has_its_money_back(world: World) {
    with_seller(world, |market, handle| async move {
        behave(&handle, "queryInstance:denying");
        let order = market.order("one").await;
        market.world.live_through(SignedDuration::from_mins(200)).await;
        assert!(matches!(market.state(&order).await, OrderState::Failed { .. }));
        assert_eq!(market.balance().await, usd(1_900));
        assert_eq!(market.told(&market.operator).await, ["call_security"], "told once");
        assert_eq!(handle.accounts()[0].standing, Standing::Released, "what was made is taken back");
        market.ledger_balances(0).await;
    })
    .await;
}

async fn what_an_unheard_attempt_made_is_found_by_asking_and_not_refunded(world: World) {
    with_seller(world, |market, handle| async move {
        behave(&handle, "newInstance:lost-answer*1, newInstance:refuses-repeat");
        let order = market.order("one").await;
        market.world.live_through(SignedDuration::from_mins(1)).await;
        assert!(matches!(market.state(&order).await, OrderState::Completed { .. }));
        assert_eq!(heard(&handle), ["newInstance", "newInstance", "queryInstance"]);
        let SubscriptionState::Active { instance, .. } = market.subscription(&order).await.1 else { panic!("it runs") };
        assert_eq!(instance.as_str(), handle.accounts()[0].instance_id);
        assert_eq!((handle.accounts().len(), market.balance().await), (1, usd(0)));
        market.ledger_balances(1_900).await;
    })
    .await;
}

async fn what_exists_and_is_denied_waits_for_a_person(world: World) {
    with_seller(world, |market, handle| async move {
        behave(&handle, "newInstance:lost-answer*1, newInstance:refuses-repeat, queryInstance:denying");
        let order = market.order("one").await;
        market.world.live_through(SignedDuration::from_hours(24)).await;
        assert!(matches!(market.state(&order).await, OrderState::Processing { .. }), "no timer refunds what may run");
        let held = market.creation(&order).await.call;
        assert!(matches!(held.state, CallState::Parked { reason: ParkReason::Held, .. }), "{:?}", held.state);
        assert_eq!(market.told(&market.operator).await, ["call_parked", "call_security"]);
        // The seller mends its system; a person restarts the call.
        behave(&handle, "newInstance:refuses-repeat");
        let restart = app::fulfilment::RestartCall { call: held.id };
        restart.run(&market.world.app, &market.seller.actor).await.expect("a seller restarts its call");
        market.world.settle().await;
        assert!(matches!(market.state(&order).await, OrderState::Completed { .. }));
        market.ledger_balances(1_900).await;
    })
    .await;
}

async fn a_seller_that_refuses_a_first_call_as_bought_already_is_no_search(world: World) {
    with_seller(world, |market, handle| async move {
        behave(&handle, "newInstance:refuse-000103");
        let order = market.order("one").await;
        market.world.live_through(SignedDuration::from_mins(200)).await;
        assert!(matches!(market.state(&order).await, OrderState::Failed { .. }), "nothing can be running");
        assert!(!heard(&handle).contains(&"queryInstance".to_owned()));
        assert_eq!(market.balance().await, usd(1_900));
        market.ledger_balances(0).await;
    })
    .await;
}
