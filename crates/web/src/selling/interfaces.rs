//! `/operator/interfaces`: sellers' interfaces that fail. Products that dial tests stopped, addresses that fail them now,
//! products with too many failed orders in a month; and `/operator/interfaces/{id}`: one product, with what to decide.

use app::App;
use app::selling::dial_tests::{FailingAddress, StoppedProduct, failing_addresses, stopped_products};
use app::selling::failing::{ProductInterface, RaisedProduct, product_interface, raised_products};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::catalog::{Product, ProductState};
use domain::identity::{Actor, Permission};
use domain::ids::ProductId;
use domain::outcome::FieldProblem;
use domain::selling::{DialResult, DialTest, FailedOrders, FailedOrdersDecision};
use http_kit::{At, Failure, SignedIn, Visit};
use language::Words;

use super::dial_tests::result;
use super::in_query;
use crate::form::Form;
use crate::frame::PageFrame;
use crate::identity::{answer, refused};
use crate::parts::{Cell, Check, Checks, Column, Empty, Facts, Status, Table, Verdict};
use crate::render;

type Pairs = Vec<(String, String)>;

/// `GET /operator/interfaces`.
#[derive(Clone, Debug, Template)]
#[template(path = "selling/interfaces.html")]
pub struct InterfacesPage {
    /// Around it.
    pub page: PageFrame,
    /// Too many failed orders.
    pub raised: Table,
    /// Stopped by dial tests.
    pub stopped: Table,
    /// Failing dial tests now.
    pub failing: Table,
}

impl InterfacesPage {
    fn new(
        frame: PageFrame,
        raised: &[RaisedProduct],
        stopped: &[StoppedProduct],
        failing: &[FailingAddress],
    ) -> InterfacesPage {
        let words = frame.words;
        InterfacesPage {
            raised: raised_table(words, raised),
            stopped: stopped_table(words, stopped),
            failing: failing_table(words, failing),
            page: frame.titled(words.failing_title()),
        }
    }

    fn nothing(&self) -> Option<Empty> {
        let words = self.page.words;
        let none = [&self.raised, &self.stopped, &self.failing].into_iter().all(Table::without_rows);
        none.then(|| Empty::new(words.failing_empty_title(), words.failing_empty_text()))
    }
}

fn name(words: &Words, product: &Product) -> String {
    product
        .release
        .as_ref()
        .map_or_else(|| product.id.to_string(), |release| release.name.say(words.language()).to_owned())
}

/// A product with a link to what is known of its interface, and its seller.
fn product(words: &Words, product: &Product, seller: &str) -> Cell {
    Cell::LinkPair(name(words, product), format!("/operator/interfaces/{}", product.id), seller.to_owned())
}

fn raised_table(words: &'static Words, raised: &[RaisedProduct]) -> Table {
    let columns = vec![
        Column::new(words.failing_product()),
        Column::new(words.failing_month()),
        Column::numeric(words.failing_orders()),
        Column::new(words.failing_since()),
    ];
    raised.iter().fold(Table::new(words.failing_raised_title(), columns), |table, one| {
        let since =
            one.orders.raised_at.map_or_else(|| Cell::text("–"), |at| Cell::Time(at.to_string(), words.date_time(at)));
        table.row(vec![
            product(words, &one.product, &one.seller_name),
            Cell::text(one.orders.month),
            Cell::number(one.orders.failed),
            since,
        ])
    })
}

fn stopped_table(words: &'static Words, stopped: &[StoppedProduct]) -> Table {
    let columns = vec![
        Column::new(words.failing_product()),
        Column::new(words.failing_stopped_since()),
        Column::new(words.failing_last()),
    ];
    stopped.iter().fold(Table::new(words.failing_stopped_title(), columns), |table, one| {
        let last = match (one.mended_at, &one.last) {
            (Some(_), _) => Cell::Status(Status::good(words.failing_mended())),
            (None, Some(test)) => Cell::Status(result(words, test)),
            (None, None) => Cell::text("–"),
        };
        table.row(vec![
            product(words, &one.product, &one.seller_name),
            Cell::Time(one.since.to_string(), words.date_time(one.since)),
            last,
        ])
    })
}

fn failing_table(words: &'static Words, failing: &[FailingAddress]) -> Table {
    let columns = vec![
        Column::new(words.failing_product()),
        Column::new(words.failing_last()),
        Column::numeric(words.failing_days()),
    ];
    let rows = failing.iter().flat_map(|one| one.products.iter().map(move |sold| (one, sold)));
    rows.fold(Table::new(words.failing_now_title(), columns), |table, (one, sold)| {
        table.row(vec![
            product(words, sold, &one.seller_name),
            Cell::Status(result(words, &one.last)),
            Cell::number(one.days),
        ])
    })
}

pub(super) async fn list(State(app): State<App>, visit: Visit, SignedIn(actor): SignedIn) -> Result<Response, Failure> {
    let raised = raised_products(&app, &actor).await?;
    let stopped = stopped_products(&app, &actor).await?;
    let failing = failing_addresses(&app, &actor).await?;
    let frame = with_said(PageFrame::of(&visit));
    Ok(render::page(&InterfacesPage::new(frame, &raised, &stopped, &failing)))
}

fn with_said(mut frame: PageFrame) -> PageFrame {
    let words = frame.words;
    frame.said = match in_query(&frame, "said").as_deref() {
        Some("allowed") => Some(words.failing_allowed().to_owned()),
        Some("keep") => Some(words.failing_kept().to_owned()),
        Some("remove") => Some(words.failing_removed().to_owned()),
        Some(_) | None => None,
    };
    frame
}

/// `GET /operator/interfaces/{id}`.
#[derive(Clone, Debug, Template)]
#[template(path = "selling/interface.html")]
pub struct InterfacePage {
    /// Around it.
    pub page: PageFrame,
    /// The product's id.
    pub id: String,
    /// What is known.
    pub facts: Facts,
    /// Why the last dial test failed.
    pub reasons: Option<Checks>,
    /// The last dial tests.
    pub tests: Table,
    /// The months in which orders failed.
    pub months: Table,
    /// The failed orders of the latest of them.
    pub orders: Table,
    /// The form with the reason; nothing for who may only look.
    pub form: Option<Form>,
    /// Whether trade can be allowed again, and what is said about it.
    pub allow: Option<&'static str>,
    /// Whether failed orders wait for a decision.
    pub keeps: bool,
    /// Whether it can be taken from sale.
    pub removes: bool,
}

impl InterfacePage {
    fn new(frame: PageFrame, view: &ProductInterface, actor: &Actor, form: Form) -> InterfacePage {
        let words = frame.words;
        let decides = actor.may(Permission::ReviewProducts);
        let allow = view.stopped().map(|_| match view.mended_at {
            Some(_) => words.failing_allow_mended(),
            None => words.failing_allow_unproven(),
        });
        let sold = matches!(view.product.state, ProductState::Listed { .. } | ProductState::Frozen { .. });
        let last = view.tests.first().filter(|test| test.result() == DialResult::Failed);
        let form = decides.then_some(form);
        let page = frame.below(words.failing_title(), "/operator/interfaces").titled(name(words, &view.product));
        InterfacePage {
            id: view.product.id.to_string(),
            facts: facts(words, view),
            reasons: last.map(|test| reasons(words, test)),
            tests: tests(words, &view.tests),
            months: months(words, &view.months),
            orders: orders(words, view),
            allow: allow.filter(|_| decides),
            keeps: view.raised().is_some(),
            removes: sold,
            page: match &form {
                Some(form) => page.with_form(form),
                None => page,
            },
            form,
        }
    }
}

fn facts(words: &'static Words, view: &ProductInterface) -> Facts {
    let state = match view.product.state {
        ProductState::Listed { .. } => Status::good(words.catalog_state_listed()),
        ProductState::Frozen { .. } => Status::warn(words.catalog_state_frozen()),
        ProductState::Discontinued { .. } => Status::plain(words.catalog_state_discontinued()),
        ProductState::Draft | ProductState::InReview => Status::plain(words.catalog_state_draft()),
    };
    let mut facts = Facts::new()
        .fact(words.failing_seller(), Cell::text(&view.seller_name))
        .fact(words.failing_state(), Cell::Status(state));
    if let Some(at) = view.stopped() {
        facts = facts.fact(words.failing_stopped_since(), Cell::Time(at.to_string(), words.date_time(at)));
    }
    if let Some(at) = view.mended_at {
        facts = facts.fact(words.failing_mended(), Cell::Time(at.to_string(), words.date_time(at)));
    }
    if let Some(removed) = &view.removed {
        let when = words.failing_decided_remove(words.date_time(removed.at));
        facts = facts.fact(words.failing_decision(), Cell::Pair(when, removed.reason.clone()));
    }
    if let Some(url) = &view.url {
        facts = facts.fact(words.selling_address_url(), Cell::text(url));
    }
    facts.fact(words.failing_days(), Cell::number(view.days))
}

/// Why each case failed. Operators do not run sellers' cases, so nothing is linked.
fn reasons(words: &'static Words, test: &DialTest) -> Checks {
    let check = |case: &domain::selling::FailingCase| {
        let called = case.name.as_deref().unwrap_or(&case.activity);
        Check::new(Verdict::Fail, words.failing_case(called, case.reason.say(words.language())))
    };
    Checks::new(words, test.failing.iter().map(check).collect())
}

fn tests(words: &'static Words, tests: &[DialTest]) -> Table {
    let columns = vec![Column::new(words.dial_when()), Column::new(words.dial_result())];
    tests.iter().fold(Table::new(words.dial_title(), columns), |table, test| {
        let when = Cell::Time(test.tested_at.to_string(), words.date_time(test.tested_at));
        table.row(vec![when, Cell::Status(result(words, test))])
    })
}

fn months(words: &'static Words, months: &[FailedOrders]) -> Table {
    let columns = vec![
        Column::new(words.failing_month()),
        Column::numeric(words.failing_orders()),
        Column::new(words.failing_decision()),
    ];
    months.iter().fold(Table::new(words.failing_months_title(), columns), |table, month| {
        let decision = match (&month.decided, month.raised_at) {
            (Some((decision, at, _, reason)), _) => {
                let done = match decision {
                    FailedOrdersDecision::Keep => words.failing_decided_keep(words.date_time(*at)),
                    FailedOrdersDecision::Remove => words.failing_decided_remove(words.date_time(*at)),
                };
                Cell::Pair(done, reason.clone())
            }
            (None, Some(_)) => Cell::Status(Status::warn(words.failing_waits())),
            (None, None) => Cell::text("–"),
        };
        table.row(vec![Cell::text(month.month), Cell::number(month.failed), decision])
    })
}

fn orders(words: &'static Words, view: &ProductInterface) -> Table {
    let columns = vec![Column::new(words.orders_number()), Column::new(words.failing_ordered())];
    view.orders.iter().fold(Table::new(words.failing_orders_title(), columns), |table, order| {
        let link = Cell::link(&order.number, format!("/operator/orders/{}", order.number));
        table.row(vec![link, Cell::Time(order.placed_at.to_string(), words.date_time(order.placed_at))])
    })
}

pub(super) async fn show(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    At(id): At<ProductId>,
) -> Result<Response, Failure> {
    let view = product_interface(&app, &actor, id).await?;
    let frame = with_said(PageFrame::of(&visit));
    let form = Form::new(frame.words);
    Ok(render::page(&InterfacePage::new(frame, &view, &actor, form)))
}

/// `POST /operator/interfaces/{id}`: allow trade again, keep on sale, take from sale.
pub(super) async fn decide(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    At(id): At<ProductId>,
    axum::Form(pairs): axum::Form<Pairs>,
) -> Result<Response, Failure> {
    let frame = PageFrame::of(&visit);
    let form = Form::typed(frame.words, pairs);
    let done = match form.value("decision") {
        "allow" => app::catalog::unfreeze_product(&app, &actor, id).await.map(|_| "allowed"),
        code => match code.parse::<FailedOrdersDecision>() {
            Ok(decision) => {
                let decided = app.decide_failing_product(&actor, id, decision, form.value("reason")).await;
                decided.map(|_| decision.code())
            }
            Err(()) => Err(app::AppError::field(FieldProblem::new("decision", "not_in_list"))),
        },
    };
    match done {
        Ok(said) => Ok(render::see_other(&format!("/operator/interfaces/{id}?said={said}"))),
        Err(error) => {
            let (status, form, wait) = refused(form, error)?;
            let view = product_interface(&app, &actor, id).await?;
            Ok(answer(status, wait, &InterfacePage::new(frame, &view, &actor, form)))
        }
    }
}

#[cfg(test)]
mod samples {
    use app::selling::failing::Removal;
    use domain::catalog::{DeliveryMethod, FreezeReason, Visibility};
    use domain::identity::{Credential, OrganisationKind, Role};
    use domain::ids::{Id as _, OrganisationId, SessionId, UserId};
    use domain::outcome::Problems;
    use domain::selling::Month;
    use domain::time::Timestamp;

    use super::*;

    fn at() -> Timestamp {
        "2026-05-14T13:28:00Z".parse().expect("an instant")
    }

    fn stopped_product() -> Product {
        let mut product =
            Product::begin(ProductId::from_u128(1), OrganisationId::from_u128(2), DeliveryMethod::Saas, at());
        product.release = Some(crate::storefront_samples::release());
        let (listed_at, visibility) = (at(), Visibility::Public);
        product.state =
            ProductState::Frozen { listed_at, visibility, frozen_at: at(), because: FreezeReason::DialTests };
        product
    }

    fn month(decided: Option<FailedOrdersDecision>) -> FailedOrders {
        FailedOrders {
            product: ProductId::from_u128(1),
            seller: OrganisationId::from_u128(2),
            month: Month::of("2026-05-14".parse().expect("a day")),
            failed: 6,
            raised_at: Some(at()),
            decided: decided.map(|one| (one, at(), UserId::from_u128(3), "Mended <script>.".to_owned())),
        }
    }

    impl crate::samples::Samples for InterfacesPage {
        fn samples(page: PageFrame) -> Vec<Self> {
            let seller_name = || "Brightwell <script>".to_owned();
            let test = super::super::dial_tests::sample_test(false);
            let raised = RaisedProduct { orders: month(None), product: stopped_product(), seller_name: seller_name() };
            let stopped = StoppedProduct {
                product: stopped_product(),
                seller_name: seller_name(),
                since: at(),
                last: Some(test.clone()),
                mended_at: None,
            };
            let failing = FailingAddress {
                last: test,
                url: "https://saas.example.com/<script>".to_owned(),
                seller_name: seller_name(),
                products: vec![stopped_product()],
                days: 3,
            };
            vec![
                InterfacesPage::new(page.clone(), &[], &[], &[]),
                InterfacesPage::new(page, &[raised], &[stopped], &[failing]),
            ]
        }
    }

    impl crate::samples::Samples for InterfacePage {
        fn samples(page: PageFrame) -> Vec<Self> {
            let actor = Actor {
                user: UserId::from_u128(3),
                user_name: "Op".to_owned(),
                organisation: OrganisationId::from_u128(4),
                organisation_name: "Harbour".to_owned(),
                kind: OrganisationKind::Operator,
                role: Role::Administrator,
                language: page.language(),
                credential: Credential::Session { id: SessionId::from_u128(5), proven_at: at() },
            };
            let view = ProductInterface {
                product: stopped_product(),
                seller_name: "Brightwell <script>".to_owned(),
                url: Some("https://saas.example.com/<script>".to_owned()),
                tests: vec![super::super::dial_tests::sample_test(false)],
                days: 5,
                mended_at: Some(at()),
                months: vec![month(None), month(Some(FailedOrdersDecision::Keep))],
                orders: Vec::new(),
                removed: None,
            };
            let reason = "Nobody answers <script>".to_owned();
            let removal = Removal { product: view.product.id, at: at(), by: UserId::from_u128(3), reason };
            let bare = ProductInterface {
                tests: Vec::new(),
                months: Vec::new(),
                mended_at: None,
                removed: Some(removal),
                ..view.clone()
            };
            let form = Form::new(page.words);
            let problem = FieldProblem::new("reason", "too_short").with("least", 10).with("count", 3);
            let wrong = form.clone().with("reason", "<script>").with_problems(&Problems::one(problem));
            vec![InterfacePage::new(page.clone(), &view, &actor, form), InterfacePage::new(page, &bare, &actor, wrong)]
        }
    }
}
