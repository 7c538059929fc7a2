//! `/operator/balances`: customers with what they have; one customer with its lines and the form to top up.

use app::App;
use app::ledger::{Statement, TopUp, customer, customers};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::identity::{Actor, Organisation, Permission};
use domain::ids::OrganisationId;
use domain::outcome::Outcome;
use http_kit::{Failure, SignedIn, Visit};
use serde::Deserialize;

use super::{amount, lines};
use crate::form::Form;
use crate::frame::{PageFrame, form_value};
use crate::identity::{Pairs, answer, refused};
use crate::parts::{Cell, Column, Empty, Paging, Table};
use crate::render;

/// `GET /operator/balances`.
#[derive(Clone, Debug, Template)]
#[template(path = "money/customers.html")]
pub struct CustomersPage {
    /// Around it.
    pub page: PageFrame,
    /// Part of a name that was asked for.
    pub part: String,
    /// Customers by name.
    pub table: Table,
}

/// `GET /operator/balances/{organisation}`.
#[derive(Clone, Debug, Template)]
#[template(path = "money/customer.html")]
pub struct CustomerPage {
    /// Around it.
    pub page: PageFrame,
    /// Whose balance.
    pub organisation: Organisation,
    /// What there is.
    pub balance: String,
    /// The lines, newest first.
    pub table: Table,
    /// Where older ones are.
    pub paging: Paging,
    /// The form to top up, for those who may.
    pub form: Option<Form>,
    /// The currency of all balances.
    pub currency: String,
}

/// Whom to look for.
#[derive(Deserialize)]
pub(crate) struct Asked {
    part: Option<String>,
}

/// Where to go on.
#[derive(Deserialize)]
pub(crate) struct Place {
    before: Option<i64>,
}

impl CustomersPage {
    fn nothing(&self) -> Empty {
        let words = self.page.words;
        if self.part.is_empty() {
            Empty::new(words.money_no_customers_title(), words.money_no_customers_body())
        } else {
            Empty::filtered(words.money_none_found_title(), words.money_none_found_body())
                .action(words.money_all_customers(), "/operator/balances")
        }
    }
}

pub(super) async fn list(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let part = asked.part.unwrap_or_default();
    let found = customers(&app, &actor, part.trim()).await?;
    let frame = PageFrame::of(&visit);
    let words = frame.words;
    let columns = vec![
        Column::new(words.money_customer()),
        Column::new(words.money_since()),
        Column::numeric(words.money_balance_title()),
    ];
    let table = found.into_iter().fold(Table::new(words.money_customers_title(), columns), |table, row| {
        table.row(vec![
            Cell::link(&row.organisation.name, format!("/operator/balances/{}", row.organisation.id)),
            Cell::text(words.date(row.organisation.created_at)),
            Cell::number(amount(words, row.balance)),
        ])
    });
    Ok(render::page(&CustomersPage { page: frame.titled(words.money_customers_title()), part, table }))
}

impl CustomerPage {
    fn of(
        frame: PageFrame,
        actor: &Actor,
        (organisation, statement): (Organisation, Statement),
        form: Form,
    ) -> CustomerPage {
        let words = frame.words;
        let older = statement.older.map(|number| format!("/operator/balances/{}?before={number}", organisation.id));
        CustomerPage {
            balance: amount(words, statement.balance),
            currency: statement.balance.currency().code().to_owned(),
            table: lines::table(words, &statement),
            paging: Paging { words, newer: None, older },
            page: frame
                .below(words.money_customers_title(), "/operator/balances")
                .titled(&organisation.name)
                .with_form(&form),
            form: actor.may(Permission::ManageMoney).then_some(form),
            organisation,
        }
    }
}

pub(super) async fn show(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
    Query(place): Query<Place>,
) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let found = customer(&app, &actor, id, place.before).await?;
    let mut frame = PageFrame::of(&visit);
    let words = frame.words;
    if form_value(frame.path.split_once('?').map_or("", |(_, query)| query), "said").as_deref() == Some("topped-up") {
        frame.said = Some(words.money_topped_up(&amount(words, found.1.balance)));
    }
    // The key makes a second click, or the same form sent again, the same top-up.
    let form = Form::new(words).with("key", URL_SAFE_NO_PAD.encode(app.random::<16>()));
    Ok(render::page(&CustomerPage::of(frame, &actor, found, form)))
}

pub(super) async fn top_up(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    Path(id): Path<String>,
    axum::Form(pairs): axum::Form<Pairs>,
) -> Result<Response, Failure> {
    let organisation = read_id(&id)?;
    let frame = PageFrame::of(&visit);
    let form = Form::typed(frame.words, pairs);
    let value = |name: &str| form.value(name).to_owned();
    let ask = TopUp { organisation, amount: value("amount"), note: value("note"), key: value("key") };
    match ask.run(&app, &actor).await {
        Ok(done) => match done.outcome {
            Outcome::Applied(()) | Outcome::AlreadyApplied => {
                Ok(render::see_other(&format!("/operator/balances/{organisation}?said=topped-up")))
            }
        },
        Err(error) => {
            let (status, form, wait) = refused(form, error)?;
            let found = customer(&app, &actor, organisation, None).await?;
            Ok(answer(status, wait, &CustomerPage::of(frame, &actor, found, form)))
        }
    }
}

fn read_id(text: &str) -> Result<OrganisationId, Failure> {
    Ok(text.parse().map_err(|_| app::AppError::NotFound("customer"))?)
}

#[cfg(test)]
impl crate::samples::Samples for CustomersPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        let page = page.titled("Balances");
        let empty = Table::new("Balances", vec![Column::new("Customer")]);
        let full = empty.clone().row(vec![Cell::link("Kestrel <script>", "/operator/balances/org_1")]);
        vec![
            CustomersPage { page: page.clone(), part: String::new(), table: empty.clone() },
            CustomersPage { page: page.clone(), part: "<script>".to_owned(), table: empty },
            CustomersPage { page, part: "kest".to_owned(), table: full },
        ]
    }
}

#[cfg(test)]
impl crate::samples::Samples for CustomerPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        use domain::identity::OrganisationKind;
        use domain::ids::Id as _;
        use domain::outcome::{FieldProblem, Problems};
        let form = Form::new(page.words)
            .with("amount", "0.001 <script>")
            .with("key", "k")
            .with_problems(&Problems::one(FieldProblem::new("note", "required")));
        let sample = |form| CustomerPage {
            page: page.clone().titled("Kestrel Freight"),
            organisation: Organisation {
                id: OrganisationId::from_u128(1),
                kind: OrganisationKind::Customer,
                name: "Kestrel <script>".to_owned(),
                created_at: domain::time::Timestamp::UNIX_EPOCH,
            },
            balance: "USD 12.00".to_owned(),
            currency: "USD".to_owned(),
            table: Table::new("Lines", vec![Column::new("When")]),
            paging: Paging { words: page.words, newer: None, older: None },
            form,
        };
        vec![sample(Some(form)), sample(None)]
    }
}
