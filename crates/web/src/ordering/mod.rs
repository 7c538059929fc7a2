//! Orders, apps and balances for buyers; orders and calls for sellers; money and parked calls for the operator.
//!
//! Handlers translate between pages and use cases. A refused form comes back as it was typed; acts of one button go over
//! `/account/confirm` when the password is needed, and back.

mod apps;
mod balance;
mod calls;
mod checkout;
mod customers;
mod ledger;
mod list;
mod messages;
mod orders;
mod sold;
mod words;

pub use apps::AppPage;
pub use calls::CallPage;
pub use checkout::CheckoutPage;
pub use customers::CustomerPage;
pub use ledger::LedgerPage;
pub use list::ListPage;
pub use messages::MessagesPage;
pub use orders::OrderPage;

use http_kit::{Routes, route};

/// The routes of this slice.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .with(route!(GET "/checkout" => checkout::show))
        .with(route!(POST "/checkout" => checkout::act))
        .with(route!(GET "/my/orders" => orders::list))
        .with(route!(GET "/my/orders/{number}" => orders::show))
        .with(route!(POST "/my/orders/{number}/pay" => orders::pay))
        .with(route!(POST "/my/orders/{number}/cancel" => orders::cancel))
        .with(route!(GET "/my/apps" => apps::list))
        .with(route!(GET "/my/apps/{id}" => apps::show))
        .with(route!(GET "/my/apps/{id}/password" => apps::back))
        .with(route!(POST "/my/apps/{id}/password" => apps::reveal))
        .with(route!(POST "/my/apps/{id}/refresh" => apps::refresh))
        .with(route!(GET "/my/balance" => balance::show))
        .with(route!(GET "/seller/orders" => sold::list))
        .with(route!(GET "/seller/orders/{number}" => sold::show))
        .with(route!(GET "/seller/messages" => calls::list))
        .with(route!(GET "/seller/messages/{id}" => calls::show))
        .with(route!(POST "/seller/messages/{id}/restart" => calls::restart))
        .with(route!(GET "/operator/orders" => sold::all))
        .with(route!(GET "/operator/orders/{number}" => sold::operated))
        .with(route!(GET "/operator/calls" => calls::parked))
        .with(route!(GET "/operator/calls/{id}" => calls::operated))
        .with(route!(POST "/operator/calls/{id}/restart" => calls::restart_any))
        .with(route!(POST "/operator/calls/{id}/give-up" => calls::give_up))
        .with(route!(GET "/operator/balances" => customers::list))
        .with(route!(GET "/operator/balances/{id}" => customers::show))
        .with(route!(POST "/operator/balances/{id}" => customers::top_up))
        .with(route!(GET "/operator/ledger" => ledger::show))
}
