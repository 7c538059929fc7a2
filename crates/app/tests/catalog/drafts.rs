//! Drafts: kept as typed, alone with their seller, and complete before they are submitted.

use app::AppError;
use app::catalog::{
    add_specification, begin_draft, delete_draft, list_products, preview_product, remove_specification, save_section,
    show_draft, submit_release, upload_logo,
};
use domain::catalog::{DeliveryMethod, Field, ProductState, Section};
use domain::identity::Role;
use domain::text::Language;
use ports::FailureClass;
use testkit::{World, on_every_world};

use crate::code;

on_every_world![
    what_was_typed_is_kept_and_what_is_too_long_keeps_nothing,
    two_windows_on_one_section_do_not_overwrite_each_other,
    a_foreign_draft_does_not_exist,
    an_empty_draft_is_refused_with_everything_it_lacks,
    a_failing_case_is_named_and_nothing_is_submitted,
    supervised_service_stays_in_the_draft_and_is_not_submitted,
    a_viewer_and_a_customer_change_nothing,
    a_draft_is_thrown_away_and_its_checklist_follows_every_change,
];

async fn what_was_typed_is_kept_and_what_is_too_long_keeps_nothing(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let id = begin_draft(&world.app, &mei.actor, DeliveryMethod::Saas).await.expect("a seller begins");
    let typed = vec![(Field::Version, " v0 ".to_owned()), (Field::NameZh, "备份".to_owned())];
    let saved = save_section(&world.app, &mei.actor, id, Section::Basics, typed, Some(0)).await.expect("kept");
    assert_eq!((saved.version, saved.at), (1, world.app.now()));
    let long = vec![(Field::NameEn, "kept?".to_owned()), (Field::NameZh, "x".repeat(201))];
    assert_eq!(code(save_section(&world.app, &mei.actor, id, Section::Basics, long, Some(1)).await), "too_long");
    let view = show_draft(&world.app, &mei.actor, id).await.expect("there");
    assert_eq!(view.product.draft.get(Field::Version), " v0 ");
    assert_eq!((view.product.draft.get(Field::NameZh), view.product.draft.get(Field::NameEn)), ("备份", ""));
}

async fn two_windows_on_one_section_do_not_overwrite_each_other(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let id = begin_draft(&world.app, &mei.actor, DeliveryMethod::Saas).await.expect("a seller begins");
    let name = |text: &str| vec![(Field::NameEn, text.to_owned())];
    save_section(&world.app, &mei.actor, id, Section::Basics, name("one"), Some(0)).await.expect("the first window");
    let second = save_section(&world.app, &mei.actor, id, Section::Basics, name("two"), Some(0)).await;
    assert_eq!(code(second), "draft_changed_elsewhere");
    let guide = vec![(Field::GuideEn, "other section".to_owned())];
    assert_eq!(code(save_section(&world.app, &mei.actor, id, Section::Details, guide, Some(0)).await), "fine");
    let view = show_draft(&world.app, &mei.actor, id).await.expect("there");
    assert_eq!(view.product.draft.get(Field::NameEn), "one");
}

async fn a_foreign_draft_does_not_exist(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let eve = world.seller_named("Eve").await;
    let id = world.full_draft(&mei, "Granary Backup").await;
    let specification = show_draft(&world.app, &mei.actor, id).await.expect("there").product.draft.specifications[0].id;
    let (app, actor) = (&world.app, &eve.actor);
    let typed = vec![(Field::NameEn, "mine now".to_owned())];
    let answers = [
        code(show_draft(app, actor, id).await),
        code(preview_product(app, actor, id, Language::English).await),
        code(save_section(app, actor, id, Section::Basics, typed, None).await),
        code(add_specification(app, actor, id, Vec::new()).await),
        code(remove_specification(app, actor, id, specification).await),
        code(upload_logo(app, actor, id, vec![1, 2, 3]).await),
        code(submit_release(app, actor, id).await),
        code(delete_draft(app, actor, id).await),
    ];
    assert_eq!(answers, ["not_found"; 8]);
    assert_eq!(list_products(app, actor).await.expect("own list").len(), 0);
    assert_eq!(
        show_draft(app, &mei.actor, id).await.expect("there").product.draft.get(Field::NameEn),
        "Granary Backup"
    );
}

async fn an_empty_draft_is_refused_with_everything_it_lacks(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let id = begin_draft(&world.app, &mei.actor, DeliveryMethod::Saas).await.expect("a seller begins");
    let shown = show_draft(&world.app, &mei.actor, id).await.expect("there");
    let Err(AppError::Invalid(problems)) = submit_release(&world.app, &mei.actor, id).await else {
        panic!("an empty draft is submitted")
    };
    // The list beside the form and the refusal are the same.
    assert_eq!(problems, shown.checklist.problems());
    assert!(problems.iter().count() > 10 && problems.iter().any(|problem| problem.code == "specification_missing"));
    assert_eq!(world.seller.calls().len(), 0, "nothing is sent for a draft that lacks something");
}

async fn a_failing_case_is_named_and_nothing_is_submitted(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let id = world.full_draft(&mei, "Granary Backup").await;
    world.seller.will_fail(FailureClass::ConnectFailed);
    let answer = submit_release(&world.app, &mei.actor, id).await;
    let Err(AppError::Refused(refusal)) = &answer else { panic!("{answer:?}") };
    assert_eq!(refusal.code, "release_case_failed");
    assert!(refusal.arguments.contains(&("activity", "newInstance".into())), "{refusal:?}");
    let view = show_draft(&world.app, &mei.actor, id).await.expect("there");
    assert_eq!((view.product.state, view.application), (ProductState::Draft, None));
    world.sellers_are_honest();
    assert_eq!(code(submit_release(&world.app, &mei.actor, id).await), "fine");
    assert_eq!(code(submit_release(&world.app, &mei.actor, id).await), "product_wrong_state");
}

async fn a_viewer_and_a_customer_change_nothing(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let id = world.full_draft(&mei, "Granary Backup").await;
    let viewer = world.colleague(&mei, Role::Viewer).await;
    let customer = world.customer("Kestrel").await;
    let typed = vec![(Field::NameEn, "changed".to_owned())];
    for actor in [&viewer.actor, &customer.actor] {
        let answer = save_section(&world.app, actor, id, Section::Basics, typed.clone(), None).await;
        assert_eq!(code(answer), "not_allowed");
        assert_eq!(code(submit_release(&world.app, actor, id).await), "not_allowed");
        assert_eq!(code(begin_draft(&world.app, actor, DeliveryMethod::Saas).await), "not_allowed");
    }
    assert_eq!(code(show_draft(&world.app, &viewer.actor, id).await), "fine");
}

async fn a_draft_is_thrown_away_and_its_checklist_follows_every_change(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let id = world.full_draft(&mei, "Granary Backup").await;
    let view = show_draft(&world.app, &mei.actor, id).await.expect("there");
    assert!(view.checklist.release.is_some());
    remove_specification(&world.app, &mei.actor, id, view.product.draft.specifications[0].id).await.expect("removed");
    let view = show_draft(&world.app, &mei.actor, id).await.expect("there");
    let missing: Vec<_> = view.checklist.unmet().map(|(_, problem)| problem.code).collect();
    assert_eq!(missing, ["specification_missing"]);
    delete_draft(&world.app, &mei.actor, id).await.expect("thrown away");
    assert_eq!(code(show_draft(&world.app, &mei.actor, id).await), "not_found");
}

async fn supervised_service_stays_in_the_draft_and_is_not_submitted(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let id = world.full_draft(&mei, "Granary Backup").await;
    let supervision = |to: &str| vec![(Field::Supervision, to.to_owned())];
    let save = save_section(&world.app, &mei.actor, id, Section::Delivery, supervision("supervised"), None).await;
    assert_eq!(code(save), "fine", "a draft may say so");
    assert_eq!(code(submit_release(&world.app, &mei.actor, id).await), "supervision_not_offered");
    let kept = show_draft(&world.app, &mei.actor, id).await.expect("there").product;
    assert_eq!((kept.draft.get(Field::Supervision), kept.state), ("supervised", ProductState::Draft));
}
