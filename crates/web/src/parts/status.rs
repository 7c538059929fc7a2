//! Words with a meaning: statuses and notices. A status is an icon and a word; colour comes third (look.md).

use askama::Template;
use askama::filters::HtmlSafe;

/// What a status or notice means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to tell yet.
    Plain,
    /// Under way.
    Info,
    /// As it should be.
    Good,
    /// Somebody should look.
    Warn,
    /// Wrong or ended badly.
    Bad,
    /// The one thing that counts here: a free trial, something new.
    New,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Tone::Plain => "",
            Tone::Info => " is-info",
            Tone::Good => " is-ok",
            Tone::Warn => " is-warn",
            Tone::Bad => " is-bad",
            Tone::New => " is-new",
        }
    }

    fn icon(self) -> &'static str {
        match self {
            Tone::Plain => "circle-dashed",
            Tone::Info => "circle-dot",
            Tone::Good => "circle-check",
            Tone::Warn => "triangle-alert",
            Tone::Bad => "circle-x",
            Tone::New => "star",
        }
    }
}

/// A state of something: icon and word.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(
    ext = "html",
    source = r#"<span class="sk-status{{ tone.class() }}">{{ crate::parts::icon(icon_name) }}{{ word }}</span>"#
)]
pub struct Status {
    tone: Tone,
    icon_name: &'static str,
    word: String,
}

impl Status {
    /// A status with the usual icon of its tone.
    pub fn new(tone: Tone, word: impl ToString) -> Status {
        Status { tone, icon_name: tone.icon(), word: word.to_string() }
    }

    /// Nothing to tell yet.
    pub fn plain(word: impl ToString) -> Status {
        Status::new(Tone::Plain, word)
    }

    /// Under way.
    pub fn info(word: impl ToString) -> Status {
        Status::new(Tone::Info, word)
    }

    /// As it should be.
    pub fn good(word: impl ToString) -> Status {
        Status::new(Tone::Good, word)
    }

    /// Somebody should look.
    pub fn warn(word: impl ToString) -> Status {
        Status::new(Tone::Warn, word)
    }

    /// Wrong or ended badly.
    pub fn bad(word: impl ToString) -> Status {
        Status::new(Tone::Bad, word)
    }

    /// The same with another icon of the sprite.
    pub fn with_icon(mut self, name: &'static str) -> Status {
        self.icon_name = name;
        self
    }
}

/// News at the place where it matters. At most two on one page.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(path = "parts/notice.html")]
pub struct Notice {
    tone: Tone,
    icon_name: &'static str,
    news: String,
    detail: Option<String>,
    link: Option<(String, String)>,
}

impl Notice {
    /// The first line is the news.
    pub fn new(tone: Tone, news: impl ToString) -> Notice {
        let icon_name = match tone {
            Tone::Plain | Tone::Info => "info",
            Tone::Good => "circle-check",
            Tone::Warn | Tone::Bad => "triangle-alert",
            Tone::New => "lock",
        };
        Notice { tone, icon_name, news: news.to_string(), detail: None, link: None }
    }

    /// What follows from it.
    pub fn detail(mut self, detail: impl ToString) -> Notice {
        self.detail = Some(detail.to_string());
        self
    }

    /// Where to go on.
    pub fn link(mut self, label: impl ToString, href: impl ToString) -> Notice {
        self.link = Some((label.to_string(), href.to_string()));
        self
    }

    /// The same with another icon of the sprite.
    pub fn with_icon(mut self, name: &'static str) -> Notice {
        self.icon_name = name;
        self
    }

    fn class(&self) -> &'static str {
        match self.tone {
            Tone::Plain => "",
            Tone::Info => " info",
            Tone::Good => " good",
            Tone::Warn => " warn",
            Tone::Bad => " bad",
            Tone::New => " lock",
        }
    }
}

impl HtmlSafe for Status {}
impl HtmlSafe for Notice {}
