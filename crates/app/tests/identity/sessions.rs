//! Signing up, in and out, and how long a session lives.

use app::identity::{Caller, Password, SignIn, SignUp, authenticate, sessions};
use domain::identity::{OrganisationKind, Role};
use domain::text::Language;
use domain::time::SignedDuration;
use testkit::people::{PASSWORD, caller};
use testkit::{World, on_every_world};

use crate::code;

on_every_world![
    whoever_signs_up_administers_a_new_customer_organisation,
    one_address_signs_in_one_person_whatever_the_case,
    a_bad_form_names_every_wrong_field_and_stores_nothing,
    a_wrong_password_and_an_unknown_address_get_the_same_answer,
    a_sign_in_makes_a_new_session_and_ends_the_one_it_replaces,
    a_session_ends_after_idle_time_and_after_its_longest_life,
    the_last_request_is_remembered_to_the_minute,
    a_person_sees_and_ends_their_own_sessions_only,
    only_a_hash_of_the_token_is_stored,
    two_sign_ups_with_one_address_at_once_make_one_account,
];

fn sign_up(email: &str, password: &str) -> SignUp {
    SignUp {
        organisation_name: "Kestrel Freight".to_owned(),
        name: "Lin".to_owned(),
        email: email.to_owned(),
        password: Password::new(password),
        language: Language::Chinese,
    }
}

fn sign_in(email: &str, password: &str) -> SignIn {
    SignIn { email: email.to_owned(), password: Password::new(password), replaces: None }
}

async fn whoever_signs_up_administers_a_new_customer_organisation(world: World) {
    let signed_in = sign_up("Lin@Kestrel.example", PASSWORD).run(&world.app, &caller()).await.expect("a good form");
    let actor = authenticate::by_session_token(&world.app, signed_in.token.reveal()).await.expect("readable");
    let actor = actor.expect("signed in");
    assert_eq!((actor.kind, actor.role), (OrganisationKind::Customer, Role::Administrator));
    assert_eq!((actor.organisation_name.as_str(), actor.user_name.as_str()), ("Kestrel Freight", "Lin"));
    assert_eq!(actor.language, Language::Chinese);
}

async fn one_address_signs_in_one_person_whatever_the_case(world: World) {
    sign_up("lin@kestrel.example", PASSWORD).run(&world.app, &caller()).await.expect("a good form");
    assert_eq!(code(sign_up("LIN@kestrel.example", PASSWORD).run(&world.app, &caller()).await), "email_taken");
    assert_eq!(code(sign_in(" LIN@Kestrel.example ", PASSWORD).run(&world.app, &caller()).await), "fine");
}

async fn a_bad_form_names_every_wrong_field_and_stores_nothing(world: World) {
    let form = SignUp {
        organisation_name: "x".to_owned(),
        name: " ".to_owned(),
        email: "nobody".to_owned(),
        password: Password::new("password1"),
        language: Language::English,
    };
    let Err(app::AppError::Invalid(problems)) = form.run(&world.app, &caller()).await else {
        unreachable!("every field is wrong")
    };
    let found: Vec<(&str, &str)> = problems.iter().map(|problem| (&*problem.field, problem.code)).collect();
    let expected =
        [("organisation_name", "too_short"), ("name", "required"), ("email", "email"), ("password", "password_common")];
    assert_eq!(found, expected);
    assert_eq!(code(sign_in("nobody", "password1").run(&world.app, &caller()).await), "sign_in_failed");
}

async fn a_wrong_password_and_an_unknown_address_get_the_same_answer(world: World) {
    let person = world.customer("Kestrel").await;
    for (email, password) in [
        (person.email.as_str(), "tall grey herons at noon"),
        ("stranger@nowhere.example", PASSWORD),
        ("", ""),
        ("nul\0@nowhere.example", "nul\0"),
    ] {
        assert_eq!(code(sign_in(email, password).run(&world.app, &caller()).await), "sign_in_failed", "{email}");
    }
}

async fn a_sign_in_makes_a_new_session_and_ends_the_one_it_replaces(world: World) {
    let first = world.customer("Kestrel").await;
    let replaces = Some(first.actor.session().expect("a person"));
    let form = SignIn { email: first.email.clone(), password: Password::new(PASSWORD), replaces };
    let second = form.run(&world.app, &caller()).await.expect("the password is right");
    assert_ne!(second.token.reveal(), first.token);
    assert_eq!(authenticate::by_session_token(&world.app, &first.token).await.expect("readable"), None);
    let third = world.sign_in(&first.email).await.expect("the password is right");
    let listed = sessions::list(&world.app, &third.actor).await.expect("readable");
    assert_eq!(listed.len(), 2, "a sign-in elsewhere replaces nothing");
}

async fn a_session_ends_after_idle_time_and_after_its_longest_life(world: World) {
    let customer = world.customer("Kestrel").await;
    let operator = world.operator().await;
    let alive =
        async |token: &str| authenticate::by_session_token(&world.app, token).await.expect("readable").is_some();
    world.clock.advance(SignedDuration::from_mins(31));
    assert!(!alive(&operator.token).await, "operators are signed out after half an hour");
    assert!(alive(&customer.token).await);
    for _ in 0..32 {
        world.clock.advance(SignedDuration::from_hours(10));
        assert!(alive(&customer.token).await, "used every ten hours");
    }
    world.clock.advance(SignedDuration::from_hours(11));
    assert!(alive(&customer.token).await);
    world.clock.advance(SignedDuration::from_hours(5));
    assert!(!alive(&customer.token).await, "two weeks are over");
    let idle = world.sign_in(&customer.email).await.expect("signs in again");
    world.clock.advance(SignedDuration::from_hours(12) + SignedDuration::from_secs(1));
    assert!(!alive(&idle.token).await, "half a day without a request");
}

async fn the_last_request_is_remembered_to_the_minute(world: World) {
    let person = world.customer("Kestrel").await;
    let seen = async || sessions::list(&world.app, &person.actor).await.expect("readable")[0].times.seen_at;
    let start = world.app.now();
    world.clock.advance(SignedDuration::from_secs(59));
    authenticate::by_session_token(&world.app, &person.token).await.expect("readable");
    assert_eq!(seen().await, start, "not written with each request");
    world.clock.advance(SignedDuration::from_secs(1));
    authenticate::by_session_token(&world.app, &person.token).await.expect("readable");
    assert_eq!(seen().await, world.app.now());
}

async fn a_person_sees_and_ends_their_own_sessions_only(world: World) {
    let lin = world.customer("Kestrel").await;
    let other = world.customer("Heron").await;
    let colleague = world.colleague(&lin, Role::Member).await;
    let elsewhere = world.sign_in(&lin.email).await.expect("signs in");
    let listed = sessions::list(&world.app, &lin.actor).await.expect("readable");
    let mine = [elsewhere.actor.session().expect("a person"), lin.actor.session().expect("a person")];
    assert_eq!(listed.iter().map(|session| session.id).collect::<std::collections::BTreeSet<_>>(), mine.into());
    assert_eq!(listed[0].device, "Test browser");
    for foreign in [&other, &colleague] {
        let session = foreign.actor.session().expect("a person");
        assert_eq!(code(sessions::end(&world.app, &lin.actor, session).await), "not_found");
        assert!(authenticate::by_session_token(&world.app, &foreign.token).await.expect("readable").is_some());
    }
    assert_eq!(sessions::end_others(&world.app, &lin.actor).await.ok(), Some(1));
    assert_eq!(authenticate::by_session_token(&world.app, &elsewhere.token).await.expect("readable"), None);
    assert_eq!(code(sessions::end(&world.app, &lin.actor, mine[1]).await), "fine");
    assert_eq!(authenticate::by_session_token(&world.app, &lin.token).await.expect("readable"), None);
    assert_eq!(code(sessions::end(&world.app, &lin.actor, mine[1]).await), "not_found");
}

async fn only_a_hash_of_the_token_is_stored(world: World) {
    let person = world.customer("Kestrel").await;
    let rows = world
        .database()
        .db
        .read::<_, _, testkit::db::DbError, _>((), |tx, ()| {
            Box::pin(async move { tx.query("SELECT id, token_hash FROM sessions", testkit::db::values![]).await })
        })
        .await
        .expect("readable");
    let stored: Vec<u8> = rows[0].get("token_hash").expect("bytes");
    assert_eq!(stored.len(), 32);
    assert!(!person.token.as_bytes().windows(8).any(|part| stored.windows(8).any(|other| other == part)));
    let hash_as_token = format!("souk_s_{}", "A".repeat(43));
    assert_eq!(authenticate::by_session_token(&world.app, &hash_as_token).await.expect("readable"), None);
    for nonsense in ["", "x", &person.token[..49], &format!("{}A", person.token)] {
        assert_eq!(authenticate::by_session_token(&world.app, nonsense).await.expect("readable"), None, "{nonsense}");
    }
}

async fn two_sign_ups_with_one_address_at_once_make_one_account(world: World) {
    let (one, two): (Caller, Caller) = (caller(), caller());
    let (a, b) = tokio::join!(
        sign_up("lin@kestrel.example", PASSWORD).run(&world.app, &one),
        sign_up("lin@kestrel.example", PASSWORD).run(&world.app, &two),
    );
    let mut codes = [code(a), code(b)];
    codes.sort_unstable();
    assert_eq!(codes, ["email_taken", "fine"]);
}
