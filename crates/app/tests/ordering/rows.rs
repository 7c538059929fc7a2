//! Rows that no program of ours writes are refused, by the tables and by the readers; and the ledger's tables are only added
//! to.

use std::path::Path;

use domain::ordering::{Act, Order};
use testkit::{World, on_every_world};

use crate::story::{Market, honest};

on_every_world![the_table_refuses_what_is_not_exactly_one_state, what_was_written_reads_back_the_same_in_every_state,];

/// Facts of the state columns that belong to no state, as SQL.
const IMPOSSIBLE: [&str; 12] = [
    "UPDATE orders SET state = 'paid'",
    "UPDATE orders SET state = 'canceled'",
    "UPDATE orders SET state = 'completed', completed_at = NULL",
    "UPDATE orders SET state = 'failed', failed_at = 1",
    "UPDATE orders SET state = 'failed', failed_at = 1, failed_for = 'bad weather'",
    "UPDATE orders SET state = 'pending_payment'",
    "UPDATE orders SET canceled_by = 'buyer'",
    "UPDATE orders SET trial_days = 14",
    "UPDATE subscriptions SET state = 'active', active_since = NULL",
    "UPDATE subscriptions SET access_at = NULL",
    "UPDATE seller_calls SET state = 'waiting'",
    "UPDATE seller_calls SET state = 'parked', parked_at = 1",
];

async fn the_table_refuses_what_is_not_exactly_one_state(world: World) {
    let market = Market::open(world, 1_900).await;
    market.world.seller.will(honest);
    market.order("one").await;
    market.world.settle().await;
    for sql in IMPOSSIBLE {
        let refused = market.world.database().db.write::<_, _, store::DbError, _>((), move |tx, ()| {
            Box::pin(async move { tx.execute(sql, Vec::new()).await })
        });
        let refused = refused.await;
        assert!(matches!(refused, Err(store::DbError::Check { .. })), "{sql}: {refused:?}");
    }
}

async fn what_was_written_reads_back_the_same_in_every_state(world: World) {
    let market = Market::open(world, 0).await;
    let order = market.order("one").await;
    let acts = [Act::Pay, Act::Complete];
    let mut expected: Order = order;
    for act in acts {
        expected.apply(act, market.world.app.now()).expect("the path is legal");
        let read = market.world.app.store.write::<_, _, app::AppError, _>(expected.clone(), |tx, order| {
            Box::pin(async move {
                store::ordering::orders::save_state(tx, &order).await?;
                Ok(store::ordering::orders::find(tx, order.id).await?)
            })
        });
        assert_eq!(read.await.expect("readable"), Some(expected.clone()));
    }
}

/// Reads every source that is shipped: nothing changes or removes a row of the ledger.
#[test]
fn no_statement_of_the_product_changes_the_ledger() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut read = 0;
    let mut folders = vec![crates];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the sources can be read").flatten() {
            let path = entry.path();
            // What is never shipped may tamper with rows, to see that it is found.
            let unshipped = ["sim", "testkit", "tests"].iter().any(|name| path.ends_with(name));
            if path.is_dir() {
                folders.extend((!unshipped).then_some(path));
            } else if path.extension().is_some_and(|kind| kind == "rs" || kind == "sql") {
                let text = std::fs::read_to_string(&path).expect("a source is text").to_lowercase();
                read += 1;
                for table in ["ledger_accounts", "ledger_transfers", "ledger_postings"] {
                    for verb in ["update", "delete from", "truncate"] {
                        assert!(!text.contains(&format!("{verb} {table}")), "{}: {verb} {table}", path.display());
                    }
                }
            }
        }
    }
    assert!(read > 100, "only {read} files were read");
}
