//! One log line and two measurements for each request. No query, no body, no cookie is ever logged.

use std::time::Duration;

use app::App;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use domain::ids::RequestId;
use tracing::{Instrument as _, info, info_span};

/// Names the request, runs it in a span, logs and counts it.
pub(crate) async fn observe(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let id: RequestId = app.id();
    request.extensions_mut().insert(id);
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    let span = info_span!("request", request.id = %id, method = %method, route);
    let started = std::time::Instant::now();
    let response = next.run(request).instrument(span.clone()).await;
    let elapsed = started.elapsed();
    let status = response.status().as_u16();
    let duration_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    span.in_scope(|| info!(status, duration_ms, "{method} {route} answered {status} in {duration_ms} ms"));
    count(&route, method.as_str(), status, elapsed);
    response
}

fn count(route: &str, method: &str, status: u16, elapsed: Duration) {
    let labels = [("route", route.to_owned()), ("method", method.to_owned()), ("status", status.to_string())];
    metrics::counter!("souk_http_requests_total", &labels).increment(1);
    metrics::histogram!("souk_http_request_seconds", &labels[..2]).record(elapsed.as_secs_f64());
}
