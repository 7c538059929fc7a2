//! Rows that no program of ours writes: the table refuses them, and where it cannot, the decoder does.

use domain::ids::{Id as _, OrganisationId, ProductId};
use store::catalog::products;
use store::{DbError, StoreError};
use testkit::db::values;
use testkit::{World, on_every_world};

on_every_world![
    every_product_row_whose_facts_do_not_fit_its_state_is_refused,
    contents_that_are_no_release_are_corrupt_and_named,
    only_what_is_stopped_has_a_reason_to_be,
];

const STATES: [&str; 5] = ["draft", "in_review", "listed", "frozen", "discontinued"];

/// Which facts a state has: visibility, listed, frozen, discontinued, contents with address.
fn wanted(state: &str) -> [bool; 5] {
    match state {
        "draft" | "in_review" => [false; 5],
        "listed" => [true, true, false, false, true],
        "frozen" => [true, true, true, false, true],
        "discontinued" => [false, true, false, true, true],
        other => panic!("no state {other}"),
    }
}

/// Contents of a release, taken from a product that was listed by use cases.
async fn contents(world: &World, seller: &testkit::Person) -> String {
    let listed = world.listed(seller, "Granary Backup").await;
    let release = world
        .app
        .store
        .read::<_, _, StoreError, _>(listed.id, |tx, id| Box::pin(async move { products::find(tx, id).await }))
        .await
        .expect("readable")
        .and_then(|product| product.release);
    serde_json::to_string(&release.expect("listed products have one")).expect("plain data")
}

async fn insert(
    world: &World,
    seller: OrganisationId,
    (state, facts): (&'static str, [bool; 5]),
    content: String,
) -> Result<(), StoreError> {
    world
        .app
        .store
        .write::<_, _, StoreError, _>((seller, state, facts, content), |tx, (seller, state, facts, content)| {
            Box::pin(async move {
                let number = |index: usize| facts[index].then_some(1_000_i64);
                let id = ProductId::from_u128(1);
                tx.execute("DELETE FROM products WHERE slug IS NULL OR slug = 'row'", values![]).await?;
                tx.execute(
                    "INSERT INTO products (id, seller_id, delivery, slug, state, visibility, listed_at, frozen_at,
                         discontinued_at, draft, draft_version, draft_saved_at, content, created_at, changed_at)
                     VALUES ($1, $2, 'saas', $3, $4, $5, $6, $7, $8, '{}', 1, 0, $9, 0, 0)",
                    values![
                        id.to_string(),
                        seller.to_string(),
                        facts[4].then(|| "row".to_owned()),
                        state,
                        facts[0].then(|| "public".to_owned()),
                        number(1),
                        number(2),
                        number(3),
                        facts[4].then_some(content),
                    ],
                )
                .await?;
                let product = products::find(tx, id).await?.expect("just written");
                assert_eq!(product.state.name().code(), state);
                Ok(())
            })
        })
        .await
}

async fn every_product_row_whose_facts_do_not_fit_its_state_is_refused(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let content = contents(&world, &mei).await;
    let mut tried = 0;
    for state in STATES {
        for bits in 0..32_u8 {
            let facts = [0, 1, 2, 3, 4].map(|index| bits & (1 << index) != 0);
            let answer = insert(&world, mei.actor.organisation, (state, facts), content.clone()).await;
            if facts == wanted(state) {
                assert_eq!(answer, Ok(()), "{state} {facts:?}");
            } else {
                let refused = matches!(&answer, Err(StoreError::Db(DbError::Check { .. })));
                assert!(refused, "{state} {facts:?}: {answer:?}");
            }
            tried += 1;
        }
    }
    assert_eq!(tried, 160);
}

async fn contents_that_are_no_release_are_corrupt_and_named(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let good = contents(&world, &mei).await;
    for (part, wrong) in [("\"V4.2\"", "\"latest\""), ("\"backup\"", "\"bakup\""), ("\"minor\":900", "\"minor\":-900")]
    {
        assert!(good.contains(part), "the test changes nothing: {part}");
        let listed = ("listed", wanted("listed"));
        let answer = insert(&world, mei.actor.organisation, listed, good.replacen(part, wrong, 1)).await;
        match answer {
            Err(StoreError::Corrupt { table: "products", row, .. }) => {
                assert_eq!(row, ProductId::from_u128(1).to_string());
            }
            other => panic!("{wrong}: {other:?}"),
        }
    }
}

async fn only_what_is_stopped_has_a_reason_to_be(world: World) {
    let mei = world.seller_named("Brightwell").await;
    world.listed(&mei, "Granary Backup").await;
    let refused = world.database().db.write::<_, _, DbError, _>((), |tx, ()| {
        Box::pin(async move { tx.execute("UPDATE products SET frozen_because = 'dial_tests'", values![]).await })
    });
    let refused = refused.await;
    assert!(matches!(refused, Err(DbError::Check { .. })), "{refused:?}");
}
