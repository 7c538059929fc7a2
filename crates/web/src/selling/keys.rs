//! The keys of an address: the present one and the one before, and those of other types of interface.

use app::selling::bound_keys;
use app::{App, AppError};
use askama::Template;
use askama::filters::HtmlSafe;
use axum::extract::State;
use axum::response::Response;
use domain::identity::Actor;
use domain::ids::InterfaceAddressId;
use domain::outcome::FieldProblem;
use domain::selling::{BoundKey, InterfaceAddress, InterfaceType};
use domain::time::Timestamp;
use http_kit::{At, Failure, SignedIn, Visit};
use language::Words;

use super::address;
use super::dial_tests::May;
use crate::form::{Choice, Form};
use crate::frame::PageFrame;
use crate::parts::{Cell, Column, Notice, Table, Tone};
use crate::render;

/// Above the forms of keys on the address page.
#[derive(Clone, Debug, Template)]
#[template(path = "selling/keys.html")]
pub struct KeysSection {
    words: &'static Words,
    /// The address.
    id: String,
    /// The key before, while it lives.
    retiring: Option<Notice>,
    /// Every type with its key.
    table: Table,
    /// Whether the person may end the key before.
    retires: bool,
}

impl HtmlSafe for KeysSection {}

impl KeysSection {
    pub(super) fn new(
        words: &'static Words,
        address: &InterfaceAddress,
        bound: &[BoundKey],
        (now, may): (Timestamp, May),
    ) -> KeysSection {
        let retiring = address.retiring_at(now).map(|key| {
            let until = words.date_time(key.until);
            Notice::new(Tone::Info, words.bound_retiring(key.key_hint.masked()))
                .detail(words.bound_retiring_note(until))
        });
        let columns = vec![
            Column::new(words.bound_type()),
            Column::new(words.selling_address_key()),
            Column::new(words.selling_address_key_set()),
        ];
        let basic = vec![
            Cell::Pair(type_name(words, InterfaceType::Basic).to_owned(), words.bound_type_basic_note().to_owned()),
            Cell::text(address.key_hint.masked()),
            Cell::Time(address.key_set_at.to_string(), words.date_time(address.key_set_at)),
        ];
        let others = InterfaceType::ALL.into_iter().filter(|one| *one != InterfaceType::Basic);
        let table = others.fold(Table::new(words.bound_title(), columns).row(basic), |table, one| {
            let name = Cell::text(type_name(words, one));
            match bound.iter().find(|key| key.interface_type == one) {
                Some(key) => table.row(vec![
                    name,
                    Cell::text(key.key_hint.masked()),
                    Cell::Time(key.key_set_at.to_string(), words.date_time(key.key_set_at)),
                ]),
                None => table.row(vec![name, Cell::text(words.bound_none()), Cell::text("–")]),
            }
        });
        let retires = retiring.is_some() && may == May::Run;
        KeysSection { words, id: address.id.to_string(), retiring, table, retires }
    }
}

pub(super) fn type_name(words: &'static Words, interface_type: InterfaceType) -> &'static str {
    match interface_type {
        InterfaceType::Basic => words.bound_type_basic(),
        InterfaceType::JointOperations => words.bound_type_joint_operations(),
        InterfaceType::LicenceCode => words.bound_type_licence_code(),
        InterfaceType::OrderNotice => words.bound_type_order_notice(),
    }
}

/// The types as answers.
pub(super) fn types(words: &'static Words) -> Vec<Choice> {
    InterfaceType::ALL.map(|one| Choice::new(one.code(), type_name(words, one))).into()
}

/// What a form says about the type; the basic one when it says nothing. A misspelt one must not touch the basic key.
pub(super) fn type_of(form: &Form) -> Result<InterfaceType, AppError> {
    match form.value("interface_type") {
        "" => Ok(InterfaceType::Basic),
        code => code.parse().map_err(|_| AppError::field(FieldProblem::new("interface_type", "not_in_list"))),
    }
}

/// The section for a person who looks at the address.
pub(super) async fn section(
    app: &App,
    actor: &Actor,
    words: &'static Words,
    address: &InterfaceAddress,
) -> Result<KeysSection, Failure> {
    let bound = bound_keys(app, actor, address.id).await?;
    Ok(KeysSection::new(words, address, &bound, (app.now(), May::of(actor))))
}

/// `POST /seller/addresses/{id}/retire-key`.
pub(super) async fn retire(
    State(app): State<App>,
    visit: Visit,
    SignedIn(actor): SignedIn,
    At(id): At<InterfaceAddressId>,
) -> Result<Response, Failure> {
    match app.retire_access_key(&actor, id).await {
        Ok(_) => Ok(render::see_other(&format!("/seller/addresses/{id}?said=retired#key"))),
        // The button has no field for a password: it is asked for on a page of its own.
        Err(error) if error.code() == "fresh_sign_in_needed" => Err(error.into()),
        Err(error) => {
            let frame = PageFrame::of(&visit);
            let form = Form::new(frame.words);
            address::again(&app, &actor, frame, id, form, error).await
        }
    }
}

#[cfg(test)]
pub(super) fn sample_sections(words: &'static Words, address: &InterfaceAddress) -> Vec<KeysSection> {
    use domain::selling::{KeyHint, RetiringKey};
    let key_hint = KeyHint::of_key("kg-test-access-key-0000");
    let until = address.created_at;
    let retiring = Some(RetiringKey { sealed_key: "sealed".to_owned(), key_hint: key_hint.clone(), until });
    let rotating = InterfaceAddress { retiring, ..address.clone() };
    let (interface_type, sealed_key) = (InterfaceType::OrderNotice, "sealed".to_owned());
    let bound = BoundKey { interface_type, sealed_key, key_hint, key_set_at: address.created_at };
    let before = Timestamp::UNIX_EPOCH;
    vec![
        KeysSection::new(words, address, &[], (before, May::Look)),
        KeysSection::new(words, &rotating, &[bound], (before, May::Run)),
    ]
}
