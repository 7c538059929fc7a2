//! The first operator signs up by a link that `souk serve` prints as long as the marketplace has no operator. There are
//! no default accounts (security.md S-30).

use domain::audit::Doer;
use domain::identity::OrganisationKind;
use domain::outcome::{Refusal, RefusalKind};
use store::identity::{first_operator, organisations};

use super::sign_in::Opening;
use super::token::{Token, TokenKind, hash_of};
use super::{Caller, SignUp, SignedIn, sign_up, throttle};
use crate::{App, AppError};

/// The page that the link opens, without the address of the marketplace; the token follows as `?token=`.
pub const PATH: &str = "/operator/first";

/// At each start: a new token, which takes the place of older ones, or `None` once there is an operator.
pub async fn make_token(app: &App) -> Result<Option<Token>, AppError> {
    let token = Token::make(app, TokenKind::FirstOperator);
    let made = app
        .store
        .write::<_, _, AppError, _>((token.hash(), app.now()), |tx, (hash, now)| {
            Box::pin(async move {
                if organisations::operator(tx).await?.is_some() {
                    return Ok(false);
                }
                first_operator::replace(tx, &hash, now).await?;
                Ok(true)
            })
        })
        .await?;
    Ok(made.then_some(token))
}

/// The whole link to print: a new one at each start, or `None` once there is an operator.
pub async fn make_link(app: &App) -> Result<Option<String>, AppError> {
    let token = make_token(app).await?;
    Ok(token.map(|token| format!("{}{PATH}?token={}", app.settings.site.public_url, token.reveal())))
}

fn spent() -> AppError {
    Refusal::new(RefusalKind::Missing, "operator_link_spent").into()
}

/// Refuses with `operator_link_spent` when the link opens nothing (any more).
pub async fn look(app: &App, token: &str) -> Result<(), AppError> {
    let hash = hash_of(TokenKind::FirstOperator, token).ok_or_else(spent)?;
    let good = app
        .store
        .read::<_, _, AppError, _>(hash, |tx, hash| {
            Box::pin(async move { Ok(first_operator::matches(tx, &hash).await?) })
        })
        .await?;
    if good { Ok(()) } else { Err(spent()) }
}

/// Makes the operator organisation and its first administrator, signs that person in, and uses the link up.
pub async fn sign_up(app: &App, token: &str, form: SignUp, caller: &Caller) -> Result<SignedIn, AppError> {
    let hash = hash_of(TokenKind::FirstOperator, token).ok_or_else(spent)?;
    let moment = app.moment(Doer::System);
    throttle::count_by_address(app, caller).await?;
    look(app, token).await?;
    let newcomer = form.parse(app, OrganisationKind::Operator, &moment)?;
    let password_hash = app.password_pool.hash(form.password, app.random()).await?;
    let input = (hash, newcomer, password_hash, moment, Opening::new(app, caller), app.vault.clone());
    app.store
        .write::<_, _, AppError, _>(input, |tx, (token_hash, new, password_hash, moment, opening, vault)| {
            Box::pin(async move {
                if !first_operator::take(tx, &token_hash).await? || organisations::operator(tx).await?.is_some() {
                    return Err(spent());
                }
                sign_up::insert(tx, &vault, &new, &password_hash, &moment, "operator_signed_up").await?;
                opening.open(tx, &new.user, &moment).await
            })
        })
        .await
}
