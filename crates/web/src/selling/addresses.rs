//! `/seller/addresses`: the production addresses of a seller, and the form for a new one.

use app::App;
use app::selling::addresses::{self, AddAddress, AddressView};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::selling::ProtocolVersion;
use http_kit::{Failure, SignedIn, Visit};

use super::{modes, policies, protocols, with_said};
use crate::form::{Choice, Form};
use crate::frame::PageFrame;
use crate::identity::{answer, refused};
use crate::parts::{Cell, Column, Empty, Table};
use crate::render;

/// `GET /seller/addresses`.
#[derive(Clone, Debug, Template)]
#[template(path = "selling/addresses.html")]
pub struct AddressesPage {
    /// Around it.
    pub page: PageFrame,
    /// The addresses, the oldest first.
    pub table: Table,
    /// The form for a new one.
    pub form: Form,
    /// The ports that an address may have, as a person reads them.
    pub ports: String,
}

impl AddressesPage {
    fn new(app: &App, frame: PageFrame, views: &[AddressView], form: Form) -> AddressesPage {
        AddressesPage::with_ports(frame, views, form, app.settings.selling.url_rules().ports_said())
    }

    fn with_ports(frame: PageFrame, views: &[AddressView], form: Form, ports: String) -> AddressesPage {
        let words = frame.words;
        let columns = vec![
            Column::new(words.selling_address_url()),
            Column::numeric(words.selling_address_cases()),
            Column::new(words.selling_address_ready()),
            Column::new(words.selling_address_debug()),
        ];
        let table = views.iter().fold(Table::new(words.selling_addresses_title(), columns), |table, view| {
            let id = view.address.id;
            let key = words.selling_debugger_key(view.address.protocol.name(), view.address.key_hint.masked());
            table.row(vec![
                Cell::LinkPair(view.address.url.clone(), format!("/seller/addresses/{id}"), key),
                Cell::number(view.cases.len()),
                Cell::text(modes(words, &view.ready_for())),
                Cell::link(words.selling_address_debug(), format!("/seller/debugger/{id}")),
            ])
        });
        AddressesPage { page: frame.titled(words.selling_addresses_title()).with_form(&form), table, form, ports }
    }

    fn nothing(&self) -> Empty {
        Empty::new(self.page.words.selling_addresses_empty_title(), self.page.words.selling_addresses_empty_text())
    }

    fn policies(&self) -> Vec<Choice> {
        let words = self.page.words;
        let default = Choice::new(BY_PROTOCOL, words.selling_policy_default());
        std::iter::once(default.with_note(words.selling_policy_default_note())).chain(policies(words)).collect()
    }

    fn protocols(&self) -> Vec<Choice> {
        protocols(self.page.words)
    }
}

/// The choice that leaves it to the protocol how strictly answers must be signed.
const BY_PROTOCOL: &str = "by_protocol";

fn empty(frame: &PageFrame) -> Form {
    Form::new(frame.words).with("protocol", ProtocolVersion::default().code()).with("body_sign", BY_PROTOCOL)
}

pub(super) async fn show(State(app): State<App>, visit: Visit, SignedIn(actor): SignedIn) -> Result<Response, Failure> {
    let views = addresses::list(&app, &actor).await?;
    let frame = with_said(PageFrame::of(&visit));
    let form = empty(&frame);
    Ok(render::page(&AddressesPage::new(&app, frame, &views, form)))
}

pub(super) async fn add(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    axum::Form(pairs): axum::Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let frame = PageFrame::of(&visit);
    let form = Form::typed(frame.words, pairs);
    let ask = AddAddress {
        url: form.value("url").to_owned(),
        access_key: form.value("access_key").to_owned(),
        protocol: form.value("protocol").to_owned(),
        body_sign: match form.value("body_sign") {
            BY_PROTOCOL => String::new(),
            typed => typed.to_owned(),
        },
    };
    match app.add_interface_address(&actor, ask).await {
        Ok(address) => Ok(render::see_other(&format!("/seller/addresses/{}?said=added", address.id))),
        Err(error) => {
            let (status, form, wait) = refused(form, error)?;
            let views = addresses::list(&app, &actor).await?;
            Ok(answer(status, wait, &AddressesPage::new(&app, frame, &views, form)))
        }
    }
}

#[cfg(test)]
impl crate::samples::Samples for AddressesPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        use domain::outcome::{FieldProblem, Problems};
        let wrong = empty(&page)
            .with("url", "http://<script>")
            .with_problems(&Problems::one(FieldProblem::new("url", "url_not_https")));
        let form = empty(&page);
        let views = [super::sample_view(), super::sample_view_one()];
        let with = |views, form| AddressesPage::with_ports(page.clone(), views, form, "443, 8443".to_owned());
        vec![with(&[], form), with(&views, wrong)]
    }
}
