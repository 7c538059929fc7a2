//! Death between the steps of a call: before it leaves, after the seller heard it, and a worker that comes back from the
//! dead.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use app::jobs::Runner;
use domain::fulfilment::CallState;
use domain::ordering::{OrderState, SubscriptionState};
use domain::time::SignedDuration;
use testkit::{World, on_every_world, usd};

use crate::story::{Market, asked, body, created, honest, result};

on_every_world![
    a_worker_that_dies_after_the_seller_heard_it_asks_again_with_the_same_order,
    a_worker_that_comes_back_from_the_dead_changes_nothing,
    an_instance_that_a_lost_worker_heard_of_after_the_refund_is_taken_back,
    every_step_run_twice_has_one_effect,
];

async fn a_worker_that_dies_after_the_seller_heard_it_asks_again_with_the_same_order(world: World) {
    let market = Market::open(world, 1_900).await;
    // The worker dies with each second answer in its hands.
    let count = AtomicU32::new(0);
    market.world.seller.will(move |call| {
        assert!(count.fetch_add(1, Ordering::Relaxed) % 2 == 1, "the worker dies here");
        honest(call)
    });
    let order = market.order("one").await;
    market.world.live_through(SignedDuration::from_mins(5)).await;
    assert!(matches!(market.state(&order).await, OrderState::Completed { .. }));
    assert_eq!(asked(&market.world), ["newInstance", "newInstance", "queryInstance", "queryInstance"]);
    let calls = market.world.seller.calls();
    let (first, second) = (body(&calls[0]), body(&calls[1]));
    assert_eq!((&first["orderId"], &first["orderLineId"]), (&second["orderId"], &second["orderLineId"]));
    let attempts = market.creation(&order).await.attempts;
    let unfinished = attempts.iter().filter(|kept| kept.attempt.finished.is_none()).count();
    assert_eq!((attempts.len(), unfinished), (4, 2), "an attempt is written before it leaves");
    assert_eq!(market.balance().await, usd(0));
    market.ledger_balances(1_900).await;
}

/// A seller whose first answer is held back until the test lets it go.
struct HeldBack {
    release: std::sync::mpsc::Sender<()>,
    heard: Arc<AtomicBool>,
}

fn hold_back_first(market: &Market, first: impl Fn() -> crate::story::Answer + Send + Sync + 'static) -> HeldBack {
    let (release, wait) = std::sync::mpsc::channel::<()>();
    let wait = std::sync::Mutex::new(wait);
    let heard = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&heard);
    market.world.seller.will(move |call| {
        if told.swap(true, Ordering::SeqCst) {
            return honest(call);
        }
        // A worker that hangs: it neither answers nor keeps its lease.
        let _ = wait.lock().expect("one worker hangs").recv();
        first()
    });
    HeldBack { release, heard }
}

async fn hang(market: &Market, held: &HeldBack) -> tokio::task::JoinHandle<u32> {
    let runner = Runner::new(market.world.app.clone());
    #[expect(clippy::disallowed_methods, reason = "the worker that is stopped runs beside the test")]
    let zombie = tokio::spawn(async move { runner.settle().await.expect("jobs can be leased") });
    while !held.heard.load(Ordering::SeqCst) {
        tokio::task::yield_now().await;
    }
    zombie
}

async fn a_worker_that_comes_back_from_the_dead_changes_nothing(world: World) {
    let market = Market::open(world, 1_900).await;
    let held = hold_back_first(&market, || created("i-zombie"));
    let order = market.order("one").await;
    let zombie = hang(&market, &held).await;
    market.world.advance(SignedDuration::from_secs(31)).await;
    assert!(matches!(market.state(&order).await, OrderState::Completed { .. }), "another worker took over");
    held.release.send(()).expect("the zombie waits");
    zombie.await.expect("the zombie ends");
    let SubscriptionState::Active { instance, .. } = market.subscription(&order).await.1 else { panic!("it runs") };
    assert_eq!(instance.as_str(), format!("i-{}", order.number), "the zombie's answer does not count");
    market.ledger_balances(1_900).await;
}

async fn an_instance_that_a_lost_worker_heard_of_after_the_refund_is_taken_back(world: World) {
    let market = Market::open(world, 1_900).await;
    let held = hold_back_first(&market, || created("late-1"));
    let order = market.order("one").await;
    let zombie = hang(&market, &held).await;
    market.world.seller.will(|call| match body(call)["activity"].as_str() {
        Some("releaseInstance") => result("000000"),
        _ => result("000005"),
    });
    market.world.advance(SignedDuration::from_secs(31)).await;
    market.world.live_through(SignedDuration::from_mins(190)).await;
    assert!(matches!(market.state(&order).await, OrderState::Failed { .. }));
    assert_eq!(market.balance().await, usd(1_900));
    held.release.send(()).expect("the zombie waits");
    zombie.await.expect("the zombie ends");
    market.world.settle().await;
    let release = market.details(&order).await.calls[1].clone();
    assert_eq!(release.instance.as_ref().map(|instance| instance.as_str()), Some("late-1"));
    assert!(matches!(release.state, CallState::Done { .. }));
    assert!(matches!(market.state(&order).await, OrderState::Failed { .. }), "the refund stands");
    market.ledger_balances(0).await;
}

async fn every_step_run_twice_has_one_effect(world: World) {
    let market = Market::open(world, 1_900).await;
    market.world.seller.will(honest);
    let order = market.order("one").await;
    // Two runners at once, again and again, over every step of the order.
    for _ in 0..4 {
        let (left, right) = (Runner::new(market.world.app.clone()), Runner::new(market.world.app.clone()));
        let (left, right) = futures_util::future::join(left.settle(), right.settle()).await;
        left.and(right).expect("jobs can be leased");
    }
    assert!(matches!(market.state(&order).await, OrderState::Completed { .. }));
    assert_eq!(asked(&market.world), ["newInstance", "queryInstance"]);
    assert_eq!(market.told(&market.buyer).await, ["balance_topped_up", "order_ready"]);
    market.ledger_balances(1_900).await;
}
