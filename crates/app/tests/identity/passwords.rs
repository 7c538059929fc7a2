//! Changing a password, and giving it again before what needs it fresh.

use app::identity::{
    ChangeAccount, ChangePassword, Password, ProveAgain, SignIn, api_keys, authenticate, change_account,
};
use domain::text::Language;
use domain::time::SignedDuration;
use testkit::people::{PASSWORD, caller};
use testkit::{World, on_every_world};

use crate::code;

on_every_world![
    a_changed_password_ends_every_other_session_and_the_old_one_opens_nothing,
    a_password_is_changed_only_with_the_current_one_and_never_to_a_weak_one,
    what_is_sensitive_asks_for_the_password_after_five_minutes,
    the_stored_hash_is_argon2id_and_not_the_password,
    a_person_changes_name_and_language,
];

fn change(current: &str, new: &str) -> ChangePassword {
    ChangePassword { current: Password::new(current), new: Password::new(new) }
}

async fn a_changed_password_ends_every_other_session_and_the_old_one_opens_nothing(world: World) {
    let person = world.customer("Kestrel").await;
    let elsewhere = world.sign_in(&person.email).await.expect("signs in");
    let new = "seven quiet lanterns";
    assert_eq!(code(change(PASSWORD, new).run(&world.app, &person.actor, &caller()).await), "fine");
    assert_eq!(authenticate::by_session_token(&world.app, &elsewhere.token).await.expect("readable"), None);
    assert!(authenticate::by_session_token(&world.app, &person.token).await.expect("readable").is_some());
    assert_eq!(code(world.sign_in(&person.email).await), "sign_in_failed");
    let form = SignIn { email: person.email.clone(), password: Password::new(new), replaces: None };
    assert_eq!(code(form.run(&world.app, &caller()).await), "fine");
    world.settle().await;
    assert_eq!(world.mail.mails_to(&person.email).len(), 1, "the person hears of it");
}

async fn a_password_is_changed_only_with_the_current_one_and_never_to_a_weak_one(world: World) {
    let person = world.customer("Kestrel").await;
    for (current, new, expected) in [
        ("wrong password", "seven quiet lanterns", "password_wrong"),
        (PASSWORD, "short", "password_too_short"),
        (PASSWORD, "password123", "password_common"),
        (PASSWORD, "kestrel1", "password_context"),
        (PASSWORD, PASSWORD, "password_unchanged"),
        (PASSWORD, "", "required"),
    ] {
        let answer = change(current, new).run(&world.app, &person.actor, &caller()).await;
        assert_eq!(code(answer), expected, "{new}");
    }
    assert_eq!(code(world.sign_in(&person.email).await), "fine", "nothing was changed");
}

async fn what_is_sensitive_asks_for_the_password_after_five_minutes(world: World) {
    let person = world.customer("Kestrel").await;
    world.clock.advance(SignedDuration::from_mins(5) + SignedDuration::from_secs(1));
    let person = world.again(person).await;
    assert_eq!(code(api_keys::make(&world.app, &person.actor, "import").await), "fresh_sign_in_needed");
    let wrong = ProveAgain { password: Password::new("wrong") };
    assert_eq!(code(wrong.run(&world.app, &person.actor, &caller()).await), "password_wrong");
    let person = world.again(person).await;
    assert_eq!(code(api_keys::make(&world.app, &person.actor, "import").await), "fresh_sign_in_needed");
    let right = ProveAgain { password: Password::new(PASSWORD) };
    assert_eq!(code(right.run(&world.app, &person.actor, &caller()).await), "fine");
    let person = world.again(person).await;
    assert_eq!(code(api_keys::make(&world.app, &person.actor, "import").await), "fine");
}

async fn the_stored_hash_is_argon2id_and_not_the_password(world: World) {
    world.customer("Kestrel").await;
    world.customer("Heron").await;
    let rows = world
        .database()
        .db
        .read::<_, _, testkit::db::DbError, _>((), |tx, ()| {
            Box::pin(async move { tx.query("SELECT password_hash FROM users", testkit::db::values![]).await })
        })
        .await
        .expect("readable");
    let hashes: Vec<String> = rows.iter().map(|row| row.get("password_hash").expect("text")).collect();
    assert!(hashes.iter().all(|hash| hash.starts_with("$argon2id$v=19$") && !hash.contains("heron")), "{hashes:?}");
    assert_ne!(hashes[0], hashes[1], "the same password has two salts");
}

async fn a_person_changes_name_and_language(world: World) {
    let person = world.customer("Kestrel").await;
    let bad = ChangeAccount { name: " ".to_owned(), language: Language::Chinese };
    assert_eq!(code(bad.run(&world.app, &person.actor).await), "required");
    let good = ChangeAccount { name: "林".to_owned(), language: Language::Chinese };
    assert_eq!(code(good.run(&world.app, &person.actor).await), "fine");
    let user = change_account::look(&world.app, &person.actor).await.expect("readable");
    assert_eq!((user.name.as_str(), user.language), ("林", Language::Chinese));
    assert_eq!(world.again(person).await.actor.user_name, "林");
}
