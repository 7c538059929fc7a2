//! Top-ups, payment, and many orders at once on one balance.

use app::ledger::TopUp;
use app::ordering::{CancelOrder, PayOrder};
use domain::ledger::Purpose;
use domain::ordering::{CancelCause, OrderState};
use domain::outcome::Outcome;
use domain::time::SignedDuration;
use testkit::{World, on_every_world, usd};

use crate::code;
use crate::story::{Market, honest};

on_every_world![
    a_top_up_is_booked_once_per_key,
    only_the_operators_money_people_top_up,
    an_order_without_money_waits_and_is_paid_later,
    an_unpaid_order_is_cancelled_by_the_buyer_or_by_time,
    two_hundred_orders_at_once_take_exactly_what_the_balance_holds,
    a_statement_explains_the_balance_line_by_line,
];

async fn a_top_up_is_booked_once_per_key(world: World) {
    let market = Market::open(world, 0).await;
    let organisation = market.buyer.actor.organisation;
    let ask = |amount: &str, key: &str| TopUp {
        organisation,
        amount: amount.to_owned(),
        note: "Bank transfer 4711".to_owned(),
        key: key.to_owned(),
    };
    let (app, operator) = (&market.world.app, &market.operator.actor);
    let first = ask("250.00", "march").run(app, operator).await.expect("booked");
    assert_eq!((first.balance, first.outcome), (usd(25_000), Outcome::Applied(())));
    let again = ask("250", "march").run(app, operator).await.expect("calm");
    assert_eq!((again.balance, again.outcome), (usd(25_000), Outcome::AlreadyApplied));
    assert_eq!(code(ask("251.00", "march").run(app, operator).await), "idempotency_key_reused");
    let other = ask("0.50", "april").run(app, operator).await.expect("booked");
    assert_eq!(other.balance, usd(25_050));
    for (amount, problem) in [
        ("", "top_up_amount"),
        ("1,000", "top_up_amount"),
        ("1.005", "top_up_amount"),
        ("0", "top_up_range"),
        ("-5", "top_up_range"),
        ("99999999", "top_up_range"),
    ] {
        assert_eq!(code(ask(amount, "typo").run(app, operator).await), problem, "{amount}");
    }
    let stranger = TopUp { organisation: market.operator.actor.organisation, ..ask("1.00", "self") };
    assert_eq!(code(stranger.run(app, operator).await), "not_found");
    assert_eq!(market.told(&market.buyer).await, ["balance_topped_up", "balance_topped_up"]);
    market.ledger_balances(0).await;
}

async fn only_the_operators_money_people_top_up(world: World) {
    let market = Market::open(world, 0).await;
    let viewer = market.world.colleague(&market.operator, domain::identity::Role::Viewer).await;
    let ask = TopUp {
        organisation: market.buyer.actor.organisation,
        amount: "1.00".to_owned(),
        note: "n".to_owned(),
        key: "k".to_owned(),
    };
    for person in [&market.buyer, &market.seller, &viewer] {
        assert_eq!(code(ask.clone().run(&market.world.app, &person.actor).await), "not_allowed");
    }
    assert_eq!(market.balance().await, usd(0));
}

async fn an_order_without_money_waits_and_is_paid_later(world: World) {
    let market = Market::open(world, 1_899).await;
    market.world.seller.will(honest);
    let order = market.order("one").await;
    assert!(matches!(order.state, OrderState::PendingPayment { .. }));
    market.world.settle().await;
    assert!(market.world.seller.calls().is_empty(), "nothing is delivered unpaid");
    let (app, buyer) = (&market.world.app, &market.buyer.actor);
    assert_eq!(code(PayOrder { order: order.id }.run(app, buyer).await), "exceeds_balance");
    assert_eq!(code(PayOrder { order: order.id }.run(app, &market.seller.actor).await), "not_found");
    market.top_up(buyer.organisation, 1, "the last cent").await;
    PayOrder { order: order.id }.run(app, buyer).await.expect("there is enough now");
    PayOrder { order: order.id }.run(app, buyer).await.expect("paying again is calm");
    assert_eq!(market.balance().await, usd(0));
    market.world.live_through(SignedDuration::from_hours(25)).await;
    assert!(matches!(market.state(&order).await, OrderState::Completed { .. }), "the timer leaves a paid order alone");
    assert_eq!(code(CancelOrder { order: order.id }.run(app, buyer).await), "order_not_cancelable");
    market.ledger_balances(1_900).await;
}

async fn an_unpaid_order_is_cancelled_by_the_buyer_or_by_time(world: World) {
    let market = Market::open(world, 0).await;
    let (mine, timed) = (market.order("mine").await, market.order("timed").await);
    let (app, buyer) = (&market.world.app, &market.buyer.actor);
    assert_eq!(code(CancelOrder { order: mine.id }.run(app, &market.seller.actor).await), "not_found");
    CancelOrder { order: mine.id }.run(app, buyer).await.expect("unpaid orders can be cancelled");
    CancelOrder { order: mine.id }.run(app, buyer).await.expect("cancelling again is calm");
    assert_eq!(code(PayOrder { order: mine.id }.run(app, buyer).await), "order_not_payable");
    market.world.live_through(SignedDuration::from_mins(24 * 60 - 1)).await;
    assert!(matches!(market.state(&timed).await, OrderState::PendingPayment { .. }));
    market.world.live_through(SignedDuration::from_mins(2)).await;
    assert!(matches!(market.state(&timed).await, OrderState::Canceled { cause: CancelCause::Timeout, .. }));
    assert!(matches!(market.state(&mine).await, OrderState::Canceled { cause: CancelCause::Buyer, .. }));
    assert_eq!(market.told(&market.buyer).await, ["order_pending", "order_pending", "order_timed_out"]);
}

async fn two_hundred_orders_at_once_take_exactly_what_the_balance_holds(world: World) {
    const AFFORDABLE: i64 = 57;
    let market = Market::open(world, AFFORDABLE * 1_900 + 1_899).await;
    let orders = (0..200).map(|number| {
        let (_, sealed) = market.world.quoted(&market.offering, 1);
        let form = market.world.order_form(&market.offering, sealed, &format!("many-{number}"));
        let (app, buyer) = (market.world.app.clone(), market.buyer.actor.clone());
        async move {
            // A loaded machine may have no connection free in time; the same key again is the same order.
            loop {
                match form.clone().run(&app, &buyer).await {
                    Err(app::AppError::Unavailable(_)) => tokio::task::yield_now().await,
                    answer => return answer.expect("each is placed").0,
                }
            }
        }
    });
    let orders = futures_util::future::join_all(orders).await;
    let paid = orders.iter().filter(|order| matches!(order.state, OrderState::Processing { .. })).count();
    assert_eq!(i64::try_from(paid), Ok(AFFORDABLE));
    assert_eq!(market.balance().await, usd(1_899));
    market.ledger_balances(AFFORDABLE * 1_900).await;
}

async fn a_statement_explains_the_balance_line_by_line(world: World) {
    let market = Market::open(world, 5_000).await;
    let order = market.order("one").await;
    let statement = app::ledger::statement(&market.world.app, &market.buyer.actor, None, 10).await.expect("readable");
    let lines: Vec<_> =
        statement.lines.iter().map(|line| (line.amount, line.balance_after, line.purpose.clone())).collect();
    let organisation = market.buyer.actor.organisation;
    let charge = (usd(-1_900), usd(3_100), Purpose::Charge { order: order.id });
    let top_up = (usd(5_000), usd(5_000), Purpose::TopUp { organisation, key: "first".to_owned() });
    assert_eq!(lines, [charge, top_up]);
    assert_eq!((statement.balance, statement.older), (usd(3_100), None));
    let first = app::ledger::statement(&market.world.app, &market.buyer.actor, None, 1).await.expect("readable");
    let rest = app::ledger::statement(&market.world.app, &market.buyer.actor, first.older, 1).await.expect("readable");
    assert_eq!(rest.lines[0].purpose.code(), "top_up");
}
