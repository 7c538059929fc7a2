//! Death between the steps of a call: before it leaves, after the seller heard it, and a worker that comes back from the
//! dead.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use app::fulfilment::{Crash, GiveUpCall, RestartCall};
use app::jobs::Runner;
use app::operations::{About, RestartJob, parked_jobs};
use domain::fulfilment::{CallState, ParkReason, Step};
use domain::ordering::{OrderState, SubscriptionState};
use domain::time::SignedDuration;
use testkit::{World, on_every_world, usd};

use crate::story::{Market, asked, body, created, honest, result};

on_every_world![
    a_worker_that_dies_after_the_seller_heard_it_asks_again_with_the_same_order,
    a_worker_that_comes_back_from_the_dead_changes_nothing,
    an_instance_that_a_lost_worker_heard_of_after_the_refund_is_taken_back,
    every_step_run_twice_has_one_effect,
    an_order_whose_call_crashes_our_program_waits_for_an_operator_and_is_refunded_in_time,
    an_operators_restart_delivers_what_our_program_had_failed_at,
    a_release_that_crashes_our_program_waits_for_an_operator_until_it_is_solved,
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
    assert_eq!(market.told(&market.buyer).await, ["balance_topped_up", "order_paid", "order_ready"]);
    market.ledger_balances(1_900).await;
}

async fn an_order_whose_call_crashes_our_program_waits_for_an_operator_and_is_refunded_in_time(world: World) {
    let market = Market::open(world, 1_900).await;
    #[expect(clippy::panic, reason = "the test is about a program that panics")]
    market.world.seller.will(|_| panic!("as the test asked"));
    let order = market.order("one").await;
    market.world.live_through(SignedDuration::from_hours(1)).await;
    let waits = market.creation(&order).await;
    assert!(matches!(waits.call.state, CallState::Parked { reason: ParkReason::Stopped, .. }), "{:?}", waits.call);
    let list = app::fulfilment::parked_calls(&market.world.app, &market.operator.actor, None).await.expect("readable");
    assert_eq!(list.calls.iter().map(|(call, _)| call.id).collect::<Vec<_>>(), [waits.call.id]);
    assert_eq!(market.told(&market.operator).await, ["call_crashed"]);
    assert!(!market.told(&market.seller).await.contains(&"call_parked".to_owned()), "the seller can mend nothing");
    let seen = app::fulfilment::any_call(&market.world.app, &market.operator.actor, waits.call.id).await.expect("seen");
    let error = seen.crash.and_then(|crash| crash.error).expect("the operator reads what failed");
    assert!(error.contains("panicked"), "{error}");
    assert_eq!(waits.crash, Some(Crash { error: None }), "the seller reads that it is not its fault, and no more");
    market.world.live_through(SignedDuration::from_hours(3)).await;
    assert!(matches!(market.state(&order).await, OrderState::Failed { .. }), "{:?}", market.state(&order).await);
    assert_eq!(market.balance().await, usd(1_900), "refunded when its time was over");
    market.ledger_balances(0).await;
}

async fn an_operators_restart_delivers_what_our_program_had_failed_at(world: World) {
    let market = Market::open(world, 1_900).await;
    #[expect(clippy::panic, reason = "the test is about a program that panics")]
    market.world.seller.will(|_| panic!("as the test asked"));
    let order = market.order("one").await;
    market.world.live_through(SignedDuration::from_hours(1)).await;
    market.world.seller.will(honest);
    let call = market.creation(&order).await.call;
    RestartCall { call: call.id }.run(&market.world.app, &market.operator.actor).await.expect("restarted");
    market.world.settle().await;
    assert!(matches!(market.state(&order).await, OrderState::Completed { .. }));
    let done = app::fulfilment::any_call(&market.world.app, &market.operator.actor, call.id).await.expect("seen");
    assert_eq!(done.crash, None);
    market.ledger_balances(1_900).await;
}

async fn a_release_that_crashes_our_program_waits_for_an_operator_until_it_is_solved(world: World) {
    let market = Market::open(world, 1_900).await;
    #[expect(clippy::panic, reason = "the test is about a program that panics")]
    market.world.seller.will(|call| match body(call)["activity"].as_str() {
        Some("newInstance") => created("i-1"),
        Some("queryInstance") => result("000001"),
        _ => panic!("as the test asked"),
    });
    let order = market.order("one").await;
    market.world.live_through(SignedDuration::from_hours(5)).await;
    assert!(matches!(market.state(&order).await, OrderState::Failed { .. }));
    let release = market.call(&order, Step::Release).await;
    assert!(matches!(release.call.state, CallState::Parked { .. }), "{:?}", release.call);
    let operator = &market.operator.actor;
    let jobs = parked_jobs(&market.world.app, operator, None).await.expect("readable").jobs;
    assert_eq!(jobs.iter().map(|job| &job.about).collect::<Vec<_>>(), [&About::Call(release.call.id)]);
    RestartJob { job: jobs[0].id }.run(&market.world.app, operator).await.expect("restarted");
    assert!(matches!(market.call(&order, Step::Release).await.call.state, CallState::Waiting { .. }));
    market.world.live_through(SignedDuration::from_hours(1)).await;
    assert!(matches!(market.call(&order, Step::Release).await.call.state, CallState::Parked { .. }), "it fails again");
    GiveUpCall { call: release.call.id }.run(&market.world.app, operator).await.expect("solved by other means");
    let jobs = parked_jobs(&market.world.app, operator, None).await.expect("readable").jobs;
    assert_eq!(jobs, [], "nothing of it is left to do");
}
