//! What is in the market: hidden, shown, stopped, ended, imported; and the index that follows.

use app::AppError;
use app::catalog::{
    IndexFeed, discontinue_product, freeze_product, import_listing, search_products, set_product_visibility,
    show_product, unfreeze_product,
};
use app::catalog::{Listing, upload_logo};
use app::selling::dial_tests::stopped_products;
use domain::catalog::{
    Category, DeliveryMethod, FreezeReason, LocalisedList, OfferState, Supervision, SupportContact, Visibility,
};
use domain::outcome::Outcome;
use domain::text::{Language, Localised};
use ports::{IndexChange, SearchRequest};
use store::StoreError;
use store::catalog::products;
use testkit::{ListedProduct, World, on_every_world};

use crate::{code, found};

on_every_world![
    a_hidden_product_is_not_found_and_still_sold_by_its_address,
    a_stopped_product_is_neither_shown_nor_sold_and_comes_back,
    an_operator_who_stops_what_dial_tests_stopped_is_heard,
    a_discontinued_product_is_gone_for_good,
    the_day_of_review_is_that_of_the_approval_whatever_happens_later,
    a_hostile_description_is_harmless_on_the_page,
    an_entry_that_only_informs_is_found_and_cannot_be_bought,
    another_node_finds_what_this_one_changed,
    two_products_of_one_name_have_two_addresses,
];

async fn offer_state(world: &World, listed: &ListedProduct) -> OfferState {
    let offer = world
        .app
        .store
        .read::<_, _, StoreError, _>(listed.specification, |tx, id| {
            Box::pin(async move { store::catalog::offer(tx, id).await })
        })
        .await;
    offer.expect("readable").expect("it was listed once").state
}

async fn a_hidden_product_is_not_found_and_still_sold_by_its_address(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let eve = world.seller_named("Eve").await;
    let listed = world.listed(&mei, "Granary Backup").await;
    let hide = |actor| set_product_visibility(&world.app, actor, listed.id, Visibility::Hidden);
    assert_eq!(code(hide(&eve.actor).await), "not_found");
    assert_eq!(hide(&mei.actor).await.ok(), Some(Outcome::Applied(())));
    assert_eq!(hide(&mei.actor).await.ok(), Some(Outcome::AlreadyApplied));
    assert_eq!(found(&world, "granary"), [""; 0]);
    let view = show_product(&world.app, &listed.slug, None, Language::English).await.expect("by its address");
    assert!(view.purchasable && !view.shown);
    assert_eq!(offer_state(&world, &listed).await, OfferState::Hidden);
    set_product_visibility(&world.app, &mei.actor, listed.id, Visibility::Public).await.expect("shown");
    assert_eq!(found(&world, "granary"), ["granary-backup"]);
}

async fn a_stopped_product_is_neither_shown_nor_sold_and_comes_back(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let ada = world.operator().await;
    let listed = world.listed(&mei, "Granary Backup").await;
    assert_eq!(code(freeze_product(&world.app, &mei.actor, listed.id).await), "not_allowed");
    freeze_product(&world.app, &ada.actor, listed.id).await.expect("stopped");
    assert_eq!(found(&world, "granary"), [""; 0]);
    assert_eq!(code(show_product(&world.app, &listed.slug, None, Language::English).await), "not_found");
    assert_eq!(offer_state(&world, &listed).await, OfferState::Frozen);
    unfreeze_product(&world.app, &ada.actor, listed.id).await.expect("allowed again");
    assert_eq!(found(&world, "granary"), ["granary-backup"]);
}

async fn an_operator_who_stops_what_dial_tests_stopped_is_heard(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let ada = world.operator().await;
    let listed = world.listed(&mei, "Granary Backup").await;
    let stopped = world.app.store.write::<_, _, AppError, _>((listed.id, world.app.now()), |tx, (id, now)| {
        Box::pin(async move {
            let mut product = products::lock(tx, id).await?.expect("it is there");
            product.freeze(FreezeReason::DialTests, now)?;
            Ok(products::save_state(tx, &product).await?)
        })
    });
    stopped.await.expect("written");
    let waiting = async || stopped_products(&world.app, &ada.actor).await.expect("an operator sees it").len();
    assert_eq!(waiting().await, 1);
    let frozen = freeze_product(&world.app, &ada.actor, listed.id).await;
    assert_eq!(frozen.ok(), Some(Outcome::Applied(())));
    assert_eq!(waiting().await, 0, "a test that passes is no reason to let it go on");
    world.settle().await;
    let told = world.mail.mails_to(&mei.email);
    assert!(told.iter().any(|mail| mail.subject.contains("Granary Backup")), "the seller is told");
    let events = &world.dump().await["events"];
    assert_eq!(events.iter().filter(|event| event["kind"] == "product_frozen").count(), 1);
    let again = freeze_product(&world.app, &ada.actor, listed.id).await;
    assert_eq!(again.ok(), Some(Outcome::AlreadyApplied));
}

async fn a_discontinued_product_is_gone_for_good(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let colleague = world.colleague(&mei, domain::identity::Role::Viewer).await;
    let listed = world.listed(&mei, "Granary Backup").await;
    discontinue_product(&world.app, &mei.actor, listed.id).await.expect("ended");
    assert_eq!(found(&world, ""), [""; 0]);
    assert_eq!(code(show_product(&world.app, &listed.slug, None, Language::English).await), "not_found");
    assert_eq!(offer_state(&world, &listed).await, OfferState::Discontinued);
    let back = set_product_visibility(&world.app, &mei.actor, listed.id, Visibility::Public).await;
    assert_eq!(code(back), "product_wrong_state");
    world.settle().await;
    let told = world.mail.mails_to(&colleague.email);
    assert!(
        told.iter().any(|mail| mail.subject == "Granary Backup is discontinued"),
        "colleagues hear of it: {told:?}"
    );
}

fn listing(seller: domain::ids::OrganisationId, slug: &str, description: &str) -> Listing {
    let both = |text: &str| Localised { en: Some(text.to_owned()), zh: None };
    Listing {
        seller,
        slug: slug.to_owned(),
        delivery: DeliveryMethod::Consulting,
        name: both("Architecture talk"),
        version: "V1.0".parse().expect("a version"),
        category: Category::Advice,
        overview: both("A conversation first."),
        highlights: LocalisedList::default(),
        description: both(description),
        guide: both("Write to us."),
        supervision: Supervision::None,
        interface_address: None,
        handed_over: Vec::new(),
        specifications: Vec::new(),
        agreement: both("None."),
        support: SupportContact::default(),
        contact_link: Some("https://advice.example/talk".to_owned()),
        logo: None,
    }
}

async fn a_hostile_description_is_harmless_on_the_page(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let attack = "# Talk\n\n<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1))\n\n[y](javascript:alert(2)) **words**";
    import_listing(&world.app, listing(mei.actor.organisation, "talk", attack)).await.expect("a good listing");
    let view = show_product(&world.app, "talk", None, Language::English).await.expect("listed");
    let html = view.description.0.html();
    assert!(html.contains("<strong>words</strong>") && html.contains("<h3>Talk</h3>"), "{html}");
    for bad in ["<script", "<img", "onerror=", "javascript:"] {
        assert!(!html.contains(bad), "{html}");
    }
    assert_eq!(found(&world, "words"), ["talk"], "the index reads the words, not the markup");
}

async fn an_entry_that_only_informs_is_found_and_cannot_be_bought(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let ask = || listing(mei.actor.organisation, "talk", "A talk.");
    let id = import_listing(&world.app, ask()).await.expect("a good listing");
    assert_eq!(import_listing(&world.app, ask()).await.ok(), Some(id), "the same import again is calm");
    let view = show_product(&world.app, "talk", None, Language::English).await.expect("listed");
    assert!(!view.purchasable && view.plans.is_empty());
    assert_eq!(found(&world, "architecture"), ["talk"]);
    // Its picture cannot be changed through a draft of somebody else's, and a picture that is none is refused.
    assert_eq!(code(upload_logo(&world.app, &mei.actor, id, b"<svg onload=alert(1)>".to_vec()).await), "image_format");
}

async fn another_node_finds_what_this_one_changed(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let mut feed = IndexFeed::new();
    let listed = world.listed(&mei, "Granary Backup").await;
    // As another node: its own empty index, fed from the same tables.
    world.app.search.apply(vec![IndexChange::Remove(listed.id)]).expect("the index is emptied");
    assert_eq!(found(&world, "granary"), [""; 0]);
    assert_eq!(feed.poll(&world.app).await.ok(), Some(1));
    assert_eq!(found(&world, "granary"), ["granary-backup"]);
    assert_eq!(feed.poll(&world.app).await.ok(), Some(0), "a poll without news changes nothing");
    set_product_visibility(&world.app, &mei.actor, listed.id, Visibility::Hidden).await.expect("hidden");
    assert_eq!(feed.poll(&world.app).await.ok(), Some(1));
    assert_eq!(found(&world, "granary"), [""; 0]);
}

async fn two_products_of_one_name_have_two_addresses(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let eve = world.seller_named("Eve").await;
    let first = world.listed(&mei, "Granary Backup").await;
    let second = world.listed(&eve, "Granary Backup").await;
    assert_eq!((first.slug.as_str(), second.slug.as_str()), ("granary-backup", "granary-backup-2"));
    let request = SearchRequest { most: 10, ..SearchRequest::default() };
    assert_eq!(search_products(&world.app, request).expect("answers").found, 2);
}

async fn the_day_of_review_is_that_of_the_approval_whatever_happens_later(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let ada = world.operator().await;
    let listed = world.listed(&mei, "Granary Backup").await;
    let view = async || show_product(&world.app, &listed.slug, None, Language::English).await.expect("on sale");
    let approved_at = view().await.reviewed_at.expect("it was reviewed");
    assert!(view().await.shown, "search engines may list it");
    world.advance(domain::time::SignedDuration::from_hours(30)).await;
    set_product_visibility(&world.app, &mei.actor, listed.id, Visibility::Hidden).await.expect("hidden");
    assert!(!view().await.shown, "whoever has the address sees it, search engines do not");
    freeze_product(&world.app, &ada.actor, listed.id).await.expect("stopped");
    unfreeze_product(&world.app, &ada.actor, listed.id).await.expect("allowed again");
    assert_eq!(view().await.reviewed_at, Some(approved_at));
    assert_ne!(view().await.changed_at, approved_at);
}
