//! From submission to the market: the queue, claims, decisions, and a change beside the live version.

use app::AppError;
use app::catalog::{
    approve_release, claim_release, list_releases, reject_release, review_queue, save_fields, show_draft, show_product,
    show_release, show_review, submit_release, unclaim_release, withdraw_release,
};
use domain::catalog::{ApplicationKind, ApplicationState, Field, FieldDifference, ProductState};
use domain::identity::Role;
use domain::outcome::Outcome;
use domain::text::Language;
use domain::time::SignedDuration;
use testkit::{World, on_every_world};

use crate::{code, found};

on_every_world![
    an_approved_product_is_listed_and_found_in_both_languages,
    a_rejected_one_comes_back_with_reasons_and_is_submitted_again,
    a_change_is_judged_while_the_old_version_stays_on_sale,
    a_withdrawn_one_is_not_decided_any_more,
    what_one_operator_claimed_another_does_not_decide,
    the_queue_is_oldest_first_and_says_what_is_late,
    nobody_but_the_operator_reviews,
];

async fn an_approved_product_is_listed_and_found_in_both_languages(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let ada = world.operator().await;
    let product = world.full_draft(&mei, "Granary Backup").await;
    let release = submit_release(&world.app, &mei.actor, product).await.expect("complete");
    assert_eq!(found(&world, "granary"), [""; 0], "not before approval");
    assert_eq!(approve_release(&world.app, &ada.actor, release).await.ok(), Some(Outcome::Applied(())));
    assert_eq!(approve_release(&world.app, &ada.actor, release).await.ok(), Some(Outcome::AlreadyApplied));
    for words in ["granary", "grannary backups", "谷仓", "数据库", "brightwell"] {
        assert_eq!(found(&world, words), ["granary-backup"], "{words}");
    }
    let view = show_product(&world.app, "granary-backup", None, Language::Chinese).await.expect("listed");
    assert!(view.purchasable && view.plans.len() == 1);
    world.settle().await;
    let mails = world.mail.mails_to(&mei.email);
    assert!(mails.iter().any(|mail| mail.subject == "Granary Backup is with the operator"), "{mails:?}");
    assert!(mails.iter().any(|mail| mail.subject == "Granary Backup is on sale"), "{mails:?}");
    let mails = world.mail.mails_to(&ada.email);
    assert!(mails.iter().any(|mail| mail.subject == "Granary Backup waits for review"), "{mails:?}");
}

async fn a_rejected_one_comes_back_with_reasons_and_is_submitted_again(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let ada = world.operator().await;
    let product = world.full_draft(&mei, "Granary Backup").await;
    let release = submit_release(&world.app, &mei.actor, product).await.expect("complete");
    let fields = [("overview_en".to_owned(), "Say what it is.".to_owned())];
    assert_eq!(code(reject_release(&world.app, &ada.actor, release, " ", &fields).await), "required");
    reject_release(&world.app, &ada.actor, release, "One field, please.", &fields).await.expect("rejected");
    let view = show_draft(&world.app, &mei.actor, product).await.expect("there");
    assert_eq!(view.product.state, ProductState::Draft);
    match view.application.expect("the submission stays").state {
        ApplicationState::Rejected { reason, fields, .. } => {
            assert_eq!((reason.as_str(), fields[0].field.as_str()), ("One field, please.", "overview_en"));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(code(approve_release(&world.app, &ada.actor, release).await), "release_decided");
    let again = submit_release(&world.app, &mei.actor, product).await.expect("it may be submitted again");
    assert_ne!(again, release);
    approve_release(&world.app, &ada.actor, again).await.expect("approved");
    assert_eq!(list_releases(&world.app, &mei.actor).await.expect("own").len(), 2);
    world.settle().await;
    let mails = world.mail.mails_to(&mei.email);
    assert!(mails.iter().any(|mail| mail.text.contains("One field, please.")), "{mails:?}");
}

async fn a_change_is_judged_while_the_old_version_stays_on_sale(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let ada = world.operator().await;
    let product = world.full_draft(&mei, "Granary Backup").await;
    let first = submit_release(&world.app, &mei.actor, product).await.expect("complete");
    approve_release(&world.app, &ada.actor, first).await.expect("approved");
    let change = vec![(Field::NameEn, "Silo Backup".to_owned()), (Field::Version, "V5.0".to_owned())];
    save_fields(&world.app, &mei.actor, product, change).await.expect("a listed product may be drafted on");
    let second = submit_release(&world.app, &mei.actor, product).await.expect("complete");
    let view = show_product(&world.app, "granary-backup", None, Language::English).await.expect("still on sale");
    assert_eq!(view.release.name.say(Language::English), "Granary Backup");
    let blocked = save_fields(&world.app, &mei.actor, product, vec![(Field::NameEn, "Later".to_owned())]).await;
    assert_eq!(code(blocked), "release_pending");
    let review = show_review(&world.app, &ada.actor, second).await.expect("there");
    let changed = review.differences.iter().filter(|one| one.changed()).map(|one| one.field.as_str());
    assert_eq!(
        (review.application.kind, changed.collect::<Vec<_>>()),
        (ApplicationKind::Modify, vec!["name_en", "version"])
    );
    approve_release(&world.app, &ada.actor, second).await.expect("approved");
    let view = show_product(&world.app, "granary-backup", None, Language::English).await.expect("the address stays");
    assert_eq!(view.release.name.say(Language::English), "Silo Backup");
    assert_eq!((found(&world, "silo"), found(&world, "granary").len()), (vec!["granary-backup".to_owned()], 1));
    let review = show_review(&world.app, &ada.actor, first).await.expect("decided ones stay readable");
    assert!(review.differences.iter().all(FieldDifference::changed) && review.history.len() == 2);
}

async fn a_withdrawn_one_is_not_decided_any_more(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let eve = world.seller_named("Eve").await;
    let ada = world.operator().await;
    let release = world.submitted(&mei, "Granary Backup").await;
    assert_eq!(code(withdraw_release(&world.app, &eve.actor, release).await), "not_found");
    assert_eq!(code(show_release(&world.app, &eve.actor, release).await), "not_found");
    assert_eq!(withdraw_release(&world.app, &mei.actor, release).await.ok(), Some(Outcome::Applied(())));
    assert_eq!(withdraw_release(&world.app, &mei.actor, release).await.ok(), Some(Outcome::AlreadyApplied));
    assert_eq!(code(approve_release(&world.app, &ada.actor, release).await), "release_decided");
    let view = show_release(&world.app, &mei.actor, release).await.expect("own");
    assert_eq!(view.product.state, ProductState::Draft);
    world.settle().await;
    let told = world.mail.mails_to(&ada.email);
    assert_eq!(told.iter().filter(|mail| mail.subject == "Granary Backup was withdrawn").count(), 1, "{told:?}");
    assert_eq!(review_queue(&world.app, &ada.actor, None, 10).await.expect("the queue").len(), 0);
}

async fn what_one_operator_claimed_another_does_not_decide(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let ada = world.operator().await;
    let bob = world.colleague(&ada, Role::Member).await;
    let release = world.submitted(&mei, "Granary Backup").await;
    claim_release(&world.app, &ada.actor, release).await.expect("free");
    for answer in [
        code(claim_release(&world.app, &bob.actor, release).await),
        code(approve_release(&world.app, &bob.actor, release).await),
        code(reject_release(&world.app, &bob.actor, release, "no", &[]).await),
    ] {
        assert_eq!(answer, "release_claimed_by_other");
    }
    let row = review_queue(&world.app, &bob.actor, None, 10).await.expect("the queue").remove(0);
    assert_eq!(row.claimed_by.as_deref(), Some(ada.actor.user_name.as_str()));
    unclaim_release(&world.app, &bob.actor, release).await.expect("people go on holiday");
    assert_eq!(code(approve_release(&world.app, &bob.actor, release).await), "fine");
}

async fn the_queue_is_oldest_first_and_says_what_is_late(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let ada = world.operator().await;
    let first = world.submitted(&mei, "First").await;
    world.clock.advance(SignedDuration::from_hours(80));
    let second = world.submitted(&mei, "Second").await;
    world.clock.advance(SignedDuration::from_hours(48));
    let rows = review_queue(&world.app, &ada.actor, None, 10).await.expect("the queue");
    let order: Vec<_> = rows.iter().map(|row| (row.application.id, row.overdue)).collect();
    assert_eq!(order, [(first, true), (second, false)]);
    let after = Some((rows[0].application.submitted_at, first));
    let rest = review_queue(&world.app, &ada.actor, after, 10).await.expect("the queue");
    assert_eq!(rest.iter().map(|row| row.application.id).collect::<Vec<_>>(), [second]);
    let view = show_review(&world.app, &ada.actor, first).await.expect("there");
    assert_eq!((view.next, view.previous, view.application.cases_replayed), (Some(second), None, 5));
}

async fn nobody_but_the_operator_reviews(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let release = world.submitted(&mei, "Granary Backup").await;
    let answers: [Result<(), AppError>; 4] = [
        review_queue(&world.app, &mei.actor, None, 10).await.map(|_| ()),
        show_review(&world.app, &mei.actor, release).await.map(|_| ()),
        approve_release(&world.app, &mei.actor, release).await.map(|_| ()),
        reject_release(&world.app, &mei.actor, release, "no", &[]).await.map(|_| ()),
    ];
    assert_eq!(answers.map(code), ["not_allowed"; 4]);
}
