//! Every page shows samples of itself; one test draws them all, in both languages, and checks the HTML.
//!
//! A new page gets a line in [`every_page`]; a page without one fails a test. With `SOUK_SAMPLES=FOLDER` in the
//! environment the pages are written there, to be looked at.

mod gallery;
mod html;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use askama::Template;
use domain::identity::OrganisationKind;
use domain::text::Language;

use crate::frame::{PageFrame, Person};

/// A page that can show how it looks: full, empty, with problems, and with `<script>` in every text of strangers.
pub trait Samples: Template + Sized {
    /// The samples, in the language and for the person of the frame.
    fn samples(page: PageFrame) -> Vec<Self>;
}

/// One drawn sample.
struct Drawn {
    name: String,
    html: String,
}

fn draw<P: Samples>(page: &PageFrame, drawn: &mut Vec<Drawn>) {
    let name = std::any::type_name::<P>().rsplit("::").next().unwrap_or_default();
    for (index, sample) in P::samples(page.clone()).into_iter().enumerate() {
        let html = sample.render().expect("a sample can be drawn");
        drawn.push(Drawn { name: format!("{name}-{index}"), html });
    }
}

macro_rules! pages {
    ($($page:ty),* $(,)?) => {
        fn every_page(page: &PageFrame) -> Vec<Drawn> {
            let mut drawn = Vec::new();
            $( draw::<$page>(page, &mut drawn); )*
            drawn
        }
        const REGISTERED: &[&str] = &[$(stringify!($page)),*];
    };
}

// One line a page, sorted.
pages![
    crate::catalog::DraftPage,
    crate::catalog::ProductList,
    crate::catalog::ReviewPage,
    crate::catalog::ReviewQueue,
    crate::catalog::SectionPage,
    crate::developers::ApiPage,
    crate::errors::ErrorPage,
    crate::help::Help,
    crate::home::Home,
    crate::identity::AccountPage,
    crate::identity::EntryPage,
    crate::identity::KeysPage,
    crate::identity::MembersPage,
    crate::identity::OncePage,
    crate::identity::PasswordPage,
    crate::identity::ResumePage,
    crate::identity::SessionsPage,
    crate::notices::NoticeList,
    crate::operations::JobsPage,
    crate::ordering::AppPage,
    crate::ordering::CallPage,
    crate::ordering::CheckoutPage,
    crate::ordering::CustomerPage,
    crate::ordering::LedgerPage,
    crate::ordering::ListPage,
    crate::ordering::MessagesPage,
    crate::ordering::OrderPage,
    crate::selling::AddressPage,
    crate::selling::AddressesPage,
    crate::selling::AgreementPage,
    crate::selling::ApplicationPage,
    crate::selling::CasesPage,
    crate::selling::DebuggerPage,
    crate::selling::InterfacePage,
    crate::selling::InterfacesPage,
    crate::selling::OverviewPage,
    crate::selling::QueuePage,
    crate::selling::ReviewPage,
    crate::selling::WorkPage,
    crate::storefront::ProductPage,
    crate::storefront::SearchPage,
    gallery::Gallery,
];

fn frames() -> Vec<(String, PageFrame)> {
    let mut frames = Vec::new();
    for language in Language::ALL {
        let visitor = PageFrame::new(language, "/search?q=backup&page=2");
        let mut customer = PageFrame::new(language, "/my/orders/ord_1");
        customer.operator_name = "Harbourfront Cloud Exchange".to_owned();
        customer.unseen_notices = 3;
        customer.person = Some(Person {
            name: "Lin Yao".to_owned(),
            organisation: "Kestrel Freight <script>".to_owned(),
            kind: OrganisationKind::Seller,
        });
        frames.push((format!("{}-visitor", language.code()), visitor));
        frames.push((format!("{}-person", language.code()), customer));
    }
    frames
}

#[test]
fn every_page_is_well_formed_accessible_and_escapes_what_strangers_wrote() {
    let folder = std::env::var_os("SOUK_SAMPLES").map(PathBuf::from);
    let mut faults = BTreeSet::new();
    for (frame_name, frame) in frames() {
        for Drawn { name, html } in every_page(&frame) {
            for fault in html::faults(&html, frame.language().tag()) {
                faults.insert(format!("{frame_name}/{name}: {fault}"));
            }
            if let Some(folder) = &folder {
                let folder = folder.join(&frame_name);
                fs::create_dir_all(&folder).expect("the folder for samples can be made");
                fs::write(folder.join(format!("{name}.html")), html).expect("a sample can be written");
            }
        }
    }
    assert!(faults.is_empty(), "{:#?}", faults);
}

#[test]
fn every_page_struct_is_registered() {
    let mut missing = Vec::new();
    for (path, text) in sources("src", "rs") {
        for (place, _) in text.match_indices("pub page: PageFrame") {
            let before = &text[..place];
            let name = before.rsplit("struct ").next().unwrap_or_default();
            let name = name.split([' ', '{', '<']).next().unwrap_or_default();
            let derived = before.rsplit("#[derive(").next().is_some_and(|text| text.contains("Template"));
            if derived && !REGISTERED.iter().any(|known| known.ends_with(&format!("::{name}"))) {
                missing.push(format!("{}: {name}", path.display()));
            }
        }
    }
    assert!(missing.is_empty(), "add them to src/samples/mod.rs: {missing:#?}");
}

#[test]
fn every_icon_that_is_named_is_in_the_sprite() {
    let names: BTreeSet<&str> = include_str!("../../assets/icons.txt").lines().collect();
    let mut missing = BTreeSet::new();
    for (path, text) in sources("templates", "html").into_iter().chain(sources("src", "rs")) {
        for opening in ["icon(\"", "icon: \"", "with_icon(\""] {
            for (place, _) in text.match_indices(opening) {
                let name = text[place + opening.len()..].split('"').next().unwrap_or_default();
                if !names.contains(name) {
                    missing.insert(format!("{}: {name}", path.display()));
                }
            }
        }
    }
    assert!(missing.is_empty(), "add them to assets/icons.txt: {missing:#?}");
}

/// Every file below a folder of this room.
fn sources(folder: &str, extension: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the folder exists") {
            let path = entry.expect("an entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|known| known == extension) && !path.ends_with("samples/mod.rs") {
                let text = fs::read_to_string(&path).expect("a source file is text");
                found.push((path, text));
            }
        }
    }
    found
}
