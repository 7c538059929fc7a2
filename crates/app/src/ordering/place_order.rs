//! A buyer orders: one transaction takes the money, writes the order and what follows from it.

use domain::fulfilment::Policy;
use domain::identity::{Actor, Permission};
use domain::ids::OrderId;
use domain::ledger::AccountName;
use domain::ordering::{Order, OrderNumber, OrderState, OrderType, PersonalData, Placing, content_hash, place};
use domain::outcome::{Outcome, Problems, Refusal};
use domain::pricing::Quote;
use domain::text::{Lines, text};
use domain::time::{SignedDuration, Timestamp};
use store::{DbError, StoreError, Tx};

use super::outcome::{self, Tried};
use crate::events::Moment;
use crate::{App, AppError};

/// Orders what a quote promises.
#[derive(Clone, Debug)]
pub struct PlaceOrder {
    /// The buyer's own name for the order: 1 to 200 characters. The same key with the same content is the same order.
    pub client_key: String,
    /// The sealed quote.
    pub quote: String,
    /// The version of the seller's agreement that the buyer accepted, when there is one.
    pub agreement: Option<String>,
    /// Whether the buyer agreed that personal data is handed over.
    pub personal_data: PersonalData,
}

impl PlaceOrder {
    /// Orders; says whether this request did it or an earlier one with the same key.
    pub async fn run(self, app: &App, actor: &Actor) -> Result<(Order, Outcome<()>), AppError> {
        actor.require(Permission::Buy)?;
        let mut problems = Problems::new();
        let client_key = problems.take(text("client_key", &self.client_key, Lines::One, 1, 200));
        let client_key = problems.or(client_key)?;
        let content = content_hash(&self.quote, self.agreement.as_deref(), self.personal_data);
        match self.place(app, actor, &client_key, &content).await {
            Ok(order) => Ok((order, Outcome::Applied(()))),
            // A repeat is refused by what the first one left behind: its key, its trial, an emptied balance, a quote that
            // has expired since. It is the same order all the same.
            Err(refused) => match find_repeat(app, actor, &client_key, &content).await? {
                Some(order) => Ok((order, Outcome::AlreadyApplied)),
                None => Err(refused),
            },
        }
    }

    async fn place(self, app: &App, actor: &Actor, client_key: &str, content: &str) -> Result<Order, AppError> {
        let work = Work {
            actor: actor.clone(),
            client_key: client_key.to_owned(),
            content: content.to_owned(),
            quote: crate::pricing::open_quote(app, &self.quote)?,
            agreement: self.agreement,
            personal_data: self.personal_data,
            pending_for: app.settings.ordering.pending_for,
            policy: app.settings.fulfilment.policy.clone(),
            moment: app.moment(actor),
            number: [0; 8],
        };
        // Numbers of one minute meet rarely; another one is drawn then.
        let mut tries = 0;
        loop {
            let work = Work { number: app.random(), ..work.clone() };
            match app.store.write(work, |tx, work| Box::pin(async move { work.run(tx).await })).await {
                Err(PlaceError::NumberTaken) if tries < 20 => tries += 1,
                Err(PlaceError::NumberTaken) => {
                    return Err(AppError::Unavailable("no free order number in this minute".to_owned()));
                }
                Err(PlaceError::App(error)) => return Err(error),
                Ok(order) => {
                    app.job_bell.ring();
                    return Ok(order);
                }
            }
        }
    }
}

async fn find_repeat(app: &App, actor: &Actor, key: &str, content: &str) -> Result<Option<Order>, AppError> {
    let found: Option<Order> = app
        .store
        .read((actor.organisation, key.to_owned()), |tx, (buyer, key)| {
            Box::pin(async move { Ok::<_, AppError>(store::ordering::orders::find_by_key(tx, buyer, &key).await?) })
        })
        .await?;
    found.map(|order| same_content(order, content)).transpose()
}

fn same_content(order: Order, content: &str) -> Result<Order, AppError> {
    if order.content == content { Ok(order) } else { Err(AppError::rule("idempotency_key_reused")) }
}

/// What the transaction needs; it may run more than once.
#[derive(Clone)]
struct Work {
    actor: Actor,
    client_key: String,
    content: String,
    quote: Quote,
    agreement: Option<String>,
    personal_data: PersonalData,
    pending_for: SignedDuration,
    policy: Policy,
    moment: Moment,
    number: [u8; 8],
}

enum PlaceError {
    NumberTaken,
    App(AppError),
}

impl From<AppError> for PlaceError {
    fn from(error: AppError) -> PlaceError {
        PlaceError::App(error)
    }
}

impl From<DbError> for PlaceError {
    fn from(error: DbError) -> PlaceError {
        StoreError::from(error).into()
    }
}

/// Two orders of one minute may draw the same number; only one row can have it.
impl From<StoreError> for PlaceError {
    fn from(error: StoreError) -> PlaceError {
        if error.duplicate_of(store::ordering::orders::ONE_NUMBER) {
            PlaceError::NumberTaken
        } else {
            PlaceError::App(error.into())
        }
    }
}

impl Work {
    async fn run(self, tx: &mut Tx) -> Result<Order, PlaceError> {
        let buyer = self.actor.organisation;
        let currency = self.quote.total_today.currency();
        // The buyer's account is the lock under which its orders are placed one after another.
        let account = store::ledger::account_for_update(tx, AccountName::Customer(buyer), currency).await?;
        let found = store::catalog::offer_to_order(tx, self.quote.specification).await?;
        let (offer, notices) = found.ok_or(AppError::NotFound("offer"))?;
        let now: Timestamp = self.moment.now;
        let number = OrderNumber::make(now, self.number);
        let order = place(Placing {
            id: self.moment.id::<OrderId>(number.as_str()),
            number,
            buyer,
            placed_by: self.actor.user,
            client_key: self.client_key.clone(),
            content: self.content.clone(),
            quote: &self.quote,
            offer: &offer,
            agreement: self.agreement.clone(),
            personal_data: self.personal_data,
            balance: account.balance,
            pending_for: self.pending_for,
            now,
        })
        .map_err(|refusal| AppError::Refused(Refusal::from(refusal)))?;
        if let OrderType::Trial { .. } = order.order_type
            && store::ordering::orders::has_trial(tx, buyer, order.line.product).await?
        {
            return Err(AppError::conflict("trial_used").into());
        }
        store::ordering::orders::insert(tx, &order).await?;
        outcome::placed(tx, &self.moment, &order).await?;
        match order.state {
            OrderState::Processing { .. } => {
                outcome::paid(tx, &self.moment, (&order, &account), Tried::of(&self.policy, notices)).await?
            }
            OrderState::PendingPayment { until } => outcome::pending(tx, &self.moment, &order, until).await?,
            OrderState::Canceled { .. } | OrderState::Completed { .. } | OrderState::Failed { .. } => {}
        }
        Ok(order)
    }
}
