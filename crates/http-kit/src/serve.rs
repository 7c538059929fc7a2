//! Puts routes and layers together: the one place where their order is decided.

use std::time::Duration;

use app::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::TimeoutLayer;

use crate::failure::{PageRenderer, render};
use crate::limits::{Limits, MOST_BODY_BYTES, Rates, limit};
use crate::proxies::{Proxies, Proxy, find_client};
use crate::routes::Routes;
use crate::{csrf, headers, idempotency, identify, observe, visit};

/// What the doors bring.
pub struct Doors {
    /// Pages and API.
    pub routes: Routes,
    /// How a problem looks as a page.
    pub page: PageRenderer,
    /// How often somebody may ask.
    pub rates: Rates,
    /// Our own proxies, whose word on the address of a client is taken.
    pub proxies: Vec<Proxy>,
}

/// The whole service. From outside in: find the client's address, name and log the request, add headers, compress, catch panics, find out who
/// asks and for which page, render problems, limit, refuse cross-site writes, and only then the route.
pub fn assemble(app: App, doors: Doors) -> Router {
    let limits = Limits::new(doors.rates);
    let layers = ServiceBuilder::new()
        .layer(from_fn_with_state(Proxies::new(&doors.proxies), find_client))
        .layer(from_fn_with_state(app.clone(), observe::observe))
        .layer(from_fn_with_state(app.clone(), headers::secure))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(app.clone(), visit::anonymous))
        .layer(from_fn_with_state((app.clone(), doors.page), render))
        .layer(CatchPanicLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_secs(60)))
        .layer(from_fn_with_state(app.clone(), identify::identify))
        .layer(from_fn_with_state(app.clone(), visit::visit))
        .layer(from_fn_with_state((app.clone(), doors.page), render))
        .layer(from_fn_with_state(limits, limit))
        .layer(CsrfLayer::new())
        .layer(from_fn(csrf::require_origin))
        .layer(from_fn_with_state(app.clone(), idempotency::once))
        .layer(DefaultBodyLimit::max(MOST_BODY_BYTES));
    doors.routes.into_router().layer(layers).with_state(app)
}
