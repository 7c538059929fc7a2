//! Notices: one per event and person, an e-mail each, and what happens when no server takes it.

use app::AppError;
use app::catalog::approve_release;
use app::identity::ChangeAccount;
use app::ledger::TopUp;
use app::notices::{Audience, Notice, link_of, list, mark_all_read, notify, open, unseen_count};
use domain::audit::Doer;
use domain::text::Language;
use domain::time::SignedDuration;
use ports::MailFailure;
use testkit::{Person, World, on_every_world};

on_every_world![
    a_person_is_told_once_in_the_centre_and_by_mail,
    a_notice_reads_in_the_language_of_the_reader,
    a_mail_names_product_and_amount_as_its_reader_writes_them,
    a_mail_is_tried_again_until_a_server_takes_it,
    a_mail_that_no_server_takes_is_given_up_after_a_day_and_the_notice_stays,
    nobody_opens_the_notice_of_another_person,
    what_a_mail_server_says_is_kept_without_the_address,
];

async fn tell(world: &World, person: &Person, about: &'static str) {
    let notice = Notice {
        to: Audience::Organisation(person.actor.organisation),
        kind: "api_key_made",
        about: about.to_owned(),
        arguments: vec![("access_key", "SKTEST".into()), ("name", "Build server".into())],
        link: "/account/keys".to_owned(),
    };
    let moment = world.app.moment(Doer::System);
    world
        .app
        .store
        .write((moment, notice), |tx, (moment, notice): (app::events::Moment, Notice)| {
            Box::pin(async move { Ok::<(), AppError>(notify(tx, &moment, notice).await?) })
        })
        .await
        .expect("a notice can be written");
}

async fn a_person_is_told_once_in_the_centre_and_by_mail(world: World) {
    let person = world.customer("Kestrel Freight").await;
    let before = world.mail.mails_to(&person.email).len();
    world.settle().await;
    tell(&world, &person, "key_1").await;
    tell(&world, &person, "key_1").await;
    assert_eq!(world.settle().await, 1, "one e-mail, and no work for the repeat");
    let notices = list(&world.app, &person.actor, Language::English, None, 10).await.expect("reads");
    let about = notices.iter().filter(|notice| notice.kind == "api_key_made").count();
    assert_eq!(about, 1, "the same event tells a person once");
    let mails = world.mail.mails_to(&person.email);
    assert_eq!(mails.len(), before + 1);
    let mail = mails.last().expect("it was sent");
    assert_eq!(mail.subject, "A new access key was made");
    assert!(mail.text.contains("Build server") && mail.text.contains("/account/keys"), "{}", mail.text);
}

async fn a_notice_reads_in_the_language_of_the_reader(world: World) {
    let person = world.customer("Kestrel Freight").await;
    tell(&world, &person, "key_1").await;
    let read = |language| list(&world.app, &person.actor, language, None, 10);
    let english = read(Language::English).await.expect("reads");
    let chinese = read(Language::Chinese).await.expect("reads");
    assert_eq!(english[0].id, chinese[0].id);
    assert_ne!(english[0].subject, chinese[0].subject);
}

async fn a_mail_names_product_and_amount_as_its_reader_writes_them(world: World) {
    let (mei, operator) = (world.seller_named("Brightwell").await, world.operator().await);
    let speaks = ChangeAccount { name: "Mei".to_owned(), language: Language::Chinese };
    speaks.run(&world.app, &mei.actor).await.expect("a person chooses their language");
    let release = world.submitted(&mei, "Granary Backup").await;
    approve_release(&world.app, &operator.actor, release).await.expect("it lacks nothing");
    let top_up = TopUp {
        organisation: mei.actor.organisation,
        amount: "5000".to_owned(),
        note: "Bank transfer".to_owned(),
        key: "march".to_owned(),
    };
    top_up.run(&world.app, &operator.actor).await.expect("booked");
    world.settle().await;
    let subjects = |person: &Person| -> Vec<String> {
        world.mail.mails_to(&person.email).into_iter().map(|mail| mail.subject).collect()
    };
    let to_mei = subjects(&mei);
    assert!(to_mei.iter().any(|subject| subject.contains("谷仓备份")), "{to_mei:?}");
    assert!(to_mei.iter().any(|subject| subject.contains("USD 5,000.00")), "{to_mei:?}");
    assert!(!to_mei.iter().any(|subject| subject.contains("Granary")), "{to_mei:?}");
    let to_operator = subjects(&operator);
    assert!(to_operator.iter().any(|subject| subject.contains("Granary Backup")), "{to_operator:?}");
    let english = list(&world.app, &mei.actor, Language::English, None, 10).await.expect("reads");
    assert!(
        english.iter().any(|notice| notice.subject == "Granary Backup is on sale"),
        "the reader chose, not the writer"
    );
}

async fn a_mail_is_tried_again_until_a_server_takes_it(world: World) {
    let person = world.customer("Kestrel Freight").await;
    world.settle().await;
    let before = world.mail.mails_to(&person.email).len();
    world.mail.refuse_next(MailFailure::Temporary("busy".to_owned()));
    tell(&world, &person, "key_1").await;
    world.settle().await;
    assert_eq!(world.mail.mails_to(&person.email).len(), before);
    world.advance(SignedDuration::from_mins(6)).await;
    assert_eq!(world.mail.mails_to(&person.email).len(), before + 1);
}

async fn a_mail_that_no_server_takes_is_given_up_after_a_day_and_the_notice_stays(world: World) {
    let person = world.customer("Kestrel Freight").await;
    world.settle().await;
    for _ in 0..400 {
        world.mail.refuse_next(MailFailure::Temporary("down".to_owned()));
    }
    tell(&world, &person, "key_1").await;
    world.live_through(SignedDuration::from_hours(26)).await;
    let refused = world.mail.refusals_left();
    world.live_through(SignedDuration::from_hours(2)).await;
    assert_eq!(world.mail.refusals_left(), refused, "nobody tries any more");
    assert!(refused < 400 && refused > 0);
    let notices = list(&world.app, &person.actor, Language::English, None, 10).await.expect("reads");
    assert!(notices.iter().any(|notice| notice.kind == "api_key_made"));
}

async fn nobody_opens_the_notice_of_another_person(world: World) {
    let lin = world.customer("Kestrel Freight").await;
    let mei = world.customer("Brightwell Systems").await;
    tell(&world, &lin, "key_1").await;
    assert_eq!(unseen_count(&world.app, &lin.actor).await.expect("reads"), 1);
    let id = list(&world.app, &lin.actor, Language::English, None, 1).await.expect("reads")[0].id;
    assert_eq!(unseen_count(&world.app, &lin.actor).await.expect("reads"), 1, "looking at the list marks nothing");
    assert_eq!(link_of(&world.app, &lin.actor, id).await.expect("reads"), "/account/keys");
    assert_eq!(unseen_count(&world.app, &lin.actor).await.expect("reads"), 1, "nor does asking where one leads");
    assert!(matches!(link_of(&world.app, &mei.actor, id).await, Err(AppError::NotFound("notice"))));
    assert!(matches!(open(&world.app, &mei.actor, id).await, Err(AppError::NotFound("notice"))));
    assert_eq!(open(&world.app, &lin.actor, id).await.expect("opens"), "/account/keys");
    assert_eq!(unseen_count(&world.app, &lin.actor).await.expect("reads"), 0, "it was opened");
    tell(&world, &lin, "key_2").await;
    assert_eq!(unseen_count(&world.app, &lin.actor).await.expect("reads"), 1);
    mark_all_read(&world.app, &mei.actor).await.expect("writes");
    assert_eq!(unseen_count(&world.app, &lin.actor).await.expect("reads"), 1, "everybody marks their own");
    mark_all_read(&world.app, &lin.actor).await.expect("writes");
    assert_eq!(unseen_count(&world.app, &lin.actor).await.expect("reads"), 0);
}

async fn what_a_mail_server_says_is_kept_without_the_address(world: World) {
    let person = world.customer("Kestrel").await;
    world.settle().await;
    let answer = format!("550 <{}> is unknown here, {} is", person.email.to_uppercase(), person.email);
    world.mail.refuse_next(MailFailure::Permanent(answer));
    tell(&world, &person, "key_1").await;
    world.settle().await;
    let dump = world.dump().await;
    let said: Vec<_> = dump["notices"].iter().filter_map(|row| row.get("mail_failure")).collect();
    assert_eq!(said, ["550 <the recipient> is unknown here, the recipient is"]);
}
