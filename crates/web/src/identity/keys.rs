//! `/account/keys`: the organisation's access keys.

use app::App;
use app::identity::api_keys;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::identity::Actor;
use domain::ids::ApiKeyId;
use http_kit::{At, CalledFrom, Failure, SignedIn, Visit};

use super::{OncePage, Pairs, answer, entry, fresh, once, prove_in_form, refused, with_said};
use crate::form::{Field, Form};
use crate::frame::PageFrame;
use crate::parts::{Cell, Empty, Facts};
use crate::render;

/// `GET /account/keys`.
#[derive(Clone, Debug, Template)]
#[template(path = "identity/keys.html")]
pub struct KeysPage {
    /// Around it.
    pub page: PageFrame,
    /// The form for a new key.
    pub form: Form,
    /// For which organisation the keys act.
    pub organisation: String,
    /// The working keys, newest first.
    pub rows: Vec<KeyRow>,
    /// The password, where it has to be given again.
    pub password: Option<Field>,
}

/// One key on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    /// The id.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// The public half.
    pub access_key: String,
    /// When it was made.
    pub created: String,
    /// When it was last used, in words.
    pub used: String,
}

impl KeysPage {
    async fn load(app: &App, actor: &Actor, frame: PageFrame, form: Form) -> Result<KeysPage, Failure> {
        let (words, now) = (frame.words, app.now());
        let rows = api_keys::list(app, actor).await?.into_iter().map(|key| KeyRow {
            id: key.id.to_string(),
            name: key.name,
            access_key: key.access_key.to_string(),
            created: words.date_time(key.created_at),
            used: key.used_at.map_or(words.identity_keys_never_used().to_owned(), |at| words.relative(at, now)),
        });
        Ok(KeysPage {
            rows: rows.collect(),
            password: (!fresh(app, actor)).then(|| entry::password(&form).medium()),
            organisation: actor.organisation_name.clone(),
            page: frame.titled(words.identity_keys_title()).with_form(&form),
            form,
        })
    }

    fn nothing(&self) -> Empty {
        Empty::new(self.page.words.identity_keys_empty_title(), self.page.words.identity_keys_empty_body())
    }
}

pub(super) async fn show(State(app): State<App>, visit: Visit, SignedIn(actor): SignedIn) -> Result<Response, Failure> {
    let frame = with_said(PageFrame::of(&visit));
    let form = Form::new(frame.words);
    Ok(render::page(&KeysPage::load(&app, &actor, frame, form).await?))
}

pub(super) async fn make(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    CalledFrom(caller): CalledFrom,
    axum::Form(pairs): axum::Form<Pairs>,
) -> Result<Response, Failure> {
    let frame = PageFrame::of(&visit);
    let words = frame.words;
    let form = Form::typed(words, pairs);
    let proven = prove_in_form(&app, &actor, &caller, &form).await;
    let acting = proven.as_ref().unwrap_or(&actor).clone();
    let made = match proven {
        Ok(actor) => api_keys::make(&app, &actor, form.value("name")).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(made) => {
            let facts = Facts::new()
                .fact(words.identity_keys_name(), Cell::text(&made.key.name))
                .fact(
                    words.identity_keys_access_key(),
                    once::exact(&frame, words.identity_keys_access_key(), made.key.access_key.as_str()),
                )
                .fact(
                    words.identity_keys_secret(),
                    once::exact(&frame, words.identity_keys_secret(), made.secret.reveal()),
                );
            let page =
                frame.below(words.identity_keys_title(), "/account/keys").titled(words.identity_keys_made_title());
            let lead = words.identity_keys_made_lead().to_owned();
            let back = (words.identity_keys_back(), "/account/keys");
            Ok(render::page_with(StatusCode::CREATED, &OncePage { page, lead, facts, back }))
        }
        Err(error) => {
            let (status, form, wait) = refused(form, error)?;
            Ok(answer(status, wait, &KeysPage::load(&app, &acting, frame, form).await?))
        }
    }
}

pub(super) async fn revoke(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(id): At<ApiKeyId>,
) -> Result<Response, Failure> {
    api_keys::revoke(&app, &actor, id).await?;
    Ok(render::see_other("/account/keys?said=revoked"))
}

#[cfg(test)]
impl crate::samples::Samples for KeysPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        use domain::outcome::{FieldProblem, Problems};
        let row = KeyRow {
            id: "key_1".to_owned(),
            name: "nightly import <script>".to_owned(),
            access_key: "SKAAAAAAAAAAAAAAAAAA".to_owned(),
            created: "14 May 2026, 13:28 UTC".to_owned(),
            used: page.words.identity_keys_never_used().to_owned(),
        };
        let form = Form::new(page.words);
        let wrong = form.clone().with_problems(&Problems::one(FieldProblem::new("name", "required")));
        let page = page.clone().titled(page.words.identity_keys_title());
        let keys = |form: Form, rows: Vec<KeyRow>, password| KeysPage {
            page: page.clone().with_form(&form),
            form,
            organisation: "Kestrel <script>".to_owned(),
            rows,
            password,
        };
        let password = entry::password(&wrong).medium();
        vec![keys(form, Vec::new(), None), keys(wrong, vec![row], Some(password))]
    }
}
