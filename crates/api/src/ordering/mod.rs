//! The ordering resources of the API: checkout, orders, apps, the balance and its top-ups.

mod apps;
mod calls;
mod money;
mod orders;

use app::ordering::TimelineEntry;
use http_kit::{Routes, route};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use crate::catalog::Amount;

/// What this slice adds to the description.
#[derive(OpenApi)]
#[openapi(paths(
    orders::checkout,
    orders::place,
    orders::list,
    orders::show,
    orders::pay,
    orders::cancel,
    orders::sold,
    orders::show_sold,
    orders::all,
    orders::show_any,
    apps::list,
    apps::show,
    apps::reveal_password,
    apps::refresh_access,
    money::balance,
    money::customers,
    money::top_up,
    calls::list,
    calls::show,
    calls::restart,
    calls::parked,
    calls::parked_one,
    calls::restart_any,
    calls::give_up
))]
pub(crate) struct Description;

/// The routes of this slice.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .with(route!(POST "/api/v1/checkout" => orders::checkout))
        .with(route!(POST "/api/v1/orders" => orders::place))
        .with(route!(GET "/api/v1/orders" => orders::list))
        .with(route!(GET "/api/v1/orders/{number}" => orders::show))
        .with(route!(POST "/api/v1/orders/{number}/pay" => orders::pay))
        .with(route!(POST "/api/v1/orders/{number}/cancel" => orders::cancel))
        .with(route!(GET "/api/v1/seller/orders" => orders::sold))
        .with(route!(GET "/api/v1/seller/orders/{number}" => orders::show_sold))
        .with(route!(GET "/api/v1/operator/orders" => orders::all))
        .with(route!(GET "/api/v1/operator/orders/{number}" => orders::show_any))
        .with(route!(GET "/api/v1/apps" => apps::list))
        .with(route!(GET "/api/v1/apps/{id}" => apps::show))
        .with(route!(POST "/api/v1/apps/{id}/reveal-password" => apps::reveal_password))
        .with(route!(POST "/api/v1/apps/{id}/refresh-access" => apps::refresh_access))
        .with(route!(GET "/api/v1/balance" => money::balance))
        .with(route!(GET "/api/v1/operator/customers" => money::customers))
        .with(route!(POST "/api/v1/operator/customers/{id}/top-ups" => money::top_up))
        .with(route!(GET "/api/v1/seller/calls" => calls::list))
        .with(route!(GET "/api/v1/seller/calls/{id}" => calls::show))
        .with(route!(POST "/api/v1/seller/calls/{id}/restart" => calls::restart))
        .with(route!(GET "/api/v1/operator/parked-calls" => calls::parked))
        .with(route!(GET "/api/v1/operator/calls/{id}" => calls::parked_one))
        .with(route!(POST "/api/v1/operator/calls/{id}/restart" => calls::restart_any))
        .with(route!(POST "/api/v1/operator/calls/{id}/give-up" => calls::give_up))
}

/// Where a list goes on.
#[derive(Deserialize, IntoParams)]
struct Page {
    /// The `next` of the page before.
    before: Option<String>,
}

/// How many items a page of a list holds.
const PAGE: u32 = 50;

/// One entry of a timeline.
#[derive(Serialize, ToSchema)]
struct TimelineBody {
    /// A stable code, such as `order_paid`, `seller_asked`, `order_completed`.
    kind: String,
    /// When, RFC 3339; of several attempts the first.
    at: String,
    /// The person of your organisation who did it, when it was one.
    person: Option<String>,
    /// What was paid or refunded.
    amount: Option<Amount>,
    /// The calls to the seller's system, for `seller_asked`.
    attempts: Option<AttemptsBody>,
}

/// Calls to a seller's system for one step.
#[derive(Serialize, ToSchema)]
struct AttemptsBody {
    /// How many there were.
    count: i64,
    /// When the last one began.
    last_at: String,
    /// When the next one is due.
    next_at: Option<String>,
}

impl From<&TimelineEntry> for TimelineBody {
    fn from(entry: &TimelineEntry) -> TimelineBody {
        let attempts = entry.attempts.as_ref().map(|attempts| AttemptsBody {
            count: attempts.count,
            last_at: attempts.last_at.to_string(),
            next_at: attempts.next_at.map(|at| at.to_string()),
        });
        TimelineBody {
            kind: entry.kind.clone(),
            at: entry.at.to_string(),
            person: entry.person.clone(),
            amount: entry.amount.map(Amount::from),
            attempts,
        }
    }
}
