//! How often a password may be tried, by account and by network address, with a clock that the test turns.

use app::AppError;
use app::identity::{Caller, Password, ProveAgain, SignIn};
use domain::identity::{AccountTries, AddressTries};
use domain::time::{SignedDuration, Timestamp};
use store::identity::tries;
use testkit::people::{PASSWORD, caller};
use testkit::{World, on_every_world};

use crate::code;

on_every_world![
    five_wrong_passwords_are_free_and_then_the_wait_doubles,
    while_the_wait_lasts_the_right_password_is_not_looked_at_either,
    an_unknown_account_is_throttled_like_a_known_one,
    a_right_password_forgets_the_failures,
    one_address_has_twenty_tries_a_minute_over_all_accounts,
    many_tries_at_once_gain_nothing,
    proving_again_counts_on_the_same_account,
    counters_that_others_clear_away_at_the_same_moment_are_counted_all_the_same,
];

async fn attempt(world: &World, email: &str, password: &str, from: &Caller) -> Result<(), AppError> {
    let form = SignIn { email: email.to_owned(), password: Password::new(password), replaces: None };
    form.run(&world.app, from).await.map(drop)
}

fn wait_s(answer: Result<(), AppError>) -> u64 {
    match answer {
        Err(AppError::TooMany { retry_after_s }) => retry_after_s,
        other => unreachable!("expected a wait, got {other:?}"),
    }
}

async fn five_wrong_passwords_are_free_and_then_the_wait_doubles(world: World) {
    let person = world.customer("Kestrel").await;
    for _ in 0..5 {
        assert_eq!(code(attempt(&world, &person.email, "wrong", &caller()).await), "sign_in_failed");
    }
    for expected in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
        assert_eq!(wait_s(attempt(&world, &person.email, "wrong", &caller()).await), expected);
        world.clock.advance(SignedDuration::from_secs(i64::try_from(expected).expect("small")));
        assert_eq!(code(attempt(&world, &person.email, "wrong", &caller()).await), "sign_in_failed");
    }
}

async fn while_the_wait_lasts_the_right_password_is_not_looked_at_either(world: World) {
    let person = world.customer("Kestrel").await;
    for _ in 0..5 {
        assert_eq!(code(attempt(&world, &person.email, "wrong", &caller()).await), "sign_in_failed");
    }
    assert_eq!(wait_s(attempt(&world, &person.email, PASSWORD, &caller()).await), 1);
    world.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(code(attempt(&world, &person.email, PASSWORD, &caller()).await), "fine");
}

async fn an_unknown_account_is_throttled_like_a_known_one(world: World) {
    for _ in 0..5 {
        assert_eq!(code(attempt(&world, "ghost@nowhere.example", PASSWORD, &caller()).await), "sign_in_failed");
    }
    assert_eq!(wait_s(attempt(&world, " GHOST@nowhere.example", PASSWORD, &caller()).await), 1);
}

async fn a_right_password_forgets_the_failures(world: World) {
    let person = world.customer("Kestrel").await;
    for _ in 0..4 {
        assert_eq!(code(attempt(&world, &person.email, "wrong", &caller()).await), "sign_in_failed");
    }
    assert_eq!(code(attempt(&world, &person.email, PASSWORD, &caller()).await), "fine");
    for _ in 0..5 {
        assert_eq!(code(attempt(&world, &person.email, "wrong", &caller()).await), "sign_in_failed");
    }
}

async fn one_address_has_twenty_tries_a_minute_over_all_accounts(world: World) {
    let person = world.customer("Kestrel").await;
    let from = caller();
    for number in 0..20 {
        let email = format!("ghost{number}@nowhere.example");
        assert_eq!(code(attempt(&world, &email, PASSWORD, &from).await), "sign_in_failed");
    }
    world.clock.advance(SignedDuration::from_secs(20));
    assert_eq!(wait_s(attempt(&world, &person.email, PASSWORD, &from).await), 40);
    assert_eq!(code(attempt(&world, &person.email, PASSWORD, &caller()).await), "fine", "others are not hindered");
    world.clock.advance(SignedDuration::from_secs(40));
    assert_eq!(code(attempt(&world, &person.email, PASSWORD, &from).await), "fine");
}

async fn many_tries_at_once_gain_nothing(world: World) {
    let person = world.customer("Kestrel").await;
    let callers: Vec<Caller> = (0..12).map(|_| caller()).collect();
    let tries = callers.iter().map(|from| attempt(&world, &person.email, "wrong", from));
    let answers: Vec<&str> = futures_util::future::join_all(tries).await.into_iter().map(code).collect();
    let looked_at = answers.iter().filter(|answer| **answer == "sign_in_failed").count();
    assert_eq!(looked_at, 5, "{answers:?}");
    assert!(answers.iter().all(|answer| ["sign_in_failed", "too_often"].contains(answer)), "{answers:?}");
}

async fn proving_again_counts_on_the_same_account(world: World) {
    let person = world.customer("Kestrel").await;
    for _ in 0..5 {
        let form = ProveAgain { password: Password::new("wrong") };
        assert_eq!(code(form.run(&world.app, &person.actor, &caller()).await), "password_wrong");
    }
    assert_eq!(wait_s(attempt(&world, &person.email, PASSWORD, &caller()).await), 1);
}

/// On PostgreSQL a counter may go between the statement that finds it and the one that locks it.
async fn counters_that_others_clear_away_at_the_same_moment_are_counted_all_the_same(world: World) {
    let store = &world.app.store;
    let count = || async {
        for _ in 0..100 {
            let counting = store.write::<_, _, AppError, _>((), |tx, ()| {
                Box::pin(async move {
                    // Long ago, so that whoever cleans up takes it away.
                    let (failed_at, since) = (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH);
                    tries::lock_address(tx, "192.0.2.1").await?;
                    tries::set_address(tx, "192.0.2.1", AddressTries { tries: 1, since }).await?;
                    tries::lock_account(tx, "account").await?;
                    Ok(tries::set_account(tx, "account", AccountTries { failures: 1, failed_at }).await?)
                })
            });
            counting.await.expect("every try is counted");
        }
    };
    let clean = || async {
        for _ in 0..100 {
            let cleaning = store.write::<_, _, AppError, _>(world.app.now(), |tx, now| {
                Box::pin(async move { Ok(tries::forget_old(tx, now).await?) })
            });
            cleaning.await.expect("old counters go");
        }
    };
    tokio::join!(count(), clean(), count(), clean(), count(), clean());
}
