//! `/seller/products`: the seller's products, and beginning a new one.

use app::App;
use app::catalog::{ProductRow, begin_draft, list_products};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::catalog::DeliveryMethod;
use domain::identity::Permission;
use http_kit::{Failure, SignedIn, Visit};

use super::{labels, with_said};
use crate::frame::PageFrame;
use crate::parts::{Empty, Status};
use crate::render;

/// `GET /seller/products`.
#[derive(Clone, Debug, Template)]
#[template(path = "catalog/list.html")]
pub struct ProductList {
    /// Around it.
    pub page: PageFrame,
    /// The products.
    pub rows: Vec<Row>,
    /// Whether the person may begin one.
    pub begins: bool,
}

/// One product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its draft.
    pub href: String,
    /// Its name.
    pub name: String,
    /// The version typed.
    pub version: String,
    /// Where it stands.
    pub states: Vec<Status>,
    /// When it was saved.
    pub saved: String,
    /// Its page in the market.
    pub market: Option<String>,
}

impl ProductList {
    fn new(page: PageFrame, rows: &[ProductRow], now: domain::time::Timestamp) -> ProductList {
        let words = page.words;
        let row = |row: &ProductRow| Row {
            href: format!("/seller/products/{}", row.product.id),
            name: labels::name(words, &row.product),
            version: row.product.draft.get(domain::catalog::Field::Version).to_owned(),
            states: labels::state(words, row),
            saved: words.relative(row.product.draft_saved_at, now),
            market: row
                .product
                .slug
                .as_ref()
                .filter(|_| row.product.state.reachable())
                .map(|slug| format!("/products/{slug}")),
        };
        ProductList {
            begins: true,
            rows: rows.iter().map(row).collect(),
            page: page.titled(words.catalog_products_title()),
        }
    }

    fn nothing(&self) -> Empty {
        Empty::new(self.page.words.catalog_products_empty_title(), self.page.words.catalog_products_empty_text())
    }
}

pub(super) async fn show(State(app): State<App>, SignedIn(actor): SignedIn, visit: Visit) -> Result<Response, Failure> {
    let rows = list_products(&app, &actor).await?;
    let page = ProductList::new(with_said(PageFrame::of(&visit)), &rows, app.now());
    Ok(render::page(&ProductList { begins: actor.may(Permission::ManageProducts), ..page }))
}

pub(super) async fn begin(State(app): State<App>, SignedIn(actor): SignedIn) -> Result<Response, Failure> {
    let id = begin_draft(&app, &actor, DeliveryMethod::Saas).await?;
    Ok(render::see_other(&format!("/seller/products/{id}")))
}

#[cfg(test)]
impl crate::samples::Samples for ProductList {
    fn samples(page: PageFrame) -> Vec<Self> {
        let rows = [super::draft::sample_view().product].map(|product| ProductRow { product, application: None });
        let now = domain::time::Timestamp::UNIX_EPOCH;
        vec![ProductList::new(page.clone(), &rows, now), ProductList::new(page, &[], now)]
    }
}
