//! `/account`: how a person is called, in which language they are spoken to, and how pages look in this browser.

use app::App;
use app::identity::{ChangeAccount, change_account};
use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::Response;
use domain::identity::Actor;
use domain::outcome::FieldProblem;
use domain::text::Language;
use http_kit::{Failure, SignedIn, Visit, preference_cookie};

use super::{Pairs, answer, refused, role_name, tabs, with_said};
use crate::form::{Choice, Form};
use crate::frame::PageFrame;
use crate::parts::Tabs;
use crate::{Theme, render};

/// `GET /account`.
#[derive(Clone, Debug, Template)]
#[template(path = "identity/account.html")]
pub struct AccountPage {
    /// Around it.
    pub page: PageFrame,
    /// Profile, password, sessions.
    pub tabs: Tabs,
    /// The form.
    pub form: Form,
    /// The address that the person signs in with.
    pub email: String,
    /// Organisation and role in one sentence.
    pub belongs: String,
}

impl AccountPage {
    fn new(frame: PageFrame, form: Form, email: String, belongs: String) -> AccountPage {
        let words = frame.words;
        let page = frame.titled(words.identity_account_title()).with_form(&form);
        AccountPage { tabs: tabs(words, "/account"), page, form, email, belongs }
    }

    fn themes(&self) -> Vec<Choice> {
        let words = self.page.words;
        Theme::ALL.map(|theme| Choice::new(theme.code(), theme.name(words))).into()
    }

    fn languages(&self) -> Vec<Choice> {
        Language::ALL.map(|language| Choice::new(language.code(), language::own_name(language))).into()
    }
}

fn belongs(frame: &PageFrame, actor: &Actor) -> String {
    let role = role_name(frame.words, actor.role);
    frame.words.identity_account_organisation(&actor.organisation_name, role)
}

pub(super) async fn show(State(app): State<App>, visit: Visit, SignedIn(actor): SignedIn) -> Result<Response, Failure> {
    let frame = with_said(PageFrame::of(&visit));
    let user = change_account::look(&app, &actor).await?;
    let form = Form::new(frame.words).with("name", &user.name).with("language", user.language);
    let form = form.with("theme", frame.theme.code());
    let belongs = belongs(&frame, &actor);
    Ok(render::page(&AccountPage::new(frame, form, user.email, belongs)))
}

pub(super) async fn act(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    axum::Form(pairs): axum::Form<Pairs>,
) -> Result<Response, Failure> {
    let frame = PageFrame::of(&visit);
    let form = Form::typed(frame.words, pairs);
    let language: Result<Language, ()> = form.value("language").parse();
    let changed = match language {
        Ok(language) => {
            let asked = ChangeAccount { name: form.value("name").to_owned(), language };
            asked.run(&app, &actor).await.map(|()| language)
        }
        Err(()) => Err(app::AppError::field(FieldProblem::new("language", "language"))),
    };
    match changed {
        Ok(language) => {
            let mut response = render::see_other("/account?said=profile");
            let site = &app.settings.site;
            let theme = Theme::from_code(form.value("theme")).code();
            for (name, chosen) in [("language", language.code()), ("theme", theme)] {
                response.headers_mut().append(header::SET_COOKIE, preference_cookie(site, name, chosen));
            }
            Ok(response)
        }
        Err(error) => {
            let (status, form, wait) = refused(form, error)?;
            let user = change_account::look(&app, &actor).await?;
            let belongs = belongs(&frame, &actor);
            Ok(answer(status, wait, &AccountPage::new(frame, form, user.email, belongs)))
        }
    }
}

#[cfg(test)]
impl crate::samples::Samples for AccountPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        use domain::outcome::Problems;
        let form = Form::new(page.words).with("name", "Lin \"><script>").with("language", "zh");
        let wrong = form.clone().with_problems(&Problems::one(FieldProblem::new("name", "required")));
        [form, wrong]
            .map(|form| AccountPage::new(page.clone(), form, "lin@kestrel.example".into(), "Kestrel <script>".into()))
            .into()
    }
}
