//! `GET /operator/ledger`: the whole ledger computed anew.

use app::App;
use app::ledger::LedgerReport;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::identity::Permission;
use http_kit::{Failure, SignedIn, Visit};

use super::words;
use crate::frame::PageFrame;
use crate::parts::{Cell, Column, Notice, Table, Tone};
use crate::render;

/// `GET /operator/ledger`.
#[derive(Clone, Debug, Template)]
#[template(path = "ordering/ledger.html")]
pub struct LedgerPage {
    /// Around it.
    pub page: PageFrame,
    /// Whether everything fits.
    pub news: Notice,
    /// What the accounts of each kind hold.
    pub totals: Table,
    /// What does not fit, as programs say it: for those who repair it.
    pub findings: Vec<String>,
}

impl LedgerPage {
    fn of(page: PageFrame, report: &LedgerReport) -> LedgerPage {
        let words = page.words;
        let columns = vec![
            Column::new(words.ledger_kind()),
            Column::numeric(words.ledger_count()),
            Column::numeric(words.ledger_sum()),
        ];
        let totals = report.totals.iter().fold(Table::new(words.ledger_title(), columns), |table, total| {
            let kind = words.by_code("ledger-kind", &total.kind, &[]).unwrap_or_else(|| total.kind.clone());
            let amount = words::money(words, total.amount);
            table.row(vec![Cell::text(kind), Cell::number(words.integer(total.accounts)), Cell::number(amount)])
        });
        let news = match report.findings.len() {
            0 => Notice::new(Tone::Good, words.ledger_fine())
                .detail(words.ledger_fine_detail(report.transfers, report.postings)),
            count => Notice::new(Tone::Bad, words.ledger_wrong(count)),
        };
        let findings = report.findings.iter().map(|finding| format!("{finding:?}")).collect();
        LedgerPage { news, totals, findings, page: page.titled(words.ledger_title()) }
    }
}

pub(super) async fn show(State(app): State<App>, SignedIn(actor): SignedIn, visit: Visit) -> Result<Response, Failure> {
    actor.require(Permission::SeeOperations)?;
    let report = app::ledger::check(&app).await?;
    Ok(render::page(&LedgerPage::of(PageFrame::of(&visit), &report)))
}

#[cfg(test)]
impl crate::samples::Samples for LedgerPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        use app::ledger::LedgerTotal;
        use domain::ids::{Id as _, TransferId};
        use domain::ledger::Finding;
        use domain::money::{Currency, Money};
        let amount = Money::new(-14_028, Currency::USD);
        let totals = vec![LedgerTotal { kind: "cash".to_owned(), amount, accounts: 1 }];
        let fine = LedgerReport { transfers: 1, postings: 2, totals, findings: Vec::new() };
        let finding = Finding::Lines { transfer: TransferId::from_u128(1), count: 1 };
        let wrong = LedgerReport { findings: vec![finding], ..fine.clone() };
        vec![LedgerPage::of(page.clone(), &fine), LedgerPage::of(page, &wrong)]
    }
}
