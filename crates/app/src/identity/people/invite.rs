//! An administrator asks a person to join: a link that lets the person set a password. It is mailed to the person and
//! shown once to the administrator, for marketplaces and people without e-mail.

use domain::identity::{Actor, FRESH_WINDOW, Invitation, Permission, Role};
use domain::ids::InvitationId;
use domain::outcome::{FieldProblem, Problems, Refusal, RefusalKind};
use domain::text::{self, Language, Lines};
use serde_json::json;
use store::identity::{invitations, organisations, users};
use store::{StoreError, Tx};

use crate::events::Moment;
use crate::identity::token::{Token, TokenKind};
use crate::identity::{invitation_mail, sign_up};
use crate::{App, AppError, Vault};

/// The page that an invitation opens; the token follows as `?token=`.
pub const PATH: &str = "/invitation";

/// What the form holds.
#[derive(Clone, Debug)]
pub struct Invite {
    /// The person's name, as typed.
    pub name: String,
    /// The person's e-mail address, as typed.
    pub email: String,
    /// What the person will be.
    pub role: Role,
    /// The language in which the person is greeted.
    pub language: Language,
}

/// An invitation with the one sight of its link.
#[derive(Clone, Debug)]
pub struct InvitationLink {
    /// The invitation.
    pub invitation: Invitation,
    /// What goes into the link.
    pub token: Token,
    /// The whole link, to be handed to the person.
    pub link: String,
}

fn link(app: &App, token: &Token) -> String {
    format!("{}{PATH}?token={}", app.settings.site.public_url, token.reveal())
}

impl Invite {
    fn parse(self, actor: &Actor, moment: &Moment) -> Result<Invitation, Problems> {
        let mut problems = Problems::new();
        let name = problems.take(text::text("name", &self.name, Lines::One, 1, sign_up::NAME_LONGEST));
        let email = problems.take(text::email("email", &self.email)).map(|email| email.to_lowercase());
        let invitation = name.zip(email).map(|(name, email)| Invitation {
            id: moment.id("invitation"),
            organisation: actor.organisation,
            email,
            name,
            role: self.role,
            language: self.language,
            invited_by: actor.user,
            created_at: moment.now,
        });
        problems.or(invitation)
    }

    /// Writes the invitation. The link is in the answer and nowhere else.
    pub async fn run(self, app: &App, actor: &Actor) -> Result<InvitationLink, AppError> {
        actor.require(Permission::ManageUsers)?;
        actor.require_fresh(app.now(), FRESH_WINDOW)?;
        let moment = app.moment(actor);
        let invitation = self.parse(actor, &moment)?;
        let token = Token::make(app, TokenKind::Invitation);
        let mail = invitation_mail::job(app, invitation.id, &token, &moment);
        let input = (invitation.clone(), token.hash(), mail, moment, app.vault.clone());
        app.store
            .write::<_, _, AppError, _>(input, |tx, (invitation, hash, mail, moment, vault)| {
                Box::pin(async move {
                    insert(tx, &vault, &invitation, &hash, &moment).await?;
                    Ok(invitation_mail::send_later(tx, &moment, mail).await?)
                })
            })
            .await?;
        app.job_bell.ring();
        let link = link(app, &token);
        Ok(InvitationLink { invitation, token, link })
    }
}

async fn insert(
    tx: &mut Tx,
    vault: &Vault,
    invitation: &Invitation,
    hash: &[u8],
    moment: &Moment,
) -> Result<(), AppError> {
    let organisation = invitation.organisation;
    organisations::lock(tx, organisation).await?;
    let people = users::list(tx, vault, organisation).await?;
    let open = invitations::list(tx, vault, organisation).await?.len();
    if people.iter().any(|user| user.email == invitation.email) {
        return Err(AppError::field(FieldProblem::new("email", "already_in_organisation")));
    }
    if people.len() + open >= Invitation::MOST_PEOPLE {
        let refusal = Refusal::new(RefusalKind::Conflict, "too_many_people").with("most", Invitation::MOST_PEOPLE);
        return Err(refusal.into());
    }
    invitations::insert(tx, vault, invitation, hash).await.map_err(invited_already)?;
    let facts = json!({ "role": invitation.role.code() });
    moment.record(tx, "person_invited", Some(organisation), invitation.id, facts).await?;
    Ok(())
}

fn invited_already(error: StoreError) -> AppError {
    if error.duplicate_of(invitations::ONE_EMAIL) {
        AppError::field(FieldProblem::new("email", "already_invited"))
    } else {
        error.into()
    }
}

/// Makes a new link for an open invitation; the old one opens nothing from now on, and the week starts anew.
pub async fn renew_invitation(app: &App, actor: &Actor, id: InvitationId) -> Result<InvitationLink, AppError> {
    actor.require(Permission::ManageUsers)?;
    actor.require_fresh(app.now(), FRESH_WINDOW)?;
    let token = Token::make(app, TokenKind::Invitation);
    let moment = app.moment(actor);
    let mail = invitation_mail::job(app, id, &token, &moment);
    let input = (actor.organisation, id, token.hash(), mail, moment, app.vault.clone());
    let invitation = app
        .store
        .write::<_, _, AppError, _>(input, |tx, (organisation, id, hash, mail, moment, vault)| {
            Box::pin(async move {
                let invitation = invitations::lock(tx, &vault, organisation, id).await?;
                let mut invitation = invitation.ok_or(AppError::NotFound("invitation"))?;
                invitation.created_at = moment.now;
                invitations::renew(tx, &invitation, &hash).await?;
                invitation_mail::send_later(tx, &moment, mail).await?;
                moment.record(tx, "invitation_renewed", Some(organisation), id, json!({})).await?;
                Ok(invitation)
            })
        })
        .await?;
    let link = link(app, &token);
    Ok(InvitationLink { invitation, token, link })
}

/// Takes an open invitation back.
pub async fn withdraw_invitation(app: &App, actor: &Actor, id: InvitationId) -> Result<(), AppError> {
    actor.require(Permission::ManageUsers)?;
    let input = (actor.organisation, id, app.moment(actor));
    let removed = app
        .store
        .write::<_, _, AppError, _>(input, |tx, (organisation, id, moment)| {
            Box::pin(async move {
                let removed = invitations::remove(tx, organisation, id).await?;
                if removed {
                    moment.record(tx, "invitation_withdrawn", Some(organisation), id, json!({})).await?;
                }
                Ok(removed)
            })
        })
        .await?;
    if removed { Ok(()) } else { Err(AppError::NotFound("invitation")) }
}
