//! A person takes up an invitation: sets a password, belongs to the organisation, and is signed in. The link works once.

use domain::audit::Doer;
use domain::identity::{Invitation, User, UserState};
use domain::ids::UserId;
use domain::outcome::{Problems, Refusal, RefusalKind};
use domain::text::{self, Language, Lines};
use serde_json::json;
use store::identity::{invitations, organisations, users};

use super::sign_in::Opening;
use super::sign_up::{self, email_taken};
use super::token::{TokenKind, hash_of};
use super::{Caller, Password, SignedIn, throttle};
use crate::{App, AppError};

/// What the page of an invitation shows to whoever holds the link.
#[derive(Clone, Debug)]
pub struct Invited {
    /// The invitation.
    pub invitation: Invitation,
    /// Which organisation asks.
    pub organisation_name: String,
}

/// What the form holds, as typed.
#[derive(Clone, Debug)]
pub struct AcceptInvitation {
    /// The token of the link.
    pub token: String,
    /// The person's name.
    pub name: String,
    /// The new password.
    pub password: Password,
    /// The language of the page.
    pub language: Language,
}

fn spent() -> AppError {
    Refusal::new(RefusalKind::Missing, "invitation_spent").into()
}

/// The invitation behind a link: `invitation_spent` when there is none, `invitation_expired` after a week.
pub async fn look_at_invitation(app: &App, token: &str) -> Result<Invited, AppError> {
    let hash = hash_of(TokenKind::Invitation, token).ok_or_else(spent)?;
    let found = app
        .store
        .read::<_, _, AppError, _>((hash, app.vault.clone()), |tx, (hash, vault)| {
            Box::pin(async move {
                let Some(invitation) = invitations::find_by_token(tx, &vault, &hash).await? else { return Ok(None) };
                let organisation = organisations::find(tx, invitation.organisation).await?;
                Ok(organisation.map(|organisation| Invited { invitation, organisation_name: organisation.name }))
            })
        })
        .await?;
    let invited = found.ok_or_else(spent)?;
    invited.invitation.check(app.now()).map_err(Refusal::from)?;
    Ok(invited)
}

impl AcceptInvitation {
    /// Makes the user and signs the person in.
    pub async fn run(self, app: &App, caller: &Caller) -> Result<SignedIn, AppError> {
        throttle::count_by_address(app, caller).await?;
        let Invited { invitation, organisation_name } = look_at_invitation(app, &self.token).await?;
        let hash = hash_of(TokenKind::Invitation, &self.token).ok_or_else(spent)?;
        let mut problems = Problems::new();
        let name = problems.take(text::text("name", &self.name, Lines::One, 1, sign_up::NAME_LONGEST));
        let around = [organisation_name.as_str(), &self.name, &invitation.email, &app.settings.site.name];
        problems.take(self.password.judge("password", &around));
        let name = problems.or(name)?;
        let password_hash = app.password_pool.hash(self.password, app.random()).await?;
        let id: UserId = app.id();
        let moment = app.moment(Doer::User(id));
        let user = User {
            id,
            organisation: invitation.organisation,
            email: invitation.email,
            name,
            role: invitation.role,
            language: self.language,
            state: UserState::Enabled,
            created_at: moment.now,
        };
        let input = (hash, user, password_hash, moment, Opening::new(app, caller), app.vault.clone());
        app.store
            .write::<_, _, AppError, _>(input, |tx, (hash, mut user, password_hash, moment, opening, vault)| {
                Box::pin(async move {
                    // The role may have been changed, or the link renewed, while the password was hashed.
                    let invitation = invitations::find_by_token(tx, &vault, &hash).await?.ok_or_else(spent)?;
                    user.role = invitation.role;
                    if !invitations::remove(tx, invitation.organisation, invitation.id).await? {
                        return Err(spent());
                    }
                    users::insert(tx, &vault, &user, &password_hash).await.map_err(email_taken)?;
                    let facts = json!({ "invitation": invitation.id, "role": user.role.code() });
                    moment.record(tx, "invitation_accepted", Some(user.organisation), user.id, facts).await?;
                    opening.open(tx, &user, &moment).await
                })
            })
            .await
    }
}
