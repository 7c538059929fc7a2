//! Products, for sellers: the list, the release form with its checklist; and the operator's review.

mod draft;
mod labels;
mod list;
mod report;
mod review;
mod review_queue;
mod section;

pub use draft::DraftPage;
pub use list::ProductList;
pub use report::ReportPart;
pub use review::ReviewPage;
pub use review_queue::ReviewQueue;
pub use section::SectionPage;

use http_kit::{Routes, route};

/// What a browser sends of a form.
type Pairs = Vec<(String, String)>;

/// The routes of this slice.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .with(route!(GET "/seller/products" => list::show))
        .with(route!(POST "/seller/products" => list::begin))
        .with(route!(GET "/seller/products/{id}" => draft::show))
        .with(route!(GET "/seller/products/{id}/preview" => draft::preview))
        .with(route!(GET "/seller/products/{id}/report" => report::file))
        .with(route!(POST "/seller/products/{id}/report" => report::attach))
        .with(route!(POST "/seller/products/{id}/report/remove" => report::remove))
        .with(route!(POST "/seller/products/{id}/submit" => draft::submit))
        .with(route!(POST "/seller/products/{id}/delete" => draft::delete))
        .with(route!(POST "/seller/products/{id}/show-or-hide" => draft::visibility))
        .with(route!(POST "/seller/products/{id}/discontinue" => draft::discontinue))
        .with(route!(POST "/seller/releases/{id}/withdraw" => draft::withdraw))
        .with(route!(GET "/seller/products/{id}/{section}" => section::show))
        .with(route!(POST "/seller/products/{id}/{section}" => section::save))
        .with(route!(POST "/seller/products/{id}/{section}/draft" => section::autosave))
        .with(route!(POST "/seller/products/{id}/logo" => section::logo))
        .with(route!(POST "/seller/products/{id}/logo/remove" => section::remove_logo))
        .with(route!(POST "/seller/products/{id}/specifications/add" => section::add_specification))
        .with(route!(POST "/seller/products/{id}/specifications/{specification}/save" => section::save_specification))
        .with(route!(POST "/seller/products/{id}/specifications/{specification}/autosave" => section::autosave_specification))
        .with(route!(POST "/seller/products/{id}/specifications/{specification}/remove" => section::remove_specification))
        .with(route!(GET "/operator/releases" => review_queue::show))
        .with(route!(GET "/operator/releases/{id}" => review::show))
        .with(route!(GET "/operator/releases/{id}/report" => report::release_file))
        .with(route!(POST "/operator/releases/{id}/claim" => review::claim))
        .with(route!(POST "/operator/releases/{id}/unclaim" => review::unclaim))
        .with(route!(POST "/operator/releases/{id}/decide" => review::decide))
        .with(route!(POST "/operator/products/{id}/freeze" => review::freeze))
        .with(route!(POST "/operator/products/{id}/unfreeze" => review::unfreeze))
}

/// The sentence after a redirect, by its short code.
fn with_said(mut frame: crate::frame::PageFrame) -> crate::frame::PageFrame {
    let words = frame.words;
    let query = frame.path.split_once('?').map_or("", |(_, query)| query);
    frame.said = match crate::frame::form_value(query, "said").as_deref() {
        Some("saved") => Some(words.catalog_saved().to_owned()),
        Some("deleted") => Some(words.catalog_deleted().to_owned()),
        Some("withdrawn") => Some(words.catalog_withdrawn().to_owned()),
        Some("changed") => Some(words.catalog_changed().to_owned()),
        Some("report-attached") => Some(words.report_attached().to_owned()),
        Some("report-removed") => Some(words.report_removed().to_owned()),
        Some("approved") => Some(words.review_approved().to_owned()),
        Some("returned") => Some(words.review_returned().to_owned()),
        Some(_) | None => None,
    };
    frame
}
