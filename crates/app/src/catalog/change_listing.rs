//! What happens to a listed product without a review: the seller hides, shows or ends it; the operator stops trade.

use domain::catalog::{FreezeReason, Product, ProductError, Visibility};
use domain::identity::{Actor, Permission};
use domain::ids::{OrganisationId, ProductId};
use domain::outcome::Outcome;
use domain::time::Timestamp;
use serde_json::json;
use store::catalog::products;

use super::feed_index::nudge;
use crate::notices::{Audience, Notice, notify};
use crate::{App, AppError};

/// What is done, as a plain value: a transaction may run twice.
#[derive(Clone, Copy)]
enum Act {
    SetVisibility(Visibility),
    Discontinue,
    Freeze,
    Unfreeze,
}

impl Act {
    fn event(self) -> &'static str {
        match self {
            Act::SetVisibility(Visibility::Public) => "product_shown",
            Act::SetVisibility(Visibility::Hidden) => "product_hidden",
            Act::Discontinue => "product_discontinued",
            Act::Freeze => "product_frozen",
            Act::Unfreeze => "product_unfrozen",
        }
    }

    /// What is told to everybody of the seller: what the operator did, and what nobody can undo.
    fn notice(self) -> Option<&'static str> {
        match self {
            Act::SetVisibility(_) => None,
            Act::Discontinue => Some("product_discontinued"),
            Act::Freeze => Some("product_frozen"),
            Act::Unfreeze => Some("product_unfrozen"),
        }
    }

    fn apply(self, product: &mut Product, now: Timestamp) -> Result<Outcome<()>, ProductError> {
        match self {
            Act::SetVisibility(visibility) => product.set_visibility(visibility, now),
            Act::Discontinue => product.discontinue(now),
            Act::Freeze => product.freeze(FreezeReason::Operator, now),
            Act::Unfreeze => product.unfreeze(now),
        }
    }
}

async fn change(
    app: &App,
    actor: &Actor,
    owner: Option<OrganisationId>,
    id: ProductId,
    act: Act,
) -> Result<Outcome<()>, AppError> {
    let input = (owner, id, act, app.moment(actor));
    let outcome = app
        .store
        .write::<_, _, AppError, _>(input, |tx, (owner, id, act, moment)| {
            Box::pin(async move {
                let product = products::lock(tx, id).await?;
                let product = product.filter(|product| owner.is_none_or(|owner| owner == product.seller));
                let mut product = product.ok_or(AppError::NotFound("product"))?;
                let outcome = act.apply(&mut product, moment.now)?;
                if outcome == Outcome::AlreadyApplied {
                    return Ok(outcome);
                }
                products::save_state(tx, &product).await?;
                moment.record(tx, act.event(), Some(product.seller), id, json!({})).await?;
                if let Some((kind, release)) = act.notice().zip(product.release) {
                    let notice = Notice {
                        to: Audience::Organisation(product.seller),
                        kind,
                        about: format!("{id}/{}", moment.now.as_millisecond()),
                        arguments: vec![("product", release.name.into())],
                        link: format!("/seller/products/{id}"),
                    };
                    notify(tx, &moment, notice).await?;
                }
                Ok(outcome)
            })
        })
        .await?;
    app.job_bell.ring();
    nudge(app).await;
    Ok(outcome)
}

/// The seller hides a listed product or shows it again (functions.md 3.8).
pub async fn set_product_visibility(
    app: &App,
    actor: &Actor,
    id: ProductId,
    visibility: Visibility,
) -> Result<Outcome<()>, AppError> {
    actor.require(Permission::ManageProducts)?;
    change(app, actor, Some(actor.organisation), id, Act::SetVisibility(visibility)).await
}

/// The seller ends a product for good. What was bought goes on.
pub async fn discontinue_product(app: &App, actor: &Actor, id: ProductId) -> Result<Outcome<()>, AppError> {
    actor.require(Permission::ManageProducts)?;
    change(app, actor, Some(actor.organisation), id, Act::Discontinue).await
}

/// The operator stops trade in a product.
pub async fn freeze_product(app: &App, actor: &Actor, id: ProductId) -> Result<Outcome<()>, AppError> {
    actor.require(Permission::ReviewProducts)?;
    change(app, actor, None, id, Act::Freeze).await
}

/// The operator allows trade again.
pub async fn unfreeze_product(app: &App, actor: &Actor, id: ProductId) -> Result<Outcome<()>, AppError> {
    actor.require(Permission::ReviewProducts)?;
    change(app, actor, None, id, Act::Unfreeze).await
}
