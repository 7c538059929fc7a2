//! Idempotency keys: one effect and one answer (reliability.md P2).

use app::AppError;
use app::idempotency::{Kept, Keyed, begin, forget_old, give_back, keep};
use domain::time::SignedDuration;
use testkit::db::values;
use testkit::{World, on_every_world};

on_every_world![
    the_first_answer_is_given_again,
    another_request_under_the_key_is_refused,
    a_running_request_is_not_begun_twice,
    a_request_that_died_may_be_sent_again_after_a_minute,
    a_request_without_effect_gives_its_key_back,
    answers_are_sealed_and_forgotten_after_eight_days,
];

fn order(body: &str) -> Keyed {
    Keyed::new("org_1", "key-1", "POST", "/api/v1/orders", body.as_bytes())
}

fn answer() -> Kept {
    Kept { status: 201, content_type: "application/json".to_owned(), body: r#"{"secret":"shown once"}"#.to_owned() }
}

fn code(answer: Result<Option<Kept>, AppError>) -> &'static str {
    answer.map_or_else(|error| error.code(), |_| "fine")
}

async fn the_first_answer_is_given_again(world: World) {
    assert_eq!(begin(&world.app, &order("a")).await.expect("takes the key"), None);
    keep(&world.app, &order("a"), &answer()).await.expect("keeps");
    assert_eq!(begin(&world.app, &order("a")).await.expect("reads"), Some(answer()));
    let others = Keyed::new("org_2", "key-1", "POST", "/api/v1/orders", b"a");
    assert_eq!(begin(&world.app, &others).await.expect("takes the key"), None, "keys belong to an organisation");
}

async fn another_request_under_the_key_is_refused(world: World) {
    assert_eq!(begin(&world.app, &order("a")).await.expect("takes the key"), None);
    keep(&world.app, &order("a"), &answer()).await.expect("keeps");
    assert_eq!(code(begin(&world.app, &order("b")).await), "idempotency_key_reused");
}

async fn a_running_request_is_not_begun_twice(world: World) {
    let order = order("a");
    let (first, second) = tokio::join!(begin(&world.app, &order), begin(&world.app, &order));
    let mut codes = [code(first), code(second)];
    codes.sort_unstable();
    assert_eq!(codes, ["fine", "still_running"]);
}

async fn a_request_that_died_may_be_sent_again_after_a_minute(world: World) {
    assert_eq!(begin(&world.app, &order("a")).await.expect("takes the key"), None);
    world.clock.advance(SignedDuration::from_secs(61));
    assert_eq!(begin(&world.app, &order("a")).await.expect("takes it over"), None);
    assert_eq!(code(begin(&world.app, &order("a")).await), "still_running");
}

async fn a_request_without_effect_gives_its_key_back(world: World) {
    assert_eq!(begin(&world.app, &order("a")).await.expect("takes the key"), None);
    give_back(&world.app, &order("a")).await.expect("writes");
    assert_eq!(begin(&world.app, &order("b")).await.expect("the key is free"), None);
}

async fn answers_are_sealed_and_forgotten_after_eight_days(world: World) {
    assert_eq!(begin(&world.app, &order("a")).await.expect("takes the key"), None);
    keep(&world.app, &order("a"), &answer()).await.expect("keeps");
    let stored: String = world
        .database()
        .read((), |tx, ()| {
            Box::pin(async move { tx.query_one("SELECT answer FROM idempotency_keys", values![]).await?.get("answer") })
        })
        .await
        .expect("reads");
    assert!(!stored.contains("shown once"));
    world.clock.advance(SignedDuration::from_hours(7 * 24));
    assert_eq!(forget_old(&world.app).await.expect("writes"), 0, "seven days are promised");
    world.clock.advance(SignedDuration::from_hours(2 * 24));
    assert_eq!(forget_old(&world.app).await.expect("writes"), 1);
}
