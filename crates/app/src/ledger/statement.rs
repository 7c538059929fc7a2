//! A customer looks at its balance and every line behind it.

use domain::identity::{Actor, Permission};
use domain::ids::OrganisationId;
use domain::ledger::AccountName;
use domain::money::Money;
use store::ledger::StatementLine;

use crate::{App, AppError};

/// A page of an account's lines, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What the account holds now.
    pub balance: Money,
    /// The lines.
    pub lines: Vec<StatementLine>,
    /// The number to ask older lines with, when there are more.
    pub older: Option<i64>,
}

/// What the actor's organisation has in its balance.
pub async fn balance(app: &App, actor: &Actor) -> Result<Money, AppError> {
    actor.require(Permission::SeePurchases)?;
    let input = (AccountName::Customer(actor.organisation), app.settings.site.currency);
    app.store
        .read(input, |tx, (name, currency)| {
            Box::pin(async move { Ok(store::ledger::account(tx, name, currency).await?.balance) })
        })
        .await
}

/// The actor's organisation's lines, older than the number `before` when given.
pub async fn statement(app: &App, actor: &Actor, before: Option<i64>, most: u32) -> Result<Statement, AppError> {
    actor.require(Permission::SeePurchases)?;
    of(app, actor.organisation, before, most).await
}

/// The lines of any customer; the caller has asked whether the actor may.
pub(super) async fn of(
    app: &App,
    organisation: OrganisationId,
    before: Option<i64>,
    most: u32,
) -> Result<Statement, AppError> {
    let most = most.clamp(1, 100);
    let input = (AccountName::Customer(organisation), app.settings.site.currency, before, most);
    app.store
        .read(input, |tx, (name, currency, before, most)| {
            Box::pin(async move {
                let balance = store::ledger::account(tx, name, currency).await?.balance;
                let lines = store::ledger::statement(tx, name, currency, before, most).await?;
                let older = lines.last().map(|line| line.sequence).filter(|sequence| *sequence > 1);
                Ok(Statement { balance, lines, older })
            })
        })
        .await
}
