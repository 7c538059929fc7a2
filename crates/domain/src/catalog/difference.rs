//! What a change of a product changes: field by field, long texts word by word (ux.md U-47). For the reviewer's page.

use crate::text::Localised;

use super::{LocalisedList, Release, Specification};

/// Whether a part of a text stayed, went or came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// In both.
    Same,
    /// Only before.
    Removed,
    /// Only after.
    Added,
}

/// A run of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Whether it stayed, went or came.
    pub kind: PartKind,
    /// The text.
    pub text: String,
}

/// One field, before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldDifference {
    /// The field: a name of the release form, or `specifications.<id>.<field>`.
    pub field: String,
    /// What it belongs to, for people: the specification's name, or nothing.
    pub of: Option<Localised>,
    /// The value on sale; nothing when there was none.
    pub before: Option<String>,
    /// The value submitted; nothing when it goes.
    pub after: Option<String>,
    /// Both as one run of parts.
    pub parts: Vec<Part>,
}

impl FieldDifference {
    /// Whether before and after differ.
    pub fn changed(&self) -> bool {
        self.before != self.after
    }
}

/// Every field of `after`, with what it was in `before`, in the order of the form. Without a live version everything
/// is new.
pub fn differences(before: Option<&Release>, after: &Release) -> Vec<FieldDifference> {
    let old = before.map(lines_of).unwrap_or_default();
    let new = lines_of(after);
    let mut differences: Vec<FieldDifference> = Vec::with_capacity(new.len());
    for line in &new {
        let before = old.iter().find(|other| other.field == line.field).map(|other| other.value.clone());
        differences.push(difference(line, before, Some(line.value.clone())));
    }
    let gone = old.iter().filter(|line| !new.iter().any(|other| other.field == line.field));
    differences.extend(gone.map(|line| difference(line, Some(line.value.clone()), None)));
    differences
}

/// How many words a difference adds and removes.
pub fn words_changed(parts: &[Part]) -> usize {
    let changed = parts.iter().filter(|part| part.kind != PartKind::Same);
    changed.map(|part| tokens(&part.text).iter().filter(|token| !token.trim().is_empty()).count()).sum()
}

fn difference(line: &Line, before: Option<String>, after: Option<String>) -> FieldDifference {
    let parts = parts(before.as_deref().unwrap_or(""), after.as_deref().unwrap_or(""));
    FieldDifference { field: line.field.clone(), of: line.of.clone(), before, after, parts }
}

struct Line {
    field: String,
    of: Option<Localised>,
    value: String,
}

fn lines_of(release: &Release) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut add = |field: &str, value: Option<String>| {
        lines.extend(value.map(|value| Line { field: field.to_owned(), of: None, value }));
    };
    let both = |add: &mut dyn FnMut(&str, Option<String>), field: &str, text: &Localised| {
        add(&format!("{field}_en"), text.en.clone());
        add(&format!("{field}_zh"), text.zh.clone());
    };
    let list = |lines: &[String]| (!lines.is_empty()).then(|| lines.join("\n"));
    both(&mut add, "name", &release.name);
    add("version", Some(release.version.to_string()));
    add("category", Some(release.category.code().to_owned()));
    both(&mut add, "overview", &release.overview);
    let LocalisedList { en, zh } = &release.highlights;
    add("highlights_en", list(en));
    add("highlights_zh", list(zh));
    add("logo", release.logo.map(|logo| logo.to_string()));
    both(&mut add, "description", &release.description);
    both(&mut add, "guide", &release.guide);
    add("supervision", Some(release.supervision.code().to_owned()));
    add("interface_address", release.interface_address.map(|address| address.to_string()));
    let handed_over: Vec<_> = release.handed_over.iter().map(|field| field.code().to_owned()).collect();
    add("handed_over", (!handed_over.is_empty()).then(|| handed_over.join(", ")));
    both(&mut add, "agreement", &release.agreement);
    add("support_email", release.support.email.clone());
    add("support_phone", release.support.phone.clone());
    if let Some(hours) = &release.support.hours {
        both(&mut add, "support_hours", hours);
    }
    add("visibility", Some(release.visibility.code().to_owned()));
    add("contact_link", release.contact_link.clone());
    add("search_title", release.search_title.clone());
    add("search_description", release.search_description.clone());
    for specification in &release.specifications {
        lines.extend(lines_of_specification(specification));
    }
    lines
}

fn lines_of_specification(specification: &Specification) -> Vec<Line> {
    let Specification { id, name, summary, unit, prices, trial, visibility } = specification;
    let mut lines = Vec::new();
    let mut add = |field: &str, value: Option<String>| {
        let field = format!("specifications.{id}.{field}");
        lines.extend(value.map(|value| Line { field, of: Some(name.clone()), value }));
    };
    for (field, text) in [("name", Some(name)), ("summary", summary.as_ref()), ("unit", unit.as_ref())] {
        add(&format!("{field}_en"), text.and_then(|text| text.en.clone()));
        add(&format!("{field}_zh"), text.and_then(|text| text.zh.clone()));
    }
    for (period, price) in prices.each() {
        add(period.code(), Some(price.to_string()));
    }
    add("trial_days", trial.map(|days| days.get().to_string()));
    add("visibility", Some(visibility.code().to_owned()));
    lines
}

/// Texts with more differing tokens than this are shown whole, old and new: the table of the comparison is
/// quadratic.
const MOST_TOKENS: usize = 1_500;

/// What stayed, went and came, as runs.
fn parts(before: &str, after: &str) -> Vec<Part> {
    let (old, new) = (tokens(before), tokens(after));
    let start = old.iter().zip(&new).take_while(|(one, other)| one == other).count();
    let rest = old.len().min(new.len()) - start;
    let end = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(one, other)| one == other).count();
    let (old_middle, new_middle) = (&old[start..old.len() - end], &new[start..new.len() - end]);
    let mut parts = Parts(Vec::new());
    parts.push(PartKind::Same, &old[..start]);
    if old_middle.len().max(new_middle.len()) > MOST_TOKENS {
        parts.push(PartKind::Removed, old_middle);
        parts.push(PartKind::Added, new_middle);
    } else {
        compare(&mut parts, old_middle, new_middle);
    }
    parts.push(PartKind::Same, &old[old.len() - end..]);
    parts.0
}

struct Parts(Vec<Part>);

impl Parts {
    fn push(&mut self, kind: PartKind, tokens: &[&str]) {
        for token in tokens {
            match self.0.last_mut() {
                Some(last) if last.kind == kind => last.text.push_str(token),
                Some(_) | None => self.0.push(Part { kind, text: (*token).to_owned() }),
            }
        }
    }
}

/// The longest common subsequence, by the table of lengths.
fn compare(parts: &mut Parts, old: &[&str], new: &[&str]) {
    let width = new.len() + 1;
    let mut longest = vec![0_u16; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            longest[i * width + j] = if old[i] == new[j] {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            parts.push(PartKind::Same, &old[i..=i]);
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
            parts.push(PartKind::Removed, &old[i..=i]);
            i += 1;
        } else {
            parts.push(PartKind::Added, &new[j..=j]);
            j += 1;
        }
    }
    parts.push(PartKind::Removed, &old[i..]);
    parts.push(PartKind::Added, &new[j..]);
}

/// Words, runs of white space, and single characters of everything that is not a letter of an alphabet (so that
/// Chinese is compared character by character).
fn tokens(text: &str) -> Vec<&str> {
    let class = |c: char| {
        if c.is_whitespace() {
            1
        } else if c.is_ascii_alphanumeric() || ('\u{c0}'..'\u{2000}').contains(&c) {
            2
        } else {
            0
        }
    };
    let mut tokens = Vec::new();
    let (mut start, mut last) = (0, 0);
    for (index, c) in text.char_indices() {
        let now = class(c);
        if index > start && (now != last || now == 0) {
            tokens.push(&text[start..index]);
            start = index;
        }
        last = now;
    }
    if start < text.len() {
        tokens.push(&text[start..]);
    }
    tokens
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::catalog::release::tests::a_release;

    fn side(parts: &[Part], without: PartKind) -> String {
        parts.iter().filter(|part| part.kind != without).map(|part| part.text.as_str()).collect()
    }

    #[test]
    fn a_changed_word_and_a_changed_character_are_found() {
        let found = parts("to a second region within a minute.", "to a second region within ten seconds.");
        let changed: Vec<_> =
            found.iter().filter(|part| part.kind != PartKind::Same).map(|part| part.text.as_str()).collect();
        assert!(changed.contains(&"ten") && !changed.contains(&"region"), "{changed:?}");
        let chinese = parts("恢复到最近30天", "恢复到最近35天");
        assert_eq!(chinese.len(), 4);
        assert_eq!(words_changed(&chinese), 2);
    }

    #[test]
    fn only_changed_fields_differ_and_a_removed_price_shows() {
        let live = a_release();
        let mut change = a_release();
        change.version = "V4.3".parse().expect("a version");
        change.specifications[0].trial = None;
        let changed: Vec<_> = differences(Some(&live), &change).into_iter().filter(FieldDifference::changed).collect();
        let id = live.specifications[0].id;
        let fields: Vec<_> = changed.iter().map(|difference| difference.field.as_str()).collect();
        assert_eq!(fields, ["version", &format!("specifications.{id}.trial_days")]);
        assert_eq!((changed[1].before.as_deref(), changed[1].after.as_deref()), (Some("14"), None));
        assert!(differences(None, &change).iter().all(|difference| difference.before.is_none()));
    }

    proptest! {
        #[test]
        fn the_parts_hold_exactly_the_old_and_the_new_text(old in "[a-c 备份\\n.]{0,40}", new in "[a-c 备份\\n.]{0,40}") {
            let found = parts(&old, &new);
            prop_assert_eq!(side(&found, PartKind::Added), old);
            prop_assert_eq!(side(&found, PartKind::Removed), new);
        }
    }
}
