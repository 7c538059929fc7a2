//! Accounts, for people: arriving, signing in and out, the own account, members, access keys.
//!
//! Nothing typed is lost: a refused form comes back filled, with status 422 (or 409, 429, 503) and the problem in words.
//! What needs a fresh password asks for it in the same form; acts of one button go over `/account/confirm` and back.

mod account;
mod confirm;
mod device;
pub(crate) mod entry;
mod first_operator;
mod invitation;
mod keys;
mod members;
pub(crate) mod once;
mod password;
mod resume;
mod sessions;
mod sign_in;
mod sign_out;
mod sign_up;

pub use account::AccountPage;
pub use entry::EntryPage;
pub use keys::KeysPage;
pub use members::MembersPage;
pub use once::OncePage;
pub use password::PasswordPage;
pub use resume::ResumePage;
pub use sessions::SessionsPage;
pub(crate) use sign_in::signed_out;

use app::identity::{Caller, Password, ProveAgain, SignedIn as Opened, authenticate};
use app::{App, AppError};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use domain::identity::{Actor, Credential, FRESH_WINDOW, OrganisationKind, Role};
use http_kit::{Failure, ProblemView, Routes, route, session_cookie};
use language::Words;

use crate::form::{Choice, Form};
use crate::frame::{PageFrame, form_value};
use crate::parts::{Tab, Tabs};
use crate::render;

/// The routes of this slice.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .with(route!(GET "/sign-up" => sign_up::show))
        .with(route!(POST "/sign-up" => sign_up::act))
        .with(route!(GET "/sign-in" => sign_in::show))
        .with(route!(POST "/sign-in" => sign_in::act))
        .with(route!(POST "/sign-out" => sign_out::act))
        .with(route!(GET "/invitation" => invitation::show))
        .with(route!(POST "/invitation" => invitation::act))
        .with(route!(GET "/operator/first" => first_operator::show))
        .with(route!(POST "/operator/first" => first_operator::act))
        .with(route!(GET "/account" => account::show))
        .with(route!(POST "/account" => account::act))
        .with(route!(GET "/account/confirm" => confirm::show))
        .with(route!(POST "/account/confirm" => confirm::act))
        .with(route!(GET "/account/password" => password::show))
        .with(route!(POST "/account/password" => password::act))
        .with(route!(GET "/account/sessions" => sessions::show))
        .with(route!(POST "/account/sessions/end-others" => sessions::end_others))
        .with(route!(POST "/account/sessions/{id}/end" => sessions::end))
        .with(route!(GET "/account/members" => members::show))
        .with(route!(POST "/account/members/invitations" => members::invite))
        .with(route!(POST "/account/members/invitations/{id}/renew" => members::renew))
        .with(route!(POST "/account/members/invitations/{id}/withdraw" => members::withdraw))
        .with(route!(POST "/account/members/{id}/role" => members::change_role))
        .with(route!(POST "/account/members/{id}/disable" => members::disable))
        .with(route!(POST "/account/members/{id}/enable" => members::enable))
        .with(route!(GET "/account/keys" => keys::show))
        .with(route!(POST "/account/keys" => keys::make))
        .with(route!(POST "/account/keys/{id}/revoke" => keys::revoke))
}

/// What a form sends, in order.
pub(crate) type Pairs = Vec<(String, String)>;

/// The form with why it was refused, and the status to answer; what a form cannot show goes on as a failure.
pub(crate) fn refused(form: Form, error: AppError) -> Result<(StatusCode, Form, Option<u64>), Failure> {
    let words = form.words();
    let problem = ProblemView::of(&error, words);
    let form = match &error {
        AppError::Invalid(problems) => form.with_problems(problems),
        AppError::Refused(refusal) if refusal.code == "fresh_sign_in_needed" => {
            form.with_problem("password", words.problem_fresh_sign_in_needed())
        }
        AppError::Refused(refusal)
            if matches!(problem.status, StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY) =>
        {
            form.with_refusal(refusal)
        }
        AppError::TooMany { .. } | AppError::Unavailable(_) => form.with_problem("", &problem.detail),
        AppError::Refused(_) | AppError::NotFound(_) | AppError::SignInNeeded | AppError::Internal(_) => {
            return Err(error.into());
        }
    };
    Ok((problem.status, form, problem.retry_after_s))
}

/// The page with a refused form.
pub(crate) fn answer(status: StatusCode, retry_after_s: Option<u64>, page: &impl askama::Template) -> Response {
    let mut response = render::page_with(status, page);
    if let Some(seconds) = retry_after_s {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Where a person goes after arriving: back where they were, else to the start of what they are here for.
async fn arrive(app: &App, opened: &Opened, back: &str) -> Result<Response, Failure> {
    let token = opened.token.reveal();
    let to = if http_kit::own_path(back) && back != "/" {
        back.to_owned()
    } else {
        match authenticate::by_session_token(app, token).await?.map(|actor| actor.kind) {
            Some(OrganisationKind::Seller) => "/seller".to_owned(),
            Some(OrganisationKind::Operator) => "/operator".to_owned(),
            Some(OrganisationKind::Customer) | None => "/".to_owned(),
        }
    };
    let mut response = render::see_other(&to);
    response.headers_mut().append(header::SET_COOKIE, session_cookie(&app.settings.site, token));
    Ok(response)
}

/// Whether the password was given a moment ago.
pub(crate) fn fresh(app: &App, actor: &Actor) -> bool {
    actor.require_fresh(app.now(), FRESH_WINDOW).is_ok()
}

/// Takes the password that stands in the same form, if one does, and answers the actor as of now.
pub(crate) async fn prove_in_form(app: &App, actor: &Actor, caller: &Caller, form: &Form) -> Result<Actor, AppError> {
    let password = form.value("password");
    if password.is_empty() || fresh(app, actor) {
        return Ok(actor.clone());
    }
    ProveAgain { password: Password::new(password) }.run(app, actor, caller).await?;
    let credential = match actor.credential {
        Credential::Session { id, .. } => Credential::Session { id, proven_at: app.now() },
        Credential::ApiKey { id } => Credential::ApiKey { id },
    };
    Ok(Actor { credential, ..actor.clone() })
}

/// For acts of one button: to the page that asks for the password, and back to `page`.
fn confirm_first(error: AppError, page: &str) -> Result<Response, AppError> {
    match &error {
        AppError::Refused(refusal) if refusal.code == "fresh_sign_in_needed" => {
            Ok(render::see_other(&format!("/account/confirm?return={page}")))
        }
        _ => Err(error),
    }
}

/// The roles as answers, each with what it means.
fn roles(words: &Words) -> Vec<Choice> {
    let note = |role| match role {
        Role::Administrator => words.identity_role_administrator_help(),
        Role::Member => words.identity_role_member_help(),
        Role::Finance => words.identity_role_finance_help(),
        Role::Viewer => words.identity_role_viewer_help(),
    };
    Role::ALL.map(|role| Choice::new(role.code(), role_name(words, role)).with_note(note(role))).into()
}

/// What a role is called.
fn role_name(words: &Words, role: Role) -> &'static str {
    match role {
        Role::Administrator => words.identity_role_administrator(),
        Role::Member => words.identity_role_member(),
        Role::Finance => words.identity_role_finance(),
        Role::Viewer => words.identity_role_viewer(),
    }
}

/// The tabs of the pages about oneself.
fn tabs(words: &Words, current: &str) -> Tabs {
    let tab = |label: &str, href: &str| Tab {
        label: label.to_owned(),
        href: href.to_owned(),
        current: href == current,
        count: 0,
    };
    Tabs {
        label: words.identity_account_nav().to_owned(),
        tabs: vec![
            tab(words.identity_account_menu_profile(), "/account"),
            tab(words.identity_account_menu_password(), "/account/password"),
            tab(words.identity_account_menu_sessions(), "/account/sessions"),
        ],
    }
}

/// The frame with what the redirect to it says was done.
fn with_said(mut frame: PageFrame) -> PageFrame {
    let words = frame.words;
    let query = frame.path.split_once('?').map_or("", |(_, query)| query);
    let said = form_value(query, "said");
    frame.said = match said.as_deref() {
        Some("signed-out") => Some(words.identity_signed_out().to_owned()),
        Some("profile") => Some(words.identity_account_saved().to_owned()),
        Some("password") => Some(words.identity_password_changed().to_owned()),
        Some("session-ended") => Some(words.identity_sessions_ended().to_owned()),
        Some("others-ended") => {
            let count: u64 = form_value(query, "count").and_then(|count| count.parse().ok()).unwrap_or(0);
            Some(words.identity_sessions_others_ended(count))
        }
        Some("role") => Some(words.identity_people_changed().to_owned()),
        Some("disabled") => Some(words.identity_people_was_disabled().to_owned()),
        Some("enabled") => Some(words.identity_people_was_enabled().to_owned()),
        Some("withdrawn") => Some(words.identity_people_invitation_withdrawn().to_owned()),
        Some("revoked") => Some(words.identity_keys_revoked().to_owned()),
        Some(_) | None => None,
    };
    frame
}
