//! A stranger makes an account: an organisation that buys, and its first user, who administers it.

use domain::identity::{Organisation, OrganisationKind, Role, User, UserState};
use domain::ids::{OrganisationId, UserId};
use domain::outcome::{FieldProblem, Problems, Refusal, RefusalKind};
use domain::text::{self, Language, Lines};
use serde_json::json;
use store::identity::{organisations, users};
use store::{StoreError, Tx};

use super::sign_in::{self, SignedIn};
use super::{Caller, Password, SignUpPolicy, throttle};
use crate::events::Moment;
use crate::{App, AppError, Vault};

/// What the form holds, as typed.
#[derive(Clone, Debug)]
pub struct SignUp {
    /// The organisation's name, as others will see it.
    pub organisation_name: String,
    /// The person's name.
    pub name: String,
    /// The person's e-mail address.
    pub email: String,
    /// The new password.
    pub password: Password,
    /// The language of the page, and from now on of the account.
    pub language: Language,
}

/// The longest name of an organisation, in characters.
pub const ORGANISATION_NAME_LONGEST: usize = 100;
/// The longest name of a person, in characters.
pub const NAME_LONGEST: usize = 80;

/// A person and organisation whose fields are good.
#[derive(Clone)]
pub(super) struct Newcomer {
    pub(super) organisation: Organisation,
    pub(super) user: User,
}

impl SignUp {
    /// Reads the fields, all of them, and judges the password.
    pub(super) fn parse(&self, app: &App, kind: OrganisationKind, moment: &Moment) -> Result<Newcomer, Problems> {
        let mut problems = Problems::new();
        let organisation_name = problems.take(text::text(
            "organisation_name",
            &self.organisation_name,
            Lines::One,
            2,
            ORGANISATION_NAME_LONGEST,
        ));
        let name = problems.take(text::text("name", &self.name, Lines::One, 1, NAME_LONGEST));
        let email = problems.take(text::email("email", &self.email)).map(|email| email.to_lowercase());
        let around =
            [self.organisation_name.as_str(), self.name.as_str(), self.email.as_str(), &app.settings.site.name];
        problems.take(self.password.judge("password", &around));
        let (id, user_id): (OrganisationId, UserId) = (moment.id("newcomer"), moment.id("newcomer"));
        let newcomer = organisation_name.zip(name).zip(email).map(|((organisation_name, name), email)| Newcomer {
            organisation: Organisation { id, kind, name: organisation_name, created_at: moment.now },
            user: User {
                id: user_id,
                organisation: id,
                email,
                name,
                role: Role::Administrator,
                language: self.language,
                state: UserState::Enabled,
                created_at: moment.now,
            },
        });
        problems.or(newcomer)
    }

    /// Makes the account and signs the person in.
    pub async fn run(self, app: &App, caller: &Caller) -> Result<SignedIn, AppError> {
        match app.settings.identity.sign_up {
            SignUpPolicy::Open => {}
            SignUpPolicy::Closed => return Err(Refusal::new(RefusalKind::Forbidden, "sign_up_closed").into()),
        }
        let moment = app.moment(domain::audit::Doer::System);
        let newcomer = self.parse(app, OrganisationKind::Customer, &moment)?;
        throttle::count_by_address(app, caller).await?;
        let password_hash = app.password_pool.hash(self.password.clone(), app.random()).await?;
        let opening = sign_in::Opening::new(app, caller);
        let session = app
            .store
            .write::<_, _, AppError, _>(
                (newcomer, password_hash, moment, opening, app.vault.clone()),
                |tx, (new, hash, moment, opening, vault)| {
                    Box::pin(async move {
                        insert(tx, &vault, &new, &hash, &moment, "organisation_signed_up").await?;
                        opening.open(tx, &new.user, &moment).await
                    })
                },
            )
            .await?;
        Ok(session)
    }
}

/// Writes the organisation and its first user.
pub(super) async fn insert(
    tx: &mut Tx,
    vault: &Vault,
    new: &Newcomer,
    password_hash: &str,
    moment: &Moment,
    event: &'static str,
) -> Result<(), AppError> {
    organisations::insert(tx, &new.organisation).await?;
    users::insert(tx, vault, &new.user, password_hash).await.map_err(email_taken)?;
    let facts = json!({ "user": new.user.id, "kind": new.organisation.kind.code() });
    moment.record(tx, event, Some(new.organisation.id), new.organisation.id, facts).await?;
    Ok(())
}

/// The problem of an address that signs in somebody already.
pub(super) fn email_taken(error: StoreError) -> AppError {
    if error.duplicate_of(users::ONE_EMAIL) {
        AppError::field(FieldProblem::new("email", "email_taken"))
    } else {
        error.into()
    }
}
