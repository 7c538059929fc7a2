//! What a browser sees on the way from customer to seller with a debugged interface.

use axum::http::StatusCode;
use domain::identity::Role;
use domain::time::SignedDuration;
use testkit::{LICENCE_PDF, LICENCE_PNG, LOGO_PNG, World, on_every_world};

use crate::door::{Answer, Proof, Sent, send, service};

on_every_world![
    a_customer_applies_an_operator_decides_and_both_see_what_comes_next,
    files_and_typed_text_travel_together_and_neither_is_lost_when_the_other_is_wrong,
    a_licence_is_handed_out_to_be_saved_and_never_runs,
    every_agreement_is_read_before_and_after_it_is_agreed_to,
    a_review_knows_two_answers_and_takes_no_third_for_one,
    the_draft_is_saved_while_typing_and_says_when_somebody_else_was_faster,
    a_wrong_address_comes_back_as_typed_and_the_key_needs_the_password,
    the_debugger_shows_bytes_sends_and_keeps_cases_without_script,
    an_address_of_version_one_is_chosen_in_the_form_debugged_by_its_link_address_and_keeps_its_protocol,
    a_viewer_looks_at_everything_and_is_offered_nothing_to_press,
    the_api_walks_the_same_way,
];

const FORM: &str = "company_name=Kestrel+%3Cb%3E&website=https%3A%2F%2Fkestrel.example&years_in_business=3-5&employees=5-49\
&registered_capital=CNY+5%2C000%2C000&licence_number=91310000MA1K00000X&contact_name=Lin&contact_mobile=%2B86+138+0000+0000\
&contact_email=lin%40kestrel.example&country=China&province=&city=Shanghai&street=8+Century+Avenue&postcode=\
&support_phone=%2B86+21+0000+0000&support_email=help%40kestrel.example\
&introduction=We+plan+the+routes+of+small+freight+companies.&agreed.seller_terms=on&agreed.cooperation_rules=on";

fn by(token: &str) -> Proof {
    Proof::Session(token.to_owned())
}

fn says(answer: &Answer, texts: &[&str]) {
    for text in texts {
        assert!(answer.body.contains(text), "{text:?} is missing in {}", answer.body);
    }
}

async fn a_customer_applies_an_operator_decides_and_both_see_what_comes_next(world: World) {
    let service = service(&world);
    let (operator, lin) = (world.operator().await, world.customer("Kestrel").await);
    let (op, me) = (by(&operator.token), by(&lin.token));
    let page = send(&service, "GET", "/seller/application", &me, None).await;
    says(&page, &["Seller application", "within 3 working days", "name=\"agreed.privacy_statement\""]);
    for agreement in ["seller_terms", "cooperation_rules", "privacy_statement"] {
        says(&page, &[&format!("href=\"/agreements/{agreement}/1\"")]);
    }
    assert!(!page.body.contains("checked"), "consents are never ticked beforehand");
    let refused = send(&service, "POST", "/seller/application", &me, Some(&format!("{FORM}&act=submit"))).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(
        &refused,
        &[
            "<title>Error: ",
            "Confirm that you have read the privacy statement.",
            "value=\"Kestrel &#60;b&#62;\"",
            "8 Century Avenue",
        ],
    );
    let body = format!("{FORM}&agreed.privacy_statement=on&act=submit");
    let wanting = send(&service, "POST", "/seller/application", &me, Some(&body)).await;
    says(&wanting, &["Upload the company logo.", "Upload the business licence."]);
    world.papers(&lin).await;
    let done = send(&service, "POST", "/seller/application", &me, Some(&body)).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/seller/application?said=submitted"));
    let page = send(&service, "GET", "/seller/application?said=submitted", &me, None).await;
    says(&page, &["In review", "Your application is in review.", "Version 1, 14 May 2026", "We tell you the answer"]);
    assert!(!page.body.contains("<input name=\"company_name\""), "nothing can be changed now");

    let work = send(&service, "GET", "/operator", &op, None).await;
    says(&work, &["Work to do", "1 waits", "Nothing waits", "/operator/applications"]);
    let queue = send(&service, "GET", "/operator/applications", &op, None).await;
    says(&queue, &["Kestrel &#60;b&#62;", "/operator/applications/sap_"]);
    let path = queue
        .body
        .split("href=\"")
        .find_map(|rest| rest.starts_with("/operator/applications/sap_").then(|| rest.split('"').next()));
    let path = path.flatten().expect("the queue leads to the application").to_owned();
    let refused = send(&service, "POST", &path, &op, Some("act=reject&reason=No%3Cb%3E")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&refused, &["Use at least 10 characters", "No&#60;b&#62;</textarea>"]);
    let reason = "The+licence+number+is+out+of+date.";
    let done = send(&service, "POST", &path, &op, Some(&format!("act=reject&reason={reason}"))).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let page = send(&service, "GET", "/seller/application?lang=zh", &me, None).await;
    says(&page, &["运营方要求修改。", "The licence number is out of date.", "value=\"Kestrel &#60;b&#62;\""]);
    let again = send(&service, "POST", "/seller/application", &me, Some(&body)).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    let done = send(&service, "POST", &path, &op, Some("act=approve")).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, format!("{path}?said=approved").as_str()));
    let twice = send(&service, "POST", &path, &op, Some("act=approve")).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    let overview = send(&service, "GET", "/seller", &me, None).await;
    says(&overview, &["Add a production address", "Save the required debugging cases"]);
    let page = send(&service, "GET", "/seller/application", &me, None).await;
    says(&page, &["Your company sells here.", "Go to the seller console"]);
}

async fn the_draft_is_saved_while_typing_and_says_when_somebody_else_was_faster(world: World) {
    let service = service(&world);
    let lin = world.customer("Kestrel").await;
    let me = by(&lin.token);
    let save = |version: &'static str| {
        let body = format!("company_name=Kes{version}&version={version}");
        let (service, me) = (&service, &me);
        async move { send(service, "POST", "/seller/application/draft", me, Some(&body)).await }
    };
    let first = save("").await;
    assert_eq!((first.status, first.body.as_str()), (StatusCode::OK, "Saved 13:28:00 UTC"));
    assert_eq!(first.headers["draft-version"], "1");
    let second = save("1").await;
    assert_eq!(second.headers["draft-version"], "2");
    let late = save("1").await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.body.starts_with("Somebody saved another version meanwhile."), "{}", late.body);
    let page = send(&service, "GET", "/seller/application", &me, None).await;
    says(&page, &["value=\"Kes1\"", "name=\"version\" value=\"2\""]);
}

async fn an_address_of_version_one_is_chosen_in_the_form_debugged_by_its_link_address_and_keeps_its_protocol(
    world: World,
) {
    let service = service(&world);
    let mei = world.seller_named("Brightwell").await;
    let me = by(&mei.token);
    let form = send(&service, "GET", "/seller/addresses", &me, None).await;
    says(&form, &["V1.0", "Deprecated, for systems that speak it already", "As the protocol asks"]);
    let new = "url=https%3A%2F%2Fsaas.example.com%2Fproduce&access_key=kg-test-access-key-0001&body_sign=by_protocol";
    let wrong = send(&service, "POST", "/seller/addresses", &me, Some(&format!("{new}&protocol=v9"))).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = send(&service, "POST", "/seller/addresses", &me, Some(&format!("{new}&protocol=v1"))).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let path = done.location().split('?').next().expect("a path").to_owned();
    let page = send(&service, "GET", &path, &me, None).await;
    says(&page, &["V1.0", "expireInstance", "instanceStatus", "value=\"required\" checked"]);
    assert!(!page.body.contains("changeInstanceCheck"), "no call of version 2.0");
    says(&send(&service, "GET", "/seller/addresses", &me, None).await, &["Protocol V1.0, key ••••••••••0001"]);

    let bench = send(&service, "GET", "/seller/debugger", &me, None).await.location().to_owned();
    let page = send(&service, "GET", &bench, &me, None).await;
    says(&page, &["Protocol V1.0, key", "customerId", "sent encrypted with the key", "Generate link address"]);
    let body = "activity=expireInstance&instanceId=i+1&orderId=CS1&act=";
    let shown = send(&service, "POST", &bench, &me, Some(&format!("{body}generate"))).await;
    says(
        &shown,
        &[
            "Link address",
            "https://saas.example.com/produce?activity=expireInstance&#38;instanceId=i%201&#38;orderId=CS1&#38;testFlag=1",
            "authToken, in two steps",
            "activity=expireInstance&#38;instanceId=i 1&#38;orderId=CS1&#38;testFlag=1&#38;timeStamp=",
            "GET /produce?activity=expireInstance",
        ],
    );
    assert!(world.seller.calls().is_empty() && !shown.body.contains("kg-test-access-key-0001"));
    let other = send(&service, "POST", &bench, &me, Some("activity=orderNotify&orderId=1&act=generate")).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND, "version 1.0 has no such call");
    world.seller.will_answer(r#"{"resultCode":"000000","resultMsg":"success."}"#);
    let failed = send(&service, "POST", &bench, &me, Some(&format!("{body}save&case_name=Over"))).await;
    let page = send(&service, "GET", failed.location().split('#').next().expect("a path"), &me, None).await;
    says(&page, &["The header Body-Sign is missing.", "Not saved"]);
    let policy = "body_sign=off";
    send(&service, "POST", &format!("{path}/body-sign"), &me, Some(policy)).await;
    let passed = send(&service, "POST", &bench, &me, Some(&format!("{body}save&case_name=Over"))).await;
    let page = send(&service, "GET", passed.location().split('#').next().expect("a path"), &me, None).await;
    says(&page, &["Saved as case “Over”."]);
    let kept = send(&service, "POST", &format!("{path}/protocol"), &me, Some("protocol=v2")).await;
    assert_eq!(kept.status, StatusCode::CONFLICT);
    says(&kept, &["The protocol stays as it is: 1 case is saved for it."]);
}

async fn a_wrong_address_comes_back_as_typed_and_the_key_needs_the_password(world: World) {
    let service = service(&world);
    let mei = world.seller_named("Brightwell").await;
    let me = by(&mei.token);
    let body = "url=http%3A%2F%2F127.0.0.1%3A9090%2Fproduce&access_key=own-key-of-brightwell&body_sign=required";
    let refused = send(&service, "POST", "/seller/addresses", &me, Some(body)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&refused, &["Use a domain name instead of an IP address.", "value=\"http://127.0.0.1:9090/produce\""]);
    let body = "url=https%3A%2F%2Fsaas.example.com%2Fproduce&access_key=own-key-of-brightwell&body_sign=required";
    let done = send(&service, "POST", "/seller/addresses", &me, Some(body)).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let path = done.location().split('?').next().expect("a path").to_owned();
    let page = send(&service, "GET", &path, &me, None).await;
    says(&page, &["https://saas.example.com/produce", "••••••••••well", "Missing"]);
    assert!(!page.body.contains("own-key-of-brightwell"));
    world.clock.advance(SignedDuration::from_mins(6));
    let refused = send(&service, "POST", &format!("{path}/reveal"), &me, None).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    says(&refused, &["Enter your password once more"]);
    assert!(!refused.body.contains("own-key-of-brightwell"));
    let body = "password=tall+grey+herons+at+dusk";
    let shown = send(&service, "POST", &format!("{path}/reveal"), &me, Some(body)).await;
    says(&shown, &["own-key-of-brightwell", "data-hide-after=\"60\""]);
    assert_eq!(shown.headers["cache-control"], "no-store");
}

async fn the_debugger_shows_bytes_sends_and_keeps_cases_without_script(world: World) {
    let service = service(&world);
    let mei = world.seller_named("Brightwell").await;
    let me = by(&mei.token);
    let empty = send(&service, "GET", "/seller/debugger", &me, None).await;
    says(&empty, &["No address to debug"]);
    send(&service, "POST", "/seller/addresses", &me, Some("url=https%3A%2F%2Fsaas.example.com%2Fproduce")).await;
    let path = send(&service, "GET", "/seller/debugger", &me, None).await.location().to_owned();
    let page = send(&service, "GET", &format!("{path}?activity=updateInstanceStatus"), &me, None).await;
    says(&page, &["Freeze and thaw", "<option value=\"FREEZE\" selected", "value=\"debug-instance-0001\""]);
    let body = "activity=updateInstanceStatus&instanceId=i-%3Cb%3E&status=FREEZE&act=";
    let shown = send(&service, "POST", &path, &me, Some(&format!("{body}generate"))).await;
    says(
        &shown,
        &["Not sent yet", "POST /produce?signature=", "&#34;instanceId&#34;:&#34;i-&#60;b&#62;&#34;", "curl -sS"],
    );
    assert!(world.seller.calls().is_empty());
    let wrong =
        send(&service, "POST", &path, &me, Some("activity=updateInstanceStatus&instanceId=i&status=MELT&act=send"))
            .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&wrong, &["Use one of: FREEZE, UNFREEZE"]);

    world.seller.will_answer(r#"{"resultCode":"000005","resultMsg":"<b>"}"#);
    let failed = send(&service, "POST", &path, &me, Some(&format!("{body}save&case_name=Freeze"))).await;
    assert_eq!(failed.status, StatusCode::SEE_OTHER);
    let page = send(&service, "GET", failed.location().split('#').next().expect("a path"), &me, None).await;
    says(
        &page,
        &[
            "Not saved: a case needs all checks to pass.",
            "1 check failed",
            "&#60;b&#62;",
            "Send a call from the debugger",
        ],
    );
    world.seller.will_answer(r#"{"resultCode":"000000","resultMsg":"success."}"#);
    let passed = send(&service, "POST", &path, &me, Some(&format!("{body}save&case_name=Freeze"))).await;
    let page = send(&service, "GET", passed.location().split('#').next().expect("a path"), &me, None).await;
    says(&page, &["Saved as case “Freeze”.", "All checks passed", "i-&#60;b&#62;"]);
    let cases = send(&service, "GET", "/seller/cases", &me, None).await;
    let run = cases
        .body
        .split("action=\"")
        .find_map(|rest| rest.starts_with("/seller/cases/cas_").then(|| rest.split('"').next()));
    let run = run.flatten().expect("the case can be run").to_owned();
    let again = send(&service, "POST", &run, &me, None).await;
    assert!(again.status == StatusCode::SEE_OTHER && again.location().contains("?run=run_"), "{}", again.location());
    let deleted = send(&service, "POST", &run.replace("/run", "/delete"), &me, None).await;
    assert_eq!(deleted.location(), "/seller/cases?said=deleted");
    says(
        &send(&service, "GET", "/seller/cases?said=deleted", &me, None).await,
        &["The case is deleted.", "No saved case"],
    );
}

async fn a_viewer_looks_at_everything_and_is_offered_nothing_to_press(world: World) {
    let service = service(&world);
    let mei = world.seller_named("Brightwell").await;
    send(&service, "POST", "/seller/addresses", &by(&mei.token), Some("url=https%3A%2F%2Fsaas.example.com%2Fproduce"))
        .await;
    let viewer = world.colleague(&mei, Role::Viewer).await;
    let me = by(&viewer.token);
    let path = send(&service, "GET", "/seller/debugger", &me, None).await.location().to_owned();
    let page = send(&service, "GET", &path, &me, None).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("value=\"send\""), "{}", page.body);
    let application = send(&service, "GET", "/seller/application", &me, None).await;
    assert_eq!(application.status, StatusCode::OK);
    assert!(!application.body.contains("value=\"submit\""));
}

#[expect(clippy::too_many_lines, reason = "one journey, told from its first step to its last")]
async fn the_api_walks_the_same_way(world: World) {
    let service = service(&world);
    let (operator, lin) = (world.operator().await, world.customer("Kestrel").await);
    let (op, me) = (by(&operator.token), by(&lin.token));
    let none = send(&service, "GET", "/api/v1/seller-application", &me, None).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    let unknown = send(&service, "PUT", "/api/v1/seller-application", &me, Some(r#"{"form":{"surprise":"x"}}"#)).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = r#"{"form":{"company_name":"Kestrel","website":"https://kestrel.example","years_in_business":"3-5","employees":"5-49",
        "registered_capital":"CNY 5,000,000","licence_number":"91310000MA1K00000X","contact_name":"Lin","contact_mobile":"+86 138 0000 0000",
        "contact_email":"lin@kestrel.example","country":"China","city":"Shanghai","street":"8 Century Avenue","support_phone":"+86 21 0000 0000",
        "support_email":"help@kestrel.example","introduction":"We plan the routes of small freight companies.",
        "agreed":["seller_terms","cooperation_rules","privacy_statement"]}}"#;
    let saved = send(&service, "PUT", "/api/v1/seller-application", &me, Some(form)).await;
    says(&saved, &[r#""stage":"draft""#, r#""logo":false"#]);
    for (paper, file, held) in
        [("logo", LOGO_PNG, r#""logo":true,"licence":false"#), ("licence", LICENCE_PDF, r#""licence":true"#)]
    {
        let sent = Sent::new("PUT", &format!("/api/v1/seller-application/{paper}"))
            .header("authorization", &format!("Bearer {}", lin.token))
            .header("content-type", "application/octet-stream");
        let kept = sent.bytes(file.to_vec()).to(&service).await;
        assert_eq!(kept.status, StatusCode::OK);
        says(&kept, &[held]);
    }
    let licence = send(&service, "GET", "/api/v1/seller-application/licence", &me, None).await;
    assert_eq!((licence.status, licence.body.as_bytes()), (StatusCode::OK, LICENCE_PDF));
    let submitted = send(&service, "POST", "/api/v1/seller-application/submit", &me, None).await;
    says(&submitted, &[r#""stage":"pending_review""#, r#""due_at":"2026-05-19T13:28:00Z""#]);
    let id =
        submitted.body.split("\"id\":\"").nth(1).and_then(|rest| rest.split('"').next()).expect("an id").to_owned();
    let licence = send(&service, "GET", &format!("/api/v1/seller-applications/{id}/licence"), &op, None).await;
    assert_eq!(
        (&licence.headers["content-disposition"], licence.body.as_bytes()),
        (&"attachment".parse().expect("a value"), LICENCE_PDF)
    );
    let queue = send(&service, "GET", "/api/v1/seller-applications", &op, None).await;
    says(&queue, &[r#""next_waiting":null"#, &id]);
    let further = send(&service, "GET", &format!("/api/v1/seller-applications?waiting={id}"), &op, None).await;
    says(&further, &[r#""waiting":[]"#]);
    let wrong = send(&service, "GET", "/api/v1/seller-applications?waiting=nowhere", &op, None).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let approve = format!("/api/v1/seller-applications/{id}/approve");
    says(&send(&service, "POST", &approve, &op, None).await, &[r#""stage":"approved""#]);
    let twice = send(&service, "POST", &approve, &op, None).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    says(&twice, &["application_not_under_review"]);

    let new = r#"{"url":"https://saas.example.com/produce","access_key":"kg-test-access-key-0001"}"#;
    let address = send(&service, "POST", "/api/v1/interface-addresses", &me, Some(new)).await;
    assert_eq!(address.status, StatusCode::CREATED);
    says(&address, &["••••••••••0001", r#""body_sign":"if_present""#]);
    assert!(!address.body.contains("kg-test-access-key-0001"));
    let id = address.body.split("\"id\":\"").nth(1).and_then(|rest| rest.split('"').next()).expect("an id").to_owned();
    let root = format!("/api/v1/interface-addresses/{id}");
    let sample = send(&service, "GET", &format!("{root}/sample?activity=refreshInstance"), &me, None).await;
    says(&sample, &[r#""scene":"RENEWAL""#]);
    let call = r#"{"activity":"releaseInstance","values":{"instanceId":"i-1"},"save_as":"Release"}"#;
    let request = send(&service, "POST", &format!("{root}/debug-requests"), &me, Some(call)).await;
    says(&request, &["testFlag", "••••••••••0001"]);
    world.seller.will_answer(r#"{"resultCode":"000000","resultMsg":"success."}"#);
    let run = send(&service, "POST", &format!("{root}/debug-runs"), &me, Some(call)).await;
    assert_eq!(run.status, StatusCode::CREATED);
    says(&run, &[r#""result":"passed""#, r#""case":"cas_"#]);
    says(&send(&service, "GET", &format!("{root}/debug-cases"), &me, None).await, &[r#""name":"Release""#]);
    says(
        &send(&service, "GET", &root, &me, None).await,
        &[r#""saved_cases":["releaseInstance"]"#, r#""ready_for":[]"#],
    );
    let wrong = send(&service, "POST", &format!("{root}/debug-runs"), &me, Some(r#"{"activity":"explode"}"#)).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);

    let old = r#"{"url":"https://saas.example.com/old","protocol":"v1"}"#;
    let address = send(&service, "POST", "/api/v1/interface-addresses", &me, Some(old)).await;
    says(&address, &[r#""protocol":"v1""#, r#""body_sign":"required""#]);
    let id = address.body.split("\"id\":\"").nth(1).and_then(|rest| rest.split('"').next()).expect("an id").to_owned();
    let root = format!("/api/v1/interface-addresses/{id}");
    let expire = r#"{"activity":"expireInstance","values":{"instanceId":"i-1","orderId":"CS1"}}"#;
    let request = send(&service, "POST", &format!("{root}/debug-requests"), &me, Some(expire)).await;
    says(&request, &[r#""method":"GET""#, r#""string_to_sign":"activity=expireInstance&instanceId=i-1"#, "authToken="]);
    assert!(!request.body.contains("\"inner\""), "{}", request.body);
    let v2 = send(&service, "POST", &format!("{root}/debug-requests"), &me, Some(call)).await;
    assert_eq!(v2.status, StatusCode::UNPROCESSABLE_ENTITY, "orderId is mandatory in version 1.0");
    let sample = send(&service, "GET", &format!("{root}/sample?activity=orderNotify"), &me, None).await;
    assert_eq!(sample.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// The form as a browser sends it with files.
fn posted(token: &str, typed: &[(&str, &str)], files: &[(&str, &[u8])]) -> Sent {
    let mut body = Vec::new();
    for (name, value) in typed {
        let part = format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    for (name, bytes) in files {
        let part = format!(
            "--edge\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"a<b>.pdf\"\r\ncontent-type: application/pdf\r\n\r\n"
        );
        body.extend_from_slice(part.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--edge--\r\n");
    Sent::new("POST", "/seller/application")
        .header("cookie", &format!("souk={token}"))
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "multipart/form-data; boundary=edge")
        .bytes(body)
}

async fn files_and_typed_text_travel_together_and_neither_is_lost_when_the_other_is_wrong(world: World) {
    let service = service(&world);
    let lin = world.customer("Kestrel").await;
    let me = by(&lin.token);
    let typed = [("company_name", "Kestrel <b>"), ("introduction", "We plan\r\nroutes."), ("act", "submit")];
    let wrong = posted(&lin.token, &typed, &[("logo", LOGO_PNG), ("licence", b"<svg/>")]).to(&service).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&wrong, &["Use PDF, PNG, JPEG or WebP.", "value=\"Kestrel &#60;b&#62;\"", "The company logo as it is kept"]);
    let none = [("logo", &b""[..]), ("licence", &b""[..])];
    let saved = posted(&lin.token, &[typed[0], typed[1], ("act", "save")], &none).to(&service).await;
    assert_eq!(saved.location(), "/seller/application?said=draft", "a field without a file is no file");
    let too_large = vec![b'x'; 7 * 1024 * 1024];
    let broken = posted(&lin.token, &[("company_name", "Kestrel two")], &[("licence", &too_large)]).to(&service).await;
    assert_eq!(broken.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&broken, &["Use a picture of at most 5 MB.", "value=\"Kestrel two\""]);
    let good = posted(&lin.token, &typed[..2], &[("licence", LICENCE_PNG)]).to(&service).await;
    assert_eq!(good.status, StatusCode::SEE_OTHER);
    let page = send(&service, "GET", "/seller/application", &me, None).await;
    says(
        &page,
        &["value=\"Kestrel &#60;b&#62;\"", "We plan\nroutes.", "src=\"/seller/application/licence\"", "Picture, "],
    );
}

async fn a_licence_is_handed_out_to_be_saved_and_never_runs(world: World) {
    let service = service(&world);
    let (operator, lin) = (world.operator().await, world.customer("Kestrel").await);
    let id = world.papers(&lin).await.id;
    let path = format!("/operator/applications/{id}/licence");
    let draft = send(&service, "GET", &path, &by(&operator.token), None).await;
    assert_eq!(draft.status, StatusCode::NOT_FOUND);
    let ask = app::selling::applications::SaveDraft { form: testkit::things::application_form(), known_revision: None };
    world.app.submit_seller_application(&lin.actor, ask).await.expect("it holds");
    for (path, token) in [(path.as_str(), &operator.token), ("/seller/application/licence", &lin.token)] {
        let file = send(&service, "GET", path, &by(token), None).await;
        assert_eq!((file.status, file.body.as_bytes()), (StatusCode::OK, LICENCE_PDF), "{path}");
        assert_eq!(file.headers["content-type"], "application/pdf");
        assert_eq!(file.headers["content-disposition"], "attachment; filename=\"business-licence.pdf\"");
        assert_eq!(file.headers["x-content-type-options"], "nosniff");
        assert_eq!(file.headers["content-security-policy"], "default-src 'none'; sandbox");
        assert_eq!(file.headers["cache-control"], "no-store");
    }
    let page = send(&service, "GET", &format!("/operator/applications/{id}"), &by(&operator.token), None).await;
    says(&page, &[&format!("href=\"{path}\""), "Save business licence", "The company logo as it is kept"]);
    assert!(!page.body.contains(&format!("src=\"{path}\"")), "a PDF is not drawn in our page");
}

async fn every_agreement_is_read_before_and_after_it_is_agreed_to(world: World) {
    let service = service(&world);
    for (code, english, chinese) in [
        ("seller_terms", "Between whom", "协议双方"),
        ("cooperation_rules", "What follows when a rule is broken", "违反规则的处理"),
        ("privacy_statement", "What we keep", "我们保存的内容"),
    ] {
        let path = format!("/agreements/{code}/1");
        let page = send(&service, "GET", &path, &Proof::Nobody, None).await;
        assert_eq!(page.status, StatusCode::OK);
        says(&page, &["Version 1", english]);
        says(&send(&service, "GET", &format!("{path}?lang=zh"), &Proof::Nobody, None).await, &["版本 1", chinese]);
    }
    for path in ["/agreements/seller_terms/2", "/agreements/seller_terms/x", "/agreements/nothing/1"] {
        assert_eq!(send(&service, "GET", path, &Proof::Nobody, None).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let operator = world.operator().await;
    let id = world.seller_application().await;
    let review = send(&service, "GET", &format!("/operator/applications/{id}"), &by(&operator.token), None).await;
    says(&review, &["href=\"/agreements/cooperation_rules/1\""]);
}

async fn a_review_knows_two_answers_and_takes_no_third_for_one(world: World) {
    let service = service(&world);
    let operator = world.operator().await;
    let id = world.seller_application().await;
    let path = format!("/operator/applications/{id}");
    for act in ["", "act=&", "act=later&"] {
        let body = format!("{act}reason=The+licence+is+out+of+date.");
        let answer = send(&service, "POST", &path, &by(&operator.token), Some(&body)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{act}");
    }
    says(&send(&service, "GET", &path, &by(&operator.token), None).await, &["value=\"reject\"", "In review"]);
}
