//! The way to becoming a seller (functions.md 1.1).

use app::selling::applications::{self, SaveDraft};
use app::selling::papers::{licence_of, my_licence};
use app::selling::review::{self, Decision, QueueFrom};
use domain::identity::{OrganisationKind, Role};
use domain::selling::{ApplicationForm, ApplicationStage, ApplicationState, LicenceFormat};
use domain::time::SignedDuration;
use testkit::{LICENCE_PDF, LICENCE_PNG, LOGO_PNG, World, on_every_world};

use crate::{code, filled};

on_every_world![
    an_approved_applicant_becomes_a_seller_and_both_sides_are_told,
    a_rejected_application_is_changed_and_handed_in_again,
    a_draft_keeps_whatever_was_typed_and_an_incomplete_one_is_not_taken,
    two_tabs_do_not_overwrite_each_other,
    nobody_decides_twice_and_only_operators_decide,
    the_queue_is_oldest_first_with_a_promise_of_three_working_days,
    only_an_administrator_of_a_customer_applies,
    nothing_is_handed_in_without_logo_and_licence,
    logo_and_licence_are_drawn_anew_or_kept_inert_and_the_licence_lies_sealed,
    an_exchanged_licence_is_gone_and_a_submitted_one_cannot_be_exchanged,
    the_licence_is_shown_to_the_applicant_and_to_reviewers_only,
    the_customer_service_is_written_to_unless_a_member_reads_its_address,
    the_queue_goes_on_page_after_page_without_losing_anybody,
];

fn ask(form: ApplicationForm) -> SaveDraft {
    SaveDraft { form, known_revision: None }
}

async fn an_approved_applicant_becomes_a_seller_and_both_sides_are_told(world: World) {
    let operator = world.operator().await;
    let lin = world.customer("Kestrel").await;
    assert_eq!(code(app::selling::addresses::list(&world.app, &lin.actor).await), "not_allowed");
    world.papers(&lin).await;
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
    world.papers(&lin).await;
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
    world.papers(&lin).await;
    let application = world.app.submit_seller_application(&lin.actor, ask(filled("Kestrel"))).await.expect("it holds");
    let decide = |actor, decision| world.app.decide_seller_application(actor, application.id, decision);
    assert_eq!(code(decide(&lin.actor, Decision::Approve).await), "not_allowed");
    assert_eq!(code(decide(&mei.actor, Decision::Approve).await), "not_allowed");
    assert_eq!(code(review::queue(&world.app, &mei.actor, QueueFrom::default(), review::PAGE).await), "not_allowed");
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
        world.papers(&person).await;
        world.app.submit_seller_application(&person.actor, ask(filled(name))).await.expect("it holds");
        names.push(name.to_owned());
        world.advance(SignedDuration::from_hours(1)).await;
    }
    let drafting = world.customer("Undecided").await;
    world.app.save_seller_application(&drafting.actor, ask(filled("Undecided"))).await.expect("a draft");
    let queue = review::queue(&world.app, &operator.actor, QueueFrom::default(), review::PAGE).await.expect("readable");
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

async fn nothing_is_handed_in_without_logo_and_licence(world: World) {
    let lin = world.customer("Kestrel").await;
    let wanting = world.app.submit_seller_application(&lin.actor, ask(filled("Kestrel"))).await;
    let Err(app::AppError::Invalid(problems)) = wanting else { panic!("it was taken") };
    let fields: Vec<_> = problems.iter().map(|problem| (problem.field.to_string(), problem.code)).collect();
    assert_eq!(fields, [("logo".to_owned(), "required"), ("licence".to_owned(), "required")]);
    world.app.upload_company_logo(&lin.actor, LOGO_PNG.to_vec()).await.expect("a good logo");
    assert_eq!(code(world.app.submit_seller_application(&lin.actor, ask(filled("Kestrel"))).await), "required");
    world.app.upload_business_licence(&lin.actor, LICENCE_PDF.to_vec()).await.expect("a good licence");
    assert_eq!(code(world.app.submit_seller_application(&lin.actor, ask(filled("Kestrel"))).await), "fine");
}

async fn logo_and_licence_are_drawn_anew_or_kept_inert_and_the_licence_lies_sealed(world: World) {
    let lin = world.customer("Kestrel").await;
    world.papers(&lin).await;
    let mine = applications::mine(&world.app, &lin.actor).await.expect("readable");
    let hash = mine.papers.logo_hash.expect("a logo");
    let logo = app::catalog::logo_bytes(&world.app, &hash).await.expect("it is served");
    assert_eq!((&logo[1..4], &logo[16..24]), (&b"PNG"[..], &[0, 0, 1, 80, 0, 0, 0, 160][..]), "336 × 160, by us");
    let file = my_licence(&world.app, &lin.actor).await.expect("one's own");
    assert_eq!((file.format, file.bytes.as_slice()), (LicenceFormat::Pdf, LICENCE_PDF), "a PDF is kept as it is");

    let hidden = b"Quetzalcoatl Yupanqui owns it";
    let picture = [LICENCE_PNG, &hidden[..]].concat();
    world.app.upload_business_licence(&lin.actor, picture).await.expect("a picture");
    let file = my_licence(&world.app, &lin.actor).await.expect("one's own");
    assert_eq!((file.format, &file.bytes[..2]), (LicenceFormat::Jpeg, &[0xff, 0xd8][..]), "a picture is drawn anew");
    assert!(!file.bytes.windows(hidden.len()).any(|part| part == hidden), "nothing but pixels is kept");
    let rows = &world.dump().await["business_licences"];
    assert_eq!(rows.len(), 1);
    let plain: String = file.bytes[..40].iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(!rows[0]["content_sealed"].to_lowercase().contains(&plain), "the table holds no readable licence");
    assert!(rows[0]["content_sealed"].len() > file.bytes.len(), "and yet the whole of it");

    let large = vec![0x89; 5 * 1024 * 1024 + 1];
    for (bytes, logo, licence) in [
        (b"".to_vec(), "required", "required"),
        (b"<svg onload=alert(1)>".to_vec(), "image_format", "licence_format"),
        (b"%PDF-1.7 and nothing more".to_vec(), "image_format", "pdf_incomplete"),
        (LOGO_PNG.to_vec(), "fine", "image_too_small"),
        (large, "image_too_large", "image_too_large"),
    ] {
        assert_eq!(code(world.app.upload_company_logo(&lin.actor, bytes.clone()).await), logo);
        assert_eq!(code(world.app.upload_business_licence(&lin.actor, bytes).await), licence);
    }
}

async fn an_exchanged_licence_is_gone_and_a_submitted_one_cannot_be_exchanged(world: World) {
    let operator = world.operator().await;
    let lin = world.customer("Kestrel").await;
    world.papers(&lin).await;
    world.papers(&lin).await;
    assert_eq!(world.dump().await["business_licences"].len(), 1);
    let handed_in = world.app.submit_seller_application(&lin.actor, ask(filled("Kestrel"))).await.expect("it holds");
    let exchange = || world.app.upload_business_licence(&lin.actor, LICENCE_PNG.to_vec());
    assert_eq!(code(exchange().await), "application_under_review");
    assert_eq!(code(world.app.upload_company_logo(&lin.actor, LOGO_PNG.to_vec()).await), "application_under_review");
    let reason = "The licence is out of date.".to_owned();
    let decided = world.app.decide_seller_application(&operator.actor, handed_in.id, Decision::Reject { reason });
    decided.await.expect("it waits");
    let exchanged = exchange().await.expect("a rejected one is mended");
    assert_eq!(exchanged.stage(), ApplicationStage::Rejected);
    assert_ne!(exchanged.papers.licence, handed_in.papers.licence);
    assert_eq!(exchanged.papers.logo, handed_in.papers.logo);
    assert_eq!(world.dump().await["business_licences"].len(), 1);
}

async fn the_licence_is_shown_to_the_applicant_and_to_reviewers_only(world: World) {
    let operator = world.operator().await;
    let (lin, mei) = (world.customer("Kestrel").await, world.customer("Brightwell").await);
    let drafted = world.papers(&lin).await;
    assert_eq!(code(licence_of(&world.app, &operator.actor, drafted.id).await), "not_found", "a draft is private");
    assert_eq!(code(my_licence(&world.app, &mei.actor).await), "not_found", "others have their own or none");
    world.app.submit_seller_application(&lin.actor, ask(filled("Kestrel"))).await.expect("it holds");
    let shown = licence_of(&world.app, &operator.actor, drafted.id).await.expect("reviewers see it");
    assert_eq!(shown.bytes, LICENCE_PDF);
    assert_eq!(code(licence_of(&world.app, &mei.actor, drafted.id).await), "not_allowed");
    assert_eq!(
        code(licence_of(&world.app, &lin.actor, drafted.id).await),
        "not_allowed",
        "that door is the operator's"
    );
    let dossier = review::dossier(&world.app, &operator.actor, drafted.id).await.expect("it waits");
    assert!(dossier.papers.logo_hash.is_some() && dossier.papers.licence.is_some());
    let member = world.colleague(&lin, Role::Member).await;
    let upload = world.app.upload_business_licence(&member.actor, LICENCE_PDF.to_vec()).await;
    assert_eq!(code(upload), "not_allowed");
}

async fn the_customer_service_is_written_to_unless_a_member_reads_its_address(world: World) {
    let operator = world.operator().await;
    let (lin, mei) = (world.customer("Kestrel").await, world.customer("Brightwell").await);
    for (person, email) in [(&lin, "Care@kestrel.example"), (&mei, mei.email.as_str())] {
        world.papers(person).await;
        let form = ApplicationForm { support_email: email.to_owned(), ..filled("Kestrel Freight") };
        let handed_in = world.app.submit_seller_application(&person.actor, ask(form)).await.expect("it holds");
        let reason = "The licence is out of date.".to_owned();
        let no = world.app.decide_seller_application(&operator.actor, handed_in.id, Decision::Reject { reason }).await;
        no.expect("it waits");
        world.settle().await;
    }
    let told = world.mail.mails_to("Care@kestrel.example");
    assert_eq!(told.len(), 1, "the customer service hears the answer, not the receipt");
    assert!(told[0].text.contains("The licence is out of date.") && told[0].text.contains("/seller/application"));
    assert_eq!(world.mail.mails_to(&mei.email).len(), 2, "receipt and answer, the answer once");
}

async fn the_queue_goes_on_page_after_page_without_losing_anybody(world: World) {
    let operator = world.operator().await;
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(world.seller_application().await); // all at one instant: the id decides between them
    }
    made.sort_by_key(ToString::to_string);
    let ids = |found: &[domain::selling::SellerApplication]| found.iter().map(|one| one.id).collect::<Vec<_>>();
    let (mut from, mut seen) = (QueueFrom::default(), Vec::new());
    loop {
        let queue = review::queue(&world.app, &operator.actor, from, 2).await.expect("readable");
        assert!(!queue.waiting.is_empty() && queue.waiting.len() <= 2);
        seen.extend(ids(&queue.waiting));
        // Whoever is decided while the operator leafs through does not push others off their place.
        if from.waiting.is_none() {
            let decided = world.app.decide_seller_application(&operator.actor, made[1], Decision::Approve).await;
            decided.expect("it waits");
        }
        let Some(last) = queue.more_waiting else { break };
        from = QueueFrom { waiting: Some(last), ..from };
    }
    assert_eq!(seen, made);
    for id in [made[0], made[2]] {
        world.app.decide_seller_application(&operator.actor, id, Decision::Approve).await.expect("it waits");
    }
    let first = review::queue(&world.app, &operator.actor, QueueFrom::default(), 2).await.expect("readable");
    let next = QueueFrom { decided: first.more_decided, ..QueueFrom::default() };
    let second = review::queue(&world.app, &operator.actor, next, 2).await.expect("readable");
    assert_eq!(second.more_decided, None);
    assert_eq!([ids(&first.decided), ids(&second.decided)].concat(), [made[2], made[1], made[0]]);
}
