//! What a person typed and what is wrong with it, so that a page comes back exactly as it was left; and the fields.
//!
//! In a template: `{{ form.text("email", page.words.signin_email()).email() }}`. Without problems and values it is the
//! empty form. Passwords are never written back. Not here: reading meaning into what was typed (domain).

use std::collections::BTreeMap;

use askama::Template;
use askama::filters::HtmlSafe;
use domain::outcome::{Problems, Refusal};
use http_kit::Kept;
use language::Words;

/// A form: typed values by field name and problems by field name, in the order found.
#[derive(Clone, Debug)]
pub struct Form {
    words: &'static Words,
    prefix: &'static str,
    values: BTreeMap<String, Vec<String>>,
    problems: Vec<Problem>,
    reference: Option<String>,
}

/// One sentence about one field, or about the whole form when the field is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The field's name.
    pub field: String,
    /// What is wrong and what is allowed.
    pub sentence: String,
}

impl Form {
    /// The empty form.
    pub fn new(words: &'static Words) -> Form {
        Form { words, prefix: "", values: BTreeMap::new(), problems: Vec::new(), reference: None }
    }

    /// The form as it was typed: the pairs of the body, which axum reads as `Form<Vec<(String, String)>>`.
    pub fn typed(words: &'static Words, pairs: impl IntoIterator<Item = (String, String)>) -> Form {
        let mut form = Form::new(words);
        for (name, value) in pairs {
            form.values.entry(name).or_default().push(value);
        }
        form
    }

    /// Puts a value in, as if it had been typed: for editing what is stored.
    pub fn with(mut self, name: &str, value: impl ToString) -> Form {
        self.values.insert(name.to_owned(), vec![value.to_string()]);
        self
    }

    /// Distinguishes the ids of two forms on one page.
    pub fn prefixed(mut self, prefix: &'static str) -> Form {
        self.prefix = prefix;
        self
    }

    /// Takes over everything that the domain found wrong.
    pub fn with_problems(mut self, problems: &Problems) -> Form {
        for problem in problems.iter() {
            self.problems
                .push(Problem { field: problem.field.to_string(), sentence: self.words.field_problem(problem) });
        }
        self
    }

    /// Takes over why the whole act was refused.
    pub fn with_refusal(self, refusal: &Refusal) -> Form {
        let sentence = self.words.refusal(refusal);
        self.with_problem("", sentence)
    }

    /// Adds one sentence; an empty field name means the whole form.
    pub fn with_problem(mut self, field: &str, sentence: impl ToString) -> Form {
        self.problems.push(Problem { field: field.to_owned(), sentence: sentence.to_string() });
        self
    }

    /// A reference to show with the problems, for the operator's log.
    pub fn with_reference(mut self, reference: impl ToString) -> Form {
        self.reference = Some(reference.to_string());
        self
    }

    /// A form of another page that this one carries on ([`Kept`]).
    pub fn carried(&self) -> Option<Kept> {
        let all =
            self.values.iter().flat_map(|(name, values)| values.iter().map(move |value| (name.clone(), value.clone())));
        Kept::carried(&all.collect::<Vec<_>>())
    }

    /// The words that the form speaks.
    pub fn words(&self) -> &'static Words {
        self.words
    }

    /// Whether anything is wrong.
    pub fn has_problems(&self) -> bool {
        !self.problems.is_empty()
    }

    /// What was typed into a field, else the empty text.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).and_then(|values| values.last()).map_or("", String::as_str)
    }

    /// All values of a field that can be given several times.
    pub fn values(&self, name: &str) -> &[String] {
        self.values.get(name).map_or(&[], Vec::as_slice)
    }

    /// What is wrong with a field.
    pub fn problem(&self, name: &str) -> Option<&str> {
        self.problems.iter().find(|problem| problem.field == name).map(|problem| problem.sentence.as_str())
    }

    /// The list of problems at the top of the page, each leading to its field; nothing when there are none.
    pub fn summary(&self) -> Summary {
        let lines = self
            .problems
            .iter()
            .map(|problem| (problem.sentence.clone(), (!problem.field.is_empty()).then(|| self.id(&problem.field))))
            .collect();
        Summary { words: self.words, lines, reference: self.reference.clone() }
    }

    /// A one-line text.
    pub fn text(&self, name: &str, label: impl ToString) -> Field {
        self.field(
            name,
            label,
            Control::Input { kind: "text", value: self.value(name).to_owned(), before: None, after: None },
        )
    }

    /// A password. What was typed is not written back.
    pub fn password(&self, name: &str, label: impl ToString) -> Field {
        self.field(name, label, Control::Input { kind: "password", value: String::new(), before: None, after: None })
            .attribute("spellcheck", "false")
            .attribute("autocapitalize", "none")
    }

    /// An amount of money with the currency before it.
    pub fn money(&self, name: &str, label: impl ToString, currency: impl ToString) -> Field {
        let value = self.value(name).to_owned();
        self.field(name, label, Control::Input { kind: "text", value, before: Some(currency.to_string()), after: None })
            .attribute("inputmode", "decimal")
            .medium()
    }

    /// A whole number.
    pub fn number(&self, name: &str, label: impl ToString) -> Field {
        self.text(name, label).attribute("inputmode", "numeric").short()
    }

    /// A text of several lines.
    pub fn area(&self, name: &str, label: impl ToString, rows: u32) -> Field {
        self.field(name, label, Control::Area { value: self.value(name).to_owned(), rows })
    }

    /// One of many, as a list that opens.
    pub fn select(&self, name: &str, label: impl ToString, choices: &[Choice]) -> Field {
        self.field(name, label, Control::Select { options: self.chosen(name, choices) })
    }

    /// One of few, as radio buttons below each other.
    pub fn radios(&self, name: &str, legend: impl ToString, choices: &[Choice]) -> Field {
        self.field(name, legend, Control::Radios { options: self.chosen(name, choices) })
    }

    /// One of few, as cards with a second line.
    pub fn cards(&self, name: &str, legend: impl ToString, choices: &[Choice]) -> Field {
        self.field(name, legend, Control::Cards { options: self.chosen(name, choices) })
    }

    /// Any of few.
    pub fn checkboxes(&self, name: &str, legend: impl ToString, choices: &[Choice]) -> Field {
        self.field(name, legend, Control::Checkboxes { options: self.chosen(name, choices) })
    }

    /// One box to tick, sent as `name=on`. Consents are never ticked beforehand.
    pub fn checkbox(&self, name: &str, label: impl ToString) -> Field {
        self.field(name, label, Control::Checkbox { on: !self.value(name).is_empty() })
    }

    /// A file; `accept` as in HTML: `image/png,image/jpeg`.
    pub fn file(&self, name: &str, label: impl ToString, accept: &str) -> Field {
        self.field(name, label, Control::File { accept: accept.to_owned() })
    }

    /// A value that nobody sees but the form carries.
    pub fn hidden(&self, name: &str, value: impl ToString) -> Hidden {
        Hidden { name: name.to_owned(), value: value.to_string() }
    }

    fn chosen(&self, name: &str, choices: &[Choice]) -> Vec<(Choice, bool)> {
        let typed = self.values(name);
        choices.iter().map(|choice| (choice.clone(), typed.contains(&choice.value))).collect()
    }

    fn id(&self, name: &str) -> String {
        let name = name.replace(['.', '[', ']'], "-");
        if self.prefix.is_empty() { name } else { format!("{}-{name}", self.prefix) }
    }

    fn field(&self, name: &str, label: impl ToString, control: Control) -> Field {
        Field {
            words: self.words,
            id: self.id(name),
            name: name.to_owned(),
            label: label.to_string(),
            hint: None,
            problem: self.problem(name).map(str::to_owned),
            control,
            attributes: Vec::new(),
            size: "",
            optional: false,
            locked: false,
            quiet: false,
            link: None,
        }
    }
}

/// One answer of a select, a group of radios, cards or checkboxes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub title: String,
    /// A second line that says what follows from it.
    pub note: String,
    /// The letter that chooses it, on pages with a list of keys.
    pub key: Option<char>,
}

impl Choice {
    /// An answer without a second line.
    pub fn new(value: impl ToString, title: impl ToString) -> Choice {
        Choice { value: value.to_string(), title: title.to_string(), note: String::new(), key: None }
    }

    /// The same with a second line.
    pub fn with_note(mut self, note: impl ToString) -> Choice {
        self.note = note.to_string();
        self
    }

    /// The same, chosen by a letter where the page has a list of keys ([`Keys`](crate::parts::Keys)).
    pub fn with_key(mut self, key: char) -> Choice {
        self.key = Some(key);
        self
    }
}

/// How a field is answered.
#[derive(Clone, Debug)]
enum Control {
    Input { kind: &'static str, value: String, before: Option<String>, after: Option<String> },
    Area { value: String, rows: u32 },
    Select { options: Vec<(Choice, bool)> },
    Radios { options: Vec<(Choice, bool)> },
    Cards { options: Vec<(Choice, bool)> },
    Checkboxes { options: Vec<(Choice, bool)> },
    Checkbox { on: bool },
    File { accept: String },
}

/// One field with its label, hint and problem. Made by [`Form`]; printed by a template.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/field.html")]
pub struct Field {
    words: &'static Words,
    id: String,
    name: String,
    label: String,
    hint: Option<String>,
    problem: Option<String>,
    control: Control,
    attributes: Vec<(&'static str, String)>,
    size: &'static str,
    optional: bool,
    locked: bool,
    quiet: bool,
    link: Option<(String, String)>,
}

impl Field {
    /// A sentence under the label that helps before anything is typed.
    pub fn hint(mut self, hint: impl ToString) -> Field {
        self.hint = Some(hint.to_string());
        self
    }

    /// A way to what is agreed to, after the label of a single box.
    pub fn link(mut self, label: impl ToString, href: impl ToString) -> Field {
        self.link = Some((label.to_string(), href.to_string()));
        self
    }

    /// Says “optional” beside the label. Fields are required unless they say so.
    pub fn optional(mut self) -> Field {
        self.optional = true;
        self
    }

    /// Says that the answer is fixed once the product is released.
    pub fn locked(mut self) -> Field {
        self.locked = true;
        self
    }

    /// Keeps the label for screen readers only: where a heading just above says the same.
    pub fn quiet(mut self) -> Field {
        self.quiet = true;
        self
    }

    /// Whether something was typed here or is wrong: then a folded field must stand open.
    pub fn needs_showing(&self) -> bool {
        self.problem.is_some() || matches!(&self.control, Control::Input { value, .. } if !value.is_empty())
    }

    /// For an e-mail address.
    pub fn email(mut self) -> Field {
        if let Control::Input { kind, .. } = &mut self.control {
            *kind = "email";
        }
        self.attribute("inputmode", "email").attribute("spellcheck", "false").attribute("autocapitalize", "none")
    }

    /// For a day.
    pub fn date(mut self) -> Field {
        if let Control::Input { kind, .. } = &mut self.control {
            *kind = "date";
        }
        self.medium()
    }

    /// For a web address.
    pub fn web_address(self) -> Field {
        self.attribute("inputmode", "url").attribute("spellcheck", "false").attribute("autocapitalize", "none")
    }

    /// For a phone number.
    pub fn phone(mut self) -> Field {
        if let Control::Input { kind, .. } = &mut self.control {
            *kind = "tel";
        }
        self.medium()
    }

    /// Which stored value a browser may offer, in HTML's words: `username`, `current-password`, `organization`.
    pub fn autocomplete(self, what: &'static str) -> Field {
        self.attribute("autocomplete", what)
    }

    /// For keys and addresses that are read letter by letter.
    pub fn monospace(mut self) -> Field {
        self.size = match self.size {
            "" => "font-monospace",
            "sk-short" => "sk-short font-monospace",
            _ => "sk-medium font-monospace",
        };
        self
    }

    /// As wide as a small number.
    pub fn short(mut self) -> Field {
        self.size = "sk-short";
        self
    }

    /// As wide as a name.
    pub fn medium(mut self) -> Field {
        self.size = "sk-medium";
        self
    }

    /// A unit after the input: “days”.
    pub fn unit(mut self, unit: impl ToString) -> Field {
        if let Control::Input { after, .. } = &mut self.control {
            *after = Some(unit.to_string());
        }
        self
    }

    /// Any other attribute of the control. Never `style`, `maxlength` or an `on…`.
    pub fn attribute(mut self, name: &'static str, value: impl ToString) -> Field {
        self.attributes.push((name, value.to_string()));
        self
    }

    fn described_by(&self) -> Option<String> {
        match (&self.hint, &self.problem) {
            (None, None) => None,
            (Some(_), None) => Some(format!("{}-hint", self.id)),
            (None, Some(_)) => Some(format!("{}-problem", self.id)),
            (Some(_), Some(_)) => Some(format!("{0}-hint {0}-problem", self.id)),
        }
    }

    /// The id of the nth answer: the first has the field's own, so that the summary can lead to it.
    fn option_id(&self, index: &usize) -> String {
        if *index == 0 { self.id.clone() } else { format!("{}-{index}", self.id) }
    }
}

/// A hidden value.
#[derive(Clone, Debug, Template)]
#[template(ext = "html", source = r#"<input type="hidden" name="{{ name }}" value="{{ value }}">"#)]
pub struct Hidden {
    name: String,
    value: String,
}

/// The list of problems at the top of a page (GOV.UK's error summary).
#[derive(Clone, Debug, Template)]
#[template(path = "parts/summary.html")]
pub struct Summary {
    words: &'static Words,
    lines: Vec<(String, Option<String>)>,
    reference: Option<String>,
}

impl HtmlSafe for Field {}
impl HtmlSafe for Hidden {}
impl HtmlSafe for Summary {}

#[cfg(test)]
mod tests {
    use domain::outcome::FieldProblem;
    use domain::text::Language;

    use super::*;

    fn form() -> Form {
        Form::typed(
            Words::of(Language::English),
            [
                ("email".to_owned(), "lin\"><script>".to_owned()),
                ("password".to_owned(), "secret words".to_owned()),
                ("plan".to_owned(), "team".to_owned()),
            ],
        )
    }

    #[test]
    fn what_was_typed_comes_back_escaped() {
        let html = form().text("email", "E-mail").to_string();
        assert!(html.contains("value=\"lin&#34;&#62;&#60;script&#62;\""), "{html}");
    }

    #[test]
    fn a_password_never_comes_back() {
        let html = form().password("password", "Password").to_string();
        assert!(!html.contains("secret"), "{html}");
    }

    #[test]
    fn a_problem_stands_beside_its_field_and_leads_to_it_from_the_top() {
        let problems = Problems::one(FieldProblem::new("email", "required"));
        let form = form().with_problems(&problems);
        let field = form.text("email", "E-mail").hint("For work.").to_string();
        assert!(field.contains("aria-describedby=\"email-hint email-problem\""), "{field}");
        assert!(field.contains("aria-invalid=\"true\"") && field.contains("Enter an e-mail address."), "{field}");
        assert!(form.summary().to_string().contains("href=\"#email\""));
        assert_eq!(Form::new(Words::of(Language::English)).summary().to_string().trim(), "");
    }

    #[test]
    fn the_chosen_answer_stays_chosen() {
        let choices = [Choice::new("solo", "Solo"), Choice::new("team", "Team")];
        for html in [form().select("plan", "Plan", &choices), form().cards("plan", "Plan", &choices)] {
            let html = html.to_string();
            let chosen =
                html.split(" selected").next().unwrap_or_default().split(" checked").next().unwrap_or_default();
            assert!(chosen.contains("team") && chosen.len() < html.len(), "{html}");
        }
    }
}
