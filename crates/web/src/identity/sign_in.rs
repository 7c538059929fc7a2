//! `/sign-in`: e-mail address and password, and back to where the person was.

use app::App;
use app::identity::{Password, SignIn};
use axum::extract::State;
use axum::response::Response;
use http_kit::{CalledFrom, Failure, Kept, Visit};

use super::{EntryPage, Pairs, answer, arrive, entry, refused, resume, with_said};
use crate::form::Form;
use crate::frame::{PageFrame, form_value};
use crate::render;

/// The page with this form; `back` is where the person was.
pub(super) fn page(frame: PageFrame, form: &Form, back: &str) -> EntryPage {
    let words = frame.words;
    let kept = form.carried();
    let carried = kept.iter().flat_map(Kept::fields).map(|(name, value)| form.hidden(&name, value));
    EntryPage {
        lead: if kept.is_some() { words.identity_kept_lead().to_owned() } else { String::new() },
        hidden: std::iter::once(form.hidden("return", back)).chain(carried).collect(),
        fields: vec![entry::email(form), entry::password(form)],
        button: words.identity_sign_in_button(),
        instead: Some((
            words.identity_sign_in_instead_sign_up(),
            words.identity_sign_up_title(),
            super::sign_up::path(back),
        )),
        ..EntryPage::new(frame, words.identity_sign_in_title(), form, "/sign-in")
    }
}

/// The page for somebody whose session ended while they typed: what they typed goes with the form.
pub(crate) fn signed_out(frame: PageFrame, kept: &Kept, back: &str) -> EntryPage {
    let form = Form::typed(frame.words, kept.fields());
    page(frame, &form, back)
}

/// The address of the page, with the way back.
pub(super) fn path(back: &str) -> String {
    with_return("/sign-in", back)
}

/// A path with `?return=`, when there is somewhere to return to.
pub(super) fn with_return(path: &str, back: &str) -> String {
    if !http_kit::own_path(back) {
        return path.to_owned();
    }
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("return", back).finish();
    format!("{path}?{query}")
}

pub(super) async fn show(visit: Visit) -> Response {
    let frame = with_said(PageFrame::of(&visit));
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
    let asked = SignIn {
        email: form.value("email").to_owned(),
        password: Password::new(form.value("password")),
        replaces: visit.actor.as_ref().and_then(|actor| actor.session().ok()),
    };
    match asked.run(&app, &caller).await {
        Ok(opened) => match form.carried() {
            Some(kept) => Ok(resume::answer(&app, frame, &opened, &kept, form.value("return"))),
            None => arrive(&app, &opened, form.value("return")).await,
        },
        Err(error) => {
            let (status, form, wait) = refused(form, error)?;
            let back = form.value("return").to_owned();
            Ok(answer(status, wait, &page(frame, &form, &back)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_kept_and_never_leads_elsewhere() {
        assert_eq!(path("/my/apps?state=active&page=2"), "/sign-in?return=%2Fmy%2Fapps%3Fstate%3Dactive%26page%3D2");
        assert_eq!(path("//evil.example"), "/sign-in");
        assert_eq!(path(""), "/sign-in");
    }
}
