//! Usage records in the tables: what counts reads back, of one span the first counts, and rows that are no state are refused.

use app::AppError;
use domain::ids::{Id as _, InterfaceAddressId, UsageBatchId, UsageRecordId};
use domain::metering::{Measured, PushedUsage, Taken, UsageMark, UsageRecord, UsageState};
use domain::time::SignedDuration;
use store::metering::usage_records;
use store::ordering::subscriptions;
use store::{DbError, StoreError};
use testkit::db::values;
use testkit::{World, on_every_world};

use crate::story::{Market, honest};

on_every_world![
    what_counts_reads_back_and_of_one_span_the_first_counts,
    the_table_refuses_what_is_no_state,
    the_address_that_serves_most_of_the_instances_is_tried_first,
    a_name_that_many_sellers_use_costs_a_strangers_push_no_more_than_a_hundred_rows,
];

async fn accepted(market: &Market, number: u128) -> UsageRecord {
    let order = market.order(&format!("order {number}")).await;
    market.world.settle().await;
    let (subscription, _) = market.subscription(&order).await;
    let now = market.world.app.now();
    let measured = Measured {
        subscription,
        begin_at: now,
        end_at: now + SignedDuration::from_hours(1),
        amount: "12.5000".parse().expect("an amount"),
    };
    UsageRecord {
        id: UsageRecordId::from_u128(number),
        batch: UsageBatchId::from_u128(1),
        seller: market.seller.actor.organisation,
        pushed: PushedUsage {
            instance: "i-1".to_owned(),
            recorded: "20260514T150500Z".to_owned(),
            begin: "20260514T132800Z".to_owned(),
            end: "20260514T142800Z".to_owned(),
            value: "12.5000".to_owned(),
            mark: UsageMark::MeteringSn(format!("sn-{number}")),
            package: Some("pkg-1".to_owned()),
        },
        received_at: now,
        state: UsageState::Accepted { at: now, measured },
    }
}

async fn what_counts_reads_back_and_of_one_span_the_first_counts(world: World) {
    let market = Market::open(world, 1_900).await;
    market.world.seller.will(honest);
    let record = accepted(&market, 1).await;
    let UsageState::Accepted { measured, at } = record.state else { unreachable!("it was made so") };
    let second = UsageRecord {
        id: UsageRecordId::from_u128(2),
        pushed: PushedUsage { mark: UsageMark::MeteringSn("sn-2".to_owned()), ..record.pushed.clone() },
        state: UsageState::Received,
        ..record.clone()
    };
    let store = &market.world.app.store;
    let input = (record.clone(), second.clone());
    let (read, taken) = store
        .write::<_, _, AppError, _>(input, move |tx, (record, second)| {
            Box::pin(async move {
                usage_records::insert_all(tx, &[record.clone(), second]).await?;
                let read = usage_records::list(tx, record.seller, None, None, 10).await?;
                let span = (measured.begin_at, measured.end_at);
                Ok((read, usage_records::taken(tx, measured.subscription, span.0, span.1).await?))
            })
        })
        .await
        .expect("records can be written");
    assert_eq!(read, [second.clone(), record], "what was written reads back, newest first");
    assert_eq!(taken, Taken::Already);
    let late = UsageRecord { state: UsageState::Accepted { at, measured }, ..second };
    let refused = store.write::<_, _, StoreError, _>(late, |tx, late| {
        Box::pin(async move { usage_records::save_judgement(tx, &late).await })
    });
    let refused = refused.await.expect_err("two of one span cannot both count");
    assert!(refused.duplicate_of("usage_records_span_unique"), "{refused}");
}

const IMPOSSIBLE: [&str; 7] = [
    "UPDATE usage_records SET state = 'paid'",
    "UPDATE usage_records SET state = 'received'",
    "UPDATE usage_records SET state = 'rejected'",
    "UPDATE usage_records SET fault = 'too_old'",
    "UPDATE usage_records SET amount = NULL",
    "UPDATE usage_records SET product = 'prd_1'",
    "UPDATE usage_records SET state = 'rejected', fault = 'bad weather', subscription = NULL, begin_at = NULL, end_at = NULL, amount = NULL",
];

async fn the_table_refuses_what_is_no_state(world: World) {
    let market = Market::open(world, 1_900).await;
    market.world.seller.will(honest);
    let record = accepted(&market, 1).await;
    let written = market.world.app.store.write::<_, _, StoreError, _>(record, |tx, record| {
        Box::pin(async move { usage_records::insert_all(tx, &[record]).await })
    });
    assert_eq!(written.await.map(|written| (written.new, written.again)), Ok((1, 0)));
    for sql in IMPOSSIBLE {
        let refused =
            market.world.database().db.write::<_, _, DbError, _>((), move |tx, ()| {
                Box::pin(async move { tx.execute(sql, Vec::new()).await })
            });
        let refused = refused.await;
        assert!(matches!(refused, Err(DbError::Check { .. })), "{sql}: {refused:?}");
    }
}

async fn the_address_that_serves_most_of_the_instances_is_tried_first(world: World) {
    let market = Market::open(world, 5_700).await;
    market.world.seller.will(honest);
    for number in ["one", "two", "three"] {
        market.order(number).await;
    }
    market.world.settle().await;
    let (rival, address) = (market.buyer.actor.organisation, market.offering.address);
    // Another seller's address serves one of two names; made first, it would come first.
    let early = InterfaceAddressId::from_u128(1);
    let store = &market.world.app.store;
    let found = store.write::<_, _, AppError, _>((rival, early), |tx, (rival, early)| {
        Box::pin(async move {
            let rows = tx.query("SELECT id FROM orders ORDER BY id", values![]).await?;
            let orders: Vec<String> = rows.iter().map(|row| row.get("id")).collect::<Result<_, _>>()?;
            for (order, instance) in orders.iter().zip(["1", "2", "rival"]) {
                let sql = "UPDATE subscriptions SET instance = $2 WHERE order_id = $1";
                tx.execute(sql, values![order, instance]).await?;
            }
            let sql = "UPDATE subscriptions SET instance = '1', seller = $2 WHERE order_id = $1";
            tx.execute(sql, values![&orders[2], rival.to_string()]).await?;
            let sql = "UPDATE orders SET interface_address = $2 WHERE id = $1";
            tx.execute(sql, values![&orders[2], early.to_string()]).await?;
            let names = ["1", "2"].map(|name| name.parse().expect("a name"));
            let all = subscriptions::addresses_of_instances(tx, &names, None, 40).await?;
            let first = subscriptions::addresses_of_instances(tx, &names, None, 1).await?;
            let rivals = subscriptions::addresses_of_instances(tx, &names, Some(rival), 40).await?;
            Ok((all, first, rivals))
        })
    });
    assert_eq!(found.await.expect("readable"), (vec![address, early], vec![address], vec![early]));
}

async fn a_name_that_many_sellers_use_costs_a_strangers_push_no_more_than_a_hundred_rows(world: World) {
    const SELLERS: usize = 104;
    let market = Market::open(world, 200_000).await;
    for number in 0..SELLERS {
        market.order(&format!("order-{number}")).await;
    }
    let mine = market.seller.actor.organisation;
    let store = &market.world.app.store;
    let found = store.write::<_, _, AppError, _>(mine, |tx, mine| {
        Box::pin(async move {
            // A hundred and three sellers, each with an address of its own and an instance "1"; and one that has "2", too.
            let sql = "INSERT INTO organisations (id, kind, name, created_at)
                         SELECT 'org_' || substr(id, 5), 'seller', id, 0 FROM orders";
            tx.execute(sql, values![]).await?;
            let sql = "UPDATE subscriptions SET instance = '1', seller = 'org_' || substr(order_id, 5)";
            tx.execute(sql, values![]).await?;
            let sql = "UPDATE orders SET interface_address = $1 || substr(id, 5)";
            let prefix = InterfaceAddressId::from_u128(1).to_string()[..4].to_owned();
            tx.execute(sql, values![prefix]).await?;
            let row = tx.query_one("SELECT MAX(id) AS id FROM orders", values![]).await?;
            let last: String = row.get("id")?;
            let sql = "UPDATE subscriptions SET instance = '2', seller = $2 WHERE order_id = $1";
            tx.execute(sql, values![&last, mine.to_string()]).await?;
            let names = ["1", "2"].map(|name| name.parse().expect("a name"));
            let common = subscriptions::addresses_of_instances(tx, &names[..1], None, 1_000).await?;
            let both = subscriptions::addresses_of_instances(tx, &names, None, 1_000).await?;
            let own = subscriptions::addresses_of_instances(tx, &names, Some(mine), 1_000).await?;
            Ok((common.len(), both.len(), own))
        })
    });
    let (common, both, own) = found.await.expect("readable");
    assert_eq!(common, 100, "however many there are");
    assert_eq!((both, own.len()), (101, 1), "a name of its own is found beside it, and by its seller alone");
}
