//! A list of orders, apps, calls or customers: heading, tabs, table, paging. One struct for all of them.

use askama::Template;

use crate::form::Form;
use crate::frame::PageFrame;
use crate::parts::{Empty, Facts, Paging, Table, Tabs};

/// `GET /my/orders`, `/my/apps`, `/my/balance`, `/seller/orders`, `/seller/messages`, `/operator/orders`,
/// `/operator/calls`, `/operator/balances`.
#[derive(Clone, Debug, Template)]
#[template(path = "ordering/list.html")]
pub struct ListPage {
    /// Around it.
    pub page: PageFrame,
    /// One sentence under the heading.
    pub lead: String,
    /// A few facts above the list.
    pub facts: Option<Facts>,
    /// A search field: its form, label, button.
    pub search: Option<(Form, String, String)>,
    /// The parts of the list.
    pub tabs: Option<Tabs>,
    /// The rows.
    pub table: Table,
    /// What is said instead of an empty table.
    pub empty: Empty,
    /// Older rows.
    pub paging: Paging,
}

#[cfg(test)]
impl crate::samples::Samples for ListPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        use crate::parts::{Cell, Column, Status, Tab};
        let words = page.words;
        let columns = || vec![Column::new(words.orders_number()), Column::new(words.orders_state())];
        let paging = |older: Option<&str>| Paging { words, newer: None, older: older.map(str::to_owned) };
        let empty = Empty::new(words.orders_empty_title(), words.orders_empty_text());
        let bare = ListPage {
            page: page.clone().titled(words.orders_title()),
            lead: words.orders_lead().to_owned(),
            facts: None,
            search: None,
            tabs: None,
            table: Table::new(words.orders_title(), columns()),
            empty,
            paging: paging(None),
        };
        let row = |name: &str| vec![Cell::link(name, "/my/orders/CS2605141328QWERT"), Cell::Status(Status::good("ok"))];
        let full = ListPage {
            facts: Some(Facts::new().fact(words.balance_now(), Cell::number("USD 1,204.50"))),
            search: Some((
                Form::new(words).with("q", "<script>"),
                words.customers_search().to_owned(),
                words.customers_find().to_owned(),
            )),
            tabs: Some(Tabs {
                label: words.orders_state().to_owned(),
                tabs: vec![Tab {
                    label: words.orders_all().to_owned(),
                    href: "/my/orders".to_owned(),
                    current: true,
                    count: 2,
                }],
            }),
            table: Table::new(words.orders_title(), columns())
                .row(row("CS2605141328QWERT"))
                .row(row("<script>alert(1)</script>")),
            paging: paging(Some("/my/orders?before=ord_1")),
            ..bare.clone()
        };
        vec![bare, full]
    }
}
