//! The way to becoming a seller (functions.md 1.1).

use app::selling::applications::{self, SaveDraft};
use app::selling::review::{self, Decision};
use domain::identity::{OrganisationKind, Role};
use domain::selling::{ApplicationForm, ApplicationStage, ApplicationState};
use domain::time::SignedDuration;
use testkit::{World, on_every_world};

use crate::{code, filled};

on_every_world![
    an_approved_applicant_becomes_a_seller_and_both_sides_are_told,
    a_rejected_application_is_changed_and_handed_in_again,
    a_draft_keeps_whatever_was_typed_and_an_incomplete_one_is_not_taken,
    two_tabs_do_not_overwrite_each_other,
    nobody_decides_twice_and_only_operators_decide,
    the_queue_is_oldest_first_with_a_promise_of_three_working_days,
    only_an_administrator_of_a_customer_applies,
];

fn ask(form: ApplicationForm) -> SaveDraft {
    SaveDraft { form, known_revision: None }
}

async fn an_approved_applicant_becomes_a_seller_and_both_sides_are_told(world: World) {
    let operator = world.operator().await;
    let lin = world.customer("Kestrel").await;
    assert_eq!(code(app::selling::addresses::list(&world.app, &lin.actor).await), "not_allowed");
    let submitted =
        world.app.submit_seller_application(&lin.actor, ask(filled("Kestrel Freight"))).await.expect("it holds");
    world.settle().await;
    assert_eq!(world.mail.mails_to(&operator.email).len(), 1, "operators hear of it");
    assert_eq!(world.mail.mails_to(&lin.email).len(), 1, "the applicant gets a receipt");

    let decided = world.app.decide_seller_application(&operator.actor, submitted.id, Decision::Approve).await;
    assert_eq!(decided.expect("it waits").stage(), ApplicationStage::Approved);
    world.settle().await;
    let told = world.mail.mails_to(&lin.email);
    assert_eq!(told.len(), 2);
    assert!(told[1].text.contains("Kestrel Freight"), "{}", told[1].text);
    let lin = world.again(lin).await;
    assert_eq!(lin.actor.kind, OrganisationKind::Seller);
    assert_eq!(code(app::selling::addresses::list(&world.app, &lin.actor).await), "fine");
    let mine = applications::mine(&world.app, &lin.actor).await.expect("a seller sees its application");
    assert_eq!(mine.consents.iter().map(|consent| consent.version.as_str()).collect::<Vec<_>>(), ["1", "1", "1"]);
    assert!(
        mine.consents.iter().all(|consent| consent.agreed_by == lin.actor.user && consent.agreed_at == world.app.now())
    );
}

async fn a_rejected_application_is_changed_and_handed_in_again(world: World) {
    let operator = world.operator().await;
    let lin = world.customer("Kestrel").await;
    let first =
        world.app.submit_seller_application(&lin.actor, ask(filled("Kestrel Freight"))).await.expect("it holds");
    let short = Decision::Reject { reason: "No.".to_owned() };
    assert_eq!(code(world.app.decide_seller_application(&operator.actor, first.id, short).await), "too_short");
    let reason = "The licence number does not match the register.";
    let rejected = world
        .app
        .decide_seller_application(&operator.actor, first.id, Decision::Reject { reason: reason.to_owned() })
        .await
        .expect("it waits");
    let by = operator.actor.user;
    let now = world.app.now();
    let wanted =
        ApplicationState::Rejected { submitted_at: now, decided_at: now, decided_by: by, reason: reason.to_owned() };
    assert_eq!(rejected.state, wanted);
    world.settle().await;
    assert!(world.mail.mails_to(&lin.email).iter().any(|mail| mail.text.contains(reason)), "the reason is in the mail");

    let changed = ApplicationForm { licence_number: "91310000MA1K00001X".to_owned(), ..filled("Kestrel Freight") };
    let saved = world.app.save_seller_application(&lin.actor, ask(changed.clone())).await.expect("it may be changed");
    assert_eq!(saved.stage(), ApplicationStage::Rejected, "the reason stays in sight until it is handed in");
    let again = world.app.submit_seller_application(&lin.actor, ask(changed.clone())).await.expect("it holds");
    assert_eq!((again.id, again.stage(), &again.form), (first.id, ApplicationStage::PendingReview, &changed));
    let approved =
        world.app.decide_seller_application(&operator.actor, first.id, Decision::Approve).await.expect("it waits");
    let found = review::dossier(&world.app, &operator.actor, first.id).await.expect("it is there");
    assert_eq!(found.application, approved, "what was written reads back equal");
    assert_eq!(found.organisation.kind, OrganisationKind::Seller);
}

async fn a_draft_keeps_whatever_was_typed_and_an_incomplete_one_is_not_taken(world: World) {
    let lin = world.customer("Kestrel").await;
    assert_eq!(applications::mine(&world.app, &lin.actor).await.expect("readable").application, None);
    let half = ApplicationForm {
        company_name: " Kestrel ".to_owned(),
        website: "not yet".to_owned(),
        ..ApplicationForm::default()
    };
    let saved =
        world.app.save_seller_application(&lin.actor, ask(half.clone())).await.expect("a draft may be anything");
    let again = world.app.save_seller_application(&lin.actor, ask(half.clone())).await.expect("the same once more");
    assert_eq!(saved, again);
    assert_eq!(code(world.app.submit_seller_application(&lin.actor, ask(half.clone())).await), "web_address");
    let mine = applications::mine(&world.app, &lin.actor).await.expect("readable").application.expect("saved");
    assert_eq!((mine.form, mine.state), (half, ApplicationState::Draft));
    let endless = ApplicationForm { street: "x".repeat(5_000), ..ApplicationForm::default() };
    assert_eq!(code(world.app.save_seller_application(&lin.actor, ask(endless)).await), "too_long");
}

async fn two_tabs_do_not_overwrite_each_other(world: World) {
    let lin = world.customer("Kestrel").await;
    let save = |company: &str, known_revision| {
        let form = ApplicationForm { company_name: company.to_owned(), ..ApplicationForm::default() };
        world.app.save_seller_application(&lin.actor, SaveDraft { form, known_revision })
    };
    let first = save("One", None).await.expect("the first");
    save("Two", Some(first.revision)).await.expect("on top of it");
    assert_eq!(code(save("Three", Some(first.revision)).await), "application_changed_meanwhile");
}

async fn nobody_decides_twice_and_only_operators_decide(world: World) {
    let operator = world.operator().await;
    let (lin, mei) = (world.customer("Kestrel").await, world.customer("Brightwell").await);
    let application = world.app.submit_seller_application(&lin.actor, ask(filled("Kestrel"))).await.expect("it holds");
    let decide = |actor, decision| world.app.decide_seller_application(actor, application.id, decision);
    assert_eq!(code(decide(&lin.actor, Decision::Approve).await), "not_allowed");
    assert_eq!(code(decide(&mei.actor, Decision::Approve).await), "not_allowed");
    assert_eq!(code(review::queue(&world.app, &mei.actor).await), "not_allowed");
    let viewer = world.colleague(&operator, Role::Viewer).await;
    assert_eq!(code(decide(&viewer.actor, Decision::Approve).await), "not_allowed");
    assert_eq!(code(decide(&operator.actor, Decision::Approve).await), "fine");
    assert_eq!(code(decide(&operator.actor, Decision::Approve).await), "application_not_under_review");
    let reason = "It was a mistake, we take it back.".to_owned();
    assert_eq!(code(decide(&operator.actor, Decision::Reject { reason }).await), "application_not_under_review");
    let lin = world.again(lin).await;
    assert_eq!(code(world.app.submit_seller_application(&lin.actor, ask(filled("Kestrel"))).await), "not_allowed");
    assert_eq!(applications::mine(&world.app, &mei.actor).await.expect("readable").application, None);
}

async fn the_queue_is_oldest_first_with_a_promise_of_three_working_days(world: World) {
    let operator = world.operator().await;
    let mut names = Vec::new();
    for name in ["Kestrel", "Brightwell", "Tidewatch"] {
        let person = world.customer(name).await;
        world.app.submit_seller_application(&person.actor, ask(filled(name))).await.expect("it holds");
        names.push(name.to_owned());
        world.advance(SignedDuration::from_hours(1)).await;
    }
    let drafting = world.customer("Undecided").await;
    world.app.save_seller_application(&drafting.actor, ask(filled("Undecided"))).await.expect("a draft");
    let queue = review::queue(&world.app, &operator.actor).await.expect("readable");
    assert_eq!(queue.waiting.iter().map(|found| found.form.company_name.clone()).collect::<Vec<_>>(), names);
    assert_eq!(review::count_waiting(&world.app, &operator.actor).await.expect("readable"), 3);
    let ApplicationState::PendingReview { submitted_at, due_at } = queue.waiting[0].state else { panic!("it waits") };
    // Thursday, 14 May 2026; Saturday and Sunday do not count.
    assert_eq!(due_at.duration_since(submitted_at), SignedDuration::from_hours(5 * 24));
    let draft = applications::mine(&world.app, &drafting.actor).await.expect("readable").application.expect("saved");
    assert_eq!(code(review::dossier(&world.app, &operator.actor, draft.id).await), "not_found");
}

async fn only_an_administrator_of_a_customer_applies(world: World) {
    let lin = world.customer("Kestrel").await;
    let member = world.colleague(&lin, Role::Member).await;
    assert_eq!(code(world.app.save_seller_application(&member.actor, ask(filled("Kestrel"))).await), "not_allowed");
    let operator = world.operator().await;
    assert_eq!(code(world.app.submit_seller_application(&operator.actor, ask(filled("Harbour"))).await), "not_allowed");
}
