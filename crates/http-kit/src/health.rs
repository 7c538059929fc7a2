//! Whether the process lives (`/healthz`) and whether it may be given requests (`/readyz`).

use app::App;
use axum::extract::State;
use axum::http::StatusCode;

use crate::{Routes, route};

/// The two routes.
pub fn routes() -> Routes {
    Routes::new().with(route!(GET "/healthz" => alive)).with(route!(GET "/readyz" => ready))
}

async fn alive() -> &'static str {
    "alive\n"
}

/// Ready when the tables answer. While a node drains it stops listening, so there is no third state.
async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    match app::operations::tables_answer(&app).await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the tables do not answer\n"),
    }
}
