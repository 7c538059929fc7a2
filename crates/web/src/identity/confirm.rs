//! `/account/confirm`: the password once more, and on to where it was needed.

use app::App;
use app::identity::{Password, ProveAgain};
use axum::extract::State;
use axum::response::Response;
use http_kit::{CalledFrom, Failure, SignedIn, Visit};

use super::{EntryPage, Pairs, answer, entry, refused};
use crate::form::Form;
use crate::frame::{PageFrame, form_value};
use crate::render;

/// The page with this form; `back` is where the password is needed.
pub(super) fn page(frame: PageFrame, form: &Form, back: &str, name: &str) -> EntryPage {
    let words = frame.words;
    EntryPage {
        lead: format!("{} {}", words.identity_confirm_lead(), words.identity_confirm_as(name)),
        hidden: vec![form.hidden("return", back)],
        fields: vec![entry::password(form)],
        button: words.identity_confirm_button(),
        ..EntryPage::new(frame, words.identity_confirm_title(), form, "/account/confirm")
    }
}

pub(super) async fn show(visit: Visit, SignedIn(actor): SignedIn) -> Response {
    let frame = PageFrame::of(&visit);
    let back = form_value(frame.path.split_once('?').map_or("", |(_, query)| query), "return").unwrap_or_default();
    let form = Form::new(frame.words);
    render::page(&page(frame, &form, &back, &actor.user_name))
}

pub(super) async fn act(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    CalledFrom(caller): CalledFrom,
    axum::Form(pairs): axum::Form<Pairs>,
) -> Result<Response, Failure> {
    let frame = PageFrame::of(&visit);
    let form = Form::typed(frame.words, pairs);
    let asked = ProveAgain { password: Password::new(form.value("password")) };
    match asked.run(&app, &actor, &caller).await {
        Ok(()) => {
            let back = form.value("return");
            Ok(render::see_other(if http_kit::own_path(back) { back } else { "/account" }))
        }
        Err(error) => {
            let (status, form, wait) = refused(form, error)?;
            let back = form.value("return").to_owned();
            Ok(answer(status, wait, &page(frame, &form, &back, &actor.user_name)))
        }
    }
}
