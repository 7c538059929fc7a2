//! A person proves who they are and gets a session.
//!
//! The answer to a wrong password and to an unknown address is the same, and takes the same work.

use domain::identity::{OrganisationKind, Session, SessionLimits, SessionTimes, User};
use domain::ids::SessionId;
use domain::outcome::{Refusal, RefusalKind};
use domain::text::Language;
use serde_json::json;
use store::Tx;
use store::identity::{sessions, users};

use super::throttle::{self, CountedTry};
use super::token::{Token, TokenKind};
use super::{Caller, Password};
use crate::events::Moment;
use crate::{App, AppError};

/// What the form holds, as typed.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// The e-mail address.
    pub email: String,
    /// The password.
    pub password: Password,
    /// The session that the same browser holds, which ends: a session is never carried over a sign-in.
    pub replaces: Option<SessionId>,
}

/// A new session, with the one sight of its token.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The session.
    pub session: Session,
    /// For the cookie, or for a program's `Authorization: Bearer`.
    pub token: Token,
    /// The person's language.
    pub language: Language,
}

/// What a session needs that is drawn outside the transaction.
#[derive(Clone)]
pub(super) struct Opening {
    token: Token,
    address: String,
    device: String,
}

impl Opening {
    pub(super) fn new(app: &App, caller: &Caller) -> Opening {
        Opening {
            token: Token::make(app, TokenKind::Session),
            address: caller.address.to_canonical().to_string(),
            device: caller.device_hint(),
        }
    }

    /// Writes the session.
    pub(super) async fn open(self, tx: &mut Tx, user: &User, moment: &Moment) -> Result<SignedIn, AppError> {
        let now = moment.now;
        let session = Session {
            id: moment.id(&format!("session of {}", user.id)),
            user: user.id,
            times: SessionTimes { opened_at: now, seen_at: now },
            proven_at: now,
            address: self.address,
            device: self.device,
        };
        let longest = SessionLimits::of(OrganisationKind::Customer).absolute;
        sessions::forget_old(tx, user.id, now.saturating_sub(longest).unwrap_or(now)).await?;
        sessions::insert(tx, &session, &self.token.hash()).await?;
        moment.record(tx, "session_opened", Some(user.organisation), session.id, json!({ "user": user.id })).await?;
        Ok(SignedIn { session, token: self.token, language: user.language })
    }
}

/// The name under which tries on an address are counted: not the address itself.
pub(super) fn account_of(app: &App, email: &str) -> String {
    let email: String = email.trim().to_lowercase().chars().take(254).collect();
    app.vault.blind_index("sign-in", &email)
}

/// `sign_in_failed`: says neither which of the two was wrong nor whether the account exists.
fn failed() -> AppError {
    Refusal::new(RefusalKind::Rule, "sign_in_failed").into()
}

impl SignIn {
    /// Signs the person in.
    pub async fn run(self, app: &App, caller: &Caller) -> Result<SignedIn, AppError> {
        let account = account_of(app, &self.email);
        let counted = throttle::count_try(app, &account, caller).await?;
        let email = self.email.trim().to_lowercase();
        let known = app
            .store
            .read::<_, _, AppError, _>((email, app.vault.clone()), |tx, (email, vault)| {
                Box::pin(async move { Ok(users::find_by_email(tx, &vault, &email).await?) })
            })
            .await?;
        let hash = known.as_ref().map(|(_, hash)| hash.clone());
        let right = match app.password_pool.verify(self.password, hash).await {
            Ok(right) => right,
            Err(error) => {
                counted.unlooked(app).await?;
                return Err(error);
            }
        };
        let Some((user, hash)) = known.filter(|_| right) else {
            return Err(failed());
        };
        let moment = app.moment(domain::audit::Doer::User(user.id));
        let input = (account, user.id, hash, self.replaces, Opening::new(app, caller), moment, app.vault.clone());
        app.store
            .write::<_, _, AppError, _>(input, |tx, (account, user, hash, replaces, opening, moment, vault)| {
                Box::pin(async move {
                    let found = users::lock_with_password(tx, &vault, user).await?;
                    let (user, _) = found.filter(|(_, now)| *now == hash).ok_or_else(failed)?;
                    open(tx, &account, user, replaces, opening, &moment).await
                })
            })
            .await
    }
}

/// Opens the session if the account is still as it was when the password was looked at.
async fn open(
    tx: &mut Tx,
    account: &str,
    user: User,
    replaces: Option<SessionId>,
    opening: Opening,
    moment: &Moment,
) -> Result<SignedIn, AppError> {
    if !user.enabled() {
        return Err(Refusal::new(RefusalKind::Rule, "account_disabled").into());
    }
    CountedTry::right(account, tx).await?;
    if let Some(replaced) = replaces {
        sessions::end_by_id(tx, replaced).await?;
    }
    opening.open(tx, &user, moment).await
}
