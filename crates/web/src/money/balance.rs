//! `GET /my/balance`: what the organisation has, and every line behind it.

use app::App;
use app::ledger::{Statement, statement};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use http_kit::{Failure, SignedIn, Visit};
use serde::Deserialize;

use super::{amount, lines};
use crate::frame::PageFrame;
use crate::parts::{Empty, Paging, Table};
use crate::render;

/// `GET /my/balance`.
#[derive(Clone, Debug, Template)]
#[template(path = "money/balance.html")]
pub struct BalancePage {
    /// Around it.
    pub page: PageFrame,
    /// What there is.
    pub balance: String,
    /// The lines, newest first.
    pub table: Table,
    /// Where older ones are.
    pub paging: Paging,
}

/// Where to go on.
#[derive(Deserialize)]
pub(crate) struct Place {
    before: Option<i64>,
}

const PAGE: u32 = 50;

impl BalancePage {
    fn of(page: PageFrame, statement: &Statement) -> BalancePage {
        let words = page.words;
        let older = statement.older.map(|number| format!("/my/balance?before={number}"));
        BalancePage {
            balance: amount(words, statement.balance),
            table: lines::table(words, statement),
            paging: Paging { words, newer: None, older },
            page: page.titled(words.money_balance_title()),
        }
    }

    fn nothing(&self) -> Empty {
        let words = self.page.words;
        Empty::new(words.money_empty_title(), words.money_empty_body()).action(words.common_help(), "/help")
    }
}

pub(super) async fn show(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Query(place): Query<Place>,
) -> Result<Response, Failure> {
    let statement = statement(&app, &actor, place.before, PAGE).await?;
    Ok(render::page(&BalancePage::of(PageFrame::of(&visit), &statement)))
}

#[cfg(test)]
impl crate::samples::Samples for BalancePage {
    fn samples(page: PageFrame) -> Vec<Self> {
        use domain::money::{Currency, Money};
        let empty = Statement { balance: Money::zero(Currency::USD), lines: Vec::new(), older: None };
        vec![BalancePage::of(page, &empty)]
    }
}
