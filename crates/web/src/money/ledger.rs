//! `GET /operator/ledger`: the whole ledger recomputed, and what it says.

use app::App;
use app::ledger::{LedgerReport, check};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http_kit::{Failure, Visit};

use super::amount;
use crate::frame::PageFrame;
use crate::parts::{Cell, Column, Notice, Table, Tone};
use crate::render;

/// `GET /operator/ledger`.
#[derive(Clone, Debug, Template)]
#[template(path = "money/ledger.html")]
pub struct LedgerPage {
    /// Around it.
    pub page: PageFrame,
    /// The verdict.
    pub verdict: Notice,
    /// What accounts of each kind hold.
    pub totals: Table,
    /// What does not fit.
    pub findings: Vec<String>,
}

impl LedgerPage {
    fn of(page: PageFrame, report: &LedgerReport) -> LedgerPage {
        let words = page.words;
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let detail = words.money_ledger_counts(count(report.transfers), count(report.postings));
        let verdict = if report.findings.is_empty() {
            Notice::new(Tone::Good, words.money_ledger_balances())
        } else {
            Notice::new(Tone::Bad, words.money_ledger_broken(count(report.findings.len())))
        };
        let columns = vec![
            Column::new(words.money_ledger_kind()),
            Column::numeric(words.money_ledger_accounts()),
            Column::numeric(words.money_amount()),
        ];
        let totals = report.totals.iter().fold(Table::new(words.money_ledger_totals(), columns), |table, total| {
            let kind = words.by_code("money-ledger-kind", &total.kind, &[]).unwrap_or_else(|| total.kind.clone());
            table.row(vec![
                Cell::text(kind),
                Cell::number(words.integer(total.accounts)),
                Cell::number(amount(words, total.amount)),
            ])
        });
        LedgerPage {
            verdict: verdict.detail(detail),
            totals,
            findings: report.findings.iter().map(|finding| format!("{finding:?}")).collect(),
            page: page.titled(words.money_ledger_title()),
        }
    }
}

pub(super) async fn show(State(app): State<App>, visit: Visit) -> Result<Response, Failure> {
    let report = check(&app).await?;
    Ok(render::page(&LedgerPage::of(PageFrame::of(&visit), &report)))
}

#[cfg(test)]
impl crate::samples::Samples for LedgerPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        use app::ledger::LedgerTotal;
        use domain::ids::{Id as _, TransferId};
        use domain::ledger::Finding;
        use domain::money::{Currency, Money};
        let total =
            LedgerTotal { kind: "customer".to_owned(), amount: Money::new(120_000, Currency::USD), accounts: 3 };
        let good = LedgerReport { transfers: 12, postings: 24, totals: vec![total], findings: Vec::new() };
        let bad = LedgerReport {
            findings: vec![Finding::Unbalanced { transfer: TransferId::from_u128(1), sum: 1 }],
            ..good.clone()
        };
        vec![LedgerPage::of(page.clone(), &good), LedgerPage::of(page, &bad)]
    }
}
