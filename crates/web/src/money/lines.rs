//! The lines of a balance as a table: when, why, how much, and what it held afterwards.

use app::ledger::Statement;
use domain::ledger::Purpose;
use domain::money::Money;
use language::Words;

use super::amount;
use crate::parts::{Cell, Column, Table};

/// One table for the customer and for the operator.
pub(super) fn table(words: &'static Words, statement: &Statement) -> Table {
    let columns = vec![
        Column::new(words.money_when()),
        Column::new(words.money_why()),
        Column::numeric(words.money_amount()),
        Column::numeric(words.money_after()),
    ];
    statement.lines.iter().fold(Table::new(words.money_lines(), columns), |table, line| {
        table.row(vec![
            Cell::Time(line.at.to_string(), words.date_time(line.at)),
            Cell::Pair(purpose(words, &line.purpose).to_owned(), line.note.clone()),
            Cell::number(signed(words, line.amount)),
            Cell::number(amount(words, line.balance_after)),
        ])
    })
}

fn purpose(words: &Words, purpose: &Purpose) -> &'static str {
    match purpose {
        Purpose::TopUp { .. } => words.money_purpose_top_up(),
        Purpose::Charge { .. } => words.money_purpose_charge(),
        Purpose::Refund { .. } => words.money_purpose_refund(),
    }
}

/// With its sign, so that what came and what went is seen without colour.
fn signed(words: &Words, money: Money) -> String {
    let text = amount(words, money);
    if money.minor() > 0 { format!("+{text}") } else { text }
}
