//! A page that asks for little and has one button: sign up, sign in, prove it again, take up an invitation, set up.

use askama::Template;

use crate::form::{Field, Form, Hidden, Summary};
use crate::frame::PageFrame;

/// One short form on a quiet page.
#[derive(Clone, Debug, Template)]
#[template(path = "identity/entry.html")]
pub struct EntryPage {
    /// Around it.
    pub page: PageFrame,
    /// A sentence under the heading.
    pub lead: String,
    /// What is wrong.
    pub summary: Summary,
    /// Where the form is sent.
    pub action: &'static str,
    /// What the form carries unseen.
    pub hidden: Vec<Hidden>,
    /// The fields, in order.
    pub fields: Vec<Field>,
    /// Verb and object.
    pub button: &'static str,
    /// The way for whoever is wrong here: a question, and a link that answers it.
    pub instead: Option<(&'static str, &'static str, String)>,
}

impl EntryPage {
    /// The page around a form.
    pub(super) fn new(page: PageFrame, title: impl ToString, form: &Form, action: &'static str) -> EntryPage {
        EntryPage {
            button: page.words.common_save(),
            page: page.titled(title).with_form(form),
            lead: String::new(),
            summary: form.summary(),
            action,
            hidden: Vec::new(),
            fields: Vec::new(),
            instead: None,
        }
    }
}

/// The field for an e-mail address that signs in.
pub(super) fn email(form: &Form) -> Field {
    form.text("email", form.words().identity_email()).email().autocomplete("username")
}

/// The field for a new password.
pub(super) fn new_password(form: &Form, name: &'static str, label: &'static str) -> Field {
    form.password(name, label).hint(form.words().identity_password_help()).autocomplete("new-password")
}

/// The field for the password that one has.
pub(crate) fn password(form: &Form) -> Field {
    form.password("password", form.words().identity_password()).autocomplete("current-password")
}

#[cfg(test)]
impl crate::samples::Samples for EntryPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        use domain::outcome::{FieldProblem, Problems};
        let typed = [("email", "lin@\"><script>"), ("name", "<script>"), ("organisation_name", "Kestrel")];
        let typed = typed.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let problems = Problems::one(FieldProblem::new("email", "email_taken"));
        let wrong = Form::typed(page.words, typed).with_problems(&problems);
        let invited = super::invitation::page(
            page.clone(),
            &Form::new(page.words),
            &super::invitation::Shown {
                organisation: "Kestrel <script>".to_owned(),
                role: "Finance",
                email: "wei@kestrel.example".to_owned(),
                token: "souk_i_1".to_owned(),
            },
        );
        vec![
            super::sign_up::page(page.clone(), &Form::new(page.words), ""),
            super::sign_up::page(page.clone(), &wrong, "/my/apps"),
            super::sign_in::page(page.clone(), &wrong, "/my/apps?state=active"),
            super::confirm::page(page.clone(), &Form::new(page.words), "/account/keys", "Lin <script>"),
            super::first_operator::page(page.clone(), &wrong, "souk_o_1"),
            invited,
        ]
    }
}
