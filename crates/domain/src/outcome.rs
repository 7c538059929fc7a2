//! What a command did, why it was refused, and what is wrong with what somebody typed.
//!
//! Codes are for programs and never change; sentences live in the `language` room under `problem-<code>`, with the
//! arguments that stand here. Causes for the log are not here: they never leave the adapter that saw them.

use std::borrow::Cow;

use crate::mention::Mention;

/// What a command did. Saying the same thing twice is not an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<T> {
    /// The command changed something; here is what.
    Applied(T),
    /// It was so already; nothing was written.
    AlreadyApplied,
}

/// The values that a sentence mentions, by name.
pub type Arguments = Vec<(&'static str, Mention)>;

/// One thing that is wrong with one field of a form or a request body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field's name as form and API spell it; nested parts with dots: `specifications.0.price`.
    pub field: Cow<'static, str>,
    /// A stable code in snake case: `required`, `too_long`.
    pub code: &'static str,
    /// What the sentence mentions: limits, what was entered.
    pub arguments: Arguments,
}

impl FieldProblem {
    /// A problem without arguments.
    pub fn new(field: impl Into<Cow<'static, str>>, code: &'static str) -> FieldProblem {
        FieldProblem { field: field.into(), code, arguments: Vec::new() }
    }

    /// The same with one more value to mention.
    pub fn with(mut self, name: &'static str, value: impl Into<Mention>) -> FieldProblem {
        self.arguments.push((name, value.into()));
        self
    }
}

/// Everything that is wrong with one form: all fields at once, in the order of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(Vec<FieldProblem>);

impl Problems {
    /// No problem so far.
    pub fn new() -> Problems {
        Problems::default()
    }

    /// One problem, as a whole list.
    pub fn one(problem: FieldProblem) -> Problems {
        Problems(vec![problem])
    }

    /// Adds one.
    pub fn add(&mut self, problem: FieldProblem) {
        self.0.push(problem);
    }

    /// Keeps the value, or notes the problem and goes on with the next field.
    pub fn take<T>(&mut self, parsed: Result<T, FieldProblem>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(problem) => {
                self.add(problem);
                None
            }
        }
    }

    /// The problems in the order they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, FieldProblem> {
        self.0.iter()
    }

    /// Whether nothing is wrong.
    pub fn none(&self) -> bool {
        self.0.is_empty()
    }

    /// `value` when nothing is wrong, else the problems.
    pub fn or<T>(self, value: Option<T>) -> Result<T, Problems> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            Some(_) | None => Err(self),
        }
    }

    /// Adds all of another list, each field under `prefix.`.
    pub fn absorb(&mut self, prefix: &str, other: Problems) {
        for mut problem in other.0 {
            problem.field = Cow::Owned(format!("{prefix}.{}", problem.field));
            self.0.push(problem);
        }
    }
}

/// What sort of refusal it is; the doors turn this into a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// The thing is in a state that does not allow the act (HTTP 409).
    Conflict,
    /// The request is understood but a rule forbids it (HTTP 422).
    Rule,
    /// The thing does not exist, or the asker may not know that it does (HTTP 404).
    Missing,
    /// The asker may not do this (HTTP 403).
    Forbidden,
    /// Too often (HTTP 429).
    TooOften,
    /// The world outside did not play along (HTTP 502).
    Outside,
}

/// A command that was understood and refused, for one named reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("refused: {code}")]
pub struct Refusal {
    /// A stable code in snake case, unique in the product.
    pub code: &'static str,
    /// What sort of refusal it is.
    pub kind: RefusalKind,
    /// What the sentence mentions.
    pub arguments: Arguments,
}

impl Refusal {
    /// A refusal without arguments.
    pub fn new(kind: RefusalKind, code: &'static str) -> Refusal {
        Refusal { code, kind, arguments: Vec::new() }
    }

    /// The same with one more value to mention.
    pub fn with(mut self, name: &'static str, value: impl Into<Mention>) -> Refusal {
        self.arguments.push((name, value.into()));
        self
    }
}
