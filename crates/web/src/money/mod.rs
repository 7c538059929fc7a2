//! Prepaid balances: a customer's own, the operator's view of all, topping up, and the ledger's check.
//!
//! *What is not here.* Paying for an order (the order's own page).

mod balance;
mod customers;
mod ledger;
mod lines;

pub use balance::BalancePage;
pub use customers::{CustomerPage, CustomersPage};
pub use ledger::LedgerPage;

use domain::money::Money;
use http_kit::{Routes, route};
use language::Words;

/// The routes.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .with(route!(GET "/my/balance" => balance::show))
        .with(route!(GET "/operator/balances" => customers::list))
        .with(route!(GET "/operator/balances/{organisation}" => customers::show))
        .with(route!(POST "/operator/balances/{organisation}" => customers::top_up))
        .with(route!(GET "/operator/ledger" => ledger::show))
}

/// An amount as people read it.
pub(crate) fn amount(words: &Words, money: Money) -> String {
    words.money(money.currency().code(), money.minor(), money.currency().decimals())
}
