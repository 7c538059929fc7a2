//! Checkout and orders, as the buyer, the seller and the operator see them.

use app::ordering::{self as ordering, CancelOrder, OrderDetails, OrderPage, PayOrder, PlaceOrder};
use app::{App, AppError};
use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use domain::ids::OrderId;
use domain::ordering::{Order, OrderNumber, OrderState, PersonalData};
use domain::outcome::{FieldProblem, Outcome};
use http_kit::{At, Failure, IdempotencyKey, SignedIn};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{PAGE, Page, TimelineBody};
use crate::catalog::{Amount, Body, Text};

/// A quote to look at before ordering.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Quoted {
    /// The sealed text of `POST /api/v1/quotes`.
    quote: String,
}

/// What an order would be.
#[derive(Serialize, ToSchema)]
pub(crate) struct CheckoutBody {
    product: Text,
    specification: Text,
    /// The sealed text to order with: the one you gave, or a new one when its time is over or the price changed.
    quote: String,
    total_today: Amount,
    /// What the quote you gave said instead, when the price has changed since.
    total_before: Option<Amount>,
    /// What your organisation has.
    balance: Amount,
    /// What it would have afterwards; below zero, the order would wait for payment.
    balance_afterwards: Amount,
    /// The version of the seller's agreement; give it as `agreement` when you accept it.
    agreement: Option<String>,
    /// What of your data the seller gets: `email`, `user_name`.
    handed_over: Vec<&'static str>,
}

/// Looks at a quote as the order that it would become.
#[utoipa::path(post, path = "/api/v1/checkout", tag = "orders", request_body = Quoted,
    responses((status = 200, body = CheckoutBody), (status = 409), (status = 422)))]
pub(crate) async fn checkout(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Body(body): Body<Quoted>,
) -> Result<Json<CheckoutBody>, Failure> {
    let found = ordering::checkout(&app, &actor, &body.quote).await?;
    Ok(Json(CheckoutBody {
        product: (&found.offer.product_name).into(),
        specification: (&found.offer.specification_name).into(),
        quote: found.sealed_quote,
        total_today: found.quote.total_today.into(),
        total_before: found.before.map(|before| before.total_today.into()),
        balance: found.balance.into(),
        balance_afterwards: found.afterwards.into(),
        agreement: found.offer.agreement.as_ref().map(domain::catalog::Agreement::version_hash),
        handed_over: found.offer.handed_over.iter().map(|field| field.code()).collect(),
    }))
}

/// What is ordered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewOrder {
    /// The sealed text of `POST /api/v1/quotes`.
    quote: String,
    /// The version of the seller's agreement that you accept, from `POST /api/v1/checkout`.
    agreement: Option<String>,
    /// Whether you agree that the data named in the checkout goes to the seller.
    #[serde(default)]
    hand_over_data: bool,
}

/// An order.
#[derive(Serialize, ToSchema)]
pub(crate) struct OrderBody {
    /// `CS…`
    number: String,
    /// `pending_payment`, `canceled`, `processing`, `completed` or `failed`.
    state: &'static str,
    /// `new` or `trial`.
    order_type: &'static str,
    product: Text,
    specification: Text,
    seller: String,
    /// `month`, `year` or `once`.
    period: &'static str,
    count: u32,
    periods: u32,
    total: Amount,
    placed_at: String,
    /// When the money was taken.
    paid_at: Option<String>,
}

impl From<&Order> for OrderBody {
    fn from(order: &Order) -> OrderBody {
        let paid_at = match &order.state {
            OrderState::PendingPayment { .. } | OrderState::Canceled { .. } => None,
            OrderState::Processing { paid_at }
            | OrderState::Completed { paid_at, .. }
            | OrderState::Failed { paid_at, .. } => Some(paid_at.to_string()),
        };
        OrderBody {
            number: order.number.to_string(),
            state: order.state.code().code(),
            order_type: order.order_type.code(),
            product: (&order.line.product_name).into(),
            specification: (&order.line.specification_name).into(),
            seller: order.line.seller_name.clone(),
            period: order.line.period.code(),
            count: order.line.count.get(),
            periods: order.line.periods,
            total: order.total.into(),
            placed_at: order.placed_at.to_string(),
            paid_at,
        }
    }
}

/// Orders and pays from the balance. The same `Idempotency-Key` with the same content is the same order, however often it is sent.
#[utoipa::path(post, path = "/api/v1/orders", tag = "orders", request_body = NewOrder,
    params(("Idempotency-Key" = String, Header, description = "your own name for this order, 1 to 200 characters")),
    responses((status = 201, body = OrderBody), (status = 200, body = OrderBody, description = "sent before"), (status = 409), (status = 422)))]
pub(crate) async fn place(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    IdempotencyKey(client_key): IdempotencyKey,
    Body(body): Body<NewOrder>,
) -> Result<(StatusCode, Json<OrderBody>), Failure> {
    let personal_data = if body.hand_over_data { PersonalData::Agreed } else { PersonalData::NotAgreed };
    let form = PlaceOrder { client_key, quote: body.quote, agreement: body.agreement, personal_data };
    let (order, outcome) = form.run(&app, &actor).await?;
    let status = match outcome {
        Outcome::Applied(()) => StatusCode::CREATED,
        Outcome::AlreadyApplied => StatusCode::OK,
    };
    Ok((status, Json((&order).into())))
}

/// Orders, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct Orders {
    items: Vec<OrderBody>,
    /// Give this as `before` to go on; absent on the last page.
    next: Option<String>,
}

impl From<OrderPage> for Orders {
    fn from(page: OrderPage) -> Orders {
        Orders { items: page.orders.iter().map(OrderBody::from).collect(), next: page.older.map(|id| id.to_string()) }
    }
}

fn cursor(page: Page) -> Result<Option<OrderId>, Failure> {
    let before = page.before.map(|text| text.parse()).transpose();
    Ok(before.map_err(|_| AppError::field(FieldProblem::new("before", "cursor")))?)
}

/// The orders of your organisation.
#[utoipa::path(get, path = "/api/v1/orders", tag = "orders", params(Page), responses((status = 200, body = Orders)))]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Query(page): Query<Page>,
) -> Result<Json<Orders>, Failure> {
    Ok(Json(ordering::my_orders(&app, &actor, None, cursor(page)?, PAGE).await?.into()))
}

/// An order with what it brought and what happened.
#[derive(Serialize, ToSchema)]
pub(crate) struct OrderDetailsBody {
    #[serde(flatten)]
    order: OrderBody,
    /// The app that it brought, `sub_…`; absent until it is paid.
    app: Option<String>,
    /// Who bought.
    buyer: String,
    /// The newest first.
    timeline: Vec<TimelineBody>,
}

impl From<OrderDetails> for OrderDetailsBody {
    fn from(found: OrderDetails) -> OrderDetailsBody {
        OrderDetailsBody {
            order: (&found.order).into(),
            app: found.subscription.map(|subscription| subscription.id.to_string()),
            buyer: found.buyer_name,
            timeline: found.timeline.iter().map(TimelineBody::from).collect(),
        }
    }
}

/// One order of your organisation.
#[utoipa::path(get, path = "/api/v1/orders/{number}", tag = "orders", params(("number" = String, Path)),
    responses((status = 200, body = OrderDetailsBody), (status = 404)))]
pub(crate) async fn show(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(order): At<OrderNumber>,
) -> Result<Json<OrderDetailsBody>, Failure> {
    Ok(Json(ordering::my_order(&app, &actor, &order).await?.into()))
}

/// Pays an order that waits for it. Doing it again is calm.
#[utoipa::path(post, path = "/api/v1/orders/{number}/pay", tag = "orders", params(("number" = String, Path)),
    responses((status = 200, body = OrderBody), (status = 404), (status = 409)))]
pub(crate) async fn pay(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(order): At<OrderNumber>,
) -> Result<Json<OrderBody>, Failure> {
    let order = ordering::my_order(&app, &actor, &order).await?.order.id;
    Ok(Json((&PayOrder { order }.run(&app, &actor).await?).into()))
}

/// Cancels an order that waits for payment. Doing it again is calm.
#[utoipa::path(post, path = "/api/v1/orders/{number}/cancel", tag = "orders", params(("number" = String, Path)),
    responses((status = 200, body = OrderBody), (status = 404), (status = 409)))]
pub(crate) async fn cancel(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(order): At<OrderNumber>,
) -> Result<Json<OrderBody>, Failure> {
    let order = ordering::my_order(&app, &actor, &order).await?.order.id;
    Ok(Json((&CancelOrder { order }.run(&app, &actor).await?).into()))
}

/// The orders that your organisation sold.
#[utoipa::path(get, path = "/api/v1/seller/orders", tag = "seller", params(Page), responses((status = 200, body = Orders)))]
pub(crate) async fn sold(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Query(page): Query<Page>,
) -> Result<Json<Orders>, Failure> {
    Ok(Json(ordering::sold_orders(&app, &actor, None, cursor(page)?, PAGE).await?.into()))
}

/// One order that your organisation sold.
#[utoipa::path(get, path = "/api/v1/seller/orders/{number}", tag = "seller", params(("number" = String, Path)),
    responses((status = 200, body = OrderDetailsBody), (status = 404)))]
pub(crate) async fn show_sold(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(order): At<OrderNumber>,
) -> Result<Json<OrderDetailsBody>, Failure> {
    Ok(Json(ordering::sold_order(&app, &actor, &order).await?.into()))
}

/// Everybody's orders.
#[utoipa::path(get, path = "/api/v1/operator/orders", tag = "operator", params(Page), responses((status = 200, body = Orders)))]
pub(crate) async fn all(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    Query(page): Query<Page>,
) -> Result<Json<Orders>, Failure> {
    Ok(Json(ordering::all_orders(&app, &actor, None, cursor(page)?, PAGE).await?.into()))
}

/// Anybody's order.
#[utoipa::path(get, path = "/api/v1/operator/orders/{number}", tag = "operator", params(("number" = String, Path)),
    responses((status = 200, body = OrderDetailsBody), (status = 404)))]
pub(crate) async fn show_any(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(order): At<OrderNumber>,
) -> Result<Json<OrderDetailsBody>, Failure> {
    Ok(Json(ordering::operated_order(&app, &actor, &order).await?.into()))
}
