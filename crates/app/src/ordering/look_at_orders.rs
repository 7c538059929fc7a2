//! Looking at orders: the buyer's own, those a seller sold, all of them for an operator.

use domain::fulfilment::SellerCall;
use domain::identity::{Actor, Permission};
use domain::ids::{OrderId, OrganisationId};
use domain::ordering::{Order, OrderNumber, OrderState, StateCode, Subscription};
use store::Tx;
use store::ordering::orders::Filter;

use super::timeline::{self, TimelineEntry};
use crate::{App, AppError, Vault};

/// A page of orders, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderPage {
    /// The orders.
    pub orders: Vec<Order>,
    /// The id to ask older orders with, when there are more.
    pub older: Option<OrderId>,
}

/// One order with everything that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderDetails {
    /// The order.
    pub order: Order,
    /// The content hash of the product's picture, as it was when it was bought; its address.
    pub logo_hash: Option<String>,
    /// What it brought, once paid.
    pub subscription: Option<Subscription>,
    /// The buyer's name.
    pub buyer_name: String,
    /// The steps towards the seller.
    pub calls: Vec<SellerCall>,
    /// What happened.
    pub timeline: Vec<TimelineEntry>,
    /// Whether it waits for payment and can still be paid: what was stopped or ended meanwhile cannot.
    pub payable: bool,
}

/// The orders of the actor's organisation.
pub async fn my_orders(
    app: &App,
    actor: &Actor,
    state: Option<StateCode>,
    before: Option<OrderId>,
    most: u32,
) -> Result<OrderPage, AppError> {
    actor.require(Permission::SeePurchases)?;
    page(app, Filter { buyer: Some(actor.organisation), state, before, seller: None }, most).await
}

/// The orders that the actor's organisation sold and that are paid or were.
pub async fn sold_orders(
    app: &App,
    actor: &Actor,
    state: Option<StateCode>,
    before: Option<OrderId>,
    most: u32,
) -> Result<OrderPage, AppError> {
    actor.require(Permission::SeeSelling)?;
    page(app, Filter { seller: Some(actor.organisation), state, before, buyer: None }, most).await
}

/// Everybody's orders.
pub async fn all_orders(
    app: &App,
    actor: &Actor,
    state: Option<StateCode>,
    before: Option<OrderId>,
    most: u32,
) -> Result<OrderPage, AppError> {
    actor.require(Permission::SeeOperations)?;
    page(app, Filter { state, before, ..Filter::default() }, most).await
}

async fn page(app: &App, filter: Filter, most: u32) -> Result<OrderPage, AppError> {
    let most = most.clamp(1, 100);
    app.store
        .read((filter, most), |tx, (filter, most)| {
            Box::pin(async move {
                let mut orders = store::ordering::orders::list(tx, filter, most + 1).await?;
                let more = orders.len() > usize::try_from(most).unwrap_or(usize::MAX);
                orders.truncate(usize::try_from(most).unwrap_or(usize::MAX));
                let older = orders.last().filter(|_| more).map(|order| order.id);
                Ok(OrderPage { orders, older })
            })
        })
        .await
}

/// One of the orders of the actor's organisation.
pub async fn my_order(app: &App, actor: &Actor, number: &OrderNumber) -> Result<OrderDetails, AppError> {
    actor.require(Permission::SeePurchases)?;
    details(app, number, Reader::Buyer(actor.organisation)).await
}

/// One of the orders that the actor's organisation sold.
pub async fn sold_order(app: &App, actor: &Actor, number: &OrderNumber) -> Result<OrderDetails, AppError> {
    actor.require(Permission::SeeSelling)?;
    details(app, number, Reader::Seller(actor.organisation)).await
}

/// Anybody's order.
pub async fn operated_order(app: &App, actor: &Actor, number: &OrderNumber) -> Result<OrderDetails, AppError> {
    actor.require(Permission::SeeOperations)?;
    details(app, number, Reader::Operator(actor.organisation)).await
}

#[derive(Clone, Copy)]
enum Reader {
    Buyer(OrganisationId),
    Seller(OrganisationId),
    Operator(OrganisationId),
}

impl Reader {
    fn sees(self, order: &Order) -> bool {
        match self {
            Reader::Buyer(organisation) => order.buyer == organisation,
            Reader::Seller(organisation) => order.line.seller == organisation,
            Reader::Operator(_) => true,
        }
    }

    fn organisation(self) -> OrganisationId {
        match self {
            Reader::Buyer(organisation) | Reader::Seller(organisation) | Reader::Operator(organisation) => organisation,
        }
    }
}

async fn details(app: &App, number: &OrderNumber, reader: Reader) -> Result<OrderDetails, AppError> {
    app.store
        .read((number.clone(), reader, app.vault.clone()), |tx, (number, reader, vault)| {
            Box::pin(async move {
                let found = store::ordering::orders::find_by_number(tx, &number).await?;
                let order = found.filter(|order| reader.sees(order)).ok_or(AppError::NotFound("order"))?;
                with_everything(tx, &vault, order, reader).await
            })
        })
        .await
}

async fn with_everything(tx: &mut Tx, vault: &Vault, order: Order, reader: Reader) -> Result<OrderDetails, AppError> {
    let subscription = store::ordering::subscriptions::of_order(tx, order.id).await?;
    let buyer = store::identity::organisations::find(tx, order.buyer).await?;
    let buyer_name = buyer.map(|buyer| buyer.name).unwrap_or_default();
    let calls = store::fulfilment::calls::of_order(tx, order.id).await?;
    let timeline = timeline::read(tx, vault, &order, subscription.as_ref(), reader.organisation()).await?;
    let logo_hash = logo_hash(tx, &order).await?;
    let pending = matches!(order.state, OrderState::PendingPayment { .. });
    let payable = pending && super::pay_order::still_on_sale(tx, &order).await?;
    Ok(OrderDetails { order, logo_hash, subscription, buyer_name, calls, timeline, payable })
}

/// The picture that the product had when it was bought; `None` where it had none of its own.
pub(super) async fn logo_hash(tx: &mut Tx, order: &Order) -> Result<Option<String>, AppError> {
    match order.line.product_logo {
        Some(logo) => Ok(store::catalog::images::hash_of(tx, logo).await?),
        None => Ok(None),
    }
}
