//! The people of an organisation: invitations, roles, disabling, and the last administrator.

use app::identity::people::{self, InvitationLink, Invite};
use app::identity::{AcceptInvitation, Password, api_keys, authenticate, look_at_invitation};
use domain::identity::{Invitation, Role};
use domain::text::Language;
use domain::time::SignedDuration;
use testkit::people::{PASSWORD, caller};
use testkit::{Person, World, on_every_world};

use crate::code;

on_every_world![
    an_invitation_is_taken_up_once,
    an_invitation_is_mailed_in_the_language_of_the_invited_and_never_after_it_was_withdrawn,
    an_invitation_ends_after_a_week_and_a_new_link_starts_another,
    a_renewed_or_withdrawn_link_opens_nothing,
    an_address_is_invited_once_and_not_when_it_is_here_already,
    an_invited_address_can_sign_up_elsewhere_and_the_invitation_then_fails_in_words,
    only_administrators_manage_people,
    roles_and_accounts_change_only_after_a_fresh_password,
    a_disabled_person_is_out_at_once_and_cannot_come_back_in,
    the_last_administrator_stays,
    two_administrators_who_demote_each_other_at_once_leave_one,
    two_organisations_never_see_each_others_people,
];

async fn invite(world: &World, by: &Person, email: &str) -> Result<InvitationLink, app::AppError> {
    let form =
        Invite { name: "Wei".to_owned(), email: email.to_owned(), role: Role::Finance, language: Language::Chinese };
    form.run(&world.app, &by.actor).await
}

fn accept(token: &str) -> AcceptInvitation {
    AcceptInvitation {
        token: token.to_owned(),
        name: "Wei".to_owned(),
        password: Password::new(PASSWORD),
        language: Language::Chinese,
    }
}

async fn an_invitation_is_taken_up_once(world: World) {
    let lin = world.customer("Kestrel").await;
    let link = invite(&world, &lin, "Wei@Kestrel.example").await.expect("an administrator may");
    assert!(link.link.ends_with(&format!("/invitation?token={}", link.token.reveal())), "{}", link.link);
    let shown = look_at_invitation(&world.app, link.token.reveal()).await.expect("open");
    assert_eq!((shown.invitation.email.as_str(), shown.organisation_name.as_str()), ("wei@kestrel.example", "Kestrel"));
    let weak = AcceptInvitation { password: Password::new("12345678"), ..accept(link.token.reveal()) };
    assert_eq!(code(weak.run(&world.app, &caller()).await), "password_common");
    let signed_in = accept(link.token.reveal()).run(&world.app, &caller()).await.expect("open");
    let wei = authenticate::by_session_token(&world.app, signed_in.token.reveal()).await.expect("readable");
    let wei = wei.expect("signed in");
    assert_eq!((wei.organisation, wei.role), (lin.actor.organisation, Role::Finance));
    assert_eq!(code(accept(link.token.reveal()).run(&world.app, &caller()).await), "invitation_spent");
    let all = people::list(&world.app, &lin.actor).await.expect("readable");
    assert_eq!((all.users.len(), all.invitations.len()), (2, 0));
}

async fn an_invitation_is_mailed_in_the_language_of_the_invited_and_never_after_it_was_withdrawn(world: World) {
    let lin = world.customer("Kestrel").await;
    let first = invite(&world, &lin, "wei@kestrel.example").await.expect("an administrator may");
    let rows = world
        .database()
        .db
        .read::<_, _, testkit::db::DbError, _>((), |tx, ()| {
            Box::pin(async move { tx.query("SELECT payload FROM jobs", testkit::db::values![]).await })
        })
        .await
        .expect("readable");
    for row in rows {
        assert!(!row.get::<String>("payload").expect("text").contains(first.token.reveal()), "the token lies open");
    }
    let renewed = people::renew_invitation(&world.app, &lin.actor, first.invitation.id).await.expect("listed");
    let gone = invite(&world, &lin, "gone@kestrel.example").await.expect("an administrator may");
    people::withdraw_invitation(&world.app, &lin.actor, gone.invitation.id).await.expect("listed");
    world.settle().await;
    let mails = world.mail.mails_to("wei@kestrel.example");
    assert_eq!(mails.len(), 1, "the old link is not sent");
    assert!(mails[0].subject.contains("邀请您加入") && mails[0].text.contains(renewed.token.reveal()), "{mails:?}");
    assert!(world.mail.mails_to("gone@kestrel.example").is_empty());
}

async fn an_invitation_ends_after_a_week_and_a_new_link_starts_another(world: World) {
    let lin = world.customer("Kestrel").await;
    let link = invite(&world, &lin, "wei@kestrel.example").await.expect("an administrator may");
    world.clock.advance(Invitation::LIFE);
    assert_eq!(code(look_at_invitation(&world.app, link.token.reveal()).await), "invitation_expired");
    assert_eq!(code(accept(link.token.reveal()).run(&world.app, &caller()).await), "invitation_expired");
    let lin = world.sign_in(&lin.email).await.expect("signs in");
    let renewed = people::renew_invitation(&world.app, &lin.actor, link.invitation.id).await.expect("still listed");
    assert_eq!(code(accept(renewed.token.reveal()).run(&world.app, &caller()).await), "fine");
}

async fn a_renewed_or_withdrawn_link_opens_nothing(world: World) {
    let lin = world.customer("Kestrel").await;
    let old = invite(&world, &lin, "wei@kestrel.example").await.expect("an administrator may");
    let new = people::renew_invitation(&world.app, &lin.actor, old.invitation.id).await.expect("listed");
    assert_eq!(code(accept(old.token.reveal()).run(&world.app, &caller()).await), "invitation_spent");
    assert_eq!(code(people::withdraw_invitation(&world.app, &lin.actor, old.invitation.id).await), "fine");
    assert_eq!(code(accept(new.token.reveal()).run(&world.app, &caller()).await), "invitation_spent");
    assert_eq!(code(people::withdraw_invitation(&world.app, &lin.actor, old.invitation.id).await), "not_found");
}

async fn an_address_is_invited_once_and_not_when_it_is_here_already(world: World) {
    let lin = world.customer("Kestrel").await;
    assert_eq!(code(invite(&world, &lin, "wei@kestrel.example").await), "fine");
    assert_eq!(code(invite(&world, &lin, "WEI@kestrel.example").await), "already_invited");
    assert_eq!(code(invite(&world, &lin, &lin.email).await), "already_in_organisation");
    assert_eq!(code(invite(&world, &lin, "nobody").await), "email");
}

async fn an_invited_address_can_sign_up_elsewhere_and_the_invitation_then_fails_in_words(world: World) {
    let lin = world.customer("Kestrel").await;
    let link = invite(&world, &lin, "first@heron.example").await.expect("nobody has it yet");
    world.customer("Heron").await;
    assert_eq!(code(accept(link.token.reveal()).run(&world.app, &caller()).await), "email_taken");
}

async fn only_administrators_manage_people(world: World) {
    let lin = world.customer("Kestrel").await;
    for role in [Role::Member, Role::Finance, Role::Viewer] {
        let person = world.colleague(&lin, role).await;
        assert_eq!(code(people::list(&world.app, &person.actor).await), "not_allowed");
        assert_eq!(code(invite(&world, &person, "x@kestrel.example").await), "not_allowed");
        let raise = people::change_role(&world.app, &person.actor, person.actor.user, Role::Administrator).await;
        assert_eq!(code(raise), "not_allowed", "{role:?} makes nobody an administrator");
    }
    let made = api_keys::make(&world.app, &lin.actor, "import").await.expect("fresh");
    let key = authenticate::by_api_key(&world.app, made.key.access_key.as_str(), made.secret.reveal()).await;
    let key = key.expect("readable").expect("the key works");
    assert_eq!(code(people::list(&world.app, &key).await), "not_allowed", "nor does an access key");
}

async fn roles_and_accounts_change_only_after_a_fresh_password(world: World) {
    let lin = world.customer("Kestrel").await;
    let wei = world.colleague(&lin, Role::Member).await;
    world.clock.advance(SignedDuration::from_mins(6));
    let lin = world.again(lin).await;
    let user = wei.actor.user;
    assert_eq!(code(people::change_role(&world.app, &lin.actor, user, Role::Viewer).await), "fresh_sign_in_needed");
    assert_eq!(code(people::disable(&world.app, &lin.actor, user).await), "fresh_sign_in_needed");
    assert_eq!(code(invite(&world, &lin, "new@kestrel.example").await), "fresh_sign_in_needed");
    let lin = world.sign_in(&lin.email).await.expect("signs in");
    assert_eq!(code(people::change_role(&world.app, &lin.actor, user, Role::Viewer).await), "fine");
    assert_eq!(world.again(wei).await.actor.role, Role::Viewer, "at the next request");
}

async fn a_disabled_person_is_out_at_once_and_cannot_come_back_in(world: World) {
    let lin = world.customer("Kestrel").await;
    let wei = world.colleague(&lin, Role::Administrator).await;
    let elsewhere = world.sign_in(&wei.email).await.expect("signs in");
    let made = api_keys::make(&world.app, &wei.actor, "import").await.expect("fresh");
    let by_key = async || {
        let found = authenticate::by_api_key(&world.app, made.key.access_key.as_str(), made.secret.reveal()).await;
        found.expect("readable").is_some()
    };
    assert!(by_key().await);
    assert_eq!(code(people::disable(&world.app, &lin.actor, wei.actor.user).await), "fine");
    for token in [&wei.token, &elsewhere.token] {
        assert_eq!(authenticate::by_session_token(&world.app, token).await.expect("readable"), None);
    }
    assert!(!by_key().await, "the keys that the person made are dead too");
    assert_eq!(code(world.sign_in(&wei.email).await), "account_disabled");
    assert_eq!(code(people::enable(&world.app, &lin.actor, wei.actor.user).await), "fine");
    assert_eq!(
        authenticate::by_session_token(&world.app, &wei.token).await.expect("readable"),
        None,
        "sessions stay gone"
    );
    assert_eq!(code(world.sign_in(&wei.email).await), "fine");
    assert!(by_key().await);
}

async fn the_last_administrator_stays(world: World) {
    let lin = world.customer("Kestrel").await;
    let me = lin.actor.user;
    world.colleague(&lin, Role::Member).await;
    assert_eq!(code(people::change_role(&world.app, &lin.actor, me, Role::Member).await), "last_administrator");
    assert_eq!(code(people::disable(&world.app, &lin.actor, me).await), "last_administrator");
    let wei = world.colleague(&lin, Role::Administrator).await;
    assert_eq!(code(people::disable(&world.app, &lin.actor, wei.actor.user).await), "fine");
    assert_eq!(
        code(people::disable(&world.app, &lin.actor, me).await),
        "last_administrator",
        "disabled ones do not count"
    );
    assert_eq!(code(people::enable(&world.app, &lin.actor, wei.actor.user).await), "fine");
    assert_eq!(code(people::change_role(&world.app, &lin.actor, me, Role::Viewer).await), "fine");
}

async fn two_administrators_who_demote_each_other_at_once_leave_one(world: World) {
    let lin = world.customer("Kestrel").await;
    let wei = world.colleague(&lin, Role::Administrator).await;
    let (a, b) = tokio::join!(
        people::change_role(&world.app, &lin.actor, wei.actor.user, Role::Viewer),
        people::change_role(&world.app, &wei.actor, lin.actor.user, Role::Viewer),
    );
    let mut codes = [code(a), code(b)];
    codes.sort_unstable();
    assert_eq!(codes, ["fine", "last_administrator"]);
}

async fn two_organisations_never_see_each_others_people(world: World) {
    let lin = world.customer("Kestrel").await;
    let link = invite(&world, &lin, "wei@kestrel.example").await.expect("an administrator may");
    let other = world.customer("Heron").await;
    let seen = people::list(&world.app, &other.actor).await.expect("readable");
    assert_eq!(seen.users.iter().map(|user| user.id).collect::<Vec<_>>(), [other.actor.user]);
    assert!(seen.invitations.is_empty());
    let (app, actor, user) = (&world.app, &other.actor, lin.actor.user);
    assert_eq!(code(people::change_role(app, actor, user, Role::Viewer).await), "not_found");
    assert_eq!(code(people::disable(app, actor, user).await), "not_found");
    assert_eq!(code(people::enable(app, actor, user).await), "not_found");
    assert_eq!(code(people::renew_invitation(app, actor, link.invitation.id).await), "not_found");
    assert_eq!(code(people::withdraw_invitation(app, actor, link.invitation.id).await), "not_found");
    assert_eq!(code(look_at_invitation(app, link.token.reveal()).await), "fine", "nothing was touched");
}
