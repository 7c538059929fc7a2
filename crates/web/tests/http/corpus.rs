//! Ways back that would lead to another site, and texts that would run in a page (security.md S-01, S-02).

use axum::Router;
use axum::http::StatusCode;
use testkit::people::PASSWORD;
use testkit::{World, stores};

use crate::door::{Proof, send, service};
use crate::tags::{Skeleton, skeleton};

async fn world() -> World {
    World::over(stores::fresh_sqlite().await).await
}

/// Places that are not ours, in the spellings that fooled others.
const ELSEWHERE: [&str; 32] = [
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "//evil.example/%2e%2e",
    "https://evil.example",
    "http://evil.example",
    "HTTPS://EVIL.EXAMPLE",
    "https:evil.example",
    "https:/evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "/\r\nLocation: https://evil.example",
    "/\u{0}/evil.example",
    " //evil.example",
    "\t//evil.example",
    "//evil.example@localhost",
    "//localhost@evil.example",
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "evil.example",
    ".evil.example",
    "@evil.example",
    "?next=//evil.example",
    "#//evil.example",
    "/／evil.example",
];

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// A browser at our own address follows `location`: where does it arrive?
fn arrives_here(location: &str) -> bool {
    let here = url::Url::parse("https://market.example/sign-in").expect("a good address");
    here.join(location).is_ok_and(|there| there.origin() == here.origin()) && location.starts_with('/')
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_way_back_leads_to_another_site() {
    let world = world().await;
    let service = service(&world);
    let lin = world.customer("Kestrel").await;
    let session = Proof::Session(lin.token.clone());
    let password = encoded(PASSWORD);
    for (number, evil) in ELSEWHERE.iter().enumerate() {
        let back = encoded(evil);
        let sign_in = format!("email={}&password={password}&return={back}", encoded(&lin.email));
        let sign_up = format!(
            "organisation_name=Heron&name=Wei&email=wei{number}%40heron.example&password={password}&return={back}"
        );
        for (path, proof, form) in [
            ("/sign-in", &Proof::Nobody, sign_in),
            ("/sign-up", &Proof::Nobody, sign_up),
            ("/account/confirm", &session, format!("password={password}&return={back}")),
            ("/preferences", &Proof::Nobody, format!("theme=dark&return_to={back}")),
        ] {
            let answer = send(&service, "POST", path, proof, Some(&form)).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path} {evil:?}");
            assert!(arrives_here(answer.location()), "{path} {evil:?} leads to {:?}", answer.location());
        }
        for path in ["/sign-in", "/sign-up", "/account/confirm", "/help"] {
            let page = send(&service, "GET", &format!("{path}?return={back}&return_to={back}"), &session, None).await;
            for link in skeleton(&page.body).links {
                assert!(arrives_here(&link) || harmless(&link), "{path} {evil:?} links to {link:?}");
            }
        }
    }
    assert!(arrives_here("/my/apps?state=active") && !arrives_here("//evil.example"), "the judge can judge");
}

/// Links that do not lead by the corpus: within the page, to a letter.
fn harmless(link: &str) -> bool {
    link.starts_with('#') || link.starts_with("mailto:") || link.starts_with('?') || link.is_empty()
}

/// Texts that ran somewhere, once.
pub const PAYLOADS: [&str; 66] = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<script/x>alert(1)</script/x>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</option></select><img src=x onerror=alert(1)>",
    "\"><script>alert(1)</script>",
    "'><script>alert(1)</script>",
    "\" onfocus=alert(1) autofocus x=\"",
    "' onfocus=alert(1) autofocus x='",
    "\" onmouseover=\"alert(1)",
    "' onmouseover='alert(1)",
    "` onerror=alert(1) `",
    "x onerror=alert(1)",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    "<img/src/onerror=alert(1)>",
    "<img src=\"x\" onerror=\"&#97;lert(1)\">",
    "<IMG \"\"\"><SCRIPT>alert(1)</SCRIPT>\">",
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><use href=\"data:image/svg+xml,<svg id=x onload=alert(1)>#x\">",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)>",
    "<iframe srcdoc=\"<script>alert(1)</script>\">",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=\"java&#x09;script:alert(1)\">x</a>",
    "<form action=javascript:alert(1)><button>x",
    "<button formaction=javascript:alert(1)>x",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<meta http-equiv=refresh content=\"0;url=//evil.example\">",
    "<base href=//evil.example/>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css';</style>",
    "<div style=\"background:url(//evil.example)\">",
    "<div hx-get=//evil.example hx-trigger=load>",
    "<div data-hx-on:load=\"alert(1)\">",
    "\" hx-get=\"//evil.example\" hx-trigger=\"load",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[><script>alert(1)</script>]]>",
    "<?xml version=\"1.0\"?><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "&#x3c;script&#x3e;alert(1)",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "\\u003cscript\\u003ealert(1)",
    "＜script＞alert(1)＜/script＞",
    "+ADw-script+AD4-alert(1)",
    "{{7*7}}${7*7}<%= 7*7 %>#{7*7}",
    "{{constructor.constructor('alert(1)')()}}",
    "javascript:alert(1)//",
    "javascript:/*--></title></style></textarea></script><svg/onload='+/\"/+/onmouseover=1/+/[*/[]/+alert(1)//'>",
    "\u{202e}<script>alert(1)</script>",
    "a<b>c</b>&amp;\"d\"'e'",
    "<x onclick=alert(1)>",
];

/// The page at `path` for this person.
pub async fn page(service: &Router, path: &str, proof: &Proof) -> Skeleton {
    let answer = send(service, "GET", path, proof, None).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    skeleton(&answer.body)
}

/// Holds a page with a payload in it against the same page with a plain word: not a tag or attribute more.
pub fn same(plain: &Skeleton, with: &Skeleton, place: &str, payload: &str) {
    let more: Vec<_> = with.shape.difference(&plain.shape).collect();
    let less: Vec<_> = plain.shape.difference(&with.shape).collect();
    assert!(
        more.is_empty() && less.is_empty(),
        "{place}: {payload:?} changed what the page is made of: more {more:?}, less {less:?}"
    );
    for link in &with.links {
        let link = link.trim().to_lowercase();
        assert!(
            !link.starts_with("javascript:") && !link.starts_with("data:") && !link.starts_with("//"),
            "{place}: {payload:?} stands in a link: {link}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_people_type_never_becomes_part_of_a_page() {
    let world = world().await;
    let service = service(&world);
    let lin = world.customer("Kestrel").await;
    let proof = Proof::Session(lin.token.clone());
    let mut stored = 0;
    let plain = "Plain";
    let echo = |payload: &str| {
        let text = encoded(payload);
        [
            ("/sign-up", format!("organisation_name={text}&name={text}&email={text}&password=x&return={text}")),
            ("/sign-in", format!("email={text}&password=x&return={text}")),
            ("/account/members/invitations", format!("name={text}&email={text}&role=viewer&language=en")),
        ]
    };
    // A first key is made, so that the bell shows that there is news, in every page that follows.
    let first = format!("name={plain}&password={}", encoded(PASSWORD));
    send(&service, "POST", "/account/keys", &proof, Some(&first)).await;
    forget_keys(&world).await;
    let baseline_echo = refused(&service, &proof, &echo(plain)).await;
    let (mut account, mut keys) = (None, None);
    for payload in std::iter::once(&plain).chain(&PAYLOADS) {
        let text = encoded(payload);
        // Refused forms come back with what was typed.
        let echoed = refused(&service, &proof, &echo(payload)).await;
        for ((place, with), (_, without)) in echoed.iter().zip(&baseline_echo) {
            same(without, with, place, payload);
        }
        // A name that was accepted stands on the own page, in the frame, and in the list of members.
        let named = send(&service, "POST", "/account", &proof, Some(&format!("name={text}&language=en"))).await;
        if named.status == StatusCode::SEE_OTHER {
            stored += 1;
            let shown = [page(&service, "/account", &proof).await, page(&service, "/account/members", &proof).await];
            let plain = account.get_or_insert_with(|| shown.clone());
            shown.iter().zip(plain.iter()).for_each(|(with, without)| same(without, with, "/account", payload));
        }
        // The name of an access key.
        world.clock.advance(domain::time::SignedDuration::from_secs(1));
        let made = send(
            &service,
            "POST",
            "/account/keys",
            &proof,
            Some(&format!("name={text}&password={}", encoded(PASSWORD))),
        )
        .await;
        assert!(made.status.is_success() || made.status.is_client_error(), "{}", made.status);
        let shown = page(&service, "/account/keys", &proof).await;
        if made.status.is_success() {
            let plain = keys.get_or_insert_with(|| shown.clone());
            same(plain, &shown, "/account/keys", payload);
            forget_keys(&world).await;
        }
        // What stands in the address comes back in links and hidden fields.
        for path in [
            format!("/account/confirm?return={text}"),
            format!("/help?q={text}&return={text}&said={text}&lang={text}"),
            format!("/{text}"),
        ] {
            let with = skeleton(&send(&service, "GET", &path, &proof, None).await.body);
            let without = skeleton(&send(&service, "GET", &path.replace(&text, plain), &proof, None).await.body);
            same(&without, &with, &path, payload);
        }
    }
    assert!(stored > 55, "only {stored} payloads were stored as a name");
}

/// Keys are counted; a test makes more than one may have.
async fn forget_keys(world: &World) {
    world
        .database()
        .db
        .write::<_, _, testkit::db::DbError, _>((), |tx, ()| {
            Box::pin(async move {
                tx.execute("DELETE FROM api_keys", testkit::db::values![]).await?;
                Ok(())
            })
        })
        .await
        .expect("rows can be removed");
}

async fn refused(service: &Router, proof: &Proof, forms: &[(&'static str, String)]) -> Vec<(&'static str, Skeleton)> {
    let mut pages = Vec::new();
    for (path, form) in forms {
        // Strangers' pages as strangers see them.
        let nobody = matches!(*path, "/sign-up" | "/sign-in");
        let answer = send(service, "POST", path, if nobody { &Proof::Nobody } else { proof }, Some(form)).await;
        if *path == "/account/members/invitations" && answer.status.is_success() {
            continue;
        }
        assert!(answer.status.is_client_error(), "{path}: {} for {form}", answer.status);
        pages.push((*path, skeleton(&answer.body)));
    }
    pages
}

/// An application with this word in every field that takes any text, as much of it as fits.
fn application(word: &str, website: &str) -> String {
    let padded = format!("{word} and twenty characters more");
    let links = ["://", "www.", "href=", "mailto:"].iter().any(|sign| padded.to_lowercase().contains(sign));
    let introduction = if links { "Plain and twenty characters more" } else { &padded };
    let some = |most: usize| word.chars().take(most).collect::<String>();
    let free = [
        ("company_name", padded.clone()),
        ("contact_name", some(80)),
        ("registered_capital", format!("CNY 5 {}", word.chars().take(34).collect::<String>())),
        ("province", some(60)),
        ("city", some(60)),
        ("street", padded.clone()),
        ("introduction", introduction.to_owned()),
    ];
    let fitting = [
        ("years_in_business", "3-5"),
        ("employees", "5-49"),
        ("licence_number", "91310000MA1K00000X"),
        ("contact_mobile", "+86 138 0000 0000"),
        ("contact_email", "lin@kestrel.example"),
        ("country", "China"),
        ("postcode", "200120"),
        ("support_phone", "+86 21 0000 0000"),
        ("support_email", "help@kestrel.example"),
        ("agreed.seller_terms", "on"),
        ("agreed.cooperation_rules", "on"),
        ("agreed.privacy_statement", "on"),
        ("act", "submit"),
    ];
    let mut form: Vec<String> = free.iter().map(|(field, value)| format!("{field}={}", encoded(value))).collect();
    form.extend(fitting.iter().map(|(field, value)| format!("{field}={}", encoded(value))));
    form.push(format!("website={}", encoded(website)));
    form.join("&")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seller_application_reads_back_escaped_for_applicant_and_operator() {
    let world = world().await;
    let service = service(&world);
    let lin = world.customer("Kestrel").await;
    let operator = world.operator().await;
    let (applicant, operator) = (Proof::Session(lin.token.clone()), Proof::Session(operator.token.clone()));
    let mut plain: Option<Vec<Skeleton>> = None;
    let mut stored = 0;
    // Twice a plain word, because the first application has no earlier decision to show.
    for (number, payload) in ["Plain", "Plain"].iter().chain(&PAYLOADS).enumerate() {
        // A refused form comes back with what was typed; a website is https or nothing.
        let refused =
            send(&service, "POST", "/seller/application", &applicant, Some(&application(payload, payload))).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{payload}");
        let mut shown = vec![skeleton(&refused.body)];
        world.papers(&lin).await;
        let form = application(payload, "https://kestrel.example");
        let sent = send(&service, "POST", "/seller/application", &applicant, Some(&form)).await;
        if sent.status != StatusCode::SEE_OTHER {
            assert_ne!(*payload, "Plain", "{}", sent.body);
            assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "{payload}");
            continue;
        }
        stored += 1;
        let id = world.dump().await["seller_applications"][0]["id"].clone();
        let dossier = format!("/operator/applications/{id}");
        for (path, proof) in
            [("/seller/application", &applicant), ("/operator/applications", &operator), (&dossier, &operator)]
        {
            shown.push(page(&service, path, proof).await);
        }
        let reason = format!("act=reject&reason={}", encoded(&format!("{payload} is why")));
        let decided = send(&service, "POST", &dossier, &operator, Some(&reason)).await;
        assert_eq!(decided.status, StatusCode::SEE_OTHER, "{payload}: {}", decided.body);
        for (path, proof) in [("/seller/application", &applicant), (&dossier, &operator), ("/notices", &applicant)] {
            shown.push(page(&service, path, proof).await);
        }
        if number == 0 {
            continue;
        }
        let plain = plain.get_or_insert_with(|| shown.clone());
        for (at, (with, without)) in shown.iter().zip(plain.iter()).enumerate() {
            same(without, with, &format!("page {at} of an application"), payload);
        }
    }
    assert!(stored > 40, "only {stored} payloads were stored");
}
