//! What every page needs around its own content: language, theme, who is signed in, where we are.
//!
//! It is plain data, so that a handler, an error page and a test can all make one. Not here: finding out who is signed
//! in (http-kit) and the side navigation (`navigation`).

use domain::identity::OrganisationKind;
use domain::text::Language;
use language::Words;

use crate::assets;
use crate::navigation::{self, Console, Group};
use crate::theme::Theme;

/// Who looks at the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The person's own name.
    pub name: String,
    /// The organisation they act for.
    pub organisation: String,
    /// What that organisation is here for.
    pub kind: OrganisationKind,
}

/// One step of the way to the page; the last one is the page itself and has no address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    /// What it is called.
    pub label: String,
    /// Where it is, unless it is this page.
    pub href: Option<String>,
}

/// Everything around the content of a page.
#[derive(Clone, Debug)]
pub struct PageFrame {
    /// The words of the language that the page is shown in.
    pub words: &'static Words,
    /// The theme.
    pub theme: Theme,
    /// Who is signed in.
    pub person: Option<Person>,
    /// Path and query of this page, such as `/search?q=backup`: for the current place in the navigation, and to come
    /// back after signing in or changing the language.
    pub path: String,
    /// How many notices the person has not seen.
    pub unseen_notices: u32,
    /// The name of the company that runs this market.
    pub operator_name: String,
    /// The title without “Souk”; [`PageFrame::titled`] sets it.
    pub title: String,
    /// The way to this page, for consoles.
    pub crumbs: Vec<Crumb>,
    /// A sentence about what was just done, after a redirect.
    pub said: Option<String>,
    /// Whether the page shows a form with problems; the title then begins with “Error:”.
    pub wrong: bool,
    /// How many things wait, by the path of their navigation entry: `("/seller/orders", 3)`.
    pub counts: Vec<(&'static str, u32)>,
}

impl PageFrame {
    /// A frame for a visitor who is not signed in.
    pub fn new(language: Language, path: impl Into<String>) -> PageFrame {
        PageFrame {
            words: Words::of(language),
            theme: Theme::System,
            person: None,
            path: path.into(),
            unseen_notices: 0,
            operator_name: "Souk".to_owned(),
            title: String::new(),
            crumbs: Vec::new(),
            said: None,
            wrong: false,
            counts: Vec::new(),
        }
    }

    /// The frame of a visit.
    pub fn of(visit: &http_kit::Visit) -> PageFrame {
        let person = visit.actor.as_ref().map(|actor| Person {
            name: actor.user_name.clone(),
            organisation: actor.organisation_name.clone(),
            kind: actor.kind,
        });
        PageFrame {
            theme: Theme::from_code(visit.theme.code()),
            person,
            unseen_notices: visit.unseen_notices,
            operator_name: visit.site_name.clone(),
            ..PageFrame::new(visit.language, visit.path.clone())
        }
    }

    /// Names the page: for the title of the window and the last crumb.
    pub fn titled(mut self, title: impl ToString) -> PageFrame {
        self.title = title.to_string();
        self
    }

    /// Adds a step between the console's start and this page.
    pub fn below(mut self, label: impl ToString, href: impl ToString) -> PageFrame {
        self.crumbs.push(Crumb { label: label.to_string(), href: Some(href.to_string()) });
        self
    }

    /// Says in the title that something in a form needs another look.
    pub fn with_form(mut self, form: &crate::form::Form) -> PageFrame {
        self.wrong = form.has_problems();
        self
    }

    /// The language of the page.
    pub fn language(&self) -> Language {
        self.words.language()
    }

    /// The title of the window.
    pub fn window_title(&self) -> String {
        let title = match self.wrong {
            true => self.words.common_error_title(&self.title),
            false => self.title.clone(),
        };
        self.words.common_page_title(title)
    }

    /// The path without the query.
    pub fn place(&self) -> &str {
        self.path.split('?').next().unwrap_or_default()
    }

    /// What was searched for, to stand in the search field again.
    pub fn searched(&self) -> String {
        let query = self.path.split_once('?').map_or("", |(_, query)| query);
        form_value(query, "q").unwrap_or_default()
    }

    /// The console that this page stands in.
    pub fn console(&self) -> Console {
        Console::of(self.place(), self.person.as_ref().map(|person| person.kind))
    }

    /// The side navigation of that console.
    pub fn navigation(&self) -> Vec<Group> {
        navigation::groups(self.console(), self)
    }

    /// The consoles that the person may enter, for the account menu.
    pub fn consoles(&self) -> Vec<Console> {
        match self.person.as_ref().map(|person| person.kind) {
            None => Vec::new(),
            Some(OrganisationKind::Customer) => vec![Console::Customer],
            Some(OrganisationKind::Seller) => vec![Console::Customer, Console::Seller],
            Some(OrganisationKind::Operator) => vec![Console::Operator],
        }
    }

    /// The crumbs before this page, the console's start first unless this is it.
    pub fn way(&self) -> Vec<Crumb> {
        let console = self.console();
        let start = Crumb { label: console.name(self.words).to_owned(), href: Some(console.start().to_owned()) };
        let start = Some(start).filter(|start| start.label != self.title);
        start.into_iter().chain(self.crumbs.iter().cloned()).collect()
    }

    /// The other language, for the switch.
    pub fn other_language(&self) -> Language {
        match self.language() {
            Language::English => Language::Chinese,
            Language::Chinese => Language::English,
        }
    }

    /// How the other language is called in itself.
    pub fn other_language_name(&self) -> &'static str {
        language::own_name(self.other_language())
    }

    /// The themes, for the switch.
    pub fn themes(&self) -> [Theme; 3] {
        Theme::ALL
    }

    /// The value of `data-bs-theme`, unless the system decides.
    pub fn forced_theme(&self) -> Option<&'static str> {
        match self.theme {
            Theme::System => None,
            Theme::Light | Theme::Dark => Some(self.theme.code()),
        }
    }

    /// The address of an asset by its logical name.
    pub fn asset(&self, name: &str) -> &'static str {
        assets::url(name)
    }

    /// Whether this build has its style sheet.
    pub fn styled(&self) -> bool {
        assets::embedded()
    }
}

/// The first value of a name in a query string, decoded.
pub fn form_value(query: &str, name: &str) -> Option<String> {
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_says_that_a_form_has_problems() {
        let mut frame = PageFrame::new(Language::English, "/sign-in").titled("Sign in");
        assert_eq!(frame.window_title(), "Sign in – Souk");
        frame.wrong = true;
        assert_eq!(frame.window_title(), "Error: Sign in – Souk");
    }

    #[test]
    fn the_start_of_a_console_stands_once_in_the_way() {
        let labels = |title: &str| -> Vec<String> {
            let frame = PageFrame::new(Language::English, "/seller").titled(title);
            frame.way().into_iter().map(|crumb| crumb.label).collect()
        };
        assert_eq!(labels("Seller console"), [""; 0]);
        assert_eq!(labels("Products"), ["Seller console"]);
    }

    #[test]
    fn what_was_searched_for_is_read_from_the_query() {
        let frame = PageFrame::new(Language::English, "/search?page=2&q=database+%E5%A4%87%E4%BB%BD");
        assert_eq!(frame.searched(), "database 备份");
        assert_eq!(frame.place(), "/search");
    }
}
