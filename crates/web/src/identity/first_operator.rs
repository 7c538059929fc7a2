//! `/operator/first?token=…`: the first operator sets the market up, by the link that the server printed.

use app::App;
use app::identity::{Password, SignUp, first_operator};
use axum::extract::State;
use axum::response::Response;
use http_kit::{CalledFrom, Failure, Visit};

use super::{EntryPage, Pairs, answer, arrive, entry, refused};
use crate::form::Form;
use crate::frame::{PageFrame, form_value};
use crate::render;

/// The page with this form.
pub(super) fn page(frame: PageFrame, form: &Form, token: &str) -> EntryPage {
    let words = frame.words;
    EntryPage {
        lead: words.identity_operator_lead().to_owned(),
        hidden: vec![form.hidden("token", token)],
        fields: vec![
            form.text("organisation_name", words.identity_operator_organisation())
                .hint(words.identity_operator_organisation_help())
                .autocomplete("organization"),
            form.text("name", words.identity_name()).autocomplete("name"),
            entry::email(form),
            entry::new_password(form, "password", words.identity_password()),
        ],
        button: words.identity_operator_button(),
        ..EntryPage::new(frame, words.identity_operator_title(), form, "/operator/first")
    }
}

pub(super) async fn show(State(app): State<App>, visit: Visit) -> Result<Response, Failure> {
    let frame = PageFrame::of(&visit);
    let token = form_value(frame.path.split_once('?').map_or("", |(_, query)| query), "token").unwrap_or_default();
    first_operator::look(&app, &token).await?;
    let form = Form::new(frame.words);
    Ok(render::page(&page(frame, &form, &token)))
}

pub(super) async fn act(
    State(app): State<App>,
    visit: Visit,
    CalledFrom(caller): CalledFrom,
    axum::Form(pairs): axum::Form<Pairs>,
) -> Result<Response, Failure> {
    let frame = PageFrame::of(&visit);
    let form = Form::typed(frame.words, pairs);
    let token = form.value("token").to_owned();
    let asked = SignUp {
        organisation_name: form.value("organisation_name").to_owned(),
        name: form.value("name").to_owned(),
        email: form.value("email").to_owned(),
        password: Password::new(form.value("password")),
        language: visit.language,
    };
    match first_operator::sign_up(&app, &token, asked, &caller).await {
        Ok(opened) => arrive(&app, &opened, "").await,
        Err(error) => {
            let (status, form, wait) = refused(form, error)?;
            Ok(answer(status, wait, &page(frame, &form, &token)))
        }
    }
}
