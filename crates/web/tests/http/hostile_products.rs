//! Texts that would run in a page, in every text of a product: what its seller, the reviewer and a buyer see of them
//! (security.md S-01). Plain texts never change what a page is made of; Markdown brings the few tags it may.

use app::AppError;
use app::catalog::{approve_release, save_fields, save_specification, show_draft, submit_release};
use axum::Router;
use axum::http::StatusCode;
use domain::catalog::{Field, SpecificationField};
use domain::ids::{ProductId, ReleaseApplicationId, SpecificationId};
use domain::time::SignedDuration;
use testkit::{Person, World, long_text, stores};

use crate::corpus::{PAYLOADS, page, same};
use crate::door::{Proof, send, service};
use crate::tags::{Skeleton, skeleton};

/// What a description may be made of; the sanitiser's own tests hold the same list.
const PROSE: [&str; 27] = [
    "p",
    "br",
    "h3",
    "h4",
    "h5",
    "strong",
    "em",
    "del",
    "ul",
    "ol",
    "ol[start]",
    "li",
    "blockquote",
    "code",
    "pre",
    "hr",
    "a",
    "a[href]",
    "a[rel]",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "div",
    "div[lang]",
];

/// The page without its prose, and the prose.
fn parted(html: &str) -> (String, Vec<String>) {
    let (mut rest, mut prose) = (String::new(), Vec::new());
    let mut parts = html.split("<div class=\"sk-prose");
    rest.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (_, inside) = part.split_once('>').expect("a tag ends");
        let (inside, after) = inside.split_once("</div>").expect("prose ends");
        prose.push(inside.to_owned());
        rest.push_str(after);
    }
    (rest, prose)
}

/// One page: what stands around the prose, after the prose itself was found harmless.
async fn around(service: &Router, path: &str, proof: &Proof, payload: &str) -> Skeleton {
    let answer = send(service, "GET", path, proof, None).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {payload}");
    let (rest, prose) = parted(&answer.body);
    for text in prose {
        let found = skeleton(&text);
        let more: Vec<_> = found.shape.iter().filter(|shape| !PROSE.contains(&shape.as_str())).collect();
        assert!(more.is_empty(), "{path}: {payload:?} brought {more:?} into prose: {text}");
        for link in &found.links {
            let known = ["http://", "https://", "mailto:"].iter().any(|scheme| link.to_lowercase().starts_with(scheme));
            assert!(known, "{path}: {payload:?} stands in a link: {link}");
        }
    }
    skeleton(&rest)
}

struct Stage {
    world: World,
    seller: Person,
    operator: Person,
    product: ProductId,
    specification: SpecificationId,
}

impl Stage {
    async fn new() -> Stage {
        let world = World::over(stores::fresh_sqlite().await).await;
        let (operator, seller) = (world.operator().await, world.seller_named("Brightwell").await);
        let product = world.full_draft(&seller, "Granary").await;
        let view = show_draft(&world.app, &seller.actor, product).await.expect("there");
        let specification = view.product.draft.specifications[0].id;
        Stage { world, seller, operator, product, specification }
    }

    /// Puts the text into every field that takes any, and hands the product in; some texts do not fit.
    async fn submits(&self, text: &str) -> Result<ReleaseApplicationId, AppError> {
        let some = |most: usize| format!("{} and more", text.chars().take(most - 9).collect::<String>());
        let prose = format!("{text}\n\n{}\n\n* {text}\n\n[{text}]({text})", long_text());
        let fields = [
            (Field::NameEn, some(60)),
            (Field::NameZh, some(60)),
            (Field::OverviewEn, some(110)),
            (Field::OverviewZh, some(110)),
            (Field::HighlightsEn, some(110)),
            (Field::DescriptionEn, prose.clone()),
            (Field::DescriptionZh, prose.clone()),
            (Field::GuideEn, prose.clone()),
            (Field::AgreementEn, prose),
            (Field::SupportHoursEn, some(60)),
            (Field::SearchTitle, some(60)),
            (Field::SearchDescription, some(110)),
        ];
        let app = &self.world.app;
        save_fields(app, &self.seller.actor, self.product, fields.to_vec()).await?;
        let fields = [
            (SpecificationField::NameEn, some(40)),
            (SpecificationField::SummaryEn, some(60)),
            (SpecificationField::UnitEn, some(20)),
        ];
        let fields = fields.to_vec();
        save_specification(app, &self.seller.actor, self.product, self.specification, fields, None).await?;
        submit_release(app, &self.seller.actor, self.product).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_product_reads_back_escaped_for_seller_reviewer_and_buyer() {
    let stage = Stage::new().await;
    let service = service(&stage.world);
    let (seller, operator) = (Proof::Session(stage.seller.token.clone()), Proof::Session(stage.operator.token.clone()));
    let product = format!("/seller/products/{}", stage.product);
    let (mut plain, mut listed) = (None::<Vec<Skeleton>>, 0);
    // Three plain words: the first release and the second change differ from every later one in what can be compared.
    for (number, payload) in ["Plain", "Other", "Third"].iter().chain(&PAYLOADS).enumerate() {
        // Which submission is the newest is told by the clock.
        stage.world.clock.advance(SignedDuration::from_secs(1));
        let submitted = stage.submits(payload).await;
        let sections = ["basics", "details", "delivery", "specifications", "agreement", "visibility"];
        let mut own: Vec<String> = sections.iter().map(|section| format!("{product}/{section}")).collect();
        own.extend([format!("{product}/preview"), "/seller/products".to_owned()]);
        let mut shown = Vec::new();
        let release = match submitted {
            Ok(release) => release,
            Err(refused) => {
                assert!(number > 2, "plain words can be submitted: {refused:?}");
                // A draft that cannot be submitted has no preview either.
                for path in own.iter().filter(|path| !path.ends_with("/preview")) {
                    // What is wrong with a field is said on these pages, so that they are made of more.
                    let found = around(&service, path, &seller, payload).await;
                    assert!(!found.shape.iter().any(|shape| shape.contains("[on")), "{path}: {payload}");
                }
                continue;
            }
        };
        for path in own {
            shown.push((around(&service, &path, &seller, payload).await, path));
        }
        for path in [format!("/operator/releases/{release}"), "/operator/releases".to_owned()] {
            shown.push((around(&service, &path, &operator, payload).await, path));
        }
        approve_release(&stage.world.app, &stage.operator.actor, release).await.expect("nothing speaks against it");
        listed += 1;
        let slug = show_draft(&stage.world.app, &stage.seller.actor, stage.product).await.expect("there").product.slug;
        let slug = slug.expect("it is listed");
        for path in [format!("/products/{slug}"), "/".to_owned(), "/search".to_owned()] {
            shown.push((around(&service, &path, &Proof::Nobody, payload).await, path));
        }
        shown.push((page(&service, "/notices", &seller).await, "/notices".to_owned()));
        if number < 2 {
            continue;
        }
        let plain = plain.get_or_insert_with(|| shown.iter().map(|(found, _)| found.clone()).collect());
        for ((with, path), without) in shown.iter().zip(plain.iter()) {
            same(without, with, path, payload);
        }
    }
    assert!(listed > 55, "only {listed} payloads were listed");
}
