//! Rows that no program of ours writes: the table refuses them, and where it cannot, the decoder does.

use domain::ids::{Id as _, OrganisationId, SellerApplicationId};
use domain::selling::ApplicationForm;
use store::selling::applications;
use store::{DbError, Place, StoreError};
use testkit::{World, on_every_world};

on_every_world![
    every_row_whose_facts_do_not_fit_its_stage_is_refused_by_table_and_decoder,
    half_a_key_that_gives_way_is_refused,
];

/// Which facts a stage has: submitted, due, decided, decided by, reason.
fn wanted(stage: &str) -> [bool; 5] {
    match stage {
        "draft" => [false; 5],
        "pending_review" => [true, true, false, false, false],
        "approved" => [true, false, true, true, false],
        "rejected" => [true, false, true, true, true],
        other => panic!("no stage {other}"),
    }
}

async fn insert(
    world: &World,
    organisation: OrganisationId,
    stage: &'static str,
    facts: [bool; 5],
) -> Result<(), StoreError> {
    let input = (organisation, stage, facts, world.app.vault.clone());
    world
        .app
        .store
        .write::<_, _, StoreError, _>(input, |tx, (organisation, stage, facts, vault)| {
            Box::pin(async move {
                let number = |index: usize| facts[index].then_some(1_000_i64);
                let id = SellerApplicationId::from_u128(1).to_string();
                let place = Place { table: "seller_applications", column: "form_sealed", row: &id };
                let form = vault.seal(place, &serde_json::to_string(&ApplicationForm::default()).expect("plain data"));
                let user = facts[3].then(|| "usr_00000000000000000000000000000001".to_owned());
                let reason = facts[4].then(|| "because".to_owned());
                tx.execute("DELETE FROM seller_applications", testkit::db::values![]).await?;
                tx.execute(
                    "INSERT INTO seller_applications (id, organisation_id, stage, form_sealed, submitted_at, due_at, decided_at,
                                                      decided_by, reason, created_at, changed_at, revision)
                     VALUES ($1, $2, $3, $9, $4, $5, $6, $7, $8, 0, 0, 1)",
                    testkit::db::values![
                        SellerApplicationId::from_u128(1).to_string(),
                        organisation.to_string(),
                        stage,
                        number(0),
                        number(1),
                        number(2),
                        user,
                        reason,
                        form,
                    ],
                )
                .await?;
                applications::find(tx, &vault, SellerApplicationId::from_u128(1)).await?;
                Ok(())
            })
        })
        .await
}

async fn every_row_whose_facts_do_not_fit_its_stage_is_refused_by_table_and_decoder(world: World) {
    let organisation = world.customer("Kestrel").await.actor.organisation;
    let mut tried = 0;
    for stage in ["draft", "pending_review", "approved", "rejected"] {
        for bits in 0..32_u8 {
            let facts = [0, 1, 2, 3, 4].map(|index| bits & (1 << index) != 0);
            let answer = insert(&world, organisation, stage, facts).await;
            if facts == wanted(stage) {
                assert_eq!(answer, Ok(()), "{stage} {facts:?}");
            } else {
                let refused = matches!(&answer, Err(StoreError::Db(DbError::Check { .. })));
                assert!(refused, "{stage} {facts:?}: {answer:?}");
            }
            tried += 1;
        }
    }
    assert_eq!(tried, 128);
    let unknown = insert(&world, organisation, "archived", [false; 5]).await;
    assert!(matches!(unknown, Err(StoreError::Db(DbError::Check { .. }))), "{unknown:?}");
}

async fn half_a_key_that_gives_way_is_refused(world: World) {
    let mei = world.seller_named("Brightwell").await;
    world.interface_address(&mei).await;
    for sql in [
        "UPDATE interface_addresses SET retiring_key = 'sealed'",
        "UPDATE interface_addresses SET retiring_hint = '0001'",
        "UPDATE interface_addresses SET retiring_until = 1000",
        "UPDATE interface_addresses SET retiring_key = 'sealed', retiring_until = 1000",
    ] {
        let refused = world.database().db.write::<_, _, DbError, _>((), move |tx, ()| {
            Box::pin(async move { tx.execute(sql, testkit::db::values![]).await })
        });
        let refused = refused.await;
        assert!(matches!(refused, Err(DbError::Check { .. })), "{sql}: {refused:?}");
    }
}
