//! `/account/password`: the old password and a new one.

use app::App;
use app::identity::{ChangePassword, Password};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http_kit::{CalledFrom, Failure, SignedIn, Visit};

use super::{Pairs, answer, refused, tabs, with_said};
use crate::form::{Field, Form};
use crate::frame::PageFrame;
use crate::parts::Tabs;
use crate::render;

/// `GET /account/password`.
#[derive(Clone, Debug, Template)]
#[template(path = "identity/password.html")]
pub struct PasswordPage {
    /// Around it.
    pub page: PageFrame,
    /// Profile, password, sessions.
    pub tabs: Tabs,
    /// The form.
    pub form: Form,
}

impl PasswordPage {
    fn new(frame: PageFrame, form: Form) -> PasswordPage {
        let words = frame.words;
        let page = frame.titled(words.identity_password_title()).with_form(&form);
        PasswordPage { tabs: tabs(words, "/account/password"), page, form }
    }

    fn current(&self) -> Field {
        let label = self.page.words.identity_current_password();
        self.form.password("current_password", label).autocomplete("current-password").medium()
    }

    fn new_one(&self) -> Field {
        super::entry::new_password(&self.form, "new_password", self.page.words.identity_new_password()).medium()
    }
}

pub(super) async fn show(visit: Visit) -> Response {
    let frame = with_said(PageFrame::of(&visit));
    let form = Form::new(frame.words);
    render::page(&PasswordPage::new(frame, form))
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
    let asked = ChangePassword {
        current: Password::new(form.value("current_password")),
        new: Password::new(form.value("new_password")),
    };
    match asked.run(&app, &actor, &caller).await {
        Ok(()) => Ok(render::see_other("/account/password?said=password")),
        Err(error) => {
            let (status, form, wait) = refused(form, error)?;
            Ok(answer(status, wait, &PasswordPage::new(frame, form)))
        }
    }
}

#[cfg(test)]
impl crate::samples::Samples for PasswordPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        use domain::outcome::{FieldProblem, Problems};
        let mut problems = Problems::one(FieldProblem::new("current_password", "password_wrong"));
        problems.add(FieldProblem::new("new_password", "password_too_short").with("least", 8));
        let form = Form::new(page.words);
        [form.clone(), form.with_problems(&problems)].map(|form| PasswordPage::new(page.clone(), form)).into()
    }
}
