//! What a browser without a script sees of products: the release form, the review, the market.

use app::catalog::show_draft;
use axum::http::{StatusCode, header};
use domain::catalog::Field;
use domain::identity::Role;
use testkit::{World, on_every_world};

use crate::door::{Answer, Proof, send, service};

on_every_world![
    a_seller_fills_in_a_section_and_is_told_what_is_wrong_beside_the_field,
    what_another_window_saved_is_not_overwritten_and_nothing_typed_is_lost,
    a_product_goes_through_review_into_the_market_without_a_script,
    the_market_is_searched_with_facets_in_the_address,
    what_strangers_wrote_is_never_markup,
    a_viewer_is_offered_nothing_to_press,
    the_api_releases_a_product,
    a_hidden_specification_has_a_link_that_the_console_prints_and_no_search_engine_lists,
];

fn by(token: &str) -> Proof {
    Proof::Session(token.to_owned())
}

fn says(answer: &Answer, texts: &[&str]) {
    for text in texts {
        assert!(answer.body.contains(text), "{text:?} is missing in {}", answer.body);
    }
}

async fn a_seller_fills_in_a_section_and_is_told_what_is_wrong_beside_the_field(world: World) {
    let service = service(&world);
    let mei = world.seller_named("Brightwell").await;
    let me = by(&mei.token);
    let page = send(&service, "GET", "/seller/products", &me, None).await;
    says(&page, &["No products yet", "Release a product"]);
    let begun = send(&service, "POST", "/seller/products", &me, Some("")).await;
    let path = begun.location().to_owned();
    assert!(path.starts_with("/seller/products/prd_"), "{path}");
    let page = send(&service, "GET", &path, &me, None).await;
    says(&page, &["What to fill in", "Not started", "Ready to submit?", "Submit for review"]);
    let typed = "name_en=Granary+%3Cb%3E&version=v4&category=backup&version_seen=&overview_en=short";
    let saved = send(&service, "POST", &format!("{path}/basics"), &me, Some(typed)).await;
    assert_eq!((saved.status, saved.location()), (StatusCode::SEE_OTHER, format!("{path}?said=saved").as_str()));
    let page = send(&service, "GET", &format!("{path}/basics"), &me, None).await;
    says(&page, &["value=\"Granary &#60;b&#62;\"", "value=\"v4\"", "Write the version as V1.0", "href=\"#version\""]);
    let long = format!("name_en={}&name_zh=%E5%A4%87", "x".repeat(201));
    let refused = send(&service, "POST", &format!("{path}/basics"), &me, Some(&long)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&refused, &["Use at most 200 characters", "value=\"备\"", "<title>Error: "]);
    let submitted = send(&service, "POST", &format!("{path}/submit"), &me, Some("")).await;
    assert_eq!(submitted.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&submitted, &["Add at least one specification."]);
}

async fn what_another_window_saved_is_not_overwritten_and_nothing_typed_is_lost(world: World) {
    let service = service(&world);
    let mei = world.seller_named("Brightwell").await;
    let me = by(&mei.token);
    let path = send(&service, "POST", "/seller/products", &me, Some("")).await.location().to_owned();
    let draft = format!("{path}/details/draft");
    let first = send(&service, "POST", &draft, &me, Some("version=0&guide_en=first")).await;
    assert_eq!((first.status, first.body.starts_with("Saved ")), (StatusCode::OK, true), "{}", first.body);
    assert_eq!(first.headers.get("draft-version").and_then(|value| value.to_str().ok()), Some("1"));
    let second = send(&service, "POST", &draft, &me, Some("version=0&guide_en=second")).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    says(&second, &["changed in another window"]);
    let whole = send(&service, "POST", &format!("{path}/details"), &me, Some("version=0&guide_en=second")).await;
    assert_eq!(whole.status, StatusCode::CONFLICT);
    says(&whole, &["This section was changed in another window.", "second</textarea>", "name=\"version\" value=\"1\""]);
    let over = send(&service, "POST", &format!("{path}/details"), &me, Some("version=1&guide_en=second")).await;
    assert_eq!(over.status, StatusCode::SEE_OTHER);
    let id = path.rsplit('/').next().expect("the path ends with the id").parse().expect("an id");
    let view = show_draft(&world.app, &mei.actor, id).await.expect("there");
    assert_eq!(view.product.draft.get(Field::GuideEn), "second");
}

async fn a_product_goes_through_review_into_the_market_without_a_script(world: World) {
    let service = service(&world);
    let (operator, mei) = (world.operator().await, world.seller_named("Brightwell").await);
    let (op, me) = (by(&operator.token), by(&mei.token));
    let product = world.full_draft(&mei, "Granary Backup").await;
    let preview = send(&service, "GET", &format!("/seller/products/{product}/preview"), &me, None).await;
    says(&preview, &["This is a preview", "Granary Backup", "Starter"]);
    let done = send(&service, "POST", &format!("/seller/products/{product}/submit"), &me, Some("")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let page = send(&service, "GET", &format!("/seller/products/{product}"), &me, None).await;
    says(&page, &["With the operator", "Take it back", "In review"]);
    let queue = send(&service, "GET", "/operator/releases", &op, None).await;
    let path = queue.body.split("href=\"").find_map(|rest| {
        rest.starts_with("/operator/releases/rel_").then(|| rest.split('"').next().unwrap_or_default().to_owned())
    });
    let path = path.expect("the queue leads to the submission");
    assert_eq!(send(&service, "POST", &format!("{path}/claim"), &op, Some("")).await.status, StatusCode::SEE_OTHER);
    let page = send(&service, "GET", &path, &op, None).await;
    says(
        &page,
        &["5 saved cases answered on submission", "Claimed by First of", "Starter: Price by month", "USD 9.00"],
    );
    says(&page, &["Backup and recovery", "E-mail address", "Everybody", "https://saas.example.com/produce/"]);
    assert!(!page.body.contains("<ins>"), "a first release is read, not compared");
    let chinese = send(&service, "GET", &format!("{path}?lang=zh"), &op, None).await;
    says(&chinese, &["备份与恢复"]);
    let none = send(&service, "POST", &format!("{path}/decide"), &op, Some("reason=because")).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&none, &["because</textarea>"]);
    let done = send(&service, "POST", &format!("{path}/decide"), &op, Some("decision=approve")).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/operator/releases?said=approved"));
    let page = send(&service, "GET", "/products/granary-backup?period=year&count=3", &Proof::Nobody, None).await;
    says(
        &page,
        &["3 × USD 90.00, 1 year", "USD 270.00", "Next charge 14 May 2027", "Try 14 days free", "your e-mail address"],
    );
    says(&page, &["action=\"/checkout\"", "name=\"quote\""]);
    let wrong = send(&service, "GET", "/products/granary-backup?count=0", &Proof::Nobody, None).await;
    says(&wrong, &["Enter a whole number from 1 to 9,999."]);
    let part = send(&service, "GET", "/products/granary-backup/price?count=2", &Proof::Nobody, None).await;
    assert_eq!(part.location(), "/products/granary-backup?count=2", "a part is never a page of its own");
}

async fn the_market_is_searched_with_facets_in_the_address(world: World) {
    let service = service(&world);
    let mei = world.seller_named("Brightwell").await;
    world.listed(&mei, "Granary Backup").await;
    world.listed(&mei, "Silo Backup").await;
    let page = send(&service, "GET", "/search?q=granary&category=backup&min=5&max=20", &Proof::Nobody, None).await;
    says(&page, &["Results for “granary”", "1 of 2 products", "/products/granary-backup", "USD 5.00 to USD 20.00"]);
    says(&page, &["href=\"/search?q=granary&#38;min=5&#38;max=20\"", "value=\"backup\" checked"]);
    let page = send(&service, "GET", "/search?q=granary&delivery=image", &Proof::Nobody, None).await;
    says(&page, &["Nothing found for “granary”", "Without Image: 1 product"]);
    let page = send(&service, "GET", "/search?q=%E8%B0%B7%E4%BB%93&lang=zh", &Proof::Nobody, None).await;
    says(&page, &["“谷仓”的搜索结果", "谷仓备份"]);
    let home = send(&service, "GET", "/", &Proof::Nobody, None).await;
    says(&home, &["/products/silo-backup", "USD"]);
    let map = send(&service, "GET", "/sitemap.xml", &Proof::Nobody, None).await;
    says(&map, &["/products/granary-backup</loc>"]);
    let answer = send(&service, "GET", "/api/v1/products?q=backup&limit=1&sort=price", &Proof::Nobody, None).await;
    says(&answer, &["\"found\":2", "\"next\":\"1\"", "\"value\":\"saas\",\"count\":2"]);
    let wrong = send(&service, "GET", "/api/v1/products?delivery=fax&colour=red", &Proof::Nobody, None).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&wrong, &["#/delivery", "#/colour"]);
}

async fn what_strangers_wrote_is_never_markup(world: World) {
    let service = service(&world);
    let mei = world.seller_named("Brightwell").await;
    let listed = world.listed(&mei, "Granary <script>alert(1)</script>").await;
    for path in [format!("/products/{}", listed.slug), "/search?q=granary".to_owned(), "/".to_owned()] {
        let page = send(&service, "GET", &path, &Proof::Nobody, None).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(!page.body.contains("<script>alert"), "{path}");
        says(&page, &["&#60;script&#62;"]);
    }
    let odd =
        send(&service, "GET", "/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&min=%22%3E", &Proof::Nobody, None)
            .await;
    assert!(!odd.body.contains("<script>alert") && !odd.body.contains("=\"\">\""), "{}", odd.body);
    for path in ["/images/..%2f..%2fetc.png", "/images/abc.png", &format!("/images/{}.png", "a".repeat(64))] {
        let answer = send(&service, "GET", path, &Proof::Nobody, None).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(odd.headers.contains_key(header::CONTENT_SECURITY_POLICY));
}

async fn a_viewer_is_offered_nothing_to_press(world: World) {
    let service = service(&world);
    let mei = world.seller_named("Brightwell").await;
    let product = world.full_draft(&mei, "Granary Backup").await;
    let viewer = world.colleague(&mei, Role::Viewer).await;
    let me = by(&viewer.token);
    let pages = [String::new(), "/basics".to_owned(), "/specifications".to_owned()];
    for page in
        pages.iter().map(|part| format!("/seller/products/{product}{part}")).chain(["/seller/products".to_owned()])
    {
        let answer = send(&service, "GET", &page, &me, None).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}");
        let main =
            answer.body.split("<main").nth(1).and_then(|rest| rest.split("</main>").next()).expect("a main part");
        assert!(!main.contains("<button") && !main.contains("data-autosave=\""), "{page}: {main}");
    }
}

async fn the_api_releases_a_product(world: World) {
    let service = service(&world);
    let (operator, mei) = (world.operator().await, world.seller_named("Brightwell").await);
    let (op, me) = (by(&operator.token), by(&mei.token));
    let product = world.full_draft(&mei, "Granary Backup").await;
    let draft = send(&service, "GET", &format!("/api/v1/seller/products/{product}"), &me, None).await;
    says(&draft, &["\"ready\":true", "\"name_en\":\"Granary Backup\"", "\"state\":\"draft\""]);
    let unknown = Some(r#"{"fields":{"colour":"red"}}"#);
    let refused = send(&service, "PATCH", &format!("/api/v1/seller/products/{product}"), &me, unknown).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&refused, &["#/fields/colour"]);
    let submitted = send(&service, "POST", &format!("/api/v1/seller/products/{product}/submit"), &me, None).await;
    assert_eq!(submitted.status, StatusCode::CREATED, "{}", submitted.body);
    let body: serde_json::Value = serde_json::from_str(&submitted.body).expect("JSON");
    let release = body["id"].as_str().expect("an id").to_owned();
    let path = format!("/api/v1/operator/releases/{release}/approve");
    assert_eq!(send(&service, "POST", &path, &me, None).await.status, StatusCode::FORBIDDEN);
    assert_eq!(send(&service, "POST", &path, &op, None).await.status, StatusCode::NO_CONTENT);
    let shown = send(&service, "GET", "/api/v1/products/granary-backup", &Proof::Nobody, None).await;
    let body: serde_json::Value = serde_json::from_str(&shown.body).expect("JSON");
    let specification = body["specifications"][0]["id"].as_str().expect("an id");
    let ask = format!(r#"{{"specification":"{specification}","period":"month","count":2,"periods":3}}"#);
    let quote = send(&service, "POST", "/api/v1/quotes", &Proof::Nobody, Some(&ask)).await;
    assert_eq!(quote.status, StatusCode::CREATED, "{}", quote.body);
    says(&quote, &["\"total_today\":{\"minor\":5400,\"currency\":\"USD\"}", "2026-08-14T13:28:00Z"]);
}

async fn a_hidden_specification_has_a_link_that_the_console_prints_and_no_search_engine_lists(world: World) {
    use domain::catalog::SpecificationField as F;
    let service = service(&world);
    let ada = world.operator().await;
    let mei = world.seller_named("Brightwell").await;
    let product = world.full_draft(&mei, "Granary Backup").await;
    let fields = [(F::NameEn, "For the pilot"), (F::Month, "0"), (F::Visibility, "hidden")];
    let fields = fields.map(|(field, text)| (field, text.to_owned())).to_vec();
    app::catalog::add_specification(&world.app, &mei.actor, product, fields).await.expect("a draft takes one");
    let release = app::catalog::submit_release(&world.app, &mei.actor, product).await.expect("it lacks nothing");
    app::catalog::approve_release(&world.app, &ada.actor, release).await.expect("approved");
    let console = send(&service, "GET", &format!("/seller/products/{product}"), &by(&mei.token), None).await;
    let at = console.body.find("/products/granary-backup?specification=").expect("the console prints the link");
    let link: String = console.body[at..].chars().take_while(|letter| !matches!(letter, '"' | '<')).collect();
    let listed = "<meta name=\"robots\" content=\"noindex\">";
    let public = send(&service, "GET", "/products/granary-backup", &Proof::Nobody, None).await;
    assert!(!public.body.contains("For the pilot") && !public.body.contains(listed), "{}", public.body);
    let hidden = send(&service, "GET", &link, &Proof::Nobody, None).await;
    says(&hidden, &["For the pilot", listed]);
    let hide = domain::catalog::Visibility::Hidden;
    app::catalog::set_product_visibility(&world.app, &mei.actor, product, hide).await.expect("hidden");
    says(&send(&service, "GET", "/products/granary-backup", &Proof::Nobody, None).await, &[listed]);
}
