//! Access keys: shown once, sealed at rest, revocable, and of one organisation.

use app::identity::{api_keys, authenticate};
use domain::identity::{ApiKey, Credential, Role};
use domain::time::SignedDuration;
use testkit::{World, on_every_world};

use crate::code;

on_every_world![
    a_key_acts_for_the_organisation_until_it_is_revoked,
    a_key_needs_its_own_secret,
    the_secret_is_sealed_and_listed_nowhere,
    the_last_use_is_remembered_to_the_minute,
    only_administrators_make_and_see_keys,
    an_organisation_has_so_many_keys_and_no_more,
    two_organisations_never_see_each_others_keys,
];

async fn a_key_acts_for_the_organisation_until_it_is_revoked(world: World) {
    let lin = world.customer("Kestrel").await;
    let made = api_keys::make(&world.app, &lin.actor, " nightly import ").await.expect("fresh");
    assert_eq!(made.key.name, "nightly import");
    assert_eq!(made.secret.reveal().len(), 40);
    world.settle().await;
    let mails = world.mail.mails_to(&lin.email);
    assert!(mails.len() == 1 && mails[0].text.contains(made.key.access_key.as_str()), "administrators hear of it");
    assert!(!mails[0].text.contains(made.secret.reveal()));
    let (access_key, secret) = (made.key.access_key.as_str(), made.secret.reveal());
    let actor = authenticate::by_api_key(&world.app, access_key, secret).await.expect("readable").expect("works");
    assert_eq!((actor.organisation, actor.user), (lin.actor.organisation, lin.actor.user));
    assert_eq!(actor.credential, Credential::ApiKey { id: made.key.id });
    assert_eq!(code(api_keys::revoke(&world.app, &lin.actor, made.key.id).await), "fine");
    assert_eq!(authenticate::by_api_key(&world.app, access_key, secret).await.expect("readable"), None);
    assert_eq!(code(api_keys::revoke(&world.app, &lin.actor, made.key.id).await), "not_found");
    assert!(api_keys::list(&world.app, &lin.actor).await.expect("readable").is_empty());
}

async fn a_key_needs_its_own_secret(world: World) {
    let lin = world.customer("Kestrel").await;
    let one = api_keys::make(&world.app, &lin.actor, "one").await.expect("fresh");
    let two = api_keys::make(&world.app, &lin.actor, "two").await.expect("fresh");
    let key = one.key.access_key.as_str();
    let cut = &one.secret.reveal()[..39];
    for (key, secret) in
        [(key, two.secret.reveal()), (key, cut), (key, ""), ("SKAAAAAAAAAAAAAAAAAA", one.secret.reveal()), ("", "")]
    {
        assert_eq!(authenticate::by_api_key(&world.app, key, secret).await.expect("readable"), None);
    }
}

async fn the_secret_is_sealed_and_listed_nowhere(world: World) {
    let lin = world.customer("Kestrel").await;
    let made = api_keys::make(&world.app, &lin.actor, "import").await.expect("fresh");
    let rows = world
        .database()
        .db
        .read::<_, _, testkit::db::DbError, _>((), |tx, ()| {
            Box::pin(async move {
                tx.query(
                    "SELECT secret_sealed AS text FROM api_keys UNION ALL SELECT facts AS text FROM events",
                    testkit::db::values![],
                )
                .await
            })
        })
        .await
        .expect("readable");
    assert!(rows.len() > 1);
    for row in rows {
        assert!(!row.get::<String>("text").expect("text").contains(made.secret.reveal()));
    }
    let listed = api_keys::list(&world.app, &lin.actor).await.expect("readable");
    assert!(!format!("{listed:?}{made:?}").contains(made.secret.reveal()));
}

async fn the_last_use_is_remembered_to_the_minute(world: World) {
    let lin = world.customer("Kestrel").await;
    let made = api_keys::make(&world.app, &lin.actor, "import").await.expect("fresh");
    let used = async || api_keys::list(&world.app, &lin.actor).await.expect("readable")[0].used_at;
    assert_eq!(used().await, None);
    let first = world.app.now();
    for _ in 0..2 {
        let found = authenticate::by_api_key(&world.app, made.key.access_key.as_str(), made.secret.reveal()).await;
        assert!(found.expect("readable").is_some());
        assert_eq!(used().await, Some(first), "once a minute is enough");
        world.clock.advance(SignedDuration::from_secs(59));
    }
    let found = authenticate::by_api_key(&world.app, made.key.access_key.as_str(), made.secret.reveal()).await;
    assert!(found.expect("readable").is_some());
    assert_eq!(used().await, Some(world.app.now()));
}

async fn only_administrators_make_and_see_keys(world: World) {
    let lin = world.customer("Kestrel").await;
    let made = api_keys::make(&world.app, &lin.actor, "import").await.expect("fresh");
    let wei = world.colleague(&lin, Role::Member).await;
    let key = authenticate::by_api_key(&world.app, made.key.access_key.as_str(), made.secret.reveal()).await;
    let key = key.expect("readable").expect("works");
    for actor in [&wei.actor, &key] {
        assert_eq!(code(api_keys::list(&world.app, actor).await), "not_allowed");
        assert_eq!(code(api_keys::make(&world.app, actor, "more").await), "not_allowed");
        assert_eq!(code(api_keys::revoke(&world.app, actor, made.key.id).await), "not_allowed");
    }
    assert_eq!(code(api_keys::make(&world.app, &lin.actor, " ").await), "required");
}

async fn an_organisation_has_so_many_keys_and_no_more(world: World) {
    let lin = world.customer("Kestrel").await;
    for number in 0..ApiKey::MOST {
        assert_eq!(code(api_keys::make(&world.app, &lin.actor, &format!("key {number}")).await), "fine");
    }
    assert_eq!(code(api_keys::make(&world.app, &lin.actor, "one more").await), "too_many_api_keys");
}

async fn two_organisations_never_see_each_others_keys(world: World) {
    let lin = world.customer("Kestrel").await;
    let other = world.customer("Heron").await;
    let made = api_keys::make(&world.app, &lin.actor, "import").await.expect("fresh");
    assert!(api_keys::list(&world.app, &other.actor).await.expect("readable").is_empty());
    assert_eq!(code(api_keys::revoke(&world.app, &other.actor, made.key.id).await), "not_found");
    let found = authenticate::by_api_key(&world.app, made.key.access_key.as_str(), made.secret.reveal()).await;
    assert!(found.expect("readable").is_some(), "nothing was touched");
}
