//! The components of the look: small values that know how to draw themselves.
//!
//! A page struct holds them (`status: parts::Status`) and its template prints them (`{{ status }}`), already escaped.
//! What wraps a page's own content (cards, splits, headings) is plain markup with the classes of `souk.css`.
//! Not here: fields and the error summary (`form`), the page around it all (`frame`, `templates/layout`).

mod code;
mod diff;
mod lists;
mod price;
mod status;
mod table;

use std::fmt;

use askama::Template;
use askama::filters::HtmlSafe;
use domain::text::{Language, Localised};
use language::Words;

use crate::assets;

pub use code::{Code, Copy};
pub use diff::Diff;
pub use lists::{Check, Checks, Entry, Tab, Tabs, TaskRow, Tasks, Timeline, Verdict};
pub use price::{Line, Price, Sum};
pub use status::{Notice, Status, Tone};
pub use table::{Cell, Column, Facts, Paging, Table};

/// A drawing of the sprite, by its lucide name; `assets/icons.txt` lists them. It says nothing to screen readers: a word
/// stands beside it.
pub fn icon(name: impl fmt::Display) -> Icon {
    Icon { name: name.to_string() }
}

/// See [`icon`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Icon {
    name: String,
}

impl fmt::Display for Icon {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kept = |letter: &char| letter.is_ascii_alphanumeric() || *letter == '-';
        let name: String = self.name.chars().filter(kept).collect();
        let sprite = assets::url("icons.svg");
        write!(out, r##"<svg class="sk-i" aria-hidden="true"><use href="{sprite}#i-{name}"/></svg>"##)
    }
}

/// The brand: the arch and the word, in the colours of the theme.
pub fn brand() -> Brand {
    Brand
}

/// See [`brand`].
#[derive(Clone, Copy, Debug, Template)]
#[template(path = "parts/brand.html")]
pub struct Brand;

/// A text of a seller in the reader's language; where it exists only in the other one, it says which that is.
pub fn spoken(text: &Localised, language: Language) -> Spoken {
    let (words, really) = text.in_language(language);
    Spoken { text: words.to_owned(), tag: (really != language).then(|| really.tag()) }
}

/// See [`spoken`].
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(
    ext = "html",
    source = r#"{% if let Some(tag) = tag %}<span lang="{{ tag }}">{{ text }}</span>{% else %}{{ text }}{% endif %}"#
)]
pub struct Spoken {
    text: String,
    tag: Option<&'static str>,
}

/// Why a list is empty, what to do about it, and the arch when nothing was there yet.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(path = "parts/empty.html")]
pub struct Empty {
    title: String,
    text: String,
    action: Option<(String, String)>,
    filtered: bool,
}

impl Empty {
    /// Nothing was ever here.
    pub fn new(title: impl ToString, text: impl ToString) -> Empty {
        Empty { title: title.to_string(), text: text.to_string(), action: None, filtered: false }
    }

    /// Something is here, but filters hide it.
    pub fn filtered(title: impl ToString, text: impl ToString) -> Empty {
        Empty { filtered: true, ..Empty::new(title, text) }
    }

    /// The one thing to do.
    pub fn action(mut self, label: impl ToString, href: impl ToString) -> Empty {
        self.action = Some((label.to_string(), href.to_string()));
        self
    }
}

/// A question before an act that cannot be taken back. The button that opens it is a link to a page that asks the same
/// (`<a href="…" data-dialog="ID">`), so that it works without the script.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(path = "parts/dialog.html")]
pub struct Dialog {
    /// The id that `data-dialog` names.
    pub id: String,
    /// The question, naming the thing.
    pub title: String,
    /// What happens, with amounts and dates.
    pub text: String,
    /// Where the act is posted to.
    pub action: String,
    /// Verb and object.
    pub confirm: String,
    /// The way out.
    pub keep: String,
    /// Hidden values of the form.
    pub values: Vec<(String, String)>,
}

/// The keys of a page, behind `?` and a button; each letter is marked on what it presses (`data-key`). They are off while
/// somebody types, and can be switched off for good (WCAG 2.1.4).
#[derive(Clone, Debug, Template)]
#[template(path = "parts/keys.html")]
pub struct Keys {
    words: &'static Words,
    keys: Vec<(&'static str, &'static str)>,
}

impl Keys {
    /// The letters in the order in which a hand needs them, and what each does.
    pub fn new(words: &'static Words, keys: Vec<(&'static str, &'static str)>) -> Keys {
        Keys { words, keys }
    }

    /// The button that shows the list, for the head of the page.
    pub fn button(&self) -> KeysButton {
        KeysButton { words: self.words }
    }
}

/// The button that shows the list of keys.
#[derive(Clone, Copy, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<button class="btn btn-secondary sk-scripted sk-fine" type="button" data-dialog="keys" aria-keyshortcuts="?">{{ words.keys_title() }}<kbd aria-hidden="true">?</kbd></button>"#
)]
pub struct KeysButton {
    words: &'static Words,
}

impl HtmlSafe for Keys {}
impl HtmlSafe for KeysButton {}
impl HtmlSafe for Icon {}
impl HtmlSafe for Brand {}
impl HtmlSafe for Spoken {}
impl HtmlSafe for Empty {}
impl HtmlSafe for Dialog {}
