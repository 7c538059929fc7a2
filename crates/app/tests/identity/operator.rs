//! The first operator's link.

use app::identity::{Password, SignUp, authenticate, first_operator};
use domain::identity::{OrganisationKind, Role};
use domain::text::Language;
use testkit::people::{PASSWORD, caller};
use testkit::{World, on_every_world};

use crate::code;

on_every_world![
    the_first_link_makes_the_operator_and_works_once,
    each_start_makes_a_new_link_and_the_old_one_opens_nothing,
    two_uses_of_one_link_at_once_make_one_operator,
    a_bad_form_does_not_use_the_link_up,
];

fn form(email: &str, password: &str) -> SignUp {
    SignUp {
        organisation_name: "Harbour Market".to_owned(),
        name: "Ada".to_owned(),
        email: email.to_owned(),
        password: Password::new(password),
        language: Language::English,
    }
}

async fn the_first_link_makes_the_operator_and_works_once(world: World) {
    let link = first_operator::make_link(&world.app).await.expect("writable").expect("no operator yet");
    let token = link.rsplit_once("/operator/first?token=").expect("the page and the token").1.to_owned();
    assert_eq!(code(first_operator::look(&world.app, &token).await), "fine");
    let ada = first_operator::sign_up(&world.app, &token, form("ada@harbour.example", PASSWORD), &caller()).await;
    let ada = ada.expect("the link is good");
    let actor = authenticate::by_session_token(&world.app, ada.token.reveal()).await.expect("readable");
    let actor = actor.expect("signed in");
    assert_eq!((actor.kind, actor.role), (OrganisationKind::Operator, Role::Administrator));
    assert_eq!(code(first_operator::look(&world.app, &token).await), "operator_link_spent");
    let again = first_operator::sign_up(&world.app, &token, form("eve@harbour.example", PASSWORD), &caller()).await;
    assert_eq!(code(again), "operator_link_spent");
    assert!(first_operator::make_token(&world.app).await.expect("readable").is_none(), "no more links");
}

async fn each_start_makes_a_new_link_and_the_old_one_opens_nothing(world: World) {
    let old = first_operator::make_token(&world.app).await.expect("writable").expect("no operator yet");
    let new = first_operator::make_token(&world.app).await.expect("writable").expect("no operator yet");
    assert_eq!(code(first_operator::look(&world.app, old.reveal()).await), "operator_link_spent");
    assert_eq!(code(first_operator::look(&world.app, new.reveal()).await), "fine");
    for nonsense in ["", "souk_o_", "null"] {
        assert_eq!(code(first_operator::look(&world.app, nonsense).await), "operator_link_spent");
    }
}

async fn two_uses_of_one_link_at_once_make_one_operator(world: World) {
    let token = first_operator::make_token(&world.app).await.expect("writable").expect("no operator yet");
    let (one, two) = (caller(), caller());
    let (a, b) = tokio::join!(
        first_operator::sign_up(&world.app, token.reveal(), form("ada@harbour.example", PASSWORD), &one),
        first_operator::sign_up(&world.app, token.reveal(), form("eve@harbour.example", PASSWORD), &two),
    );
    let mut codes = [code(a), code(b)];
    codes.sort_unstable();
    assert_eq!(codes, ["fine", "operator_link_spent"]);
}

async fn a_bad_form_does_not_use_the_link_up(world: World) {
    let token = first_operator::make_token(&world.app).await.expect("writable").expect("no operator yet");
    let bad = first_operator::sign_up(&world.app, token.reveal(), form("ada", "password1"), &caller()).await;
    assert_eq!(code(bad), "email");
    assert_eq!(code(first_operator::look(&world.app, token.reveal()).await), "fine");
}
