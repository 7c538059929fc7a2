//! The audit chain: sealed in order, and every change of a sealed event is found.

use app::AppError;
use app::audit::{Finding, verify};
use domain::audit::Doer;
use domain::time::SignedDuration;
use serde_json::json;
use testkit::db::values;
use testkit::{World, on_every_world};

on_every_world![
    every_event_is_sealed_once_in_order,
    a_young_event_waits_for_older_ones_still_on_their_way,
    a_changed_event_is_found,
    a_deleted_seal_is_found,
    a_cut_off_end_shows_in_the_head,
    an_event_that_was_committed_late_is_sealed_after_younger_ones,
    a_backlog_of_several_batches_is_sealed_in_order,
    events_that_stay_unsealed_are_counted,
];

async fn happen(world: &World, subject: &'static str) {
    happen_late(world, subject, SignedDuration::ZERO).await;
}

async fn sealed(world: &World, events: &[&'static str]) {
    app::audit::start(&world.app).await.expect("the job can be enqueued");
    for event in events {
        happen(world, event).await;
        world.clock.advance(SignedDuration::from_secs(1));
    }
    world.advance(SignedDuration::from_mins(1)).await;
}

async fn change(world: &World, sql: &'static str) {
    world
        .database()
        .write((), move |tx, ()| Box::pin(async move { tx.execute(sql, values![]).await }))
        .await
        .expect("whoever owns the tables can do anything");
}

async fn every_event_is_sealed_once_in_order(world: World) {
    sealed(&world, &["a", "b", "c"]).await;
    let first = verify(&world.app).await.expect("the chain can be read");
    assert_eq!((first.seals, &first.finding), (3, &None));
    sealed(&world, &["d"]).await;
    let second = verify(&world.app).await.expect("the chain can be read");
    assert_eq!((second.seals, &second.finding), (4, &None));
    assert_ne!(first.head, second.head);
}

async fn a_young_event_waits_for_older_ones_still_on_their_way(world: World) {
    app::audit::start(&world.app).await.expect("the job can be enqueued");
    happen(&world, "a").await;
    world.settle().await;
    assert_eq!(verify(&world.app).await.expect("reads").seals, 0);
    world.advance(SignedDuration::from_mins(1)).await;
    assert_eq!(verify(&world.app).await.expect("reads").seals, 1);
}

async fn a_changed_event_is_found(world: World) {
    sealed(&world, &["a", "b", "c"]).await;
    change(&world, "UPDATE events SET facts = '{\"n\":2}' WHERE subject = 'b'").await;
    assert_eq!(verify(&world.app).await.expect("reads").finding, Some(Finding::Changed { sequence: 2 }));
}

async fn a_deleted_seal_is_found(world: World) {
    sealed(&world, &["a", "b", "c"]).await;
    change(&world, "DELETE FROM event_seals WHERE sequence = 2").await;
    assert_eq!(verify(&world.app).await.expect("reads").finding, Some(Finding::Gap { sequence: 3 }));
}

async fn a_cut_off_end_shows_in_the_head(world: World) {
    sealed(&world, &["a", "b", "c"]).await;
    let kept_outside = verify(&world.app).await.expect("reads").head;
    change(&world, "DELETE FROM event_seals WHERE sequence = 3").await;
    let now = verify(&world.app).await.expect("reads");
    assert_eq!(now.finding, None, "inside the tables nothing is wrong");
    assert_ne!(now.head, kept_outside);
}

/// Writes an event whose instant lies `back` in the past, as a slow transaction does that commits only now.
async fn happen_late(world: &World, subject: &'static str, back: SignedDuration) {
    world.clock.advance(-back);
    let moment = world.app.moment(Doer::System);
    world.clock.advance(back);
    world
        .app
        .store
        .write((moment, subject), |tx, (moment, subject): (app::events::Moment, &'static str)| {
            Box::pin(async move {
                Ok::<(), AppError>(moment.record(tx, "thing_happened", None, subject, json!({"n": 1})).await?)
            })
        })
        .await
        .expect("an event can be written");
}

async fn an_event_that_was_committed_late_is_sealed_after_younger_ones(world: World) {
    sealed(&world, &["a", "b", "c"]).await;
    happen_late(&world, "slow", SignedDuration::from_secs(90)).await;
    world.advance(SignedDuration::from_mins(3)).await;
    let after = verify(&world.app).await.expect("reads");
    assert_eq!((after.seals, after.finding), (4, None));
    // Looked back at once: the next one is found too.
    sealed(&world, &["d"]).await;
    happen_late(&world, "slow again", SignedDuration::from_secs(90)).await;
    world.advance(SignedDuration::from_mins(3)).await;
    assert_eq!(verify(&world.app).await.expect("reads").seals, 6);
}

async fn a_backlog_of_several_batches_is_sealed_in_order(world: World) {
    let moments: Vec<_> = (0..1_100).map(|_| world.app.moment(Doer::System)).collect();
    world
        .app
        .store
        .write(moments, |tx, moments: Vec<app::events::Moment>| {
            Box::pin(async move {
                for moment in &moments {
                    moment.record(tx, "thing_happened", None, "flood", json!({"n": 1})).await?;
                }
                Ok::<(), AppError>(())
            })
        })
        .await
        .expect("events can be written");
    // Older than the look back reaches when sealing begins: nothing may be sealed twice.
    world.clock.advance(SignedDuration::from_mins(10));
    app::audit::start(&world.app).await.expect("the job can be enqueued");
    world.advance(SignedDuration::from_mins(1)).await;
    let after = verify(&world.app).await.expect("reads");
    assert_eq!((after.seals, after.finding), (1_100, None));
}

async fn events_that_stay_unsealed_are_counted(world: World) {
    sealed(&world, &["a", "b"]).await;
    world.advance(SignedDuration::from_mins(5)).await;
    happen_late(&world, "an hour behind", SignedDuration::from_mins(30)).await;
    world.advance(SignedDuration::from_mins(20)).await;
    assert_eq!(verify(&world.app).await.expect("reads").finding, None, "not yet late");
    world.advance(SignedDuration::from_mins(20)).await;
    assert_eq!(verify(&world.app).await.expect("reads").finding, Some(Finding::LeftOut { events: 1 }));
}
