//! Exact text to read, compare and copy: code, bytes, addresses.

use askama::Template;
use askama::filters::HtmlSafe;

/// A button that copies a text. Without the script it is not shown: the text stands beside it.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(
    ext = "html",
    source = r#"<button class="btn btn-icon btn-sm sk-scripted" type="button" data-copy="{{ text }}" title="{{ label }}">{{ crate::parts::icon("copy") }}<span class="visually-hidden">{{ label }}</span></button>"#
)]
pub struct Copy {
    text: String,
    label: String,
}

impl Copy {
    /// `label` names what is copied: “Copy address”.
    pub fn new(text: impl ToString, label: impl ToString) -> Copy {
        Copy { text: text.to_string(), label: label.to_string() }
    }
}

/// A block of exact text with a title and a button that copies it.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(
    ext = "html",
    source = r#"<figure class="sk-code"><figcaption><b>{{ title }}</b>{% if let Some(note) = note %}<span class="sk-muted">{{ note }}</span>{% endif %}<span class="end">{{ copy }}</span></figcaption><pre{% if unbroken %} class="sk-pre raw" tabindex="0" role="region" aria-label="{{ title }}"{% endif %}>{{ text }}</pre></figure>"#
)]
pub struct Code {
    title: String,
    note: Option<String>,
    text: String,
    copy: Copy,
    unbroken: bool,
}

impl Code {
    /// `copy_label` names what the button copies.
    pub fn new(title: impl ToString, text: impl ToString, copy_label: impl ToString) -> Code {
        let text = text.to_string();
        let copy = Copy::new(&text, copy_label);
        Code { title: title.to_string(), note: None, text, copy, unbroken: false }
    }

    /// A remark beside the title: “212 bytes”.
    pub fn note(mut self, note: impl ToString) -> Code {
        self.note = Some(note.to_string());
        self
    }

    /// Scrolls sideways instead of breaking lines.
    pub fn unbroken(mut self) -> Code {
        self.unbroken = true;
        self
    }
}

impl HtmlSafe for Copy {}
impl HtmlSafe for Code {}
