//! `/operator/balances`: customers with their balances; one with its movements and the form that tops it up.

use app::App;
use app::ledger::{Statement, TopUp};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::identity::{Actor, Permission};
use domain::ids::OrganisationId;
use http_kit::{At, Failure, ProblemView, SignedIn, Visit};
use serde::Deserialize;

use super::balance::{self, Place};
use super::list::ListPage;
use super::words;
use crate::form::Form;
use crate::frame::PageFrame;
use crate::parts::{Cell, Column, Empty, Paging, Table};
use crate::render;

/// What is looked for.
#[derive(Deserialize)]
pub(super) struct Wanted {
    q: Option<String>,
}

pub(super) async fn list(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let part = wanted.q.unwrap_or_default();
    let found = app::ledger::customers(&app, &actor, &part).await?;
    let page = PageFrame::of(&visit);
    let words = page.words;
    let columns = vec![Column::new(words.customers_name()), Column::numeric(words.customers_balance())];
    let table = found.iter().fold(Table::new(words.customers_title(), columns), |table, row| {
        table.row(vec![
            Cell::link(&row.organisation.name, format!("/operator/balances/{}", row.organisation.id)),
            Cell::number(words::money(words, row.balance)),
        ])
    });
    let list = ListPage {
        lead: words.customers_lead().to_owned(),
        facts: None,
        search: Some((
            Form::new(words).with("q", &part),
            words.customers_search().to_owned(),
            words.customers_find().to_owned(),
        )),
        tabs: None,
        table,
        empty: Empty::filtered(words.customers_empty_title(), words.customers_empty_text())
            .action(words.customers_all(), "/operator/balances"),
        paging: Paging { words, newer: None, older: None },
        page: page.titled(words.customers_title()),
    };
    Ok(render::page(&list))
}

/// `GET /operator/balances/{id}`.
#[derive(Clone, Debug, Template)]
#[template(path = "ordering/customer.html")]
pub struct CustomerPage {
    /// Around it.
    pub page: PageFrame,
    /// The path of this page.
    pub path: String,
    /// What the balance is.
    pub balance: String,
    /// The form that tops it up; absent for those who may only look.
    pub form: Option<Form>,
    /// The currency of the market.
    pub currency: String,
    /// The name of this top-up, so that a double click adds once.
    pub key: String,
    /// Every movement.
    pub table: Table,
    /// Older movements.
    pub paging: Paging,
}

impl CustomerPage {
    fn empty(&self) -> Empty {
        Empty::new(self.page.words.balance_empty_title(), self.page.words.balance_empty_text())
    }

    async fn load(
        app: &App,
        actor: &Actor,
        frame: PageFrame,
        id: OrganisationId,
        (before, form, key): (Option<i64>, Form, String),
    ) -> Result<CustomerPage, Failure> {
        let (organisation, statement): (_, Statement) = app::ledger::customer(app, actor, id, before).await?;
        let words = frame.words;
        let path = format!("/operator/balances/{id}");
        Ok(CustomerPage {
            balance: words::money(words, statement.balance),
            currency: app.settings.site.currency.code().to_owned(),
            table: balance::lines(words, &statement.lines),
            paging: Paging {
                words,
                newer: None,
                older: statement.older.map(|before| format!("{path}?before={before}")),
            },
            page: frame.below(words.customers_title(), "/operator/balances").titled(organisation.name).with_form(&form),
            form: actor.may(Permission::ManageMoney).then_some(form),
            path,
            key,
        })
    }
}

fn new_key(app: &App) -> String {
    app.id::<domain::ids::TransferId>().to_string()
}

pub(super) async fn show(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At(id): At<OrganisationId>,
    Query(place): Query<Place>,
) -> Result<Response, Failure> {
    let frame = PageFrame::of(&visit);
    let form = Form::new(frame.words);
    Ok(render::page(&CustomerPage::load(&app, &actor, frame, id, (place.before, form, new_key(&app))).await?))
}

pub(super) async fn top_up(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    visit: Visit,
    At(organisation): At<OrganisationId>,
    axum::Form(pairs): axum::Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let mut frame = PageFrame::of(&visit);
    let words = frame.words;
    let form = Form::typed(words, pairs);
    let ask = TopUp {
        organisation,
        amount: form.value("amount").to_owned(),
        note: form.value("note").to_owned(),
        key: form.value("key").to_owned(),
    };
    match ask.run(&app, &actor).await {
        Ok(done) => {
            frame.said =
                Some(words.customer_topped_up(words::money(words, done.amount), words::money(words, done.balance)));
            let page = CustomerPage::load(&app, &actor, frame, organisation, (None, Form::new(words), new_key(&app)));
            Ok(render::page(&page.await?))
        }
        Err(error) => {
            let problem = ProblemView::of(&error, words);
            let key = form.value("key").to_owned();
            let form = match &error {
                app::AppError::Invalid(problems) => form.with_problems(problems),
                app::AppError::Refused(refusal) if problem.status != StatusCode::FORBIDDEN => {
                    form.with_refusal(refusal)
                }
                _ => return Err(error.into()),
            };
            let page = CustomerPage::load(&app, &actor, frame, organisation, (None, form, key)).await?;
            Ok(render::page_with(problem.status, &page))
        }
    }
}

#[cfg(test)]
impl crate::samples::Samples for CustomerPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        use domain::outcome::{FieldProblem, Problems};
        let words = page.words;
        let columns = || vec![Column::new(words.balance_what()), Column::numeric(words.balance_amount())];
        let wrong =
            Problems::one(FieldProblem::new("amount", "top_up_amount").with("decimals", 2).with("currency", "USD"));
        let form = Form::new(words).with("note", "<script>").with_problems(&wrong);
        let bare = CustomerPage {
            page: page.titled("Kestrel <script>"),
            path: "/operator/balances/org_1".to_owned(),
            balance: "USD 0.00".to_owned(),
            form: None,
            currency: "USD".to_owned(),
            key: "tfr_1".to_owned(),
            table: Table::new(words.balance_lines(), columns()),
            paging: Paging { words, newer: None, older: None },
        };
        let row = vec![
            Cell::Pair(words.balance_purpose_top_up().to_owned(), "<script>".to_owned()),
            Cell::number("USD 1.00"),
        ];
        let full = CustomerPage {
            form: Some(form),
            table: Table::new(words.balance_lines(), columns()).row(row),
            ..bare.clone()
        };
        vec![bare, full]
    }
}
