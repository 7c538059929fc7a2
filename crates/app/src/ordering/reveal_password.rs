//! A buyer looks at the first password of an app: after a fresh sign-in, audited, and told to everybody in the organisation
//! (security.md, "Initial password of a bought app").

use domain::identity::{Actor, Permission};
use domain::ids::SubscriptionId;
use serde_json::json;

use super::access;
use crate::notices::{Audience, Notice, notify, sealed};
use crate::{App, AppError};

/// The notice that everybody of the buyer gets.
const KIND: &str = "access_revealed";

/// Shows the first password once.
#[derive(Clone, Copy, Debug)]
pub struct RevealPassword {
    /// Of which app.
    pub subscription: SubscriptionId,
}

/// A password in clear. `Debug` does not show it; it is dropped with the page.
#[derive(Clone, PartialEq, Eq)]
pub struct RevealedPassword(String);

impl RevealedPassword {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for RevealedPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RevealedPassword(••••)")
    }
}

impl RevealPassword {
    /// Shows it. Refuses with `fresh_sign_in_needed` when the password of the account was not given lately, and with
    /// `no_password` when the seller gave none. What happened is written before anything is shown.
    pub async fn run(self, app: &App, actor: &Actor) -> Result<RevealedPassword, AppError> {
        actor.require(Permission::UseApps)?;
        actor.require_fresh(app.now(), app.settings.ordering.reveal_window)?;
        let moment = app.moment(actor);
        let about = format!("{}/{}", self.subscription, moment.now.as_millisecond());
        let name = sealed(app, (KIND, &about), actor.user_name.as_str());
        let input = (self.subscription, actor.organisation, (about, name), moment);
        let sealed = app
            .store
            .write(input, |tx, (id, buyer, (about, name), moment)| {
                Box::pin(async move {
                    let found = store::ordering::subscriptions::find(tx, id).await?;
                    let subscription =
                        found.filter(|found| found.buyer == buyer).ok_or(AppError::NotFound("subscription"))?;
                    let sealed = store::ordering::subscriptions::access(tx, id).await?;
                    let sealed = sealed.filter(|sealed| sealed.password.is_some());
                    let sealed = sealed.ok_or_else(|| AppError::conflict("no_password"))?;
                    moment.record(tx, "access_revealed", Some(buyer), id, json!({})).await?;
                    let order = store::ordering::orders::find(tx, subscription.order).await?;
                    let order = order.ok_or(AppError::NotFound("order"))?;
                    let mut arguments = super::outcome::arguments(&order);
                    arguments.push(("name", name));
                    let notice = Notice {
                        to: Audience::Organisation(buyer),
                        kind: KIND,
                        about,
                        arguments,
                        link: format!("/my/apps/{id}"),
                    };
                    notify(tx, &moment, notice).await?;
                    Ok::<_, AppError>(sealed)
                })
            })
            .await?;
        app.job_bell.ring();
        let password = access::password(app, self.subscription, &sealed)?;
        password.map(RevealedPassword).ok_or_else(|| AppError::conflict("no_password"))
    }
}
