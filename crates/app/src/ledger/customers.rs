//! An operator looks at customers and what they have in their balances.

use domain::identity::{Actor, Organisation, OrganisationKind, Permission};
use domain::ids::OrganisationId;
use domain::ledger::AccountName;
use domain::money::Money;

use super::statement::{self, Statement};
use crate::{App, AppError};

/// A customer with its balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerBalance {
    /// Who.
    pub organisation: Organisation,
    /// What it has.
    pub balance: Money,
}

/// Customers whose name contains `part`, by name, at most 100.
pub async fn customers(app: &App, actor: &Actor, part: &str) -> Result<Vec<CustomerBalance>, AppError> {
    actor.require(Permission::SeeOperations)?;
    let input = (part.chars().take(100).collect::<String>(), app.settings.site.currency);
    app.store
        .read(input, |tx, (part, currency)| {
            Box::pin(async move {
                let mut found = Vec::new();
                for organisation in store::identity::organisations::search(tx, &part, 100).await? {
                    let name = AccountName::Customer(organisation.id);
                    let balance = store::ledger::account(tx, name, currency).await?.balance;
                    found.push(CustomerBalance { organisation, balance });
                }
                Ok(found)
            })
        })
        .await
}

/// One customer with its newest lines.
pub async fn customer(
    app: &App,
    actor: &Actor,
    id: OrganisationId,
    before: Option<i64>,
) -> Result<(Organisation, Statement), AppError> {
    actor.require(Permission::SeeOperations)?;
    let found: Option<Organisation> = app
        .store
        .read(id, |tx, id| {
            Box::pin(async move { Ok::<_, AppError>(store::identity::organisations::find(tx, id).await?) })
        })
        .await?;
    let found = found.filter(|found| found.kind != OrganisationKind::Operator).ok_or(AppError::NotFound("customer"))?;
    Ok((found, statement::of(app, id, before, 50).await?))
}
