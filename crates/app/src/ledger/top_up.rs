//! An operator adds to a customer's prepaid balance.

use domain::identity::{Actor, OrganisationKind, Permission};
use domain::ids::OrganisationId;
use domain::ledger::Transfer;
use domain::money::Money;
use domain::outcome::{FieldProblem, Outcome, Problems, Refusal, RefusalKind};
use domain::text::{Lines, text};
use serde_json::json;

use crate::events::fingerprint;
use crate::notices::{Audience, Notice, notify};
use crate::{App, AppError};

/// The largest single top-up, in minor units: a typing mistake is found before it is booked.
const MOST_MINOR: i64 = 1_000_000_000;

/// Adds to a customer's balance. The same key again is the same top-up.
#[derive(Clone, Debug)]
pub struct TopUp {
    /// Whose balance.
    pub organisation: OrganisationId,
    /// How much, as typed: `250.00`, in the marketplace's currency.
    pub amount: String,
    /// Why, for both sides: 1 to 200 characters.
    pub note: String,
    /// The caller's name for this top-up, 1 to 200 characters; once per customer.
    pub key: String,
}

/// A top-up that is booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToppedUp {
    /// How much.
    pub amount: Money,
    /// What the balance is now.
    pub balance: Money,
    /// Whether it was booked by this request, or by an earlier one with the same key.
    pub outcome: Outcome<()>,
}

impl TopUp {
    /// Books it.
    pub async fn run(self, app: &App, actor: &Actor) -> Result<ToppedUp, AppError> {
        actor.require(Permission::ManageMoney)?;
        let (amount, note, key) = self.checked(app)?;
        let transfer = Transfer::top_up(self.organisation, key, amount, note, app.now());
        app.store
            .write((transfer, self.organisation, app.moment(actor)), |tx, (transfer, organisation, moment)| {
                Box::pin(async move {
                    let customer = store::identity::organisations::find(tx, organisation).await?;
                    if customer.is_none_or(|customer| customer.kind == OrganisationKind::Operator) {
                        return Err(AppError::NotFound("customer"));
                    }
                    let (amount, note) = (transfer.amount, transfer.note.clone());
                    let (account, key) = (transfer.to, transfer.id);
                    let outcome = match super::post(tx, transfer).await.map_err(reused_key)? {
                        Outcome::AlreadyApplied => Outcome::AlreadyApplied,
                        Outcome::Applied(_) => {
                            let facts =
                                json!({"amount": amount.to_string(), "note_sha256": fingerprint(&note), "transfer": key.to_string()});
                            moment.record(tx, "balance_topped_up", Some(organisation), organisation, facts).await?;
                            let notice = Notice {
                                to: Audience::Organisation(organisation),
                                kind: "balance_topped_up",
                                about: key.to_string(),
                                arguments: vec![("amount", amount.into()), ("note", note.into())],
                                link: "/my/balance".to_owned(),
                            };
                            notify(tx, &moment, notice).await?;
                            Outcome::Applied(())
                        }
                    };
                    let balance = store::ledger::account(tx, account, amount.currency()).await?.balance;
                    Ok(ToppedUp { amount, balance, outcome })
                })
            })
            .await
    }

    fn checked(&self, app: &App) -> Result<(Money, String, String), AppError> {
        let mut problems = Problems::new();
        let currency = app.settings.site.currency;
        let amount = Money::parse(&self.amount, currency).map_err(|_| {
            FieldProblem::new("amount", "top_up_amount")
                .with("decimals", currency.decimals())
                .with("currency", currency)
        });
        let amount = amount.and_then(|amount| match amount.minor() {
            1..=MOST_MINOR => Ok(amount),
            _ => Err(FieldProblem::new("amount", "top_up_range").with("most", Money::new(MOST_MINOR, currency))),
        });
        let amount = problems.take(amount);
        let note = problems.take(text("note", &self.note, Lines::One, 1, 200));
        let key = problems.take(text("key", &self.key, Lines::One, 1, 200));
        Ok(problems.or(amount.zip(note).zip(key).map(|((amount, note), key)| (amount, note, key)))?)
    }
}

/// The ledger says that the id has another amount; to the caller that is a key used for two things.
fn reused_key(error: AppError) -> AppError {
    match error {
        AppError::Refused(refusal) if matches!(refusal.code, "id_has_other_amount" | "id_has_other_accounts") => {
            AppError::Refused(Refusal::new(RefusalKind::Rule, "idempotency_key_reused"))
        }
        other => other,
    }
}
