//! `GET /my/balance`: what a buyer has, and every movement behind it.

use app::App;
use app::ledger::StatementLine;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::ledger::Purpose;
use http_kit::{Failure, SignedIn, Visit};
use language::Words;
use serde::Deserialize;

use super::list::ListPage;
use super::words;
use crate::frame::PageFrame;
use crate::parts::{Cell, Column, Empty, Facts, Paging, Table};
use crate::render;

/// Where to go on.
#[derive(Deserialize)]
pub(super) struct Place {
    pub before: Option<i64>,
}

/// The lines of an account as a table; also on the operator's page of a customer.
pub(super) fn lines(words: &Words, lines: &[StatementLine]) -> Table {
    let columns = vec![
        Column::new(words.balance_what()),
        Column::new(words.balance_when()),
        Column::numeric(words.balance_amount()),
        Column::numeric(words.balance_after()),
    ];
    lines.iter().fold(Table::new(words.balance_lines(), columns), |table, line| {
        table.row(vec![
            what(words, line),
            words::moment(words, line.at),
            Cell::number(words::money(words, line.amount)),
            Cell::number(words::money(words, line.balance_after)),
        ])
    })
}

fn what(words: &Words, line: &StatementLine) -> Cell {
    let name = match line.purpose {
        Purpose::TopUp { .. } => words.balance_purpose_top_up(),
        Purpose::Charge { .. } => words.balance_purpose_charge(),
        Purpose::Refund { .. } => words.balance_purpose_refund(),
    };
    if line.note.is_empty() { Cell::text(name) } else { Cell::Pair(name.to_owned(), line.note.clone()) }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    Query(place): Query<Place>,
) -> Result<Response, Failure> {
    let statement = app::ledger::statement(&app, &actor, place.before, 50).await?;
    let page = PageFrame::of(&visit);
    let words = page.words;
    let list = ListPage {
        lead: words.balance_lead(&app.settings.site.support_email),
        facts: Some(Facts::new().fact(words.balance_now(), Cell::number(words::money(words, statement.balance)))),
        search: None,
        tabs: None,
        table: lines(words, &statement.lines),
        empty: Empty::new(words.balance_empty_title(), words.balance_empty_text()),
        paging: Paging {
            words,
            newer: None,
            older: statement.older.map(|before| format!("/my/balance?before={before}")),
        },
        page: page.titled(words.balance_title()),
    };
    Ok(render::page(&list))
}
