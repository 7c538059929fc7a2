//! The people of an organisation: who they are, who is asked to come, and what an administrator changes about them.
//! Only people do this, never an access key; giving a role needs a fresh password (security.md S-23).

mod change;
mod invite;

pub use change::{change_role, disable, enable};
pub(super) use invite::PATH;
pub use invite::{InvitationLink, Invite, renew_invitation, withdraw_invitation};

use domain::identity::{Actor, Invitation, Permission, User};
use store::identity::{invitations, users};

use crate::{App, AppError};

/// Everybody in an organisation and everybody who is asked to come.
#[derive(Clone, Debug)]
pub struct People {
    /// The users, in the order they came.
    pub users: Vec<User>,
    /// The open invitations, expired ones included, in the order they were made.
    pub invitations: Vec<Invitation>,
}

/// The people of the actor's organisation.
pub async fn list(app: &App, actor: &Actor) -> Result<People, AppError> {
    actor.require(Permission::ManageUsers)?;
    app.store
        .read::<_, _, AppError, _>((actor.organisation, app.vault.clone()), |tx, (organisation, vault)| {
            Box::pin(async move {
                let users = users::list(tx, &vault, organisation).await?;
                Ok(People { users, invitations: invitations::list(tx, &vault, organisation).await? })
            })
        })
        .await
}
