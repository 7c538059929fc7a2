//! `/account/members`: the people of the organisation, and who is asked to come.

use app::identity::people::{self, InvitationLink, Invite};
use app::{App, AppError};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::identity::{Actor, Role};
use domain::ids::{InvitationId, UserId};
use domain::outcome::FieldProblem;
use http_kit::{At, CalledFrom, Failure, SignedIn, Visit};

use super::{
    OncePage, Pairs, answer, confirm_first, entry, fresh, once, prove_in_form, refused, role_name, roles, with_said,
};
use crate::form::{Choice, Field, Form};
use crate::frame::PageFrame;
use crate::parts::{Cell, Facts};
use crate::render;

const PATH: &str = "/account/members";

/// `GET /account/members`.
#[derive(Clone, Debug, Template)]
#[template(path = "identity/members.html")]
pub struct MembersPage {
    /// Around it.
    pub page: PageFrame,
    /// The form that invites.
    pub form: Form,
    /// Whose people they are.
    pub organisation: String,
    /// The people, in the order they came.
    pub people: Vec<PersonRow>,
    /// Who is asked to come.
    pub invitations: Vec<InvitationRow>,
    /// The password, where it has to be given again.
    pub password: Option<Field>,
}

/// One person on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The address that the person signs in with.
    pub email: String,
    /// The role's code.
    pub role: &'static str,
    /// Whether the person may sign in.
    pub enabled: bool,
    /// Whether it is the person who looks.
    pub me: bool,
}

/// One open invitation on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationRow {
    /// The id.
    pub id: String,
    /// How the administrator calls the person.
    pub name: String,
    /// The address.
    pub email: String,
    /// The role in words.
    pub role: &'static str,
    /// Until when the link works, in words.
    pub until: String,
    /// Whether the week is over.
    pub expired: bool,
}

impl MembersPage {
    async fn load(app: &App, actor: &Actor, frame: PageFrame, form: Form) -> Result<MembersPage, Failure> {
        let (words, now) = (frame.words, app.now());
        let all = people::list(app, actor).await?;
        let people = all.users.into_iter().map(|user| PersonRow {
            id: user.id.to_string(),
            enabled: user.enabled(),
            me: user.id == actor.user,
            role: user.role.code(),
            name: user.name,
            email: user.email,
        });
        let invitations = all.invitations.into_iter().map(|invitation| InvitationRow {
            id: invitation.id.to_string(),
            role: role_name(words, invitation.role),
            until: words.identity_people_invited_until(words.date_time(invitation.expires_at())),
            expired: invitation.check(now).is_err(),
            name: invitation.name,
            email: invitation.email,
        });
        Ok(MembersPage {
            people: people.collect(),
            invitations: invitations.collect(),
            password: (!fresh(app, actor)).then(|| entry::password(&form).medium()),
            organisation: actor.organisation_name.clone(),
            page: frame.titled(words.identity_people_title()).with_form(&form),
            form,
        })
    }

    fn roles(&self) -> Vec<Choice> {
        roles(self.page.words)
    }

    fn invited_name(&self) -> Field {
        self.form.text("name", self.page.words.identity_people_invite_name()).autocomplete("off").medium()
    }

    fn invited_email(&self) -> Field {
        self.form.text("email", self.page.words.identity_people_email()).email().autocomplete("off").medium()
    }
}

pub(super) async fn show(State(app): State<App>, visit: Visit, SignedIn(actor): SignedIn) -> Result<Response, Failure> {
    let frame = with_said(PageFrame::of(&visit));
    let form = Form::new(frame.words).with("role", Role::Member.code());
    Ok(render::page(&MembersPage::load(&app, &actor, frame, form).await?))
}

pub(super) async fn invite(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    CalledFrom(caller): CalledFrom,
    axum::Form(pairs): axum::Form<Pairs>,
) -> Result<Response, Failure> {
    let frame = PageFrame::of(&visit);
    let form = Form::typed(frame.words, pairs);
    let proven = prove_in_form(&app, &actor, &caller, &form).await;
    let acting = proven.as_ref().unwrap_or(&actor).clone();
    let role: Result<Role, ()> = form.value("role").parse();
    let invited = match (proven, role) {
        (Err(error), _) => Err(error),
        (Ok(_), Err(())) => Err(AppError::field(FieldProblem::new("role", "role"))),
        (Ok(actor), Ok(role)) => {
            let asked = Invite {
                name: form.value("name").to_owned(),
                email: form.value("email").to_owned(),
                role,
                language: visit.language,
            };
            asked.run(&app, &actor).await
        }
    };
    match invited {
        Ok(link) => Ok(show_link(frame, &link)),
        Err(error) => {
            let (status, form, wait) = refused(form, error)?;
            Ok(answer(status, wait, &MembersPage::load(&app, &acting, frame, form).await?))
        }
    }
}

fn show_link(frame: PageFrame, link: &InvitationLink) -> Response {
    let words = frame.words;
    let until = words.date_time(link.invitation.expires_at());
    let facts = Facts::new()
        .fact(words.identity_people_name(), Cell::text(&link.invitation.name))
        .fact(words.identity_people_email(), Cell::text(&link.invitation.email))
        .fact(words.identity_role(), Cell::text(role_name(words, link.invitation.role)))
        .fact(words.identity_people_link(), once::exact(&frame, words.identity_people_link(), &link.link));
    let page = OncePage {
        lead: words.identity_people_link_lead(&link.invitation.name, until),
        facts,
        back: (words.identity_people_back(), PATH),
        page: frame.below(words.identity_people_title(), PATH).titled(words.identity_people_link_title()),
    };
    render::page_with(StatusCode::CREATED, &page)
}

pub(super) async fn renew(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    At(id): At<InvitationId>,
) -> Result<Response, Failure> {
    match people::renew_invitation(&app, &actor, id).await {
        Ok(link) => Ok(show_link(PageFrame::of(&visit), &link)),
        Err(error) => Ok(confirm_first(error, PATH)?),
    }
}

pub(super) async fn withdraw(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(id): At<InvitationId>,
) -> Result<Response, Failure> {
    people::withdraw_invitation(&app, &actor, id).await?;
    Ok(render::see_other("/account/members?said=withdrawn"))
}

pub(super) async fn change_role(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    At(id): At<UserId>,
    axum::Form(pairs): axum::Form<Pairs>,
) -> Result<Response, Failure> {
    let form = Form::typed(PageFrame::of(&visit).words, pairs);
    let changed = match form.value("role").parse::<Role>() {
        Ok(role) => people::change_role(&app, &actor, id, role).await,
        Err(()) => Err(AppError::field(FieldProblem::new("role", "role"))),
    };
    changed_or_told(&app, &actor, &visit, changed, "role").await
}

pub(super) async fn disable(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    At(id): At<UserId>,
) -> Result<Response, Failure> {
    let changed = people::disable(&app, &actor, id).await;
    changed_or_told(&app, &actor, &visit, changed, "disabled").await
}

pub(super) async fn enable(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    At(id): At<UserId>,
) -> Result<Response, Failure> {
    let changed = people::enable(&app, &actor, id).await;
    changed_or_told(&app, &actor, &visit, changed, "enabled").await
}

/// Back to the list with what was done, over the password page, or the list with why not.
async fn changed_or_told(
    app: &App,
    actor: &Actor,
    visit: &Visit,
    changed: Result<(), AppError>,
    said: &'static str,
) -> Result<Response, Failure> {
    let Err(error) = changed else { return Ok(render::see_other(&format!("{PATH}?said={said}"))) };
    let error = match confirm_first(error, PATH) {
        Ok(response) => return Ok(response),
        Err(error) => error,
    };
    let frame = PageFrame::of(visit);
    let form = Form::new(frame.words).with("role", Role::Member.code());
    let (status, form, wait) = refused(form, error)?;
    Ok(answer(status, wait, &MembersPage::load(app, actor, frame, form).await?))
}

#[cfg(test)]
impl crate::samples::Samples for MembersPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        use domain::outcome::{Problems, Refusal, RefusalKind};
        let person = |number: u32, role: Role, enabled, me| PersonRow {
            id: format!("usr_{number}"),
            name: format!("Lin {number} \"><script>"),
            email: format!("lin{number}@kestrel.example"),
            role: role.code(),
            enabled,
            me,
        };
        let invitation = |number: u32, expired| InvitationRow {
            id: format!("inv_{number}"),
            name: "Wei <script>".to_owned(),
            email: "wei@kestrel.example".to_owned(),
            role: role_name(page.words, Role::Finance),
            until: page.words.identity_people_invited_until("21 May 2026, 13:28 UTC"),
            expired,
        };
        let form = Form::new(page.words).with("role", "member");
        let wrong = form.clone().with_problems(&Problems::one(FieldProblem::new("email", "already_invited")));
        let refused = form.clone().with_refusal(&Refusal::new(RefusalKind::Conflict, "last_administrator"));
        let members = |form: Form, people: Vec<PersonRow>, invitations| MembersPage {
            page: page.clone().titled(page.words.identity_people_title()).with_form(&form),
            password: form.has_problems().then(|| entry::password(&form).medium()),
            form,
            organisation: "Kestrel <script>".to_owned(),
            people,
            invitations,
        };
        vec![
            members(form, vec![person(1, Role::Administrator, true, true)], Vec::new()),
            members(
                wrong,
                vec![person(1, Role::Administrator, true, true), person(2, Role::Viewer, false, false)],
                vec![invitation(1, false), invitation(2, true)],
            ),
            members(refused, vec![person(1, Role::Administrator, true, true)], Vec::new()),
        ]
    }
}
