//! `/invitation?token=…`: a person joins the organisation that asked.

use app::App;
use app::identity::{AcceptInvitation, Invited, Password, look_at_invitation};
use axum::extract::State;
use axum::response::Response;
use http_kit::{CalledFrom, Failure, Visit};
use language::Words;

use super::{EntryPage, Pairs, answer, arrive, entry, refused, role_name};
use crate::form::Form;
use crate::frame::{PageFrame, form_value};
use crate::render;

/// What the page says about the invitation.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub(super) organisation: String,
    pub(super) role: &'static str,
    pub(super) email: String,
    pub(super) token: String,
}

impl Shown {
    fn of(invited: &Invited, token: &str, words: &Words) -> Shown {
        Shown {
            organisation: invited.organisation_name.clone(),
            role: role_name(words, invited.invitation.role),
            email: invited.invitation.email.clone(),
            token: token.to_owned(),
        }
    }
}

/// The page with this form.
pub(super) fn page(frame: PageFrame, form: &Form, shown: &Shown) -> EntryPage {
    let words = frame.words;
    EntryPage {
        lead: words.identity_invitation_lead(shown.role, &shown.email),
        hidden: vec![form.hidden("token", &shown.token), form.hidden("username", &shown.email)],
        fields: vec![
            form.text("name", words.identity_name()).hint(words.identity_name_help()).autocomplete("name"),
            entry::new_password(form, "password", words.identity_password()),
        ],
        button: words.identity_invitation_button(),
        ..EntryPage::new(frame, words.identity_invitation_title(&shown.organisation), form, "/invitation")
    }
}

pub(super) async fn show(State(app): State<App>, visit: Visit) -> Result<Response, Failure> {
    let frame = PageFrame::of(&visit);
    let token = form_value(frame.path.split_once('?').map_or("", |(_, query)| query), "token").unwrap_or_default();
    let invited = look_at_invitation(&app, &token).await?;
    let form = Form::new(frame.words).with("name", &invited.invitation.name);
    let shown = Shown::of(&invited, &token, frame.words);
    Ok(render::page(&page(frame, &form, &shown)))
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
    let asked = AcceptInvitation {
        token: token.clone(),
        name: form.value("name").to_owned(),
        password: Password::new(form.value("password")),
        language: visit.language,
    };
    match asked.run(&app, &caller).await {
        Ok(opened) => arrive(&app, &opened, "").await,
        Err(error) => {
            let (status, form, wait) = refused(form, error)?;
            let shown = Shown::of(&look_at_invitation(&app, &token).await?, &token, frame.words);
            Ok(answer(status, wait, &page(frame, &form, &shown)))
        }
    }
}
