//! Orders as sellers and operators see them: `/seller/orders`, `/operator/orders`.

use app::App;
use app::ordering::OrderPage as Found;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::ordering::{OrderNumber, StateCode};
use http_kit::{At, Failure, SignedIn, Visit};
use language::Words;

use super::list::ListPage;
use super::orders::{OrderPage, Place, nothing, older, tabs};
use super::words::{self, Reader};
use crate::frame::PageFrame;
use crate::parts::{Cell, Column, Empty, Paging, Table};
use crate::render;

fn table(words: &Words, found: &Found, base: &str, reader: Reader) -> Table {
    let mut columns = vec![Column::new(words.orders_number()), Column::new(words.orders_product())];
    if reader == Reader::Operator {
        columns.push(Column::new(words.orders_seller()));
    }
    columns.extend([Column::new(words.orders_state()), Column::numeric(words.orders_total())]);
    found.orders.iter().fold(Table::new(words.orders_title(), columns), |table, order| {
        let mut cells = words::order_cells(words, order, format!("{base}/{}", order.number));
        if reader == Reader::Operator {
            cells.push(Cell::text(&order.line.seller_name));
        }
        cells.push(Cell::Status(words::order_state(words, order.state.code())));
        cells.push(Cell::number(words::money(words, order.total)));
        table.row(cells)
    })
}

fn page(frame: PageFrame, found: &Found, state: Option<StateCode>, reader: Reader) -> ListPage {
    let words = frame.words;
    let (base, title, lead) = match reader {
        Reader::Operator => ("/operator/orders", words.operated_title(), words.operated_lead()),
        Reader::Seller | Reader::Buyer => ("/seller/orders", words.sold_title(), words.sold_lead()),
    };
    let first = Empty::new(words.sold_empty_title(), words.sold_empty_text());
    ListPage {
        lead: lead.to_owned(),
        facts: None,
        search: None,
        tabs: Some(tabs(words, base, state)),
        table: table(words, found, base, reader),
        empty: nothing(words, base, state, first),
        paging: Paging { words, newer: None, older: older(base, state, found.older) },
        page: frame.titled(title),
    }
}

pub(super) async fn list(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    Query(place): Query<Place>,
) -> Result<Response, Failure> {
    let found = app::ordering::sold_orders(&app, &actor, place.state(), place.before(), 30).await?;
    Ok(render::page(&page(PageFrame::of(&visit), &found, place.state(), Reader::Seller)))
}

pub(super) async fn all(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    Query(place): Query<Place>,
) -> Result<Response, Failure> {
    let found = app::ordering::all_orders(&app, &actor, place.state(), place.before(), 30).await?;
    Ok(render::page(&page(PageFrame::of(&visit), &found, place.state(), Reader::Operator)))
}

pub(super) async fn show(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At(number): At<OrderNumber>,
) -> Result<Response, Failure> {
    let details = app::ordering::sold_order(&app, &actor, &number).await?;
    let frame = PageFrame::of(&visit);
    let frame = {
        let title = frame.words.sold_title();
        frame.below(title, "/seller/orders")
    };
    Ok(render::page(&OrderPage::of(frame, &details, Reader::Seller, None, app.now())))
}

pub(super) async fn operated(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At(number): At<OrderNumber>,
) -> Result<Response, Failure> {
    let details = app::ordering::operated_order(&app, &actor, &number).await?;
    let frame = PageFrame::of(&visit);
    let frame = {
        let title = frame.words.operated_title();
        frame.below(title, "/operator/orders")
    };
    Ok(render::page(&OrderPage::of(frame, &details, Reader::Operator, None, app.now())))
}
