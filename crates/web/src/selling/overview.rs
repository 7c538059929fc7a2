//! `/seller`: what a seller does next.

use app::App;
use app::selling::addresses::{self, AddressView};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::selling::BillingMode;
use http_kit::{Failure, SignedIn, Visit};

use super::{modes, with_said};
use crate::frame::PageFrame;
use crate::parts::{Status, TaskRow, Tasks};
use crate::render;

/// `GET /seller`.
#[derive(Clone, Debug, Template)]
#[template(path = "selling/overview.html")]
pub struct OverviewPage {
    /// Around it.
    pub page: PageFrame,
    /// What to do, in order.
    pub tasks: Tasks,
}

impl OverviewPage {
    fn new(frame: PageFrame, views: &[AddressView], on_sale: usize) -> OverviewPage {
        let words = frame.words;
        let status =
            |done: bool| if done { Status::good(words.selling_done()) } else { Status::info(words.selling_todo()) };
        let ready: Vec<BillingMode> = BillingMode::ALL
            .into_iter()
            .filter(|mode| views.iter().any(|view| view.ready_for().contains(mode)))
            .collect();
        let address = TaskRow {
            title: words.selling_overview_address().to_owned(),
            href: "/seller/addresses".to_owned(),
            fact: match views.len() {
                0 => words.selling_overview_address_none().to_owned(),
                count => words.selling_overview_address_some(count),
            },
            status: status(!views.is_empty()),
        };
        let cases = TaskRow {
            title: words.selling_overview_cases().to_owned(),
            href: "/seller/debugger".to_owned(),
            fact: match ready.is_empty() {
                true => words.selling_overview_cases_none().to_owned(),
                false => words.selling_overview_cases_some(modes(words, &ready)),
            },
            status: status(!ready.is_empty()),
        };
        let product = TaskRow {
            title: words.selling_overview_product().to_owned(),
            href: "/seller/products".to_owned(),
            fact: match on_sale {
                0 => words.selling_overview_product_fact().to_owned(),
                count => words.selling_overview_product_some(count),
            },
            status: status(on_sale > 0),
        };
        let application = TaskRow {
            title: words.selling_overview_application().to_owned(),
            href: "/seller/application".to_owned(),
            fact: words.selling_overview_application_fact().to_owned(),
            status: status(true),
        };
        let tasks = Tasks { rows: vec![address, cases, product, application] };
        OverviewPage { page: frame.titled(words.selling_overview_title()), tasks }
    }
}

pub(super) async fn show(State(app): State<App>, visit: Visit, SignedIn(actor): SignedIn) -> Result<Response, Failure> {
    let views = addresses::list(&app, &actor).await?;
    let products = app::catalog::list_products(&app, &actor).await?;
    let on_sale = products.iter().filter(|row| row.product.state.shown()).count();
    Ok(render::page(&OverviewPage::new(with_said(PageFrame::of(&visit)), &views, on_sale)))
}

#[cfg(test)]
impl crate::samples::Samples for OverviewPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        vec![OverviewPage::new(page.clone(), &[], 0), OverviewPage::new(page, &[super::sample_view()], 2)]
    }
}
