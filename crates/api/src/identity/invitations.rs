//! Invitations to one's organisation.

use app::identity::people::{self, InvitationLink, Invite};
use app::{App, AppError};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::identity::Invitation;
use domain::ids::InvitationId;
use http_kit::{At, Failure, JsonBody, SignedIn};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::sessions::language;
use super::users::role;

/// Open invitations, expired ones included.
#[derive(Serialize, ToSchema)]
pub(crate) struct Invitations {
    /// In the order they were made.
    items: Vec<InvitationView>,
}

/// One open invitation.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvitationView {
    /// The id, `inv_…`.
    id: String,
    /// How the administrator calls the person.
    name: String,
    /// The address that the person will sign in with.
    email: String,
    /// What the person will be.
    role: &'static str,
    /// From when the link opens nothing, RFC 3339.
    expires_at: String,
}

fn view(invitation: &Invitation) -> InvitationView {
    InvitationView {
        id: invitation.id.to_string(),
        name: invitation.name.clone(),
        email: invitation.email.clone(),
        role: invitation.role.code(),
        expires_at: invitation.expires_at().to_string(),
    }
}

/// An invitation with its link.
#[derive(Serialize, ToSchema)]
pub(crate) struct MadeInvitation {
    /// The invitation.
    invitation: InvitationView,
    /// The page to hand to the person. Shown once; it works once.
    link: String,
    /// The same for `POST /api/v1/invitation-acceptances`.
    token: String,
}

fn made(link: InvitationLink) -> Json<MadeInvitation> {
    Json(MadeInvitation { invitation: view(&link.invitation), token: link.token.reveal().to_owned(), link: link.link })
}

/// The open invitations. For administrators.
#[utoipa::path(get, path = "/api/v1/invitations", responses((status = 200, body = Invitations)), tag = "people")]
pub(crate) async fn list(State(app): State<App>, SignedIn(actor): SignedIn) -> Result<Json<Invitations>, Failure> {
    let all = people::list(&app, &actor).await?;
    Ok(Json(Invitations { items: all.invitations.iter().map(view).collect() }))
}

/// A person to invite.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewInvitation {
    /// 1 to 80 characters.
    name: String,
    /// The address that the person will sign in with.
    email: String,
    /// `administrator`, `member`, `finance` or `viewer`.
    role: String,
    /// `en` or `zh`; one's own without.
    language: Option<String>,
}

/// Invites a person. Needs a fresh password.
#[utoipa::path(post, path = "/api/v1/invitations", request_body = NewInvitation,
    responses((status = 201, body = MadeInvitation)), tag = "people")]
pub(crate) async fn make(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    JsonBody(body): JsonBody<NewInvitation>,
) -> Result<(StatusCode, Json<MadeInvitation>), Failure> {
    let form = Invite {
        role: role(&body.role).map_err(AppError::field)?,
        language: language(body.language.as_deref())?.unwrap_or(actor.language),
        name: body.name,
        email: body.email,
    };
    Ok((StatusCode::CREATED, made(form.run(&app, &actor).await?)))
}

/// Makes a new link; the old one opens nothing any more. Needs a fresh password.
#[utoipa::path(post, path = "/api/v1/invitations/{id}/links", params(("id" = String, Path)),
    responses((status = 201, body = MadeInvitation)), tag = "people")]
pub(crate) async fn renew(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(id): At<InvitationId>,
) -> Result<(StatusCode, Json<MadeInvitation>), Failure> {
    Ok((StatusCode::CREATED, made(people::renew_invitation(&app, &actor, id).await?)))
}

/// Takes an invitation back.
#[utoipa::path(delete, path = "/api/v1/invitations/{id}", params(("id" = String, Path)),
    responses((status = 204)), tag = "people")]
pub(crate) async fn withdraw(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(id): At<InvitationId>,
) -> Result<StatusCode, Failure> {
    people::withdraw_invitation(&app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
