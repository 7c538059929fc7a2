//! Products: the seller's draft and submission, the operator's review, what customers see and search.
//!
//! *What is promised.* A draft keeps what was typed. The checklist that a seller sees is the one that submission asks.
//! Saved debugging cases are called once more, with no transaction open, before anything is submitted. What is on sale
//! changes only by an approved application.
//!
//! *What is not here.* Prices of one purchase (`app::pricing`), debugging (`app::selling`), orders.

mod attach_report;
mod change_listing;
mod description;
mod drafts;
mod feed_index;
mod import_listing;
mod releases;
mod review;
mod search_products;
mod show_product;
mod upload_logo;

use domain::catalog::{ApplicationError, ChangedElsewhere, ProductError};
use domain::outcome::{Refusal, RefusalKind};

use crate::AppError;
use crate::jobs::Handler;

pub use ports::MOST_REPORT_BYTES;

pub use attach_report::{
    AttachedReport, KeyUse, ReportReading, attach_report, draft_report, draft_report_file, release_report,
    release_report_file, remove_report, report_too_large,
};
pub use change_listing::{discontinue_product, freeze_product, set_product_visibility, unfreeze_product};
pub use description::{Rendered, render_markdown};
pub use drafts::{
    AddressChoice, DraftView, ProductRow, Saved, add_specification, begin_draft, delete_draft, list_products,
    remove_specification, save_fields, save_section, save_specification, show_draft,
};
pub(crate) use feed_index::nudge;
pub use feed_index::{IndexFeed, document_of};
pub use import_listing::{Listing, ListingSpecification, import_listing};
pub(crate) use releases::billing_of;
pub use releases::{ReleaseView, list_releases, show_release, submit_release, withdraw_release};
pub use review::{
    QueueRow, ReviewView, approve_release, claim_release, reject_release, review_queue, show_review, unclaim_release,
};
pub use search_products::{market_size, search_products, suggest_products};
pub use show_product::{PlanView, ProductView, preview_product, price_from, show_product, show_product_by_id};
pub use upload_logo::{MOST_LOGO_BYTES, logo_bytes, remove_logo, upload_logo};

/// What an operator chooses about products.
#[derive(Clone, Debug)]
pub struct CatalogSettings {
    /// By how many working days the operator promises a decision (functions.md 3.5).
    pub review_working_days: u32,
    /// A report of the debugging kit that is older is named old, in days.
    pub report_fresh_days: u32,
    /// How often the search index asks the tables for changes, in milliseconds.
    pub index_every_ms: u64,
}

impl Default for CatalogSettings {
    fn default() -> CatalogSettings {
        CatalogSettings {
            review_working_days: domain::catalog::ReleaseApplication::REVIEW_WORKING_DAYS,
            report_fresh_days: 30,
            index_every_ms: 500,
        }
    }
}

impl From<ProductError> for AppError {
    fn from(error: ProductError) -> AppError {
        Refusal::from(error).into()
    }
}

impl From<ApplicationError> for AppError {
    fn from(error: ApplicationError) -> AppError {
        Refusal::from(error).into()
    }
}

impl From<ChangedElsewhere> for AppError {
    fn from(_: ChangedElsewhere) -> AppError {
        Refusal::new(RefusalKind::Conflict, "draft_changed_elsewhere").into()
    }
}

impl From<ports::SearchFailure> for AppError {
    fn from(error: ports::SearchFailure) -> AppError {
        AppError::Unavailable(error.to_string())
    }
}

pub(crate) fn handlers() -> Vec<Box<dyn Handler>> {
    Vec::new()
}
