//! `/seller/addresses/{id}`: one address, its key, its policy, and which cases it needs.

use app::App;
use app::selling::addresses::{self, AddressView};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::identity::Actor;
use domain::ids::InterfaceAddressId;
use domain::selling::{EncryptType, OrderNotices, ProductInfoForm, ProtocolVersion};
use http_kit::{At, CalledFrom, Failure, SignedIn, Visit};

use super::dial_tests::{self, DialSection};
use super::keys::{self, KeysSection};
use super::proof::{self, DomainSection};
use super::{matrix, modes, policies, protocols, with_said};
use crate::form::{Choice, Field, Form};
use crate::frame::PageFrame;
use crate::identity::{answer, entry, fresh, prove_in_form, refused};
use crate::parts::{Cell, Copy, Facts, Table};
use crate::render;

type Pairs = Vec<(String, String)>;

/// `GET /seller/addresses/{id}`.
#[derive(Clone, Debug, Template)]
#[template(path = "selling/address.html")]
pub struct AddressPage {
    /// Around it.
    pub page: PageFrame,
    /// The id.
    pub id: String,
    /// What is known of it.
    pub facts: Facts,
    /// The key in clear, just after it was asked for.
    pub revealed: Option<String>,
    /// Which cases each billing mode needs.
    pub matrix: Table,
    /// Whether the domain is proven; nothing when the address may not be called any more.
    pub domain: Option<DomainSection>,
    /// How the dial tests went.
    pub dial: DialSection,
    /// The keys.
    pub keys: KeysSection,
    /// Which version of the protocol it speaks.
    pub protocol: ProtocolVersion,
    /// The forms: key, password, policy.
    pub form: Form,
    /// The password, where it has to be given again: for showing and for replacing.
    pub passwords: Option<(Field, Field)>,
}

impl AddressPage {
    fn new(frame: PageFrame, seen: &Seen, form: Form, proof: Proof, revealed: Option<String>) -> AddressPage {
        let words = frame.words;
        let Seen { view, dial, domain, keys } = seen;
        let address = &view.address;
        let facts = Facts::new()
            .fact(words.selling_address_url(), Cell::Exact(address.url.clone(), words.selling_copy_url().to_owned()))
            .fact(words.selling_address_protocol(), Cell::text(address.protocol.name()))
            .fact(words.selling_address_key(), Cell::text(address.key_hint.masked()))
            .fact(words.selling_address_key_set(), Cell::text(words.date_time(address.key_set_at)))
            .fact(words.selling_address_added_at(), Cell::text(words.date_time(address.created_at)))
            .fact(words.selling_address_ready(), Cell::text(modes(words, &view.ready_for())));
        let form = if form.value("interface_type").is_empty() { form.with("interface_type", "basic") } else { form };
        let form =
            if form.value("body_sign").is_empty() { form.with("body_sign", address.body_sign.code()) } else { form };
        let form =
            if form.value("protocol").is_empty() { form.with("protocol", address.protocol.code()) } else { form };
        let notices = address.order_notices.code();
        let form = if form.value("order_notices").is_empty() { form.with("order_notices", notices) } else { form };
        let encrypt = address.encrypt_type.code();
        let form = if form.value("encrypt_type").is_empty() { form.with("encrypt_type", encrypt) } else { form };
        let product = address.product_info.code();
        let form = if form.value("product_info").is_empty() { form.with("product_info", product) } else { form };
        let passwords = (proof == Proof::Needed).then(|| {
            let show = form.clone().prefixed("show");
            (entry::password(&show).medium(), entry::password(&form).medium())
        });
        let page = frame.below(words.selling_addresses_title(), "/seller/addresses");
        AddressPage {
            page: page.titled(words.selling_address_title()).with_form(&form),
            id: address.id.to_string(),
            facts,
            revealed,
            matrix: matrix(words, view),
            dial: dial.clone(),
            domain: domain.clone(),
            keys: keys.clone(),
            protocol: address.protocol,
            form,
            passwords,
        }
    }

    fn policies(&self) -> Vec<Choice> {
        policies(self.page.words)
    }

    fn protocols(&self) -> Vec<Choice> {
        protocols(self.page.words)
    }

    /// Notices of orders need a debugged case, and version 1.0 has no such call.
    fn takes_notices(&self) -> bool {
        match self.protocol {
            ProtocolVersion::V1 => false,
            ProtocolVersion::V2 => true,
        }
    }

    /// Fields are encrypted in version 1.0 alone.
    fn encrypts(&self) -> bool {
        match self.protocol {
            ProtocolVersion::V1 => true,
            ProtocolVersion::V2 => false,
        }
    }

    fn encrypt_types(&self) -> Vec<Choice> {
        let words = self.page.words;
        let choice = |kind: EncryptType| match kind {
            EncryptType::Aes256 => Choice::new(kind.code(), words.wire_form_aes256()),
            EncryptType::Aes128 => Choice::new(kind.code(), words.wire_form_aes128()),
        };
        EncryptType::ALL.map(choice).into()
    }

    fn product_info_forms(&self) -> Vec<Choice> {
        let words = self.page.words;
        let choice = |form: ProductInfoForm| match form {
            ProductInfoForm::Text => {
                Choice::new(form.code(), words.wire_form_text()).with_note(words.wire_form_text_note())
            }
            ProductInfoForm::Object => {
                Choice::new(form.code(), words.wire_form_object()).with_note(words.wire_form_object_note())
            }
        };
        ProductInfoForm::ALL.map(choice).into()
    }

    fn notices(&self) -> Vec<Choice> {
        let words = self.page.words;
        let choice = |notices: OrderNotices| match notices {
            OrderNotices::Off => Choice::new(notices.code(), words.selling_notices_off()),
            OrderNotices::On => {
                Choice::new(notices.code(), words.selling_notices_on()).with_note(words.selling_notices_on_note())
            }
        };
        OrderNotices::ALL.map(choice).into()
    }

    fn types(&self) -> Vec<Choice> {
        keys::types(self.page.words)
    }

    fn show_form(&self) -> Form {
        self.form.clone().prefixed("show")
    }

    fn copy(&self, key: &str) -> Copy {
        Copy::new(key, self.page.words.selling_copy_key())
    }
}

/// What the page shows of an address.
struct Seen {
    view: AddressView,
    dial: DialSection,
    domain: Option<DomainSection>,
    keys: KeysSection,
}

async fn seen(app: &App, actor: &Actor, frame: &PageFrame, id: InterfaceAddressId) -> Result<Seen, Failure> {
    let view = addresses::find(app, actor, id).await?;
    let dial = dial_tests::section(app, actor, frame.words, id).await?;
    let domain = proof::section(app, actor, frame.words, id).await?;
    let keys = keys::section(app, actor, frame.words, &view.address).await?;
    Ok(Seen { view, dial, domain, keys })
}

/// Whether the password has to be given for what concerns the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Proof {
    /// It was given a moment ago.
    Given,
    /// It must be given.
    Needed,
}

fn proof(app: &App, actor: &Actor) -> Proof {
    if fresh(app, actor) { Proof::Given } else { Proof::Needed }
}

pub(super) async fn show(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    At(id): At<InterfaceAddressId>,
) -> Result<Response, Failure> {
    let frame = with_said(PageFrame::of(&visit));
    let seen = seen(&app, &actor, &frame, id).await?;
    let form = Form::new(frame.words);
    Ok(render::page(&AddressPage::new(frame, &seen, form, proof(&app, &actor), None)))
}

pub(super) async fn reveal(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    CalledFrom(caller): CalledFrom,
    At(id): At<InterfaceAddressId>,
    axum::Form(pairs): axum::Form<Pairs>,
) -> Result<Response, Failure> {
    let frame = PageFrame::of(&visit);
    let form = Form::typed(frame.words, pairs);
    let shown = match (keys::type_of(&form), prove_in_form(&app, &actor, &caller, &form).await) {
        (Ok(of), Ok(actor)) => app.reveal_bound_key(&actor, id, of).await,
        (_, Err(error)) | (Err(error), Ok(_)) => Err(error),
    };
    match shown {
        Ok(key) => {
            let seen = seen(&app, &actor, &frame, id).await?;
            let form = Form::new(frame.words);
            let page = AddressPage::new(frame, &seen, form, Proof::Given, Some(key));
            Ok(render::secret_page(&page, &format!("/seller/addresses/{id}")))
        }
        Err(error) => again(&app, &actor, frame, id, form, error).await,
    }
}

pub(super) async fn replace(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    CalledFrom(caller): CalledFrom,
    At(id): At<InterfaceAddressId>,
    axum::Form(pairs): axum::Form<Pairs>,
) -> Result<Response, Failure> {
    let frame = PageFrame::of(&visit);
    let form = Form::typed(frame.words, pairs);
    let done = match (keys::type_of(&form), prove_in_form(&app, &actor, &caller, &form).await) {
        (Ok(of), Ok(actor)) => app.bind_access_key(&actor, id, of, form.value("access_key")).await,
        (_, Err(error)) | (Err(error), Ok(_)) => Err(error),
    };
    match done {
        Ok(()) => Ok(render::see_other(&format!("/seller/addresses/{id}?said=replaced"))),
        Err(error) => again(&app, &actor, frame, id, form, error).await,
    }
}

pub(super) async fn set_policy(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    At(id): At<InterfaceAddressId>,
    axum::Form(pairs): axum::Form<Pairs>,
) -> Result<Response, Failure> {
    let frame = PageFrame::of(&visit);
    let form = Form::typed(frame.words, pairs);
    match app.set_body_sign_policy(&actor, id, form.value("body_sign")).await {
        Ok(()) => Ok(render::see_other(&format!("/seller/addresses/{id}?said=policy"))),
        Err(error) => again(&app, &actor, frame, id, form, error).await,
    }
}

pub(super) async fn set_protocol(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    At(id): At<InterfaceAddressId>,
    axum::Form(pairs): axum::Form<Pairs>,
) -> Result<Response, Failure> {
    let frame = PageFrame::of(&visit);
    let form = Form::typed(frame.words, pairs);
    match app.set_protocol(&actor, id, form.value("protocol")).await {
        Ok(()) => Ok(render::see_other(&format!("/seller/addresses/{id}?said=protocol"))),
        Err(error) => again(&app, &actor, frame, id, form, error).await,
    }
}

pub(super) async fn set_notices(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    At(id): At<InterfaceAddressId>,
    axum::Form(pairs): axum::Form<Pairs>,
) -> Result<Response, Failure> {
    let frame = PageFrame::of(&visit);
    let form = Form::typed(frame.words, pairs);
    match app.set_order_notices(&actor, id, form.value("order_notices")).await {
        Ok(()) => Ok(render::see_other(&format!("/seller/addresses/{id}?said=notices"))),
        Err(error) => again(&app, &actor, frame, id, form, error).await,
    }
}

pub(super) async fn set_encrypt_type(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    At(id): At<InterfaceAddressId>,
    axum::Form(pairs): axum::Form<Pairs>,
) -> Result<Response, Failure> {
    let frame = PageFrame::of(&visit);
    let form = Form::typed(frame.words, pairs);
    match app.set_encrypt_type(&actor, id, form.value("encrypt_type")).await {
        Ok(()) => Ok(render::see_other(&format!("/seller/addresses/{id}?said=wire-form"))),
        Err(error) => again(&app, &actor, frame, id, form, error).await,
    }
}

pub(super) async fn set_product_info(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    At(id): At<InterfaceAddressId>,
    axum::Form(pairs): axum::Form<Pairs>,
) -> Result<Response, Failure> {
    let frame = PageFrame::of(&visit);
    let form = Form::typed(frame.words, pairs);
    match app.set_product_info(&actor, id, form.value("product_info")).await {
        Ok(()) => Ok(render::see_other(&format!("/seller/addresses/{id}?said=wire-form"))),
        Err(error) => again(&app, &actor, frame, id, form, error).await,
    }
}

/// The page with what was wrong.
pub(super) async fn again(
    app: &App,
    actor: &Actor,
    frame: PageFrame,
    id: InterfaceAddressId,
    form: Form,
    error: app::AppError,
) -> Result<Response, Failure> {
    let (status, form, wait) = refused(form, error)?;
    let seen = seen(app, actor, &frame, id).await?;
    Ok(answer(status, wait, &AddressPage::new(frame, &seen, form, proof(app, actor), None)))
}

#[cfg(test)]
impl crate::samples::Samples for AddressPage {
    fn samples(page: PageFrame) -> Vec<Self> {
        use domain::outcome::{FieldProblem, Problems};
        let sections = dial_tests::sample_sections(page.words);
        let keys = keys::sample_sections(page.words, &super::sample_view().address);
        let sections = sections
            .into_iter()
            .zip(proof::sample_sections(page.words).into_iter().cycle())
            .zip(keys.into_iter().cycle());
        let seen = |((dial, domain), keys)| Seen { view: super::sample_view(), dial, domain, keys };
        let mut seen: Vec<Seen> = sections.map(seen).collect();
        seen[1].view = super::sample_view_one();
        let form = Form::new(page.words);
        let problem = FieldProblem::new("access_key", "access_key_length").with("count", 3);
        let wrong = form.clone().with("access_key", "<script>").with_problems(&Problems::one(problem));
        vec![
            AddressPage::new(page.clone(), &seen[0], form.clone(), Proof::Needed, None),
            AddressPage::new(page.clone(), &seen[1], form, Proof::Given, Some("kg-<script>-0001".to_owned())),
            AddressPage::new(page.clone(), &seen[1], wrong, Proof::Needed, None),
            AddressPage::new(page.clone(), &seen[2], Form::new(page.words), Proof::Given, None),
        ]
    }
}
