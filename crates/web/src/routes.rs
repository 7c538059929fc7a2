//! Every page's route, by slice, and how a problem looks as a page.

use std::sync::Arc;

use askama::Template as _;
use http_kit::{ProblemView, Routes, Visit, route};
use serde_json::Value;

use crate::errors::ErrorPage;
use crate::frame::PageFrame;
use crate::{
    assets, catalog, developers, help, identity, metering, notices, operations, ordering, preferences, selling,
    storefront,
};

/// Every route of the pages. `description` is the OpenAPI document that the page for developers draws.
pub fn routes(description: Value) -> Routes {
    Routes::new()
        .with(developers::route_for(Arc::new(description)))
        .with(route!(GET "/assets/{name}" => assets::serve))
        .with(route!(GET "/favicon.svg" => assets::favicon))
        .with(route!(POST "/preferences" => preferences::choose))
        .with(route!(GET "/help" => help::show))
        .with(route!(GET "/notices" => notices::list))
        .with(route!(GET "/notices/{id}" => notices::follow))
        .with(route!(POST "/notices/{id}" => notices::open))
        .with(route!(POST "/notices/read" => notices::read_all))
        .and(identity::routes())
        .and(selling::routes())
        .and(storefront::routes())
        .and(catalog::routes())
        .and(ordering::routes())
        .and(metering::routes())
        .and(operations::routes())
}

/// A problem as a whole page.
pub fn problem_page(visit: &Visit, problem: &ProblemView) -> String {
    let frame = PageFrame::of(visit);
    if let Some((kept, back)) = &problem.kept {
        return identity::signed_out(frame, kept, back).render().unwrap_or_else(|_| problem.detail.clone());
    }
    let page = ErrorPage::new(
        frame,
        problem.status.as_u16(),
        problem.code,
        problem.detail.clone(),
        &visit.request_id.to_string(),
    );
    // Writing into memory cannot fail; without the page the sentence alone is shown.
    page.render().unwrap_or_else(|_| problem.detail.clone())
}
