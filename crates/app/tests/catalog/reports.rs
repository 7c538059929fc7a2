//! Signed reports of the debugging kit beside a release: what is taken, what is refused, and what the reviewer is told.

use std::sync::Arc;

use app::catalog::{
    AttachedReport, attach_report, draft_report, draft_report_file, reject_release, release_report,
    release_report_file, remove_report, save_fields, submit_release,
};
use conformance::kit::report::{ReportKey, signed};
use conformance::kit::{self, Billing, KitLimits, Loopback, Protocol, Setup, Target};
use conformance::seller::{Seller, SellerConfig, SystemWorld};
use domain::catalog::Field;
use domain::ids::ProductId;
use domain::selling::{ReportConcern, ReportOutcome};
use domain::time::{SignedDuration, to_millisecond};
use koogallery::AccessKey;
use outbound::{GuardedClient, Limits, SystemResolver};
use ports::Clock as _;
use testkit::{ACCESS_KEY, Person, World, on_every_world, signed_report};

use crate::code;

on_every_world![
    a_report_of_the_kit_reaches_the_reviewer_byte_for_byte_and_verified,
    a_report_about_another_address_or_a_month_old_is_taken_and_named,
    a_changed_report_and_what_is_none_are_refused_and_nothing_is_kept,
    one_key_of_two_sellers_is_told_to_the_reviewer,
    a_submission_keeps_its_report_when_the_draft_gets_another,
    nobody_else_sees_or_changes_a_report,
];

/// The codes of what is to be noticed.
fn concerns(attached: &AttachedReport) -> Vec<&'static str> {
    let reading = attached.reading.as_ref().expect("it verifies");
    reading.concerns.iter().map(ReportConcern::code).collect()
}

async fn attached(world: &World, seller: &Person, product: ProductId) -> AttachedReport {
    draft_report(&world.app, &seller.actor, product).await.expect("readable").expect("there is one")
}

/// The address that the draft of `full_draft` names.
async fn address_of(world: &World, seller: &Person, product: ProductId) -> String {
    let view = app::catalog::show_draft(&world.app, &seller.actor, product).await.expect("there");
    let chosen = view.product.draft.get(Field::InterfaceAddress).to_owned();
    view.addresses.into_iter().find(|one| one.id.to_string() == chosen).expect("it is the seller's").url
}

/// A real run of the kit against a real reference seller, as a signed file.
async fn run_of_the_kit(world: &World) -> (String, Vec<u8>) {
    let key = AccessKey::parse(ACCESS_KEY).expect("a key");
    let seller = Seller::bind(SellerConfig::honest(key.clone())).await.expect("a port is free");
    let address = seller.production_url();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = seller.run(async move { drop(stopped.await) });
    let trying = async {
        let target = Target::parse(&address, Loopback::Allowed).expect("a good address");
        let client = GuardedClient::new(target.policy(), Limits::default(), Arc::new(SystemResolver::new()));
        let setup = Setup {
            address: target.address().to_owned(),
            key,
            protocol: Protocol::V2,
            billing: Billing::Period,
            activities: Vec::new(),
            orders: Vec::new(),
            limits: KitLimits::default(),
        };
        let run = kit::run(&setup, &client.expect("a client"), &SystemWorld).await;
        assert!(run.passed(), "{}", kit::text(&run));
        drop(stop);
        let now = to_millisecond(world.clock.now());
        signed(&run, &ReportKey::from_seed(&[9; 32]), "souk 0.1.0", now).into_bytes()
    };
    let (file, served) = tokio::join!(trying, serving);
    served.expect("it served until the end");
    (address, file)
}

async fn a_report_of_the_kit_reaches_the_reviewer_byte_for_byte_and_verified(world: World) {
    let (mei, ada) = (world.seller_named("Brightwell").await, world.operator().await);
    let product = world.full_draft(&mei, "Granary Backup").await;
    let (tried, file) = run_of_the_kit(&world).await;
    attach_report(&world.app, &mei.actor, product, file.clone()).await.expect("a real report");
    let release = submit_release(&world.app, &mei.actor, product).await.expect("complete");
    let seen = release_report(&world.app, &ada.actor, release).await.expect("readable").expect("carried");
    let reading = seen.reading.clone().expect("it verifies");
    assert_eq!((reading.report.protocol.as_str(), reading.report.billing.as_str()), ("v2", "period"));
    assert_eq!((reading.report.count(ReportOutcome::Fail), reading.report.passed), (0, true));
    assert!(reading.report.cases.len() > 10, "hostile cases too: {:?}", reading.report.cases.len());
    assert_eq!(reading.report.key_fingerprint, ReportKey::from_seed(&[9; 32]).fingerprint());
    assert_eq!(reading.concerns, [ReportConcern::OtherAddress { tried }], "it was tried on this machine");
    assert_eq!(release_report_file(&world.app, &ada.actor, release).await.ok(), Some(file));
}

async fn a_report_about_another_address_or_a_month_old_is_taken_and_named(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let product = world.full_draft(&mei, "Granary Backup").await;
    let address = address_of(&world, &mei, product).await;
    let good = signed_report(&address, world.clock.now(), 1);
    attach_report(&world.app, &mei.actor, product, good).await.expect("a good report");
    assert_eq!(concerns(&attached(&world, &mei, product).await), [""; 0]);
    world.clock.advance(SignedDuration::from_hours(24 * 31));
    let mei = world.sign_in(&mei.email).await.expect("everybody has the same password");
    assert_eq!(concerns(&attached(&world, &mei, product).await), ["old"]);
    let other = signed_report("https://saas.example.com/elsewhere", world.clock.now(), 1);
    attach_report(&world.app, &mei.actor, product, other).await.expect("taken all the same");
    assert_eq!(concerns(&attached(&world, &mei, product).await), ["other_address"]);
    let nothing_chosen = vec![(Field::InterfaceAddress, String::new())];
    save_fields(&world.app, &mei.actor, product, nothing_chosen).await.expect("a draft may be emptied");
    assert_eq!(concerns(&attached(&world, &mei, product).await), ["no_address"]);
    let ahead = signed_report(&address, world.clock.now() + SignedDuration::from_hours(1), 1);
    attach_report(&world.app, &mei.actor, product, ahead).await.expect("taken all the same");
    assert_eq!(concerns(&attached(&world, &mei, product).await), ["no_address", "from_the_future"]);
}

async fn a_changed_report_and_what_is_none_are_refused_and_nothing_is_kept(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let product = world.full_draft(&mei, "Granary Backup").await;
    let good = signed_report("https://saas.example.com/produce", world.clock.now(), 1);
    let text = String::from_utf8(good.clone()).expect("UTF-8");
    let other_key = ReportKey::from_seed(&[2; 32]).public();
    let own_key = ReportKey::from_seed(&[1; 32]).public();
    let mut flipped = good.clone();
    let at = text.find("newInstance").expect("it is in every report");
    flipped[at] ^= 1;
    let deep = "[".repeat(100_000).into_bytes();
    let mut long = good.clone();
    long.resize(10 * 1024 * 1024, b' ');
    for (what, file, refused) in [
        ("one flipped bit", flipped, "report_changed"),
        ("another key than the one that signed", text.replace(&own_key, &other_key).into_bytes(), "report_changed"),
        ("a made-up outcome", text.replacen("\"pass\"", "\"warn\"", 1).into_bytes(), "report_changed"),
        ("ten megabytes", long, "report_too_large"),
        ("deep nesting", deep, "report_not_json"),
        ("a member twice", text.replacen('{', "{\"format\":\"x\",", 1).into_bytes(), "report_not_json"),
        ("another file", b"{\"name\":\"package.json\"}".to_vec(), "report_other_format"),
        ("a format of the future", text.replace("report/1", "report/2").into_bytes(), "report_other_format"),
        ("no signature", text.replace("\"signature\"", "\"signatur\"").into_bytes(), "report_malformed"),
        ("a picture", vec![0x89, b'P', b'N', b'G', 0xff, 0], "report_not_json"),
        ("nothing", Vec::new(), "required"),
    ] {
        assert_eq!(code(attach_report(&world.app, &mei.actor, product, file).await), refused, "{what}");
    }
    assert_eq!(draft_report(&world.app, &mei.actor, product).await.ok(), Some(None));
    // Only indented anew, it still verifies.
    let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let compact = value.to_string().into_bytes();
    assert_eq!(code(attach_report(&world.app, &mei.actor, product, compact).await), "fine");
}

async fn one_key_of_two_sellers_is_told_to_the_reviewer(world: World) {
    let (mei, bo) = (world.seller_named("Brightwell").await, world.seller_named("Borrowed").await);
    let hers = world.full_draft(&mei, "Granary Backup").await;
    let his = world.full_draft(&bo, "Granary Copy").await;
    for (seller, product) in [(&mei, hers), (&bo, his)] {
        let file = signed_report(&address_of(&world, seller, product).await, world.clock.now(), 1);
        attach_report(&world.app, &seller.actor, product, file).await.expect("a good report");
    }
    let key = attached(&world, &mei, hers).await.reading.expect("it verifies").key;
    assert_eq!((key.own, key.other_sellers), (1, 1));
}

async fn a_submission_keeps_its_report_when_the_draft_gets_another(world: World) {
    let (mei, ada) = (world.seller_named("Brightwell").await, world.operator().await);
    let product = world.full_draft(&mei, "Granary Backup").await;
    let address = address_of(&world, &mei, product).await;
    let report = |seed| signed_report(&address, world.clock.now(), seed);
    for seed in [1, 2] {
        attach_report(&world.app, &mei.actor, product, report(seed)).await.expect("the second takes its place");
    }
    let release = submit_release(&world.app, &mei.actor, product).await.expect("complete");
    assert_eq!(code(attach_report(&world.app, &mei.actor, product, report(3)).await), "product_wrong_state");
    assert_eq!(code(remove_report(&world.app, &mei.actor, product).await), "product_wrong_state");
    reject_release(&world.app, &ada.actor, release, "Once more, please.", &[]).await.expect("rejected");
    attach_report(&world.app, &mei.actor, product, report(3)).await.expect("the draft is open again");
    remove_report(&world.app, &mei.actor, product).await.expect("and may lose it");
    remove_report(&world.app, &mei.actor, product).await.expect("twice is calm");
    assert_eq!(draft_report(&world.app, &mei.actor, product).await.ok(), Some(None));
    assert_eq!(release_report_file(&world.app, &ada.actor, release).await.ok(), Some(report(2)));
    let second = submit_release(&world.app, &mei.actor, product).await.expect("a report is optional");
    assert_eq!(release_report(&world.app, &ada.actor, second).await.ok(), Some(None));
    reject_release(&world.app, &ada.actor, second, "Once more, please.", &[]).await.expect("rejected");
    app::catalog::delete_draft(&world.app, &mei.actor, product).await.expect("it goes with all that hangs on it");
}

async fn nobody_else_sees_or_changes_a_report(world: World) {
    let (mei, rival) = (world.seller_named("Brightwell").await, world.seller_named("Rival").await);
    let product = world.full_draft(&mei, "Granary Backup").await;
    let file = signed_report("https://saas.example.com/produce", world.clock.now(), 1);
    attach_report(&world.app, &mei.actor, product, file.clone()).await.expect("a good report");
    assert_eq!(code(attach_report(&world.app, &rival.actor, product, file).await), "not_found");
    assert_eq!(code(remove_report(&world.app, &rival.actor, product).await), "not_found");
    assert_eq!(code(draft_report(&world.app, &rival.actor, product).await), "not_found");
    assert_eq!(code(draft_report_file(&world.app, &rival.actor, product).await), "not_found");
    let release = submit_release(&world.app, &mei.actor, product).await.expect("complete");
    assert_eq!(code(release_report(&world.app, &mei.actor, release).await), "not_allowed");
    assert_eq!(code(release_report_file(&world.app, &rival.actor, release).await), "not_allowed");
}
