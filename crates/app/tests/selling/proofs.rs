//! Proof of the domain: a file at the root of the site, whose it is, and what needs it.

use app::catalog::{approve_release, claim_release, submit_release};
use app::selling::addresses::AddAddress;
use app::selling::prove_domain::domain_proof;
use app::{AppError, Settings};
use domain::identity::Role;
use domain::ids::InterfaceAddressId;
use domain::selling::{DomainProofRule, ProofFailure};
use domain::time::SignedDuration;
use ports::{FailureClass, Method, OutgoingCall, SellerAnswer};
use testkit::{Person, ScriptedSeller, World, on_every_world};

use crate::code;

on_every_world![
    the_file_at_the_root_proves_the_domain_for_one_organisation_and_every_path,
    whatever_is_not_the_file_proves_nothing_and_says_why,
    a_product_needs_a_proven_domain_unless_the_operator_says_otherwise,
    a_change_of_the_rule_is_asked_again_at_the_review,
];

async fn address(world: &World, mei: &Person, url: &str) -> InterfaceAddressId {
    let ask = AddAddress { url: url.to_owned(), ..AddAddress::default() };
    world.app.add_interface_address(&mei.actor, ask).await.expect("a good address").id
}

fn plain(status: u16, body: impl Into<Vec<u8>>) -> SellerAnswer {
    let headers = vec![("content-type".to_owned(), "text/plain".to_owned())];
    SellerAnswer { status, headers, body: body.into(), elapsed_ms: 3 }
}

async fn the_file_at_the_root_proves_the_domain_for_one_organisation_and_every_path(world: World) {
    let (mei, eve) = (world.seller_named("Brightwell").await, world.seller_named("Eve").await);
    let mine = address(&world, &mei, "https://saas.example.com/produce/a?b=c").await;
    let other_path = address(&world, &mei, "https://saas.example.com/another").await;
    let other_host = address(&world, &mei, "https://eu.example.com/produce").await;
    let hers = address(&world, &eve, "https://saas.example.com/produce").await;
    let view = domain_proof(&world.app, &mei.actor, mine).await.expect("its own");
    assert_eq!((view.proof.origin.as_str(), view.proof.proven_at), ("https://saas.example.com", None));
    assert_eq!(view.url(), format!("https://saas.example.com/{}", view.file_name));
    assert_eq!((view.text.len(), view.file_name.len()), (64, "souk-verification-.txt".len() + 16));
    let theirs = domain_proof(&world.app, &eve.actor, hers).await.expect("hers");
    assert!(theirs.text != view.text && theirs.file_name != view.file_name, "each organisation has its own");
    assert_eq!(code(domain_proof(&world.app, &eve.actor, mine).await), "not_found");
    assert_eq!(code(world.app.prove_domain(&eve.actor, mine).await), "not_found");
    let viewer = world.colleague(&mei, Role::Viewer).await;
    assert_eq!(code(world.app.prove_domain(&viewer.actor, mine).await), "not_allowed");

    // Mei's file is there, as an editor leaves it; nothing else is.
    let (wanted, text) = (view.url(), view.text.clone());
    world.seller.will(move |call: &OutgoingCall| {
        let found = call.url == wanted && call.method == Method::Get && call.body.is_empty();
        Ok(if found { plain(200, format!("\u{feff}{text}\r\n")) } else { plain(404, "nothing") })
    });
    let proven = world.app.prove_domain(&mei.actor, mine).await.expect("looked at");
    assert_eq!((proven.proof.proven_at, proven.proof.last_failure), (Some(world.app.now()), None));
    let same_host = domain_proof(&world.app, &mei.actor, other_path).await.expect("its own");
    assert_eq!(same_host.proof.proven_at, proven.proof.proven_at, "every path of the host");
    assert_eq!(domain_proof(&world.app, &mei.actor, other_host).await.expect("its own").proof.proven_at, None);
    let failed = world.app.prove_domain(&eve.actor, hers).await.expect("looked at");
    assert_eq!(failed.proof.last_failure.map(|(failure, _)| failure), Some(ProofFailure::NoFile));

    // The file may go; what is proven is not looked at again.
    world.seller.will_fail(FailureClass::ConnectFailed);
    let calls = world.seller.calls().len();
    let again = world.app.prove_domain(&mei.actor, mine).await.expect("calm");
    assert_eq!(again.proof.proven_at, proven.proof.proven_at);
    assert_eq!(world.seller.calls().len(), calls);
}

async fn whatever_is_not_the_file_proves_nothing_and_says_why(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let mine = address(&world, &mei, "https://saas.example.com/produce").await;
    let view = domain_proof(&world.app, &mei.actor, mine).await.expect("its own");
    let text = view.text.clone();
    let answers: Vec<(SellerAnswer, ProofFailure)> = vec![
        (plain(200, ""), ProofFailure::Differs),
        (plain(200, "<html>Welcome</html>"), ProofFailure::Differs),
        // A site that repeats what it was asked for.
        (plain(200, view.file_name.clone()), ProofFailure::Differs),
        (plain(200, text[..63].to_owned()), ProofFailure::Differs),
        (plain(200, format!("{text}0")), ProofFailure::Differs),
        (plain(200, text.to_uppercase()), ProofFailure::Differs),
        (plain(200, format!("{text}{}", " ".repeat(2_000))), ProofFailure::TooLong),
        (plain(200, vec![0xff; 64]), ProofFailure::Differs),
        (plain(404, text.clone()), ProofFailure::NoFile),
        (plain(302, text.clone()), ProofFailure::Redirected),
        (plain(500, text.clone()), ProofFailure::Status),
        (plain(206, text.clone()), ProofFailure::Status),
    ];
    for (answer, failure) in answers {
        let said = format!("{} {:?}", answer.status, String::from_utf8_lossy(&answer.body));
        world.seller.will(move |_| Ok(answer.clone()));
        let looked = world.app.prove_domain(&mei.actor, mine).await.expect("looked at");
        assert_eq!(looked.proof.last_failure, Some((failure, world.app.now())), "{said}");
        assert_eq!(looked.proof.proven_at, None, "{said}");
    }
    world.clock.advance(SignedDuration::from_hours(2));
    for (class, failure) in [
        (FailureClass::RefusedByPolicy, ProofFailure::Refused),
        (FailureClass::NameNotResolved, ProofFailure::NameNotFound),
        (FailureClass::ConnectFailed, ProofFailure::NoConnection),
        (FailureClass::ConnectTimedOut, ProofFailure::NoConnection),
        (FailureClass::Broken, ProofFailure::NoConnection),
        (FailureClass::TlsFailed, ProofFailure::Tls),
        (FailureClass::TimedOut, ProofFailure::TimedOut),
        (FailureClass::TooLarge, ProofFailure::TooLong),
        (FailureClass::Redirected, ProofFailure::Redirected),
    ] {
        world.seller.will_fail(class);
        let looked = world.app.prove_domain(&mei.actor, mine).await.expect("looked at");
        assert_eq!(looked.proof.last_failure.map(|(failure, _)| failure), Some(failure), "{class:?}");
    }
    // 30 looks and calls an hour, together.
    let mut refused = false;
    for _ in 0..30 {
        refused |= matches!(world.app.prove_domain(&mei.actor, mine).await, Err(AppError::TooMany { .. }));
    }
    assert!(refused);
}

/// A complete draft whose domain nobody has proven.
async fn unproven_draft(world: &World, mei: &Person) -> domain::ids::ProductId {
    let draft = world.full_draft(mei, "Granary Backup").await;
    let forgotten = world.app.store.write::<_, _, AppError, _>((), |tx, ()| {
        Box::pin(async move {
            tx.execute("DELETE FROM domain_proofs", testkit::db::values![]).await?;
            Ok(())
        })
    });
    forgotten.await.expect("rows can be removed");
    draft
}

async fn a_product_needs_a_proven_domain_unless_the_operator_says_otherwise(world: World) {
    let mei = world.seller_named("Brightwell").await;
    let draft = unproven_draft(&world, &mei).await;
    assert_eq!(code(submit_release(&world.app, &mei.actor, draft).await), "domain_not_proven");
    let view = app::catalog::show_draft(&world.app, &mei.actor, draft).await.expect("its own");
    let missing: Vec<String> = view.checklist.unmet().map(|(one, _)| one.field.to_string()).collect();
    assert_eq!(missing, ["domain"], "the checklist says the same");
    let mut lenient = Settings::default();
    lenient.selling.domain_proof = DomainProofRule::NotAsked;
    let lenient = crate::real_seller::with_settings(&world, lenient, world.seller.clone());
    assert_eq!(code(submit_release(&lenient, &mei.actor, draft).await), "fine");
}

async fn a_change_of_the_rule_is_asked_again_at_the_review(world: World) {
    let (mei, ada) = (world.seller_named("Brightwell").await, world.operator().await);
    let draft = unproven_draft(&world, &mei).await;
    let mut lenient = Settings::default();
    lenient.selling.domain_proof = DomainProofRule::NotAsked;
    let lenient = crate::real_seller::with_settings(&world, lenient, world.seller.clone());
    let release = submit_release(&lenient, &mei.actor, draft).await.expect("nobody asked");
    claim_release(&world.app, &ada.actor, release).await.expect("claimed");
    assert_eq!(code(approve_release(&world.app, &ada.actor, release).await), "release_domain_not_proven");
    let view = app::catalog::show_draft(&world.app, &mei.actor, draft).await.expect("its own");
    let text = domain_proof(&world.app, &mei.actor, view.addresses[0].id).await.expect("its own").text;
    world.seller.will(move |_| Ok(ScriptedSeller::json(200, &text)));
    world.app.prove_domain(&mei.actor, view.addresses[0].id).await.expect("looked at");
    assert_eq!(code(approve_release(&world.app, &ada.actor, release).await), "fine");
}
