//! `/my/orders`: a buyer's orders, and one with its steps, timeline and what can be done.

use app::App;
use app::ordering::{CancelOrder, OrderDetails, PayOrder};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::fulfilment::Step;
use domain::identity::Actor;
use domain::ids::OrderId;
use domain::ordering::{Order, OrderNumber, OrderState, StateCode, SubscriptionState};
use domain::time::Timestamp;
use http_kit::{At, Failure, SignedIn, Visit};
use language::Words;
use serde::Deserialize;

use super::list::ListPage;
use super::words::{self, Reader};
use crate::frame::PageFrame;
use crate::parts::{Cell, Column, Empty, Facts, Notice, Paging, Status, Tab, Table, Tabs, Timeline, Tone};
use crate::render;
use crate::storefront::logo_url;

/// Which part of a list is asked for.
#[derive(Default, Deserialize)]
pub(super) struct Place {
    pub state: Option<String>,
    pub before: Option<String>,
}

impl Place {
    pub fn state(&self) -> Option<StateCode> {
        self.state.as_deref().and_then(|code| code.parse().ok())
    }

    pub fn before(&self) -> Option<OrderId> {
        self.before.as_deref().and_then(|id| id.parse().ok())
    }
}

/// The tabs of a list of orders: all, then each state.
pub(super) fn tabs(words: &Words, path: &str, current: Option<StateCode>) -> Tabs {
    let tab = |label: String, state: Option<StateCode>| Tab {
        label,
        href: state.map_or(path.to_owned(), |state| format!("{path}?state={}", state.code())),
        current: state == current,
        count: 0,
    };
    let name = |state| words.by_code("order-state", StateCode::code(state), &[]).unwrap_or_default();
    let states = StateCode::ALL.into_iter().map(|state| tab(name(state), Some(state)));
    let tabs = std::iter::once(tab(words.orders_all().to_owned(), None)).chain(states).collect();
    Tabs { label: words.orders_state().to_owned(), tabs }
}

/// The address of the page with older orders.
pub(super) fn older(path: &str, state: Option<StateCode>, before: Option<OrderId>) -> Option<String> {
    let state = state.map(|state| format!("state={}&", state.code())).unwrap_or_default();
    before.map(|before| format!("{path}?{state}before={before}"))
}

/// What is said instead of an empty list of orders.
pub(super) fn nothing(words: &Words, path: &str, state: Option<StateCode>, first: Empty) -> Empty {
    match state {
        None => first,
        Some(_) => Empty::filtered(words.orders_filtered_title(), words.orders_filtered_text())
            .action(words.orders_show_all(), path),
    }
}

pub(super) async fn list(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    Query(place): Query<Place>,
) -> Result<Response, Failure> {
    let state = place.state();
    let found = app::ordering::my_orders(&app, &actor, state, place.before(), 30).await?;
    let page = PageFrame::of(&visit);
    let words = page.words;
    let columns = vec![
        Column::new(words.orders_number()),
        Column::new(words.orders_product()),
        Column::new(words.orders_seller()),
        Column::new(words.orders_state()),
        Column::numeric(words.orders_total()),
    ];
    let mut table = Table::new(words.orders_title(), columns);
    for order in &found.orders {
        let mut cells = words::order_cells(words, order, format!("/my/orders/{}", order.number));
        cells.push(Cell::text(&order.line.seller_name));
        cells.push(Cell::Status(words::order_state(words, order.state.code())));
        cells.push(Cell::number(words::money(words, order.total)));
        table = table.row(cells);
    }
    let first =
        Empty::new(words.orders_empty_title(), words.orders_empty_text()).action(words.orders_empty_action(), "/");
    let list = ListPage {
        lead: words.orders_lead().to_owned(),
        facts: None,
        search: None,
        tabs: Some(tabs(words, "/my/orders", state)),
        table,
        empty: nothing(words, "/my/orders", state, first),
        paging: Paging { words, newer: None, older: older("/my/orders", state, found.older) },
        page: page.titled(words.orders_title()),
    };
    Ok(render::page(&list))
}

/// One step of setting up, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepLine {
    /// What it is.
    pub label: String,
    /// How far it is.
    pub status: Status,
}

/// `GET /my/orders/{number}`, `/seller/orders/{number}`, `/operator/orders/{number}`.
#[derive(Clone, Debug, Template)]
#[template(path = "ordering/order.html")]
pub struct OrderPage {
    /// Around it.
    pub page: PageFrame,
    /// The address of the product's picture.
    pub logo: String,
    /// The product, with the plan.
    pub what: String,
    /// The state.
    pub status: Status,
    /// The news of this state, for a buyer.
    pub news: Option<Notice>,
    /// The steps of setting up, while it is under way; the part is asked for again from here.
    pub steps: Vec<StepLine>,
    /// The promise while it is under way.
    pub promise: Option<String>,
    /// Where to pay and to cancel.
    pub open: Option<Unpaid>,
    /// The app's page, once there is one.
    pub app: Option<String>,
    /// Facts of the order.
    pub facts: Facts,
    /// The calls to the seller's system, where the reader may see them.
    pub calls: Option<Table>,
    /// What happened.
    pub timeline: Timeline,
}

/// What can be done about an order that is not paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpaid {
    /// The path of the order.
    pub path: String,
    /// On the button; none when it is not sold any more.
    pub pay: Option<String>,
    /// Until when, and what the balance is.
    pub hint: String,
    /// On the other button.
    pub cancel: String,
    /// What follows from it.
    pub note: String,
}

impl OrderPage {
    /// The page for one reader; `balance` only for a buyer's unpaid order.
    pub(super) fn of(
        page: PageFrame,
        details: &OrderDetails,
        reader: Reader,
        balance: Option<String>,
        now: Timestamp,
    ) -> OrderPage {
        let words = page.words;
        let order = &details.order;
        let buyer = reader == Reader::Buyer;
        let name = order.line.product_name.say(words.language());
        OrderPage {
            logo: logo_url(details.logo_hash.as_deref(), order.line.product),
            what: format!("{name}: {}", words::plan(words, &order.line, order.order_type)),
            status: words::order_state(words, order.state.code()),
            news: buyer.then(|| news(words, details)),
            steps: if buyer { steps(words, details) } else { Vec::new() },
            promise: promise(words, details).filter(|_| buyer),
            open: balance.filter(|_| buyer).and_then(|balance| unpaid(words, details, balance)),
            app: details.subscription.as_ref().filter(|_| buyer).map(|found| format!("/my/apps/{}", found.id)),
            facts: facts(words, details, reader),
            calls: (!buyer).then(|| calls(words, details, reader)),
            timeline: words::timeline(words, &details.timeline, reader, now),
            page: page.titled(words.order_title(order.number.as_str())),
        }
    }
}

fn news(words: &'static Words, details: &OrderDetails) -> Notice {
    let order = &details.order;
    match order.state {
        OrderState::PendingPayment { .. } if details.payable => Notice::new(Tone::Warn, words.order_news_pending()),
        OrderState::PendingPayment { .. } => Notice::new(Tone::Bad, words.order_news_not_on_sale()),
        OrderState::Canceled { .. } => Notice::new(Tone::Plain, words.order_news_canceled()),
        OrderState::Processing { .. } => {
            Notice::new(Tone::Info, words.order_news_processing()).detail(words.order_news_processing_detail())
        }
        OrderState::Completed { .. } => {
            let notice = Notice::new(Tone::Good, words.order_news_completed());
            match &details.subscription {
                Some(found) => notice.link(words.order_app(), format!("/my/apps/{}", found.id)),
                None => notice,
            }
        }
        OrderState::Failed { .. } if order.total.zero_amount() => {
            Notice::new(Tone::Bad, words.order_news_failed_free())
        }
        OrderState::Failed { .. } => Notice::new(Tone::Bad, words.order_news_failed(words::money(words, order.total))),
    }
}

/// Paid, asked, set up, ready: as far as it has come.
fn steps(words: &'static Words, details: &OrderDetails) -> Vec<StepLine> {
    let OrderState::Processing { .. } = details.order.state else { return Vec::new() };
    let asked = details.timeline.iter().any(|entry| entry.attempts.is_some());
    let named = details.subscription.as_ref().is_some_and(|found| {
        matches!(&found.state, SubscriptionState::SettingUp { instance: Some(_) } | SubscriptionState::Active { .. })
    });
    let line = |label: &str, done: bool, current: bool| StepLine {
        label: label.to_owned(),
        status: match (done, current) {
            (true, _) => Status::good(words.common_status_done()),
            (false, true) => Status::info(words.common_status_in_progress()),
            (false, false) => Status::plain(words.common_status_not_started()),
        },
    };
    vec![
        line(words.order_step_paid(), true, false),
        line(words.order_step_asked(), named, !named),
        line(words.order_step_setting_up(), false, named && asked),
        line(words.order_step_ready(), false, false),
    ]
}

fn promise(words: &'static Words, details: &OrderDetails) -> Option<String> {
    let OrderState::Processing { .. } = details.order.state else { return None };
    let delivers = details.calls.iter().find(|call| call.step == Step::Create);
    let until = delivers.and_then(|call| call.closes_at)?;
    let amount = words::money(words, details.order.total);
    (!details.order.total.zero_amount()).then(|| words.order_refund_promise(words.date_time(until), amount))
}

fn unpaid(words: &'static Words, details: &OrderDetails, balance: String) -> Option<Unpaid> {
    let order = &details.order;
    let OrderState::PendingPayment { until } = order.state else { return None };
    let until = words.date_time(until);
    Some(Unpaid {
        path: format!("/my/orders/{}", order.number),
        pay: details.payable.then(|| words.order_pay(words::money(words, order.total))),
        hint: match details.payable {
            true => words.order_pay_until(until, balance),
            false => words.order_ends_by_itself(until),
        },
        cancel: words.order_cancel(order.number.as_str()),
        note: words.order_cancel_note().to_owned(),
    })
}

fn facts(words: &'static Words, details: &OrderDetails, reader: Reader) -> Facts {
    let order = &details.order;
    let kind = words.by_code("order-type", order.order_type.code(), &[]).unwrap_or_default();
    let mut facts = Facts::narrow()
        .fact(words.orders_number(), Cell::text(&order.number))
        .fact(words.order_line(), Cell::text(order.line_number()))
        .fact(words.order_kind(), Cell::text(kind))
        .fact(words.order_plan(), Cell::text(order.line.specification_name.say(words.language())))
        .fact(words.order_quantity(), Cell::number(order.line.count))
        .fact(words.order_unit_price(), Cell::number(words::money(words, order.line.unit_price)))
        .fact(words.orders_total(), Cell::number(words::money(words, order.total)));
    facts = match reader {
        Reader::Buyer => facts.fact(words.orders_seller(), Cell::text(&order.line.seller_name)),
        Reader::Seller => facts.fact(words.orders_buyer(), Cell::text(&details.buyer_name)),
        Reader::Operator => facts
            .fact(words.orders_buyer(), Cell::text(&details.buyer_name))
            .fact(words.orders_seller(), Cell::text(&order.line.seller_name)),
    };
    facts = facts.fact(words.order_placed_by(), words::moment(words, order.placed_at));
    match order.state {
        OrderState::Processing { paid_at }
        | OrderState::Completed { paid_at, .. }
        | OrderState::Failed { paid_at, .. } => facts.fact(words.order_paid_at(), words::moment(words, paid_at)),
        OrderState::PendingPayment { .. } | OrderState::Canceled { .. } => facts,
    }
}

fn calls(words: &'static Words, details: &OrderDetails, reader: Reader) -> Table {
    let columns = vec![
        Column::new(words.messages_call()),
        Column::new(words.orders_state()),
        Column::new(words.messages_begun()),
    ];
    let base = if reader == Reader::Operator { "/operator/calls" } else { "/seller/messages" };
    details.calls.iter().fold(Table::new(words.sold_calls(), columns), |table, call| {
        table.row(vec![
            Cell::link(words::call_step(words, call.step), format!("{base}/{}", call.id)),
            Cell::Status(words::call_state(words, call.state.code())),
            words::moment(words, call.opened_at),
        ])
    })
}

pub(super) async fn show(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At(number): At<OrderNumber>,
) -> Result<Response, Failure> {
    Ok(render::page(&own(&app, &actor, &visit, &number).await?))
}

async fn own(app: &App, actor: &Actor, visit: &Visit, number: &OrderNumber) -> Result<OrderPage, Failure> {
    let details = app::ordering::my_order(app, actor, number).await?;
    let page = PageFrame::of(visit).below(PageFrame::of(visit).words.orders_title(), "/my/orders");
    let balance = balance(app, actor, &details.order, page.words).await?;
    Ok(OrderPage::of(page, &details, Reader::Buyer, balance, app.now()))
}

async fn balance(app: &App, actor: &Actor, order: &Order, words: &Words) -> Result<Option<String>, Failure> {
    match order.state {
        OrderState::PendingPayment { .. } => Ok(Some(words::money(words, app::ledger::balance(app, actor).await?))),
        OrderState::Processing { .. }
        | OrderState::Completed { .. }
        | OrderState::Failed { .. }
        | OrderState::Canceled { .. } => Ok(None),
    }
}

pub(super) async fn pay(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At(number): At<OrderNumber>,
) -> Result<Response, Failure> {
    let order = app::ordering::my_order(&app, &actor, &number).await?.order.id;
    match (PayOrder { order }).run(&app, &actor).await {
        Ok(order) => Ok(render::see_other(&format!("/my/orders/{}", order.number))),
        // The page says so itself, and offers to cancel.
        Err(error) if error.code() == "not_on_sale" => {
            let page = own(&app, &actor, &visit, &number).await?;
            Ok(render::page_with(StatusCode::CONFLICT, &page))
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn cancel(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(number): At<OrderNumber>,
) -> Result<Response, Failure> {
    let order = app::ordering::my_order(&app, &actor, &number).await?.order.id;
    let order = CancelOrder { order }.run(&app, &actor).await?;
    Ok(render::see_other(&format!("/my/orders/{}", order.number)))
}

#[cfg(test)]
impl crate::samples::Samples for OrderPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        let words = page.words;
        let page = page.titled(words.order_title("CS2605141328QWERT"));
        let step = |label: &str| StepLine { label: label.to_owned(), status: Status::good(words.common_status_done()) };
        let bare = OrderPage {
            page,
            logo: "/images/prd_1.svg".to_owned(),
            what: "Granary Backup: <script>alert(1)</script>".to_owned(),
            status: words::order_state(words, StateCode::Processing),
            news: Some(Notice::new(Tone::Info, words.order_news_processing())),
            steps: vec![step(words.order_step_paid()), step(words.order_step_asked())],
            promise: Some(words.order_refund_promise("16:28", "USD 19.00")),
            open: None,
            app: Some("/my/apps/sub_1".to_owned()),
            facts: Facts::narrow().fact(words.orders_number(), Cell::text("CS2605141328QWERT")),
            calls: None,
            timeline: Timeline { entries: Vec::new() },
        };
        let unpaid = OrderPage {
            steps: Vec::new(),
            promise: None,
            app: None,
            open: Some(Unpaid {
                path: "/my/orders/CS2605141328QWERT".to_owned(),
                pay: Some(words.order_pay("USD 19.00")),
                hint: words.order_pay_until("16:28", "USD 1.00"),
                cancel: words.order_cancel("CS2605141328QWERT"),
                note: words.order_cancel_note().to_owned(),
            }),
            calls: Some(
                Table::new(words.sold_calls(), vec![Column::new(words.messages_call())])
                    .row(vec![Cell::text("<script>")]),
            ),
            ..bare.clone()
        };
        let ended = OrderPage {
            news: Some(Notice::new(Tone::Bad, words.order_news_not_on_sale())),
            status: words::order_state(words, StateCode::PendingPayment),
            open: unpaid.open.clone().map(|open| Unpaid {
                pay: None,
                hint: words.order_ends_by_itself("16:28"),
                ..open
            }),
            calls: None,
            ..unpaid.clone()
        };
        vec![bare, unpaid, ended]
    }
}
