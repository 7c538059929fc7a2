//! `/sign-up`: a new organisation and its first user.

use app::App;
use app::identity::{Password, SignUp};
use axum::extract::State;
use axum::response::Response;
use http_kit::{CalledFrom, Failure, Visit};

use super::{EntryPage, Pairs, answer, arrive, entry, refused};
use crate::form::Form;
use crate::frame::{PageFrame, form_value};
use crate::render;

/// The page with this form; `back` is where the person was.
pub(super) fn page(frame: PageFrame, form: &Form, back: &str) -> EntryPage {
    let words = frame.words;
    EntryPage {
        lead: words.identity_sign_up_lead().to_owned(),
        hidden: vec![form.hidden("return", back)],
        fields: vec![
            form.text("organisation_name", words.identity_organisation_name())
                .hint(words.identity_organisation_name_help())
                .autocomplete("organization"),
            form.text("name", words.identity_name()).hint(words.identity_name_help()).autocomplete("name"),
            entry::email(form),
            entry::new_password(form, "password", words.identity_password()),
        ],
        button: words.identity_sign_up_button(),
        instead: Some((
            words.identity_sign_up_instead_sign_in(),
            words.identity_sign_in_title(),
            super::sign_in::path(back),
        )),
        ..EntryPage::new(frame, words.identity_sign_up_title(), form, "/sign-up")
    }
}

/// The address of the page, with the way back.
pub(super) fn path(back: &str) -> String {
    super::sign_in::with_return("/sign-up", back)
}

pub(super) async fn show(visit: Visit) -> Response {
    let frame = PageFrame::of(&visit);
    let back = form_value(frame.path.split_once('?').map_or("", |(_, query)| query), "return").unwrap_or_default();
    let form = Form::new(frame.words);
    render::page(&page(frame, &form, &back))
}

pub(super) async fn act(
    State(app): State<App>,
    visit: Visit,
    CalledFrom(caller): CalledFrom,
    axum::Form(pairs): axum::Form<Pairs>,
) -> Result<Response, Failure> {
    let frame = PageFrame::of(&visit);
    let form = Form::typed(frame.words, pairs);
    let asked = SignUp {
        organisation_name: form.value("organisation_name").to_owned(),
        name: form.value("name").to_owned(),
        email: form.value("email").to_owned(),
        password: Password::new(form.value("password")),
        language: visit.language,
    };
    match asked.run(&app, &caller).await {
        Ok(opened) => arrive(&app, &opened, form.value("return")).await,
        Err(error) => {
            let (status, form, wait) = refused(form, error)?;
            let back = form.value("return").to_owned();
            Ok(answer(status, wait, &page(frame, &form, &back)))
        }
    }
}
