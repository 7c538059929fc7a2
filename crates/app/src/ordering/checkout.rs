//! What a buyer sees before ordering: the price that is kept, what is handed over, what is agreed to, and the balance.

use domain::catalog::Offer;
use domain::identity::{Actor, Permission};
use domain::ledger::AccountName;
use domain::money::Money;
use domain::pricing::{Purchase, Quote};

use crate::pricing::{RenewedQuote, SealedQuote};
use crate::{App, AppError};

/// Everything on the order page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkout {
    /// The price as it stands now.
    pub quote: Quote,
    /// The text that carries it: what was given, or a new one when that one's time is over or the price changed.
    pub sealed_quote: String,
    /// What was held before, when the price is another one now.
    pub before: Option<Quote>,
    /// What is bought.
    pub offer: Offer,
    /// What the buyer has.
    pub balance: Money,
    /// What the buyer would have afterwards; below zero when the order would wait for payment.
    pub afterwards: Money,
}

/// Looks at what a sealed quote would become as an order. A price that is over or changed is shown as it is now: the
/// buyer accepts it by ordering.
pub async fn checkout(app: &App, actor: &Actor, sealed_quote: &str) -> Result<Checkout, AppError> {
    actor.require(Permission::Buy)?;
    let RenewedQuote { now: SealedQuote { quote, sealed: sealed_quote }, before } =
        crate::pricing::renew_quote(app, sealed_quote).await?;
    let input = (quote.specification, AccountName::Customer(actor.organisation), quote.total_today.currency());
    let (offer, balance) = app
        .store
        .read(input, |tx, (specification, name, currency)| {
            Box::pin(async move {
                let offer = store::catalog::offer(tx, specification).await?.ok_or(AppError::NotFound("offer"))?;
                let balance = store::ledger::account(tx, name, currency).await?.balance;
                Ok::<_, AppError>((offer, balance))
            })
        })
        .await?;
    let trial = matches!(quote.purchase, Purchase::Trial { .. });
    if trial {
        refuse_second_trial(app, actor, &offer).await?;
    }
    let afterwards = balance.checked_sub(quote.total_today).map_err(|_| AppError::rule("other_currency"))?;
    Ok(Checkout { quote, sealed_quote, before, offer, balance, afterwards })
}

async fn refuse_second_trial(app: &App, actor: &Actor, offer: &Offer) -> Result<(), AppError> {
    let tried: bool = app
        .store
        .read((actor.organisation, offer.product), |tx, (buyer, product)| {
            Box::pin(async move { Ok::<_, AppError>(store::ordering::orders::has_trial(tx, buyer, product).await?) })
        })
        .await?;
    if tried { Err(AppError::conflict("trial_used")) } else { Ok(()) }
}
