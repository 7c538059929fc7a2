//! What a browser sees of accounts: cookies, ways back, forms that keep what was typed, secrets shown once.

use app::Settings;
use axum::http::StatusCode;
use domain::identity::Role;
use domain::time::SignedDuration;
use testkit::people::PASSWORD;
use testkit::{World, on_every_world};

use crate::door::{Proof, Sent, send, service};

on_every_world![
    a_person_signs_up_in_the_browser_and_comes_back_to_where_they_were,
    a_refused_form_keeps_what_was_typed_but_never_a_password,
    a_way_back_never_leads_to_another_site,
    signing_out_ends_the_session_and_clears_the_browser,
    a_locked_account_says_when_to_try_again,
    a_form_asks_for_the_password_when_it_is_not_fresh_and_loses_nothing,
    a_form_that_comes_after_the_session_ended_is_kept_over_the_sign_in_and_sent_by_a_button,
    a_button_goes_over_the_password_page_and_back,
    an_invitation_link_opens_for_the_invited_and_is_shown_once,
    the_first_operator_sets_the_market_up_in_the_browser,
    a_program_signs_in_and_acts_and_a_foreign_token_is_refused,
    an_answer_with_a_secret_is_never_kept_by_a_cache,
];

const FORM: &str = "organisation_name=Kestrel+Freight&name=Lin&email=lin%40kestrel.example&password=";

fn session_of(cookies: &[&str]) -> Proof {
    let cookie = cookies.iter().find(|cookie| cookie.starts_with("souk=")).expect("a session cookie is set");
    let token = cookie.trim_start_matches("souk=").split(';').next().unwrap_or_default();
    Proof::Session(token.to_owned())
}

async fn a_person_signs_up_in_the_browser_and_comes_back_to_where_they_were(world: World) {
    let service = service(&world);
    let page = send(&service, "GET", "/sign-up?return=%2Fmy%2Fapps%3Fstate%3Dactive", &Proof::Nobody, None).await;
    assert!(page.body.contains("name=\"return\" value=\"/my/apps?state=active\""), "{}", page.body);
    let body = format!("{FORM}tall+grey+herons+at+dusk&return=%2Faccount%3Fx%3D1");
    let done = send(&service, "POST", "/sign-up", &Proof::Nobody, Some(&body)).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/account?x=1"));
    let cookies = done.cookies();
    let cookie = cookies.iter().find(|cookie| cookie.starts_with("souk=")).expect("a session cookie is set");
    assert!(cookie.contains("; Path=/; HttpOnly; SameSite=Lax") && !cookie.contains("Secure"), "{cookie}");
    let account = send(&service, "GET", "/account", &session_of(&cookies), None).await;
    assert!(account.status == StatusCode::OK && account.body.contains("lin@kestrel.example"));
}

async fn a_refused_form_keeps_what_was_typed_but_never_a_password(world: World) {
    let service = service(&world);
    let refused = send(&service, "POST", "/sign-up", &Proof::Nobody, Some(&format!("{FORM}password1"))).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for kept in ["value=\"Kestrel Freight\"", "value=\"Lin\"", "value=\"lin@kestrel.example\"", "known from leaks"] {
        assert!(refused.body.contains(kept), "{kept} is missing in {}", refused.body);
    }
    assert!(!refused.body.contains("value=\"password1\""));
    assert!(refused.body.contains("<title>Error: "));
    let refused =
        send(&service, "POST", "/sign-in?lang=zh", &Proof::Nobody, Some("email=lin%40x.example&password=no")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("邮箱与密码不匹配。") && refused.body.contains("value=\"lin@x.example\""));
}

async fn a_way_back_never_leads_to_another_site(world: World) {
    let service = service(&world);
    let lin = world.customer("Kestrel").await;
    for evil in ["%2F%2Fevil.example", "https%3A%2F%2Fevil.example", "%2F%5Cevil.example"] {
        let body = format!("email=first%40kestrel.example&password=tall+grey+herons+at+dusk&return={evil}");
        let done = send(&service, "POST", "/sign-in", &Proof::Nobody, Some(&body)).await;
        assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/"), "{evil}");
        let body = format!("password=tall+grey+herons+at+dusk&return={evil}");
        let done = send(&service, "POST", "/account/confirm", &Proof::Session(lin.token.clone()), Some(&body)).await;
        assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/account"), "{evil}");
    }
}

async fn signing_out_ends_the_session_and_clears_the_browser(world: World) {
    let service = service(&world);
    let lin = world.customer("Kestrel").await;
    let proof = Proof::Session(lin.token.clone());
    let done = send(&service, "POST", "/sign-out", &proof, None).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/sign-in?said=signed-out"));
    assert_eq!(
        done.headers.get("clear-site-data").and_then(|value| value.to_str().ok()),
        Some("\"cache\", \"storage\"")
    );
    assert!(done.cookies().iter().any(|cookie| cookie.starts_with("souk=;") && cookie.contains("Max-Age=0")));
    let after = send(&service, "GET", "/account", &proof, None).await;
    assert_eq!((after.status, after.location()), (StatusCode::SEE_OTHER, "/sign-in?return=%2Faccount"));
    let again = send(&service, "POST", "/sign-out", &proof, None).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "signing out twice is no error");
}

async fn a_locked_account_says_when_to_try_again(world: World) {
    let service = service(&world);
    world.customer("Kestrel").await;
    let body = "email=first%40kestrel.example&password=wrong";
    for _ in 0..5 {
        let answer = send(&service, "POST", "/sign-in", &Proof::Nobody, Some(body)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let locked = send(&service, "POST", "/sign-in", &Proof::Nobody, Some(body)).await;
    assert_eq!(locked.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(locked.headers.get("retry-after").and_then(|value| value.to_str().ok()), Some("1"));
    assert!(locked.body.contains("value=\"first@kestrel.example\""), "what was typed is kept");
    let json = r#"{"email":"first@kestrel.example","password":"wrong"}"#;
    let locked = send(&service, "POST", "/api/v1/sessions", &Proof::Nobody, Some(json)).await;
    assert_eq!(locked.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(locked.body.contains("\"code\":\"too_often\""), "{}", locked.body);
}

async fn a_form_asks_for_the_password_when_it_is_not_fresh_and_loses_nothing(world: World) {
    let service = service(&world);
    let lin = world.customer("Kestrel").await;
    let proof = Proof::Session(lin.token.clone());
    let page = send(&service, "GET", "/account/keys", &proof, None).await;
    assert!(!page.body.contains("name=\"password\""), "the password was given a moment ago");
    world.clock.advance(SignedDuration::from_mins(6));
    let page = send(&service, "GET", "/account/keys", &proof, None).await;
    assert!(page.body.contains("name=\"password\""));
    let without = send(&service, "POST", "/account/keys", &proof, Some("name=nightly+import")).await;
    assert_eq!(without.status, StatusCode::FORBIDDEN);
    assert!(
        without.body.contains("value=\"nightly import\"") && without.body.contains("Enter your password once more")
    );
    let wrong = send(&service, "POST", "/account/keys", &proof, Some("name=nightly+import&password=wrong")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("value=\"nightly import\"") && wrong.body.contains("This is not your password."));
    let body = "name=nightly+import&password=tall+grey+herons+at+dusk";
    let made = send(&service, "POST", "/account/keys", &proof, Some(body)).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let key = made.body.split("<code>SK").nth(1).and_then(|rest| rest.get(..18)).expect("the key is shown").to_owned();
    let list = send(&service, "GET", "/account/keys", &proof, None).await;
    assert!(list.body.contains(&key) && list.body.contains("nightly import"));
    let shown_secret = made.body.matches("<code>").count();
    assert_eq!(shown_secret, 2, "access key and secret");
}

async fn a_button_goes_over_the_password_page_and_back(world: World) {
    let service = service(&world);
    let lin = world.customer("Kestrel").await;
    let wei = world.colleague(&lin, Role::Member).await;
    let proof = Proof::Session(lin.token.clone());
    world.clock.advance(SignedDuration::from_mins(6));
    let disable = format!("/account/members/{}/disable", wei.actor.user);
    let asked = send(&service, "POST", &disable, &proof, None).await;
    assert_eq!((asked.status, asked.location()), (StatusCode::SEE_OTHER, "/account/confirm?return=/account/members"));
    let body = "password=tall+grey+herons+at+dusk&return=%2Faccount%2Fmembers";
    let back = send(&service, "POST", "/account/confirm", &proof, Some(body)).await;
    assert_eq!((back.status, back.location()), (StatusCode::SEE_OTHER, "/account/members"));
    let done = send(&service, "POST", &disable, &proof, None).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/account/members?said=disabled"));
    let out = send(&service, "GET", "/account", &Proof::Session(wei.token), None).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    let me = format!("/account/members/{}/disable", lin.actor.user);
    let last = send(&service, "POST", &me, &proof, None).await;
    assert_eq!(last.status, StatusCode::CONFLICT);
    assert!(last.body.contains("This is the last administrator."), "{}", last.body);
}

async fn an_invitation_link_opens_for_the_invited_and_is_shown_once(world: World) {
    let service = service(&world);
    let lin = world.customer("Kestrel").await;
    let proof = Proof::Session(lin.token.clone());
    let body = "name=Wei&email=wei%40kestrel.example&role=finance";
    let made = send(&service, "POST", "/account/members/invitations", &proof, Some(body)).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let token =
        made.body.split("/invitation?token=").nth(1).and_then(|rest| rest.get(..50)).expect("the link is shown");
    let list = send(&service, "GET", "/account/members", &proof, None).await;
    assert!(list.body.contains("wei@kestrel.example") && !list.body.contains(token));
    let path = format!("/invitation?token={token}");
    let page = send(&service, "GET", &path, &Proof::Nobody, None).await;
    assert!(page.body.contains("Join Kestrel") && page.body.contains("wei@kestrel.example"), "{}", page.body);
    let body = format!("token={token}&name=Wei&password=tall+grey+herons+at+dusk");
    let done = send(&service, "POST", "/invitation", &Proof::Nobody, Some(&body)).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/"));
    let me = send(&service, "GET", "/account", &session_of(&done.cookies()), None).await;
    assert!(me.body.contains("Finance"), "{}", me.body);
    let spent = send(&service, "GET", &path, &Proof::Nobody, None).await;
    assert_eq!(spent.status, StatusCode::NOT_FOUND);
    assert!(spent.body.contains("This invitation has been used or withdrawn."));
}

async fn the_first_operator_sets_the_market_up_in_the_browser(world: World) {
    let service = service(&world);
    let link = app::identity::first_operator::make_link(&world.app).await.expect("writable").expect("no operator yet");
    let path = link.strip_prefix(&world.app.settings.site.public_url).expect("a link of ours").to_owned();
    let page = send(&service, "GET", &path, &Proof::Nobody, None).await;
    assert!(page.status == StatusCode::OK && page.body.contains("Set up this market"));
    let token = path.split_once("token=").expect("a token").1;
    let body = format!(
        "token={token}&organisation_name=Harbour&name=Ada&email=ada%40harbour.example&password=tall+grey+herons"
    );
    let done = send(&service, "POST", "/operator/first", &Proof::Nobody, Some(&body)).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/operator"));
    let spent = send(&service, "POST", "/operator/first", &Proof::Nobody, Some(&body)).await;
    assert_eq!(spent.status, StatusCode::NOT_FOUND);
}

async fn a_program_signs_in_and_acts_and_a_foreign_token_is_refused(world: World) {
    let service = service(&world);
    let json = format!(
        r#"{{"organisation_name":"Kestrel","name":"Lin","email":"lin@kestrel.example","password":"{PASSWORD}"}}"#
    );
    let made = send(&service, "POST", "/api/v1/sign-ups", &Proof::Nobody, Some(&json)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let opened: serde_json::Value = serde_json::from_str(&made.body).expect("JSON");
    let proof = Proof::Session(opened["token"].as_str().expect("a token").to_owned());
    let me = send(&service, "GET", "/api/v1/me", &proof, None).await;
    let me: serde_json::Value = serde_json::from_str(&me.body).expect("JSON");
    assert_eq!(me["organisation"]["kind"], "customer");
    let key = send(&service, "POST", "/api/v1/api-keys", &proof, Some(r#"{"name":"import"}"#)).await;
    let key: serde_json::Value = serde_json::from_str(&key.body).expect("JSON");
    let text = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
    let by_key = Proof::Key(text(&key["key"]["access_key"]), text(&key["secret"]));
    assert_eq!(send(&service, "GET", "/api/v1/me", &by_key, None).await.status, StatusCode::OK);
    assert_eq!(send(&service, "GET", "/api/v1/users", &by_key, None).await.status, StatusCode::FORBIDDEN);
    let unknown =
        send(&service, "POST", "/api/v1/api-keys", &proof, Some(r#"{"name":"x","role":"administrator"}"#)).await;
    assert!(unknown.status.is_client_error(), "unknown fields are refused");
    let gone = send(&service, "DELETE", "/api/v1/sessions", &proof, None).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    for dead in [proof, Proof::Session("souk_s_x".to_owned()), Proof::Key("SKX".to_owned(), "y".to_owned())] {
        let refused = send(&service, "GET", "/api/v1/me", &dead, None).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        assert!(refused.body.contains("\"code\":\"sign_in_needed\""), "{}", refused.body);
    }
}

async fn an_answer_with_a_secret_is_never_kept_by_a_cache(world: World) {
    let service = service(&world);
    let lin = world.customer("Kestrel").await;
    let proof = Proof::Session(lin.token.clone());
    for (method, path, body) in
        [("POST", "/account/keys", Some("name=x")), ("GET", "/account/keys", None), ("GET", "/sign-in", None)]
    {
        let answer = send(&service, method, path, &proof, body).await;
        assert_eq!(
            answer.headers.get("cache-control").and_then(|value| value.to_str().ok()),
            Some("no-store"),
            "{path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_tls_the_cookie_belongs_to_this_host_alone() {
    let mut settings = Settings::default();
    settings.site.public_url = "https://market.example".to_owned();
    let world = World::with(testkit::stores::fresh_sqlite().await, settings).await;
    let service = service(&world);
    let body = format!("{FORM}tall+grey+herons+at+dusk");
    let done = send(&service, "POST", "/sign-up", &Proof::Nobody, Some(&body)).await;
    let cookies = done.cookies();
    let cookie = cookies.iter().find(|cookie| cookie.starts_with("__Host-souk=")).expect("a host cookie");
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"), "{cookie}");
}

async fn a_form_that_comes_after_the_session_ended_is_kept_over_the_sign_in_and_sent_by_a_button(world: World) {
    let service = service(&world);
    let operator = world.operator().await;
    let id = world.seller_application().await;
    let path = format!("/operator/applications/{id}");
    let me = Proof::Session(operator.token.clone());
    world.clock.advance(SignedDuration::from_mins(31)); // people of the operator are signed out after half an hour
    let body = "act=reject&reason=The+licence+%3Cb%3E+is%0D%0Aout+of+date.&password=hunter+of+herons&access_key=abc";
    let asked = send(&service, "POST", &path, &me, Some(body)).await;
    assert_eq!(asked.status, StatusCode::UNAUTHORIZED);
    let carried = format!("name=\"kept_path\" value=\"{path}\"");
    let note = "name=\"kept.reason\" value=\"The licence &#60;b&#62; is\r\nout of date.\"";
    for part in ["action=\"/sign-in\"", "You were signed out", &carried, note, "name=\"kept.act\" value=\"reject\""] {
        assert!(asked.body.contains(part), "{part} is missing in {}", asked.body);
    }
    assert!(!asked.body.contains("hunter") && !asked.body.contains("kept.access_key"), "secrets are not kept");

    let kept = format!(
        "return={path}&kept_path={path}&kept.act=reject&kept.reason=The+licence+%3Cb%3E+is%0D%0Aout+of+date.&email={}&password=",
        operator.email.replace('@', "%40")
    );
    let wrong = send(&service, "POST", "/sign-in", &Proof::Nobody, Some(&format!("{kept}wrong+words+here"))).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains(note) && wrong.body.contains(&carried), "a wrong password loses nothing either");
    let right = format!("{kept}{}", PASSWORD.replace(' ', "+"));
    let signed_in = send(&service, "POST", "/sign-in", &Proof::Nobody, Some(&right)).await;
    assert_eq!(signed_in.status, StatusCode::OK);
    for part in [format!("action=\"{path}\""), "Send it now".to_owned(), "The licence &#60;b&#62; is".to_owned()] {
        assert!(signed_in.body.contains(&part), "{part} is missing in {}", signed_in.body);
    }
    assert!(!signed_in.body.contains(PASSWORD));
    let me = session_of(&signed_in.cookies());
    let page = send(&service, "GET", &path, &me, None).await;
    assert!(page.body.contains("In review"), "signing in alone sends nothing");
    let resent = "act=reject&reason=The+licence+%3Cb%3E+is%0D%0Aout+of+date.";
    let done = send(&service, "POST", &path, &me, Some(resent)).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, format!("{path}?said=rejected").as_str()));

    let foreign = Sent::new("POST", &path).header("origin", "https://evil.example").form(resent).to(&service).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN, "another site's form is not kept");
    assert!(!foreign.body.contains("kept.reason"));
    let away = right.replace(&format!("kept_path={path}"), "kept_path=//evil.example");
    let ignored = send(&service, "POST", "/sign-in", &Proof::Nobody, Some(&away)).await;
    assert_eq!((ignored.status, ignored.location()), (StatusCode::SEE_OTHER, path.as_str()));
    let button = send(&service, "POST", "/notices/read", &Proof::Nobody, None).await;
    assert_eq!((button.status, button.location()), (StatusCode::SEE_OTHER, "/sign-in?return=%2Fnotices%2Fread"));
}
