//! What a browser and a program see of a debugging report beside a release.

use app::catalog::submit_release;
use axum::Router;
use axum::http::{StatusCode, header};
use domain::identity::Role;

use testkit::{World, on_every_world, signed_report};

use crate::door::{Answer, Proof, Sent, send, service};

on_every_world![
    a_seller_attaches_a_report_and_the_reviewer_reads_it_without_a_script,
    a_file_that_is_no_report_is_refused_beside_the_field,
    a_program_attaches_reads_and_removes_a_report,
];

/// A form with one file, as a browser sends it.
async fn upload(service: &Router, path: &str, token: &str, file: &str) -> Answer {
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"report\"; filename=\"report.json\"\r\nContent-Type: \
         application/json\r\n\r\n{file}\r\n--b--\r\n"
    );
    let sent =
        Sent::new("POST", path).header("sec-fetch-site", "same-origin").header("cookie", &format!("souk={token}"));
    sent.header("content-type", "multipart/form-data; boundary=b").body(body).to(service).await
}

fn says(answer: &Answer, texts: &[&str]) {
    for text in texts {
        assert!(answer.body.contains(text), "{text:?} is missing in {}", answer.body);
    }
}

fn report(world: &World) -> String {
    let file = signed_report("https://saas.example.com/elsewhere<script>", world.app.now(), 1);
    String::from_utf8(file).expect("UTF-8")
}

async fn a_seller_attaches_a_report_and_the_reviewer_reads_it_without_a_script(world: World) {
    let service = service(&world);
    let (mei, ada) = (world.seller_named("Brightwell").await, world.operator().await);
    let product = world.full_draft(&mei, "Granary Backup").await;
    let path = format!("/seller/products/{product}");
    let file = report(&world);
    let answer = upload(&service, &format!("{path}/report"), &mei.token, &file).await;
    assert_eq!(answer.location(), format!("{path}?said=report-attached#debugging-report"), "{}", answer.body);
    let me = Proof::Session(mei.token.clone());
    let page = send(&service, "GET", &path, &me, None).await;
    says(&page, &["Fits the file", "refreshInstance, 12 ms", "The report is about another address", "Replace"]);
    assert!(!page.body.contains("elsewhere<script>"), "a report is text");
    let viewer = world.colleague(&mei, Role::Viewer).await;
    let page = send(&service, "GET", &path, &Proof::Session(viewer.token), None).await;
    says(&page, &["Fits the file"]);
    assert!(!page.body.contains("multipart/form-data"), "a viewer has nothing to upload");
    let release = submit_release(&world.app, &mei.actor, product).await.expect("complete");
    let they = Proof::Session(ada.token.clone());
    let page = send(&service, "GET", &format!("/operator/releases/{release}"), &they, None).await;
    says(&page, &["Debugging report", "Fits the file", "another address", "5 passed, 0 with warnings, 0 failed"]);
    let kept = send(&service, "GET", &format!("/operator/releases/{release}/report"), &they, None).await;
    assert_eq!(kept.body, file, "byte for byte");
    let disposition = kept.headers.get(header::CONTENT_DISPOSITION).and_then(|value| value.to_str().ok());
    assert!(disposition.is_some_and(|value| value.starts_with("attachment")), "{disposition:?}");
}

async fn a_file_that_is_no_report_is_refused_beside_the_field(world: World) {
    let service = service(&world);
    let mei = world.seller_named("Brightwell").await;
    let product = world.full_draft(&mei, "Granary Backup").await;
    let path = format!("/seller/products/{product}");
    let flipped = report(&world).replacen("RENEWAL", "renewal", 1).replacen("12", "13", 1);
    let vast = " ".repeat(10 * 1024 * 1024);
    for (file, sentence) in [
        ("{}", "This is no report of souk debug"),
        ("", "Choose the file that souk debug --report wrote"),
        (&flipped, "The signature does not fit"),
        (&vast, "Use a report of at most 512 KB"),
    ] {
        let answer = upload(&service, &format!("{path}/report"), &mei.token, file).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{sentence}");
        says(&answer, &[sentence, "There is a problem", "href=\"#report\"", "<title>Error: "]);
    }
    let page = send(&service, "GET", &path, &Proof::Session(mei.token), None).await;
    assert!(!page.body.contains("Fits the file"), "nothing was kept");
}

async fn a_program_attaches_reads_and_removes_a_report(world: World) {
    let service = service(&world);
    let mei = world.seller_named("Brightwell").await;
    let product = world.full_draft(&mei, "Granary Backup").await;
    let path = format!("/api/v1/seller/products/{product}/report");
    let me = Proof::Session(mei.token.clone());
    assert_eq!(send(&service, "GET", &path, &me, None).await.status, StatusCode::NOT_FOUND);
    let refused = send(&service, "PUT", &path, &me, Some("{}")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&refused, &["report_other_format"]);
    let made = send(&service, "PUT", &path, &me, Some(&report(&world))).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let read = send(&service, "GET", &path, &me, None).await;
    says(&read, &["\"signature\":\"valid\"", "\"activity\":\"releaseInstance\"", "\"code\":\"other_address\""]);
    assert_eq!(send(&service, "DELETE", &path, &me, None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(send(&service, "DELETE", &path, &me, None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(send(&service, "GET", &path, &me, None).await.status, StatusCode::NOT_FOUND);
}
