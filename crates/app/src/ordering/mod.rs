//! Use cases of ordering: placing, paying and cancelling orders; the apps that a buyer has.
//!
//! *What is promised.* One order per buyer and client key, for ever. Money is taken and given back in the transaction that
//! changes the order. What follows an order is a job (`fulfilment`).

mod access;
mod cancel_order;
mod checkout;
mod look_at_apps;
mod look_at_orders;
mod outcome;
mod pay_order;
mod place_order;
mod reveal_password;
mod time_out;
mod timeline;

pub use access::AccessView;
pub(crate) use access::{AccessData, seal as seal_access};
pub use cancel_order::CancelOrder;
pub use checkout::{Checkout, checkout};
pub use look_at_apps::{AppDetails, AppRow, my_app, my_apps};
pub use look_at_orders::{
    OrderDetails, OrderPage, all_orders, my_order, my_orders, operated_order, sold_order, sold_orders,
};
pub(crate) use outcome::{arguments as order_arguments, complete, fail};
pub use pay_order::PayOrder;
pub use place_order::PlaceOrder;
pub use reveal_password::{RevealPassword, RevealedPassword};
pub use timeline::{Collapsed, TimelineEntry};

use domain::time::SignedDuration;

use crate::jobs::Handler;

/// What an operator chooses about ordering.
#[derive(Clone, Debug)]
pub struct OrderingSettings {
    /// How long an unpaid order waits.
    pub pending_for: SignedDuration,
    /// How fresh a sign-in must be to see a first password (security.md S-23).
    pub reveal_window: SignedDuration,
}

impl Default for OrderingSettings {
    fn default() -> OrderingSettings {
        OrderingSettings { pending_for: SignedDuration::from_hours(24), reveal_window: SignedDuration::from_mins(5) }
    }
}

pub(crate) fn handlers() -> Vec<Box<dyn Handler>> {
    vec![Box::new(time_out::TimeOut)]
}
