//! Lists that tell a story: tasks to do, checks passed and failed, what happened when, tabs.

use askama::Template;
use askama::filters::HtmlSafe;
use language::Words;

use super::Status;

/// One task: the whole row is the link, the second line says the fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskRow {
    /// What to fill in.
    pub title: String,
    /// Where.
    pub href: String,
    /// How far it is, as a fact: “3 specifications, from USD 9.00”.
    pub fact: String,
    /// The state.
    pub status: Status,
}

/// Tasks that may be done in any order.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(
    ext = "html",
    source = r#"<ol class="sk-tasks">{% for row in rows %}<li class="sk-task"><div><a href="{{ row.href }}">{{ row.title }}</a><small>{{ row.fact }}</small></div>{{ row.status }}</li>{% endfor %}</ol>"#
)]
pub struct Tasks {
    /// The tasks.
    pub rows: Vec<TaskRow>,
}

/// What a check came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Must be put right.
    Fail,
    /// Should be looked at.
    Warn,
    /// As the rule wants it.
    Pass,
}

impl Verdict {
    fn class(self) -> &'static str {
        match self {
            Verdict::Fail => "fail",
            Verdict::Warn => "warn",
            Verdict::Pass => "pass",
        }
    }

    fn icon(self) -> &'static str {
        match self {
            Verdict::Fail => "circle-x",
            Verdict::Warn => "triangle-alert",
            Verdict::Pass => "circle-check",
        }
    }

    fn word(self, words: &Words) -> &'static str {
        match self {
            Verdict::Fail => words.common_check_fail(),
            Verdict::Warn => words.common_check_warn(),
            Verdict::Pass => words.common_check_pass(),
        }
    }
}

/// One check: the word first, then cause and remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What it came to.
    pub verdict: Verdict,
    /// What was found.
    pub text: String,
    /// What to do about it.
    pub remedy: Option<String>,
    /// A link to the place or the rule.
    pub link: Option<(String, String)>,
}

impl Check {
    /// A check without remedy and link.
    pub fn new(verdict: Verdict, text: impl ToString) -> Check {
        Check { verdict, text: text.to_string(), remedy: None, link: None }
    }

    /// What to do about it.
    pub fn remedy(mut self, remedy: impl ToString) -> Check {
        self.remedy = Some(remedy.to_string());
        self
    }

    /// Where to do it, or where the rule stands.
    pub fn link(mut self, label: impl ToString, href: impl ToString) -> Check {
        self.link = Some((label.to_string(), href.to_string()));
        self
    }
}

/// Checks, failures on top; many passes fold away.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/checks.html")]
pub struct Checks {
    words: &'static Words,
    shown: Vec<Check>,
    folded: Vec<Check>,
}

impl Checks {
    /// Sorts the checks; passes beyond the third fold away.
    pub fn new(words: &'static Words, mut checks: Vec<Check>) -> Checks {
        checks.sort_by_key(|check| check.verdict);
        let mut passes = 0;
        let (shown, folded) = checks.into_iter().partition(|check| {
            passes += u32::from(check.verdict == Verdict::Pass);
            check.verdict != Verdict::Pass || passes <= 3
        });
        Checks { words, shown, folded }
    }
}

/// One thing that happened, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// A name of the sprite.
    pub icon: &'static str,
    /// What it means for the colour of the icon.
    pub verdict: Option<Verdict>,
    /// What happened.
    pub text: String,
    /// A second line.
    pub detail: Option<String>,
    /// Where to read more.
    pub link: Option<(String, String)>,
    /// When, for programs: RFC 3339.
    pub at: String,
    /// When, for people.
    pub when: String,
}

/// What happened when.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(path = "parts/timeline.html")]
pub struct Timeline {
    /// The entries in the order to read them.
    pub entries: Vec<Entry>,
}

/// One tab: a link to a page that shows the other part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    /// What it is called.
    pub label: String,
    /// Where it leads.
    pub href: String,
    /// Whether it is this page.
    pub current: bool,
    /// A number beside it; 0 shows nothing.
    pub count: u32,
}

/// Tabs as links.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(
    ext = "html",
    source = r#"<nav aria-label="{{ label }}"><ul class="sk-tabs">{% for tab in tabs %}<li><a href="{{ tab.href }}"{% if tab.current %} aria-current="page"{% endif %}>{{ tab.label }}{% if tab.count > 0 %} <span class="sk-muted sk-num">{{ tab.count }}</span>{% endif %}</a></li>{% endfor %}</ul></nav>"#
)]
pub struct Tabs {
    /// What they divide, for screen readers.
    pub label: String,
    /// The tabs.
    pub tabs: Vec<Tab>,
}

impl HtmlSafe for Tasks {}
impl HtmlSafe for Checks {}
impl HtmlSafe for Timeline {}
impl HtmlSafe for Tabs {}

#[cfg(test)]
mod tests {
    use domain::text::Language;

    use super::*;

    #[test]
    fn failures_stand_on_top_and_the_fourth_pass_folds_away() {
        let verdicts = [Verdict::Pass, Verdict::Pass, Verdict::Fail, Verdict::Pass, Verdict::Pass, Verdict::Warn];
        let checks = verdicts.iter().map(|verdict| Check::new(*verdict, "x")).collect();
        let checks = Checks::new(Words::of(Language::English), checks);
        let shown: Vec<Verdict> = checks.shown.iter().map(|check| check.verdict).collect();
        assert_eq!(shown, [Verdict::Fail, Verdict::Warn, Verdict::Pass, Verdict::Pass, Verdict::Pass]);
        assert_eq!(checks.folded.len(), 1);
    }
}
